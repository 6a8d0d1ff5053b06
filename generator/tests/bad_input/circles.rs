//! Schemas that consist of references to each other.

use serde_json::{Value, json};

use super::*;

/// A document with this schema as a parameter or as a body, and these components.
fn with(place: &str, components: &Value) -> String {
    let schema = json!({"$ref": "#/components/schemas/A"});
    let mut operation = json!({"operationId": "createLead", "responses": {}});
    operation[place] = match place {
        "parameters" => json!([{"name": "page", "in": "query", "schema": schema}]),
        _ => json!({"required": true, "content": {"application/json": {"schema": schema}}}),
    };
    json!({
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "servers": [{"url": "https://crm.example.com"}],
        "paths": {"/leads": {"post": operation}},
        "components": {"schemas": components},
    })
    .to_string()
}

fn to(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

/// Where a circle (E0302) or a chain that is too long (E0360) was said, and the exit code with `--strict`.
fn circles(text: &str) -> (Vec<String>, i32) {
    let folder = tempfile::tempdir().unwrap();
    let run = |more: &[&str]| {
        let arguments = [&["inspect", "-", "--format", "json"], more].concat();
        mcpwright_with(folder.path(), &arguments, &[], text)
    };
    let said = run(&[]);
    assert_eq!(said.code, 0, "{}", said.err);
    let places = findings(&said)
        .iter()
        .filter(|finding| finding["code"] == "E0302" || finding["code"] == "E0360")
        .map(|finding| finding["pointer"].as_str().unwrap().to_owned())
        .collect();
    (places, run(&["--strict"]).code)
}

#[test]
fn schemas_that_lead_back_to_themselves_are_reported_once_where_the_circle_closes() {
    let part = json!({"properties": {"x": {"type": "string"}}});
    for (what, components, place) in [
        ("itself", json!({"A": to("A")}), "A/$ref"),
        ("two", json!({"A": to("B"), "B": to("A")}), "B/$ref"),
        (
            "a circle beside",
            json!({"A": to("B"), "B": to("C"), "C": to("B")}),
            "C/$ref",
        ),
        (
            "through allOf",
            json!({"A": {"allOf": [to("B"), part]}, "B": {"allOf": [to("A"), part]}}),
            "B/allOf/0/$ref",
        ),
        (
            "through its only alternative",
            json!({"A": {"anyOf": [to("B"), {"type": "null"}]}, "B": to("A")}),
            "B/$ref",
        ),
        (
            "in a property",
            json!({"A": {"type": "object", "properties": {"b": to("B"), "c": to("B")}}, "B": to("B")}),
            "B/$ref",
        ),
    ] {
        for used in ["parameters", "requestBody"] {
            let (places, strict) = circles(&with(used, &components));
            assert_eq!(
                places,
                [format!("#/components/schemas/{place}")],
                "{what} in {used}"
            );
            assert_eq!(strict, 1, "{what} in {used}");
        }
    }
}

#[test]
fn what_the_schemas_of_a_circle_say_is_kept_and_said() {
    let own = |name: &str| json!({"properties": {name: {"type": "string"}}});
    for (components, note) in [
        (
            json!({"A": {"allOf": [to("B"), own("x")]}, "B": {"allOf": [to("A"), own("y")], "properties": {"z": {}}}}),
            "read as one that has all of their properties: `x`, `z`, `y`",
        ),
        (
            json!({"A": to("B"), "B": to("A")}),
            "what stands beside it counts",
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let document = with("requestBody", &components);
        let said = mcpwright_with(
            folder.path(),
            &["inspect", "-", "--format", "json"],
            &[],
            &document,
        );
        let all = findings(&said);
        let circle = all.iter().find(|finding| finding["code"] == "E0302");
        let notes = circle.unwrap()["notes"].to_string();
        assert!(notes.contains(note), "{notes}");
        let schema = mcpwright_with(
            folder.path(),
            &["explain", "-", "createLead", "--stage", "ir"],
            &[],
            &document,
        );
        let ir: Value = serde_json::from_str(&schema.out).unwrap();
        let arguments = ir["input_schema"]["properties"].as_object().unwrap();
        let expected = note.matches('`').count() / 2;
        let found = arguments.keys().filter(|name| *name != "body").count();
        assert_eq!(found, expected, "{arguments:?}");
    }
}

#[test]
fn schemas_that_meet_again_or_contain_themselves_are_no_circle() {
    let part = json!({"properties": {"x": {"type": "string"}}});
    for (what, components) in [
        (
            "the same base twice",
            json!({"A": {"allOf": [to("B"), to("C")]}, "B": {"allOf": [to("D")]},
                "C": {"allOf": [to("D")]}, "D": {"allOf": [part]}}),
        ),
        (
            "a property",
            json!({"A": {"type": "object", "properties": {"a": to("A")}}}),
        ),
        ("items", json!({"A": {"type": "array", "items": to("A")}})),
        (
            "a base of its alternatives",
            json!({"A": {"properties": {"k": {"type": "string"}}, "oneOf": [to("B"), to("C")]},
                "B": {"allOf": [to("A"), part]}, "C": {"allOf": [to("A"), part]}}),
        ),
        (
            "a base of its only alternative",
            json!({"A": {"properties": {"k": {"type": "string"}}, "oneOf": [to("B")]},
                "B": {"allOf": [to("A"), part]}}),
        ),
    ] {
        for used in ["parameters", "requestBody"] {
            let (places, strict) = circles(&with(used, &components));
            assert_eq!(places, Vec::<String>::new(), "{what} in {used}");
            assert_eq!(strict, 0, "{what} in {used}");
        }
    }
}

#[test]
fn a_chain_of_schemas_is_followed_as_far_as_the_budget_says() {
    for (links, reported) in [(62, 0), (63, 1), (5_000, 1)] {
        let mut components: serde_json::Map<String, Value> = (0..links)
            .map(|n| (format!("S{n}"), to(&format!("S{}", n + 1))))
            .collect();
        components.insert(format!("S{links}"), json!({"type": "string"}));
        components.insert("A".to_owned(), to("S0"));
        let components = Value::Object(components);
        for used in ["parameters", "requestBody"] {
            let (places, strict) = circles(&with(used, &components));
            assert_eq!(places.len(), reported, "{links} in {used}");
            assert_eq!(strict, i32::from(reported > 0), "{links} in {used}");
        }
    }
}
