//! What larger documents become, in numbers and names: snapshots that a reviewer can read.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test may fail loudly"
)]

mod support;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use mcpwright::ir::{Api, Operation};
use mcpwright::{Config, Generated, RuntimeSource};
use support::{repository, spec};

fn generate(path: &Path) -> Generated {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let bytes = fs::read(path).unwrap();
    Config::new()
        .spec_bytes(&name, &bytes)
        .runtime(RuntimeSource::Registry)
        .generate()
        .unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// How often each text occurs, most frequent first.
fn counted<'t>(texts: impl Iterator<Item = &'t str>) -> Vec<(usize, &'t str)> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for text in texts {
        *counts.entry(text).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().map(|(text, n)| (n, text)).collect();
    counts.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
    counts
}

/// A reason without what differs from operation to operation.
fn kind_of_reason(reason: &str) -> String {
    let mut out = String::new();
    for (i, part) in reason.split('`').enumerate() {
        out.push_str(if i % 2 == 1 { "`…`" } else { part });
    }
    out
}

fn summary(generated: &Generated) -> String {
    let api = &generated.api;
    let mut out = String::new();
    let tools = api.operations().count();
    let _ = writeln!(out, "server     {} ({})", api.name, api.package);
    let _ = writeln!(out, "operations {}", api.document_operations);
    let _ = writeln!(out, "tools      {tools} in {} topics", api.groups.len());
    let _ = writeln!(out, "types      {}", api.types.len());
    let _ = writeln!(out, "files      {}", generated.files.len());
    let reasons: Vec<String> = api
        .exclusions
        .iter()
        .map(|e| kind_of_reason(&e.reason))
        .collect();
    for (count, reason) in counted(reasons.iter().map(String::as_str)) {
        let _ = writeln!(out, "left out   {count}: {reason}");
    }
    let codes = generated.report.diagnostics.iter().map(|d| d.code.id());
    for (count, code) in counted(codes) {
        let _ = writeln!(out, "said       {count} {code}");
    }
    for (count, risk) in counted(api.operations().map(|o| o.risk.as_str())) {
        let _ = writeln!(out, "class      {count} {risk}");
    }
    for group in &api.groups {
        let _ = writeln!(out, "\n{} ({})", group.title, group.module);
        for operation in &group.operations {
            let _ = writeln!(out, "  {}", line(operation));
        }
    }
    out
}

/// Tool, class, number of parameters and of required ones.
fn line(operation: &Operation) -> String {
    let required = operation.input_schema.get("required");
    let required = required.and_then(|r| r.as_array()).map_or(0, Vec::len);
    let text = format!(
        "{:40} {:11} {}",
        operation.tool,
        operation.risk.as_str(),
        operation.fields.len()
    );
    if required == 0 {
        text
    } else {
        format!("{text} ({required})")
    }
}

/// Laws of every document, whatever it is.
fn check(api: &Api) {
    let tools = api.operations().count();
    assert_eq!(api.document_operations, tools + api.exclusions.len());
    let names: std::collections::BTreeSet<&str> =
        api.operations().map(|o| o.tool.as_str()).collect();
    assert_eq!(names.len(), tools, "tool names are unique");
}

#[test]
fn the_demo_crm_becomes_what_was_reviewed() {
    let generated = generate(&spec("crm.yaml"));
    check(&generated.api);
    insta::assert_snapshot!("crm", summary(&generated));
}

/// Real documents, which are not part of the repository, are looked for beside it.
#[test]
fn real_documents_become_what_was_reviewed() {
    let folder = repository().join("../shared/specs");
    let Ok(entries) = fs::read_dir(&folder) else {
        eprintln!("skipped: there is no folder {}", folder.display());
        return;
    };
    let mut documents: Vec<_> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "json" || e == "yaml"))
        .collect();
    documents.sort();
    // The larger ones take a while without optimization; each goes to a thread of its own.
    let summaries = std::thread::scope(|scope| {
        let runs: Vec<_> = documents
            .iter()
            .map(|path| {
                scope.spawn(move || {
                    let generated = generate(path);
                    check(&generated.api);
                    summary(&generated)
                })
            })
            .collect();
        runs.into_iter()
            .map(|run| run.join().unwrap())
            .collect::<Vec<_>>()
    });
    for (path, summary) in documents.iter().zip(summaries) {
        insta::assert_snapshot!(
            path.file_stem().unwrap().to_string_lossy().into_owned(),
            summary
        );
    }
}
