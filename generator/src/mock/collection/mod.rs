//! Collections of records: what a document says of each, which records there are at first, and what they are called.

mod ids;
mod related;

use std::collections::HashSet;

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::answer::{below, items, list_place, names, record_place, success};
use super::make::{At, Maker};
use super::route::{Role, Route, Token, noun};
use super::scalar::cast;
use super::seed::Seed;
use crate::diagnostics::Pointer;
use crate::ir;
use crate::lower::schema::Shapes;
use crate::model::Node;
use crate::names::words;
use crate::text::pointer::escaped;

use ids::{Ids, first_id, id_property, ids};
pub(super) use related::related;
use related::view;

/// Records of a collection at first, and of one that belongs to a record.
pub(super) const SEEDED: usize = 24;
pub(super) const SEEDED_BELOW: usize = 3;

/// Where a schema of such records stands.
#[derive(Debug, Clone)]
pub(super) struct Source {
    /// The schema of an answer or body.
    schema: Pointer,
    /// The place of the record, or of the list, in it.
    place: String,
    /// Whether a list stands there.
    list: bool,
}

impl Source {
    /// The schema of one record.
    pub(super) fn node<'a>(&self, root: &'a Value, shapes: &Shapes<'a>) -> Option<Node<'a>> {
        let value = root.pointer(self.schema.as_str())?;
        let node = Node {
            value,
            pointer: self.schema.clone(),
        };
        let at = below(shapes, &node, &self.place)?;
        if self.list {
            items(shapes, &at)
        } else {
            Some(at)
        }
    }
}

/// A collection.
#[derive(Debug)]
pub(super) struct Collection {
    /// The kind of its records, in the singular.
    pub(super) noun: String,
    /// The property that says which record it is.
    pub(super) id: Option<String>,
    /// What records consist of, the fullest first.
    pub(super) sources: Vec<Source>,
    /// The property of those records of the collection by this template that belong to the record above.
    pub(super) view: Option<(String, String)>,
    /// Whether single records can be asked for.
    pub(super) has_items: bool,
    /// What is made of the bodies that make records.
    pub(super) writable: HashSet<String>,
    /// Identifiers that are texts have this pattern or format.
    ids: Ids,
}

/// The collections of a document, by their templates.
pub(super) fn collections<'a>(
    root: &'a Value,
    routes: &'a [Route],
    api: &ir::Api,
    shapes: &Shapes<'a>,
) -> IndexMap<String, Collection> {
    let operations: Vec<&ir::Operation> = api.operations().collect();
    let answer_of = |route: &Route| operations.get(route.operation?)?.answer.as_ref();
    let mut found: IndexMap<String, Vec<&Route>> = IndexMap::new();
    for route in routes.iter().filter(|route| route.role != Role::Single) {
        found.entry(route.collection()).or_default().push(route);
    }
    let mut all: IndexMap<String, Collection> = IndexMap::new();
    for (template, members) in found {
        let noun = noun(&template);
        let mut of_lists = Vec::new();
        let mut of_bodies = Vec::new();
        let mut known: HashSet<String> = HashSet::new();
        let mut writable: HashSet<String> = HashSet::new();
        let note = |source: &Source, into: &mut HashSet<String>| {
            let node = source.node(root, shapes);
            into.extend(
                node.iter()
                    .flat_map(|node| names(shapes, &shapes.of(node)))
                    .map(str::to_owned),
            );
        };
        for route in &members {
            let Some(raw) = route.raw(root) else { continue };
            if route.role == Role::List
                && let Some(schema) = success(&raw, &route.role, shapes).schema()
            {
                let declared = answer_of(route)
                    .filter(|answer| answer.list)
                    .map(|answer| answer.records.clone());
                if let Some(place) = declared.or_else(|| list_place(shapes, &schema, &noun)) {
                    let source = Source {
                        schema: schema.pointer,
                        place,
                        list: true,
                    };
                    note(&source, &mut known);
                    of_lists.push(source);
                }
            }
            if matches!(route.role, Role::Create | Role::Replace | Role::Change)
                && let Some(schema) = body_schema(&raw, shapes)
            {
                let source = Source {
                    schema: schema.pointer,
                    place: String::new(),
                    list: false,
                };
                note(&source, &mut writable);
                of_bodies.push(source);
            }
        }
        known.extend(writable.iter().cloned());
        let mut sources = Vec::new();
        for wanted in [Role::Read, Role::Create, Role::Replace, Role::Change] {
            for route in members.iter().filter(|route| route.role == wanted) {
                let Some(raw) = route.raw(root) else { continue };
                let Some(schema) = success(&raw, &route.role, shapes).schema() else {
                    continue;
                };
                if let Some(place) = record_place(shapes, &schema, &known, &noun) {
                    sources.push(Source {
                        schema: schema.pointer,
                        place,
                        list: false,
                    });
                }
            }
        }
        sources.extend(of_lists);
        sources.extend(of_bodies);
        // Many operations refer to one schema.
        let mut known: HashSet<Pointer> = HashSet::new();
        sources.retain(|source| {
            let node = source.node(root, shapes);
            node.is_some_and(|node| known.insert(shapes.of(&node).origin))
        });
        let parameter =
            members.iter().find_map(
                |route| match (&route.role, route.tokens.get(route.within)) {
                    (
                        Role::Read | Role::Replace | Role::Change | Role::Delete | Role::Act(_),
                        Some(Token::Parameter(name)),
                    ) => Some((name.clone(), *route)),
                    _ => None,
                },
            );
        let nodes: Vec<Node<'_>> = sources
            .iter()
            .filter_map(|source| source.node(root, shapes))
            .collect();
        let parameter_name = parameter.as_ref().map(|(name, _)| name.as_str());
        let listed = |node: &Node<'a>| names(shapes, &shapes.of(node));
        let id = nodes
            .iter()
            .find_map(|node| id_property(&listed(node), parameter_name, &noun))
            // `userid` of a customer.
            .or_else(|| nodes.iter().find_map(|node| first_id(&listed(node))));
        let of_record = id.as_ref().and_then(|id| {
            nodes
                .iter()
                .find_map(|node| below(shapes, node, &format!("/{}", escaped(id))))
        });
        let of_path = parameter.as_ref().and_then(|(name, route)| {
            let raw = route.raw(root)?;
            parameter_schema(&raw, name, shapes)
        });
        let told: Vec<Ids> = [of_record, of_path]
            .into_iter()
            .flatten()
            .map(|node| ids(&shapes.of(&node)))
            .collect();
        // A path may say more of a text than the record does.
        let told = told
            .iter()
            .find(|ids| **ids != Ids::Texts(None))
            .or(told.first());
        let ids = told.cloned().unwrap_or(Ids::Integers(1));
        all.insert(
            template,
            Collection {
                has_items: members.iter().any(|route| {
                    matches!(
                        route.role,
                        Role::Read | Role::Replace | Role::Change | Role::Delete
                    )
                }),
                noun,
                id,
                sources,
                view: None,
                writable,
                ids,
            },
        );
    }
    let views: Vec<(String, (String, String))> = all
        .iter()
        .filter_map(|(template, collection)| {
            Some((
                template.clone(),
                view(template, collection, &all, root, shapes)?,
            ))
        })
        .collect();
    for (template, view) in views {
        if let Some(collection) = all.get_mut(&template) {
            collection.view = Some(view);
        }
    }
    all
}

