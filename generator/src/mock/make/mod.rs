//! Values of schemas: what is given as far as the schema has room for it, and what is missing made up.

mod array;
mod form;
mod object;
mod text;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use serde_json::{Map, Value};

use super::pattern::Pattern;
use super::scalar::{cast, integer, least, number, of_enum};
use super::seed::Seed;
use super::words as told;
use crate::lower::schema::{Shape, Shapes, Types, default_fits, has_format};
use crate::model::Node;
use crate::names::{singular, words};
use crate::text::pointer::escaped;

/// Levels of a value that are made, and of optional properties in it.
const DEEPEST: usize = 10;
const DEEPEST_OPTIONAL: usize = 4;
/// Values that are made up in one.
const MOST: usize = 2_000;

/// Where a value stands.
#[derive(Debug, Clone)]
pub(super) struct At {
    /// JSON Pointer in the answer.
    pub(super) place: String,
    /// The name that says what it is.
    pub(super) name: String,
    /// The kind of record that it belongs to, in the singular.
    pub(super) kind: String,
    /// Its own.
    pub(super) seed: Seed,
    /// That of the whole record.
    pub(super) record: Seed,
    /// Whether it is of the first record, which shows what the document shows.
    pub(super) first: bool,
    /// Levels above it.
    pub(super) depth: usize,
}

impl At {
    /// The root of a record.
    pub(super) fn root(kind: &str, seed: Seed, first: bool) -> Self {
        Self {
            place: String::new(),
            name: kind.to_owned(),
            kind: kind.to_owned(),
            seed,
            record: seed,
            first,
            depth: 0,
        }
    }

    fn below(&self, name: &str) -> Self {
        Self {
            place: format!("{}/{}", self.place, escaped(name)),
            name: name.to_owned(),
            seed: self.seed.of(name),
            depth: self.depth.saturating_add(1),
            ..self.clone()
        }
    }

    fn item(&self, index: usize) -> Self {
        Self {
            place: format!("{}/{index}", self.place),
            name: singular(&self.name),
            kind: words(&self.name)
                .last()
                .map_or_else(|| self.kind.clone(), |word| singular(word)),
            seed: self.seed.at(index),
            record: self.seed.at(index),
            depth: self.depth.saturating_add(1),
            first: self.first && index == 0,
        }
    }
}

/// What the records of one request share.
#[derive(Default)]
pub(super) struct Seen<'a> {
    /// Shapes by the address of each schema.
    shapes: RefCell<HashMap<*const Value, Rc<Shape<'a>>>>,
    patterns: RefCell<HashMap<String, Option<Rc<Pattern>>>>,
}

impl Seen<'_> {
    fn pattern(&self, text: &str) -> Option<Rc<Pattern>> {
        let mut known = self.patterns.borrow_mut();
        if let Some(known) = known.get(text) {
            return known.clone();
        }
        let read = Pattern::read(text).map(Rc::new);
        known.insert(text.to_owned(), read.clone());
        read
    }
}

/// Makes values.
pub(super) struct Maker<'m, 'a> {
    pub(super) shapes: &'m Shapes<'a>,
    seen: &'m Seen<'a>,
    /// Identifiers of records, by their kind in the singular.
    pub(super) related: &'m HashMap<String, Vec<Value>>,
    /// Values that have their place.
    pub(super) put: HashMap<String, Value>,
    /// Whether the value is an answer around records.
    pub(super) is_envelope: bool,
    left: Cell<usize>,
}

impl<'m, 'a> Maker<'m, 'a> {
    pub(super) fn new(
        shapes: &'m Shapes<'a>,
        seen: &'m Seen<'a>,
        related: &'m HashMap<String, Vec<Value>>,
    ) -> Self {
        Self {
            shapes,
            seen,
            related,
            put: HashMap::new(),
            is_envelope: false,
            left: Cell::new(MOST),
        }
    }

    /// The same for an answer in which values have their place.
    pub(super) fn putting(mut self, put: HashMap<String, Value>) -> Self {
        self.is_envelope = !put.contains_key("");
        self.put = put;
        self
    }

