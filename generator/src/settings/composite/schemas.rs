//! What the schemas of an operation say of places in its arguments and answers.

use serde_json::{Value, json};

use crate::ir::{IdForm, Operation, OutputKind};
use crate::settings::effect::place::parts;
use crate::text::pointer::{escaped, unescaped};

/// What a schema says of a place.
pub(in crate::settings) enum There {
    /// It has a schema, at this pointer.
    Yes(String),
    /// Nothing is said.
    Unknown,
    /// It is none of these.
    No(Vec<String>),
}

/// A schema of the body of an answer, and where in it that is.
pub(super) fn answer(operation: &Operation) -> Option<(&Value, String)> {
    if let Some(declared) = &operation.declared.answer {
        return Some((declared, String::new()));
    }
    let schema = operation.output_schema.as_ref()?;
    let at = match operation.output {
        OutputKind::Wrapped => "/properties/result",
        OutputKind::Json => "",
        _ => return None,
    };
    Some((schema, at.to_owned()))
}

/// What the document says of a place in an answer.
pub(in crate::settings) fn in_answer(operation: &Operation, pointer: &str) -> There {
    match answer(operation) {
        Some((root, at)) => walk(root, at, pointer),
        None => There::Unknown,
    }
}

/// What the document says of a place in a record of a list.
pub(super) fn in_item(operation: &Operation, records: &str, pointer: &str) -> There {
    let Some((root, at)) = answer(operation) else {
        return There::Unknown;
    };
    match walk(root, at, records) {
        There::Yes(at) => match items(root, &at) {
            Some(at) => walk(root, at, pointer),
            None => There::Unknown,
        },
        _ => There::Unknown,
    }
}

/// Where the schema of the items of a list is.
pub(in crate::settings) fn items(root: &Value, at: &str) -> Option<String> {
    let found = parts(root, at).into_iter().find(|(part, _)| {
        let schema = root.pointer(part);
        schema.is_some_and(|schema| schema.get("items").is_some())
    });
    found.map(|(part, _)| format!("{part}/items"))
}

/// Names of the properties of a schema.
pub(in crate::settings) fn properties(root: &Value, at: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (part, _) in parts(root, at) {
        let properties = root.pointer(&part).and_then(|s| s.get("properties"));
        let properties = properties.and_then(Value::as_object);
        for name in properties.into_iter().flat_map(serde_json::Map::keys) {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
    }
    names
}

/// Follows a pointer through properties.
pub(super) fn walk(root: &Value, at: String, pointer: &str) -> There {
    let mut at = at;
    for step in pointer.split('/').skip(1) {
        let name = unescaped(step);
        let found = parts(root, &at).into_iter().find(|(part, _)| {
            let schema = root.pointer(part);
            schema.is_some_and(|schema| {
                let properties = schema.get("properties");
                properties.is_some_and(|properties| properties.get(&name).is_some())
            })
        });
        match found {
            Some((part, _)) => at = format!("{part}/properties/{}", escaped(&name)),
            None => {
                let names = properties(root, &at);
                let is_open = parts(root, &at).iter().any(|(part, _)| {
                    let further = root
                        .pointer(part)
                        .and_then(|s| s.get("additionalProperties"));
                    further.is_some_and(|further| further != &Value::Bool(false))
                });
                return if names.is_empty() || is_open {
                    There::Unknown
                } else {
                    There::No(names)
                };
            }
        }
    }
    There::Yes(at)
}

/// The schema of an argument for another tool: without what leads elsewhere.
pub(super) fn copied(root: &Value, at: &str) -> Value {
    let schema = parts(root, at).into_iter().find_map(|(part, _)| {
        let schema = root.pointer(&part)?;
        schema.get("type").is_some().then_some(schema)
    });
    let mut copy = serde_json::Map::new();
    for keyword in [
        "type",
        "format",
        "enum",
        "minimum",
        "maximum",
        "description",
    ] {
        let value = schema.and_then(|schema| schema.get(keyword));
        if let Some(value) = value {
            copy.insert(keyword.to_owned(), value.clone());
        }
    }
    let plain = copy.get("type").and_then(Value::as_str);
    if plain.is_none_or(|plain| matches!(plain, "object" | "array")) {
        return json!({});
    }
    Value::Object(copy)
}

/// The schema of an id in another tool.
pub(super) fn id_schema(operation: &Operation, place: &str) -> Value {
    let name = place.trim_start_matches('/');
    let at = format!("/properties/{name}");
    let mut schema = copied(&operation.input_schema, &at);
    if let Some(schema) = schema.as_object_mut() {
        schema.shift_remove("description");
        if schema.is_empty() {
            schema.insert("type".to_owned(), json!("string"));
        }
    }
    schema
}

/// What ids look like.
pub(super) fn form(schema: &Value) -> IdForm {
    match (
        schema.get("type").and_then(Value::as_str),
        schema.get("format").and_then(Value::as_str),
    ) {
        (Some("integer"), _) => IdForm::Integer,
        (_, Some("uuid")) => IdForm::Uuid,
        _ => IdForm::Text,
    }
}
