//! Values that are made up for schemas: each keeps the rules of its schema.

use super::{Plan, arguments};
use crate::json::{Value, json};

fn made(schema: &Value, plan: Plan) -> Value {
    let schema = schema.as_object().cloned().unwrap_or_default();
    arguments(&schema, plan).map_or_else(Value::from, Value::Object)
}

#[test]
fn required_only_all_fields_and_other_branches() {
    let schema = json!({
        "type": "object",
        "properties": {
            "id": {"type": "integer", "minimum": 5, "maximum": 5},
            "state": {"type": "string", "enum": ["open", "shut"]},
            "who": {"anyOf": [{"type": "boolean"}, {"type": "array", "items": {"enum": ["a", "b", "c"]}, "uniqueItems": true, "minItems": 3}]},
        },
        "required": ["id"],
    });
    assert_eq!(made(&schema, Plan::REQUIRED), json!({"id": 5}));
    assert_eq!(
        made(&schema, Plan::ALL),
        json!({"id": 5, "state": "open", "who": true})
    );
    assert_eq!(
        made(&schema, Plan::OTHER),
        json!({"id": 5, "state": "shut", "who": ["b", "c", "a"]})
    );
}

#[test]
fn as_many_properties_as_there_have_to_be() {
    let schema = json!({
        "type": "object",
        "properties": {"a": {"type": "integer"}, "b": {"const": 1}, "c": {"const": 2}},
        "required": ["b"],
        "minProperties": 2,
        "additionalProperties": false,
    });
    assert_eq!(made(&schema, Plan::REQUIRED), json!({"b": 1, "a": 3}));
    let open = json!({"type": "object", "properties": {"a": {"const": 1}}, "minProperties": 2});
    let made = made(&open, Plan::REQUIRED);
    assert_eq!(
        made.as_object().map(crate::json::Object::len),
        Some(2),
        "{made}"
    );
}

#[test]
fn patterns_that_are_only_told_are_followed() {
    let text = json!({"type": "string", "x-pattern": "^(?!-)[A-Z]{3}$"});
    let schema = json!({"type": "object", "properties": {"a": text}, "required": ["a"]});
    let made = made(&schema, Plan::REQUIRED);
    assert_eq!(
        made.get("a").and_then(Value::as_str).map(str::len),
        Some(3),
        "{made}"
    );
}

#[test]
fn names_keep_their_rules() {
    for (rule, names) in [
        (json!({"pattern": "^[\\w-]+$", "maxLength": 9}), vec!["v2"]),
        (json!({"enum": ["a", "b"]}), vec!["a"]),
        (
            json!({"anyOf": [{"pattern": "^x-\\d$"}, {"enum": ["id"]}]}),
            vec!["x-1"],
        ),
    ] {
        let schema = json!({"type": "object", "propertyNames": rule, "additionalProperties": {"type": "integer"}});
        let made = made(&schema, Plan::ALL);
        let made: Vec<&str> = made
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, _)| name.as_str())
            .collect();
        assert_eq!(made, names, "{rule}");
    }
    let two = json!({"type": "object", "propertyNames": {"enum": ["a", "b"]}, "minProperties": 2});
    assert_eq!(
        made(&two, Plan::REQUIRED)
            .as_object()
            .map(crate::json::Object::len),
        Some(2)
    );
}

#[test]
fn numbers_keep_their_limits() {
    for (schema, fits) in [
        (
            json!({"type": "integer", "minimum": 5, "multipleOf": 4}),
            json!(8),
        ),
        (
            json!({"type": "number", "minimum": 0, "maximum": 1}),
            json!(1),
        ),
        (
            json!({"type": "number", "exclusiveMaximum": 0}),
            json!(-0.001),
        ),
        (json!({"type": "integer", "maximum": -3}), json!(-3)),
    ] {
        let schema = json!({"type": "object", "properties": {"n": schema}, "required": ["n"]});
        assert_eq!(made(&schema, Plan::REQUIRED), json!({"n": fits}));
    }
}

#[test]
fn every_text_is_different_and_keeps_its_rules() {
    let schema = json!({"type": "object", "properties": {
        "a": {"type": "string"},
        "b": {"type": "string", "pattern": "^[A-Z]{3}-\\d+$", "maxLength": 6},
        "c": {"type": "string", "maxLength": 1},
        "d": {"type": "string", "format": "date"},
        "e": {"type": "string", "minLength": 5},
    }});
    let made = made(&schema, Plan::ALL);
    let text = |key: &str| made.get(key).and_then(Value::as_str).unwrap_or_default();
    assert_eq!(
        (text("a"), text("c"), text("d"), text("e")),
        ("v2", "4", "2001-02-06", "v6xxx")
    );
    assert!(
        regex::Regex::new(r"^[A-Z]{3}-\d{1,2}$").is_ok_and(|r| r.is_match(text("b"))),
        "{made}"
    );
}
