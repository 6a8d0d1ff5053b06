//! `example` → `examples` (JSON Schema 2020-12 §9.5; `example` is deprecated in schemas since
//! OpenAPI 3.1).

use serde_json::Value;

use super::{Schema, Schemas, Site};

/// Moves `example` to the front of `examples`.
pub(super) fn to_list(schema: &mut Schema, _: &Site<'_>, _: &mut Schemas<'_>) {
    let Some(example) = schema.shift_remove("example") else {
        return;
    };
    match schema.get_mut("examples") {
        Some(Value::Array(examples)) => {
            if !examples.contains(&example) {
                examples.insert(0, example);
            }
        }
        _ => {
            schema.insert("examples".to_owned(), Value::Array(vec![example]));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::normalized;

    #[test]
    fn example_becomes_a_list() {
        for (before, after) in [
            (json!({"example": 5}), json!({"examples": [5]})),
            (json!({"example": null}), json!({"examples": [null]})),
            (
                json!({"example": 5, "examples": [6]}),
                json!({"examples": [5, 6]}),
            ),
            (
                json!({"example": 5, "examples": [6, 5]}),
                json!({"examples": [6, 5]}),
            ),
            (
                json!({"example": {"example": 1}}),
                json!({"examples": [{"example": 1}]}),
            ),
        ] {
            assert_eq!(normalized(before.clone()), (after, vec![]), "{before}");
        }
    }
}
