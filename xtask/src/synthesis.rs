//! Arguments made up for a tool: what its schema requires and no more.

use serde_json::{Map, Value, json};

/// An argument object with every required property.
pub fn arguments(schema: &Value) -> Value {
    value(schema, schema, 0)
}

fn value(schema: &Value, root: &Value, depth: usize) -> Value {
    if depth > 12 {
        return Value::Null;
    }
    let schema = resolved(schema, root);
    if let Some(only) = schema.get("const") {
        return only.clone();
    }
    if let Some(first) = schema
        .get("enum")
        .and_then(Value::as_array)
        .and_then(|all| all.first())
    {
        return first.clone();
    }
    for union in ["oneOf", "anyOf"] {
        if let Some(first) = schema
            .get(union)
            .and_then(Value::as_array)
            .and_then(|all| all.first())
        {
            return value(first, root, depth.saturating_add(1));
        }
    }
    match schema.get("type").and_then(Value::as_str) {
        Some("integer" | "number") => number(schema),
        Some("boolean") => json!(true),
        Some("array") => array(schema, root, depth),
        Some("object") => object(schema, root, depth),
        Some("null") => Value::Null,
        _ => text(schema),
    }
}

fn resolved<'v>(schema: &'v Value, root: &'v Value) -> &'v Value {
    schema
        .get("$ref")
        .and_then(Value::as_str)
        .and_then(|reference| reference.strip_prefix('#'))
        .and_then(|pointer| root.pointer(pointer))
        .unwrap_or(schema)
}

fn number(schema: &Value) -> Value {
    let bound = |key: &str| schema.get(key).and_then(Value::as_i64);
    let least = bound("minimum").or_else(|| bound("exclusiveMinimum").map(|n| n.saturating_add(1)));
    let most = bound("maximum").or_else(|| bound("exclusiveMaximum").map(|n| n.saturating_sub(1)));
    let step = bound("multipleOf").unwrap_or(1).max(1);
    let number = least.unwrap_or(1).max(1).min(most.unwrap_or(i64::MAX));
    json!(number.saturating_add(step.saturating_sub(1)) / step * step)
}

fn array(schema: &Value, root: &Value, depth: usize) -> Value {
    let least = schema
        .get("minItems")
        .and_then(Value::as_u64)
        .unwrap_or(1)
        .clamp(1, 8);
    let item = schema.get("items").map_or_else(
        || json!("x"),
        |items| value(items, root, depth.saturating_add(1)),
    );
    Value::Array((0..least).map(|_| item.clone()).collect())
}

fn object(schema: &Value, root: &Value, depth: usize) -> Value {
    let required = schema.get("required").and_then(Value::as_array);
    let properties = schema.get("properties");
    let members: Map<String, Value> = required
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(|name| {
            let property = properties
                .and_then(|all| all.get(name))
                .unwrap_or(&Value::Null);
            let made = value(property, root, depth.saturating_add(1));
            // An id is a number in most services, also where the document says text.
            let is_id =
                name.eq_ignore_ascii_case("id") || name.ends_with("_id") || name.ends_with("Id");
            let made = if is_id && made == "x" {
                json!("1")
            } else {
                made
            };
            (name.to_owned(), made)
        })
        .collect();
    Value::Object(members)
}

fn text(schema: &Value) -> Value {
    let made = match schema.get("format").and_then(Value::as_str) {
        Some("date-time") => "2026-01-02T03:04:05Z",
        Some("date") => "2026-01-02",
        Some("time") => "03:04:05Z",
        Some("uuid") => "6f1c2b9e-3a54-4d7c-8b1f-0a2d4c6e8f10",
        Some("email") => "a@example.com",
        Some("uri" | "url") => "https://example.com/",
        Some("ipv4") => "192.0.2.1",
        _ => "x",
    };
    let least = schema
        .get("minLength")
        .and_then(Value::as_u64)
        .unwrap_or(0)
        .min(1024);
    let missing = usize::try_from(least)
        .unwrap_or(0)
        .saturating_sub(made.len());
    json!(format!("{made}{}", "x".repeat(missing)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_required_is_made_up() {
        let schema = json!({
            "type": "object",
            "properties": {
                "customer_id": {"type": "string"},
                "limit": {"type": "integer"},
                "on": {"type": "string", "format": "date"},
                "state": {"type": "string", "enum": ["open", "shut"]},
                "step": {"type": "integer", "minimum": 5, "multipleOf": 4},
                "who": {"$ref": "#/$defs/who"},
            },
            "required": ["customer_id", "on", "state", "step", "who"],
            "$defs": {"who": {"type": "array", "items": {"type": "string", "minLength": 3}}},
        });
        let expected = json!({"customer_id": "1", "on": "2026-01-02", "state": "open", "step": 8, "who": ["xxx"]});
        assert_eq!(arguments(&schema), expected);
    }
}
