//! Names that only answers carry (`readOnly`, OpenAPI 3.2 §4.24: not sent in requests). Where a schema
//! allows further names, a model may give them all the same: it has seen them in an answer.

use std::borrow::Cow;

use crate::json::{Object, Value};

/// The arguments without what stands at these places (see
/// [`crate::operation::OperationDef::read_only`]).
pub(super) fn without<'a>(arguments: &'a Object, places: &[&str]) -> Cow<'a, Object> {
    let mut left = Cow::Borrowed(arguments);
    for place in places {
        let steps: Vec<String> = place
            .split('/')
            .skip(1)
            .map(|step| step.replace("~1", "/").replace("~0", "~"))
            .collect();
        let Some((name, way)) = steps.split_last() else {
            continue;
        };
        let Some((first, way)) = way.split_first() else {
            continue;
        };
        if left.get(first).is_some_and(|value| holds(value, way, name))
            && let Some(value) = left.to_mut().get_mut(first)
        {
            remove(value, way, name);
        }
    }
    left
}

/// Whether an object at the end of the way has the name.
fn holds(value: &Value, way: &[String], name: &str) -> bool {
    let Some((step, rest)) = way.split_first() else {
        return value.as_object().is_some_and(|o| o.contains_key(name));
    };
    match value {
        Value::Object(object) if step == "*" => {
            object.values().any(|inner| holds(inner, rest, name))
        }
        Value::Object(object) => object.get(step).is_some_and(|i| holds(i, rest, name)),
        Value::Array(items) if step == "*" => items.iter().any(|item| holds(item, rest, name)),
        _ => false,
    }
}

fn remove(value: &mut Value, way: &[String], name: &str) {
    let Some((step, rest)) = way.split_first() else {
        if let Value::Object(object) = value {
            object.shift_remove(name);
        }
        return;
    };
    match value {
        Value::Object(object) if step == "*" => {
            object
                .values_mut()
                .for_each(|inner| remove(inner, rest, name));
        }
        Value::Object(object) => {
            if let Some(inner) = object.get_mut(step) {
                remove(inner, rest, name);
            }
        }
        Value::Array(items) if step == "*" => {
            items.iter_mut().for_each(|item| remove(item, rest, name));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::without;
    use crate::json::{Value, json};

    #[test]
    fn names_are_taken_out_where_they_are_read_only_and_nowhere_else() {
        let given = json!({
            "id": 1,
            "owner": {"id": 2, "name": "a"},
            "lines": [{"id": 3, "n": 1}, {"of": {"id": 4}}, 5],
            "by": {"k": {"id": 6, "a/b": 7}},
        });
        for (places, left) in [
            (vec![], given.clone()),
            // The arguments themselves are what the tool lists.
            (vec!["/id", "", "/absent/id", "/id/id"], given.clone()),
            (
                vec!["/owner/id", "/lines/*/id", "/lines/*/of/id", "/by/*/a~1b"],
                json!({
                    "id": 1,
                    "owner": {"name": "a"},
                    "lines": [{"n": 1}, {"of": {}}, 5],
                    "by": {"k": {"id": 6}},
                }),
            ),
        ] {
            let object = given.as_object().cloned().unwrap_or_default();
            let found = without(&object, &places).into_owned();
            assert_eq!(Value::Object(found), left, "{places:?}");
        }
    }
}
