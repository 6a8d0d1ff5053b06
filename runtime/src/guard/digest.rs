//! What a confirmation is bound to: a principal, a tool and its arguments, as one digest.

use ring::digest::{Context, SHA256};

use crate::json::{Object, Value};
use crate::state::Key;

/// The digest of a call for a purpose. Objects are the same in any order of their names; numbers are
/// the same if their digits are, so that no other amount than the one that was shown passes.
pub(crate) fn digest(purpose: &str, principal: &str, tool: &str, arguments: &Object) -> Key {
    let mut context = Context::new(&SHA256);
    for text in [purpose, principal, tool] {
        put_text(&mut context, text);
    }
    put_object(&mut context, arguments);
    let mut key = [0; 32];
    for (place, byte) in key.iter_mut().zip(context.finish().as_ref()) {
        *place = *byte;
    }
    key
}

/// Each part says its kind and length, so that no two different values give the same bytes.
fn put(context: &mut Context, value: &Value) {
    match value {
        Value::Null => context.update(b"z"),
        Value::Bool(true) => context.update(b"t"),
        Value::Bool(false) => context.update(b"f"),
        Value::Number(number) => {
            context.update(b"n");
            put_text(context, &number.to_string());
        }
        Value::String(text) => {
            context.update(b"s");
            put_text(context, text);
        }
        Value::Array(items) => {
            context.update(b"a");
            put_length(context, items.len());
            items.iter().for_each(|item| put(context, item));
        }
        Value::Object(object) => {
            context.update(b"o");
            put_object(context, object);
        }
    }
}

fn put_object(context: &mut Context, object: &Object) {
    put_length(context, object.len());
    let mut members: Vec<(&String, &Value)> = object.iter().collect();
    members.sort_unstable_by_key(|(name, _)| *name);
    for (name, value) in members {
        put_text(context, name);
        put(context, value);
    }
}

fn put_text(context: &mut Context, text: &str) {
    put_length(context, text.len());
    context.update(text.as_bytes());
}

fn put_length(context: &mut Context, length: usize) {
    context.update(&(length as u64).to_be_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(principal: &str, tool: &str, arguments: Value) -> Key {
        let arguments = arguments.as_object().cloned().unwrap_or_default();
        digest("test", principal, tool, &arguments)
    }

    #[test]
    fn the_order_of_names_does_not_matter() {
        let a = of("p", "t", json!({"a": 1, "b": {"c": 2, "d": 3}}));
        let b = of("p", "t", json!({"b": {"d": 3, "c": 2}, "a": 1}));
        assert_eq!(a, b);
    }

    #[test]
    fn everything_else_does() {
        let calls = [
            of("p", "t", json!({"a": 1})),
            of("q", "t", json!({"a": 1})),
            of("p", "u", json!({"a": 1})),
            of("p", "t", json!({"a": "1"})),
            of("p", "t", json!({"a": 1.0})),
            of("p", "t", json!({"a": [1]})),
            of("p", "t", json!({"a": [[1]]})),
            of("p", "t", json!({"a": {"1": null}})),
            of("p", "t", json!({"a": null})),
            of("p", "t", json!({"a": false})),
            of("p", "t", json!({"a": true})),
            of("p", "t", json!({})),
            of("p", "t", json!({"a": 1, "b": 2})),
            of("pt", "", json!({"a": 1})),
            of("p", "t", json!({"a": ["x", "y"]})),
            of("p", "t", json!({"a": ["xy"]})),
            of("p", "t", json!({"a": ["x"], "y": null})),
        ];
        for (index, one) in calls.iter().enumerate() {
            assert!(
                !calls.iter().skip(index + 1).any(|other| other == one),
                "{index}"
            );
        }
    }
}
