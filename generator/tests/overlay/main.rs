//! Overlays: what they change, what is said about them, and where.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod actions;
mod order;
mod places;
mod remedies;
#[path = "../support/mod.rs"]
mod support;

use std::fs;

use mcpwright::diagnostics::{RenderOptions, Severity, render_human, render_json};
use mcpwright::source::Budgets;
use mcpwright::{Config, Error, Generated};
use serde_json::{Value, json};
use support::{mcpwright, refused, spec};

const DOCUMENT: &str = r#"openapi: 3.1.0
info: {title: Lead Box, version: "1.2"}
servers: [{url: https://crm.example.com}]
paths:
  /leads:
    get:
      operationId: listLeads
      parameters:
        - {name: page, in: query, schema: {type: integer}}
        - {name: size, in: query, schema: {type: integer}}
        - {name: debug, in: query, schema: {type: boolean}}
      responses: {"200": {description: ok}}
  /leads/{id}:
    get: {operationId: getLead, responses: {"200": {description: ok}}}
"#;

/// An overlay with these actions.
fn overlay(version: &str, actions: &Value) -> String {
    json!({"overlay": version, "info": {"title": "T", "version": "1"}, "actions": actions})
        .to_string()
}

/// The document after an overlay, as `explain --stage overlaid` shows it for its operations.
fn applied(document: &Value, version: &str, actions: &Value) -> Result<Value, Vec<&'static str>> {
    let mut whole = json!({
        "openapi": "3.1.0", "info": {"title": "T", "version": "1"},
        "paths": {"/a": {"get": {"responses": {"200": {"description": "ok"}}}}},
    });
    whole["d"] = document.clone();
    Config::new()
        .spec_str("d.json", &whole.to_string())
        .overlay_str("o.json", &overlay(version, actions))
        .stages()
        .map(|stages| stages.overlaid.unwrap()["d"].clone())
        .map_err(|error| codes(&error))
}

fn codes(error: &Error) -> Vec<&'static str> {
    refused(error)
        .iter()
        .filter(|d| d.severity == Severity::Error)
        .map(|d| d.code.id())
        .collect()
}

fn shown(generated: &Generated) -> String {
    let options = RenderOptions {
        all: true,
        ..RenderOptions::default()
    };
    let report = &generated.report;
    render_human(&report.diagnostics, Some(&report.document), &options)
}
