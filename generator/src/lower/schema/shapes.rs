//! Computing the effective view of a schema: references followed, `allOf` merged, null taken out of
//! unions, unions of values made enumerations.

use std::cell::RefCell;
use std::collections::HashSet;

use indexmap::IndexMap;
use serde_json::Value;

use super::json_types::Types;
use super::shape::{Additional, Shape};
use crate::diagnostics::{Code, Diagnostic, Pointer, Sink};
use crate::model::{Node, Resolver};
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
/// References and branches that lead on, one inside the other.
const LONGEST_CHAIN: usize = 200;
/// Keywords whose meaning is not carried over; ignoring them only allows more.
const IGNORED: [&str; 10] = [
    "not",
    "if",
    "then",
    "else",
    "dependentSchemas",
    "dependentRequired",
    "unevaluatedProperties",
    "unevaluatedItems",
    "contains",
    "$dynamicRef",
];

/// The schemas that a shape has taken in already, and how deep the current one lies. Each counts once,
/// so that neither circles nor branches that meet again cost anything.
#[derive(Default)]
struct Chain {
    seen: HashSet<*const Value>,
    depth: usize,
}

impl Chain {
    /// Whether this schema is new here. Those that lead nowhere need no remembering.
    fn enter(&mut self, node: &Node<'_>) -> bool {
        let leads_on = ["$ref", "allOf", "oneOf", "anyOf"]
            .into_iter()
            .any(|keyword| node.value.get(keyword).is_some());
        !leads_on || self.seen.insert(std::ptr::from_ref(node.value))
    }
}

/// Computes shapes, and collects what is wrong with the schemas on the way.
#[derive(Debug)]
pub struct Shapes<'a> {
    resolver: Resolver<'a>,
    found: RefCell<IndexMap<(&'static str, Pointer), Diagnostic>>,
}

impl<'a> Shapes<'a> {
    /// For one document.
    pub fn new(resolver: Resolver<'a>) -> Self {
        Self {
            resolver,
            found: RefCell::default(),
        }
    }

