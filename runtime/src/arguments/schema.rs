//! Reading a schema: references, the types it allows, the schemas that apply at once.

use crate::json::place::unescaped;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use super::budget::Budget;
use super::given::Written;
use crate::json::{Object, Value};

/// References followed in a row before a schema counts as one that allows everything.
const MAX_HOPS: usize = 32;
/// Schemas of nested unions that are asked for their types before a schema counts as one that allows
/// every type.
const MAX_ASKED: usize = 10_000;
/// What a check may still do, and what it has learnt of its schema.
#[derive(Debug, Default)]
pub(super) struct Work {
    pub(super) budget: Budget,
    /// Whether numbers in JSON that comes as text get their digits back, so that none are lost by reading it.
    keeps_digits: bool,
    /// The digits of the call's numbers.
    written: Option<Written>,
    /// Whether a number must not become a text for now.
    no_texts: Cell<bool>,
    /// Types by the address of the schema, which is borrowed as long as this is.
    types: RefCell<HashMap<usize, Types>>,
}

impl Work {
    /// The work of a check after which numbers in texts get their digits back, or, where those are not known, of
    /// one after which they do not.
    pub(super) fn of_check(written: Option<Written>) -> Self {
        Self {
            keeps_digits: written.is_some(),
            written,
            ..Self::default()
        }
    }
}

/// The document that references point into.
#[derive(Debug, Clone, Copy)]
pub(super) struct Root<'a> {
    schema: &'a Object,
    work: &'a Work,
}

impl<'a> Root<'a> {
    pub(super) fn new(schema: &'a Object, work: &'a Work) -> Self {
        Self { schema, work }
    }

    /// Whether the digits of numbers in texts are restored later.
    pub(super) fn keeps_digits(self) -> bool {
        self.work.keeps_digits
    }

    /// The digits of the call's numbers, if they are known.
    pub(super) fn written(self) -> Option<&'a Written> {
        self.work.written.as_ref()
    }

    /// Whether a number may become a text.
    pub(super) fn may_be_text(self) -> bool {
        !self.work.no_texts.get()
    }

    /// Does something during which no number becomes a text.
    pub(super) fn without_texts<T>(self, look: impl FnOnce() -> T) -> T {
        let before = self.work.no_texts.replace(true);
        let seen = look();
        self.work.no_texts.set(before);
        seen
    }

    /// How much may be done.
    pub(super) fn budget(self) -> &'a Budget {
        &self.work.budget
    }

    /// The schema that a local reference (`#`, `#/$defs/…`) names.
    fn target(self, reference: &str) -> Option<&'a Value> {
        let mut steps = reference.strip_prefix("#/")?.split('/');
        let first = self.schema.get(&unescape(steps.next()?))?;
        steps.try_fold(first, |value, step| match value {
            Value::Object(object) => object.get(&unescape(step)),
            Value::Array(items) => items.get(step.parse::<usize>().ok()?),
            _ => None,
        })
    }

    /// The schema and what its `$ref` and `allOf` add, each as one flat schema. `None` for a schema
    /// that is `false` somewhere.
    pub(super) fn parts(self, schema: &'a Object) -> Option<Vec<&'a Object>> {
        let parts = self.unpaid_parts(schema);
        self.budget().look(parts.as_ref().map_or(1, Vec::len));
        parts
    }

    /// The same where it is done once for each schema, and not for each value.
    fn unpaid_parts(self, schema: &'a Object) -> Option<Vec<&'a Object>> {
        let mut parts = Vec::new();
        self.collect(schema, &mut parts, 0).then_some(parts)
    }

    fn collect(self, schema: &'a Object, parts: &mut Vec<&'a Object>, hops: usize) -> bool {
        // What is there twice, by whatever way, says nothing new.
        if hops > MAX_HOPS || parts.iter().any(|part| std::ptr::eq(*part, schema)) {
            return true;
        }
        #[cfg(test)]
        self.budget().note();
        parts.push(schema);
        let reference =
            schema
                .get("$ref")
                .and_then(Value::as_str)
                .map(|reference| match reference {
                    "#" => Some(Subschema::Object(self.schema)),
                    other => self.target(other).and_then(Subschema::of),
                });
        let members = schemas(schema, "allOf").iter().map(Subschema::of);
        reference
            .into_iter()
            .chain(members)
            .flatten()
            .all(|member| match member {
                Subschema::Object(member) => self.collect(member, parts, hops + 1),
                Subschema::False => false,
            })
    }

    /// The types that a value may have.
    pub(super) fn types(self, schema: &'a Object) -> Types {
        let key = address(schema);
        let known = self.work.types.borrow().get(&key).copied();
        known.unwrap_or_else(|| {
            let types = self.allowed(schema, &mut Vec::new(), &mut 0);
            self.work.types.borrow_mut().insert(key, types);
            types
        })
    }

    /// The same below the unions that are `open`.
    fn allowed(self, schema: &'a Object, open: &mut Vec<usize>, asked: &mut usize) -> Types {
        let key = address(schema);
        if open.contains(&key) {
            // A union that names itself allows nothing by that.
            return Types(0);
        }
        *asked += 1;
        if open.len() > MAX_HOPS || *asked > MAX_ASKED {
            return Types::ALL;
        }
        let Some(parts) = self.unpaid_parts(schema) else {
            return Types(0);
        };
        open.push(key);
        let mut types = Types::ALL;
        for part in parts {
            if let Some(named) = part.get("type") {
                types = types.and(Types::named(named));
            }
            if let Some(constant) = part.get("const") {
                types = types.and(Types::of(constant));
            }
            if let Some(values) = part.get("enum").and_then(Value::as_array) {
                types = types.and(values.iter().fold(Types(0), |t, v| t.or(Types::of(v))));
            }
            for keyword in ["anyOf", "oneOf"] {
                let branches = schemas(part, keyword);
                if !branches.is_empty() {
                    types = types.and(branches.iter().fold(Types(0), |t, branch| match branch {
                        Value::Object(branch) => t.or(self.allowed(branch, open, asked)),
                        Value::Bool(false) => t,
                        _ => Types::ALL,
                    }));
                }
            }
        }
        open.pop();
        types
    }
}

/// What tells a schema from others, since all are parts of one document.
pub(super) fn address(schema: &Object) -> usize {
    std::ptr::from_ref(schema).addr()
}

/// A schema that says something; `true` and what is no schema say nothing.
enum Subschema<'a> {
    Object(&'a Object),
    False,
}

impl<'a> Subschema<'a> {
    fn of(value: &'a Value) -> Option<Self> {
        match value {
            Value::Object(object) => Some(Self::Object(object)),
            Value::Bool(false) => Some(Self::False),
            _ => None,
        }
    }
}

fn unescape(step: &str) -> String {
    let plain = percent_encoding::percent_decode_str(step).decode_utf8_lossy();
    unescaped(&plain)
}

/// The schemas in an array keyword.
pub(super) fn schemas<'a>(schema: &'a Object, keyword: &str) -> &'a [Value] {
    schema
        .get(keyword)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// A set of JSON types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Types(u8);

