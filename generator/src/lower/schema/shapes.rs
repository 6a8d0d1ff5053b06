//! Computing the effective view of a schema: references followed, `allOf` merged, null taken out of
//! unions, unions of values made enumerations.

use std::cell::RefCell;

use indexmap::IndexMap;
use serde_json::Value;

use super::json_types::Types;
use super::shape::{Additional, Shape};
use crate::diagnostics::{Code, Diagnostic, Pointer, Sink};
use crate::model::{Node, Resolver};

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
        self.absorb(&mut shape, node, &mut Vec::new(), true);
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

    /// Hands over what was found, in order.
    pub fn drain_into(&self, sink: &mut Sink) {
        for (_, diagnostic) in self.found.borrow_mut().drain(..) {
            sink.push(diagnostic);
        }
    }

    /// `outer`: the schema itself and what its `$ref` names; not the branches of `allOf`.
    fn absorb(
        &self,
        shape: &mut Shape<'a>,
        node: &Node<'a>,
        chain: &mut Vec<Pointer>,
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
        if chain.contains(&node.pointer) {
            return;
        }
        chain.push(node.pointer.clone());
        annotate(shape, node, outer);
        if let Some(target) = node.reference() {
            match self.resolver.target(target, &node.pointer) {
                Ok(referred) => {
                    if outer {
                        shape.origin = referred.pointer.clone();
                        shape.name = target
                            .rsplit_once("/schemas/")
                            .map(|(_, n)| n)
                            .or(shape.name);
                    }
                    self.absorb(shape, &referred, chain, outer);
                }
                Err(error) => self.report(error.diagnostic()),
            }
        }
        for part in node.list("allOf") {
            self.absorb(shape, &part, chain, false);
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
        chain.pop();
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
            shape.properties.insert(name, property);
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
            }
        }
        let additional = match node.get("additionalProperties") {
            None => match node
                .get("patternProperties")
                .and_then(|p| p.entries().next())
            {
                Some((_, schema)) => Additional::Schema(schema),
                None => Additional::Unsaid,
            },
            Some(a) if a.value == &Value::Bool(false) => Additional::No,
            Some(a) if a.value == &Value::Bool(true) => Additional::Any,
            Some(a) if a.object().is_some_and(serde_json::Map::is_empty) => Additional::Any,
            Some(a) => Additional::Schema(a),
        };
        match additional {
            Additional::Unsaid => {}
            // A branch of `allOf` that is closed would close the others too, which nobody means.
            Additional::No if !outer => {}
            said => shape.additional = said,
        }
    }

    fn union(
        &self,
        shape: &mut Shape<'a>,
        node: &Node<'a>,
        keyword: &str,
        chain: &mut Vec<Pointer>,
    ) {
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
        if !branches.is_empty() && !only_required {
            shape.unions.push(branches);
        }
    }
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
