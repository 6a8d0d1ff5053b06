//! `nullable` of OpenAPI 3.0 → `null` as one of the types (JSON Schema 2020-12 validation §6.1.1).

use serde_json::{Map, Value, json};

use super::{Schema, Schemas, Site};

/// Removes `nullable`; when it is true, lets the schema allow `null` in every keyword that would
/// forbid it.
pub(super) fn to_null_type(schema: &mut Schema, _: &Site<'_>, _: &mut Schemas<'_>) {
    if schema.shift_remove("nullable") != Some(Value::Bool(true)) {
        return;
    }
    match schema.get_mut("type") {
        Some(Value::String(name)) if name != "null" => {
            let name = std::mem::take(name);
            schema.insert("type".to_owned(), json!([name, "null"]));
        }
        Some(Value::Array(names)) if !names.iter().any(|name| name == "null") => {
            names.push("null".into());
        }
        _ => {}
    }
    if let Some(Value::Array(values)) = schema.get_mut("enum")
        && !values.contains(&Value::Null)
    {
        values.push(Value::Null);
    }
    if let Some(value) = schema.get_mut("const").map(Value::take) {
        schema.shift_remove("const");
        if !value.is_null() {
            schema.insert("enum".to_owned(), json!([value, null]));
        } else {
            schema.insert("const".to_owned(), value);
        }
    }
    for keyword in ["oneOf", "anyOf"] {
        if let Some(Value::Array(branches)) = schema.get_mut(keyword)
            && !branches.iter().any(allows_null)
        {
            branches.push(json!({"type": "null"}));
        }
    }
    let mut inner = Map::new();
    for keyword in ["$ref", "allOf"] {
        if let Some(value) = schema.shift_remove(keyword) {
            inner.insert(keyword.to_owned(), value);
        }
    }
    if !inner.is_empty() {
        add_choice(schema, inner);
    }
}

/// Adds `anyOf: [inner, {type: null}]`; a schema that has an `anyOf` already gets it as one more
/// condition.
fn add_choice(schema: &mut Schema, inner: Schema) {
    let choice = json!([inner, {"type": "null"}]);
    if schema.contains_key("anyOf") {
        let all = schema.entry("allOf").or_insert_with(|| json!([]));
        if let Value::Array(all) = all {
            all.push(json!({"anyOf": choice}));
        }
    } else {
        schema.insert("anyOf".to_owned(), choice);
    }
}

/// Whether a branch says openly that it allows `null`.
fn allows_null(branch: &Value) -> bool {
    let is_null = |value: &Value| value == "null";
    match branch.get("type") {
        Some(Value::Array(names)) => names.iter().any(is_null),
        Some(name) => is_null(name),
        None => match branch.get("enum") {
            Some(Value::Array(values)) => values.contains(&Value::Null),
            _ => branch.get("const").is_some_and(Value::is_null),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::super::normalized;
    use super::*;

    #[test]
    fn null_becomes_a_type() {
        let null = json!({"type": "null"});
        for (before, after) in [
            (
                json!({"type": "string", "nullable": true}),
                json!({"type": ["string", "null"]}),
            ),
            (
                json!({"type": "string", "nullable": false}),
                json!({"type": "string"}),
            ),
            (
                json!({"type": ["string", "null"], "nullable": true}),
                json!({"type": ["string", "null"]}),
            ),
            (json!({"nullable": true}), json!({})),
            (
                json!({"type": "string", "enum": ["a"], "nullable": true}),
                json!({"type": ["string", "null"], "enum": ["a", null]}),
            ),
            (
                json!({"type": "string", "enum": ["a", null], "nullable": true}),
                json!({"type": ["string", "null"], "enum": ["a", null]}),
            ),
            (
                json!({"$ref": "#/x", "description": "d", "nullable": true}),
                json!({"description": "d", "anyOf": [{"$ref": "#/x"}, null]}),
            ),
            (
                json!({"allOf": [{"$ref": "#/x"}], "nullable": true}),
                json!({"anyOf": [{"allOf": [{"$ref": "#/x"}]}, null]}),
            ),
            (
                json!({"oneOf": [{"$ref": "#/x"}], "nullable": true}),
                json!({"oneOf": [{"$ref": "#/x"}, null]}),
            ),
            (
                json!({"anyOf": [{"type": "string", "nullable": true}], "nullable": true}),
                json!({"anyOf": [{"type": ["string", "null"]}]}),
            ),
            (
                json!({"$ref": "#/x", "anyOf": [{"$ref": "#/y"}], "nullable": true}),
                json!({
                    "anyOf": [{"$ref": "#/y"}, null],
                    "allOf": [{"anyOf": [{"$ref": "#/x"}, null]}]
                }),
            ),
            (
                json!({"const": "a", "nullable": true}),
                json!({"enum": ["a", null]}),
            ),
            (
                json!({"properties": {"nullable": {"type": "boolean"}}}),
                json!({"properties": {"nullable": {"type": "boolean"}}}),
            ),
        ] {
            // `null` as a branch stands for the schema of null in this table.
            let after = branches(after, &null);
            assert_eq!(normalized(before.clone()), (after, vec![]), "{before}");
        }
    }

    fn branches(mut value: Value, null: &Value) -> Value {
        for keyword in ["anyOf", "oneOf", "allOf"] {
            if let Some(Value::Array(list)) = value.get_mut(keyword) {
                for branch in list.iter_mut() {
                    *branch = if branch.is_null() {
                        null.clone()
                    } else {
                        branches(branch.take(), null)
                    };
                }
            }
        }
        value
    }
}
