//! Names that only answers carry (`readOnly`, OpenAPI 3.2 §4.24: not sent in requests). Where a schema
//! allows further names, a model may give them all the same: it has seen them in an answer.

use std::borrow::Cow;

use crate::json::places::{Cursor, Places};
use crate::json::{Object, Value};
use crate::operation::OperationDef;

/// The arguments without what stands at the places of [`OperationDef::read_only`].
pub(super) fn without<'a>(arguments: &'a Object, operation: &OperationDef) -> Cow<'a, Object> {
    if operation.read_only.is_empty() {
        return Cow::Borrowed(arguments);
    }
    let hidden = operation.read_only.iter().map(|place| (*place, ()));
    let hidden = Places::new(hidden, operation.repeats);
    let mut left = Cow::Borrowed(arguments);
    for (name, value) in arguments {
        // The arguments themselves are what the tool lists.
        let at = hidden.property(&hidden.root(), name);
        if holds(value, &hidden, &at)
            && let Some(value) = left.to_mut().get_mut(name)
        {
            remove(value, &hidden, &at);
        }
    }
    left
}

/// Whether something is hidden in a value.
fn holds(value: &Value, hidden: &Places<()>, at: &Cursor) -> bool {
    match value {
        _ if at.is_empty() => false,
        Value::Object(object) => object.iter().any(|(name, inner)| {
            let below = hidden.property(at, name);
            hidden.fact(&below).is_some() || holds(inner, hidden, &below)
        }),
        Value::Array(items) => {
            let below = hidden.item(at);
            items.iter().any(|item| holds(item, hidden, &below))
        }
        _ => false,
    }
}

fn remove(value: &mut Value, hidden: &Places<()>, at: &Cursor) {
    match value {
        _ if at.is_empty() => {}
        Value::Object(object) => object.retain(|name, inner| {
            let below = hidden.property(at, name);
            let stays = hidden.fact(&below).is_none();
            if stays {
                remove(inner, hidden, &below);
            }
            stays
        }),
        Value::Array(items) => {
            let below = hidden.item(at);
            items
                .iter_mut()
                .for_each(|item| remove(item, hidden, &below));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::without;
    use crate::json::{Value, json};
    use crate::operation::OperationDef;

    #[test]
    fn names_are_taken_out_where_they_are_read_only_and_nowhere_else() {
        let given = json!({
            "id": 1,
            "owner": {"id": 2, "name": "a"},
            "lines": [{"id": 3, "n": 1}, {"of": {"id": 4}}, 5],
            "by": {"k": {"id": 6, "a/b": 7}},
        });
        // The arguments themselves are what the tool lists.
        const NOWHERE: &[&str] = &["/id", "", "/absent/id", "/id/id"];
        const PLACES: &[&str] = &["/owner/id", "/lines/*/id", "/lines/*/of/id", "/by/*/a~1b"];
        let left = json!({
            "id": 1,
            "owner": {"name": "a"},
            "lines": [{"n": 1}, {"of": {}}, 5],
            "by": {"k": {"id": 6}},
        });
        for (read_only, left) in [
            (&[] as &[&str], given.clone()),
            (NOWHERE, given.clone()),
            (PLACES, left),
        ] {
            let operation = OperationDef {
                read_only,
                ..OperationDef::DEFAULT
            };
            let object = given.as_object().cloned().unwrap_or_default();
            let found = without(&object, &operation).into_owned();
            assert_eq!(Value::Object(found), left, "{read_only:?}");
        }
    }

    #[test]
    fn names_are_taken_out_at_any_depth_of_what_contains_itself() {
        let operation = OperationDef {
            read_only: &["/tree/id"],
            repeats: &[("/tree/children/*", "/tree")],
            ..OperationDef::DEFAULT
        };
        let mut given = json!({"id": 0, "name": "leaf"});
        let mut left = json!({"name": "leaf"});
        for id in 1..20 {
            given = json!({"id": id, "children": [given, 5], "own": {"id": "kept"}});
            left = json!({"children": [left, 5], "own": {"id": "kept"}});
        }
        let given = json!({"id": "an argument", "tree": given});
        let object = given.as_object().cloned().unwrap_or_default();
        let found = without(&object, &operation).into_owned();
        assert_eq!(
            Value::Object(found),
            json!({"id": "an argument", "tree": left})
        );
    }
}
