//! What differs inside of schemas (2.0, Schema Object), and references everywhere.

use std::collections::HashMap;

use serde_json::{Value, json};

/// Brings every object that is not data into the new form. `renamed`: the references whose targets have
/// other places in it.
pub(super) fn mend(document: &mut Value, renamed: &HashMap<String, String>) {
    object(document, false, renamed);
}

/// `named`: the members are names of things, not keywords.
fn object(value: &mut Value, named: bool, renamed: &HashMap<String, String>) {
    match value {
        Value::Array(elements) => elements
            .iter_mut()
            .for_each(|element| object(element, false, renamed)),
        Value::Object(members) => {
            if !named {
                keywords(members, renamed);
            }
            for (key, member) in members.iter_mut() {
                let is_data = matches!(
                    key.as_str(),
                    "example" | "examples" | "default" | "enum" | "const" | "mapping"
                ) || key.starts_with("x-");
                if named || !is_data {
                    object(member, !named && holds_names(key, member), renamed);
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

fn keywords(schema: &mut super::Object, renamed: &HashMap<String, String>) {
    if let Some(Value::String(target)) = schema.get_mut("$ref")
        && let Some(now) = renamed.get(target)
    {
        target.clone_from(now);
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
