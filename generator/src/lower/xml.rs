//! XML bodies (OpenAPI 3.2 §4.26, XML object; 3.0 and 3.1 §4.8.26): from schemas to nodes.

use indexmap::IndexMap;

use super::schema::{Shape, Shapes};
use crate::diagnostics::Pointer;
use crate::ir::{Xml, XmlContent};
use crate::model::{Node, Resolver};

/// Levels that are described; what lies deeper is named after its properties.
const DEEPEST: usize = 12;
/// Nodes in one body.
const MOST: usize = 1_000;
/// Wrappers and references that are followed for what a schema says of its node.
const LONGEST_CHAIN: usize = 16;

/// The root element of a body: an object, or an array with a name. `None` when the schema does not say
/// what the elements are called.
pub fn root<'a>(shapes: &Shapes<'a>, resolver: Resolver<'a>, schema: &Node<'a>) -> Option<Xml> {
    root_of(shapes, resolver, schema, None)
}

/// The same for the schema of a property, or of the items of one: without another name, the property's is
/// inferred (OpenAPI 3.2 §4.26.3, XML node names).
pub fn root_of<'a>(
    shapes: &Shapes<'a>,
    resolver: Resolver<'a>,
    schema: &Node<'a>,
    property: Option<&str>,
) -> Option<Xml> {
    let shape = shapes.of(schema);
    let said = Said::of(resolver, schema);
    let named = said.name.or(shape.name).or(property)?.to_owned();
    let described = shape.is_object() && !shape.properties.is_empty();
    let listed = shape.is_array() && said.name.is_some();
    // One of several elements can be the root only if all have its name.
    let has_it = |branch: &Node<'a>| {
        let own = Said::of(resolver, branch).name;
        own.is_none_or(|own| own == named) && shapes.of(branch).is_object()
    };
    let is_known = if shape.has_forms() {
        branches(&shape).all(has_it)
    } else {
        described || listed
    };
    if !is_known {
        return None;
    }
    let mut builder = Builder {
        shapes,
        resolver,
        open: Vec::new(),
        nodes: 0,
        clash: false,
    };
    let mut root = builder.node(schema, &named);
    // A document has one root (XML 1.0 §2.1).
    root.node = "element";
    let is_known = builder.nodes <= MOST && !builder.clash;
    (is_known && is_written(&root)).then_some(root)
}

struct Builder<'s, 'a> {
    shapes: &'s Shapes<'a>,
    resolver: Resolver<'a>,
    open: Vec<Pointer>,
    nodes: usize,
    /// Whether two branches of a union write a member in different ways: which one is meant, no description
    /// of the whole can say.
    clash: bool,
}

/// The schemas of which a value fits one.
fn branches<'s, 'a>(shape: &'s Shape<'a>) -> impl Iterator<Item = &'s Node<'a>> {
    shape.unions.iter().flatten().chain(&shape.subtypes)
}

impl<'a> Builder<'_, 'a> {
    /// The node of a schema; `inferred` is its name if it says none.
    fn node(&mut self, schema: &Node<'a>, inferred: &str) -> Xml {
        self.nodes = self.nodes.saturating_add(1);
        let shape = self.shapes.of(schema);
        let said = Said::of(self.resolver, schema);
        let is_array = shape.is_array();
        let node = said
            .node
            .unwrap_or(if is_array { "none" } else { "element" });
        // The name of an array is that of the element around its items, if there is one.
        let name = match said.name {
            Some(name) if !is_array || node == "element" => name,
            _ => inferred,
        };
        let mut content = XmlContent::Value;
        let again = self.open.contains(&shape.origin);
        if !again && self.open.len() < DEEPEST && self.nodes <= MOST {
            self.open.push(shape.origin.clone());
            if let Some(items) = shape.items.as_ref().filter(|_| is_array) {
                content = XmlContent::Items(Box::new(self.node(items, name)));
            } else if let Some(list) = self.list_of_union(&shape, name) {
                self.open.pop();
                return list;
            } else {
                let mut members = IndexMap::new();
                self.members(&shape, &mut members);
                if !members.is_empty() {
                    content = XmlContent::Object(members.into_iter().collect());
                }
            }
            self.open.pop();
        }
        Xml {
            name: name.to_owned(),
            prefix: said.prefix.unwrap_or_default().to_owned(),
            namespace: said.namespace.unwrap_or_default().to_owned(),
            node,
            content,
        }
    }
}

