//! What a client lists of an argument schema. The runtime does the same to the schema that it checks
//! (`runtime/src/arguments/listed.rs`); here it is counted.

use serde_json::{Map, Value, json};

use crate::ir::{Confirm, Operation, Risk};

/// Most values of an enum that are listed; the description says what is among more.
pub const LISTED_VALUES: usize = 25;

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
    let is_told = schema.contains_key("examples") && schema.contains_key("description");
    let rule = schema.get("pattern").and_then(Value::as_str);
    let is_listed = |rule: &str| rule.len() <= LONGEST_PATTERN || !is_told;
    // What a pattern says of the length.
    let has_length = rule.is_some_and(|rule| {
        let is_whole = rule.starts_with('^') && rule.ends_with('$');
        is_listed(rule) && is_whole && !rule.contains(['*', '+'])
    });
    schema.retain(|keyword, value| match keyword.as_str() {
        "propertyNames" | "x-pattern" | "minProperties" => false,
        "minLength" | "maxLength" if has_length => false,
        // One that takes more than it tells.
        "pattern" => value.as_str().is_none_or(is_listed),
        "default" => match value {
            Value::Array(items) => !items.is_empty(),
            Value::Object(members) => !members.is_empty(),
            _ => true,
        },
        "minItems" => value.as_u64() != Some(1),
        "minimum" | "minLength" => value.as_u64() != Some(1),
        "maxLength" => value.as_u64().is_none_or(|most| most <= LONGEST_CODE),
        "additionalProperties" => *value != Value::Bool(false),
        "enum" => value
            .as_array()
            .is_none_or(|values| values.len() <= LISTED_VALUES),
        _ => true,
    });
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