/// The schema of the body that an operation takes.
pub(super) fn body_schema<'a>(
    raw: &crate::model::RawOperation<'a>,
    shapes: &Shapes<'a>,
) -> Option<Node<'a>> {
    let body = shapes
        .resolver()
        .follow(raw.node.get("requestBody")?)
        .ok()?;
    let mut all = crate::lower::media::entries(
        &body,
        shapes.resolver(),
        &mut crate::diagnostics::Sink::default(),
    );
    all.sort_by_key(|(name, _)| crate::lower::media::Family::of(name));
    all.first()?.1.get("schema")
}

fn parameter_schema<'a>(
    raw: &crate::model::RawOperation<'a>,
    name: &str,
    shapes: &Shapes<'a>,
) -> Option<Node<'a>> {
    let owners = raw.path_items.iter().chain([&raw.node]);
    let entries = owners.flat_map(|owner| owner.list("parameters"));
    let mut read = entries.filter_map(|entry| shapes.resolver().follow(entry).ok());
    read.find(|node| node.str("name") == Some(name) && node.str("in") == Some("path"))?
        .get("schema")
}

/// A name without case and separators.
pub(super) fn plain(name: &str) -> String {
    words(name).concat()
}

/// A record as it is at first, or as a new one is before what was sent is known.
pub(super) fn seeded<'a>(
    collection: &Collection,
    index: usize,
    seed: Seed,
    maker: &Maker<'_, 'a>,
    root: &'a Value,
) -> Map<String, Value> {
    let at = At::root(&collection.noun, seed.at(index), index == 0);
    let mut record = Map::new();
    for source in &collection.sources {
        let Some(node) = source.node(root, maker.shapes) else {
            continue;
        };
        if let Value::Object(made) = maker.value(&node, None, &at) {
            for (name, value) in made {
                record.entry(name).or_insert(value);
            }
        }
    }
    if let Some(id) = &collection.id {
        let own = collection.id_of(index, seed);
        let of_schema = collection.sources.iter().find_map(|source| {
            let node = source.node(root, maker.shapes)?;
            let node = below(maker.shapes, &node, &format!("/{}", escaped(id)))?;
            cast(&maker.shapes.of(&node), &own)
        });
        // In its place among the others, if it has one.
        record.insert(id.clone(), of_schema.unwrap_or(own));
    }
    record
}

/// A scalar as paths write it.
pub(super) fn as_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
