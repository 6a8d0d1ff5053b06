//! Null as a value, and null for "not given".

use crate::json::place::unescaped;
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::coerce::{MAX_DEPTH, read};
use super::schema::{Root, Types, address, schemas};
use crate::json::{Object, Value};
use crate::operation::{BodyEncoding, BodyShape, OperationDef, Style};

/// Unions within unions that are looked into.
const MAX_UNIONS: usize = 8;
/// Schemas that may stand at one place.
const MAX_FORMS: usize = 64;
/// Nulls that are taken out and whose places are kept.
const MAX_DROPPED: usize = 256;

/// Which nulls in the arguments mean a null, and not "not given".
#[derive(Debug, Clone, Copy)]
pub enum Nulls<'a> {
    /// Those at these places: JSON Pointers in which `*` stands for any index or property name.
    At(&'a [&'a str]),
    /// All of them.
    All,
}

impl Nulls<'_> {
    pub(super) fn keep(self, path: &[String]) -> bool {
        match self {
            Self::All => true,
            Self::At(patterns) => patterns.iter().any(|pattern| is_at(pattern, path)),
        }
    }
}

/// Whether a JSON Pointer, in which `*` stands for any step, leads to a place.
pub(crate) fn is_at(pattern: &str, path: &[String]) -> bool {
    let mut steps = pattern.split('/').skip(1);
    let fits = path.iter().all(|key| {
        steps
            .next()
            .is_some_and(|step| step == "*" || is_step(step, key))
    });
    fits && steps.next().is_none()
}

/// Whether a step of a JSON Pointer is a name; few are escaped.
fn is_step(step: &str, name: &str) -> bool {
    if step.contains('~') {
        unescaped(step) == name
    } else {
        step == name
    }
}

/// What the tool's schema says about a place.
#[derive(Clone)]
enum Place<'a> {
    /// These, which are one, or those of several forms of a union.
    Schemas(Vec<&'a Object>),
    /// Nothing: any value is one, null too.
    Open,
    /// Nothing that would make a null a value.
    Shut,
}

/// Takes the nulls out of the arguments that do not mean one.
pub(super) struct Sieve<'a> {
    /// The tool's schema.
    pub root: Root<'a>,
    /// Where a null is one, whatever the schema says: schemas of tools list plain types only.
    pub nulls: Nulls<'a>,
    /// The operation, if its body may hold nulls wherever its schema does not exclude them.
    pub operation: Option<&'a OperationDef>,
    /// Places whose nulls stay, so that they can be refused.
    pub refused: &'a [&'a str],
    /// What schemas consist of, by their addresses.
    pub known: RefCell<HashMap<usize, Rc<[&'a Object]>>>,
    /// Places of the nulls that were taken out, the first [`MAX_DROPPED`].
    pub dropped: RefCell<Vec<Vec<String>>>,
}

impl<'a> Sieve<'a> {
    /// Takes out the properties that are null without meaning it, also within arrays and objects that
    /// came as JSON text.
    pub fn sift(&self, schema: &'a Object, arguments: &mut Object) {
        let root = Place::Schemas(vec![schema]);
        for (name, value) in arguments.iter_mut() {
            if has_json_text(value) {
                self.unpack(&self.below(&root, name), value, 0);
            }
        }
        let mut path = Vec::new();
        arguments.retain(|name, value| {
            let within = self.operation.and_then(|o| in_json(o, name));
            let place = match within {
                Some(_) => self.below(&root, name),
                None => Place::Shut,
            };
            path.push(name.clone());
            // A body or parameter that is null as a whole is one that is not given, unless one must be.
            let may_be_null = match within {
                Some(Part::Property | Part::Required) => self.allows_null(&place),
                Some(Part::Whole) | None => false,
            };
            let keep = !value.is_null() || self.stays(&path) || may_be_null;
            if keep {
                self.inner(&place, value, &mut path);
            } else {
                self.drop(&path);
            }
            path.pop();
            keep
        });
    }

