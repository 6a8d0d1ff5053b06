//! The document that a server was made from, for callers who ask for it beside MCP (behaviour A12): the
//! operations that are tools for them, and what those refer to. Addresses, credentials, what the service sends
//! by itself and extensions of vendors are left out: they say how the service is reached, which is this
//! server's business.

use crate::json::place::{escaped, unescaped};
use std::collections::HashSet;
use std::fmt::Write as _;

use axum::body::Bytes;
use ring::digest::{SHA256, digest};

use super::Catalog;
use crate::engine::Entry;
use crate::json::{Object, Value};
use crate::operation::Risk;

/// Fields of a path that are operations (OpenAPI 3.2 §4.9).
const METHODS: [&str; 9] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace", "query",
];
/// Fields of the document that are left out; the last four are those of Swagger 2.0.
const OF_DOCUMENT: [&str; 7] = [
    "servers",
    "security",
    "webhooks",
    "host",
    "basePath",
    "schemes",
    "securityDefinitions",
];
/// Fields of paths and operations that are left out.
const OF_OPERATION: [&str; 4] = ["servers", "security", "callbacks", "schemes"];
/// Fields of `components` that are left out, with what refers to other operations.
const OF_COMPONENTS: [&str; 4] = ["securitySchemes", "callbacks", "links", "pathItems"];
/// Where Swagger 2.0 has its components.
const OLDER: [&str; 3] = ["definitions", "parameters", "responses"];

/// Fields whose members have names of the document's own (OpenAPI 3.2 §4, JSON Schema 2020-12 core §10).
const NAMED: [&str; 13] = [
    "properties",
    "patternProperties",
    "$defs",
    "definitions",
    "dependentSchemas",
    "dependentRequired",
    "mapping",
    "headers",
    "content",
    "encoding",
    "examples",
    "parameters",
    "additionalOperations",
];
/// Fields that hold values, in which a name is no field.
const VALUES: [&str; 6] = ["const", "default", "enum", "example", "value", "dataValue"];
/// The document as a caller gets it.
#[derive(Debug)]
pub(crate) struct Told {
    /// JSON; all answers share these bytes.
    pub(crate) text: Bytes,
    /// What tells it from every other one (RFC 9110 §8.8.3), with its quotes.
    pub(crate) tag: String,
}

impl Told {
    fn new(text: String) -> Self {
        let mut tag = String::from("\"");
        for byte in digest(&SHA256, text.as_bytes()).as_ref().iter().take(16) {
            let _ = write!(tag, "{byte:02x}");
        }
        tag.push('"');
        Self {
            text: Bytes::from(text),
            tag,
        }
    }
}

impl Catalog {
    /// The document of the tools that there are for this caller, as JSON; `None` where the server was made
    /// without it.
    pub(crate) fn document(&self) -> Option<&Told> {
        let made = self.document.get_or_init(|| {
            let text = self.engine().api().document;
            let document = serde_json::from_str(text).ok()?;
            let entries = self.engine().entries().iter();
            let is_open = |entry: &&Entry| {
                !self.is_barred(entry) && (!self.base().read_only || entry.risk() == Risk::Read)
            };
            let operations = entries.filter(is_open).filter_map(Entry::operation);
            let tools = operations.map(|one| (one.method, one.path));
            let told = told(document, &tools.collect())?;
            Some(Told::new(told.to_string()))
        });
        made.as_ref()
    }
}

