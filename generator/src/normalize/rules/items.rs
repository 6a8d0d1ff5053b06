//! Arrays: `items` as a list is a tuple of older drafts; a missing `items` allows anything.

use serde_json::{Value, json};

use super::{Schema, Schemas, Site};

/// `items: [A, B]` with `additionalItems` → `prefixItems: [A, B]` with `items`
/// (JSON Schema 2020-12 §10.3.1).
pub(super) fn tuples(schema: &mut Schema, _: &Site<'_>, _: &mut Schemas<'_>) {
    if !schema.get("items").is_some_and(Value::is_array) {
        return;
    }
    let Some(prefix) = schema.shift_remove("items") else {
        return;
    };
    if prefix.as_array().is_some_and(|list| !list.is_empty()) {
        schema.entry("prefixItems").or_insert(prefix);
    }
    if let Some(rest) = schema.shift_remove("additionalItems") {
        schema.insert("items".to_owned(), rest);
    }
}

/// `unevaluatedItems` is `items` where no other keyword speaks of items (JSON Schema core §11.2).
pub(super) fn unevaluated(schema: &mut Schema, _: &Site<'_>, _: &mut Schemas<'_>) {
    let elsewhere = [
        "items",
        "contains",
        "allOf",
        "anyOf",
        "oneOf",
        "if",
        "not",
        "dependentSchemas",
        "dependencies",
        "$ref",
        "$dynamicRef",
    ];
    if !elsewhere
        .iter()
        .any(|keyword| schema.contains_key(*keyword))
        && let Some(rest) = schema.shift_remove("unevaluatedItems")
    {
        schema.insert("items".to_owned(), rest);
    }
}

/// `prefixItems` with `items: false` has no further items. Tool schemas say that as a length, which
/// more clients understand.
pub(super) fn closed_tuples(schema: &mut Schema, _: &Site<'_>, _: &mut Schemas<'_>) {
    if schema.get("items") != Some(&Value::Bool(false)) {
        return;
    }
    let Some(length) = schema.get("prefixItems").and_then(Value::as_array) else {
        return;
    };
    let length = length.len() as u64;
    let shorter = schema.get("maxItems").and_then(Value::as_u64);
    if shorter.is_none_or(|most| most > length) {
        schema.insert("maxItems".to_owned(), json!(length));
    }
}

/// An array without `items` gets `items: {}` (OpenAPI 3.0 requires it, many documents forget it).
pub(super) fn add_missing(schema: &mut Schema, _: &Site<'_>, _: &mut Schemas<'_>) {
    let is_array = match schema.get("type") {
        Some(Value::String(name)) => name == "array",
        Some(Value::Array(names)) => names.iter().any(|name| name == "array"),
        _ => false,
    };
    if is_array && !schema.contains_key("items") && !schema.contains_key("prefixItems") {
        schema.insert("items".to_owned(), json!({}));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::normalized;

    #[test]
    fn arrays_have_items() {
        for (before, after) in [
            (
                json!({"type": "array"}),
                json!({"type": "array", "items": {}}),
            ),
            (
                json!({"type": ["array", "null"]}),
                json!({"type": ["array", "null"], "items": {}}),
            ),
            (
                json!({"type": "array", "items": [true, {"example": 1}], "additionalItems": false}),
                json!({
                    "type": "array", "prefixItems": [true, {"examples": [1]}], "items": false,
                    "maxItems": 2,
                }),
            ),
            (
                json!({"prefixItems": [true, true], "items": false, "maxItems": 1}),
                json!({"prefixItems": [true, true], "items": false, "maxItems": 1}),
            ),
            (
                json!({"prefixItems": [true, true], "items": {}}),
                json!({"prefixItems": [true, true], "items": {}}),
            ),
            (
                json!({"type": "array", "items": []}),
                json!({"type": "array", "items": {}}),
            ),
            (
                json!({"type": "array", "items": true}),
                json!({"type": "array", "items": true}),
            ),
            (
                json!({"type": "array", "prefixItems": [true], "unevaluatedItems": false}),
                json!({"type": "array", "prefixItems": [true], "items": false, "maxItems": 1}),
            ),
            (
                json!({"unevaluatedItems": {"type": "integer"}}),
                json!({"items": {"type": "integer"}}),
            ),
            // What matches `contains` is spoken of too (§10.3.1.3).
            (
                json!({"contains": {"const": 1}, "unevaluatedItems": false}),
                json!({"contains": {"const": 1}, "unevaluatedItems": false}),
            ),
            (json!({"minItems": 1}), json!({"minItems": 1})),
        ] {
            assert_eq!(normalized(before.clone()), (after, vec![]), "{before}");
        }
    }
}
