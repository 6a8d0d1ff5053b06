//! `structuredContent` that conforms to the output schema: parts of an answer that break even the
//! relaxed schema are left out, with a note.

use super::ToolResult;
use crate::arguments::validate;
use crate::json::{Object, Value};

/// Notes that are worth reading.
const MAX_NOTES: usize = 5;

/// The result with structured content if it is a success without any: clients take a success of a tool
/// with an output schema for a failure when there is none, and a model then repeats a write.
pub(crate) fn complete(mut result: ToolResult, schema: Option<&Object>) -> ToolResult {
    if let Some(schema) = schema
        && result.error.is_none()
        && result.structured.is_none()
    {
        (result.structured, _) = conform(schema, Value::Object(Object::new()));
    }
    result
}

/// The value with what breaks the schema left out, and notes on it; `None` when nothing that is left
/// would conform.
///
/// A null is left out without a note: output schemas name plain types, since hosts trip over type
/// arrays, and a property that is null says no more than one that is not there.
pub(super) fn conform(schema: &Object, value: Value) -> (Option<Value>, Vec<String>) {
    let mut notes = Vec::new();
    let mut value = prune(schema, value, &mut String::new(), &mut notes).unwrap_or(Value::Null);
    // Each round takes out every part that is wrong now, deepest places first.
    for _ in 0..32 {
        let problems = validate(schema, &value);
        if problems.is_empty() {
            return (Some(value), notes);
        }
        let mut places: Vec<&str> = problems
            .iter()
            .map(|problem| problem.pointer.as_str())
            .collect();
        // Of an array the last items go first, so that the others keep their indices.
        places.sort_by_cached_key(|place| {
            let steps: Vec<(usize, &str)> = place
                .split('/')
                .map(|step| (step.parse().unwrap_or_default(), step))
                .collect();
            std::cmp::Reverse((steps.len(), steps))
        });
        places.dedup();
        let mut removed = false;
        for place in &places {
            removed |= remove(&mut value, place);
        }
        for problem in problems.iter().take(MAX_NOTES.saturating_sub(notes.len())) {
            notes.push(format!("{}: {}", problem.pointer, problem.message));
        }
        if !removed {
            // A property is missing, or the root itself is wrong: give up the object around it.
            let parents: Vec<String> = places
                .iter()
                .filter_map(|place| place.rsplit_once('/').map(|(parent, _)| parent.to_owned()))
                .filter(|parent| !parent.is_empty())
                .collect();
            let mut any = false;
            for parent in parents {
                any |= remove(&mut value, &parent);
            }
            if !any {
                break;
            }
        }
    }
    let empty = Value::Object(Object::new());
    (validate(schema, &empty).is_empty().then_some(empty), notes)
}

/// Walks schema and value side by side, once: type, properties and items are all that a generated
/// output schema says. Schemas of custom tools may say more; the rounds of [`conform`] see to that.
fn prune(
    schema: &Object,
    value: Value,
    place: &mut String,
    notes: &mut Vec<String>,
) -> Option<Value> {
    let expected = schema.get("type").and_then(Value::as_str);
    if let Some(expected) = expected
        && !is_a(&value, expected)
    {
        if !value.is_null() && notes.len() < MAX_NOTES {
            notes.push(format!(
                "{place}: expected {expected}, got {}",
                kind(&value)
            ));
        }
        return None;
    }
    let depth = place.len();
    match value {
        Value::Object(object) => {
            let properties = schema.get("properties");
            let additional = schema.get("additionalProperties");
            let kept = object.into_iter().filter_map(|(key, inner)| {
                let own = properties
                    .and_then(|p| p.get(&key))
                    .or(additional)
                    .and_then(Value::as_object);
                let Some(own) = own else {
                    return Some((key, inner));
                };
                place.push('/');
                place.push_str(&key.replace('~', "~0").replace('/', "~1"));
                let inner = prune(own, inner, place, notes);
                place.truncate(depth);
                Some((key, inner?))
            });
            Some(Value::Object(kept.collect()))
        }
        Value::Array(items) => {
            let Some(own) = schema.get("items").and_then(Value::as_object) else {
                return Some(Value::Array(items));
            };
            let kept = items.into_iter().enumerate().filter_map(|(i, inner)| {
                place.push('/');
                place.push_str(&i.to_string());
                let inner = prune(own, inner, place, notes);
                place.truncate(depth);
                inner
            });
            Some(Value::Array(kept.collect()))
        }
        scalar => Some(scalar),
    }
}

fn is_a(value: &Value, expected: &str) -> bool {
    match expected {
        "integer" => {
            value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|f| f.fract() == 0.0)
        }
        "number" => value.is_number(),
        "null" => value.is_null(),
        other => kind(value) == other,
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// Takes the value at a place out of the object or array around it.
fn remove(value: &mut Value, pointer: &str) -> bool {
    let Some((parent, key)) = pointer.rsplit_once('/') else {
        return false;
    };
    match value.pointer_mut(parent) {
        Some(Value::Object(object)) => object
            .shift_remove(&key.replace("~1", "/").replace("~0", "~"))
            .is_some(),
        Some(Value::Array(items)) => match key.parse::<usize>() {
            Ok(index) if index < items.len() => {
                items.remove(index);
                true
            }
            _ => false,
        },
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_breaks_the_schema_is_left_out() {
        let schema = json!({"type": "object", "properties": {
            "id": {"type": "integer"},
            "lines": {"type": "array", "items": {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}},
        }});
        let Value::Object(schema) = schema else {
            return;
        };
        let answer = json!({"id": "x", "extra": null, "lines": [{"n": 1}, {"n": "2"}, {}, 3]});
        let (value, notes) = conform(&schema, answer);
        assert_eq!(value, Some(json!({"extra": null, "lines": [{"n": 1}]})));
        assert!(
            notes
                .iter()
                .any(|note| note.starts_with("/id: expected integer, got string")),
            "{notes:?}"
        );
        assert_eq!(conform(&schema, json!([1])).0, Some(json!({})));
    }

    #[test]
    fn nulls_are_left_out_without_a_note_however_many_there_are() {
        let schema = json!({"type": "object", "properties": {"data": {"type": "array", "items": {
            "type": "object", "properties": {"id": {"type": "integer"}, "phone": {"type": "string"}}}}}});
        let Value::Object(schema) = schema else {
            return;
        };
        let rows = |row: Value| json!({"data": vec![row; 2_000]});
        let (value, notes) = conform(&schema, rows(json!({"id": 1, "phone": null})));
        assert_eq!((value, notes), (Some(rows(json!({"id": 1}))), Vec::new()));
    }

    #[test]
    fn of_an_array_only_wrong_items_go() {
        let schema = json!({"type": "object", "properties": {"lines": {"type": "array", "items": {
            "type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}}}});
        let Value::Object(schema) = schema else {
            return;
        };
        let line = |n: usize| {
            if n == 9 || n == 10 {
                json!({})
            } else {
                json!({ "n": n })
            }
        };
        let all: Vec<Value> = (0..13).map(line).collect();
        let good: Vec<Value> = (0..13)
            .map(line)
            .filter(|line| *line != json!({}))
            .collect();
        let (value, _) = conform(&schema, json!({ "lines": all }));
        assert_eq!(value, Some(json!({ "lines": good })));
    }
}
