//! Security schemes: variables, tokens, what cannot be sent.

use mcpwright::Config;
use serde_json::{Value, json};

use super::support::{generate, generate_paths, said};

#[test]
fn each_credential_has_a_variable_of_its_own() {
    let scheme = |name: &str| json!({"type": "apiKey", "in": "header", "name": name});
    let basic = json!({"type": "http", "scheme": "basic"});
    let generated = generate(
        json!({"security": [{"api_key": [], "api-key": [], "API KEY": []}, {"a": []}, {"b": []}]}),
        json!({"securitySchemes": {
            "api_key": scheme("X-One"), "api-key": scheme("X-Two"), "API KEY": scheme("X-Three"),
            "a": basic, "b": basic,
        }}),
    );
    let variables: Vec<&String> = generated
        .api
        .schemes
        .iter()
        .flat_map(|s| &s.variables)
        .collect();
    let mut distinct = variables.clone();
    distinct.sort();
    distinct.dedup();
    assert_eq!(variables.len(), 7, "{variables:?}");
    assert_eq!(distinct.len(), 7, "{variables:?}");
}

#[test]
fn bearer_schemes_share_the_token() {
    let generated = generate(
        json!({"security": [{"jwt": []}, {"oauth": []}]}),
        json!({"securitySchemes": {
            "jwt": {"type": "http", "scheme": "Bearer"},
            "oauth": {"type": "oauth2", "flows": {}},
        }}),
    );
    for scheme in &generated.api.schemes {
        assert_eq!(scheme.variables, ["LEADS_TOKEN"], "{}", scheme.name);
    }
}

#[test]
fn bearer_schemes_have_tokens_of_their_own_when_operations_need_different_ones() {
    let get = |id: &str, security: Value| json!({"get": {"operationId": id, "security": security, "responses": {}}});
    let either = json!([{"user": []}, {"admin": []}]);
    for (first, second, variables) in [
        (
            json!([{"user": []}]),
            json!([{"admin": []}]),
            ["LEADS_USER_TOKEN", "LEADS_ADMIN_TOKEN"],
        ),
        (
            either.clone(),
            json!([{"admin": []}]),
            ["LEADS_TOKEN", "LEADS_TOKEN"],
        ),
        (either, json!([]), ["LEADS_TOKEN", "LEADS_TOKEN"]),
    ] {
        let bearer = json!({"type": "http", "scheme": "bearer"});
        let generated = generate_paths(
            json!({"/a": get("getA", first), "/b": get("getB", second)}),
            json!({"securitySchemes": {"user": bearer, "admin": bearer}}),
        );
        let given: Vec<&String> = generated
            .api
            .schemes
            .iter()
            .flat_map(|s| &s.variables)
            .collect();
        assert_eq!(given, variables);
    }
}

#[test]
fn a_scheme_that_cannot_be_sent_is_reported_if_an_operation_names_it() {
    for (security, count) in [(json!([{"tls": []}]), 1), (json!([]), 0)] {
        let generated = generate(
            json!({"security": security}),
            json!({"securitySchemes": {"tls": {"type": "http", "scheme": "digest"}}}),
        );
        assert_eq!(said(&generated, "E0602").len(), count, "{security}");
    }
}

#[test]
fn what_is_wrong_with_the_requirements_of_the_document_is_said_once() {
    let findings = |security: Value, own: Value| {
        let operation = |id: &str| {
            let mut operation = json!({"operationId": id, "responses": {}});
            if !own.is_object() {
                operation["security"] = own.clone();
            }
            operation
        };
        let document = json!({
            "openapi": "3.1.0",
            "info": {"title": "Leads", "version": "1"},
            "servers": [{"url": "https://crm.example.com"}],
            "security": security,
            "paths": {"/leads": {"get": operation("a"), "put": operation("b")}},
            "components": {"securitySchemes": {"k": {"type": "http", "scheme": "bearer"}}},
        });
        let generated = Config::new()
            .spec_str("leads.json", &document.to_string())
            .generate()
            .unwrap();
        let said = generated.report.diagnostics.iter();
        let said = said.filter(|finding| finding.code.id().starts_with("E06"));
        said.map(|finding| finding.code.id()).collect::<Vec<_>>()
    };
    let absent = json!({});
    for (security, own, expected) in [
        (json!([{"nowhere": []}]), &absent, vec!["E0601"]),
        (json!({"k": []}), &absent, vec!["E0605"]),
        (json!("k"), &absent, vec!["E0605"]),
        // Each operation's own are said at each.
        (
            json!([{"k": []}]),
            &json!([{"nowhere": []}]),
            vec!["E0601"; 2],
        ),
        // Null is not there, unless it could mean that what the document requires does not hold.
        (Value::Null, &absent, vec![]),
        (Value::Null, &Value::Null, vec![]),
        (json!([]), &Value::Null, vec![]),
        (json!([{"k": []}]), &Value::Null, vec!["E0605"; 2]),
    ] {
        assert_eq!(
            findings(security.clone(), own.clone()),
            expected,
            "{security} {own}"
        );
    }
}
