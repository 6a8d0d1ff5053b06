//! Which properties of bodies are the operator's credential, and which are what a person gives.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

use mcpwright::Config;
use serde_json::{Value, json};

/// The credentials that are found in operations whose bodies have these schemas: names of variables, and
/// the arguments of the first operation.
fn found(bodies: &[Value], schemes: &Value) -> (Vec<String>, Vec<String>) {
    let paths: serde_json::Map<String, Value> = bodies
        .iter()
        .enumerate()
        .map(|(i, schema)| {
            let post = json!({
                "operationId": format!("createLead{i}"),
                "requestBody": {"required": true, "content": {"application/json": {"schema": schema}}},
                "responses": {"204": {"description": "ok"}},
            });
            (format!("/leads{i}"), json!({"post": post}))
        })
        .collect();
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "Leads", "version": "1"},
        "paths": paths,
        "components": {"securitySchemes": schemes},
    });
    let generated = Config::new()
        .spec_str("leads.json", &document.to_string())
        .generate()
        .unwrap_or_else(|error| panic!("{error}"));
    let variables = generated
        .api
        .schemes
        .iter()
        .flat_map(|s| s.variables.clone());
    let first = generated
        .api
        .groups
        .iter()
        .flat_map(|group| &group.operations)
        .find(|operation| operation.path == "/leads0")
        .unwrap();
    let fields = first.fields.iter().map(|field| field.name.clone());
    (variables.collect(), fields.collect())
}

fn body(name: &str, description: &str, required: bool) -> Value {
    json!({
        "type": "object",
        "required": if required { json!([name, "name"]) } else { json!(["name"]) },
        "properties": {name: {"type": "string", "description": description}, "name": {"type": "string"}},
    })
}

#[test]
fn a_credential_is_what_most_bodies_require_or_what_is_said_to_be_the_callers_own() {
    let other = json!({"type": "object", "properties": {"name": {"type": "string"}}});
    for (bodies, credential) in [
        (
            vec![body("key", "", true), body("key", "", true)],
            Some("LEADS_KEY"),
        ),
        (
            vec![
                body("api_key", "", true),
                body("api_key", "", true),
                other.clone(),
            ],
            Some("LEADS_API_KEY"),
        ),
        (
            vec![
                body("apiKey", "A valid API key", true),
                other.clone(),
                other.clone(),
            ],
            Some("LEADS_API_KEY"),
        ),
        (
            vec![
                body("auth_token", "Your auth token.", true),
                other.clone(),
                other.clone(),
            ],
            Some("LEADS_AUTH_TOKEN"),
        ),
        // One of many, and nobody says so: a value.
        (
            vec![
                body("key", "The key of the setting", true),
                other.clone(),
                other.clone(),
            ],
            None,
        ),
        (vec![body("key", "", true)], None),
        // What is optional is not needed, and what is chosen from a list is no secret.
        (
            vec![
                body("key", "A valid API key", false),
                body("key", "", false),
            ],
            None,
        ),
        // What a person gives, and other names.
        (
            vec![
                body("password", "Your password", true),
                body("password", "", true),
            ],
            None,
        ),
        (vec![body("token", "", true), body("token", "", true)], None),
        (
            vec![body("public_key", "", true), body("public_key", "", true)],
            None,
        ),
    ] {
        let (variables, arguments) = found(&bodies, &json!({}));
        let expected: Vec<&str> = credential.into_iter().collect();
        assert_eq!(variables, expected, "{}", bodies[0]);
        let left = if credential.is_some() { 1 } else { 2 };
        assert_eq!(arguments.len(), left, "{} {arguments:?}", bodies[0]);
    }
}

#[test]
fn where_security_schemes_are_declared_a_property_is_a_value() {
    let bodies = [body("key", "A valid API key", true), body("key", "", true)];
    let bearer = json!({"bearer": {"type": "http", "scheme": "bearer"}});
    let (variables, arguments) = found(&bodies, &bearer);
    // No operation names the scheme.
    assert!(variables.is_empty(), "{variables:?}");
    assert_eq!(arguments, ["key", "name"]);
}
