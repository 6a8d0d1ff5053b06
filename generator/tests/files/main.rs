//! Documents of several files: what references reach, what they do not, and what is said.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod budgets;
mod changes;
mod following;
mod outside;
mod refused;
mod requirements;
mod servers;
#[path = "../support/mod.rs"]
mod support;

use std::fs;
use std::path::Path;

use mcpwright::diagnostics::{Diagnostic, Severity};
use mcpwright::source::Budgets;
use mcpwright::{Config, Generated, RuntimeSource};
use serde_json::Value;
use support::{mcpwright, mcpwright_with};

/// A document whose one operation answers what `schema` says.
fn answering(schema: &str) -> String {
    format!(
        "openapi: 3.1.0\ninfo: {{title: Leads, version: \"1\"}}\nservers: [{{url: https://crm.example.com}}]\npaths:\n  \
         /leads:\n    get:\n      operationId: getLead\n      responses:\n        \"200\":\n          description: ok\n          \
         content: {{application/json: {{schema: {schema}}}}}\n"
    )
}

const LEAD: &str = "type: object\nproperties: {name: {type: string}}\n";

fn config(document: &str, files: &[(&str, &str)]) -> Config {
    let config = Config::new()
        .spec_str("crm.yaml", document)
        .runtime(RuntimeSource::Registry);
    files
        .iter()
        .fold(config, |config, (name, text)| config.file(name, text))
}

fn generate(document: &str, files: &[(&str, &str)]) -> Generated {
    config(document, files)
        .generate()
        .unwrap_or_else(|error| panic!("{error}"))
}

fn refused(config: &Config) -> Vec<Diagnostic> {
    match config.generate() {
        Err(error) => support::refused(&error).to_vec(),
        Ok(_) => panic!("it was not refused"),
    }
}

/// Names of types and their fields.
fn types(generated: &Generated) -> Vec<String> {
    let mut names: Vec<_> = generated.api.types.iter().map(|t| t.name.clone()).collect();
    names.sort();
    names
}

fn codes(generated: &Generated) -> Vec<&'static str> {
    let all = generated.report.diagnostics.iter();
    all.filter(|d| d.severity != Severity::Info)
        .map(|d| d.code.id())
        .collect()
}
