//! Whether what is sent has the schemas of the document: an independent validator judges.

use crate::text::pointer::escaped;
use std::collections::{HashMap, HashSet};

use jsonschema::{Draft, PatternOptions, Registry, Resource, Validator};
use regex::RegexBuilder;
use serde_json::{Map, Value, json};

/// The name of the document among what references lead to.
const URI: &str = "urn:mock";
/// Faults of one value that are told.
const MOST: usize = 10;
/// Levels of the document that are looked at.
const DEEPEST: usize = 200;
/// Bytes of a compiled pattern.
const LARGEST: usize = 1_000_000;

/// Something that is wrong with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    /// Where: `body`, `query`, `path`, `header` or `cookie`.
    pub(super) within: &'static str,
    /// JSON Pointer of the place there.
    pub(super) place: String,
    /// What.
    pub(super) message: String,
}

impl Fault {
    /// In one line.
    pub(super) fn line(&self) -> String {
        match self.place.as_str() {
            "" => format!("{}: {}", self.within, self.message),
            place => format!("{} {place}: {}", self.within, self.message),
        }
    }
}

/// Validators of the schemas of a document, made when they are needed.
pub(super) struct Judge {
    registry: Option<Registry<'static>>,
    known: HashMap<String, Option<Validator>>,
}

impl std::fmt::Debug for Judge {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Judge")
            .field("known", &self.known.len())
            .finish_non_exhaustive()
    }
}

impl Judge {
    /// For a normalized document.
    pub(super) fn new(document: &Value) -> Self {
        let mut document = document.clone();
        let places = read_only(&document);
        prepare(&mut document, "", &places, 0);
        let registry = Registry::new()
            .add(URI, Resource::from_contents(document))
            .and_then(jsonschema::RegistryBuilder::prepare);
        Self {
            registry: registry.ok(),
            known: HashMap::new(),
        }
    }

    /// What is wrong with a value of the schema at a place of the document. Nothing where the schema is one that
    /// no validator reads.
    pub(super) fn faults(
        &mut self,
        schema: &str,
        within: &'static str,
        value: &Value,
    ) -> Vec<Fault> {
        let Some(registry) = &self.registry else {
            return Vec::new();
        };
        let validator = self.known.entry(schema.to_owned()).or_insert_with(|| {
            jsonschema::options()
                .with_draft(Draft::Draft202012)
                .with_registry(registry)
                .should_validate_formats(true)
                .should_ignore_unknown_formats(true)
                .with_pattern_options(PatternOptions::regex().size_limit(LARGEST))
                .build(&json!({"$ref": format!("{URI}#{}", fragment(schema))}))
                .ok()
        });
        let Some(validator) = validator else {
            return Vec::new();
        };
        let told = |error: jsonschema::ValidationError<'_>| Fault {
            within,
            place: error.instance_path().as_str().to_owned(),
            message: crate::text::line(&error.to_string(), 300),
        };
        validator.iter_errors(value).take(MOST).map(told).collect()
    }
}

