//! Null as a value, and null for "not given".

use super::coerce::{MAX_DEPTH, read};
use super::schema::{Root, Types, schemas};
use crate::json::{Object, Value};
use crate::operation::{BodyEncoding, BodyShape, OperationDef, Style};

/// Unions within unions that are looked into.
const MAX_UNIONS: usize = 8;

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
            .is_some_and(|step| step == "*" || step.replace("~1", "/").replace("~0", "~") == *key)
    });
    fits && steps.next().is_none()
}

/// What the tool's schema says about a place.
#[derive(Clone, Copy)]
enum Place<'a> {
    /// This.
    Schema(&'a Object),
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
}

impl<'a> Sieve<'a> {
    /// Takes out the properties that are null without meaning it, also within arrays and objects that
    /// came as JSON text.
    pub fn sift(&self, schema: &'a Object, arguments: &mut Object) {
        for (name, value) in arguments.iter_mut() {
            if has_json_text(value) {
                self.unpack(self.below(Place::Schema(schema), name), value, 0);
            }
        }
        let mut path = Vec::new();
        arguments.retain(|name, value| {
            let within = self.operation.and_then(|o| in_json(o, name));
            let place = match within {
                Some(_) => self.below(Place::Schema(schema), name),
                None => Place::Shut,
            };
            path.push(name.clone());
            // A body or parameter that is null as a whole is one that is not given, unless one must be.
            let may_be_null = match within {
                Some(Part::Property | Part::Required) => self.allows_null(place),
                Some(Part::Whole) | None => false,
            };
            let keep = !value.is_null() || self.stays(&path) || may_be_null;
            if keep {
                self.inner(place, value, &mut path);
            }
            path.pop();
            keep
        });
    }

    fn inner(&self, place: Place<'a>, value: &mut Value, path: &mut Vec<String>) {
        match value {
            Value::Object(object) => object.retain(|key, value| {
                let place = self.below(place, key);
                path.push(key.clone());
                let keep = !value.is_null() || self.stays(path) || self.allows_null(place);
                if keep {
                    self.inner(place, value, path);
                }
                path.pop();
                keep
            }),
            Value::Array(items) => {
                let place = self.item(place);
                for (index, item) in items.iter_mut().enumerate() {
                    path.push(index.to_string());
                    self.inner(place, item, path);
                    path.pop();
                }
            }
            _ => {}
        }
    }

    /// Reads the arrays and objects that came as JSON text where no text can be meant.
    fn unpack(&self, place: Place<'a>, value: &mut Value, depth: usize) {
        let Place::Schema(schema) = place else { return };
        if depth > MAX_DEPTH {
            return;
        }
        if let Value::String(text) = value {
            let types = self.root.types(schema);
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
                    self.unpack(self.below(place, key), value, depth + 1);
                }
            }
            Value::Array(items) => {
                let place = self.item(place);
                for item in items {
                    self.unpack(place, item, depth + 1);
                }
            }
            _ => {}
        }
    }

    /// Whether a null at a place is looked at later.
    fn stays(&self, path: &[String]) -> bool {
        self.nulls.keep(path) || self.refused.iter().any(|pattern| is_at(pattern, path))
    }

    fn allows_null(&self, place: Place<'a>) -> bool {
        match place {
            Place::Schema(schema) => self.root.types(schema).has(Types::NULL),
            Place::Open => true,
            Place::Shut => false,
        }
    }

    /// The place of a property.
    fn below(&self, place: Place<'a>, key: &str) -> Place<'a> {
        let Place::Schema(schema) = place else {
            return place;
        };
        let parts = self.parts(schema);
        let declared = parts
            .iter()
            .find_map(|part| part.get("properties").and_then(|p| p.get(key)));
        let others = || parts.iter().find_map(|p| p.get("additionalProperties"));
        match declared.or_else(others) {
            Some(Value::Object(schema)) => Place::Schema(schema),
            Some(Value::Bool(false)) => Place::Shut,
            _ => Place::Open,
        }
    }

    /// The place of an item.
    fn item(&self, place: Place<'a>) -> Place<'a> {
        let Place::Schema(schema) = place else {
            return place;
        };
        let parts = self.parts(schema);
        if parts.iter().any(|part| part.contains_key("prefixItems")) {
            return Place::Shut;
        }
        match parts.iter().find_map(|part| part.get("items")) {
            Some(Value::Object(schema)) => Place::Schema(schema),
            Some(Value::Bool(false)) => Place::Shut,
            _ => Place::Open,
        }
    }

    /// The schema, what it refers to, and the branches of its unions.
    fn parts(&self, schema: &'a Object) -> Vec<&'a Object> {
        let mut parts = Vec::new();
        self.collect(schema, &mut parts, 0);
        parts
    }

    fn collect(&self, schema: &'a Object, parts: &mut Vec<&'a Object>, depth: usize) {
        for part in self.root.parts(schema).unwrap_or_default() {
            // What is there twice, by whatever way, says nothing new.
            if parts.iter().any(|known| std::ptr::eq(*known, part)) {
                continue;
            }
            parts.push(part);
            if depth >= MAX_UNIONS {
                continue;
            }
            for keyword in ["anyOf", "oneOf"] {
                for branch in schemas(part, keyword).iter().filter_map(Value::as_object) {
                    self.collect(branch, parts, depth + 1);
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
