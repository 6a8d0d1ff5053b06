//! What a client lists of an argument schema. The runtime does the same to the schema that it checks
//! (`runtime/src/arguments/listed.rs`); here it is counted.

use serde_json::{Map, Value, json};

use crate::ir::{Confirm, Operation, Risk, names_alone};

/// Most values of an enum that are listed; the description says what is among more.
pub const LISTED_VALUES: usize = 25;

/// Keywords that are not listed.
const UNLISTED: [&str; 6] = [
    "dependentRequired",
    "minProperties",
    "not",
    "propertyNames",
    "x-example",
    "x-pattern",
];

/// Formats that say what a value looks like: a pattern beside one says the same at greater length.
const FORMATS: [&str; 8] = [
    "uuid",
    "date",
    "date-time",
    "time",
    "email",
    "uri",
    "ipv4",
    "ipv6",
];

/// Longest pattern, in bytes, that narrows a format (`^https://`, `Z$`); what is longer writes the format itself.
const LONGEST_NARROWING: usize = 16;

/// Longest text whose limit is listed: codes and numbers are shorter, what is longer is a column's width.
const LONGEST_CODE: u64 = 24;

/// Longest pattern, in bytes, that is listed beside a description and an example.
const LONGEST_PATTERN: usize = 40;

/// The schema without keywords that model APIs refuse, without long enums, without `additionalProperties:
/// false`, and without limits that hardly anybody misses (ADR 0038).
pub fn listed_schema(schema: &Value) -> Value {
    let mut shown = schema.clone();
    if let Some(object) = shown.as_object_mut() {
        strip(object);
    }
    shown
}

/// The schema that the server lists for an operation: with the arguments that the runtime adds.
pub fn listed_operation(operation: &Operation) -> Value {
    let mut shown = listed_schema(&operation.input_schema);
    let answer = operation.answer.as_ref().filter(|answer| answer.selectable);
    if let Some(answer) = answer {
        add(
            &mut shown,
            "fields",
            json!({"type": "array", "items": {"type": "string"}}),
        );
        if answer.list {
            add(
                &mut shown,
                "detail",
                json!({"type": "string", "enum": ["concise", "full"]}),
            );
        }
    }
    if takes_token(operation.settled.confirm, operation.risk) {
        add(&mut shown, "confirm_token", json!({"type": "string"}));
    }
    shown
}

/// Whether a call may have to carry the token of an earlier one, unless the environment says otherwise.
fn takes_token(confirm: Option<Confirm>, risk: Risk) -> bool {
    match confirm {
        Some(confirm) => matches!(confirm, Confirm::Auto | Confirm::Token),
        None => matches!(risk, Risk::Destructive | Risk::Outward),
    }
}

/// Adds an argument, unless the operation has one of this name.
fn add(schema: &mut Value, name: &str, argument: Value) {
    let Some(schema) = schema.as_object_mut() else {
        return;
    };
    let properties = schema.entry("properties").or_insert_with(|| json!({}));
    if let Some(properties) = properties.as_object_mut() {
        properties.entry(name).or_insert(argument);
    }
}

fn strip(schema: &mut Map<String, Value>) {
    let dropped: Vec<String> = schema
        .iter()
        .filter(|(keyword, value)| is_unlisted(schema, keyword, value))
        .map(|(keyword, _)| keyword.clone())
        .collect();
    schema.retain(|keyword, _| !dropped.contains(keyword));
    for (keyword, value) in schema {
        match (keyword.as_str(), value) {
            ("const" | "default" | "enum" | "examples", _) => {}
            ("properties" | "$defs", Value::Object(named)) => {
                named
                    .values_mut()
                    .filter_map(Value::as_object_mut)
                    .for_each(strip);
            }
            (_, Value::Object(inner)) => strip(inner),
            (_, Value::Array(items)) => {
                items
                    .iter_mut()
                    .filter_map(Value::as_object_mut)
                    .for_each(strip);
            }
            _ => {}
        }
    }
}

