//! Unions that only say which names have to be there (JSON Schema core §10.2.1): checked, and told.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

use mcpwright::ir::Operation;
use mcpwright::{Config, Generated};
use serde_json::{Value, json};

fn generate(required: bool, schema: &Value, settings: &str) -> Generated {
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "Leads", "version": "1"},
        "servers": [{"url": "https://crm.example.com"}],
        "paths": {"/leads": {"post": {
            "operationId": "createLead",
            "parameters": [{"name": "mail", "in": "query", "schema": {"type": "string"}}],
            "requestBody": {"required": required, "content": {"application/json": {"schema": schema}}},
            "responses": {"204": {"description": "ok"}},
        }}},
    });
    Config::new()
        .spec_str("leads.json", &document.to_string())
        .settings(settings)
        .generate()
        .unwrap_or_else(|error| panic!("{error}"))
}

fn only(generated: &Generated) -> &Operation {
    &generated.api.groups[0].operations[0]
}

fn accepts(generated: &Generated, arguments: &Value) -> bool {
    jsonschema::validator_for(&only(generated).input_schema)
        .unwrap()
        .is_valid(arguments)
}

fn is_reported(generated: &Generated) -> bool {
    let mut found = generated.report.diagnostics.iter();
    found.any(|diagnostic| diagnostic.code.id() == "E0506")
}

/// A lead of which one of several sets of names is required.
fn lead(keyword: &str, sets: &[&[&str]]) -> Value {
    let branches: Vec<Value> = sets.iter().map(|set| json!({"required": set})).collect();
    json!({"type": "object", "required": ["name"], keyword: branches, "properties": {
        "id": {"type": "string", "readOnly": true}, "name": {"type": "string"},
        "mail": {"type": "string"}, "phone": {"type": "string"}, "city": {"type": "string"},
    }})
}

#[test]
fn one_of_several_sets_of_arguments_has_to_be_given() {
    let either: &[&[&str]] = &[&["mail"], &["phone", "city"]];
    // The name in the query is another argument than that in the body.
    for (keyword, told, both) in [
        ("anyOf", "Needs `mail_body`, or `phone` and `city`.", true),
        (
            "oneOf",
            "Needs exactly one of: `mail_body`; `phone` and `city`.",
            false,
        ),
    ] {
        let generated = generate(true, &lead(keyword, either), "");
        let operation = only(&generated);
        assert!(
            operation.description.contains(told),
            "{}",
            operation.description
        );
        for (arguments, expected) in [
            (json!({"name": "a"}), false),
            (json!({"name": "a", "mail": "b"}), false),
            (json!({"name": "a", "mail_body": "b"}), true),
            (json!({"name": "a", "phone": "b"}), false),
            (json!({"name": "a", "phone": "b", "city": "c"}), true),
            (
                json!({"name": "a", "mail_body": "b", "phone": "b", "city": "c"}),
                both,
            ),
        ] {
            assert_eq!(
                accepts(&generated, &arguments),
                expected,
                "{keyword}: {arguments}"
            );
        }
        assert!(!is_reported(&generated));
    }
}

#[test]
fn the_same_holds_in_objects_within_arguments() {
    let schema =
        json!({"type": "object", "properties": {"lead": lead("anyOf", &[&["mail"], &["phone"]])}});
    let generated = generate(true, &schema, "");
    let told = &only(&generated).input_schema["properties"]["lead"]["description"];
    assert_eq!(told, "Needs `mail`, or `phone`.");
    assert!(accepts(
        &generated,
        &json!({"lead": {"name": "a", "phone": "b"}})
    ));
    assert!(!accepts(
        &generated,
        &json!({"lead": {"name": "a", "city": "b"}})
    ));
}

#[test]
fn what_is_there_anyway_leaves_nothing_to_choose() {
    for set in ["name", "id"] {
        let generated = generate(true, &lead("anyOf", &[&["mail"], &[set]]), "");
        assert!(accepts(&generated, &json!({"name": "a"})), "{set}");
        assert!(!only(&generated).description.contains("Needs"));
        assert!(!is_reported(&generated));
    }
}

#[test]
fn what_cannot_be_checked_is_reported() {
    // A body that may be left out, and a name that is no argument.
    let optional = generate(false, &lead("anyOf", &[&["mail"], &["phone"]]), "");
    let unknown = generate(true, &lead("anyOf", &[&["mail"], &["fax"]]), "");
    for generated in [optional, unknown] {
        assert!(is_reported(&generated));
        assert!(accepts(&generated, &json!({"name": "a"})));
    }
}

#[test]
fn arguments_that_settings_take_away_are_not_asked_for() {
    let schema = lead("anyOf", &[&["phone"], &["city"]]);
    for (facts, arguments, expected) in [
        (
            "[operation.fields.phone]\nfixed = \"1\"",
            json!({"name": "a"}),
            true,
        ),
        (
            "[operation.fields.phone]\nhide = true",
            json!({"name": "a"}),
            false,
        ),
        (
            "[operation.fields.phone]\nhide = true",
            json!({"name": "a", "city": "b"}),
            true,
        ),
    ] {
        let settings = format!("[[operation]]\nselect = \"createLead\"\n{facts}\n");
        let generated = generate(true, &schema, &settings);
        assert_eq!(
            accepts(&generated, &arguments),
            expected,
            "{facts}: {arguments}"
        );
    }
}

#[test]
fn cases_that_are_not_checked_are_said_once_for_each_schema() {
    let message = |schema: Value| {
        let generated = generate(true, &schema, "");
        let all = generated.report.diagnostics.iter();
        let all = all.filter(|diagnostic| diagnostic.code.id() == "E0506");
        all.map(|diagnostic| diagnostic.message.clone())
            .collect::<Vec<_>>()
    };
    let with = |cases: Value| {
        let mut schema = json!({"type": "object", "properties": {"a": {}, "b": {}}});
        schema
            .as_object_mut()
            .unwrap()
            .extend(cases.as_object().unwrap().clone());
        schema
    };
    let (a, b) = (json!({"required": ["a"]}), json!({"required": ["b"]}));
    for (cases, expected) in [
        (
            json!({"if": a, "then": b, "else": a}),
            &["`if`, `then` and `else` are not checked"][..],
        ),
        (
            json!({"if": a, "else": b}),
            &["`if` and `else` are not checked"],
        ),
        (json!({"then": b}), &["`then` says nothing without `if`"]),
        (json!({"if": a}), &[]),
    ] {
        assert_eq!(message(with(cases.clone())), expected, "{cases}");
    }
}