impl<'a> Builder<'_, 'a> {
    /// The nodes of properties, also of those that only branches of a union have.
    fn members(&mut self, shape: &Shape<'a>, found: &mut IndexMap<String, Xml>) {
        for (key, property) in &shape.properties {
            if property.value.is_boolean() {
                continue;
            }
            let node = self.node(property, key);
            let known = found
                .entry((*key).to_owned())
                .or_insert_with(|| node.clone());
            self.clash |= *known != node;
        }
        for branch in branches(shape) {
            let branch = self.shapes.of(branch);
            self.nodes = self.nodes.saturating_add(1);
            let is_enough = self.open.len() >= DEEPEST || self.nodes > MOST;
            if is_enough || self.open.contains(&branch.origin) {
                continue;
            }
            self.open.push(branch.origin.clone());
            self.members(&branch, found);
            self.open.pop();
        }
    }

    /// The node of a union of a list and others, where each of these is written as an item is.
    fn list_of_union(&mut self, shape: &Shape<'a>, inferred: &str) -> Option<Xml> {
        let is_list = |branch: &&Node<'a>| self.shapes.of(branch).is_array();
        let list = branches(shape).find(is_list)?;
        let list_node = self.node(list, inferred);
        let XmlContent::Items(item) = &list_node.content else {
            return None;
        };
        for branch in branches(shape).filter(|branch| branch.pointer != list.pointer) {
            let other = self.node(branch, inferred);
            let is_text = other.content == XmlContent::Value;
            self.clash |= !is_text && other != list_node && other.content != item.content;
        }
        Some(list_node)
    }
}

/// What a schema says of its node, itself or by what it refers to.
#[derive(Default)]
struct Said<'a> {
    name: Option<&'a str>,
    prefix: Option<&'a str>,
    namespace: Option<&'a str>,
    node: Option<&'static str>,
}

impl<'a> Said<'a> {
    fn of(resolver: Resolver<'a>, schema: &Node<'a>) -> Self {
        let mut said = Self::default();
        let mut next = Some(schema.clone());
        for _ in 0..LONGEST_CHAIN {
            let Some(node) = next else { break };
            if let Some(xml) = node.get("xml") {
                said.name = said
                    .name
                    .or(xml.str("name").filter(|name| !name.is_empty()));
                said.prefix = said.prefix.or(xml.str("prefix"));
                said.namespace = said.namespace.or(xml.str("namespace"));
                said.node = said.node.or_else(|| kind(&xml));
            }
            next = match node.reference() {
                Some(target) => resolver.target(target, &node.pointer).ok(),
                None => {
                    // `allOf: [{$ref: X}]` is how 3.0 annotates a reference.
                    let mut parts = node.list("allOf");
                    let first = parts.next();
                    first.filter(|_| parts.next().is_none())
                }
            };
        }
        said
    }
}

/// `nodeType`, or the keywords of 3.0 and 3.1 for it.
fn kind(xml: &Node<'_>) -> Option<&'static str> {
    let types = ["element", "attribute", "text", "cdata", "none"];
    let named = xml.str("nodeType");
    let named = named.and_then(|named| types.into_iter().find(|kind| *kind == named));
    named.or_else(|| match (xml.bool("attribute"), xml.bool("wrapped")) {
        (Some(true), _) => Some("attribute"),
        (_, Some(true)) => Some("element"),
        _ => None,
    })
}

/// Whether a name can stand in a tag.
pub fn fits(name: &str) -> bool {
    let starts = |c: char| c.is_ascii_alphabetic() || c == '_' || !c.is_ascii();
    name.starts_with(starts)
        && name
            .chars()
            .all(|c| starts(c) || c.is_ascii_digit() || matches!(c, '-' | '.'))
}

/// Whether every name can stand in a tag; the runtime would refuse each call otherwise.
fn is_written(node: &Xml) -> bool {
    let own = matches!(node.node, "element" | "attribute");
    (!own || fits(&node.name))
        && (node.prefix.is_empty() || fits(&node.prefix))
        && match &node.content {
            XmlContent::Value => true,
            XmlContent::Object(members) => members.iter().all(|(_, member)| is_written(member)),
            XmlContent::Items(item) => is_written(item),
        }
}