/// Whether a keyword of a schema is not listed.
fn is_unlisted(schema: &Map<String, Value>, keyword: &str, value: &Value) -> bool {
    match (keyword, value) {
        // What the pattern says of the length, and one that takes more than it tells.
        ("minLength" | "maxLength", _) if has_length(schema) => true,
        ("pattern", Value::String(rule)) => !is_listed_pattern(schema, rule),
        ("default", Value::Array(items)) => items.is_empty(),
        ("default", Value::Object(members)) => members.is_empty(),
        ("additionalProperties", Value::Bool(false)) => true,
        ("enum", Value::Array(values)) => values.len() > LISTED_VALUES,
        ("anyOf" | "oneOf", branches) => only_needs(schema, branches),
        ("allOf", Value::Array(parts)) => parts.iter().all(is_rule),
        ("minimum" | "minLength" | "minItems", least) => least.as_u64() == Some(1),
        ("maxLength", most) => most.as_u64().is_some_and(|most| most > LONGEST_CODE),
        _ => UNLISTED.contains(&keyword),
    }
}

/// Whether a union says nothing but which names have to be there, of those that the schema around it declares.
fn only_needs(schema: &Map<String, Value>, branches: &Value) -> bool {
    let known = schema.get("properties").and_then(Value::as_object);
    let is_known = |name: &String| known.is_some_and(|known| known.contains_key(name));
    let declared = branches.as_array().into_iter().flatten();
    let mut declared = declared
        .filter_map(|branch| branch.get("properties")?.as_object())
        .flat_map(Map::keys);
    names_alone(branches).is_some() && declared.all(is_known)
}

/// Whether a schema has nothing that is listed.
fn is_rule(schema: &Value) -> bool {
    let members = schema.as_object().filter(|members| !members.is_empty());
    members.is_some_and(|members| {
        let mut all = members.iter();
        all.all(|(keyword, value)| is_unlisted(members, keyword, value))
    })
}

/// Whether a listed pattern holds from the first to the last character, with a length that it tells.
fn has_length(schema: &Map<String, Value>) -> bool {
    let rule = schema.get("pattern").and_then(Value::as_str);
    rule.is_some_and(|rule| {
        let is_whole = rule.starts_with('^') && rule.ends_with('$');
        is_listed_pattern(schema, rule) && is_whole && !rule.contains(['*', '+'])
    })
}

