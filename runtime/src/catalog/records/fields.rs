//! Fields of a schema, in short: type, whether it is required, valid values.

use serde_json::json;

use crate::json::{Object, Value};

/// References that are followed from one field.
const MOST_HOPS: usize = 8;

/// `{field: {type, required, enum, format}}` of a tool's arguments, without the record's id.
pub(super) fn fields(schema: &Object, id: Option<&str>) -> Object {
    let required = schema.get("required").and_then(Value::as_array);
    let is_required = |name: &str| {
        required.is_some_and(|names| names.iter().any(|known| known.as_str() == Some(name)))
    };
    let properties = schema.get("properties").and_then(Value::as_object);
    properties
        .into_iter()
        .flatten()
        .filter(|(name, _)| Some(name.as_str()) != id)
        .map(|(name, property)| {
            let mut shown = shape(schema, property);
            if is_required(name) {
                shown.insert("required".to_owned(), true.into());
            }
            (name.clone(), Value::Object(shown))
        })
        .collect()
}

fn shape(root: &Object, property: &Value) -> Object {
    let property = resolved(root, property);
    let mut shown = Object::new();
    let Some(property) = property.as_object() else {
        return shown;
    };
    if let Some(kind) = kind(root, property) {
        shown.insert("type".to_owned(), kind);
    }
    for keyword in ["enum", "format", "default"] {
        if let Some(value) = property.get(keyword) {
            shown.insert(keyword.to_owned(), value.clone());
        }
    }
    if let Some(items) = property.get("items") {
        let items = shape(root, items);
        if let Some(values) = items.get("enum") {
            shown.insert("enum".to_owned(), values.clone());
        }
    }
    shown
}

/// The type; of a union, those of its branches.
fn kind(root: &Object, schema: &Object) -> Option<Value> {
    if let Some(kind) = schema.get("type") {
        return Some(kind.clone());
    }
    let branches = ["anyOf", "oneOf"]
        .into_iter()
        .filter_map(|keyword| schema.get(keyword));
    let mut kinds: Vec<Value> = Vec::new();
    for branch in branches.filter_map(Value::as_array).flatten() {
        if let Some(kind) = resolved(root, branch).get("type")
            && !kinds.contains(kind)
        {
            kinds.push(kind.clone());
        }
    }
    match kinds.as_slice() {
        [] => None,
        [one] => Some(one.clone()),
        _ => Some(json!(kinds)),
    }
}

fn resolved<'a>(root: &'a Object, schema: &'a Value) -> &'a Value {
    let mut schema = schema;
    for _ in 0..MOST_HOPS {
        let name = schema
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|reference| reference.strip_prefix("#/$defs/"));
        match name.and_then(|name| root.get("$defs")?.get(name)) {
            Some(target) => schema = target,
            None => break,
        }
    }
    schema
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn fields_say_type_requirement_and_valid_values() {
        let schema = json!({
            "type": "object",
            "properties": {
                "id": {"type": "integer"},
                "status": {"type": "string", "enum": ["a", "b"], "description": "long"},
                "tags": {"type": "array", "items": {"$ref": "#/$defs/tag"}},
                "when": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
                "how": {"oneOf": [{"type": "object"}, {"type": "object"}]},
                "loop": {"$ref": "#/$defs/loop"},
            },
            "required": ["id", "status"],
            "$defs": {"tag": {"type": "string", "enum": ["x"]}, "loop": {"$ref": "#/$defs/loop"}},
        });
        let fields = super::fields(
            schema.as_object().unwrap_or(&Default::default()),
            Some("id"),
        );
        assert_eq!(
            serde_json::Value::Object(fields),
            json!({
                "status": {"type": "string", "enum": ["a", "b"], "required": true},
                "tags": {"type": "array", "enum": ["x"]},
                "when": {"type": ["string", "integer"]},
                "how": {"type": "object"},
                "loop": {},
            })
        );
    }
}
