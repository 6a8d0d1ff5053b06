//! The command line: what each command prints, where, in which form, and with which exit code.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod check;
mod generate;
mod inspect;
mod lock;
mod manners;
#[path = "../support/mod.rs"]
mod support;

use std::fs;
use std::path::Path;
use std::process::Stdio;

use serde_json::Value;
use snapbox::{assert_data_eq, str};
use support::{Said, command, listing, mcpwright, mcpwright_with};

const DOCUMENT: &str = r#"openapi: 3.1.0
info: {title: Lead Box, version: "1.2"}
servers: [{url: https://crm.example.com}]
paths:
  /leads:
    get: {operationId: listLeads, tags: [Leads], summary: List leads, responses: {"204": {description: ok}}}
    post:
      operationId: createLead
      tags: [Leads]
      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [name], properties: {name: {type: string}, email: {type: string}}}}}}
      responses: {"201": {description: made}}
  /leads/{id}:
    delete: {operationId: deleteLead, tags: [Leads], responses: {"204": {description: gone}}}
  /leads/{lead_id}/notes:
    get:
      operationId: listNotes
      tags: [Notes]
      parameters: [{name: lead_id, in: path, required: true, schema: {type: integer}}]
      responses: {"204": {description: ok}}
"#;

/// A folder with the document above.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("crm.yaml"), DOCUMENT).unwrap();
    folder
}

/// Runs a command line, given as one text.
fn run(folder: &Path, line: &str) -> Said {
    mcpwright(folder, &line.split(' ').collect::<Vec<_>>())
}

/// One text for a snapshot: exit code and both streams.
fn all(said: &Said) -> String {
    format!(
        "exit {}\n--- out\n{}--- err\n{}",
        said.code, said.out, said.err
    )
}
