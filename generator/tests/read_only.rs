//! Names that only answers carry (`readOnly`, OpenAPI 3.2 §4.24) in parameters that are objects: not sent, as in bodies.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use mcpwright::Config;
use serde_json::{Value, json};

/// Where they stand in the one operation of a document, and the input schema.
fn read_only(parameters: &Value, body: Option<&Value>) -> (Vec<String>, Value) {
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
    let operation = &generated.api.groups[0].operations[0];
    let schema = operation.input_schema.clone();
    (operation.read_only.clone(), schema)
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
