//! `structuredContent` that conforms to the output schema: parts of an answer that break even the
//! relaxed schema are left out, with a note.

use super::ToolResult;
use super::scalars::{read_as, says_nothing};
use super::shown::NOTES;
use crate::arguments::validate;
use crate::json::place::{escaped, unescaped};
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

/// The same with words on it in the structured content, where the schema has a place for them.
pub(crate) fn with_notes(result: ToolResult, schema: Option<&Object>, said: &[&str]) -> ToolResult {
    let mut result = complete(result, schema);
    let is_open = schema.is_none_or(|schema| !schema.contains_key("additionalProperties"));
    if is_open && let Some(Value::Object(object)) = &mut result.structured {
        let notes = object
            .entry(NOTES)
            .or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(notes) = notes {
            notes.extend(said.iter().map(|note| Value::from(*note)));
        }
    }
    result
}

/// The value with what breaks the schema left out, and notes on it; `None` when nothing that is left
/// would conform.
///
/// A null is left out without a note: output schemas name plain types, since hosts trip over type
/// arrays, and a property that is null says no more than one that is not there. A plain value that came in another
/// form (`"7"` for 7) is read as what is declared.
pub(super) fn conform(schema: &Object, value: Value) -> (Option<Value>, Vec<String>) {
    let mut pruning = Pruning::default();
    let mut value = value;
    if !pruning.keeps(schema, &mut value) {
        value = Value::Null;
    } else if pruning.saw_all {
        return (Some(value), pruning.notes);
    }
    let mut notes = pruning.notes;
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

/// What a schema may say that says nothing of values.
const WORDS: [&str; 2] = ["description", "title"];

/// A walk over schema and value side by side, once: type, properties and items are all that a generated output schema
/// says. Schemas of custom tools may say more; the rounds of [`conform`] see to that.
struct Pruning {
    place: String,
    notes: Vec<String>,
    /// Whether the schemas on the way say nothing else, so that what is kept conforms.
    saw_all: bool,
}

impl Default for Pruning {
    fn default() -> Self {
        Self {
            place: String::new(),
            notes: Vec::new(),
            saw_all: true,
        }
    }
}

impl Pruning {
    /// Takes out of a value what breaks its schema; whether the value itself may stay.
    fn keeps(&mut self, schema: &Object, value: &mut Value) -> bool {
        let expected = schema.get("type");
        let says_more = |(name, said): (&String, &Value)| match name.as_str() {
            "type" => !said.is_string(),
            "properties" | "items" | "additionalProperties" => !said.is_object(),
            name => !WORDS.contains(&name),
        };
        self.saw_all &= !schema.iter().any(says_more);
        if let Some(expected) = expected.and_then(Value::as_str)
            && !is_a(value, expected)
        {
            if let Some(read) = read_as(value, expected) {
                *value = read;
                return true;
            }
            if !says_nothing(value, expected) && self.notes.len() < MAX_NOTES {
                let (place, got) = (&self.place, kind(value));
                let note = format!("{place}: expected {expected}, got {got}");
                self.notes.push(note);
            }
            return false;
        }
        let depth = self.place.len();
        match value {
            Value::Object(object) => {
                let properties = schema.get("properties");
                let additional = schema.get("additionalProperties");
                object.retain(|key, inner| {
                    let said = properties.and_then(|p| p.get(key)).or(additional);
                    let Some(own) = said.and_then(Value::as_object) else {
                        // Nothing is said of it, or `true` or `false` is.
                        self.saw_all &= said.is_none();
                        return true;
                    };
                    self.place.push('/');
                    self.place.push_str(&escaped(key));
                    let keeps = self.keeps(own, inner);
                    self.place.truncate(depth);
                    keeps
                });
            }
            Value::Array(items) => {
                let Some(own) = schema.get("items").and_then(Value::as_object) else {
                    return true;
                };
                let mut index = 0_usize;
                items.retain_mut(|inner| {
                    self.place.push('/');
                    self.place.push_str(&index.to_string());
                    let keeps = self.keeps(own, inner);
                    self.place.truncate(depth);
                    index = index.saturating_add(1);
                    keeps
                });
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
        true
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
        Some(Value::Object(object)) => object.shift_remove(&unescaped(key)).is_some(),
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
        let answer = json!({"id": "x", "extra": null, "lines": [{"n": 1}, {"n": "x"}, {}, 3]});
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
    fn plain_values_in_another_form_are_read_as_what_is_declared() {
        let record = json!({"type": "object", "properties": {"id": {"type": "integer"}, "paid": {"type": "boolean"},
            "sum": {"type": "number"}, "code": {"type": "string"}, "custom": {"type": "object"},
            "ids": {"type": "array", "items": {"type": "integer"}}}});
        let schema =
            json!({"type": "object", "properties": {"data": {"type": "array", "items": record}}});
        let Value::Object(schema) = schema else {
            return;
        };
        let row = json!({"id": "7", "paid": "1", "sum": "9.50", "code": 26, "custom": [], "ids": ["1", "x", ""]});
        let (value, notes) = conform(&schema, json!({"data": [row]}));
        let read = json!({"id": 7, "paid": true, "sum": 9.5, "code": "26", "ids": [1]});
        assert_eq!(value, Some(json!({"data": [read]})));
        assert_eq!(notes, ["/data/0/ids/1: expected integer, got string"]);
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

    /// What is not validated a second time conforms all the same.
    #[test]
    fn what_is_kept_by_a_schema_of_types_alone_conforms() {
        let of = |kind: &str| json!({"type": kind, "title": "t", "description": "d"});
        let kinds = [
            "string", "integer", "number", "boolean", "object", "array", "null",
        ];
        let values = json!([
            null, true, 0, 1.0, 1.5, -3, 1e300, "", "text", [], [1, "a", null], {}, {"a": 1, "b/~": [1.5, 2]},
        ]);
        for kind in kinds {
            let schema = json!({
                "type": "object",
                "properties": {"one": of(kind), "all": {"type": "array", "items": of(kind)}},
                "additionalProperties": {"type": "object", "additionalProperties": of(kind)},
            });
            let Value::Object(schema) = schema else {
                continue;
            };
            for one in values.as_array().into_iter().flatten() {
                let value = json!({"one": one, "all": values, "more": {"a": one}, "none": one});
                let (value, _) = conform(&schema, value);
                let problems = value.map(|value| validate(&schema, &value).is_empty());
                assert_eq!(problems, Some(true), "{kind}: {one}");
            }
        }
        // What else a schema says is looked at, wherever it says it.
        for more in [
            json!({"minimum": 5}),
            json!({"enum": [7]}),
            json!({"type": ["string", "null"]}),
            json!({"const": 5}),
        ] {
            let schema =
                json!({"type": "object", "properties": {"list": {"type": "array", "items": more}}});
            let Value::Object(schema) = schema else {
                continue;
            };
            let (value, _) = conform(&schema, json!({"list": [1]}));
            assert_eq!(value, Some(json!({"list": []})), "{more}");
        }
        let closed = json!({"type": "object", "additionalProperties": false});
        if let Value::Object(closed) = closed {
            assert_eq!(conform(&closed, json!({"a": 1})).0, Some(json!({})));
        }
    }
}
