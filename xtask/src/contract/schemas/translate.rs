//! Schemas of OpenAPI as JSON Schema 2020-12: what is translated, forbidden and left out.

use std::cell::RefCell;
use std::collections::HashMap;

use jsonschema::Draft;
use serde_json::{Map, Value, json};

use super::super::reader::target;
use super::{DEEPEST, TYPES};

/// The translated document.
pub fn translated(document: &Value) -> Value {
    let old = document
        .get("openapi")
        .and_then(Value::as_str)
        .is_some_and(|version| version.starts_with("3.0"));
    let translator = Translator {
        document,
        old,
        answers: false,
    };
    let mut copy = document.clone();
    translator.walk(&mut copy);
    copy
}

#[derive(Clone, Copy)]
struct Translator<'d> {
    document: &'d Value,
    old: bool,
    /// Whether the schemas are of answers, in which read-only properties may stand. Requests may refer
    /// to such a property by its place.
    answers: bool,
}

impl Translator<'_> {
    /// Finds the schemas.
    fn walk(&self, value: &mut Value) {
        match value {
            Value::Object(object) => {
                for (key, value) in object {
                    match key.as_str() {
                        "schema" | "itemSchema" => self.schema(value, &[], 0),
                        "schemas" => {
                            for value in value.as_object_mut().into_iter().flatten() {
                                self.schema(value.1, &[], 0);
                            }
                        }
                        "example" | "examples" | "default" => *value = Value::Null,
                        "responses" => {
                            let answers = Self {
                                answers: true,
                                ..*self
                            };
                            answers.walk(value);
                        }
                        _ => self.walk(value),
                    }
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.walk(item)),
            _ => {}
        }
    }

    fn schema(&self, value: &mut Value, read_only: &[String], depth: usize) {
        if value.is_boolean() {
            return;
        }
        let Some(schema) = value.as_object_mut().filter(|_| depth < 200) else {
            *value = json!({});
            return;
        };
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            let known = target(self.document, reference).is_some();
            if !known {
                schema.remove("$ref");
            } else if self.old {
                let reference = reference.to_owned();
                *schema = Map::from_iter([("$ref".to_owned(), json!(reference))]);
                return;
            }
        }
        let mut hidden: Vec<String> = read_only.to_vec();
        if !self.answers {
            self.read_only(schema, &mut hidden, 0);
        }
        clean(schema);
        // Formats are annotations (JSON Schema validation 2020-12 §7.2.1): lists of values say all, and limits
        // hold where no text of the format keeps them.
        let limit = |keyword: &str| schema.get(keyword).and_then(Value::as_u64);
        let is_uuid = schema.get("format") == Some(&json!("uuid"));
        let excluded = limit("minLength").is_some_and(|least| least > 36)
            || limit("maxLength").is_some_and(|most| most < 36);
        if schema.contains_key("enum") || schema.contains_key("const") || is_uuid && excluded {
            schema.remove("format");
        }
        self.old_keywords(schema);
        if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
            required.retain(|name| {
                name.as_str()
                    .is_some_and(|name| !hidden.iter().any(|h| h == name))
            });
        }
        if let Some(Value::Array(parts)) = schema.get_mut("allOf") {
            // A part that forbids the properties of the others forbids every object; documents that
            // say so mean the whole.
            for part in parts {
                self.open(part);
            }
        }
        for (key, value) in schema.iter_mut() {
            match key.as_str() {
                "properties" => {
                    for (name, property) in value.as_object_mut().into_iter().flatten() {
                        if hidden.contains(name) {
                            *property = json!(false);
                        } else {
                            self.schema(property, &[], depth + 1);
                        }
                    }
                }
                "patternProperties" | "$defs" | "definitions" | "dependentSchemas" => {
                    for (_, inner) in value.as_object_mut().into_iter().flatten() {
                        self.schema(inner, &[], depth + 1);
                    }
                }
                "items"
                | "additionalProperties"
                | "not"
                | "contains"
                | "propertyNames"
                | "if"
                | "then"
                | "else"
                | "unevaluatedProperties"
                | "unevaluatedItems" => {
                    self.schema(value, &[], depth + 1);
                }
                "allOf" | "anyOf" | "oneOf" | "prefixItems" => {
                    let inherited: &[String] = if key == "prefixItems" { &[] } else { &hidden };
                    for inner in value.as_array_mut().into_iter().flatten() {
                        self.schema(inner, inherited, depth + 1);
                    }
                }
                _ => {}
            }
        }
    }

    /// Leaves `additionalProperties: false` out of a part, which is copied if it is shared.
    fn open(&self, part: &mut Value) {
        let reference = part.get("$ref").and_then(Value::as_str);
        let named = reference.and_then(|reference| target(self.document, reference));
        let closed = |schema: &Value| schema.get("additionalProperties") == Some(&json!(false));
        if let Some(named) = named
            && closed(named.value)
        {
            *part = named.value.clone();
        }
        if closed(part)
            && let Some(part) = part.as_object_mut()
        {
            part.remove("additionalProperties");
        }
    }

    /// Names of read-only properties, also of the schemas that apply at once.
    fn read_only(&self, schema: &Map<String, Value>, found: &mut Vec<String>, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        for (name, property) in schema
            .get("properties")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            let reference = property.get("$ref").and_then(Value::as_str);
            let named = reference.and_then(|reference| target(self.document, reference));
            let own = if self.old && reference.is_some() {
                None
            } else {
                property.get("readOnly")
            };
            let read_only = own.or_else(|| named.as_ref()?.value.get("readOnly"));
            if read_only == Some(&json!(true)) && !found.contains(name) {
                found.push(name.clone());
            }
        }
        for part in schema
            .get("allOf")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            let named = part
                .get("$ref")
                .and_then(Value::as_str)
                .and_then(|reference| target(self.document, reference));
            let part = named.map_or(part, |named| named.value);
            if let Some(part) = part.as_object() {
                self.read_only(part, found, depth + 1);
            }
        }
    }

    /// OpenAPI 3.0 §4.7.24.
    fn old_keywords(&self, schema: &mut Map<String, Value>) {
        if schema.remove("nullable") == Some(json!(true)) {
            if let Some(Value::String(name)) = schema.get("type") {
                let names = json!([name, "null"]);
                schema.insert("type".to_owned(), names);
            }
            if let Some(values) = schema.get_mut("enum").and_then(Value::as_array_mut) {
                values.push(Value::Null);
            }
        }
        for (flag, limit) in [
            ("exclusiveMinimum", "minimum"),
            ("exclusiveMaximum", "maximum"),
        ] {
            if let Some(Value::Bool(exclusive)) = schema.get(flag) {
                let exclusive = *exclusive;
                schema.remove(flag);
                if exclusive && let Some(number) = schema.remove(limit) {
                    schema.insert(flag.to_owned(), number);
                }
            }
        }
    }
}

