//! What differs inside of schemas (2.0, Schema Object), and references everywhere.

use serde_json::{Value, json};

/// Brings every object that is not data into the new form.
pub(super) fn mend(document: &mut Value) {
    object(document, false);
}

/// `named`: the members are names of things, not keywords.
fn object(value: &mut Value, named: bool) {
    match value {
        Value::Array(elements) => elements
            .iter_mut()
            .for_each(|element| object(element, false)),
        Value::Object(members) => {
            if !named {
                keywords(members);
            }
            for (key, member) in members.iter_mut() {
                let is_data = matches!(
                    key.as_str(),
                    "example" | "examples" | "default" | "enum" | "const" | "mapping"
                ) || key.starts_with("x-");
                if named || !is_data {
                    object(member, !named && holds_names(key, member));
                }
            }
        }
        _ => {}
    }
}

/// Whether the members of this member are names. `parameters` is that in components only.
fn holds_names(key: &str, value: &Value) -> bool {
    value.is_object()
        && matches!(
            key,
            "properties"
                | "patternProperties"
                | "paths"
                | "responses"
                | "headers"
                | "content"
                | "schemas"
                | "parameters"
                | "securitySchemes"
        )
}

fn keywords(schema: &mut super::Object) {
    if let Some(Value::String(target)) = schema.get_mut("$ref") {
        for (old, new) in [
            ("#/definitions/", "#/components/schemas/"),
            ("#/parameters/", "#/components/parameters/"),
            ("#/responses/", "#/components/responses/"),
        ] {
            if let Some(rest) = target.strip_prefix(old) {
                *target = format!("{new}{rest}");
                break;
            }
        }
    }
    if let Some(discriminator @ Value::String(_)) = schema.get_mut("discriminator") {
        *discriminator = json!({ "propertyName": discriminator.take() });
    }
    if let Some(Value::Bool(nullable)) = schema.get("x-nullable") {
        let nullable = *nullable;
        schema.entry("nullable").or_insert(nullable.into());
    }
    if let Some(example) = schema.get("x-example").cloned() {
        schema.entry("example").or_insert(example);
    }
    if schema.get("type").is_some_and(|kind| kind == "file") {
        schema.insert("type".into(), "string".into());
        schema.insert("format".into(), "binary".into());
    }
}
