//! What there is to say: figures of each document and of all, failures by kind.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use super::crew::Outcome;
use super::document::Figures;
use crate::failure::{Context as _, Result};
use crate::{paths, table};

/// Documents of which each has a line of its own.
const MOST_LINES: usize = 40;

/// The least that must hold, in parts of a hundred thousand.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    loaded: usize,
    valid: usize,
}

impl Bounds {
    /// Documents that are kept beside the repository.
    pub const SPECS: Self = Self {
        loaded: 100_000,
        valid: 99_900,
    };
    /// A sample of what there is.
    pub const SAMPLE: Self = Self {
        loaded: 99_000,
        valid: 95_000,
    };

    /// The same with another share of valid requests.
    #[must_use]
    pub fn of_valid(self, valid: usize) -> Self {
        Self { valid, ..self }
    }
}

fn keeps(part: usize, whole: usize, least: usize) -> bool {
    part.saturating_mul(100_000) >= whole.saturating_mul(least)
}

/// Prints the figures and writes the failures to a file; whether the bounds are kept.
///
/// # Errors
/// When the file cannot be written.
pub fn show(
    name: &str,
    documents: &[PathBuf],
    outcomes: &[Outcome<Figures>],
    bounds: Bounds,
) -> Result<bool> {
    let mut all = Figures::default();
    let mut rows = Vec::new();
    let mut kinds: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let (mut loaded, mut broken, mut empty) = (0usize, 0usize, 0usize);
    for (path, outcome) in documents.iter().zip(outcomes) {
        let short = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let figures = match outcome {
            Outcome::Done(figures) => figures,
            Outcome::Panicked(message) => {
                broken += 1;
                kinds
                    .entry("panic")
                    .or_default()
                    .push(format!("{}: {message}", path.display()));
                continue;
            }
            Outcome::Hung => {
                broken += 1;
                kinds
                    .entry("hang")
                    .or_default()
                    .push(path.display().to_string());
                continue;
            }
        };
        match &figures.refused {
            None => loaded += 1,
            // Nothing is asked for, so nothing can be lost.
            Some(_) if figures.operations == 0 => empty += 1,
            Some(why) => kinds
                .entry("document refused")
                .or_default()
                .push(format!("{}: {why}", path.display())),
        }
        all.operations += figures.operations;
        all.tools += figures.tools;
        for index in 0..3 {
            if let (Some(sum), Some(one)) =
                (all.requests.get_mut(index), figures.requests.get(index))
            {
                *sum += one;
            }
            if let (Some(sum), Some(one)) = (all.valid.get_mut(index), figures.valid.get(index)) {
                *sum += one;
            }
        }
        for failure in &figures.failures {
            kinds.entry(failure.kind).or_default().push(format!(
                "{}: {} ({}): {}",
                short, failure.operation, failure.plan, failure.detail
            ));
        }
        rows.push(row(&short, figures));
    }
    if rows.len() > MOST_LINES {
        rows.clear();
    }
    rows.push(row("all", &all));
    let head = [
        name,
        "operations",
        "tools",
        "required only",
        "all fields",
        "other branches",
        "generate s",
    ];
    table::print(&head, &rows);
    println!(
        "{} documents, {loaded} loaded, {empty} without operations, {broken} panicked or hung",
        documents.len()
    );
    let file = paths::target().join(format!("contract-{name}.txt"));
    let mut text = String::new();
    for (kind, failures) in &kinds {
        println!(
            "{:>7} × {kind}, for example {}",
            failures.len(),
            failures.first().map_or("", |f| f.get(..300).unwrap_or(f))
        );
        for failure in failures {
            text += &format!("{kind}\t{}\n", failure.replace('\n', " "));
        }
    }
    fs::write(&file, text).context(file.display())?;
    println!("all of them: {}", file.display());
    let valid = all.valid.iter().sum();
    let requests = all.requests.iter().sum();
    Ok(broken == 0
        && keeps(loaded, documents.len().saturating_sub(empty), bounds.loaded)
        && keeps(valid, requests, bounds.valid))
}

fn row(name: &str, figures: &Figures) -> Vec<String> {
    let mut row = vec![
        name.to_owned(),
        figures.operations.to_string(),
        figures.tools.to_string(),
    ];
    let pairs = figures.valid.iter().zip(&figures.requests);
    row.extend(pairs.map(|(valid, requests)| format!("{valid}/{requests}")));
    row.push(format!("{:.2}", figures.seconds));
    row
}
