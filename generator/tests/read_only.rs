//! Names that only answers carry (`readOnly`, OpenAPI 3.2 §4.24) in parameters that are objects: not sent, as in bodies.
//! And those that only requests carry (`writeOnly`): secrets, but for ids.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use mcpwright::Config;
use mcpwright::ir::Operation;
use serde_json::{Value, json};

/// The one operation of a document.
fn operation(parameters: &Value, body: Option<&Value>) -> Operation {
    let mut operation = json!({
        "operationId": "findLeads",
        "parameters": parameters,
        "responses": {"204": {"description": "ok"}},
    });
    if let Some(schema) = body {
        operation["requestBody"] = json!({"content": {"application/json": {"schema": schema}}});
    }
    let document = json!({
        "openapi": "3.2.0",
        "info": {"title": "Leads", "version": "1"},
        "servers": [{"url": "https://crm.example.com"}],
        "paths": {"/leads/{where}": {"post": operation}},
    });
    let generated = Config::new()
        .spec_str("leads.json", &document.to_string())
        .generate()
        .unwrap();
    generated.api.groups[0].operations[0].clone()
}

/// Where they stand in the one operation of a document, and the input schema.
fn read_only(parameters: &Value, body: Option<&Value>) -> (Vec<String>, Value) {
    let operation = operation(parameters, body);
    (operation.read_only, operation.input_schema)
}

#[test]
fn what_only_requests_carry_and_passwords_are_secrets_wherever_they_stand() {
    let path =
        json!({"name": "where", "in": "path", "required": true, "schema": {"type": "string"}});
    let text = json!({"type": "string", "writeOnly": true});
    let body = json!({"type": "object", "properties": {
        "name": {"type": "string"}, "notify": {"type": "boolean", "writeOnly": true},
        "pin": {"type": "integer", "writeOnly": true},
        "phrase": {"anyOf": [{"type": "string", "format": "password"}, {"type": "null"}]},
        "codes": {"type": "array", "items": text},
        "login": {"type": "object", "properties": {"word": text, "user": {"type": "string"}}},
        // Named otherwise for clients.
        "$answer": text,
        // Ids tell which record is meant.
        "owner_id": text, "tag_ids": {"type": "array", "writeOnly": true, "items": {"type": "string"}},
        "agent": {"type": "string", "format": "uuid", "writeOnly": true},
    }});
    let query =
        json!({"name": "key", "in": "query", "schema": {"type": "string", "format": "password"}});
    let found = operation(&json!([path, query]), Some(&body));
    let mut secrets = found.secrets;
    secrets.sort_unstable();
    assert_eq!(
        secrets,
        ["_answer", "codes", "key", "phrase", "pin", "word"]
    );
}

#[test]
fn members_that_only_answers_carry_are_hidden_in_parameters_of_every_kind() {
    let lead = json!({"type": "object", "properties": {
        "id": {"type": "integer", "readOnly": true}, "name": {"type": "string"},
        "of": {"type": "object", "properties": {"id": {"type": "integer", "readOnly": true}, "x": {"type": "string"}}},
    }});
    let path =
        json!({"name": "where", "in": "path", "required": true, "schema": {"type": "string"}});
    let in_json = json!({"application/json": {"schema": lead}});
    for (parameter, body, expected) in [
        (
            json!({"name": "q", "in": "query", "style": "deepObject", "schema": lead}),
            None,
            vec!["/q/id", "/q/of/id"],
        ),
        (
            json!({"name": "q", "in": "query", "schema": lead}),
            None,
            vec!["/q/id", "/q/of/id"],
        ),
        (
            json!({"name": "q", "in": "query", "content": in_json}),
            None,
            vec!["/q/id", "/q/of/id"],
        ),
        (
            json!({"name": "q", "in": "header", "schema": lead}),
            None,
            vec!["/q/id", "/q/of/id"],
        ),
        (
            json!({"name": "q", "in": "cookie", "schema": lead}),
            None,
            vec!["/q/id", "/q/of/id"],
        ),
        (
            json!({"name": "where", "in": "path", "required": true, "style": "matrix", "explode": true, "schema": lead}),
            None,
            vec!["/where/id", "/where/of/id"],
        ),
        (
            json!({"name": "q", "in": "query", "schema": {"type": "array", "items": lead}}),
            None,
            vec!["/q/*/id", "/q/*/of/id"],
        ),
        // Beside a body, and where only the body has such names.
        (
            json!({"name": "q", "in": "query", "style": "deepObject", "schema": lead}),
            Some(&lead),
            vec!["/q/id", "/q/of/id", "/of/id"],
        ),
        (
            json!({"name": "q", "in": "query", "schema": {"type": "string"}}),
            Some(&lead),
            vec!["/of/id"],
        ),
        (
            json!({"name": "q", "in": "query", "schema": {"type": "object", "properties": {"id": {"type": "integer"}}}}),
            None,
            vec![],
        ),
    ] {
        let parameters = match parameter["in"] == "path" {
            true => json!([parameter]),
            false => json!([path, parameter]),
        };
        let (places, schema) = read_only(&parameters, body);
        for place in &expected {
            assert!(
                places.iter().any(|known| known == place),
                "{place}: {places:?} {parameter}"
            );
        }
        assert!(
            expected.is_empty() == places.is_empty(),
            "{places:?} {parameter}"
        );
        if !expected.is_empty() {
            assert!(!schema.to_string().contains(r#""id""#), "{schema}");
        }
    }
}
