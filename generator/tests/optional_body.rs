//! Bodies that may be left out as a whole, and names that need others (JSON Schema validation §6.5.4).

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

use mcpwright::ir::Operation;
use mcpwright::{Config, Generated};
use serde_json::{Value, json};

fn generate(body: &Value, settings: &str) -> Generated {
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "Leads", "version": "1"},
        "servers": [{"url": "https://crm.example.com"}],
        "paths": {"/leads": {"post": {
            "operationId": "createLead",
            "parameters": [{"name": "dry", "in": "query", "schema": {"type": "boolean"}}],
            "requestBody": body,
            "responses": {"204": {"description": "ok"}},
        }}},
    });
    let config = Config::new().spec_str("leads.json", &document.to_string());
    config
        .settings(settings)
        .generate()
        .unwrap_or_else(|error| panic!("{error}"))
}

fn body(required: bool, schema: Value) -> Value {
    json!({"required": required, "content": {"application/json": {"schema": schema}}})
}

fn operation(generated: &Generated) -> &Operation {
    &generated.api.groups[0].operations[0]
}

fn accepts(generated: &Generated, arguments: &Value) -> bool {
    jsonschema::validator_for(&operation(generated).input_schema)
        .unwrap()
        .is_valid(arguments)
}

fn record(required: Value) -> Value {
    let text = json!({"type": "string"});
    json!({"type": "object", "required": required,
        "properties": {"name": text, "mail": text, "note": text}})
}

#[test]
fn of_an_optional_body_nothing_is_given_or_all_that_it_requires() {
    let generated = generate(&body(false, record(json!(["name", "mail"]))), "");
    for (arguments, accepted) in [
        (json!({}), true),
        (json!({"dry": true}), true),
        (json!({"name": "A", "mail": "b"}), true),
        (
            json!({"name": "A", "mail": "b", "note": "c", "dry": true}),
            true,
        ),
        (json!({"note": "c"}), false),
        (json!({"name": "A"}), false),
        (json!({"mail": "b", "note": "c"}), false),
    ] {
        assert_eq!(accepts(&generated, &arguments), accepted, "{arguments}");
    }
    let said = &operation(&generated).description;
    // What is required and optional follows, where the document says nothing (ADR 0045).
    let rule = "Give no field of the body, or at least `name` and `mail`.";
    assert!(said.lines().any(|line| line == rule), "{said}");
}

