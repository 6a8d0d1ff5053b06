//! Names on the wire for properties that a tool lists under others, since clients refuse names such as
//! `$set` or `filter[x]`.

use super::problem::{Problem, Problems};
use super::validate::MAX_FOUND;
use crate::json::places::{Cursor, Places};
use crate::json::{Object, Value};
use crate::operation::OperationDef;
use crate::text::{cap, clean};

/// The arguments with the names of [`OperationDef::renamed`].
///
/// # Errors
/// Where two properties of an object have one name on the wire: one of them would be lost.
pub(super) fn named(arguments: Object, operation: &OperationDef) -> Result<Object, Problems> {
    if operation.renamed.is_empty() {
        return Ok(arguments);
    }
    let mut renaming = Renaming {
        names: Places::new(operation.renamed.iter().copied(), operation.repeats),
        path: Vec::new(),
        problems: Problems::default(),
    };
    let root = renaming.names.root();
    let arguments = renaming.object(arguments, &root);
    if renaming.problems.is_empty() {
        Ok(arguments)
    } else {
        Err(renaming.problems)
    }
}

struct Renaming<'a> {
    names: Places<&'a str>,
    path: Vec<String>,
    problems: Problems,
}

impl Renaming<'_> {
    fn object(&mut self, object: Object, at: &Cursor) -> Object {
        let mut out = Object::new();
        for (key, inner) in object {
            let below = self.names.property(at, &key);
            let name = self.names.fact(&below).map(|name| (*name).to_owned());
            self.path.push(key.clone());
            let inner = self.value(inner, &below);
            let name = name.unwrap_or(key);
            if out.contains_key(&name) {
                self.problems.add(MAX_FOUND, || {
                    let shown = cap(&clean(&name), 60).into_owned();
                    let message = format!(
                        "it is sent under the name \"{shown}\", and so is another property here. Give one of them."
                    );
                    Problem::new(&self.path, message)
                });
            }
            self.path.pop();
            out.insert(name, inner);
        }
        out
    }

    fn value(&mut self, value: Value, at: &Cursor) -> Value {
        match value {
            // Nothing is known of what lies further down.
            value if at.is_empty() => value,
            Value::Object(inner) => Value::Object(self.object(inner, at)),
            Value::Array(items) => {
                let below = self.names.item(at);
                let mut renamed = Vec::with_capacity(items.len());
                for (index, item) in items.into_iter().enumerate() {
                    self.path.push(index.to_string());
                    renamed.push(self.value(item, &below));
                    self.path.pop();
                }
                Value::Array(renamed)
            }
            other => other,
        }
    }
}
