//! What is listed of schemas that are not gone into.

use serde_json::{Map, Value, json};

use super::super::Shape;
use super::{InputSchemas, Nulls};
use crate::text;

/// Levels of an outline in which what is required is listed.
const DEEPEST: usize = 3;

impl<'a> InputSchemas<'_, 'a> {
    /// What remains of a schema that is not gone into.
    pub(super) fn outline(
        &mut self,
        schema: &mut Map<String, Value>,
        shape: &Shape<'a>,
        (path, nulls): (&str, Nulls),
        recursive: bool,
    ) {
        if recursive {
            self.required(schema, shape, (path, nulls), 0);
        } else {
            kind(schema, shape);
        }
        with_items(schema);
        if recursive && !schema.contains_key("description") {
            let name = shape
                .name
                .map_or_else(|| "the object around it".to_owned(), |n| text::line(n, 60));
            schema.insert(
                "description".to_owned(),
                json!(format!("Nested; the same shape as {name}.")),
            );
        }
    }

    /// The type, and what values cannot be without: a model that fills in what it sees makes one that
    /// the service accepts.
    fn required(
        &mut self,
        schema: &mut Map<String, Value>,
        shape: &Shape<'a>,
        (path, nulls): (&str, Nulls),
        level: usize,
    ) {
        kind(schema, shape);
        self.nodes = self.nodes.saturating_add(1);
        if level >= DEEPEST || self.nodes > self.most_nodes {
            return;
        }
        let level = level.saturating_add(1);
        if let Some(items) = shape.items.as_ref().filter(|_| shape.is_array()) {
            let mut outline = Map::new();
            let inner = self.shapes.of(items);
            let place = format!("{path}/*");
            self.required(&mut outline, &inner, (&place, nulls.in_array()), level);
            with_items(&mut outline);
            schema.insert("items".to_owned(), Value::Object(outline));
        }
        if !shape.is_object() {
            return;
        }
        let mut properties = Map::new();
        let mut required = Vec::new();
        for name in shape.required.clone() {
            let Some(property) = shape.properties.get(name) else {
                continue;
            };
            let inner = self.shapes.of_property(shape, name, property);
            if inner.read_only {
                continue;
            }
            let (key, below) = self.key(path, name);
            if nulls.are_values(&inner, true) {
                self.nullable.push(below.clone());
            }
            let mut outline = Map::new();
            if inner.is_scalar() {
                self.constrain(&mut outline, &inner, &below, nulls);
            } else {
                self.required(&mut outline, &inner, (&below, nulls), level);
                with_items(&mut outline);
            }
            required.push(json!(key));
            properties.insert(key, Value::Object(outline));
        }
        if !required.is_empty() {
            schema.insert("properties".to_owned(), Value::Object(properties));
            schema.insert("required".to_owned(), Value::Array(required));
        }
    }
}

/// Hosts refuse arrays without `items`.
fn with_items(schema: &mut Map<String, Value>) {
    if schema.get("type") == Some(&json!("array")) && !schema.contains_key("items") {
        schema.insert("items".to_owned(), json!({}));
    }
}

/// The type, if it is one.
fn kind(schema: &mut Map<String, Value>, shape: &Shape<'_>) {
    let names = shape.types.names();
    let kind = match names.as_slice() {
        [name] => name,
        _ if shape.is_object() => "object",
        _ if shape.is_array() => "array",
        _ => return,
    };
    schema.insert("type".to_owned(), json!(kind));
}
