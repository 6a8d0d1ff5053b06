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

#[test]
fn a_parameter_with_the_name_of_a_credential_is_an_argument_where_it_is_said_to_be_a_value() {
    let text = json!({"type": "string"});
    let list = json!({"type": "array", "items": {"type": "string"}});
    let uuid = json!({"type": "string", "format": "uuid"});
    let (intent, leads) = ("/payment_intents/{intent}", "/leads");
    for (place, name, description, schema, path, is_argument) in [
        (
            "query",
            "client_secret",
            "The client secret of the PaymentIntent for the client",
            &text,
            intent,
            true,
        ),
        ("query", "api_key_id", "", &text, leads, true),
        (
            "query",
            "api_key",
            "Filter by id of the API key",
            &uuid,
            leads,
            true,
        ),
        (
            "query",
            "apiKey",
            "The API key to revoke",
            &text,
            leads,
            true,
        ),
        (
            "query",
            "authToken",
            "The token from the invitation e-mail",
            &text,
            leads,
            true,
        ),
        ("query", "auth_token", "", &text, "/email/confirm", true),
        ("query", "secret_key_name", "", &text, leads, true),
        ("query", "apikeys", "", &list, leads, true),
        ("query", "api_key", "API keys", &list, leads, true),
        (
            "query",
            "subscriptionKey",
            "Key of the customer subscription to look up",
            &text,
            leads,
            true,
        ),
        ("header", "token", "Device push token", &text, leads, true),
        ("query", "api_key", "", &text, leads, false),
        ("query", "api_key", "", &uuid, leads, false),
        ("query", "apikey", "Your API key", &text, leads, false),
        (
            "query",
            "apikey",
            "Your API key, see the page of the invitation",
            &text,
            leads,
            false,
        ),
        (
            "query",
            "api_key",
            "API key to verify requests",
            &text,
            leads,
            false,
        ),
        (
            "query",
            "api_key",
            "The API key of the account",
            &text,
            "/accounts/{id}",
            false,
        ),
        ("query", "api_key", "", &text, "/tokens/revoke", false),
        ("header", "X-API-Key", "", &uuid, "/tokens/revoke", false),
        (
            "header",
            "X-API-Key",
            "API key, sent by e-mail",
            &text,
            leads,
            false,
        ),
        ("query", "auth_token", "", &text, leads, false),
        ("query", "access_token", "", &text, leads, false),
        ("query", "client_secret", "", &text, leads, false),
        ("header", "token", "", &text, leads, false),
        (
            "header",
            "Authorization",
            "The token to revoke",
            &text,
            leads,
            false,
        ),
    ] {
        let mut parameters = vec![json!({
            "name": name, "in": place, "required": true, "description": description, "schema": schema,
        })];
        if path.contains('{') {
            let id = path.split(['{', '}']).nth(1).unwrap();
            parameters.push(json!({"name": id, "in": "path", "required": true, "schema": text}));
        }
        let document = json!({
            "openapi": "3.1.0",
            "info": {"title": "Leads", "version": "1"},
            "paths": {path: {"get": {
                "operationId": "listLeads",
                "parameters": parameters,
                "responses": {"204": {"description": "ok"}},
            }}},
        });
        let generated = Config::new()
            .spec_str("leads.json", &document.to_string())
            .generate()
            .unwrap_or_else(|error| panic!("{error}"));
        let operation = generated.api.operations().next().unwrap();
        let given = operation.fields.len() - usize::from(path.contains('{'));
        let case = format!("{place} {name}: {description:?} at {path}");
        assert_eq!(given == 1, is_argument, "{case}");
        assert_eq!(operation.security.is_empty(), is_argument, "{case}");
    }
}
