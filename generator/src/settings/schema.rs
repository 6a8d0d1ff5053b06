//! The JSON Schema of `mcpwright.toml`, for editors.

use serde_json::{Map, Value, json};

use super::shape::{Key, Shape};
use super::vocabulary::ROOT;

/// The JSON Schema (draft 2020-12) of `mcpwright.toml`; `mcpwright schema` prints it.
#[must_use]
pub fn json_schema() -> Value {
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "mcpwright.toml",
        "description": "Settings of an MCP server that mcpwright generates from an OpenAPI document.",
    });
    if let Some(object) = schema.as_object_mut() {
        object.extend(table(ROOT));
    }
    schema
}

fn table(keys: &[Key]) -> Map<String, Value> {
    let mut schema = Map::new();
    schema.insert("type".to_owned(), json!("object"));
    let properties: Map<String, Value> = keys
        .iter()
        .map(|key| {
            let mut schema = shape(key.shape);
            schema.insert("description".to_owned(), json!(key.about));
            (key.name.to_owned(), Value::Object(schema))
        })
        .collect();
    schema.insert("properties".to_owned(), Value::Object(properties));
    let required: Vec<&str> = keys.iter().filter(|k| k.required).map(|k| k.name).collect();
    if !required.is_empty() {
        schema.insert("required".to_owned(), json!(required));
    }
    schema.insert("additionalProperties".to_owned(), json!(false));
    schema
}

fn shape(shape: Shape) -> Map<String, Value> {
    let schema = match shape {
        Shape::Text => json!({"type": "string"}),
        Shape::Pointer => json!({"type": "string", "pattern": "^(/|$)"}),
        Shape::Flag => json!({"type": "boolean"}),
        Shape::Whole => json!({"type": "integer", "minimum": 0}),
        Shape::Any => json!({}),
        Shape::Words(words) => json!({"enum": words}),
        Shape::List(inner) => json!({"type": "array", "items": self::shape(*inner)}),
        Shape::Map(inner) => {
            json!({"type": "object", "additionalProperties": self::shape(*inner)})
        }
        Shape::Table(keys) => return table(keys),
        Shape::TextOr(keys) => json!({"anyOf": [{"type": "string"}, table(keys)]}),
        Shape::OneOrMore(inner) => {
            let inner = self::shape(*inner);
            json!({"anyOf": [inner, {"type": "array", "items": inner}]})
        }
        Shape::OneOrMap(inner) => {
            let inner = self::shape(*inner);
            json!({"anyOf": [inner, {"type": "object", "additionalProperties": inner}]})
        }
    };
    match schema {
        Value::Object(object) => object,
        _ => Map::new(),
    }
}
