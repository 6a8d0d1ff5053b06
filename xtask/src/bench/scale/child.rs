//! One document in this process, which does nothing else.

use std::fs;
use std::path::Path;
use std::time::Instant;

use mcpwright::output::{WriteOptions, write};
use mcpwright::{Config, RuntimeSource};
use serde_json::{Value, json};

use super::super::generate;
use crate::failure::{Context as _, Result};
use crate::{paths, process};

/// What a document costs.
#[derive(Debug, Clone)]
pub struct Cost {
    /// Operations that became tools.
    pub tools: f64,
    /// Seconds from the bytes to the files on disk.
    pub seconds: f64,
    /// CPU seconds meanwhile.
    pub cpu: f64,
    /// The most memory that the process held meanwhile, in bytes.
    pub peak: f64,
    /// Seconds of parsing, formatting and generating, for each further round.
    pub rounds: Vec<[f64; 3]>,
}

impl Cost {
    /// Reads what [`measure_alone`] printed.
    pub fn read(text: &str) -> Result<Self> {
        let line = text.lines().find(|line| line.starts_with('{'));
        let value: Value = serde_json::from_str(line.context("the process measured nothing")?)?;
        let number = |name: &str| {
            let number = value.get(name).and_then(Value::as_f64);
            number.context(format!("the process did not say `{name}`"))
        };
        let rounds = value.get("rounds").cloned().unwrap_or_default();
        Ok(Self {
            tools: number("tools")?,
            seconds: number("seconds")?,
            cpu: number("cpu")?,
            peak: number("peak")?,
            rounds: serde_json::from_value(rounds)?,
        })
    }
}

/// Generates a document once, as `mcpwright generate` does, and prints what that took; then `rounds`
/// times more, each against parsing and formatting.
///
/// # Errors
/// When the document is refused or the crate cannot be written.
pub fn measure_alone(document: &Path, rounds: usize) -> Result<()> {
    let stem = document.file_stem().context("the document has no name")?;
    let folder = paths::target().join("scale/crates").join(stem);
    if folder.exists() {
        fs::remove_dir_all(&folder).context(folder.display())?;
    }
    let (start, cpu) = (Instant::now(), process::cpu_of_this()?);
    let generated = Config::new()
        .spec(document)
        .runtime(RuntimeSource::Registry)
        .generate()?;
    if let Err(refusals) = write(&folder, &generated.files, WriteOptions::default()) {
        let reasons: Vec<&str> = refusals.iter().map(|r| r.message.as_str()).collect();
        return Err(format!("{}: {}", folder.display(), reasons.join("; ")).into());
    }
    let seconds = start.elapsed().as_secs_f64();
    let cpu = process::cpu_of_this()? - cpu;
    // Read before the rounds, which hold more than one run does.
    let peak = process::peak_of_this()?;
    let tools = generated.api.operations().count();
    drop(generated);
    let rounds = generate::rounds(document, rounds)?;
    println!(
        "{}",
        json!({"tools": tools, "seconds": seconds, "cpu": cpu, "peak": peak, "rounds": rounds})
    );
    Ok(())
}