#[test]
fn where_nothing_depends_on_anything_nothing_is_said() {
    let one =
        json!({"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}});
    for body in [
        body(true, record(json!(["name"]))),
        body(false, record(json!([]))),
        body(false, one),
    ] {
        let generated = generate(&body, "");
        assert_eq!(
            operation(&generated).input_schema.get("dependentRequired"),
            None,
            "{body}"
        );
        let said = &operation(&generated).description;
        assert!(!said.contains("field of the body"), "{said}");
    }
}

#[test]
fn names_that_need_others_are_checked_and_told_at_every_level() {
    let mut inner = record(json!([]));
    inner["dependentRequired"] = json!({"note": ["name"]});
    for keyword in ["dependentRequired", "dependencies"] {
        let mut outer = record(json!([]));
        outer[keyword] = json!({"mail": ["name"]});
        outer["properties"]["inner"] = inner.clone();
        let generated = generate(&body(true, outer), "");
        let found = generated.report.diagnostics.iter().map(|d| d.code.id());
        assert_eq!(found.collect::<Vec<_>>(), Vec::<&str>::new(), "{keyword}");
        for (arguments, accepted) in [
            (json!({"name": "A"}), true),
            (json!({"name": "A", "mail": "b"}), true),
            (json!({"mail": "b"}), false),
            (json!({"inner": {"note": "b", "name": "A"}}), true),
            (json!({"inner": {"note": "b"}}), false),
        ] {
            assert_eq!(accepts(&generated, &arguments), accepted, "{arguments}");
        }
        let operation = operation(&generated);
        let said = &operation.description;
        assert!(
            said.lines().any(|line| line == "`mail` needs `name`."),
            "{said}"
        );
        let inner = &operation.input_schema["properties"]["inner"]["description"];
        assert_eq!(inner, "`note` needs `name`.");
    }
}

#[test]
fn what_is_hidden_or_fixed_stands_in_no_rule() {
    let settings =
        |fact: &str| format!("[[operation]]\nselect = \"createLead\"\n[operation.fields.{fact}\n");
    let optional = body(false, record(json!(["name", "mail"])));
    for (fact, arguments, accepted) in [
        ("note]\nhide = true", json!({"name": "A"}), false),
        ("note]\nhide = true", json!({}), true),
        ("name]\nfixed = \"A\"", json!({"mail": "b"}), true),
        // The fixed value is a body, so that the rest of what is required has to be there.
        ("name]\nfixed = \"A\"", json!({}), false),
        ("note]\nfixed = \"A\"", json!({"name": "A"}), false),
        (
            "note]\nfixed = \"A\"",
            json!({"name": "A", "mail": "b"}),
            true,
        ),
    ] {
        let generated = generate(&optional, &settings(fact));
        let schema = &operation(&generated).input_schema;
        assert_eq!(
            accepts(&generated, &arguments),
            accepted,
            "{fact} {arguments} {schema}"
        );
    }
}

/// A body of which the document does not say whether it is required.
fn unsaid(schema: Value) -> Value {
    json!({"content": {"application/json": {"schema": schema}}})
}

#[test]
fn a_create_requires_what_its_record_requires_unless_the_document_says_otherwise() {
    let schema = record(json!(["name", "mail"]));
    for (body, required) in [
        (unsaid(schema.clone()), Some(json!(["name", "mail"]))),
        (body(true, schema.clone()), Some(json!(["name", "mail"]))),
        // What is written down is believed.
        (body(false, schema), None),
        // Nothing in it is required.
        (unsaid(record(json!([]))), None),
    ] {
        let generated = generate(&body, "");
        let schema = &operation(&generated).input_schema;
        assert_eq!(schema.get("required"), required.as_ref(), "{body}");
        let found: Vec<&str> = generated
            .report
            .diagnostics
            .iter()
            .map(|finding| finding.code.id())
            .collect();
        let is_taken = body.get("required").is_none() && required.is_some();
        assert_eq!(found.contains(&"E0425"), is_taken, "{found:?}");
        // A call without a body stays possible where the document allows it.
        assert_eq!(accepts(&generated, &json!({})), required.is_none());
    }
}

#[test]
fn what_is_done_to_one_record_works_without_a_body_and_what_is_done_to_many_does_not() {
    let body = unsaid(record(json!(["name"])));
    for (path, method, is_required) in [
        ("/leads/{id}/send", "post", false),
        ("/leads/{id}/mark-won", "put", false),
        // Which ones are meant, only the body says.
        ("/leads/many", "delete", true),
        ("/leads", "delete", true),
        ("/leads/bulk-delete", "post", true),
        ("/leads/{id}", "delete", false),
        ("/leads/search", "post", false),
        ("/leads/{id}", "put", true),
        ("/leads/{id}", "patch", true),
        ("/leads/{id}/notes", "post", true),
    ] {
        let id =
            json!({"name": "id", "in": "path", "required": true, "schema": {"type": "string"}});
        let parameters = if path.contains('{') {
            json!([id])
        } else {
            json!([])
        };
        let document = json!({
            "openapi": "3.1.0",
            "info": {"title": "Leads", "version": "1"},
            "servers": [{"url": "https://crm.example.com"}],
            "paths": {path: {method: {
                "parameters": parameters,
                "requestBody": body,
                "responses": {"204": {"description": "ok"}},
            }}},
        });
        let generated = Config::new()
            .spec_str("leads.json", &document.to_string())
            .generate()
            .unwrap();
        let operation = operation(&generated);
        let required = operation.input_schema.get("required").cloned();
        let required = required.unwrap_or_else(|| json!([]));
        let has = required.as_array().unwrap().contains(&json!("name"));
        assert_eq!(has, is_required, "{method} {path}");
        // It is said what a body needs, also where there may be none.
        let said = operation.description.contains("`name`");
        assert_eq!(said, !is_required, "{}", operation.description);
    }
}