    /// The shape of a schema.
    pub fn of(&self, node: &Node<'a>) -> Shape<'a> {
        let mut shape = Shape {
            origin: node.pointer.clone(),
            ..Shape::default()
        };
        self.absorb(&mut shape, node, &mut Chain::default(), true);
        if shape.types.is_any()
            && let Some(values) = &shape.values
        {
            // `const: 5` says `integer`; hosts look at `type` only (rule S11).
            shape.types = Types::of_all(values);
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
                .note("such a property can be given and left out here; the service decides"),
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
    fn absorb(&self, shape: &mut Shape<'a>, node: &Node<'a>, chain: &mut Chain, outer: bool) {
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
        if !chain.enter(node) {
            return;
        }
        if chain.depth >= LONGEST_CHAIN {
            self.report(
                Diagnostic::new(
                    Code::E0505,
                    "the chain of schemas that leads here is too long",
                )
                .at(&node.pointer)
                .note(format!(
                    "at most {LONGEST_CHAIN} references and branches in a row are followed"
                )),
            );
            return;
        }
        chain.depth = chain.depth.saturating_add(1);
        annotate(shape, node, outer);
        if let Some(target) = node.reference() {
            match self.resolver.target(target, &node.pointer) {
                Ok(referred) => {
                    if outer {
                        shape.origin = referred.pointer.clone();
                        shape.definition = Some(referred.clone());
                        shape.name = target
                            .rsplit_once("/schemas/")
                            .map(|(_, name)| name.rsplit_once("/$defs/").map_or(name, |(_, n)| n))
                            .or(shape.name);
                    }
                    self.absorb(shape, &referred, chain, outer);
                }
                // A schema is looked at once for each use of it.
                Err(_) if self.has_reported(Code::E0301, &node.pointer.child("$ref")) => {}
                Err(error) => self.report(error.diagnostic(self.resolver)),
            }
        }
        // `allOf: [{$ref: X}]` with a description is how 3.0 annotates a reference: it is X.
        let wrapped = outer && is_wrapper(object);
        for part in node.list("allOf") {
            self.absorb(shape, &part, chain, wrapped);
        }
        for keyword in IGNORED {
            if let Some(at) = node.get(keyword) {
                self.report(
                    Diagnostic::new(Code::E0506, format!("`{keyword}` is not checked"))
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
                shape.items = Some(items);
            }
        }
        if object.contains_key("prefixItems") {
            shape.prefix_items = node.list("prefixItems").collect();
        }
        values(shape, node);
        for keyword in KEYWORDS {
            if let Some(value) = node.get(keyword) {
                shape.keywords.insert(keyword, value);
            }
        }
        for keyword in ["oneOf", "anyOf"] {
            self.union(shape, node, keyword, chain);
        }
        chain.depth = chain.depth.saturating_sub(1);
    }

    /// The branch itself, or what it refers to; a reference that leads nowhere stays.
    fn resolved(&self, branch: &Node<'a>) -> Node<'a> {
        self.resolver
            .follow(branch.clone())
            .unwrap_or_else(|_| branch.clone())
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
        shape.types.narrow(types);
    }

    fn object_keywords(&self, shape: &mut Shape<'a>, node: &Node<'a>, outer: bool) {
        for (name, property) in node.get("properties").iter().flat_map(Node::entries) {
            self.property(shape, name, property);
        }
        for name in node
            .value
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            if let Some(name) = name.as_str()
                && !shape.required.contains(&name)
            {
                shape.required.push(name);
                shape.required_at = Some(node.pointer.child("required"));
            }
        }
        let additional = match node.get("additionalProperties") {
            None => Additional::Unsaid,
            Some(a) if a.value == &Value::Bool(false) => Additional::No,
            Some(a) if a.value == &Value::Bool(true) => Additional::Any,
            Some(a) if a.object().is_some_and(serde_json::Map::is_empty) => Additional::Any,
            Some(a) => Additional::Schema(a),
        };
        let additional = self.with_patterns(node, additional);
        match additional {
            Additional::Unsaid => {}
            // A branch of `allOf` that is closed would close the others too, which nobody means.
            Additional::No if !outer => {}
            said => shape.additional = said,
        }
    }

    /// A property that several branches of `allOf` describe: the last one that says what it is counts.
    fn property(&self, shape: &mut Shape<'a>, name: &'a str, property: Node<'a>) {
        if let Some(known) = shape.properties.get(name)
            && known.value != property.value
        {
            let describing = if only_describes(&property) {
                Some((property.clone(), known.clone()))
            } else if only_describes(known) {
                Some((known.clone(), property.clone()))
            } else {
                None
            };
            if let Some((describing, declared)) = describing {
                if let Some(said) = describing.str("description").or(describing.str("title")) {
                    shape.notes.insert(name, said);
                }
                shape.properties.insert(name, declared);
                return;
            }
            self.report(
                Diagnostic::new(
                    Code::E0506,
                    format!(
                        "`{}` is described more than once by `allOf`; one description counts",
                        text::line(name, 60)
                    ),
                )
                .at_key(&property.pointer)
                .note("values that only the other one refuses reach the service, which decides"),
            );
            if says_what(known) && !says_what(&property) {
                return;
            }
        }
        shape.properties.insert(name, property);
    }

    /// `patternProperties` allow further properties, which tool schemas cannot tell apart by name: one
    /// schema for all of them is kept, several are any value.
    fn with_patterns(&self, node: &Node<'a>, additional: Additional<'a>) -> Additional<'a> {
        let Some(patterns) = node.get("patternProperties") else {
            return additional;
        };
        let mut schemas = patterns.entries().map(|(_, schema)| schema);
        let Some(first) = schemas.next() else {
            return additional;
        };
        self.report(
            Diagnostic::new(
                Code::E0506,
                "the names in `patternProperties` are not checked",
            )
            .at_key(&patterns.pointer)
            .note("values that only this keyword refuses reach the service, which decides"),
        );
        let same = schemas.all(|other| other.value == first.value);
        match additional {
            Additional::Unsaid | Additional::No if same => Additional::Schema(first),
            _ => Additional::Any,
        }
    }

    fn union(&self, shape: &mut Shape<'a>, node: &Node<'a>, keyword: &str, chain: &mut Chain) {
        let mut branches: Vec<Node<'a>> = Vec::new();
        let mut any = false;
        for branch in node.list(keyword) {
            any = true;
            if is_null(&self.resolved(&branch)) {
                shape.nullable = true;
            } else {
                branches.push(branch);
            }
        }
        if !any {
            return;
        }
        if let [only] = branches.as_slice() {
            let only = only.clone();
            // `anyOf: [{$ref: X}, {type: null}]` is X: it keeps X's name and place.
            let bare = shape.properties.is_empty() && shape.types.is_any();
            self.absorb(shape, &only, chain, bare);
            return;
        }
        // `oneOf: [{const: a}, {const: b}]` is an enumeration, whether written out or referred to.
        let constants: Option<Vec<Vec<&'a Value>>> = branches
            .iter()
            .map(|branch| constants(&self.resolved(branch)))
            .collect();
        if let Some(constants) = constants
            && !constants.is_empty()
        {
            let constants: Vec<&'a Value> = constants.into_iter().flatten().collect();
            if constants.iter().all(|c| c.is_string()) {
                shape.types.narrow(Types::STRING);
            }
            shape.values.get_or_insert(constants);
            return;
        }
        // Branches that only say which properties are required do not change the shape.
        let only_required = branches.iter().all(|b| {
            b.object().is_some_and(|o| {
                o.keys()
                    .all(|k| matches!(k.as_str(), "required" | "title" | "description"))
            })
        });
        if branches.is_empty() {
            return;
        }
        let ignored = if only_required {
            "which properties are required together is not checked"
        } else if !shape.unions.is_empty() {
            "of several unions at once only one is checked, and not this one"
        } else {
            shape.unions.push(branches);
            shape.discriminator = node.get("discriminator");
            return;
        };
        self.report(
            Diagnostic::new(Code::E0506, ignored)
                .at_key(&node.pointer.child(keyword))
                .note("values that only this keyword refuses reach the service, which decides"),
        );
    }
}

/// Whether a schema is nothing but one reference or branch with annotations.
fn is_wrapper(object: &serde_json::Map<String, Value>) -> bool {
    let one = object
        .get("allOf")
        .and_then(Value::as_array)
        .is_some_and(|parts| parts.len() == 1);
    one && object.keys().all(|key| {
        key.starts_with("x-")
            || matches!(
                key.as_str(),
                "allOf"
                    | "title"
                    | "description"
                    | "default"
                    | "examples"
                    | "deprecated"
                    | "readOnly"
                    | "writeOnly"
                    | "externalDocs"
                    | "xml"
            )
    })
}

/// Whether a schema asserts nothing.
fn only_describes(node: &Node<'_>) -> bool {
    node.object().is_some_and(|object| {
        object.keys().all(|key| {
            key.starts_with("x-")
                || matches!(
                    key.as_str(),
                    "title" | "description" | "examples" | "deprecated" | "externalDocs"
                )
        })
    })
}

/// Whether a schema says what a value is, and not only how long or how it is described.
fn says_what(node: &Node<'_>) -> bool {
    [
        "type",
        "$ref",
        "allOf",
        "anyOf",
        "oneOf",
        "enum",
        "const",
        "properties",
        "items",
    ]
    .into_iter()
    .any(|keyword| node.value.get(keyword).is_some())
}

fn annotate<'a>(shape: &mut Shape<'a>, node: &Node<'a>, outer: bool) {
    if shape.description.is_none() {
        shape.description = node.str("description");
    }
    if shape.title.is_none() {
        shape.title = node.str("title");
    }
    if shape.example.is_none() {
        shape.example = node
            .value
            .get("examples")
            .and_then(Value::as_array)
            .and_then(|e| e.first());
    }
    if shape.default.is_none() {
        shape.default = node.get("default");
    }
    if outer {
        shape.read_only |= node.bool("readOnly") == Some(true);
        shape.write_only |= node.bool("writeOnly") == Some(true);
    }
}

fn values<'a>(shape: &mut Shape<'a>, node: &Node<'a>) {
    let mut listed: Vec<&'a Value> = match (node.value.get("const"), node.value.get("enum")) {
        (Some(value), _) => vec![value],
        (None, Some(Value::Array(values))) => values.iter().collect(),
        _ => return,
    };
    let before = listed.len();
    listed.retain(|v| !v.is_null());
    if listed.len() < before {
        shape.nullable = true;
    }
    let mut unique: Vec<&'a Value> = Vec::with_capacity(listed.len());
    for value in listed {
        if !unique.contains(&value) {
            unique.push(value);
        }
    }
    shape.values = match shape.values.take() {
        Some(known) => {
            let both: Vec<_> = known
                .iter()
                .copied()
                .filter(|v| unique.contains(v))
                .collect();
            Some(if both.is_empty() { known } else { both })
        }
        None if unique.is_empty() => None,
        None => Some(unique),
    };
}

