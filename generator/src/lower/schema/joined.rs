//! Several branches of `allOf` that speak of the same thing (JSON Schema core §10.2.1.1): all of them
//! hold.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use std::fmt;

use serde_json::{Map, Value, json};
use typed_arena::Arena;

use super::annotations::is_wrapper;
use super::shape::Shape;
use super::shapes::Shapes;
use crate::diagnostics::{Code, Diagnostic, Pointer};
use crate::limits::{PAIRS, compare, exclude, exclude_whole};
use crate::model::Node;

/// Keeps schemas that stand in no document.
#[derive(Default)]
pub struct Store(Arena<Value>);

impl fmt::Debug for Store {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Store({})", self.0.len())
    }
}

/// Most schemas that one stands for, and most that stand for several, of a whole document.
const MOST_PARTS: usize = 64;
const MOST: usize = 20_000;
/// References in a row that are followed to see what is said of a schema as a whole.
const HOPS: usize = 8;

/// The schemas that stand for several at once.
#[derive(Debug, Default)]
pub(super) struct Joined<'a> {
    /// By the references to those, in the order of their texts: the same ones are the same schema,
    /// however they came together. Without that a schema that extends another one with the same
    /// property, of its own kind, would go on for ever.
    by_parts: HashMap<Vec<String>, &'a Value>,
    /// Each with its number, in the order in which they were made.
    made: HashMap<*const Value, usize>,
    /// References that stand in no document, which no budget counts.
    references: HashSet<*const Value>,
}

