//! Arguments of a next call as the tool takes them: addresses and cursors are texts, and a page is a number.

use super::scalars::read_as;
use crate::json::{Object, Value};
use crate::operation::OperationDef;

/// Gives the values of arguments the form that the tool's schema declares, as far as they are the same values.
pub(super) fn adapt(operation: &OperationDef, arguments: &mut Object) {
    if arguments.is_empty() {
        return;
    }
    let Ok(schema) = serde_json::from_str::<Object>(operation.input_schema) else {
        return;
    };
    for (name, value) in arguments {
        if let Some(schema) = schema.get("properties").and_then(|all| all.get(name)) {
            within(schema, value);
        }
    }
}

fn within(schema: &Value, value: &mut Value) {
    if let Value::Object(object) = value {
        for (name, inner) in object.iter_mut() {
            if let Some(schema) = schema.get("properties").and_then(|all| all.get(name)) {
                within(schema, inner);
            }
        }
        return;
    }
    let kinds: Vec<&str> = match schema.get("type") {
        Some(Value::String(kind)) => vec![kind],
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => return,
    };
    let is_kind = |kind: &&str| match *kind {
        "string" => value.is_string(),
        "integer" | "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        _ => false,
    };
    if !kinds.iter().any(is_kind)
        && let Some(read) = kinds.iter().find_map(|kind| read_as(value, kind))
    {
        *value = read;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_take_the_form_that_the_tool_takes() {
        const LIST: OperationDef = OperationDef {
            input_schema: r#"{"type":"object","properties":{"page":{"type":"integer"},"cursor":{"type":"string"},"last":{"type":["integer","null"]},"all":{"type":"boolean"},"any":{},"at":{"type":"object","properties":{"page":{"type":"integer"}}}}}"#,
            ..OperationDef::DEFAULT
        };
        for (name, value, expected) in [
            ("page", json!("2"), json!(2)),
            ("page", json!(2), json!(2)),
            ("page", json!("next"), json!("next")),
            ("page", json!("02"), json!("02")),
            ("cursor", json!("2"), json!("2")),
            ("cursor", json!(2), json!("2")),
            ("last", json!("2"), json!(2)),
            ("all", json!("true"), json!(true)),
            ("any", json!("2"), json!("2")),
            ("none", json!("2"), json!("2")),
            (
                "at",
                json!({"page": "2", "x": "2"}),
                json!({"page": 2, "x": "2"}),
            ),
        ] {
            let mut told = Object::new();
            told.insert(name.to_owned(), value.clone());
            adapt(&LIST, &mut told);
            assert_eq!(told.get(name), Some(&expected), "{name}={value}");
        }
    }
}
