//! Bad input (documents, references, folders): a code, a place, a reason, a remedy, a non-zero exit
//! code, and nothing written.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test may fail loudly"
)]

mod budgets;
mod circles;
mod codes;
mod documents;
mod hostile_names;
mod operations;
mod output;
#[path = "../support/mod.rs"]
mod support;

use std::fs;
use std::path::Path;

use serde_json::Value;
use support::{Said, listing, mcpwright, mcpwright_with};

/// A document with one operation that works, and something more in `paths`.
fn document(more_paths: &str) -> String {
    format!(
        "openapi: 3.1.0\ninfo: {{title: Leads, version: \"1\"}}\nservers: [{{url: https://crm.example.com}}]\npaths:\n  \
         /leads: {{get: {{operationId: listLeads, tags: [Leads], responses: {{\"204\": {{description: ok}}}}}}}}\n{more_paths}"
    )
}

/// The diagnostics of a run with `--format json`.
fn findings(said: &Said) -> Vec<Value> {
    said.err
        .lines()
        .filter(|line| line.starts_with('{'))
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}
