//! The generator against the two things that it cannot do without: parsing the document into a value,
//! and formatting the output once.

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use mcpwright::{Config, RuntimeSource};
use serde_json::Value;

use super::Documents;
use super::figure::{Figure, least, median};
use crate::failure::{Context as _, Result};

/// Rounds; each measures all three.
const ROUNDS: usize = 11;

/// Tells the optimized build to measure and to print raw seconds.
const RAW: &str = "MCPWRIGHT_BENCH_RAW";

pub fn measure(documents: &Documents) -> Result<Vec<Figure>> {
    let Some(document) = documents.large() else {
        return Ok(Vec::new());
    };
    if cfg!(debug_assertions) {
        return in_release(&documents.folder);
    }
    let rounds = rounds(&document, ROUNDS)?;
    if std::env::var_os(RAW).is_some() {
        println!("{}", serde_json::to_string(&rounds)?);
        return Ok(Vec::new());
    }
    Ok(figures(rounds))
}

/// An unoptimized build would measure something else: build again and ask that.
fn in_release(folder: &Path) -> Result<Vec<Figure>> {
    println!("generate: building the optimized task runner");
    let output = Command::new("cargo")
        .args([
            "run",
            "--quiet",
            "--locked",
            "--release",
            "--package",
            "xtask",
            "--",
        ])
        .args(["bench", "generate", "--specs"])
        .arg(folder)
        .env(RAW, "1")
        .current_dir(crate::paths::root())
        .stderr(std::process::Stdio::inherit())
        .output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text
        .lines()
        .find(|line| line.starts_with('['))
        .context("the optimized build measured nothing")?;
    Ok(figures(serde_json::from_str(line)?))
}

/// Seconds of parsing, formatting and generating, for each round.
pub fn rounds(document: &Path, count: usize) -> Result<Vec<[f64; 3]>> {
    if count == 0 {
        return Ok(Vec::new());
    }
    let text = fs::read_to_string(document)?;
    let name = document
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let is_json = document.extension().is_some_and(|kind| kind == "json");
    let config = Config::new()
        .spec_str(&name, &text)
        .runtime(RuntimeSource::Path("../runtime".to_owned()));
    let generated = config.generate()?;
    let sources: Vec<&String> = generated
        .files
        .iter()
        .filter(|(path, _)| path.ends_with(".rs"))
        .map(|(_, text)| text)
        .collect();
    let mut rounds = Vec::new();
    for _ in 0..count {
        let parse = seconds(|| {
            let value: Value = if is_json {
                serde_json::from_str(&text)?
            } else {
                serde_yaml::from_str(&text)?
            };
            black_box(value);
            Ok(())
        })?;
        let format = seconds(|| {
            for source in &sources {
                black_box(prettyplease::unparse(&syn::parse_file(source)?));
            }
            Ok(())
        })?;
        let generate = seconds(|| {
            black_box(config.generate()?);
            Ok(())
        })?;
        rounds.push([parse, format, generate]);
    }
    Ok(rounds)
}

fn seconds(work: impl FnOnce() -> Result<()>) -> Result<f64> {
    let start = Instant::now();
    work()?;
    Ok(start.elapsed().as_secs_f64())
}

fn figures(rounds: Vec<[f64; 3]>) -> Vec<Figure> {
    let parse: Vec<f64> = rounds.iter().map(|[parse, _, _]| *parse).collect();
    let format: Vec<f64> = rounds.iter().map(|[_, format, _]| *format).collect();
    let generate: Vec<f64> = rounds.iter().map(|[_, _, generate]| *generate).collect();
    let ratio = least(&generate) / (least(&parse) + least(&format));
    let ratios = rounds
        .iter()
        .map(|[parse, format, generate]| generate / (parse + format))
        .collect();
    vec![
        Figure::bounded(
            "generate: total / (parse + format), fastest of each",
            ratio,
            "x",
            2.0,
        ),
        Figure::shown("generate: the same, median round", median(ratios), "x"),
        Figure::shown(
            "generate: parse into a value, fastest",
            least(&parse) * 1000.0,
            "ms",
        ),
        Figure::shown(
            "generate: format the output, fastest",
            least(&format) * 1000.0,
            "ms",
        ),
        Figure::shown("generate: total, fastest", least(&generate) * 1000.0, "ms"),
        Figure::shown("generate: total, median", median(generate) * 1000.0, "ms"),
    ]
}
