//! `structuredContent` that conforms to the output schema: parts of an answer that break even the
//! relaxed schema are left out, with a note.

use crate::arguments::validate;
use crate::json::{Object, Value};

/// Notes that are worth reading.
const MAX_NOTES: usize = 5;

/// The value with what breaks the schema left out, and notes on it; `None` when nothing that is left
/// would conform.
pub(super) fn conform(schema: &Object, mut value: Value) -> (Option<Value>, Vec<String>) {
    let mut notes = Vec::new();
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
        places.sort_by_key(|place| std::cmp::Reverse((place.matches('/').count(), *place)));
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
                .any(|note| note.starts_with("/id: expected an integer")),
            "{notes:?}"
        );
        assert_eq!(conform(&schema, json!([1])).0, Some(json!({})));
    }
}
