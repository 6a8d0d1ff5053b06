//! The way from a schema to what it refers to and consists of, which may lead in a circle.

use std::collections::HashSet;

use serde_json::Value;

use crate::model::Node;

/// References and branches that lead on, one inside the other.
pub(super) const LONGEST: usize = 200;

/// The schemas that a shape has taken in already, and those that the current one lies in. Each counts
/// once, so that neither circles nor branches that meet again cost anything.
#[derive(Default)]
pub(super) struct Chain {
    seen: HashSet<*const Value>,
    open: Vec<Open>,
    entered: usize,
}

/// A schema that is being taken in.
struct Open {
    value: *const Value,
    /// Whether it says anything of its own.
    says_more: bool,
    /// Whether it is the only branch of a union.
    is_alternative: bool,
    /// The references in a row that led to it.
    hops: usize,
}

/// How a schema was come to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// It was asked for, or is a branch of `allOf`.
    Part,
    /// It is what a reference names.
    Reference,
    /// It is the only branch of a union.
    Alternative,
}

impl Chain {
    /// Whether this schema is new here; it is open then until [`Chain::leave`].
    pub(super) fn enter(&mut self, node: &Node<'_>, step: Step) -> bool {
        let leads_on = ["$ref", "allOf", "oneOf", "anyOf"]
            .into_iter()
            .any(|keyword| node.value.get(keyword).is_some());
        let value = std::ptr::from_ref(node.value);
        // Those that lead nowhere need no remembering.
        if leads_on && !self.seen.insert(value) {
            return false;
        }
        let hops = match step {
            Step::Reference => self.hops().saturating_add(1),
            Step::Part | Step::Alternative => 0,
        };
        self.entered = self.entered.saturating_add(1);
        self.open.push(Open {
            value,
            says_more: says_more(node),
            is_alternative: step == Step::Alternative,
            hops,
        });
        true
    }

    /// The schema that was entered last is done.
    pub(super) fn leave(&mut self) {
        self.open.pop();
    }

    /// How many schemas were taken in.
    pub(super) fn entered(&self) -> usize {
        self.entered
    }

    /// The references in a row that led here.
    pub(super) fn hops(&self) -> usize {
        self.open.last().map_or(0, |last| last.hops)
    }

    /// Whether no further schema may lie in the current one.
    pub(super) fn is_full(&self) -> bool {
        self.open.len() >= LONGEST
    }

    /// Whether the current schema lies in one of these.
    pub(super) fn holds(&self, schemas: &HashSet<*const Value>) -> bool {
        self.open.iter().any(|open| schemas.contains(&open.value))
    }

    /// Whether a reference to this schema leads in a circle.
    ///
    /// A base schema with `oneOf` its subtypes, which are `allOf` the base, is none that anybody minds:
    /// the subtype says what the value is.
    pub(super) fn is_circle(&self, node: &Node<'_>) -> bool {
        let value = std::ptr::from_ref(node.value);
        let Some(start) = self.open.iter().position(|open| open.value == value) else {
            return false;
        };
        let circle = self.open.get(start..).unwrap_or_default();
        // The first one may be an alternative of a union outside the circle.
        let has_alternative = circle.iter().skip(1).any(|open| open.is_alternative);
        !(has_alternative && circle.iter().any(|open| open.says_more))
    }
}

/// Whether a schema is more than one reference or branch.
fn says_more(node: &Node<'_>) -> bool {
    node.object().is_some_and(|object| {
        object.iter().any(|(key, value)| match key.as_str() {
            "allOf" => value.as_array().is_some_and(|parts| parts.len() > 1),
            "$ref" | "oneOf" | "anyOf" | "title" | "description" => false,
            key => !key.starts_with("x-"),
        })
    })
}
