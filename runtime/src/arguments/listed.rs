//! Argument schemas as tool lists show them: without the keywords that are checked here and that model
//! APIs refuse with the whole request (`propertyNames`: "Unknown name … Cannot find field", Gemini API;
//! `dependentRequired` at the root is of the same kind, and descriptions say it; `not`, which only says
//! that one form is not another),
//! without patterns that nothing here can check, and unions that only say which names have to be there,
//! whose rules the generator says in descriptions, and
//! without what costs tokens and can be told when it matters: long enums, whose kind the description
//! says (the generator sees to it; a wrong value is answered with the nearest), patterns beside a format that every
//! model knows,
//! `additionalProperties: false`, since every unknown name is refused with the names that are known, and
//! limits that hardly anybody misses: that ids, pages and counts begin with 1, that a text is not empty or
//! not longer than a column, and that an update changes something (ADR 0038).

use std::sync::Arc;

use crate::json::{Object, Value};

/// Keywords that are not listed.
const UNLISTED: [&str; 6] = [
    "dependentRequired",
    "minProperties",
    "not",
    "propertyNames",
    "x-example",
    "x-pattern",
];
/// Most values of an enum that are listed; the generator describes longer ones.
pub(crate) const LISTED_VALUES: usize = 25;
/// Longest text whose limit is listed: codes and numbers are shorter, what is longer is a column's width.
const LONGEST_CODE: u64 = 24;
/// Longest pattern, in bytes, that is listed beside a description and an example.
const LONGEST_PATTERN: usize = 40;
/// Formats that say what a value looks like (RFC 4122, 3339, 5321, 3986, 2673, 4291): a pattern beside one says the
/// same at greater length, and is checked all the same.
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
/// Keywords whose members are schemas by name; there a name is no keyword.
const BY_NAME: [&str; 2] = ["properties", "$defs"];
/// Keywords that hold values, not schemas.
const VALUES: [&str; 4] = ["const", "default", "enum", "examples"];

/// The schema without them; the same one if it has none.
pub(crate) fn listed(schema: Arc<Object>) -> Arc<Object> {
    if !has_unlisted(&schema) {
        return schema;
    }
    let mut shown = schema.as_ref().clone();
    strip(&mut shown);
    Arc::new(shown)
}

/// Whether a keyword of a schema is not listed.
fn is_unlisted(schema: &Object, keyword: &str, value: &Value) -> bool {
    match (keyword, value) {
        // What the pattern says of the length, and one that takes more than it tells.
        ("minLength" | "maxLength", _) if has_length(schema) => true,
        ("pattern", Value::String(rule)) => !is_listed_pattern(schema, rule),
        ("default", Value::Array(items)) => items.is_empty(),
        ("default", Value::Object(members)) => members.is_empty(),
        ("minItems", least) => least.as_u64() == Some(1),
        ("additionalProperties", Value::Bool(false)) => true,
        ("enum", Value::Array(values)) => values.len() > LISTED_VALUES,
        ("anyOf" | "oneOf", branches) => only_needs(schema, branches),
        ("allOf", Value::Array(parts)) => parts.iter().all(is_rule),
        ("minimum" | "minLength", least) => least.as_u64() == Some(1),
        ("maxLength", most) => most.as_u64().is_some_and(|most| most > LONGEST_CODE),
        _ => UNLISTED.contains(&keyword),
    }
}

