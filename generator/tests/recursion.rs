//! Schemas that contain themselves: what is known of names holds at any depth, whatever is listed.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

use mcpwright::ir::Operation;
use mcpwright::{Config, Generated};
use serde_json::{Value, json};

/// A tool that sends these components, the first of which is its body or a property of it.
fn generate(body: &Value, schemas: &Value) -> Generated {
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "Folders", "version": "1"},
        "servers": [{"url": "https://crm.example.com"}],
        "paths": {"/folders": {"post": {
            "operationId": "createFolder",
            "requestBody": {"required": true, "content": {"application/json": {"schema": body}}},
            "responses": {"204": {"description": "ok"}},
        }}},
        "components": {"schemas": schemas},
    });
    Config::new()
        .spec_str("folders.json", &document.to_string())
        .generate()
        .unwrap_or_else(|error| panic!("{error}"))
}

fn only(generated: &Generated) -> &Operation {
    &generated.api.groups[0].operations[0]
}

fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

fn list(name: &str) -> Value {
    json!({"type": "array", "items": reference(name)})
}

fn pairs(all: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(a, b): &(&str, &str)| ((*a).to_owned(), (*b).to_owned());
    all.iter().map(owned).collect()
}

#[test]
fn read_only_names_of_what_contains_itself_are_known_at_any_depth() {
    let id = json!({"type": "integer", "readOnly": true});
    // Closed: what is listed in full refuses the name, what is cut further down does not.
    let folder = json!({"type": "object", "additionalProperties": false, "properties": {
        "id": id, "name": {"type": "string"}, "folders": list("Folder"),
    }});
    let generated = generate(&reference("Folder"), &json!({"Folder": folder}));
    let operation = only(&generated);
    assert_eq!(operation.read_only, ["/folders/*/id"]);
    assert_eq!(
        operation.repeats,
        pairs(&[("/folders/*/folders", "/folders")])
    );
    // Two that contain each other, by a map and a union.
    let owner = json!({"type": "object", "properties": {"id": id, "of": {"type": "object", "additionalProperties": reference("Item")}}});
    let item = json!({"oneOf": [
        {"type": "object", "required": ["owner"], "properties": {"owner": reference("Owner")}},
        {"type": "object", "required": ["own"], "properties": {"id": {"type": "integer"}, "own": {"type": "string"}}},
    ]});
    let generated = generate(
        &json!({"type": "object", "properties": {"owner": reference("Owner")}}),
        &json!({"Owner": owner, "Item": item}),
    );
    let operation = only(&generated);
    assert_eq!(operation.read_only, ["/owner/id"]);
    assert_eq!(operation.repeats, pairs(&[("/owner/of/*/owner", "/owner")]));
}

#[test]
fn names_of_what_contains_itself_are_those_on_the_wire_at_any_depth() {
    let folder = json!({"type": "object", "required": ["@type"], "properties": {
        "@type": {"type": "string"}, "_type": {"type": "string"}, "$set": {"type": "integer"},
        "folders": list("Folder"),
    }});
    let body = json!({"type": "object", "properties": {"folder": reference("Folder")}});
    let generated = generate(&body, &json!({"Folder": folder}));
    let operation = only(&generated);
    assert_eq!(
        operation.renamed,
        pairs(&[("/folder/_type_2", "@type"), ("/folder/_set", "$set")])
    );
    assert_eq!(
        operation.repeats,
        pairs(&[("/folder/folders/*", "/folder")])
    );
    // What is cut lists what is required under the same name.
    let inner = &operation.input_schema["properties"]["folder"]["properties"]["folders"]["items"];
    assert_eq!(inner["required"], json!(["_type_2"]), "{inner}");
}

#[test]
fn nothing_is_said_of_repetition_where_nothing_hangs_on_it() {
    let folder = json!({"type": "object", "properties": {"name": {"type": "string"}, "folders": list("Folder")}});
    let id = json!({"type": "object", "properties": {"id": {"type": "integer", "readOnly": true}}});
    let body =
        json!({"type": "object", "properties": {"folder": reference("Folder"), "other": id}});
    let generated = generate(&body, &json!({"Folder": folder}));
    assert_eq!(only(&generated).read_only, ["/other/id"]);
    assert!(only(&generated).repeats.is_empty());
}

#[test]
fn components_that_all_contain_each_other_are_looked_into_once_each() {
    // Every one of 30 refers to every other: there are more ways than can be gone.
    let names: Vec<String> = (0..30).map(|i| format!("S{i}")).collect();
    let schema = |own: &String| {
        let mut properties: serde_json::Map<String, Value> = names
            .iter()
            .filter(|name| *name != own)
            .map(|name| (name.to_lowercase(), reference(name)))
            .collect();
        properties.insert(
            format!("id_of_{own}"),
            json!({"type": "integer", "readOnly": true}),
        );
        (
            own.clone(),
            json!({"type": "object", "properties": properties}),
        )
    };
    let schemas: serde_json::Map<String, Value> = names.iter().map(schema).collect();
    let body = json!({"type": "object", "properties": {"first": reference("S0")}});
    let generated = generate(&body, &Value::Object(schemas));
    let operation = only(&generated);
    assert_eq!(operation.read_only.len(), 30);
    assert_eq!(operation.repeats.len(), 29 * 28 + 29);
    for name in &names {
        let ends = operation
            .read_only
            .iter()
            .any(|place| place.ends_with(&format!("/id_of_{name}")));
        assert!(ends, "{name}: {:?}", operation.read_only);
    }
}
