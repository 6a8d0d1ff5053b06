//! Computing the effective view of a schema: references followed, `allOf` merged, null taken out of
//! unions, unions of values made enumerations.

use std::cell::RefCell;
use std::collections::HashSet;

use indexmap::{IndexMap, IndexSet};
use serde_json::Value;

use super::annotations::{annotate, is_wrapper, values};
use super::chain::{Chain, LONGEST, Step};
use super::conditions::{Conditions, cases};
use super::joined::{Joined, Store};
use super::json_types::Types;
use super::known::{Known, is_costly};
use super::shape::{Additional, Shape};
use super::subtypes::Families;
use crate::diagnostics::{Code, Diagnostic, Pointer, Sink};
use crate::model::{Node, RefError, Resolver};
use crate::text;

/// Assertions that are taken over as they are.
const KEYWORDS: [&str; 16] = [
    "format",
    "pattern",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
    "contentMediaType",
    "contentEncoding",
];
/// Keywords whose meaning is not carried over; ignoring them only allows more.
const IGNORED: [&str; 9] = [
    "not",
    "if",
    "then",
    "else",
    "dependencies",
    "dependentSchemas",
    "unevaluatedItems",
    "contains",
    "$dynamicRef",
];

/// Those of at most 32 keywords that an object has, in the order of the keywords. An object has fewer
/// members than there are keywords, and every schema is looked at many times.
fn those_of<'k>(
    keywords: &'k [&'static str],
    object: &serde_json::Map<String, Value>,
) -> impl Iterator<Item = &'static str> + use<'k> {
    let mut found = 0_u32;
    for key in object.keys() {
        let at = keywords.iter().position(|keyword| keyword == key);
        let bit = at.and_then(|at| 1_u32.checked_shl(u32::try_from(at).ok()?));
        found |= bit.unwrap_or_default();
    }
    let mut rest = found;
    keywords.iter().copied().filter(move |_| {
        let has = rest & 1 == 1;
        rest >>= 1;
        has
    })
}

/// Computes shapes, and collects what is wrong with the schemas on the way.
#[derive(Debug)]
pub struct Shapes<'a> {
    pub(super) resolver: Resolver<'a>,
    pub(super) store: &'a Store,
    /// Schemas that stand for several at once.
    pub(super) joined: RefCell<Joined<'a>>,
    pub(super) families: Families<'a>,
    pub(super) conditions: Conditions<'a>,
    pub(super) known: Known<'a>,
    found: RefCell<IndexMap<(&'static str, Pointer), Diagnostic>>,
}

impl<'a> Shapes<'a> {
    /// For one document. Schemas that stand in none are kept in `store`. No more than `most_work` schemas and
    /// properties are looked at.
    pub fn new(resolver: Resolver<'a>, store: &'a Store, most_work: usize) -> Self {
        Self {
            resolver,
            store,
            joined: RefCell::default(),
            families: Families::default(),
            conditions: Conditions::default(),
            known: Known::new(most_work),
            found: RefCell::default(),
        }
    }

