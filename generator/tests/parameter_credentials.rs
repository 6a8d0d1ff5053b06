//! Parameters that are credentials: an operation sends those that its security names, or its own.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

use mcpwright::Config;
use serde_json::{Value, json};

/// What the operation of a document that others accompany asks of the operator (alternatives of
/// variables) and of the model (arguments).
fn lowered(operation: &Value, root: &Value) -> (Vec<String>, Vec<String>) {
    let other = |scheme: &str| {
        json!({"get": {
            "operationId": format!("with{scheme}"),
            "security": [{scheme: []}],
            "responses": {"204": {"description": "ok"}},
        }})
    };
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {"title": "Leads", "version": "1"},
        "servers": [{"url": "https://e.example"}],
        "paths": {
            "/leads": {"get": operation},
            "/basic": other("bas"),
            "/bearer": other("bear"),
            "/query": other("qk"),
        },
        "components": {"securitySchemes": {
            "hk": {"type": "apiKey", "in": "header", "name": "X-Api-Key"},
            "bas": {"type": "http", "scheme": "basic"},
            "bear": {"type": "http", "scheme": "bearer"},
            "qk": {"type": "apiKey", "in": "query", "name": "key"},
        }},
    });
    if !root.is_null() {
        document["security"] = root.clone();
    }
    let generated = Config::new()
        .spec_str("leads.json", &document.to_string())
        .generate()
        .unwrap_or_else(|error| panic!("{error}"));
    let operation = generated
        .api
        .operations()
        .find(|operation| operation.path == "/leads")
        .unwrap();
    let variables = |scheme: usize| generated.api.schemes[scheme].variables.join("+");
    let alternatives = operation.security.iter().map(|all| {
        let all: Vec<String> = all.iter().map(|one| variables(one.scheme)).collect();
        all.join(" ")
    });
    let fields = operation.fields.iter().map(|field| field.name.clone());
    (alternatives.collect(), fields.collect())
}

#[test]
fn an_operation_never_sends_a_credential_that_its_security_does_not_name() {
    let authorization = |required: bool| json!({"name": "Authorization", "in": "header", "required": required, "schema": {"type": "string"}});
    let key = |required: bool| json!({"name": "key", "in": "query", "required": required, "schema": {"type": "string"}});
    let hk = json!([{"hk": []}]);
    let (none, public) = (Value::Null, json!([]));
    const OWN: &str = "LEADS_HK_API_KEY";
    const BASIC: &str = "LEADS_USERNAME+LEADS_PASSWORD";
    for (parameter, security, root, alternatives, arguments) in [
        (authorization(false), &hk, &none, vec![OWN], vec![]),
        (authorization(false), &none, &hk, vec![OWN], vec![]),
        (key(false), &hk, &none, vec![OWN], vec![]),
        // One that is required is asked for under a name of its own.
        (
            authorization(true),
            &hk,
            &none,
            vec!["LEADS_HK_API_KEY LEADS_AUTHORIZATION"],
            vec![],
        ),
        (
            key(true),
            &hk,
            &none,
            vec!["LEADS_HK_API_KEY LEADS_KEY"],
            vec![],
        ),
        (authorization(false), &public, &hk, vec![], vec![]),
        (
            authorization(true),
            &public,
            &hk,
            vec!["LEADS_AUTHORIZATION"],
            vec![],
        ),
        // The token of a link.
        (key(true), &public, &hk, vec![], vec!["key"]),
        // What is named is sent.
        (
            authorization(true),
            &json!([{"hk": []}, {"bas": []}]),
            &none,
            vec![OWN, BASIC],
            vec![],
        ),
        // Where nothing is stated, the scheme of that field is meant.
        (authorization(true), &none, &none, vec![BASIC], vec![]),
        (
            key(false),
            &none,
            &none,
            vec!["LEADS_QK_API_KEY", ""],
            vec![],
        ),
    ] {
        let mut operation = json!({
            "operationId": "listLeads",
            "parameters": [parameter],
            "responses": {"204": {"description": "ok"}},
        });
        if !security.is_null() {
            operation["security"] = security.clone();
        }
        let found = lowered(&operation, root);
        assert_eq!(found.0, alternatives, "{parameter} {security} {root}");
        assert_eq!(found.1, arguments, "{parameter} {security} {root}");
    }
}

#[test]
fn a_required_bearer_token_of_its_own_has_its_own_variable() {
    let parameter = json!({"name": "Authorization", "in": "header", "required": true, "description": "Bearer followed by the token", "schema": {"type": "string"}});
    let operation = json!({
        "operationId": "listLeads",
        "security": [{"hk": []}],
        "parameters": [parameter],
        "responses": {"204": {"description": "ok"}},
    });
    let (alternatives, _) = lowered(&operation, &Value::Null);
    assert_eq!(alternatives, ["LEADS_HK_API_KEY LEADS_AUTHORIZATION_TOKEN"]);
}
