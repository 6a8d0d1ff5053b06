//! `mcpwright diff`: what a change of a document means for agents.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod arguments;
mod command;
mod revisions;
#[path = "../support/mod.rs"]
mod support;
mod tools;

use std::fs;
use std::path::Path;
use std::process::Command;

use mcpwright::diff::{Change, Level, Subject, between};
use mcpwright::{Config, Generated};
use serde_json::{Value, json};
use support::mcpwright;

/// A document with one operation that takes a body and answers with a record.
fn document(body: &Value, answer: &Value) -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Shop", "version": "1.4.0"},
        "paths": {"/orders": {"post": {
            "operationId": "createOrder",
            "summary": "Create an order.",
            "requestBody": {"required": true, "content": {"application/json": {"schema": body}}},
            "responses": {"200": {"description": "ok", "content": {"application/json": {"schema": answer}}}}
        }}}
    })
}

fn generated(document: &Value) -> Generated {
    let config = Config::new().spec_str("shop.json", &document.to_string());
    config
        .generate_embedded()
        .expect("the document can be used")
}

fn changes(old: &Value, new: &Value) -> Vec<Change> {
    between(&generated(old).api, &generated(new).api)
}

fn object(properties: Value, required: &[&str]) -> Value {
    json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
}

fn operation(id: &str) -> Value {
    json!({"operationId": id, "summary": id, "responses": {"200": {"description": "ok"}}})
}

fn paths(paths: Value) -> Value {
    json!({"openapi": "3.1.0", "info": {"title": "Shop", "version": "1.4.0"}, "paths": paths})
}

fn shop(folder: &Path, name: &str, api: &Value) {
    fs::write(
        folder.join(name),
        serde_json::to_string_pretty(api).unwrap(),
    )
    .unwrap();
}

fn before() -> Value {
    paths(json!({"/orders": {"get": operation("listOrders"), "post": operation("createOrder")}}))
}

fn after() -> Value {
    paths(
        json!({"/orders": {"get": operation("listOrders")}, "/items": {"get": operation("listItems")}}),
    )
}
