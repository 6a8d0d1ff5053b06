//! Values of schemas: what is given as far as the schema has room for it, and what is missing made up.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use serde_json::{Map, Value};

use super::pattern::Pattern;
use super::scalar::{cast, integer, is_sometimes_null, least, number, of_enum};
use super::seed::{Seed, uuid};
use super::words as told;
use crate::lower::schema::{
    Additional, Called, Shape, Shapes, Types, called, default_fits, has_format, property,
};
use crate::model::Node;
use crate::names::{singular, words};

/// Levels of a value that are made, and of optional properties in it.
const DEEPEST: usize = 10;
const DEEPEST_OPTIONAL: usize = 4;
/// Values that are made up in one.
const MOST: usize = 2_000;
/// Characters of a text that are made up because a schema asks for them.
const LONGEST: usize = 1_000;
/// Items of a list that are made up because a schema asks for them.
const MOST_ITEMS: usize = 100;

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

/// A name as a token of a JSON Pointer.
pub(super) fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
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

    fn of_form(&self, shape: &Shape<'a>, given: Option<&Value>, at: &At) -> Value {
        let forms = shape.forms();
        let called = shape.discriminator.as_ref().map(|told| {
            (
                property(told).unwrap_or_default(),
                called(told, forms, None),
            )
        });
        let word = |index: usize| {
            let (name, all) = called.as_ref()?;
            match all.get(index)? {
                Called::Named(names) | Called::Default(names) => {
                    Some((*name, names.first()?.clone()))
                }
                Called::Implied(implied) => Some((*name, implied.clone())),
                Called::Unknown => None,
            }
        };
        let said = |index: usize| {
            let (name, value) = word(index)?;
            (given?.get(name)?.as_str()? == value).then_some(index)
        };
        let all = 0..forms.len();
        // The one that the given value names, else the one that knows most of it.
        let index = all.clone().find_map(said).unwrap_or_else(|| {
            let fit = |index: &usize| {
                forms
                    .get(*index)
                    .map_or(0, |form| self.fit(form, given, &at.place))
            };
            let best = all
                .clone()
                .map(|index| fit(&index))
                .max()
                .unwrap_or_default();
            let best: Vec<usize> = all.filter(|index| fit(index) == best).collect();
            let by = if given.is_some() || best.len() < forms.len() {
                0
            } else {
                at.seed.of("form").below(best.len())
            };
            best.get(by).copied().unwrap_or_default()
        });
        let Some(form) = forms.get(index) else {
            return Value::Null;
        };
        // The form is at the same place: what was put there is given already.
        let form = self.shape(form);
        let below = At {
            depth: at.depth.saturating_add(1),
            ..at.clone()
        };
        let mut made = self.shaped(&form, given, &below);
        if let Value::Object(object) = &mut made {
            if !shape.properties.is_empty() {
                let mut around = shape.clone();
                around.unions.clear();
                around.subtypes.clear();
                if let Value::Object(around) = self.object(&around, given, at) {
                    for (name, value) in around {
                        object.entry(name).or_insert(value);
                    }
                }
            }
            if let Some((name, value)) = word(index)
                && !name.is_empty()
                && (form.properties.contains_key(name) || shape.properties.contains_key(name))
            {
                object.insert(name.to_owned(), Value::String(value));
            }
        }
        made
    }

    /// How much of what is given, or is to be put below a place, a form has room for.
    fn fit(&self, form: &Node<'a>, given: Option<&Value>, place: &str) -> usize {
        let shape = self.shape(form);
        let put = self.put.keys().filter_map(|key| {
            key.strip_prefix(place)?
                .strip_prefix('/')?
                .split('/')
                .next()
        });
        let names_put = put
            .filter(|name| shape.properties.contains_key(name))
            .count();
        let fit = match given {
            Some(Value::Object(object)) if shape.is_object() => object
                .keys()
                .filter(|name| shape.properties.contains_key(name.as_str()))
                .count()
                .saturating_add(1),
            Some(Value::Array(_)) if shape.is_array() => 1,
            Some(one) if shape.is_scalar() => usize::from(cast(&shape, one).is_some()),
            _ => 0,
        };
        fit.saturating_add(names_put.saturating_mul(1_000))
    }

    fn object(&self, shape: &Shape<'a>, given: Option<&Value>, at: &At) -> Value {
        let known = given.and_then(Value::as_object);
        if known.is_none()
            && at.first
            && let Some(Value::Object(shown)) = shape.example
            && self.put.is_empty()
        {
            return self.object(shape, Some(&Value::Object(shown.clone())), at);
        }
        let mut object = Map::new();
        for (name, node) in &shape.properties {
            let below = at.below(name);
            let inner = known.and_then(|known| known.get(*name));
            let required = shape.required.contains(name);
            let is_put = self.put.keys().any(|place| {
                place
                    .strip_prefix(&below.place)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            });
            let said = inner.is_some() || is_put;
            // What is known of a record is all of it.
            if !said && !required && (known.is_some() || at.depth >= DEEPEST_OPTIONAL) {
                continue;
            }
            let property = self.shape(node);
            if property.write_only && !required {
                continue;
            }
            if !said && is_sometimes_null(&property, &below) {
                object.insert((*name).to_owned(), Value::Null);
                continue;
            }
            let inner = self.put.get(&below.place).or(inner);
            // That there is nothing is said by leaving it out, where null is no value.
            if inner == Some(&Value::Null)
                && !property.nullable
                && !property.is_null()
                && !property.is_anything()
            {
                if required {
                    object.insert((*name).to_owned(), least(&property));
                }
                continue;
            }
            if let Some(usual) = self.of_envelope(&property, name, inner, at) {
                object.insert((*name).to_owned(), usual);
                continue;
            }
            object.insert((*name).to_owned(), self.shaped(&property, inner, &below));
        }
        let is_open = shape.properties.is_empty()
            || matches!(shape.additional, Additional::Any | Additional::Schema(_));
        let is_free = is_open
            && shape.patterns.is_empty()
            && shape.names.is_empty()
            && !matches!(shape.additional, Additional::No);
        for (name, value) in known.into_iter().flatten().filter(|_| is_free) {
            if shape.properties.contains_key(name.as_str()) {
                continue;
            }
            let value = match &shape.additional {
                Additional::Schema(node) => self.value(node, Some(value), &at.below(name)),
                _ => value.clone(),
            };
            object.insert(name.clone(), value);
        }
        let undeclared: Vec<&str> = shape.undeclared().collect();
        for name in undeclared {
            if !object.contains_key(name) {
                let below = at.below(name);
                let value = match &shape.additional {
                    Additional::Schema(node) => self.value(node, None, &below),
                    _ => Value::String(told::text(name, &at.kind, below.seed, at.record)),
                };
                object.insert(name.to_owned(), value);
            }
        }
        Value::Object(object)
    }

    /// What an envelope says of itself where all went well.
    fn of_envelope(
        &self,
        shape: &Shape<'a>,
        name: &str,
        given: Option<&Value>,
        at: &At,
    ) -> Option<Value> {
        if given.is_some() || at.depth > 0 || !self.is_envelope || shape.values.is_some() {
            return None;
        }
        let name = words(name).join(" ");
        let is = |kind: Types| shape.types == kind;
        match name.as_str() {
            "success" | "ok" | "succeeded" if is(Types::BOOLEAN) => Some(Value::Bool(true)),
            "error" | "has error" | "is error" if is(Types::BOOLEAN) => Some(Value::Bool(false)),
            "status" if is(Types::STRING) => Some(Value::from("success")),
            "message" | "msg" if is(Types::STRING) => Some(Value::from("Done.")),
            "error" | "errors" | "warnings" if shape.nullable => Some(Value::Null),
            "errors" | "warnings" if shape.is_array() => Some(Value::Array(Vec::new())),
            "error" if is(Types::STRING) => Some(Value::from("")),
            _ => None,
        }
    }

    fn array(&self, shape: &Shape<'a>, given: Option<&Value>, at: &At) -> Value {
        let limit = |keyword: &str| {
            let limit = shape.keywords.get(keyword)?.value.as_u64()?;
            usize::try_from(limit).ok()
        };
        let (least, most) = (
            limit("minItems").unwrap_or(0),
            limit("maxItems").unwrap_or(usize::MAX),
        );
        let node_of = |index: usize| shape.prefix_items.get(index).or(shape.items.as_ref());
        let given = given.and_then(Value::as_array);
        if given.is_none()
            && at.first
            && let Some(Value::Array(shown)) = shape.example
        {
            return self.array(shape, Some(&Value::Array(shown.clone())), at);
        }
        let wanted = match given {
            Some(items) => items.len(),
            None if at.depth >= DEEPEST_OPTIONAL => least.min(MOST_ITEMS),
            None => at.seed.of("items").below(2).saturating_add(1),
        };
        let wanted = wanted
            .max(least.min(MOST_ITEMS))
            .max(shape.prefix_items.len().min(least))
            .min(most);
        let is_unique = shape
            .keywords
            .get("uniqueItems")
            .is_some_and(|node| *node.value == Value::Bool(true));
        let mut items: Vec<Value> = Vec::new();
        for index in 0..wanted {
            let inner = given.and_then(|items| items.get(index));
            let item = match node_of(index) {
                Some(node) => self.value(node, inner, &at.item(index)),
                None => match inner {
                    Some(inner) => inner.clone(),
                    None => break,
                },
            };
            if !(is_unique && items.contains(&item)) {
                items.push(item);
            }
        }
        Value::Array(items)
    }

    /// A number that is written as a text, with as many digits as its pattern asks for: `3.5` as `3.50`.
    fn as_written(&self, shape: &Shape<'_>, value: Value) -> Value {
        let pattern = shape
            .keywords
            .get("pattern")
            .and_then(|node| node.value.as_str());
        let (Some(pattern), Value::String(text)) = (pattern, &value) else {
            return value;
        };
        let Some(pattern) = self.seen.pattern(pattern) else {
            return value;
        };
        if pattern.matches(text) {
            return value;
        }
        let Ok(number) = text.parse::<f64>() else {
            return value;
        };
        let mut written = (0..=4_usize).map(|digits| format!("{number:.digits$}"));
        let found = written.find(|text| pattern.matches(text));
        found.map_or(value, Value::String)
    }

    /// A text as what has this name usually is, within the limits of its schema.
    fn text(&self, shape: &Shape<'_>, at: &At) -> String {
        let keyword = |name: &str| shape.keywords.get(name).map(|node| node.value);
        let limit = |name: &str, other: usize| {
            let limit = keyword(name).and_then(Value::as_u64);
            limit
                .and_then(|limit| usize::try_from(limit).ok())
                .unwrap_or(other)
        };
        let (least, most) = (limit("minLength", 0), limit("maxLength", usize::MAX));
        let name = words(&at.name);
        let format = keyword("format")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let made = match format {
            "date" => told::day(&name, at.seed),
            "date-time" => told::moment(&name, at.seed),
            "time" => format!("{}Z", told::time(at.seed)),
            "uuid" | "guid" => uuid(at.seed),
            "email" | "idn-email" => told::text("email", &at.kind, at.seed, at.record),
            "uri" | "url" | "iri" | "uri-reference" | "iri-reference" => {
                told::text("url", &at.kind, at.seed, at.record)
            }
            "hostname" | "idn-hostname" => "crm.example.com".to_owned(),
            "ipv4" => told::text("ip", &at.kind, at.seed, at.record),
            "ipv6" => "2001:db8::1".to_owned(),
            "duration" => "PT1H".to_owned(),
            "decimal" => told::money(at.seed),
            "byte" => "bWNwd3JpZ2h0".to_owned(),
            "json-pointer" => "/name".to_owned(),
            "regex" => "^[a-z]+$".to_owned(),
            _ => match keyword("contentEncoding").and_then(Value::as_str) {
                Some("base64" | "base64url") => "bWNwd3JpZ2h0".to_owned(),
                _ if most == 2 && name.iter().any(|word| word.starts_with("country")) => {
                    told::country_code(at.seed)
                }
                _ => told::text(&at.name, &at.kind, at.seed, at.record),
            },
        };
        let made = match made.chars().count() {
            longer if longer > most && format.is_empty() => made
                .chars()
                .take(most)
                .collect::<String>()
                .trim_end()
                .to_owned(),
            _ => made,
        };
        let pattern = keyword("pattern").and_then(Value::as_str);
        let pattern = pattern.and_then(|pattern| self.seen.pattern(pattern));
        let length = made.chars().count();
        let fits_pattern = pattern
            .as_ref()
            .is_none_or(|pattern| pattern.matches(&made));
        if length >= least && length <= most && fits_pattern && has_format(&made, format) {
            return made;
        }
        if let Some(found) = pattern.and_then(|pattern| pattern.made(least, most, at.seed)) {
            return found;
        }
        let missing = least.min(LONGEST).saturating_sub(length);
        made.chars()
            .chain(std::iter::repeat_n('a', missing))
            .collect()
    }
}