    fn drop(&self, path: &[String]) {
        let mut dropped = self.dropped.borrow_mut();
        if dropped.len() < MAX_DROPPED {
            dropped.push(path.to_vec());
        }
    }

    /// Whether a null as a whole argument is one.
    pub fn takes_null(&self, schema: &'a Object, name: &str) -> bool {
        let operation = self.operation;
        let within = operation.and_then(|operation| in_json(operation, name));
        let may_be_null = matches!(within, Some(Part::Property | Part::Required));
        may_be_null && self.allows_null(&self.below(&Place::Schemas(vec![schema]), name))
            || self.nulls.keep(&[name.to_owned()])
    }

    fn inner(&self, place: &Place<'a>, value: &mut Value, path: &mut Vec<String>) {
        match value {
            // What is not looked at any more is refused as a whole.
            Value::Object(_) | Value::Array(_) if self.root.budget().is_exhausted() => {}
            Value::Object(object) => object.retain(|key, value| {
                let place = self.below(place, key);
                path.push(key.clone());
                let keep = !value.is_null() || self.stays(path) || self.allows_null(&place);
                if keep {
                    self.inner(&place, value, path);
                } else {
                    self.drop(path);
                }
                path.pop();
                keep
            }),
            Value::Array(items) => {
                for (index, item) in items.iter_mut().enumerate() {
                    path.push(index.to_string());
                    self.inner(&self.item(place, index), item, path);
                    path.pop();
                }
            }
            _ => {}
        }
    }

