//! The fields of a Path Item Object (OpenAPI 3.2 §4.9.1).

use serde_json::Value;

/// Those that are methods.
pub(crate) const METHODS: [&str; 9] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace", "query",
];

/// The others.
const FIELDS: [&str; 6] = [
    "$ref",
    "summary",
    "description",
    "servers",
    "parameters",
    "additionalOperations",
];

/// Whether a member of a path item is an operation in a field that the standard does not know: a method
/// that is misspelt, or one that belongs into `additionalOperations`.
pub(crate) fn is_lost_operation(name: &str, value: &Value) -> bool {
    let is_extension = name.starts_with("x-") || name.starts_with("X-");
    let is_known = METHODS.contains(&name) || FIELDS.contains(&name);
    let is_operation = ["responses", "operationId"]
        .iter()
        .any(|field| value.get(field).is_some());
    !is_extension && !is_known && is_operation
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn operations_in_fields_that_are_none_are_lost() {
        let operation = json!({"responses": {}});
        for (name, value, lost) in [
            ("pst", &operation, true),
            ("Get", &json!({"operationId": "a"}), true),
            ("get", &operation, false),
            ("parameters", &operation, false),
            ("additionalOperations", &operation, false),
            ("x-get", &operation, false),
            ("note", &json!({"text": "a"}), false),
            ("note", &json!("responses"), false),
        ] {
            assert_eq!(is_lost_operation(name, value), lost, "{name}: {value}");
        }
    }
}
