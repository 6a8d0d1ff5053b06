//! What differs inside of schemas (2.0, Schema Object), and references everywhere.

use std::collections::HashMap;

use serde_json::{Value, json};

/// Brings every object that is not data into the new form. `renamed`: the references whose targets have
/// other places in it.
pub(super) fn mend(document: &mut Value, renamed: &HashMap<String, String>) {
    object(document, false, &|members| {
        rename_reference(members, renamed);
        keywords(members);
    });
}

/// Only gives references the places that their targets have now.
pub(super) fn rename(document: &mut Value, renamed: &HashMap<String, String>) {
    if !renamed.is_empty() {
        object(document, false, &|members| {
            rename_reference(members, renamed)
        });
    }
}

/// `named`: the members are names of things, not keywords.
fn object(value: &mut Value, named: bool, change: &dyn Fn(&mut super::Object)) {
    match value {
        Value::Array(elements) => elements
            .iter_mut()
            .for_each(|element| object(element, false, change)),
        Value::Object(members) => {
            if !named {
                change(members);
            }
            for (key, member) in members.iter_mut() {
                let is_data = matches!(
                    key.as_str(),
                    "example" | "examples" | "default" | "enum" | "const" | "mapping"
                ) || key.starts_with("x-");
                if named || !is_data {
                    object(member, !named && holds_names(key, member), change);
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

fn rename_reference(members: &mut super::Object, renamed: &HashMap<String, String>) {
    if let Some(Value::String(target)) = members.get_mut("$ref")
        && let Some(now) = renamed.get(target)
    {
        target.clone_from(now);
    }
}

fn keywords(schema: &mut super::Object) {
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
