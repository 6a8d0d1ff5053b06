//! Several branches of `allOf` that speak of the same thing (JSON Schema core §10.2.1.1): all of them
//! hold.

use std::cmp::Ordering;
use std::fmt;

use serde_json::{Map, Value, json};
use typed_arena::Arena;

use super::shape::Shape;
use super::shapes::Shapes;
use crate::diagnostics::{Code, Diagnostic};
use crate::model::Node;

/// Keeps schemas that stand in no document.
#[derive(Default)]
pub struct Store(Arena<Value>);

impl fmt::Debug for Store {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Store({})", self.0.len())
    }
}

/// A schema that stands for two at once.
#[derive(Debug, Clone, Copy)]
pub(super) struct Joined<'a>(&'a Value);

impl<'a> Shapes<'a> {
    /// The schema that asks for what both ask for. Where the branches describe it differently, the
    /// later one counts.
    pub(super) fn join(&self, earlier: &Node<'a>, later: Node<'a>) -> Node<'a> {
        let (before, after) = (earlier.value, later.value);
        if before == after || after == &Value::Bool(false) || before == &Value::Bool(true) {
            return later;
        }
        if before == &Value::Bool(false) || after == &Value::Bool(true) {
            return earlier.clone();
        }
        let key = (std::ptr::from_ref(before), std::ptr::from_ref(after));
        let known = self.joined.borrow().get(&key).copied();
        let Joined(value) = known.unwrap_or_else(|| {
            let joined = Joined(self.store.0.alloc(self.both(earlier, &later)));
            self.joined.borrow_mut().insert(key, joined);
            joined
        });
        Node {
            value,
            pointer: later.pointer,
        }
    }

    /// Both schemas, by references to where they stand.
    fn both(&self, earlier: &Node<'a>, later: &Node<'a>) -> Value {
        let mut schema = Map::new();
        // These hold for the whole when they stand at any part (validation §9.4).
        let shapes = [self.of(earlier), self.of(later)];
        for (keyword, said) in [
            ("readOnly", shapes.iter().any(|shape| shape.read_only)),
            ("writeOnly", shapes.iter().any(|shape| shape.write_only)),
            ("deprecated", shapes.iter().any(|shape| shape.deprecated)),
        ] {
            if said {
                schema.insert(keyword.to_owned(), json!(true));
            }
        }
        let mut parts = vec![reference(later)];
        let joined = self.joined.borrow();
        let is_joined = |value: &Value| joined.values().any(|known| std::ptr::eq(known.0, value));
        match earlier.value.get("allOf").and_then(Value::as_array) {
            Some(own) if is_joined(earlier.value) => parts.extend(own.iter().cloned()),
            _ => parts.push(reference(earlier)),
        }
        schema.insert("allOf".to_owned(), Value::Array(parts));
        Value::Object(schema)
    }

    /// Takes in an assertion beside those that are known: the narrower one holds.
    pub(super) fn keyword(
        &self,
        shape: &mut Shape<'a>,
        keyword: &'static str,
        value: Node<'a>,
        outer: bool,
    ) {
        let Some(known) = shape.keywords.get(keyword) else {
            shape.keywords.insert(keyword, value);
            return;
        };
        if known.value == value.value {
            return;
        }
        let narrower = match keyword {
            "minimum" | "exclusiveMinimum" | "minLength" | "minItems" | "minProperties" => {
                compare(known.value, value.value) != Some(Ordering::Greater)
            }
            "maximum" | "exclusiveMaximum" | "maxLength" | "maxItems" | "maxProperties" => {
                compare(known.value, value.value) != Some(Ordering::Less)
            }
            "uniqueItems" => value.value == &Value::Bool(true),
            "pattern" | "multipleOf" => {
                let is_new = |(other, node): &(&str, Node<'_>)| {
                    *other != keyword || node.value != value.value
                };
                if shape.further.iter().all(is_new) {
                    shape.further.push((keyword, value));
                }
                return;
            }
            // What a value is called: the schema itself has the last word.
            _ => outer,
        };
        if narrower {
            shape.keywords.insert(keyword, value);
        }
    }

    /// Says that branches of `allOf` leave nothing that fits all of them.
    pub(super) fn exclude(&self, what: &str, at: &Node<'a>) {
        self.report(
            Diagnostic::new(
                Code::E0520,
                format!("no value has the {what} that the branches of `allOf` ask for"),
            )
            .at(&at.pointer)
            .note("what one of them asks for is asked for; the service decides")
            .help("let the branches ask for what one value can have"),
        );
    }
}

/// A reference to where a schema stands.
fn reference(node: &Node<'_>) -> Value {
    json!({"$ref": node.pointer.to_string().replace('%', "%25")})
}

/// Whether one schema asks for all that another one asks for, by the letter.
pub(super) fn covers(whole: &Node<'_>, part: &Node<'_>) -> bool {
    let (Some(whole), Some(part)) = (whole.object(), part.object()) else {
        return false;
    };
    part.iter()
        .filter(|(key, _)| !describes(key))
        .all(|(key, value)| whole.get(key) == Some(value))
}

/// Whether a keyword asserts nothing.
fn describes(key: &str) -> bool {
    key.starts_with("x-")
        || matches!(
            key,
            "title" | "description" | "examples" | "deprecated" | "externalDocs"
        )
}

/// The order of two numbers.
fn compare(one: &Value, other: &Value) -> Option<Ordering> {
    let integer =
        |value: &Value| (value.as_i64().map(i128::from)).or(value.as_u64().map(i128::from));
    match (integer(one), integer(other)) {
        (Some(one), Some(other)) => Some(one.cmp(&other)),
        _ => one.as_f64()?.partial_cmp(&other.as_f64()?),
    }
}