impl Types {
    pub(super) const NULL: Self = Self(1);
    pub(super) const BOOLEAN: Self = Self(2);
    pub(super) const INTEGER: Self = Self(4);
    /// Numbers that are no integers.
    pub(super) const FRACTION: Self = Self(8);
    pub(super) const STRING: Self = Self(16);
    pub(super) const ARRAY: Self = Self(32);
    pub(super) const OBJECT: Self = Self(64);
    pub(super) const ALL: Self = Self(127);
    pub(super) const NONE: Self = Self(0);

    const NAMES: [(&'static str, Self); 7] = [
        ("null", Self::NULL),
        ("boolean", Self::BOOLEAN),
        ("integer", Self::INTEGER),
        ("number", Self(12)),
        ("string", Self::STRING),
        ("array", Self::ARRAY),
        ("object", Self::OBJECT),
    ];

    pub(super) fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(super) fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The types that a `type` keyword names.
    pub(super) fn named(keyword: &Value) -> Self {
        let one = |value: &Value| {
            Self::NAMES
                .iter()
                .find(|(name, _)| value.as_str() == Some(name))
                .map_or(Self(0), |(_, types)| *types)
        };
        match keyword {
            Value::Array(names) => names
                .iter()
                .fold(Self(0), |types, name| types.or(one(name))),
            name => one(name),
        }
    }

    /// The type of a value.
    pub(super) fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::NULL,
            Value::Bool(_) => Self::BOOLEAN,
            Value::Number(number) if super::number::is_integer(number) => Self::INTEGER,
            Value::Number(_) => Self::FRACTION,
            Value::String(_) => Self::STRING,
            Value::Array(_) => Self::ARRAY,
            Value::Object(_) => Self::OBJECT,
        }
    }

    /// In words: `an integer or null`.
    pub(super) fn words(self) -> String {
        let mut words = Vec::new();
        if self.has(Self::STRING) {
            words.push("a string");
        }
        if self.has(Self::FRACTION) {
            words.push("a number");
        } else if self.has(Self::INTEGER) {
            words.push("an integer");
        }
        if self.has(Self::BOOLEAN) {
            words.push("true or false");
        }
        if self.has(Self::ARRAY) {
            words.push("an array");
        }
        if self.has(Self::OBJECT) {
            words.push("an object");
        }
        if self.has(Self::NULL) {
            words.push("null");
        }
        if words.is_empty() {
            words.push("nothing");
        }
        words.join(" or ")
    }
}
