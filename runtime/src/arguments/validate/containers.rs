//! Arrays and objects (JSON Schema 2020-12 validation §6.4, §6.5, core §10.3).

use std::collections::HashMap;

use crate::arguments::number;
use crate::arguments::problem::Problem;
use crate::arguments::schema::{Root, Types, schemas};
use crate::json::{Object, Value};
use crate::text::nearest;

use super::scalars::count;
use super::{Check, expected};

/// Names of which one is wanted, that are worth listing.
const MOST_NAMED: usize = 20;

impl<'a> Check<'a> {
    pub(super) fn array(&mut self, part: &'a Object, items: &[Value]) {
        self.size(
            part,
            items.len(),
            ["minItems", "maxItems"],
            ["item", "items"],
        );
        let prefix = schemas(part, "prefixItems");
        for (index, item) in items.iter().enumerate() {
            if self.has_enough() {
                return;
            }
            if let Some(schema) = prefix.get(index).or_else(|| part.get("items")) {
                self.at(index.to_string(), schema, item);
            }
        }
        if part.get("uniqueItems") == Some(&Value::Bool(true)) {
            let mut seen = HashMap::new();
            for (index, item) in items.iter().enumerate() {
                if !self.root.budget().copy(item) {
                    break;
                }
                if let Some(first) = seen.insert(number::key(item), index) {
                    self.fail(|| {
                        format!("items {first} and {index} are the same; each may occur once.")
                    });
                    break;
                }
            }
        }
    }

    pub(super) fn object(&mut self, part: &'a Object, object: &Object) {
        let properties = part.get("properties").and_then(Value::as_object);
        self.count(part, properties, object);
        for name in schemas(part, "required").iter().filter_map(Value::as_str) {
            if !object.contains_key(name) {
                let property = properties
                    .and_then(|p| p.get(name))
                    .and_then(Value::as_object);
                let root = self.root;
                self.path.push(name.to_owned());
                self.fail(|| missing(root, "is required and missing", property));
                self.path.pop();
            }
        }
        self.dependent(part, object);
        self.names(part, object);
        for (key, value) in object {
            if self.has_enough() {
                return;
            }
            if let Some(schema) = properties.and_then(|p| p.get(key)) {
                self.at(key.clone(), schema, value);
                continue;
            }
            match part.get("additionalProperties") {
                Some(Value::Bool(false)) => self.unknown(key, properties, object),
                Some(schema) => self.at(key.clone(), schema, value),
                None => {}
            }
        }
    }

    /// `dependentRequired`: names that are required where another one is given (validation §6.5.4).
    fn dependent(&mut self, part: &'a Object, object: &Object) {
        let Some(rules) = part.get("dependentRequired").and_then(Value::as_object) else {
            return;
        };
        let properties = part.get("properties").and_then(Value::as_object);
        let mut missed: Vec<&str> = Vec::new();
        for given in object.keys() {
            for name in schemas(rules, given).iter().filter_map(Value::as_str) {
                if object.contains_key(name) || missed.contains(&name) {
                    continue;
                }
                missed.push(name);
                let property = properties
                    .and_then(|p| p.get(name))
                    .and_then(Value::as_object);
                let root = self.root;
                self.path.push(name.to_owned());
                self.fail(|| {
                    let what = format!("is required beside `{given}` and missing");
                    missing(root, &what, property)
                });
                self.path.pop();
            }
        }
    }

    /// `propertyNames`: each name is a value for its schema.
    fn names(&mut self, part: &'a Object, object: &Object) {
        let Some(rule) = part.get("propertyNames") else {
            return;
        };
        for key in object.keys() {
            if self.has_enough() {
                return;
            }
            let found = self.trial(rule, &Value::from(key.as_str()));
            if found.total() > 0 {
                let why = found.iter().next().map(|problem| problem.message.clone());
                let why = why.unwrap_or_default();
                self.path.push(key.clone());
                self.fail(|| format!("this name is not accepted: {why}"));
                self.path.pop();
            }
        }
    }

    fn unknown(&mut self, key: &str, properties: Option<&Object>, object: &Object) {
        self.path.push(key.to_owned());
        let (most, path) = (self.most(), &self.path);
        self.problems.add(most, || {
            let names: Vec<&str> = properties
                .into_iter()
                .flat_map(Object::keys)
                .map(String::as_str)
                .collect();
            let free = names
                .iter()
                .copied()
                .filter(|name| !object.contains_key(*name));
            Problem::unknown(path, nearest(key, free), &names)
        });
        self.path.pop();
    }

    /// `minProperties` with the names of which some are wanted, and `maxProperties`.
    fn count(&mut self, part: &Object, properties: Option<&Object>, object: &Object) {
        let what = ["property", "properties"];
        let size = object.len() as u64;
        let least = count(part, "minProperties").filter(|least| size < *least);
        if let Some(least) = least.filter(|_| !(self.count_is_told && self.path.is_empty())) {
            self.fail(|| {
                let names = properties.into_iter().flat_map(Object::keys);
                let free = names.filter(|name| !object.contains_key(*name));
                let free: Vec<&str> = free.map(String::as_str).collect();
                let remedy = at_least_of(least.saturating_sub(size), !object.is_empty(), &free);
                format!(
                    "expected at least {}, got {size}.{remedy}",
                    counted(least, what)
                )
            });
        }
        if let Some(most) = count(part, "maxProperties").filter(|most| size > *most) {
            self.fail(|| format!("expected at most {}, got {size}.", counted(most, what)));
        }
    }

    fn size(&mut self, part: &Object, size: usize, keywords: [&str; 2], what: [&str; 2]) {
        let [least, most] = keywords.map(|keyword| count(part, keyword));
        if let Some(least) = least.filter(|least| (size as u64) < *least) {
            let expected = counted(least, what);
            self.fail(|| format!("expected at least {expected}, got {size}."));
        }
        if let Some(most) = most.filter(|most| (size as u64) > *most) {
            let expected = counted(most, what);
            self.fail(|| format!("expected at most {expected}, got {size}."));
        }
    }
}

/// A number with its noun: `1 item`, `2 items`.
pub(super) fn counted(count: u64, [one, several]: [&str; 2]) -> String {
    format!("{count} {}", if count == 1 { one } else { several })
}

/// What to do where something is to be given, as a sentence of its own; nothing where no name is known.
pub(in crate::arguments) fn at_least_of(count: u64, more: bool, names: &[&str]) -> String {
    let number = if count <= 1 {
        "one".to_owned()
    } else {
        count.to_string()
    };
    let more = if more { " more" } else { "" };
    match names.get(..MOST_NAMED.min(names.len())) {
        None | Some([]) => String::new(),
        Some(shown) => format!(" Give at least {number}{more} of: {}.", shown.join(", ")),
    }
}

/// What to say of a property that is missing.
fn missing<'a>(root: Root<'a>, what: &str, schema: Option<&'a Object>) -> String {
    let Some(schema) = schema else {
        return format!("{what}.");
    };
    let types = root.types(schema);
    let parts = root.parts(schema).unwrap_or_default();
    let expected = if types == Types::ALL {
        "a value".to_owned()
    } else {
        expected(&parts, types)
    };
    format!(
        "{what}: expected {expected}.{}",
        Check::remedy(root, schema, &parts)
    )
}
