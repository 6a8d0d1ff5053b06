//! Names on the wire for properties that a tool lists under others, since clients refuse names such as
//! `$set` or `filter[x]`.

use crate::json::places::{Cursor, Places};
use crate::json::{Object, Value};
use crate::operation::OperationDef;

/// The arguments with the names of [`OperationDef::renamed`].
pub(super) fn named(arguments: Object, operation: &OperationDef) -> Object {
    if operation.renamed.is_empty() {
        return arguments;
    }
    let names = Places::new(operation.renamed.iter().copied(), operation.repeats);
    object(arguments, &names, &names.root())
}

fn object(object: Object, names: &Places<&str>, at: &Cursor) -> Object {
    let mut out = Object::new();
    for (key, inner) in object {
        let below = names.property(at, &key);
        let name = names.fact(&below).map(|name| (*name).to_owned());
        out.insert(name.unwrap_or(key), value(inner, names, &below));
    }
    out
}

fn value(value: Value, names: &Places<&str>, at: &Cursor) -> Value {
    match value {
        // Nothing is known of what lies further down.
        value if at.is_empty() => value,
        Value::Object(inner) => Value::Object(object(inner, names, at)),
        Value::Array(items) => {
            let below = names.item(at);
            let items = items
                .into_iter()
                .map(|item| self::value(item, names, &below));
            Value::Array(items.collect())
        }
        other => other,
    }
}
