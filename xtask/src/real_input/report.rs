//! What there is to say about each document.

use std::collections::BTreeMap;
use std::path::Path;

use mcpwright::diagnostics::Severity;
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::table;
use crate::workshop::Made;

/// Calls of read operations.
#[derive(Debug, Clone, Copy, Default)]
pub struct Calls {
    /// All that were made.
    pub tried: usize,
    /// Those that reached the right place and came back without an error.
    pub right: usize,
}

/// One document.
#[derive(Debug)]
pub struct Report {
    /// Name of the document.
    pub name: String,
    operations: usize,
    tools: usize,
    skipped: Vec<String>,
    remarks: BTreeMap<&'static str, usize>,
    generate_seconds: f64,
    /// CPU seconds of `cargo check` for the generated crate alone.
    pub check_cpu: f64,
    /// Calls of read operations.
    pub calls: Calls,
    /// What went wrong.
    pub failures: Vec<String>,
}

impl Report {
    /// A document that was generated.
    pub fn of(made: &Made) -> Self {
        let api = &made.generated.api;
        let mut remarks = BTreeMap::new();
        for diagnostic in &made.generated.report.diagnostics {
            if diagnostic.severity == Severity::Warning {
                let count: &mut usize = remarks.entry(diagnostic.code.id()).or_default();
                *count = count.saturating_add(1);
            }
        }
        let skipped: Vec<String> = api
            .exclusions
            .iter()
            .map(|one| format!("{} {}: {}", one.method, one.path, one.reason))
            .collect();
        let tools = made.tools();
        let mut failures = Vec::new();
        if api.covered().saturating_add(skipped.len()) != api.document_operations {
            failures.push(format!(
                "{tools} tools and {} skipped operations do not make {}",
                skipped.len(),
                api.document_operations
            ));
        }
        Self {
            name: made.name.clone(),
            operations: api.document_operations,
            tools,
            skipped,
            remarks,
            generate_seconds: made.seconds,
            check_cpu: 0.0,
            calls: Calls::default(),
            failures,
        }
    }

    /// A document that the generator refused.
    pub fn refused(document: &Path, failure: &Failure) -> Self {
        Self {
            name: document
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
            operations: 0,
            tools: 0,
            skipped: Vec::new(),
            remarks: BTreeMap::new(),
            generate_seconds: 0.0,
            check_cpu: 0.0,
            calls: Calls::default(),
            failures: vec![failure.to_string()],
        }
    }

    /// CPU milliseconds of the check for each tool.
    fn check_per_tool(&self) -> f64 {
        let tools = u32::try_from(self.tools.max(1)).unwrap_or(u32::MAX);
        self.check_cpu * 1000.0 / f64::from(tools)
    }
}

/// Prints a table, then what was skipped and what failed.
pub fn show(reports: &[Report]) {
    let rows: Vec<Vec<String>> = reports
        .iter()
        .map(|report| {
            vec![
                report.name.clone(),
                report.operations.to_string(),
                report.tools.to_string(),
                report.skipped.len().to_string(),
                report.remarks.values().sum::<usize>().to_string(),
                format!("{:.2}", report.generate_seconds),
                format!("{:.2}", report.check_cpu),
                format!("{:.1}", report.check_per_tool()),
                format!("{}/{}", report.calls.right, report.calls.tried),
                if report.failures.is_empty() {
                    "ok"
                } else {
                    "FAILED"
                }
                .to_owned(),
            ]
        })
        .collect();
    let head = [
        "document",
        "operations",
        "tools",
        "skipped",
        "warnings",
        "generate s",
        "check CPU s",
        "CPU ms/tool",
        "reads right",
        "",
    ];
    println!();
    table::print(&head, &rows);
    for report in reports {
        for skipped in &report.skipped {
            println!("{}: skipped {skipped}", report.name);
        }
        for failure in &report.failures {
            println!("{}: FAILED {failure}", report.name);
        }
    }
}

/// The same as JSON.
pub fn json(reports: &[Report]) -> Value {
    reports
        .iter()
        .map(|report| {
            json!({
                "document": report.name,
                "operations": report.operations,
                "tools": report.tools,
                "skipped": report.skipped,
                "warnings": report.remarks,
                "generateSeconds": report.generate_seconds,
                "checkCpuSeconds": report.check_cpu,
                "checkCpuMillisecondsPerTool": report.check_per_tool(),
                "readCalls": {"tried": report.calls.tried, "right": report.calls.right},
                "failures": report.failures,
            })
        })
        .collect()
}
