//! `required` as a flag on a property (JSON Schema draft 3, and a common mistake since parameters
//! have such a flag) → a name in the parent's list (JSON Schema 2020-12 validation §6.5.3).

use serde_json::Value;

use super::{Schema, Schemas, Site};
use crate::diagnostics::{Code, Diagnostic};

/// Removes a boolean `required` from a property and says whether it was `true`.
pub(in super::super) fn take_flag(
    property: &mut Value,
    site: &Site<'_>,
    schemas: &mut Schemas<'_>,
) -> bool {
    let Some(schema) = property.as_object_mut() else {
        return false;
    };
    let Some(Value::Bool(flag)) = schema.get("required") else {
        return false;
    };
    let flag = *flag;
    schema.shift_remove("required");
    let message = if flag {
        "`required: true` on a property is read as a name in the parent's `required` list"
    } else {
        "`required: false` on a property says nothing; ignored"
    };
    let help = if flag {
        "write the name of the property into a list beside `properties`: `required: [name]`"
    } else {
        "remove it; a property that the list `required` does not name is optional"
    };
    schemas.sink.push(
        Diagnostic::new(Code::E0511, message)
            .at_key(&site.member("required").pointer())
            .help(help),
    );
    flag
}

/// Adds names to the list of a schema.
pub(in super::super) fn add(schema: &mut Schema, names: Vec<String>) {
    let list = schema
        .entry("required")
        .or_insert_with(|| Value::Array(Vec::new()));
    if let Value::String(name) = list {
        *list = Value::Array(vec![Value::String(std::mem::take(name))]);
    } else if !list.is_array() {
        *list = Value::Array(Vec::new());
    }
    let Value::Array(list) = list else { return };
    for name in names {
        if !list.iter().any(|known| *known == name) {
            list.push(Value::String(name));
        }
    }
}

/// Mends a `required` that is not a list of names.
pub(super) fn check(schema: &mut Schema, site: &Site<'_>, schemas: &mut Schemas<'_>) {
    let Some(required) = schema.get_mut("required") else {
        return;
    };
    let finding = match required {
        Value::Array(names) => {
            if names.iter().all(Value::is_string) {
                return;
            }
            names.retain(Value::is_string);
            Diagnostic::new(
                Code::E0515,
                "`required` holds more than names; the rest is ignored",
            )
        }
        Value::String(name) => {
            let message = format!("`required` is the text `{name}`; read as a list of one name");
            *required = Value::Array(vec![Value::String(std::mem::take(name))]);
            Diagnostic::new(Code::E0515, message)
        }
        _ => {
            schema.shift_remove("required");
            Diagnostic::new(Code::E0515, "`required` is not a list of names; ignored")
        }
    };
    schemas.sink.push(
        finding
            .at_key(&site.member("required").pointer())
            .help("write a list of names of properties: `required: [name]`"),
    );
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::normalized;
    use super::*;

    #[test]
    fn flags_move_to_the_parent() {
        let (after, findings) = normalized(json!({
            "required": ["b"],
            "properties": {
                "a": {"required": true}, "b": {"required": true}, "c": {"required": false},
                "required": {"type": "boolean"}
            }
        }));
        let expected = json!({
            "required": ["b", "a"],
            "properties": {"a": {}, "b": {}, "c": {}, "required": {"type": "boolean"}}
        });
        assert_eq!(after, expected);
        assert_eq!(findings.len(), 3);
        let place = findings[0].pointer.as_ref().unwrap();
        assert_eq!(
            place.as_str(),
            "/components/schemas/S/properties/a/required"
        );
    }

    #[test]
    fn other_shapes_are_mended() {
        for (before, after) in [
            (json!({"required": "a"}), json!({"required": ["a"]})),
            (json!({"required": ["a", 5]}), json!({"required": ["a"]})),
            (json!({"required": true}), json!({})),
        ] {
            let (found, findings) = normalized(before);
            assert_eq!(found, after);
            assert_eq!(findings[0].code, Code::E0515);
        }
        let kept = json!({"required": []});
        assert_eq!(normalized(kept.clone()), (kept, vec![]));
    }
}