fn is_null(node: &Node<'_>) -> bool {
    let only = |key: &str, value: &Value| node.value.get(key) == Some(value);
    only("type", &Value::String("null".to_owned()))
        || only("const", &Value::Null)
        || node
            .value
            .get("enum")
            .and_then(Value::as_array)
            .is_some_and(|values| !values.is_empty() && values.iter().all(Value::is_null))
}

/// The values of a branch that is nothing but values.
fn constants<'a>(node: &Node<'a>) -> Option<Vec<&'a Value>> {
    let object = node.object()?;
    let plain = object.keys().all(|key| {
        matches!(
            key.as_str(),
            "const" | "enum" | "type" | "title" | "description" | "examples" | "default"
        )
    });
    if !plain {
        return None;
    }
    match (object.get("const"), object.get("enum")) {
        (Some(value), _) => Some(vec![value]),
        (None, Some(Value::Array(values))) => {
            Some(values.iter().filter(|v| !v.is_null()).collect())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Shapes;
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
        let shapes = Shapes::new(Resolver::new(&document, 64));
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
        let shapes = Shapes::new(Resolver::new(&document, 64));
        let first = reference("S0");
        shapes.of(&Node::root(&first));
        let mut sink = crate::diagnostics::Sink::new();
        shapes.drain_into(&mut sink);
        let found: Vec<_> = sink.into_vec().iter().map(|d| d.code.id()).collect();
        assert_eq!(found, ["E0505"]);
    }
}