    /// What follows references.
    pub fn resolver(&self) -> Resolver<'a> {
        self.resolver
    }

    /// Whether as much was looked at as may be. Whatever is asked from then on is any value, so nothing that
    /// was made of it may be used.
    pub fn is_spent(&self) -> bool {
        self.known.is_spent()
    }

    /// The shape of a schema.
    pub fn of(&self, node: &Node<'a>) -> Shape<'a> {
        let mut shape = Shape {
            origin: self.origin(node),
            ..Shape::default()
        };
        // Whoever asked gives up soon.
        if self.is_spent() {
            return shape;
        }
        if let Some(known) = self.known.shape(node) {
            self.known.looked_at(1, &known);
            return known;
        }
        let mut chain = Chain::default();
        self.absorb(&mut shape, node, &mut chain, Step::Part, true);
        if shape.types.is_any()
            && let Some(values) = &shape.values
        {
            // `const: 5` says `integer`; hosts look at `type` only (rule S11).
            shape.types = Types::of_all(values);
        }
        self.room(&mut shape);
        let has_cases = !shape.cases.is_empty();
        // What was not looked at because there is too much needs no remembering.
        let is_whole = !has_cases || self.conditional(&mut shape);
        self.known.looked_at(chain.entered(), &shape);
        if is_whole && (has_cases || is_costly(&chain, &shape)) {
            self.known.keep(node, &shape);
        }
        shape
    }

    /// The schema of the names that are required and not declared, if `additionalProperties` gives one
    /// (JSON Schema core §10.3.2.3); that there are such names is reported.
    pub fn undeclared(&self, shape: &Shape<'a>) -> Option<Node<'a>> {
        if let Some(at) = &shape.required_at
            && shape.undeclared().next().is_some()
        {
            let names: Vec<String> = shape
                .undeclared()
                .map(|name| format!("`{}`", text::line(name, 60)))
                .collect();
            self.report(
                Diagnostic::new(
                    Code::E0506,
                    format!("required and not declared: {}", names.join(", ")),
                )
                .at_key(at)
                .note("such a property has to be given; any value of it is accepted here, and the service decides"),
            );
        }
        match &shape.additional {
            Additional::Schema(node) => Some(node.clone()),
            _ => None,
        }
    }

    /// The shape of a property of an object, with what other branches say about it.
    pub fn of_property(&self, object: &Shape<'a>, name: &str, node: &Node<'a>) -> Shape<'a> {
        let mut shape = self.of(node);
        shape.description = object.notes.get(name).copied().or(shape.description);
        shape
    }

    /// Says that a rule about names that are required together is not checked.
    pub fn report_alternatives(&self, at: &Pointer) {
        self.report(
            Diagnostic::new(
                Code::E0506,
                "which properties are required together is not checked",
            )
            .at_key(at)
            .note("values that only this keyword refuses reach the service, which decides"),
        );
    }

    /// Reports something once per place.
    pub fn report(&self, diagnostic: Diagnostic) {
        let key = (
            diagnostic.code.id(),
            diagnostic.pointer.clone().unwrap_or_default(),
        );
        self.found.borrow_mut().entry(key).or_insert(diagnostic);
    }

    /// Whether this was reported for the place already: for reports that are made often.
    pub fn has_reported(&self, code: Code, at: &Pointer) -> bool {
        self.found.borrow().contains_key(&(code.id(), at.clone()))
    }

    /// Hands over what was found, in order.
    pub fn drain_into(&self, sink: &mut Sink) {
        for (_, diagnostic) in self.found.borrow_mut().drain(..) {
            sink.push(diagnostic);
        }
    }

    /// `outer`: the schema itself and what its `$ref` names; not the branches of `allOf`.
    pub(super) fn absorb(
        &self,
        shape: &mut Shape<'a>,
        node: &Node<'a>,
        chain: &mut Chain,
        step: Step,
        outer: bool,
    ) {
        let Some(object) = node.object() else {
            if !node.value.is_boolean() {
                self.report(
                    Diagnostic::new(Code::E0501, "a schema must be an object or a boolean")
                        .at(&node.pointer)
                        .help("write `{}` for \"any value\""),
                );
            }
            return;
        };
        if chain.is_full() {
            self.report(
                Diagnostic::new(
                    Code::E0505,
                    "the chain of schemas that leads here is too long",
                )
                .at(&node.pointer)
                .note(format!(
                    "at most {LONGEST} references and branches in a row are followed"
                )),
            );
            return;
        }
        if !chain.enter(node, step) {
            return;
        }
        annotate(shape, node, outer);
        if let Some(target) = node.reference() {
            match self.next(target, node, chain) {
                Ok(referred) => {
                    if outer {
                        shape.origin = referred.pointer.clone();
                        shape.definition = Some(referred.clone());
                        shape.name = target
                            .rsplit_once("/schemas/")
                            .map(|(_, name)| name.rsplit_once("/$defs/").map_or(name, |(_, n)| n))
                            .or(shape.name);
                    }
                    let step = if self.is_own_reference(node) {
                        Step::Part
                    } else {
                        Step::Reference
                    };
                    self.absorb(shape, &referred, chain, step, outer);
                }
                // A schema is looked at once for each use of it.
                Err(_) if self.has_reported(Code::E0301, &node.pointer.child("$ref")) => {}
                Err(error) => {
                    let finding = error.diagnostic(self.resolver);
                    self.report(match error {
                        RefError::Cyclic { .. } => finding.note(self.in_circle(node)),
                        _ => finding,
                    });
                }
            }
        }
        // Most schemas with a reference have nothing else.
        if object.len() == 1 && object.contains_key("$ref") {
            chain.leave();
            return;
        }
        // `allOf: [{$ref: X}]` with a description is how 3.0 annotates a reference: it is X.
        let wrapped = outer && is_wrapper(object);
        for part in node.list("allOf") {
            self.absorb(shape, &part, chain, Step::Part, wrapped);
        }
        for keyword in those_of(&IGNORED, object) {
            shape.cases.extend(cases(keyword, node));
            let at = node.get(keyword).filter(|at| !is_names(keyword, at));
            if let Some((at, message)) = at.zip(unchecked(keyword, object)) {
                self.report(
                    Diagnostic::new(Code::E0506, message)
                        .at_key(&at.pointer)
                        .note("values that only this keyword refuses reach the service, which decides"),
                );
            }
        }
        self.types(shape, node);
        self.object_keywords(shape, node, outer);
        if let Some(items) = node.get("items") {
            if items.value.is_array() {
                shape.prefix_items = items.items().collect();
            } else {
                shape.items = Some(match &shape.items {
                    Some(known) => self.join(known, items),
                    None => items,
                });
            }
        }
        if object.contains_key("prefixItems") {
            shape.prefix_items = node.list("prefixItems").collect();
        }
        if !values(shape, node) {
            self.exclude("values", node);
        }
        for keyword in those_of(&KEYWORDS, object) {
            if let Some(value) = node.get(keyword) {
                self.keyword(shape, keyword, value, outer);
            }
        }
        for keyword in ["oneOf", "anyOf"] {
            self.union(shape, node, keyword, chain);
        }
        self.subtypes(shape, node, chain);
        chain.leave();
    }

    /// What a reference names, unless it is a schema that this one lies in.
    fn next(&self, target: &str, node: &Node<'a>, chain: &Chain) -> Result<Node<'a>, RefError> {
        let referred = self.resolver.target(target, &node.pointer)?;
        let (at, target) = (node.pointer.clone(), target.to_owned());
        if chain.is_circle(&referred) {
            return Err(RefError::Cyclic { at, target });
        }
        let most = self.resolver.hops();
        if chain.hops() >= most && !self.is_own_reference(node) {
            return Err(RefError::TooFar { at, target, most });
        }
        Ok(referred)
    }

    /// What becomes of what the schemas of a circle say: none is left out but the reference that closes it.
    fn in_circle(&self, closing: &Node<'a>) -> String {
        const MOST: usize = 8;
        let mut known: HashSet<*const Value> = HashSet::new();
        let mut names: IndexSet<&'a str> = IndexSet::new();
        let mut open = vec![closing.clone()];
        while let Some(node) = open.pop() {
            if known.len() >= LONGEST || !known.insert(std::ptr::from_ref(node.value)) {
                continue;
            }
            let properties = node.get("properties");
            names.extend(
                properties
                    .iter()
                    .flat_map(Node::entries)
                    .map(|(name, _)| name),
            );
            let target = node.reference();
            open.extend(target.and_then(|target| self.resolver.target(target, &node.pointer).ok()));
            open.extend(node.list("allOf"));
        }
        if names.is_empty() {
            return "the reference is ignored; what stands beside it counts".to_owned();
        }
        let shown: Vec<String> = names
            .iter()
            .take(MOST)
            .map(|name| format!("`{}`", text::line(name, 60)))
            .collect();
        let more = match names.len().saturating_sub(MOST) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        format!(
            "the reference is ignored; the schemas of the circle are read as one that has all of their properties: {}{more}",
            shown.join(", ")
        )
    }

    fn types(&self, shape: &mut Shape<'a>, node: &Node<'a>) {
        let mut types = Types::default();
        let mut null = false;
        let names = node.get("type");
        let names = names.iter().flat_map(|n| {
            n.value.as_str().into_iter().chain(
                n.value
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(Value::as_str),
            )
        });
        for name in names {
            match Types::named(name) {
                Some(bit) => types = types.with(bit),
                None => null |= name == "null",
            }
        }
        shape.nullable |= null;
        shape.null_only |= null && types.is_any();
        if !shape.types.narrow(types) {
            self.exclude("type", node);
        }
    }
}

/// What is said of a keyword whose meaning is not carried over; `None` where another one's says it.
fn unchecked(keyword: &str, schema: &serde_json::Map<String, Value>) -> Option<String> {
    let is_there = |key: &&&str| schema.contains_key(**key);
    Some(match keyword {
        "if" => {
            let parts: Vec<String> = ["if", "then", "else"]
                .iter()
                .filter(is_there)
                .map(|key| format!("`{key}`"))
                .collect();
            match parts.as_slice() {
                [first, rest @ .., last] => {
                    let rest: String = rest.iter().map(|key| format!(", {key}")).collect();
                    format!("{first}{rest} and {last} are not checked")
                }
                // It asks, and nothing follows from the answer.
                _ => return None,
            }
        }
        "then" | "else" if schema.contains_key("if") => return None,
        "then" | "else" => format!("`{keyword}` says nothing without `if`"),
        "$dynamicRef" => {
            "`$dynamicRef` is not followed: no schema has the name, or too many have it".to_owned()
        }
        _ => format!("`{keyword}` is not checked"),
    })
}

/// Whether all that `dependencies` says is which names need which others.
fn is_names(keyword: &str, at: &Node<'_>) -> bool {
    keyword == "dependencies" && at.entries().all(|(_, needed)| needed.value.is_array())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Shapes, Store};
    use crate::model::{Node, Resolver};

    fn document(components: impl Iterator<Item = (String, Value)>) -> Value {
        json!({"components": {"schemas": components.collect::<serde_json::Map<_, _>>()}})
    }

    fn reference(name: &str) -> Value {
        json!({"$ref": format!("#/components/schemas/{name}")})
    }

    #[test]
    fn branches_that_meet_again_are_taken_in_once() {
        // Each level refers to the next one twice: 2^60 ways lead to the last.
        let levels = (0..60).map(|i| {
            let next = reference(&format!("S{}", i + 1));
            let own = json!({"properties": {format!("p{i}"): {}}});
            (format!("S{i}"), json!({"allOf": [next, next, own]}))
        });
        let document = document(levels);
        let store = Store::default();
        let shapes = Shapes::new(Resolver::new(&document, 64), &store, usize::MAX);
        let first = reference("S0");
        let shape = shapes.of(&Node::root(&first));
        assert_eq!(shape.properties.len(), 60);
    }

    #[test]
    fn a_chain_without_end_is_cut_and_reported() {
        let links = (0..20_000).map(|i| {
            let next = reference(&format!("S{}", i + 1));
            (format!("S{i}"), json!({"allOf": [next]}))
        });
        let document = document(links);
        let store = Store::default();
        let shapes = Shapes::new(Resolver::new(&document, 64), &store, usize::MAX);
        let first = reference("S0");
        shapes.of(&Node::root(&first));
        let mut sink = crate::diagnostics::Sink::new();
        shapes.drain_into(&mut sink);
        let found: Vec<_> = sink.into_vec().iter().map(|d| d.code.id()).collect();
        assert_eq!(found, ["E0505"]);
    }
}
