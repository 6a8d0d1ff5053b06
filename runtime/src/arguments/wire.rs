//! Names on the wire for properties that a tool lists under others, since clients refuse names such as
//! `$set` or `filter[x]`.

use super::nulls::is_at;
use crate::json::{Object, Value};

/// The arguments with the names of `renamed` (see [`crate::operation::OperationDef::renamed`]).
pub(super) fn named(arguments: Object, renamed: &[(&str, &str)]) -> Object {
    if renamed.is_empty() {
        return arguments;
    }
    object(arguments, renamed, &mut Vec::new())
}

fn object(object: Object, renamed: &[(&str, &str)], path: &mut Vec<String>) -> Object {
    let mut out = Object::new();
    for (key, inner) in object {
        path.push(key);
        let inner = value(inner, renamed, path);
        let name = renamed.iter().find(|(place, _)| is_at(place, path));
        let key = path.pop().unwrap_or_default();
        out.insert(name.map_or(key, |(_, name)| (*name).to_owned()), inner);
    }
    out
}

fn value(value: Value, renamed: &[(&str, &str)], path: &mut Vec<String>) -> Value {
    match value {
        Value::Object(inner) => Value::Object(object(inner, renamed, path)),
        Value::Array(items) => {
            let items = items.into_iter().enumerate().map(|(index, item)| {
                path.push(index.to_string());
                let item = self::value(item, renamed, path);
                path.pop();
                item
            });
            Value::Array(items.collect())
        }
        other => other,
    }
}
