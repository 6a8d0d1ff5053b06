//! Calls that models are shown: those of the document, and those that are made up. Each is accepted by the
//! schema of its tool.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test may fail loudly"
)]

mod support;

use std::path::Path;

use mcpwright::Config;
use mcpwright::ir::{Api, Operation};
use serde_json::{Value, json};

/// The call in a description.
fn told(operation: &Operation) -> Option<Value> {
    let mut lines = operation.description.lines();
    let line = lines.find_map(|line| line.strip_prefix("Example: "))?;
    Some(serde_json::from_str(line).unwrap_or_else(|error| panic!("{}: {error}", operation.tool)))
}

/// Checks every call of a document by another validator; gives how many the document shows and how many
/// descriptions have.
fn are_accepted(document: &Path, settings: Option<&Path>) -> (usize, usize) {
    let mut config = Config::new().spec(document);
    if let Some(settings) = settings {
        config = config.settings_file(settings);
    }
    let api = config.generate().unwrap().api;
    let (mut shown, mut in_texts) = (0, 0);
    for operation in api.operations() {
        let call = told(operation);
        shown += usize::from(operation.example.is_some());
        in_texts += usize::from(call.is_some());
        for call in operation.example.iter().chain(&call) {
            let options = jsonschema::options().should_validate_formats(true);
            let validator = options.build(&operation.input_schema).unwrap();
            let refused: Vec<String> = validator
                .iter_errors(call)
                .map(|error| error.to_string())
                .collect();
            assert!(refused.is_empty(), "{}: {refused:?}", operation.tool);
            let known = operation.input_schema["properties"].as_object().unwrap();
            let given = call.as_object().unwrap();
            assert!(given.keys().all(|name| known.contains_key(name)), "{call}");
        }
    }
    (shown, in_texts)
}

#[test]
fn b2_calls_of_the_crms_are_accepted_by_their_schemas() {
    let specs = support::repository().join("specs");
    let demo = are_accepted(&specs.join("crm.yaml"), None);
    assert!(demo.0 >= 10 && demo.1 >= 5, "{demo:?}");
    for (system, shown) in [
        ("perfex", 20),
        ("pingcrm", 8),
        ("customermates", 20),
        ("bottlecrm", 1),
    ] {
        let folder = specs.join(system);
        let settings = folder.join("mcpwright.toml");
        let found = are_accepted(&folder.join("openapi.yaml"), Some(&settings));
        assert!(found.0 >= shown, "{system}: {found:?}");
    }
}

#[test]
fn b2_calls_of_real_documents_are_accepted_by_their_schemas() {
    let folder = support::repository().join("../shared/specs");
    for name in [
        "mailchimp-transactional.json",
        "notion.json",
        "bottlecrm-31.yaml",
    ] {
        let document = folder.join(name);
        if document.is_file() {
            are_accepted(&document, None);
        } else {
            eprintln!("skipped: there is no {}", document.display());
        }
    }
}

/// What becomes of `POST /invoices/{customer_id}` with this body.
fn made(content: Value) -> (Api, Vec<String>) {
    let document = json!({
        "openapi": "3.1.0", "info": {"title": "Invoices", "version": "1"},
        "servers": [{"url": "https://crm.example.com"}],
        "paths": {"/customers/{customer_id}/invoices": {"post": {
            "operationId": "createInvoice", "summary": "Draft an invoice for somebody",
            "parameters": [{"name": "customer_id", "in": "path", "required": true, "schema": {"type": "integer"}}],
            "requestBody": {"required": true, "content": {"application/json": content}},
            "responses": {"204": {"description": "ok"}},
        }}},
        "components": {"examples": {"One": {"value": {"due": "2026-12-05"}}}},
    });
    let config = Config::new().spec_str("invoices.json", &document.to_string());
    let generated = config.generate().unwrap();
    let found = generated.report.diagnostics.iter();
    let found = found.map(|one| one.code.id().to_owned()).collect();
    (generated.api, found)
}

fn schema() -> Value {
    json!({"type": "object", "required": ["lines"], "properties": {
        "id": {"type": "integer", "readOnly": true},
        "due": {"type": "string", "format": "date"},
        "note": {"type": ["string", "null"]},
        "lines": {"type": "array", "items": {"type": "object", "required": ["item_id"],
            "properties": {"item_id": {"type": "integer"}, "quantity": {"type": "string"}}}},
    }})
}

#[test]
fn a_call_is_the_documents_example_with_what_the_tool_takes() {
    let full = json!({"id": 7, "due": "2026-12-05", "note": null, "lines": [{"item_id": 3, "quantity": "5"}]});
    let call =
        json!({"customer_id": 1, "lines": [{"item_id": 3, "quantity": "5"}], "due": "2026-12-05"});
    let short = "Example: {\"customer_id\":1,\"lines\":[{\"item_id\":3,\"quantity\":\"5\"}]}";
    for content in [
        json!({"schema": schema(), "example": full}),
        json!({"schema": schema(), "examples": {"full": {"value": full}}}),
        json!({"schema": schema(), "examples": {"full": {"dataValue": full}}}),
    ] {
        let (api, found) = made(content.clone());
        let operation = api.operations().next().unwrap();
        assert_eq!(operation.example, Some(call.clone()), "{content}");
        assert_eq!(operation.description.lines().last(), Some(short));
        assert_eq!(found, Vec::<String>::new());
    }
    // Of another one, what is missing is made up.
    let by_name =
        json!({"schema": schema(), "examples": {"one": {"$ref": "#/components/examples/One"}}});
    let (api, _) = made(by_name);
    let example = api.operations().next().unwrap().example.clone();
    let made_up = json!({"customer_id": 1, "lines": [{"item_id": 1}], "due": "2026-12-05"});
    assert_eq!(example, Some(made_up));
}

#[test]
fn an_example_that_the_schema_refuses_is_not_shown_and_reported() {
    let wrong = json!({"due": "tomorrow", "lines": [{"item_id": 3}]});
    let (api, found) = made(json!({"schema": schema(), "example": wrong}));
    let operation = api.operations().next().unwrap();
    assert_eq!(operation.example, None);
    assert_eq!(found, ["E0417"]);
    // What is made up takes its place.
    let line = "Example: {\"customer_id\":1,\"lines\":[{\"item_id\":1}]}";
    assert_eq!(operation.description.lines().last(), Some(line));
}

#[test]
fn flat_arguments_need_no_call_in_the_description() {
    let flat = json!({"type": "object", "properties": {"due": {"type": "string"}, "tags": {"type": "array", "items": {"type": "string"}}}});
    let example = json!({"due": "2026-12-05", "tags": ["new"]});
    let (api, _) = made(json!({"schema": flat, "example": example}));
    let operation = api.operations().next().unwrap();
    assert!(operation.example.is_some());
    assert_eq!(told(operation), None);
}

#[test]
fn an_example_of_any_size_is_bounded() {
    let long = "x".repeat(30_000);
    let deep = (0..40).fold(json!(1), |inner, _| json!({"a": inner}));
    let open = json!({"type": "object", "properties": {"a": {}, "note": {"type": "string"}}});
    for example in [json!({"note": long}), json!({"a": deep})] {
        let (api, _) = made(json!({"schema": open, "example": example}));
        assert_eq!(api.operations().next().unwrap().example, None);
    }
}