/// Whether a pattern tells more than it takes: more than words and an example beside it, or a format that every
/// model knows.
fn is_listed_pattern(schema: &Map<String, Value>, rule: &str) -> bool {
    let is_told = schema.contains_key("examples") && schema.contains_key("description");
    let format = schema.get("format").and_then(Value::as_str);
    (rule.len() <= LONGEST_PATTERN || !is_told)
        && !format.is_some_and(|format| FORMATS.contains(&format) && rule.len() > LONGEST_NARROWING)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::listed_schema;

    /// The same cases as those of the runtime.
    #[test]
    fn long_enums_and_closed_objects_are_checked_and_not_listed() {
        let many: Value = (0..26).map(Value::from).collect();
        let few: Value = (0..25).map(Value::from).collect();
        let inner = json!({"type": "object", "additionalProperties": false});
        for (schema, shown) in [
            (
                json!({"properties": {"a": {"enum": many, "description": "One of 26 values"}}}),
                json!({"properties": {"a": {"description": "One of 26 values"}}}),
            ),
            (
                json!({"items": {"enum": few}, "additionalProperties": {"type": "string"}}),
                json!({"items": {"enum": few}, "additionalProperties": {"type": "string"}}),
            ),
            (
                json!({"additionalProperties": false, "properties": {"enum": inner}}),
                json!({"properties": {"enum": {"type": "object"}}}),
            ),
            (
                json!({"minProperties": 2, "properties": {
                    "id": {"type": "integer", "minimum": 1},
                    "from": {"type": "integer", "minimum": 2, "maximum": 9},
                    "code": {"type": "string", "minLength": 1, "maxLength": 24},
                    "name": {"type": "string", "minLength": 2, "maxLength": 25},
                    "minimum": {"type": "number", "minimum": 0}
                }}),
                json!({"properties": {
                    "id": {"type": "integer"},
                    "from": {"type": "integer", "minimum": 2, "maximum": 9},
                    "code": {"type": "string", "maxLength": 24},
                    "name": {"type": "string", "minLength": 2},
                    "minimum": {"type": "number", "minimum": 0}
                }}),
            ),
            // A short pattern tells the length, a long one less than the words beside it; empty defaults and
            // lists that are not empty are what everybody expects.
            (
                json!({"properties": {
                    "country": {"pattern": "^[A-Z]{2}$", "minLength": 2, "maxLength": 2},
                    "code": {"pattern": "^[A-Z]+$", "maxLength": 9},
                    "amount": {"pattern": "^(0|[1-9][0-9]{0,5})([.][0-9]{1,2})?|-[0-9]$", "maxLength": 9, "examples": ["1"], "description": "An amount."},
                    "bare": {"pattern": "^(0|[1-9][0-9]{0,5})([.][0-9]{1,2})?|-[0-9]$", "maxLength": 9},
                    "tags": {"type": "array", "minItems": 1, "default": []},
                    "pair": {"type": "array", "minItems": 2, "default": [1, 2]},
                    "fields": {"default": {}}
                }}),
                json!({"properties": {
                    "country": {"pattern": "^[A-Z]{2}$"},
                    "code": {"pattern": "^[A-Z]+$", "maxLength": 9},
                    "amount": {"maxLength": 9, "examples": ["1"], "description": "An amount."},
                    "bare": {"pattern": "^(0|[1-9][0-9]{0,5})([.][0-9]{1,2})?|-[0-9]$"},
                    "tags": {"type": "array"},
                    "pair": {"type": "array", "minItems": 2, "default": [1, 2]},
                    "fields": {}
                }}),
            ),
            // A format that everybody knows says what its pattern says.
            (
                json!({"properties": {
                    "id": {"format": "uuid", "pattern": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"},
                    "sku": {"format": "sku", "pattern": "^[0-9a-f]{8}$"},
                    "site": {"format": "uri", "pattern": "^https://"}
                }}),
                json!({"properties": {
                    "site": {"format": "uri", "pattern": "^https://"},
                    "id": {"format": "uuid"},
                    "sku": {"format": "sku", "pattern": "^[0-9a-f]{8}$"}
                }}),
            ),
            // Unions that only say which names have to be there; not those that say more.
            (
                json!({"type": "object", "anyOf": [{"required": ["a"]}, {"required": ["b", "c"]}], "allOf": [{"oneOf": [{"required": ["d"]}]}]}),
                json!({"type": "object"}),
            ),
            (
                json!({"type": "object", "properties": {"a": {"type": "integer"}}, "anyOf": [{"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}, {"required": ["b"]}]}),
                json!({"type": "object", "properties": {"a": {"type": "integer"}}}),
            ),
            (
                json!({"type": "object", "anyOf": [{"properties": {"a": {"type": "integer"}}, "required": ["a"]}, {"required": ["b"]}]}),
                json!({"type": "object", "anyOf": [{"properties": {"a": {"type": "integer"}}, "required": ["a"]}, {"required": ["b"]}]}),
            ),
            (
                json!({"anyOf": [{"properties": {"b": {"type": "integer"}}, "required": ["a"]}, {"required": ["b"]}]}),
                json!({"anyOf": [{"properties": {"b": {"type": "integer"}}, "required": ["a"]}, {"required": ["b"]}]}),
            ),
            (
                json!({"anyOf": [{"required": ["a"]}, {"type": "string"}], "allOf": [{"minLength": 2}]}),
                json!({"anyOf": [{"required": ["a"]}, {"type": "string"}], "allOf": [{"minLength": 2}]}),
            ),
            (
                json!({"default": {"enum": many}, "examples": [inner]}),
                json!({"default": {"enum": many}, "examples": [inner]}),
            ),
            (
                json!({"properties": {"a": {"anyOf": [{"propertyNames": few}, {}]}}}),
                json!({"properties": {"a": {"anyOf": [{}, {}]}}}),
            ),
        ] {
            assert_eq!(listed_schema(&schema), shown);
        }
    }
}
