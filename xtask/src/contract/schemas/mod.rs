//! Schemas of the document as a validator of JSON Schema 2020-12 reads them: `nullable` and boolean
//! limits of OpenAPI 3.0 are translated, read-only properties are forbidden, and what is no JSON
//! Schema at all is left out, since a document that cannot be kept says nothing.

mod translate;

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use jsonschema::{Draft, Registry, Validator};
use serde_json::{Value, json};

pub use self::translate::translated;
use super::reader::target;
use crate::failure::{Context as _, Result};

const URI: &str = "urn:document";
const DEEPEST: usize = 24;
const TYPES: [&str; 7] = [
    "null", "boolean", "integer", "number", "string", "array", "object",
];

/// The schemas of a document, ready to validate.
pub struct Schemas<'d> {
    /// The translated document.
    pub document: &'d Value,
    registry: &'d Registry<'d>,
    built: RefCell<HashMap<String, Option<Rc<Validator>>>>,
}

/// What references are resolved in.
///
/// # Errors
/// When the document is none.
pub fn registry(document: &Value) -> Result<Registry<'_>> {
    Registry::new()
        .add(URI, document)
        .and_then(jsonschema::RegistryBuilder::prepare)
        .context("the schemas of the document")
}

impl<'d> Schemas<'d> {
    /// Those of a translated document.
    pub fn new(document: &'d Value, registry: &'d Registry<'d>) -> Self {
        Self {
            document,
            registry,
            built: RefCell::default(),
        }
    }

    /// The validator of the schema at a place; none if it cannot be built.
    fn validator(&self, pointer: &str) -> Option<Rc<Validator>> {
        if let Some(known) = self.built.borrow().get(pointer) {
            return known.clone();
        }
        let fragment: String = pointer
            .bytes()
            .map(|byte| match byte {
                b'a'..=b'z'
                | b'A'..=b'Z'
                | b'0'..=b'9'
                | b'/'
                | b'-'
                | b'_'
                | b'.'
                | b'~'
                | b'$' => char::from(byte).to_string(),
                byte => format!("%{byte:02X}"),
            })
            .collect();
        let built = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .with_registry(self.registry)
            .should_validate_formats(true)
            .should_ignore_unknown_formats(true)
            .build(&json!({"$ref": format!("{URI}#{fragment}")}));
        let built = built.ok().map(Rc::new);
        self.built
            .borrow_mut()
            .insert(pointer.to_owned(), built.clone());
        built
    }

    /// Whether the schema at a place accepts a value; one that cannot be built accepts all.
    pub fn accepts(&self, pointer: &str, value: &Value) -> bool {
        self.validator(pointer)
            .is_none_or(|validator| validator.is_valid(value))
    }

    /// What is wrong with a value.
    pub fn fault(&self, pointer: &str, value: &Value) -> Option<String> {
        let validator = self.validator(pointer)?;
        let error = validator.validate(value).err()?;
        let mut text = error.to_string();
        if text.len() > 200 {
            text = text.chars().take(200).collect();
        }
        Some(format!("{text} at {}", error.instance_path()))
    }

    /// The place and those of the schemas that apply with it or instead of it.
    pub fn parts(&self, pointer: &str) -> Vec<String> {
        let mut found = Vec::new();
        self.collect(pointer.to_owned(), &mut found, 0);
        found
    }

    fn collect(&self, pointer: String, found: &mut Vec<String>, depth: usize) {
        if depth > DEEPEST || found.contains(&pointer) {
            return;
        }
        let Some(schema) = self.document.pointer(&pointer) else {
            return;
        };
        found.push(pointer.clone());
        if let Some(place) = schema
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|reference| target(self.document, reference))
        {
            self.collect(place.pointer, found, depth + 1);
        }
        for keyword in ["allOf", "anyOf", "oneOf"] {
            let count = schema
                .get(keyword)
                .and_then(Value::as_array)
                .map_or(0, Vec::len);
            for index in 0..count {
                self.collect(format!("{pointer}/{keyword}/{index}"), found, depth + 1);
            }
        }
    }

    /// Whether a value of this type could be accepted.
    pub fn may_be(&self, pointer: &str, kind: &str) -> bool {
        let mut said = false;
        for part in self.parts(pointer) {
            match self
                .document
                .pointer(&part)
                .and_then(|schema| schema.get("type"))
            {
                Some(Value::String(name)) => {
                    said = true;
                    if name == kind {
                        return true;
                    }
                }
                Some(Value::Array(names)) => {
                    said = true;
                    if names.iter().any(|name| name == kind) {
                        return true;
                    }
                }
                _ => {}
            }
        }
        !said
    }

    /// Where the schema of a property may stand.
    pub fn property(&self, pointer: &str, name: &str) -> Vec<String> {
        let escaped = name.replace('~', "~0").replace('/', "~1");
        self.existing(
            pointer,
            &[&format!("properties/{escaped}"), "additionalProperties"],
        )
    }

    /// Where the schema of items may stand.
    pub fn items(&self, pointer: &str) -> Vec<String> {
        self.existing(pointer, &["items", "prefixItems/0"])
    }

    fn existing(&self, pointer: &str, below: &[&str]) -> Vec<String> {
        self.parts(pointer)
            .iter()
            .flat_map(|part| below.iter().map(move |step| format!("{part}/{step}")))
            .filter(|place| self.document.pointer(place).is_some_and(Value::is_object))
            .collect()
    }

    /// Whether a property is named.
    pub fn names(&self, pointer: &str, name: &str) -> bool {
        let escaped = name.replace('~', "~0").replace('/', "~1");
        !self
            .existing(pointer, &[&format!("properties/{escaped}")])
            .is_empty()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Schemas, registry, translated};

    /// Whether the schema at `pointer` accepts each of the values.
    fn accepts(document: &Value, pointer: &str, values: &[Value]) -> Vec<bool> {
        let document = translated(document);
        let registry = registry(&document).unwrap();
        let schemas = Schemas::new(&document, &registry);
        let all = values.iter();
        all.map(|value| schemas.accepts(pointer, value)).collect()
    }

    #[test]
    fn value_lists_that_their_type_rules_out_still_say_something() {
        for (schema, accepted, refused) in [
            (
                json!({"type": "array", "items": {"type": "string"}, "enum": ["a"]}),
                json!(["a", "a"]),
                json!(["b"]),
            ),
            (
                json!({"type": "array", "enum": [["a"]]}),
                json!(["a"]),
                json!(["b"]),
            ),
            (
                json!({"type": "string", "enum": [1, 2]}),
                json!("1"),
                json!("3"),
            ),
            (
                json!({"type": "string", "enum": [1, 2]}),
                json!(1),
                json!(3),
            ),
            (
                json!({"type": "object", "enum": ["a"]}),
                json!("a"),
                json!({}),
            ),
        ] {
            let document = json!({"components": {"schemas": {"S": schema}}});
            assert_eq!(
                accepts(&document, "/components/schemas/S", &[accepted, refused]),
                [true, false],
                "{document}"
            );
        }
    }

    #[test]
    fn read_only_properties_are_forbidden_in_requests_and_can_be_referred_to_in_answers() {
        let schema = json!({"properties": {"id": {"type": "string", "readOnly": true}}});
        let document = json!({
            "responses": {"200": {"content": {"application/json": {"schema": schema}}}},
            "requestBody": {"content": {"application/json": {"schema": schema}}},
        });
        for (place, expected) in [("responses/200", true), ("requestBody", false)] {
            let pointer = format!("/{place}/content/application~1json/schema/properties/id");
            assert_eq!(accepts(&document, &pointer, &[json!("a")]), [expected]);
        }
    }
}
