//! All that a document says of an answer, for those who name places in it: the properties of every form, and the
//! values. What tools list (`output.rs`) has less.

use serde_json::{Map, Value, json};

use super::{Additional, Shape, Shapes};
use crate::diagnostics::Pointer;
use crate::model::Node;

/// Levels that are described; what is deeper may be anything.
const DEEPEST: usize = 10;
/// Schemas that are described; further ones may be anything.
const MOST: usize = 2_000;
/// Unions within unions that are looked into.
const MOST_UNIONS: usize = 6;

/// What is said of a value, without references and unions: `{}` where that is nothing.
///
/// An object with more properties than are named has `additionalProperties`.
pub fn declared<'a>(shapes: &Shapes<'a>, node: &Node<'a>) -> Value {
    let mut builder = Builder {
        shapes,
        around: Vec::new(),
        nodes: 0,
    };
    builder.build(node)
}

struct Builder<'s, 'a> {
    shapes: &'s Shapes<'a>,
    around: Vec<Pointer>,
    nodes: usize,
}

impl<'a> Builder<'_, 'a> {
    fn build(&mut self, node: &Node<'a>) -> Value {
        let shape = self.shapes.of(node);
        self.nodes = self.nodes.saturating_add(1);
        if self.around.len() >= DEEPEST || self.nodes > MOST || self.around.contains(&shape.origin)
        {
            return json!({});
        }
        self.around.push(shape.origin.clone());
        let mut forms = Vec::new();
        self.forms(shape, 0, &mut forms);
        let built = forms.iter().map(|form| self.form(form));
        let built: Vec<Value> = built.collect();
        self.around.pop();
        built.into_iter().reduce(both).unwrap_or_else(|| json!({}))
    }

    /// The forms that a value may have. What stands beside a union holds for each of its branches.
    fn forms(&self, shape: Shape<'a>, depth: usize, found: &mut Vec<Shape<'a>>) {
        let branches: Vec<Node<'a>> = shape
            .unions
            .iter()
            .flatten()
            .chain(&shape.subtypes)
            .cloned()
            .collect();
        let says = !shape.properties.is_empty() || shape.items.is_some() || branches.is_empty();
        if says && !shape.is_null() {
            found.push(shape);
        }
        if depth < MOST_UNIONS {
            for branch in &branches {
                self.forms(self.shapes.of(branch), depth.saturating_add(1), found);
            }
        }
    }

    fn form(&mut self, shape: &Shape<'a>) -> Value {
        let mut kinds = shape.types.names();
        if kinds.is_empty() {
            if shape.is_object() {
                kinds.push("object");
            } else if shape.is_array() {
                kinds.push("array");
            }
        }
        let mut schema = Map::new();
        if let Some(values) = &shape.values {
            schema.insert("enum".to_owned(), json!(values));
        } else if kinds.is_empty() {
            return json!({});
        }
        schema.insert("type".to_owned(), json!(kinds));
        if kinds.contains(&"array") {
            let items = shape.items.iter().chain(&shape.prefix_items);
            let items: Vec<Value> = items.map(|item| self.build(item)).collect();
            let items = items.into_iter().reduce(both);
            schema.insert("items".to_owned(), items.unwrap_or_else(|| json!({})));
        }
        if kinds.contains(&"object") {
            let mut properties = Map::new();
            for (name, property) in &shape.properties {
                if !self.shapes.of(property).write_only {
                    properties.insert((*name).to_owned(), self.build(property));
                }
            }
            let further = match &shape.additional {
                Additional::Schema(inner) => Some(self.build(&inner.clone())),
                Additional::Any => Some(json!({})),
                Additional::Unsaid if properties.is_empty() => Some(json!({})),
                _ if !shape.patterns.is_empty() => Some(json!({})),
                Additional::Unsaid | Additional::No => None,
            };
            schema.insert("properties".to_owned(), Value::Object(properties));
            if let Some(further) = further {
                schema.insert("additionalProperties".to_owned(), further);
            }
        }
        Value::Object(schema)
    }
}

/// What is said of a value that is one or the other.
fn both(one: Value, other: Value) -> Value {
    let (Value::Object(mut one), Value::Object(other)) = (one, other) else {
        return json!({});
    };
    if one.is_empty() || other.is_empty() {
        return json!({});
    }
    // Values of one form alone do not tell those of the other.
    if !(one.contains_key("enum") && other.contains_key("enum")) {
        one.shift_remove("enum");
    }
    for (key, more) in other {
        match (one.get_mut(&key), more) {
            (Some(Value::Array(known)), Value::Array(more)) => {
                let new = more.into_iter().filter(|value| !known.contains(value));
                let new: Vec<Value> = new.collect();
                known.extend(new);
            }
            (Some(Value::Object(known)), Value::Object(more)) if key == "properties" => {
                for (name, schema) in more {
                    let together = match known.get_mut(&name) {
                        Some(known) => both(known.take(), schema),
                        None => schema,
                    };
                    known.insert(name, together);
                }
            }
            (Some(known), more) => *known = both(known.take(), more),
            (None, _) if key == "enum" => {}
            (None, more) => {
                one.insert(key, more);
            }
        }
    }
    Value::Object(one)
}