/// The document with these operations alone.
fn told(mut document: Value, tools: &HashSet<(&str, &str)>) -> Option<Value> {
    let items = document.pointer("/components/pathItems").cloned();
    let root = document.as_object_mut()?;
    without(root, &OF_DOCUMENT);
    if let Some(info) = root.get_mut("info").and_then(Value::as_object_mut) {
        without(info, &[]);
    }
    if let Some(paths) = root.get_mut("paths").and_then(Value::as_object_mut) {
        without(paths, &[]);
        for (path, item) in paths.iter_mut() {
            // Two paths may refer to one item, and each has tools of its own.
            if let Some(target) = item.get("$ref").and_then(Value::as_str) {
                let name = target.strip_prefix("#/components/pathItems/");
                let known = name.and_then(|name| items.as_ref()?.get(unescaped(name)));
                *item = known.cloned().unwrap_or(Value::Null);
            }
            keep_operations(path, item, tools);
        }
        paths.retain(|_, item| item.as_object().is_some_and(has_operations));
    }
    if let Some(components) = root.get_mut("components").and_then(Value::as_object_mut) {
        without(components, &OF_COMPONENTS);
    }
    for place in ["/components/responses", "/responses"] {
        if let Some(named) = document.pointer_mut(place).and_then(Value::as_object_mut) {
            named.values_mut().for_each(without_links);
        }
    }
    let root = document.as_object_mut()?;
    keep_tags(root);
    for (name, value) in root.iter_mut() {
        match value {
            Value::Object(kinds) if name == "components" => {
                kinds.values_mut().for_each(by_name);
            }
            value if OLDER.contains(&name.as_str()) => by_name(value),
            value => extensions(value),
        }
    }
    keep_reached(root);
    Some(document)
}