/// Whether a union says nothing but which names have to be there, of those that the schema around it declares.
fn only_needs(schema: &Object, branches: &Value) -> bool {
    let known = schema.get("properties").and_then(Value::as_object);
    let is_known = |name: &String| known.is_some_and(|known| known.contains_key(name));
    let declared = branches.as_array().into_iter().flatten();
    let mut declared = declared
        .filter_map(|branch| branch.get("properties")?.as_object())
        .flat_map(Object::keys);
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
fn has_length(schema: &Object) -> bool {
    let rule = schema.get("pattern").and_then(Value::as_str);
    rule.is_some_and(|rule| {
        let is_whole = rule.starts_with('^') && rule.ends_with('$');
        is_listed_pattern(schema, rule) && is_whole && !rule.contains(['*', '+'])
    })
}

/// Whether a pattern tells more than it takes.
fn is_listed_pattern(schema: &Object, rule: &str) -> bool {
    let format = schema.get("format").and_then(Value::as_str);
    (rule.len() <= LONGEST_PATTERN || !is_told(schema))
        && !format.is_some_and(|format| FORMATS.contains(&format) && rule.len() > LONGEST_NARROWING)
}

/// Whether words or an example say what a pattern says.
fn is_told(schema: &Object) -> bool {
    schema.contains_key("examples") && schema.contains_key("description")
}

/// The sets of names of a union whose branches say nothing but what is required, and at most of which type that is;
/// descriptions say them.
pub(super) fn names_alone(branches: &Value) -> Option<Vec<Vec<&str>>> {
    let branches = branches.as_array().filter(|all| !all.is_empty())?;
    branches
        .iter()
        .map(|branch| {
            let members = branch.as_object()?;
            let names = members.get("required")?.as_array()?;
            let names: Vec<&str> = names.iter().filter_map(Value::as_str).collect();
            let is_type = |schema: &Value| {
                let schema = schema.as_object();
                schema.is_some_and(|schema| schema.len() == 1 && schema.contains_key("type"))
            };
            let says_no_more = members
                .iter()
                .all(|(keyword, said)| match keyword.as_str() {
                    "required" => true,
                    "type" => said == "object",
                    "properties" => said.as_object().is_some_and(|properties| {
                        let mut all = properties.iter();
                        all.all(|(name, schema)| names.contains(&name.as_str()) && is_type(schema))
                    }),
                    _ => false,
                });
            says_no_more.then_some(names)
        })
        .collect()
}

fn has_unlisted(schema: &Object) -> bool {
    schema.iter().any(|(keyword, value)| {
        is_unlisted(schema, keyword, value)
            || match value {
                _ if VALUES.contains(&keyword.as_str()) => false,
                Value::Object(named) if BY_NAME.contains(&keyword.as_str()) => named
                    .values()
                    .filter_map(Value::as_object)
                    .any(has_unlisted),
                Value::Object(inner) => has_unlisted(inner),
                Value::Array(items) => items.iter().filter_map(Value::as_object).any(has_unlisted),
                _ => false,
            }
    })
}

fn strip(schema: &mut Object) {
    let dropped: Vec<String> = schema
        .iter()
        .filter(|(keyword, value)| is_unlisted(schema, keyword, value))
        .map(|(keyword, _)| keyword.clone())
        .collect();
    schema.retain(|keyword, _| !dropped.contains(keyword));
    for (keyword, value) in schema {
        match value {
            _ if VALUES.contains(&keyword.as_str()) => {}
            Value::Object(named) if BY_NAME.contains(&keyword.as_str()) => {
                named
                    .values_mut()
                    .filter_map(Value::as_object_mut)
                    .for_each(strip);
            }
            Value::Object(inner) => strip(inner),
            Value::Array(items) => {
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
    use std::sync::Arc;

    use super::listed;
    use crate::json::{Value, json};

    #[test]
    fn rules_for_names_are_not_listed_and_properties_of_that_name_are() {
        let rule = json!({"pattern": "^a"});
        for (schema, shown) in [
            (
                json!({"properties": {"propertyNames": {"type": "string"}}}),
                json!({"properties": {"propertyNames": {"type": "string"}}}),
            ),
            (
                json!({"properties": {"properties": {"type": "object", "propertyNames": rule}}}),
                json!({"properties": {"properties": {"type": "object"}}}),
            ),
            (
                json!({"properties": {"a": {"items": {"anyOf": [{"propertyNames": rule}, {}]}}}}),
                json!({"properties": {"a": {"items": {"anyOf": [{}, {}]}}}}),
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
            // What only a form declares is said nowhere else.
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
                json!({"properties": {"x-pattern": {"x-pattern": "(?=a)"}}}),
                json!({"properties": {"x-pattern": {}}}),
            ),
        ] {
            let schema = schema.as_object().cloned().unwrap_or_default();
            let made = listed(Arc::new(schema));
            assert_eq!(Value::Object(made.as_ref().clone()), shown);
        }
    }

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
                    "site": {"format": "uri", "pattern": "^https://"},
                    "sku": {"format": "sku", "pattern": "^[0-9a-f]{8}$"}
                }}),
                json!({"properties": {
                    "id": {"format": "uuid"},
                    "site": {"format": "uri", "pattern": "^https://"},
                    "sku": {"format": "sku", "pattern": "^[0-9a-f]{8}$"}
                }}),
            ),
            // Values are no schemas.
            (
                json!({"default": {"enum": many}, "examples": [inner]}),
                json!({"default": {"enum": many}, "examples": [inner]}),
            ),
        ] {
            let schema = schema.as_object().cloned().unwrap_or_default();
            let made = listed(Arc::new(schema));
            assert_eq!(Value::Object(made.as_ref().clone()), shown);
        }
    }
}
