//! `mcpwright.toml` and `x-mcp`: each key that is accepted has an effect, shown here on what is
//! generated; what cannot hold is refused at its place.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

#[path = "../support/mod.rs"]
mod support;

mod command;
mod composites;
mod dead;
mod drafts;
mod effects;
mod extension;
mod negative;
mod prompts;
mod results;
mod split;
mod vocabulary;

use mcpwright::ir::{Api, Operation};
use mcpwright::{Config, Error, Generated};

/// A small CRM.
const DOCUMENT: &str = r##"
openapi: 3.1.0
info: {title: Leads, version: "1"}
servers: [{url: "https://old.example.com"}]
paths:
  /leads:
    get:
      operationId: listLeads
      tags: [leads]
      summary: List leads
      parameters:
        - {name: limit, in: query, schema: {type: integer, maximum: 80}}
        - {name: status, in: query, schema: {type: integer, enum: [1, 2, 3]}}
        - {name: tags, in: query, schema: {type: array, items: {type: string, enum: [a, b]}}}
      responses:
        "200":
          description: ok
          content:
            application/json:
              schema:
                type: object
                properties:
                  items: {type: array, items: {type: object, properties: {id: {type: integer}, name: {type: string}}}}
    post:
      operationId: createLead
      tags: [leads]
      summary: Create a lead
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [name, source]
              properties:
                name: {type: string}
                source: {type: string}
                note: {type: [string, "null"]}
                ownerIds: {type: [array, "null"], items: {type: string}}
                lines:
                  type: array
                  items: {type: object, properties: {sku: {type: string}, note: {type: string}}}
      responses: {"200": {description: ok}}
  /leads/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {operationId: getLead, tags: [leads], summary: Get a lead, responses: {"200": {description: ok}}}
    delete: {operationId: deleteLead, tags: [leads], summary: Delete a lead, responses: {"200": {description: ok}}}
  /leads/{id}/send:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    post: {operationId: sendLead, tags: [leads], summary: Send a lead, responses: {"200": {description: ok}}}
"##;

fn generate(settings: &str) -> Result<Generated, Error> {
    Config::new()
        .spec_str("leads.yaml", DOCUMENT)
        .settings(settings)
        .generate()
}

/// What settings make of the small CRM.
fn with(settings: &str) -> Api {
    generate(settings)
        .unwrap_or_else(|error| panic!("{error}"))
        .api
}

/// One operation of it.
fn operation<'a>(api: &'a Api, id: &str) -> &'a Operation {
    api.operations()
        .find(|operation| operation.operation_id == id)
        .unwrap_or_else(|| panic!("{id} is no tool"))
}

/// What is said about settings that are refused.
fn refusal(settings: &str) -> String {
    match generate(settings) {
        Ok(_) => panic!("these settings were accepted: {settings}"),
        Err(error) => error.to_string(),
    }
}
