//! What there is to say: a table of documents, the totals, and failures and reasons by kind.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use super::crew::Outcome;
use super::document::Figures;
use super::totals::{Bounds, Totals, percent};
use super::{corpus, record};
use crate::failure::{Context as _, Result};
use crate::{paths, table};

/// Documents of which each has a line of its own; of more, those with the most failures.
const MOST_LINES: usize = 20;
/// Longest example of a failure, in bytes.
const EXAMPLE: usize = 300;

/// Prints the figures and writes them to files; whether the bounds are kept.
///
/// # Errors
/// When a file cannot be written.
pub fn show(
    name: &str,
    documents: &[PathBuf],
    outcomes: &[Outcome<Figures>],
    bounds: Bounds,
) -> Result<bool> {
    let totals = Totals::of(outcomes);
    let kinds = kinds(documents, outcomes);
    documents_and_all(name, documents, outcomes, &totals);
    said_in_words(&totals);
    let mut text = String::new();
    for (kind, failures) in &kinds {
        let example = failures.first().map_or("", |all| start(all));
        println!("{:>7} × {kind}, for example {example}", failures.len());
        for failure in failures {
            text += &format!("{kind}\t{}\n", failure.replace('\n', " "));
        }
    }
    let file = |extension: &str| paths::target().join(format!("contract-{name}.{extension}"));
    let (lines, json) = (file("txt"), file("json"));
    fs::write(&lines, text).context(lines.display())?;
    let record = record::of(name, documents, outcomes);
    fs::write(&json, format!("{record:#}\n")).context(json.display())?;
    println!(
        "each failure: {}; as JSON: {}",
        lines.display(),
        json.display()
    );
    let below = totals.below(bounds);
    for line in &below {
        println!("BELOW ITS BOUND: {line}");
    }
    Ok(below.is_empty())
}

fn documents_and_all(
    name: &str,
    documents: &[PathBuf],
    outcomes: &[Outcome<Figures>],
    totals: &Totals,
) {
    let mut rows: Vec<(usize, Vec<String>)> = Vec::new();
    for (path, outcome) in documents.iter().zip(outcomes) {
        if let Outcome::Done(figures) = outcome {
            rows.push((
                figures.failures.len(),
                row(&corpus::name(path), figures, figures.skipped.len()),
            ));
        }
    }
    let left_out = rows.len().saturating_sub(MOST_LINES);
    if left_out > 0 {
        rows.sort_by(|(one, _), (other, _)| other.cmp(one));
        rows.truncate(MOST_LINES);
        rows.retain(|(failures, _)| *failures > 0);
    }
    let mut rows: Vec<Vec<String>> = rows.into_iter().map(|(_, row)| row).collect();
    let all = Figures {
        operations: totals.operations,
        tools: totals.tools,
        requests: totals.requests,
        valid: totals.valid,
        ..Figures::default()
    };
    rows.push(row("all", &all, totals.skipped));
    let [required, fields, branches] = record::PLANS;
    let head = [
        name,
        "operations",
        "tools",
        "skipped",
        required,
        fields,
        branches,
        "generate s",
    ];
    table::print(&head, &rows);
    if left_out > 0 {
        println!("(of the documents, those with the most failures)");
    }
}

fn said_in_words(totals: &Totals) {
    println!(
        "{} documents, {} loaded, {} without operations, {} panicked, {} hung",
        totals.documents, totals.loaded, totals.empty, totals.panicked, totals.hung
    );
    let (compiled, tried) = totals.compiled;
    println!("{compiled} of {tried} crates compiled with warnings as errors");
    println!(
        "{} operations, {} tools, {} left out with a reason",
        totals.operations, totals.tools, totals.skipped
    );
    let (valid, requests): (usize, usize) =
        (totals.valid.iter().sum(), totals.requests.iter().sum());
    println!(
        "{valid} of {requests} requests are what the document asks for, with every argument: {} %",
        percent(valid, requests)
    );
}

/// Failures and reasons by kind.
fn kinds(
    documents: &[PathBuf],
    outcomes: &[Outcome<Figures>],
) -> BTreeMap<&'static str, Vec<String>> {
    let mut kinds: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    for (path, outcome) in documents.iter().zip(outcomes) {
        let name = corpus::name(path);
        let mut add = |kind, text: String| kinds.entry(kind).or_default().push(text);
        let figures = match outcome {
            Outcome::Done(figures) => figures,
            Outcome::Panicked(message) => {
                add("panic", format!("{name}: {message}"));
                continue;
            }
            Outcome::Hung => {
                add("hang", name);
                continue;
            }
        };
        match &figures.refused {
            Some(why) if figures.operations > 0 => {
                add("document refused", format!("{name}: {why}"))
            }
            _ => {}
        }
        for (operation, reason) in &figures.skipped {
            add("left out", format!("{name}: {operation}: {reason}"));
        }
        for one in &figures.failures {
            add(
                one.kind,
                format!("{name}: {} ({}): {}", one.operation, one.plan, one.detail),
            );
        }
    }
    kinds
}

fn start(text: &str) -> &str {
    let end = (0..=EXAMPLE).rev().find(|end| text.is_char_boundary(*end));
    text.get(..end.unwrap_or_default().min(text.len()))
        .unwrap_or(text)
}

fn row(name: &str, figures: &Figures, skipped: usize) -> Vec<String> {
    let mut row = vec![
        name.to_owned(),
        figures.operations.to_string(),
        figures.tools.to_string(),
        skipped.to_string(),
    ];
    let pairs = figures.valid.iter().zip(&figures.requests);
    row.extend(pairs.map(|(valid, requests)| format!("{valid}/{requests}")));
    row.push(format!("{:.2}", figures.seconds));
    row
}