/// Takes out the extensions below a value, wherever a name that begins with `x-` is one: not among the names
/// of properties and header fields, and not in examples and other values.
fn extensions(value: &mut Value) {
    match value {
        Value::Object(object) => {
            without(object, &[]);
            for (name, inner) in object.iter_mut() {
                match (name.as_str(), &*inner) {
                    (name, _) if VALUES.contains(&name) => {}
                    // Of a schema; elsewhere they have names.
                    ("examples", Value::Array(_)) => {}
                    (name, Value::Object(_)) if NAMED.contains(&name) => by_name(inner),
                    _ => extensions(inner),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(extensions),
        _ => {}
    }
}

/// The same below each member of an object whose names are the document's own.
fn by_name(named: &mut Value) {
    if let Some(named) = named.as_object_mut() {
        named.values_mut().for_each(extensions);
    }
}

/// Takes out fields, and extensions.
fn without(object: &mut Object, fields: &[&str]) {
    object.retain(|name, _| !fields.contains(&name.as_str()) && !name.starts_with("x-"));
}

fn keep_operations(path: &str, item: &mut Value, tools: &HashSet<(&str, &str)>) {
    let Some(item) = item.as_object_mut() else {
        return;
    };
    without(item, &OF_OPERATION);
    item.retain(|name, _| {
        let method = name.to_ascii_uppercase();
        !METHODS.contains(&name.as_str()) || tools.contains(&(method.as_str(), path))
    });
    if let Some(more) = item
        .get_mut("additionalOperations")
        .and_then(Value::as_object_mut)
    {
        more.retain(|method, _| tools.contains(&(method.as_str(), path)));
    }
    for operation in operations(item) {
        without(operation, &OF_OPERATION);
        let responses = operation
            .get_mut("responses")
            .and_then(Value::as_object_mut);
        for response in responses.into_iter().flat_map(Object::values_mut) {
            without_links(response);
        }
    }
}

/// A response without its links, which name other operations, and servers.
fn without_links(response: &mut Value) {
    if let Some(response) = response.as_object_mut() {
        response.remove("links");
    }
}

/// The operations of a path.
fn operations(item: &mut Object) -> impl Iterator<Item = &mut Object> {
    item.iter_mut().flat_map(|(name, value)| {
        let found: Vec<&mut Object> = match (name.as_str(), value) {
            ("additionalOperations", Value::Object(more)) => {
                more.values_mut().filter_map(Value::as_object_mut).collect()
            }
            (name, Value::Object(operation)) if METHODS.contains(&name) => vec![operation],
            _ => Vec::new(),
        };
        found
    })
}

fn has_operations(item: &Object) -> bool {
    item.iter().any(|(name, value)| match name.as_str() {
        "additionalOperations" => value.as_object().is_some_and(|more| !more.is_empty()),
        name => METHODS.contains(&name),
    })
}

/// Leaves the tags that an operation has.
fn keep_tags(root: &mut Object) {
    let mut used = HashSet::new();
    let paths = root.get_mut("paths").and_then(Value::as_object_mut);
    for item in paths.into_iter().flat_map(Object::values_mut) {
        for operation in item.as_object_mut().into_iter().flat_map(operations) {
            let tags = operation.get("tags").and_then(Value::as_array);
            let names = tags.into_iter().flatten().filter_map(Value::as_str);
            used.extend(names.map(str::to_owned));
        }
    }
    if let Some(tags) = root.get_mut("tags").and_then(Value::as_array_mut) {
        tags.retain(|tag| {
            let name = tag.get("name").and_then(Value::as_str);
            name.is_some_and(|name| used.contains(name))
        });
    }
}

/// Leaves the components that the paths refer to, and those that these refer to.
fn keep_reached(root: &mut Object) {
    let mut reached: HashSet<String> = HashSet::new();
    let mut open: Vec<String> = Vec::new();
    if let Some(paths) = root.get("paths") {
        references(paths, &mut open);
    }
    while let Some(place) = open.pop() {
        if !reached.insert(place.clone()) {
            continue;
        }
        let mut steps = place.split('/').map(unescaped);
        let first = steps.next().and_then(|step| root.get(&step));
        let target = first.and_then(|first| steps.try_fold(first, |node, step| node.get(step)));
        if let Some(target) = target {
            references(target, &mut open);
        }
    }
    let is_reached = |place: String| reached.contains(&place);
    if let Some(components) = root.get_mut("components").and_then(Value::as_object_mut) {
        for (kind, named) in components.iter_mut() {
            if let Some(named) = named.as_object_mut() {
                named.retain(|name, _| is_reached(format!("components/{kind}/{}", escaped(name))));
            }
        }
        components.retain(|_, named| named.as_object().is_some_and(|named| !named.is_empty()));
    }
    for kind in OLDER {
        if let Some(named) = root.get_mut(kind).and_then(Value::as_object_mut) {
            named.retain(|name, _| is_reached(format!("{kind}/{}", escaped(name))));
        }
    }
}

/// The components that a value refers to: `components/schemas/Lead`.
fn references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                match (name.as_str(), value) {
                    ("$ref" | "$dynamicRef", Value::String(target)) => component(target, found),
                    ("mapping", Value::Object(names)) => {
                        for target in names.values().filter_map(Value::as_str) {
                            component(target, found);
                            // OpenAPI 3.2 §4.25: the name of a schema, too.
                            found.push(format!("components/schemas/{}", escaped(target)));
                        }
                    }
                    _ => {}
                }
                references(value, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

/// The component that a reference leads into, whatever of it is meant.
fn component(target: &str, found: &mut Vec<String>) {
    let Some(place) = target.strip_prefix("#/") else {
        return;
    };
    let depth = if place.starts_with("components/") {
        3
    } else {
        2
    };
    let steps: Vec<&str> = place.split('/').take(depth).collect();
    if steps.len() == depth {
        found.push(steps.join("/"));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document() -> Value {
        let answer = |schema: &str| {
            json!({"200": {"x-handler": "inner", "links": {"a": {"operationId": "x"}}, "headers": {"x-total-count": {"x-of": "inner", "schema": {}}},
                "content": {"application/json":
                {"x-codec": "inner", "schema": {"$ref": format!("#/components/schemas/{schema}")}}}}})
        };
        json!({
            "openapi": "3.2.0", "x-mcp": {"names": {}}, "servers": [{"url": "https://inner.example"}],
            "info": {"title": "CRM", "version": "1", "x-host": "inner.example"},
            "security": [{"Key": []}], "webhooks": {"paid": {}},
            "tags": [{"name": "Leads"}, {"name": "Keys"}],
            "paths": {
                "/leads": {
                    "servers": [{"url": "https://inner.example"}],
                    "get": {"tags": ["Leads"], "x-mcp": {"class": "read"}, "security": [], "responses": answer("Lead")},
                    "post": {"tags": ["Leads"], "responses": answer("Secret")},
                    "additionalOperations": {"COPY": {"responses": {}}, "LINK": {"responses": {}}},
                },
                "/keys": {"get": {"tags": ["Keys"], "responses": answer("Secret")}},
                "/shared": {"$ref": "#/components/pathItems/Shared"},
            },
            "components": {
                "schemas": {
                    "Lead": {"x-table": "inner", "discriminator": {"mapping": {"a": "Owner"}, "x-of": "inner"},
                        "example": {"x-note": "n"}, "properties": {"x-note": {"type": "string", "x-column": "inner", "enum": ["x-a"]},
                            "list": {"type": "array", "items": {"x-go-type": "inner", "type": "string"}}}},
                    "Owner": {"properties": {"a~b": {"$ref": "#/components/schemas/Up~1Down/properties/x"}}},
                    "Up/Down": {"properties": {"x": {}}},
                    "Secret": {"description": "inner"},
                },
                "securitySchemes": {"Key": {"type": "apiKey"}},
                "pathItems": {"Shared": {"get": {"responses": {}}, "delete": {"responses": {}}}},
            },
        })
    }

    #[test]
    fn a12_the_document_has_what_a_caller_may_use_and_nothing_else() {
        let tools = [("GET", "/leads"), ("COPY", "/leads"), ("GET", "/shared")];
        let told = told(document(), &tools.into_iter().collect()).unwrap_or_default();
        let content =
            json!({"application/json": {"schema": {"$ref": "#/components/schemas/Lead"}}});
        let expected = json!({
            "openapi": "3.2.0", "info": {"title": "CRM", "version": "1"}, "tags": [{"name": "Leads"}],
            "paths": {
                "/leads": {
                    "get": {"tags": ["Leads"], "responses": {"200": {"headers": {"x-total-count": {"schema": {}}}, "content": content}}},
                    "additionalOperations": {"COPY": {"responses": {}}},
                },
                "/shared": {"get": {"responses": {}}},
            },
            "components": {"schemas": {
                "Lead": {"discriminator": {"mapping": {"a": "Owner"}}, "example": {"x-note": "n"},
                    "properties": {"x-note": {"type": "string", "enum": ["x-a"]}, "list": {"type": "array", "items": {"type": "string"}}}},
                "Owner": {"properties": {"a~b": {"$ref": "#/components/schemas/Up~1Down/properties/x"}}},
                "Up/Down": {"properties": {"x": {}}},
            }},
        });
        assert_eq!(told, expected);
        assert!(!told.to_string().contains("inner"), "{told}");
    }

    #[test]
    fn a_document_of_2_0_has_no_host_and_its_definitions() {
        let document = json!({
            "swagger": "2.0", "host": "inner.example", "basePath": "/v1", "schemes": ["http"],
            "securityDefinitions": {"k": {}},
            "paths": {"/leads": {"get": {"responses": {"200": {"schema": {"$ref": "#/definitions/Lead"}}}}}},
            "definitions": {"Lead": {"type": "object"}, "Secret": {}},
        });
        let tools = [("GET", "/leads")];
        let told = told(document, &tools.into_iter().collect()).unwrap_or_default();
        let expected = json!({
            "swagger": "2.0",
            "paths": {"/leads": {"get": {"responses": {"200": {"schema": {"$ref": "#/definitions/Lead"}}}}}},
            "definitions": {"Lead": {"type": "object"}},
        });
        assert_eq!(told, expected);
    }
}
