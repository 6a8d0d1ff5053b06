//! Objects: what is given in its place, what is missing made up, and what envelopes say of themselves.

use serde_json::{Map, Value};

use super::super::scalar::{is_sometimes_null, least};
use super::super::words as told;
use super::{At, DEEPEST_OPTIONAL, Maker};
use crate::lower::schema::{Additional, Shape, Types};
use crate::names::words;

impl<'a> Maker<'_, 'a> {
    pub(super) fn object(&self, shape: &Shape<'a>, given: Option<&Value>, at: &At) -> Value {
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
}
