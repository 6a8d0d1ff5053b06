//! Shapes that are known already. A tool, its types and its answer look at the same schemas again and
//! again, and one with `allOf` takes in all that it consists of each time.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use serde_json::Value;

use super::chain::Chain;
use super::shape::Shape;
use crate::diagnostics::Pointer;
use crate::model::Node;

/// Schemas and properties of a shape from which on it is cheaper to remember it. Most schemas of a large
/// document have fewer, and all of them would take more memory than time is won.
const COSTLY: usize = 8;

/// The shapes of schemas. The same value may stand at several places, which findings name.
#[derive(Debug)]
pub(super) struct Known<'a> {
    shapes: RefCell<HashMap<*const Value, HashMap<Pointer, Shape<'a>>>>,
    /// Schemas and properties that were looked at for all shapes: what time is a multiple of.
    work: Cell<usize>,
    /// How many of them may be looked at.
    most_work: usize,
}

impl<'a> Known<'a> {
    /// Looks at no more than this.
    pub(super) fn new(most_work: usize) -> Self {
        Self {
            shapes: RefCell::default(),
            work: Cell::default(),
            most_work,
        }
    }

    /// The shape of a schema, if it is remembered.
    pub(super) fn shape(&self, node: &Node<'a>) -> Option<Shape<'a>> {
        let shapes = self.shapes.borrow();
        let places = shapes.get(&std::ptr::from_ref(node.value))?;
        places.get(&node.pointer).cloned()
    }

    /// Remembers it.
    pub(super) fn keep(&self, node: &Node<'a>, shape: &Shape<'a>) {
        let mut shapes = self.shapes.borrow_mut();
        let places = shapes.entry(std::ptr::from_ref(node.value)).or_default();
        places.insert(node.pointer.clone(), shape.clone());
    }

    /// Counts schemas that were looked at, with the properties that were found in them.
    pub(super) fn looked_at(&self, schemas: usize, shape: &Shape<'_>) {
        let work = schemas.saturating_add(shape.properties.len());
        self.work.set(self.work.get().saturating_add(work));
    }

    /// Whether nothing further is looked at.
    pub(super) fn is_spent(&self) -> bool {
        self.work.get() > self.most_work
    }

    /// How many schemas were taken in.
    #[cfg(test)]
    pub(super) fn work(&self) -> usize {
        self.work.get()
    }
}

/// Whether a shape took more than a look at one schema.
pub(super) fn is_costly(chain: &Chain, shape: &Shape<'_>) -> bool {
    chain.entered().saturating_add(shape.properties.len()) >= COSTLY
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::super::{Shapes, Store};
    use super::COSTLY;
    use crate::model::{Node, Resolver};

    #[test]
    fn a_schema_of_many_parts_is_taken_apart_once_however_often_it_is_looked_at() {
        const COUNT: usize = 60;
        let reference = |i: usize| json!({"$ref": format!("#/components/schemas/S{i}")});
        let schemas: Map<String, Value> = (0..COUNT)
            .map(|i| {
                let parts: Vec<Value> = (i + 1..COUNT).take(2).map(reference).collect();
                let own = json!({format!("p{i}"): reference((i + 7) % COUNT)});
                let schema = json!({"allOf": parts, "properties": own});
                (format!("S{i}"), schema)
            })
            .collect();
        let document = json!({"components": {"schemas": schemas}});
        let store = Store::default();
        let shapes = Shapes::new(Resolver::new(&document, 64), &store, usize::MAX);
        let first = reference(0);
        let node = Node::root(&first);
        let first = shapes.of(&node);
        assert_eq!(first.properties.len(), COUNT);
        let each: Vec<_> = first.properties.values().cloned().collect();
        for property in &each {
            shapes.of(property);
        }
        for property in [node].iter().chain(&each) {
            let before = shapes.known.work();
            let shape = shapes.of(property);
            let again = shapes.known.work().saturating_sub(before);
            // One that is remembered costs what is copied. Small ones are not remembered.
            let copied = shape.properties.len().saturating_add(1);
            assert!(again == copied || copied <= COSTLY, "{again}, not {copied}");
        }
    }

    #[test]
    fn the_same_value_at_two_places_has_two_origins() {
        let value = json!({"properties": {"a": {}, "b": {}, "c": {}, "d": {}, "e": {}, "f": {}, "g": {}, "h": {}}});
        let store = Store::default();
        let shapes = Shapes::new(Resolver::new(&value, 64), &store, usize::MAX);
        let here = Node::root(&value);
        let there = Node {
            pointer: here.pointer.child("x"),
            ..here.clone()
        };
        for node in [&here, &there, &here, &there] {
            assert_eq!(shapes.of(node).origin, node.pointer);
        }
    }
}
