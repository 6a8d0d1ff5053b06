//! Where names stand in the arguments that only answers carry (`readOnly`) and that a caller could give
//! all the same, since the object is open there or its schema was cut.

use indexmap::IndexSet;
use serde_json::Value;

use super::arguments::{Argument, Of};
use super::body::RawBody;
use super::schema::{Additional, Shape, Shapes};
use crate::diagnostics::Pointer;
use crate::ir;
use crate::model::Node;

/// Levels that are looked into.
const DEEPEST: usize = 12;
/// Schemas that are looked into, in one operation.
const MOST_NODES: usize = 3_000;
/// How often a schema that contains itself is gone into again.
const TURNS: usize = 1;

/// Whether the document has the word at all: most have not, and then there is nothing to look for.
pub fn is_said(value: &Value) -> bool {
    match value {
        Value::Object(members) => {
            members.get("readOnly") == Some(&Value::Bool(true)) || members.values().any(is_said)
        }
        Value::Array(items) => items.iter().any(is_said),
        _ => false,
    }
}

/// The places, as JSON Pointers in which `*` is any step; the first step is an argument, the others are
/// names on the wire. `cut`: not all of the schema is listed.
pub fn places<'a>(
    shapes: &Shapes<'a>,
    body: &RawBody<'a>,
    sent: &ir::BodyShape,
    arguments: &[Argument<'a>],
    cut: bool,
) -> Vec<String> {
    let mut found = Collector {
        shapes,
        cut,
        open: Vec::new(),
        nodes: 0,
        hidden: IndexSet::new(),
        sendable: IndexSet::new(),
    };
    for argument in arguments.iter().filter(|a| a.body && a.fixed.is_none()) {
        if let Some(schema) = &argument.schema {
            let below = match argument.of {
                Of::Whole => "",
                Of::Members | Of::Items => "/*",
                Of::Lists => "/*/*",
            };
            found.walk(schema, &format!("{}{below}", step(&argument.name)));
        }
    }
    if let ir::BodyShape::Properties(_, additional) = sent
        && !additional.is_empty()
    {
        for name in &body.credentials {
            let place = format!("{}{}", step(additional), step(name));
            found.hidden.insert(place);
        }
        for (name, property) in &body.shape.properties {
            if shapes.of(property).read_only {
                let place = format!("{}{}", step(additional), step(name));
                found.hidden.insert(place);
            }
        }
    }
    let Collector {
        hidden, sendable, ..
    } = found;
    let mut places: Vec<String> = hidden.into_iter().collect();
    places.retain(|place| !sendable.contains(place));
    places
}

struct Collector<'s, 'a> {
    shapes: &'s Shapes<'a>,
    cut: bool,
    open: Vec<Pointer>,
    nodes: usize,
    hidden: IndexSet<String>,
    /// Places that another branch of a union allows.
    sendable: IndexSet<String>,
}

impl<'a> Collector<'_, 'a> {
    fn walk(&mut self, node: &Node<'a>, path: &str) {
        let shape = self.shapes.of(node);
        self.nodes = self.nodes.saturating_add(1);
        let turns = self.open.iter().filter(|one| **one == shape.origin).count();
        if shape.is_scalar()
            || self.nodes > MOST_NODES
            || self.open.len() >= DEEPEST
            || turns > TURNS
        {
            return;
        }
        self.open.push(shape.origin.clone());
        self.properties(&shape, path, turns > 0);
        let below = format!("{path}/*");
        for item in shape.prefix_items.iter().chain(&shape.items) {
            self.walk(item, &below);
        }
        if let Additional::Schema(further) = &shape.additional {
            self.walk(further, &below);
        }
        for branch in shape.unions.iter().flatten().chain(&shape.subtypes) {
            self.walk(branch, path);
        }
        self.open.pop();
    }

    fn properties(&mut self, shape: &Shape<'a>, path: &str, again: bool) {
        // The checker refuses what a closed object does not list, unless it was cut.
        let can_be_given = again || self.cut || !matches!(shape.additional, Additional::No);
        for (name, property) in &shape.properties {
            let place = format!("{path}{}", step(name));
            if self.shapes.of(property).read_only {
                if can_be_given {
                    self.hidden.insert(place);
                }
            } else {
                self.walk(property, &place);
                self.sendable.insert(place);
            }
        }
    }
}

fn step(name: &str) -> String {
    format!("/{}", name.replace('~', "~0").replace('/', "~1"))
}