impl<'a> Joined<'a> {
    fn keep(&mut self, key: Vec<String>, value: &'a Value, keyword: &str) {
        let branches = value.get(keyword).and_then(Value::as_array);
        let branches = branches.into_iter().flatten();
        self.references.extend(branches.map(std::ptr::from_ref));
        self.by_parts.insert(key, value);
    }
}

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
        let (own, mut parts) = (self.parts(earlier), self.parts(&later));
        let of_later = parts.len();
        for part in &own {
            if !parts.contains(part) {
                parts.push(part.clone());
            }
        }
        if parts.len() == own.len() && self.is_joined(before) {
            return earlier.clone();
        }
        if parts.len() == of_later {
            return later;
        }
        let mut key = parts.clone();
        key.sort_unstable();
        if let Some(value) = self.joined.borrow().by_parts.get(&key) {
            return Node {
                value,
                pointer: later.pointer,
            };
        }
        if parts.len() > MOST_PARTS || self.joined.borrow().made.len() >= MOST {
            self.report(
                Diagnostic::new(
                    Code::E0505,
                    "too many schemas speak of the same thing through `allOf`",
                )
                .at(&later.pointer)
                .note("what the last of them says is kept"),
            );
            return later;
        }
        let value: &'a Value = self.store.0.alloc(self.both(earlier, &later, &parts));
        let mut joined = self.joined.borrow_mut();
        let number = joined.made.len();
        joined.made.insert(std::ptr::from_ref(value), number);
        joined.keep(key, value, "allOf");
        Node {
            value,
            pointer: later.pointer,
        }
    }

    /// The schema that asks for what one of these asks for.
    pub(super) fn alternatives(&self, forms: &[Node<'a>]) -> &'a Value {
        let references: Vec<String> = forms.iter().map(reference).collect();
        // No reference looks like this, so that no list of parts that all hold is the same.
        let key: Vec<String> = std::iter::once("anyOf".to_owned())
            .chain(references.iter().cloned())
            .collect();
        if let Some(value) = self.joined.borrow().by_parts.get(&key) {
            return value;
        }
        let branches = references.iter().map(|part| json!({ "$ref": part }));
        let branches: Vec<Value> = branches.collect();
        let value: &'a Value = self.store.0.alloc(json!({ "anyOf": branches }));
        self.joined.borrow_mut().keep(key, value, "anyOf");
        value
    }

    /// Whether a reference stands in no document.
    pub(super) fn is_own_reference(&self, node: &Node<'a>) -> bool {
        let own = &self.joined.borrow().references;
        own.contains(&std::ptr::from_ref(node.value))
    }

    fn is_joined(&self, value: &Value) -> bool {
        let made = &self.joined.borrow().made;
        made.contains_key(&std::ptr::from_ref(value))
    }

    /// The place by which types and circles know a schema. One that stands for several is at that of its last
    /// part, as the part itself may be, and others that it is a part of.
    pub(super) fn origin(&self, node: &Node<'a>) -> Pointer {
        let made = &self.joined.borrow().made;
        match made.get(&std::ptr::from_ref(node.value)) {
            Some(number) => node.pointer.child("allOf").child(&number.to_string()),
            None => node.pointer.clone(),
        }
    }

    /// References to the schemas that a schema stands for. One that is nothing but a reference is what it
    /// refers to.
    fn parts(&self, node: &Node<'a>) -> Vec<String> {
        if self.is_joined(node.value) {
            let parts = node.value.get("allOf").and_then(Value::as_array);
            let parts = parts.into_iter().flatten();
            return parts
                .filter_map(|part| part.get("$ref")?.as_str().map(str::to_owned))
                .collect();
        }
        let target = node
            .reference()
            .filter(|_| node.object().is_some_and(|object| object.len() == 1))
            .and_then(|target| self.resolver.target(target, &node.pointer).ok());
        vec![reference(target.as_ref().unwrap_or(node))]
    }

    /// All parts, by references to where they stand.
    fn both(&self, earlier: &Node<'a>, later: &Node<'a>, parts: &[String]) -> Value {
        let mut schema = Map::new();
        // These hold for the whole when they stand at any part (validation §9.4).
        for keyword in ["readOnly", "writeOnly", "deprecated"] {
            if self.says(earlier, keyword, HOPS) || self.says(later, keyword, HOPS) {
                schema.insert(keyword.to_owned(), json!(true));
            }
        }
        let parts = parts.iter().map(|part| json!({ "$ref": part })).collect();
        schema.insert("allOf".to_owned(), Value::Array(parts));
        Value::Object(schema)
    }

    /// Whether a schema says so of itself, or what it refers to does.
    fn says(&self, node: &Node<'a>, keyword: &str, hops: usize) -> bool {
        if node.bool(keyword) == Some(true) {
            return true;
        }
        let Some(left) = hops.checked_sub(1) else {
            return false;
        };
        let target = node
            .reference()
            .and_then(|target| self.resolver.target(target, &node.pointer).ok());
        let wrapped = node
            .object()
            .filter(|object| is_wrapper(object))
            .and_then(|_| node.list("allOf").next());
        target
            .iter()
            .chain(&wrapped)
            .any(|inner| self.says(inner, keyword, left))
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

    /// Drops limits that exclude each other; those of one schema were looked at before.
    pub(super) fn room(&self, shape: &mut Shape<'a>) {
        if shape.keywords.len() < 2 {
            return;
        }
        let whole = shape.types.names() == ["integer"];
        for (lower, upper, inclusive) in PAIRS {
            let (Some(least), Some(most)) = (shape.keywords.get(lower), shape.keywords.get(upper))
            else {
                continue;
            };
            let are_excluded = exclude(least.value, most.value, inclusive)
                || whole
                    && lower.ends_with("imum")
                    && exclude_whole((lower, least.value), (upper, most.value));
            if are_excluded {
                let message = format!(
                    "no value fits the `{lower}: {}` and `{upper}: {}` that the branches of `allOf` ask for",
                    least.value, most.value
                );
                self.report(
                    Diagnostic::new(Code::E0520, message)
                        .at(&most.pointer)
                        .note("both are ignored; the service decides")
                        .help("correct one of the two limits"),
                );
                shape.keywords.shift_remove(lower);
                shape.keywords.shift_remove(upper);
            }
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
fn reference(node: &Node<'_>) -> String {
    node.pointer.to_string().replace('%', "%25")
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