/// A JSON Pointer as the fragment of a reference (RFC 6901 §6).
fn fragment(pointer: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_.~$".contains(&byte);
    pointer
        .bytes()
        .map(|byte| {
            if plain(byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

/// Places of schemas that are `readOnly`.
fn read_only(document: &Value) -> HashSet<String> {
    fn look(value: &Value, place: &str, found: &mut HashSet<String>, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        match value {
            Value::Object(object) => {
                if object.get("readOnly") == Some(&Value::Bool(true)) {
                    found.insert(place.to_owned());
                }
                for (name, value) in object {
                    let below = format!("{place}/{}", escaped(name));
                    look(value, &below, found, depth.saturating_add(1));
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    look(
                        item,
                        &format!("{place}/{index}"),
                        found,
                        depth.saturating_add(1),
                    );
                }
            }
            _ => {}
        }
    }
    let mut found = HashSet::new();
    look(document, "", &mut found, 0);
    found
}

/// Makes schemas ones for requests that the validator reads: what is `readOnly` is not required of whoever sends
/// (OpenAPI 3.2 §4.24.3), and patterns that it does not know say nothing.
fn prepare(value: &mut Value, place: &str, read_only: &HashSet<String>, depth: usize) {
    if depth > DEEPEST {
        *value = Value::Bool(true);
        return;
    }
    match value {
        Value::Object(object) => {
            let unusable =
                |text: &str| RegexBuilder::new(text).size_limit(LARGEST).build().is_err();
            if object
                .get("pattern")
                .and_then(Value::as_str)
                .is_some_and(unusable)
            {
                object.remove("pattern");
            }
            if let Some(Value::Object(patterns)) = object.get("patternProperties")
                && patterns.keys().any(|pattern| unusable(pattern))
            {
                object.remove("patternProperties");
                object.remove("additionalProperties");
            }
            // Which schema a base changes, the document has decided already.
            if object.get("$id").is_some_and(Value::is_string) {
                object.remove("$id");
            }
            // A value says itself which branch it means: that it fits another one as well is no fault of it.
            if object.contains_key("discriminator")
                && !object.contains_key("anyOf")
                && let Some(branches) = object.remove("oneOf")
            {
                object.insert("anyOf".to_owned(), branches);
            }
            let hidden = hidden(object, place, read_only);
            if let Some(Value::Array(required)) = object.get_mut("required") {
                required.retain(|name| name.as_str().is_none_or(|name| !hidden.contains(name)));
            }
            for (name, value) in object.iter_mut() {
                let below = format!("{place}/{}", escaped(name));
                prepare(value, &below, read_only, depth.saturating_add(1));
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                prepare(
                    item,
                    &format!("{place}/{index}"),
                    read_only,
                    depth.saturating_add(1),
                );
            }
        }
        _ => {}
    }
}

/// Names of properties of a schema that only answers have: marked where they stand, or where they refer to.
fn hidden(
    object: &Map<String, Value>,
    place: &str,
    read_only: &HashSet<String>,
) -> HashSet<String> {
    let mut found = HashSet::new();
    let mut look = |properties: Option<&Value>, place: &str| {
        for (name, schema) in properties.and_then(Value::as_object).into_iter().flatten() {
            let own = format!("{place}/properties/{}", escaped(name));
            let target = schema
                .get("$ref")
                .and_then(Value::as_str)
                .and_then(|target| target.strip_prefix('#'));
            if read_only.contains(&own) || target.is_some_and(|target| read_only.contains(target)) {
                found.insert(name.clone());
            }
        }
    };
    look(object.get("properties"), place);
    // What one part requires another may declare.
    for (index, part) in object
        .get("allOf")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .enumerate()
    {
        look(part.get("properties"), &format!("{place}/allOf/{index}"));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_is_judged_by_the_schema_for_requests() {
        let document = json!({"components": {"schemas": {
            "Lead": {"type": "object", "required": ["id", "name", "at"], "properties": {
                "id": {"type": "integer", "readOnly": true},
                "at": {"$ref": "#/components/schemas/At"},
                "name": {"type": "string", "pattern": "(?=x)y"},
                "pattern": {"type": "string", "pattern": "^a+$"}
            }},
            "At": {"type": "string", "readOnly": true},
            "Ü b": {"$ref": "#/components/schemas/Lead"},
            "Pet": {"oneOf": [{"type": "object"}, {"type": "object"}], "discriminator": {"propertyName": "kind"}},
            "Odd": {"$ref": "#/components/schemas/Nothing"}
        }}});
        let mut judge = Judge::new(&document);
        let mut faults = |name: &str, value: Value| {
            let all = judge.faults(&format!("/components/schemas/{name}"), "body", &value);
            all.iter().map(Fault::line).collect::<Vec<_>>()
        };
        assert_eq!(
            faults("Lead", json!({"name": "n", "pattern": "aa"})),
            Vec::<String>::new()
        );
        assert_eq!(
            faults("Lead", json!({"pattern": "a"})),
            ["body: \"name\" is a required property"]
        );
        assert_eq!(
            faults("Ü b", json!({"name": 1})),
            ["body /name: 1 is not of type \"string\""]
        );
        assert_eq!(faults("Odd", json!(1)), Vec::<String>::new());
        assert_eq!(faults("Pet", json!({"kind": "cat"})), Vec::<String>::new());
        assert_eq!(faults("Pet", json!(1)).len(), 1);
        assert_eq!(
            faults("Lead", json!({"name": "n", "pattern": "b"})).len(),
            1
        );
    }
}