    /// A value of a schema. Of what is given, as much as the schema has room for.
    pub(super) fn value(&self, node: &Node<'a>, given: Option<&Value>, at: &At) -> Value {
        let given = self.put.get(&at.place).or(given);
        self.shaped(&self.shape(node), given, at)
    }

    fn shape(&self, node: &Node<'a>) -> Rc<Shape<'a>> {
        let key = std::ptr::from_ref(node.value);
        if let Some(known) = self.seen.shapes.borrow().get(&key) {
            return Rc::clone(known);
        }
        let shape = Rc::new(self.shapes.of(node));
        self.seen.shapes.borrow_mut().insert(key, Rc::clone(&shape));
        shape
    }

    fn spent(&self) -> bool {
        let left = self.left.get();
        self.left.set(left.saturating_sub(1));
        left == 0
    }

    fn shaped(&self, shape: &Shape<'a>, given: Option<&Value>, at: &At) -> Value {
        if shape.is_null() {
            return Value::Null;
        }
        if given.is_none() && self.spent() || at.depth > DEEPEST {
            return least(shape);
        }
        if given == Some(&Value::Null) && (shape.nullable || shape.is_anything()) {
            return Value::Null;
        }
        let given = given.filter(|given| !given.is_null());
        if let Some(values) = &shape.values {
            let is_given = given.filter(|given| values.contains(given));
            return is_given
                .cloned()
                .unwrap_or_else(|| of_enum(shape, values, at));
        }
        if shape.has_forms() {
            return self.of_form(shape, given, at);
        }
        if shape.is_object() || shape.types == Types::OBJECT {
            return self.object(shape, given, at);
        }
        if shape.is_array() {
            return self.array(shape, given, at);
        }
        if let Some(cast) = given.and_then(|given| cast(shape, given)) {
            return self.as_written(shape, cast);
        }
        let shown = self.shown(shape);
        // Of the first record as the document has it, of others where nobody knows better.
        if let Some(shown) = shown.filter(|_| at.first) {
            return shown.clone();
        }
        if let Some(id) = self.related_id(shape, at) {
            return id;
        }
        let is_text = shown.is_some_and(Value::is_string) && !shape.keywords.contains_key("format");
        if let Some(shown) = shown
            .filter(|_| is_text && told::known(&at.name, &at.kind, at.seed, at.record).is_none())
        {
            return shown.clone();
        }
        // A text first: identifiers and amounts that may be either are written so.
        let names = shape.types.names();
        let kind = ["string", "integer", "number", "boolean", "object", "array"]
            .into_iter()
            .find(|kind| names.contains(kind));
        match kind {
            Some("integer") => integer(shape, at),
            Some("number") => number(shape, at),
            Some("boolean") => Value::Bool(at.seed.below(3) == 0),
            Some("object") => Value::Object(Map::new()),
            Some("array") => Value::Array(Vec::new()),
            _ => Value::String(self.text(shape, at)),
        }
    }

    /// What the document shows of it.
    fn shown(&self, shape: &Shape<'a>) -> Option<&'a Value> {
        let default = shape.default.as_ref().map(|node| node.value);
        let mut all = [shape.example, default].into_iter().flatten();
        all.find(|value| default_fits(shape, value))
    }

    /// The identifier of a record that its name names: `customer_id`.
    fn related_id(&self, shape: &Shape<'a>, at: &At) -> Option<Value> {
        let name = words(&at.name);
        let (last, before) = name.split_last()?;
        let kind = match last.as_str() {
            "id" | "uuid" | "pk" => before.last()?.clone(),
            // A list of identifiers: `tag_ids`, of which this is one.
            _ => return None,
        };
        let all = self.related.get(&kind)?;
        let one = all.get(at.seed.below(all.len()))?;
        let format = shape
            .keywords
            .get("format")
            .and_then(|node| node.value.as_str())
            .unwrap_or_default();
        cast(shape, one).filter(|id| id.as_str().is_none_or(|id| has_format(id, format)))
    }
}
