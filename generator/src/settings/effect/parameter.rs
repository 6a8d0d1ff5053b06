//! Parameters that the document leaves out.

use serde_json::{Map, Value, json};

use super::Effect;
use crate::diagnostics::Code;
use crate::ir::{Field, Parameter, Presence, TypeRef};
use crate::names::{safe, snake};
use crate::text;
use crate::text::pointer::escaped;

impl Effect<'_> {
    pub(super) fn parameters(&mut self) {
        let place = self.said.place("add_param").cloned();
        for added in &self.said.facts.add_param {
            let argument = safe(&added.name);
            let known = |field: &Field| field.name == argument;
            let sent = |p: &Parameter| p.location == "query" && p.name == added.name;
            let operation = &mut *self.operation;
            if operation.fields.iter().any(known) || operation.parameters.iter().any(sent) {
                let message = format!(
                    "`{}` has an argument `{}` already",
                    operation.tool,
                    text::line(&added.name, 60)
                );
                self.find(place.as_ref(), Code::E0931, message);
                continue;
            }
            let (kind, ty) = match added.kind.as_deref() {
                Some("integer") => ("integer", TypeRef::Integer),
                Some("number") => ("number", TypeRef::Float),
                Some("boolean") => ("boolean", TypeRef::Bool),
                _ => ("string", TypeRef::String),
            };
            let description = text::line(added.description.as_deref().unwrap_or_default(), 300);
            let mut schema = Map::new();
            if !description.is_empty() {
                schema.insert("description".to_owned(), json!(description));
            }
            schema.insert("type".to_owned(), json!(kind));
            if !added.values.is_empty() {
                schema.insert("enum".to_owned(), json!(added.values));
            }
            property(
                &mut operation.input_schema,
                &argument,
                schema,
                added.required,
            );
            let mut ident = snake(&argument, operation.fields.len());
            while operation.fields.iter().any(|field| field.ident == ident) {
                ident.push('_');
            }
            operation.fields.push(Field {
                ident,
                name: argument.clone(),
                ty,
                presence: if added.required {
                    Presence::Required
                } else {
                    Presence::Optional
                },
                doc: description,
            });
            operation.parameters.push(Parameter {
                name: added.name.clone(),
                argument,
                location: "query",
                style: "form",
                explode: true,
                allow_reserved: false,
                required: added.required,
                constant: None,
                generated: false,
                fields: Vec::new(),
            });
        }
    }
}

/// Adds a property to the schema of all arguments; the keywords keep their order.
fn property(root: &mut Value, name: &str, schema: Map<String, Value>, required: bool) {
    let Some(object) = root.as_object_mut() else {
        return;
    };
    let closed = object.shift_remove("additionalProperties");
    let names = object.shift_remove("required");
    let properties = object
        .entry("properties")
        .or_insert_with(|| Value::Object(Map::new()));
    if let Some(properties) = properties.as_object_mut() {
        properties.insert(name.to_owned(), Value::Object(schema));
    }
    let mut names = names
        .and_then(|names| names.as_array().cloned())
        .unwrap_or_default();
    if required {
        names.push(json!(name));
    }
    if !names.is_empty() {
        object.insert("required".to_owned(), Value::Array(names));
    }
    if let Some(closed) = closed {
        object.insert("additionalProperties".to_owned(), closed);
    }
    debug_assert!(
        root.pointer(&format!("/properties/{}", escaped(name)))
            .is_some()
    );
}