    /// Reads the arrays and objects that came as JSON text where no text can be meant.
    fn unpack(&self, place: &Place<'a>, value: &mut Value, depth: usize) {
        let Place::Schemas(schemas) = place else {
            return;
        };
        if depth > MAX_DEPTH || self.root.budget().is_exhausted() {
            return;
        }
        if let Value::String(text) = value {
            let types = schemas.iter().map(|schema| self.root.types(schema));
            let types = types.fold(Types::NONE, Types::or);
            match read(self.root, types, text) {
                Some(container @ (Value::Array(_) | Value::Object(_)))
                    if !types.has(Types::STRING) =>
                {
                    *value = container;
                }
                _ => return,
            }
        }
        match value {
            Value::Object(object) => {
                for (key, value) in object.iter_mut() {
                    self.unpack(&self.below(place, key), value, depth + 1);
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter_mut().enumerate() {
                    self.unpack(&self.item(place, index), item, depth + 1);
                }
            }
            _ => {}
        }
    }

    /// Whether a null at a place is looked at later.
    fn stays(&self, path: &[String]) -> bool {
        let known = match self.nulls {
            Nulls::At(patterns) => patterns.len(),
            Nulls::All => 0,
        };
        self.root.budget().look(known + self.refused.len());
        self.nulls.keep(path) || self.refused.iter().any(|pattern| is_at(pattern, path))
    }

    fn allows_null(&self, place: &Place<'a>) -> bool {
        match place {
            Place::Schemas(schemas) => schemas
                .iter()
                .any(|schema| self.root.types(schema).has(Types::NULL)),
            Place::Open => true,
            Place::Shut => false,
        }
    }

    /// The place of a property.
    fn below(&self, place: &Place<'a>, key: &str) -> Place<'a> {
        let named = |part: &&'a Object| part.get("properties").and_then(|p| p.get(key));
        let others = |part: &&'a Object| part.get("additionalProperties");
        self.within(place, |parts| {
            let named: Vec<&Value> = parts.iter().filter_map(named).collect();
            match named.is_empty() {
                true => parts.iter().filter_map(others).collect(),
                false => named,
            }
        })
    }

    /// The place of an item.
    fn item(&self, place: &Place<'a>, index: usize) -> Place<'a> {
        self.within(place, |parts| {
            let of = |part: &&'a Object| {
                let placed = schemas(part, "prefixItems").get(index);
                placed.or_else(|| part.get("items"))
            };
            parts.iter().filter_map(of).collect()
        })
    }

    /// The place that the schemas lead to which `find` gives: one of forms, so what one of them takes is taken.
    fn within(
        &self,
        place: &Place<'a>,
        find: impl Fn(&[&'a Object]) -> Vec<&'a Value>,
    ) -> Place<'a> {
        let Place::Schemas(schemas) = place else {
            return place.clone();
        };
        let mut parts = Vec::new();
        for schema in schemas {
            parts.extend(self.parts(schema).iter().copied());
        }
        // A schema is looked at once for each of its parts, and some have hundreds.
        self.root.budget().look(parts.len());
        if !self.root.budget().step() {
            return Place::Open;
        }
        let found = find(&parts);
        if found.is_empty() {
            return Place::Open;
        }
        let mut below: Vec<&'a Object> = Vec::new();
        for schema in found {
            match schema {
                Value::Object(schema) => {
                    if below.len() < MAX_FORMS
                        && !below.iter().any(|known| std::ptr::eq(*known, schema))
                    {
                        below.push(schema);
                    }
                }
                Value::Bool(false) => {}
                _ => return Place::Open,
            }
        }
        match below.is_empty() {
            true => Place::Shut,
            false => Place::Schemas(below),
        }
    }

    /// The schema, what it refers to, and the branches of its unions.
    fn parts(&self, schema: &'a Object) -> Rc<[&'a Object]> {
        let key = address(schema);
        let known = self.known.borrow().get(&key).cloned();
        known.unwrap_or_else(|| {
            let mut parts = Vec::new();
            self.collect(schema, &mut parts, &mut HashSet::new(), 0);
            let parts: Rc<[&'a Object]> = parts.into();
            self.known.borrow_mut().insert(key, Rc::clone(&parts));
            parts
        })
    }

    fn collect(
        &self,
        schema: &'a Object,
        parts: &mut Vec<&'a Object>,
        seen: &mut HashSet<usize>,
        depth: usize,
    ) {
        for part in self.root.parts(schema).unwrap_or_default() {
            // What is there twice, by whatever way, says nothing new.
            if !seen.insert(address(part)) {
                continue;
            }
            parts.push(part);
            if depth >= MAX_UNIONS {
                continue;
            }
            for keyword in ["anyOf", "oneOf"] {
                for branch in schemas(part, keyword).iter().filter_map(Value::as_object) {
                    self.collect(branch, parts, seen, depth + 1);
                }
            }
        }
    }
}

/// Whether a text in the value may be JSON of an array or object, as few are.
fn has_json_text(value: &Value) -> bool {
    match value {
        Value::String(text) => text.trim_start().starts_with(['{', '[']),
        Value::Array(items) => items.iter().any(has_json_text),
        Value::Object(object) => object.values().any(has_json_text),
        _ => false,
    }
}

/// What an argument is of what is sent as JSON.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Whole,
    /// All of one that must be given.
    Required,
    Property,
}

fn in_json(operation: &OperationDef, argument: &str) -> Option<Part> {
    let whole = |required| match required {
        true => Part::Required,
        false => Part::Whole,
    };
    let mut parameters = operation.parameters.iter();
    let parameter = parameters.find(|one| one.style == Style::Json && one.argument == argument);
    if let Some(parameter) = parameter {
        return Some(whole(parameter.required));
    }
    let body = operation.body.as_ref()?;
    if !matches!(
        body.encoding,
        BodyEncoding::Json | BodyEncoding::JsonLines | BodyEncoding::JsonSequence
    ) {
        return None;
    }
    match body.shape {
        BodyShape::Whole { argument: name }
        | BodyShape::Members { argument: name, .. }
        | BodyShape::Items { argument: name, .. } => {
            (name == argument).then(|| whole(body.required))
        }
        BodyShape::Properties { fields, additional } => {
            let one = fields.iter().any(|field| field.argument == argument);
            (one || !additional.is_empty() && additional == argument).then_some(Part::Property)
        }
    }
}
