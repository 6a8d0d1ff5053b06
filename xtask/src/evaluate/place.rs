//! Places in answers, and values carried from one answer into later calls.
//!
//! A place is a JSON Pointer (RFC 6901) with two more steps: `name=Acme Corp` is the first item whose
//! `name` is that, and `#` how many items there are.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// Values that answers gave, by the name that a task gives them.
pub type Kept = BTreeMap<String, Value>;

/// What stands at a place, if anything does.
pub fn at(value: &Value, place: &str) -> Option<Value> {
    let steps: Vec<&str> = place.split('/').skip(1).collect();
    let mut here = value;
    for step in steps {
        let step = step.replace("~1", "/").replace("~0", "~");
        here = match here {
            Value::Array(items) if step == "#" => return Some(Value::from(items.len())),
            Value::Array(items) => match step.split_once('=') {
                Some((name, wanted)) => items
                    .iter()
                    .find(|item| item.get(name).is_some_and(|value| text(value) == wanted))?,
                None => items.get(step.parse::<usize>().ok()?)?,
            },
            Value::Object(object) => object.get(&step)?,
            _ => return None,
        };
    }
    Some(here.clone())
}

/// A value with every `{name}` filled in: as it is where a text is nothing else, as text within others.
///
/// # Errors
/// The name that nothing was kept under.
pub fn filled(value: &Value, kept: &Kept) -> Result<Value, String> {
    match value {
        Value::String(template) => {
            let whole = template
                .strip_prefix('{')
                .and_then(|rest| rest.strip_suffix('}'));
            if let Some(name) = whole.filter(|name| !name.contains(['{', '}'])) {
                let value = kept.get(name).cloned();
                return value.ok_or_else(|| format!("nothing was kept as {{{name}}}"));
            }
            filled_text(template, kept).map(Value::String)
        }
        Value::Array(items) => items.iter().map(|item| filled(item, kept)).collect(),
        Value::Object(object) => {
            let members = object
                .iter()
                .map(|(name, value)| Ok((name.clone(), filled(value, kept)?)));
            members.collect::<Result<Map<_, _>, _>>().map(Value::Object)
        }
        other => Ok(other.clone()),
    }
}

/// The same within a text.
///
/// # Errors
/// As [`filled`].
pub fn filled_text(template: &str, kept: &Kept) -> Result<String, String> {
    let mut made = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else {
            break;
        };
        let value = kept
            .get(name)
            .ok_or_else(|| format!("nothing was kept as {{{name}}}"))?;
        made.push_str(before);
        made.push_str(&text(value));
        rest = after;
    }
    made.push_str(rest);
    Ok(made)
}

/// A value as it stands within a text.
pub fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn places_lead_through_lists_by_number_and_by_what_an_item_says() {
        let answer = json!({"data": [{"id": 1, "name": "A"}, {"id": 2, "name": "B"}]});
        for (place, expected) in [
            ("/data/0/id", Some(json!(1))),
            ("/data/name=B/id", Some(json!(2))),
            ("/data/id=2/name", Some(json!("B"))),
            ("/data/#", Some(json!(2))),
            ("/data/name=C/id", None),
            ("/data/2", None),
            ("/else", None),
        ] {
            assert_eq!(at(&answer, place), expected, "{place}");
        }
    }

    #[test]
    fn what_was_kept_keeps_its_type_unless_it_stands_in_a_text() {
        let kept = Kept::from([("id".to_owned(), json!(7))]);
        let made = filled(&json!({"a": "{id}", "b": ["no {id}"], "c": 1}), &kept);
        assert_eq!(made, Ok(json!({"a": 7, "b": ["no 7"], "c": 1})));
        assert!(filled(&json!("{other}"), &kept).is_err());
    }
}