thread_local! {
    /// Which patterns can be compiled: documents repeat them, and some take a second.
    static PATTERNS: RefCell<HashMap<String, bool>> = RefCell::default();
}

/// Whether a validator would take the pattern.
fn is_pattern(rule: &str) -> bool {
    let compiles = || {
        jsonschema::options()
            .with_draft(Draft::Draft202012)
            .build(&json!({"pattern": rule}))
            .is_ok()
    };
    PATTERNS.with_borrow_mut(|known| {
        if let Some(known) = known.get(rule) {
            return *known;
        }
        let compiles = compiles();
        known.insert(rule.to_owned(), compiles);
        compiles
    })
}

/// Leaves out what no validator would take.
fn clean(schema: &mut Map<String, Value>) {
    if let Some(Value::Array(items)) = schema.get("items") {
        let items = items.clone();
        schema.remove("items");
        schema.insert("prefixItems".to_owned(), Value::Array(items));
    }
    schema.retain(|key, value| match key.as_str() {
        "type" => match value {
            Value::String(name) => TYPES.contains(&name.as_str()),
            Value::Array(names) => {
                !names.is_empty()
                    && names
                        .iter()
                        .all(|name| name.as_str().is_some_and(|name| TYPES.contains(&name)))
            }
            _ => false,
        },
        "enum" => value.as_array().is_some_and(|values| !values.is_empty()),
        "required" => value.is_array(),
        "allOf" | "anyOf" | "oneOf" | "prefixItems" => {
            value.as_array().is_some_and(|all| !all.is_empty())
        }
        "properties" | "patternProperties" | "$defs" | "definitions" | "dependentSchemas" => {
            value.is_object()
        }
        "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties" => {
            value.is_u64()
        }
        "minimum" | "maximum" => value.is_number(),
        "exclusiveMinimum" | "exclusiveMaximum" => value.is_number() || value.is_boolean(),
        "multipleOf" => value.as_f64().is_some_and(|step| step > 0.0),
        "uniqueItems" | "nullable" => value.is_boolean(),
        "pattern" => value.as_str().is_some_and(is_pattern),
        "format" => value.is_string(),
        "$ref"
        | "const"
        | "items"
        | "additionalProperties"
        | "not"
        | "contains"
        | "propertyNames"
        | "if"
        | "then"
        | "else"
        | "unevaluatedProperties"
        | "unevaluatedItems"
        | "$anchor"
        | "$dynamicRef"
        | "$dynamicAnchor" => true,
        _ => false,
    });
    ruled_out(schema);
    if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
        let mut seen: Vec<Value> = Vec::new();
        required.retain(|name| {
            let new = name.is_string() && !seen.contains(name);
            seen.push(name.clone());
            new
        });
    }
}

/// A value list that its own type rules out. Of an array it is the list of its items; numbers beside
/// `type: string` are what YAML makes of digits, so that both count; else the list is meant.
fn ruled_out(schema: &mut Map<String, Value>) {
    let (Some(Value::Array(values)), Some(kind)) = (schema.get("enum"), schema.get("type")) else {
        return;
    };
    let fits = jsonschema::options()
        .build(&json!({ "type": kind }))
        .is_ok_and(|own| values.iter().any(|value| own.is_valid(value)));
    if fits {
        return;
    }
    let mut values = values.clone();
    if *kind == "array" {
        let items = schema.remove("items").unwrap_or_else(|| json!({}));
        let own = json!({"allOf": [items, {"enum": values}]});
        schema.insert("items".to_owned(), own);
        schema.remove("enum");
        return;
    }
    if *kind == "string" {
        let numbers = values.iter().filter(|value| value.is_number());
        let texts: Vec<Value> = numbers.map(|one| json!(one.to_string())).collect();
        values.extend(texts);
    }
    schema.insert("enum".to_owned(), Value::Array(values));
    schema.remove("type");
}
