//! Values made up from a schema: those that it names itself, else the plainest of its type.

use serde_json::{Map, Value, json};

use super::required;
use crate::names::words;

/// Levels of a value that are made.
const DEEPEST: usize = 4;
/// Schemas that are looked at for one value.
const MOST_TRIED: usize = 200;
/// Most items of a list that are made.
const MOST_ITEMS: u64 = 5;

/// A value for a property of an object schema, which is the root.
pub(super) fn property(root: &Value, name: &str) -> Option<Value> {
    let schema = root.get("properties")?.get(name)?;
    let mut maker = Maker {
        root,
        left: MOST_TRIED,
    };
    maker.value(schema, name, 0)
}

struct Maker<'a> {
    root: &'a Value,
    left: usize,
}

impl<'a> Maker<'a> {
    fn value(&mut self, schema: &'a Value, name: &str, depth: usize) -> Option<Value> {
        self.left = self.left.checked_sub(1)?;
        if depth > DEEPEST {
            return None;
        }
        if let Some(place) = schema.get("$ref").and_then(Value::as_str) {
            let target = self.root.pointer(place.strip_prefix('#')?)?;
            return self.value(target, name, depth.saturating_add(1));
        }
        let first = |keyword: &str| schema.get(keyword)?.as_array()?.first().cloned();
        let one = |keyword: &str| schema.get(keyword).cloned();
        // Nothing is a default, and no example.
        let default = || one("default").filter(|value| !is_empty(value));
        let said = first("examples").or_else(|| one("const"));
        let said = said.or_else(default).or_else(|| first("enum"));
        if said.is_some() {
            return said;
        }
        for keyword in ["anyOf", "oneOf"] {
            if let Some(forms) = schema.get(keyword).and_then(Value::as_array) {
                let mut forms = forms.iter();
                return forms.find_map(|form| self.value(form, name, depth.saturating_add(1)));
            }
        }
        let types = schema.get("type")?;
        let is = |wanted: &str| match types {
            Value::Array(types) => types.iter().any(|one| one == wanted),
            one => one == wanted,
        };
        if is("string") {
            text(schema, name).map(Value::from)
        } else if is("integer") || is("number") {
            number(schema)
        } else if is("boolean") {
            Some(Value::Bool(true))
        } else if is("array") {
            let least = schema.get("minItems").and_then(Value::as_u64).unwrap_or(1);
            let item = self.value(schema.get("items")?, name, depth.saturating_add(1))?;
            let items = 0..least.max(1);
            (least <= MOST_ITEMS).then(|| items.map(|_| item.clone()).collect())
        } else if is("object") {
            self.object(schema, depth)
        } else {
            None
        }
    }

    /// What is required; of an object that requires nothing, nobody knows what is meant.
    fn object(&mut self, schema: &'a Value, depth: usize) -> Option<Value> {
        let properties = schema.get("properties")?.as_object()?;
        // A file has content in either of two ways, and none is worth making up.
        if properties.contains_key("data_base64") {
            return None;
        }
        let mut object = Map::new();
        for name in required(schema) {
            let value = self.value(properties.get(name)?, name, depth.saturating_add(1))?;
            object.insert(name.to_owned(), value);
        }
        (!object.is_empty()).then_some(Value::Object(object))
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::String(text) => text.is_empty(),
        Value::Null => true,
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// The words of the name, or what the format asks for.
fn text(schema: &Value, name: &str) -> Option<String> {
    if schema.get("pattern").is_some() {
        return None;
    }
    let format = schema.get("format").and_then(Value::as_str);
    let made = match format.unwrap_or_default() {
        "date" => "2026-12-05".to_owned(),
        "date-time" => "2026-12-05T14:30:00Z".to_owned(),
        "uuid" => "3fa85f64-5717-4562-b3fc-2c963f66afa6".to_owned(),
        "email" => "ann@example.com".to_owned(),
        "uri" => "https://example.com/".to_owned(),
        _ => words(name).join(" "),
    };
    let made = if made.is_empty() {
        "text".to_owned()
    } else {
        made
    };
    let limit = |keyword: &str| schema.get(keyword).and_then(Value::as_u64);
    let most = limit("maxLength").unwrap_or(u64::MAX);
    let length = made.chars().count() as u64;
    let fits = limit("minLength").unwrap_or(0) <= length;
    if length <= most {
        fits.then_some(made)
    } else {
        let most = usize::try_from(most).ok()?;
        Some(made.chars().take(most).collect())
    }
}

fn number(schema: &Value) -> Option<Value> {
    if let Some(least) = schema.get("minimum") {
        return Some(least.clone());
    }
    if let Some(over) = schema.get("exclusiveMinimum") {
        return Some(json!(over.as_i64()?.checked_add(1)?));
    }
    let one = schema.get("multipleOf").or_else(|| schema.get("maximum"));
    Some(one.cloned().unwrap_or_else(|| json!(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_the_schemas_own_or_the_plainest() {
        let line = json!({"type": "object", "properties": {"note": {"type": "string"},
            "item_id": {"type": "integer"}}, "required": ["item_id"]});
        for (schema, expected) in [
            (json!({"type": "string"}), Some(json!("due date"))),
            (
                json!({"type": "string", "format": "date"}),
                Some(json!("2026-12-05")),
            ),
            (
                json!({"type": "string", "examples": ["a"]}),
                Some(json!("a")),
            ),
            (json!({"type": "string", "pattern": "x"}), None),
            (
                json!({"type": "string", "maxLength": 3}),
                Some(json!("due")),
            ),
            (json!({"type": "integer", "minimum": 3}), Some(json!(3))),
            (json!({"enum": ["b", "c"]}), Some(json!("b"))),
            (
                json!({"type": "array", "items": {"type": "string"}, "default": []}),
                Some(json!(["due date"])),
            ),
            (
                json!({"type": "array", "items": line, "minItems": 2}),
                Some(json!([{"item_id": 1}, {"item_id": 1}])),
            ),
            (
                json!({"anyOf": [{"type": "null"}, {"type": "boolean"}]}),
                Some(json!(true)),
            ),
            (json!({"$ref": "#/properties/due_date"}), None),
            (
                json!({"type": "object", "properties": {"filename": {"type": "string"}, "data_base64": {}},
                    "required": ["filename"]}),
                None,
            ),
            (
                json!({"type": "object", "properties": {"a": {"type": "string"}}}),
                None,
            ),
            (json!({}), None),
        ] {
            let root = json!({"properties": {"due_date": schema}});
            assert_eq!(property(&root, "due_date"), expected, "{root}");
        }
    }
}
