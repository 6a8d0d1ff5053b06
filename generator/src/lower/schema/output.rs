//! Schemas of structured content (rules S2, S12, S13): relaxed, so that an answer that drifts from
//! its document still conforms: no `required`, no values, no formats; types and names only.

use serde_json::{Map, Value, json};

use super::{Additional, Shapes};
use crate::diagnostics::Pointer;
use crate::model::Node;

/// Levels below the root that are described; deeper ones are `object` or `array`.
const DEEPEST: usize = 4;
/// Schemas in one output schema; beyond that they are outlines.
const MOST: usize = 120;

/// The relaxed schema of an answer and whether its root is an object.
pub fn output_schema<'a>(shapes: &Shapes<'a>, node: &Node<'a>) -> (Value, bool) {
    let mut builder = Builder {
        shapes,
        open: Vec::new(),
        nodes: 0,
    };
    let shape = shapes.of(node);
    let object = shape.is_object();
    let schema = builder.build(node);
    if object {
        (schema, true)
    } else {
        (
            json!({"type": "object", "properties": {"result": schema}}),
            false,
        )
    }
}

struct Builder<'s, 'a> {
    shapes: &'s Shapes<'a>,
    open: Vec<Pointer>,
    nodes: usize,
}

impl<'a> Builder<'_, 'a> {
    fn build(&mut self, node: &Node<'a>) -> Value {
        let shape = self.shapes.of(node);
        self.nodes = self.nodes.saturating_add(1);
        let mut schema = Map::new();
        let names = shape.types.names();
        let kind = match names.as_slice() {
            [one] => Some(*one),
            [] if shape.is_object() => Some("object"),
            [] if shape.is_array() => Some("array"),
            _ => None,
        };
        if !shape.unions.is_empty() && kind != Some("object") {
            return Value::Object(schema);
        }
        let Some(kind) = kind else {
            return Value::Object(schema);
        };
        schema.insert("type".to_owned(), json!(kind));
        if self.open.len() >= DEEPEST || self.nodes > MOST || self.open.contains(&shape.origin) {
            if kind == "array" {
                schema.insert("items".to_owned(), json!({}));
            }
            return Value::Object(schema);
        }
        self.open.push(shape.origin.clone());
        if kind == "array" {
            let items = shape
                .items
                .as_ref()
                .map_or_else(|| json!({}), |items| self.build(items));
            schema.insert("items".to_owned(), items);
        }
        if kind == "object" {
            let mut properties = Map::new();
            for (name, property) in &shape.properties {
                if !self.shapes.of(property).write_only {
                    properties.insert((*name).to_owned(), self.build(property));
                }
            }
            if !properties.is_empty() {
                schema.insert("properties".to_owned(), Value::Object(properties));
            }
            if let Additional::Schema(additional) = &shape.additional
                && shape.properties.is_empty()
            {
                let inner = self.build(&additional.clone());
                schema.insert("additionalProperties".to_owned(), inner);
            }
        }
        self.open.pop();
        Value::Object(schema)
    }
}
