//! What the log says of arguments: never a secret, and of other values only what tells which record is
//! meant, unless the operator wants them.

use crate::guard::{WORDS, digest};
use crate::json::{Object, Value};
use crate::operation::{Location, OperationDef};
use crate::result::{Concealed, hide_given, names_a_record};

/// Bytes of arguments that a record holds.
const MOST: usize = 8_000;
/// Characters of one text.
const TEXT: usize = 200;

/// Arguments in a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shown {
    /// Digest of the arguments without their secrets, so that it gives nobody a way to guess one.
    pub(crate) digest: String,
    /// The arguments as they are shown.
    pub(crate) arguments: Value,
}

/// Arguments for a record; `values` as the operator wants it.
pub(crate) fn shown(
    tool: &str,
    operation: Option<&OperationDef>,
    schema: &Object,
    arguments: &Object,
    values: bool,
) -> Shown {
    let mut masked = arguments.clone();
    for word in WORDS {
        masked.shift_remove(word);
    }
    if let Some(operation) = operation {
        Concealed::of(operation.settled, &masked).in_arguments(&mut masked);
    }
    hide_given(&mut masked, schema, operation);
    let digest = super::chain::hexadecimal(&digest("audit", "", tool, &masked));
    for (name, value) in &mut masked {
        let tells = operation.is_some_and(|operation| is_in_path(operation, name))
            || schema
                .get("properties")
                .and_then(|all| all.get(name)?.get("enum"))
                .is_some();
        shorten(name, value, values || tells);
    }
    let mut arguments = Value::Object(masked);
    let length = arguments.to_string().len();
    if length > MOST {
        arguments = Value::from(format!("[{length} bytes]"));
    }
    Shown { digest, arguments }
}

fn is_in_path(operation: &OperationDef, argument: &str) -> bool {
    let mut parameters = operation.parameters.iter();
    parameters.any(|one| one.location == Location::Path && one.argument == argument)
}

/// Leaves of a value what may be shown of it.
fn shorten(name: &str, value: &mut Value, whole: bool) {
    let whole = whole || names_a_record(name);
    match value {
        Value::Null | Value::Bool(_) => {}
        Value::Number(_) if whole => {}
        Value::Number(_) => *value = Value::from("[number]"),
        Value::String(text) => {
            let length = text.chars().count();
            let masked = text == "[redacted]";
            if !(whole || masked) || length > TEXT {
                *text = format!("[text, {length} characters]");
            }
        }
        Value::Array(items) => {
            for item in items {
                shorten(name, item, whole);
            }
        }
        Value::Object(object) => {
            for (name, inner) in object {
                shorten(name, inner, whole);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{Parameter, Settled};
    use serde_json::json;

    static SETTLED: Settled = Settled {
        concealed: &["/pin"],
        ..Settled::NONE
    };
    static OPERATION: OperationDef = OperationDef {
        tool: "update_staff",
        parameters: &[Parameter {
            argument: "login",
            ..Parameter::PATH
        }],
        settled: &SETTLED,
        input_schema: r#"{"properties":{"status":{"enum":["open","done"]},"key":{"type":"string","format":"password"}}}"#,
        ..OperationDef::DEFAULT
    };

    fn of(arguments: &Value, values: bool) -> Shown {
        let schema: Object = serde_json::from_str(OPERATION.input_schema).unwrap_or_default();
        let empty = Object::new();
        shown(
            OPERATION.tool,
            Some(&OPERATION),
            &schema,
            arguments.as_object().unwrap_or(&empty),
            values,
        )
    }

    #[test]
    fn what_tells_the_record_is_shown_and_other_values_only_if_the_operator_wants_them() {
        let given = json!({
            "login": "ada", "customer_id": 42, "tag_ids": ["a", "b"], "status": "open", "amount": 12.5,
            "name": "Ada Byron", "active": true, "note": null, "lines": [{"id": "7", "text": "x y"}],
            "password": "hunter22", "key": "k-canary", "pin": "123456", "confirm_token": "t-canary"
        });
        let masked = of(&given, false);
        assert_eq!(
            masked.arguments,
            json!({
                "login": "ada", "customer_id": 42, "tag_ids": ["a", "b"], "status": "open",
                "amount": "[number]", "name": "[text, 9 characters]", "active": true, "note": null,
                "lines": [{"id": "7", "text": "[text, 3 characters]"}],
                "password": "[redacted]", "key": "[redacted]", "pin": "[redacted]"
            })
        );
        let whole = of(&given, true);
        assert_eq!(whole.arguments["name"], "Ada Byron");
        assert_eq!(whole.arguments["amount"], 12.5);
        let text = whole.arguments.to_string();
        for secret in ["hunter22", "canary", "123456"] {
            assert!(!text.contains(secret), "{text}");
        }
        assert_eq!(masked.digest, whole.digest);
    }

    #[test]
    fn the_digest_tells_values_apart_and_no_secrets() {
        let digest = |given: Value| of(&given, false).digest;
        assert_ne!(digest(json!({"name": "a"})), digest(json!({"name": "b"})));
        assert_eq!(
            digest(json!({"password": "aaaaaa"})),
            digest(json!({"password": "bbbbbb"}))
        );
        assert_eq!(
            digest(json!({"a": 1, "b": 2})),
            digest(json!({"b": 2, "a": 1}))
        );
    }

    #[test]
    fn what_is_long_is_counted() {
        let text = of(&json!({"login": "x".repeat(300)}), true);
        assert_eq!(text.arguments["login"], "[text, 300 characters]");
        let many: Vec<u32> = (0..10_000).collect();
        let many = of(&json!({"ids": many}), false).arguments;
        assert_eq!(many, json!("[48899 bytes]"));
    }
}
