//! Where names stand in the arguments that only answers carry (`readOnly`) and that a caller could give
//! all the same, since the object is open there or its schema was cut.

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};

use indexmap::IndexSet;
use serde_json::Value;

use super::arguments::{Argument, Of};
use super::body::RawBody;
use super::schema::input::wholes;
use super::schema::{Additional, Shape, Shapes};
use crate::diagnostics::Pointer;
use crate::ir;
use crate::model::Node;
use crate::text::pointer::escaped;

/// Levels that are looked into before what repeats is told by its place.
const DEEPEST: usize = 12;
/// Schemas that are looked into in one operation in this way.
const MOST_NODES: usize = 3_000;
/// Kinds of objects that are looked into when each is looked into once.
const MOST_KINDS: usize = 400;

/// What is found.
#[derive(Debug, Default)]
pub struct ReadOnly {
    /// The places, as JSON Pointers in which `*` is any step; the first step is an argument, the others
    /// are names on the wire.
    pub places: Vec<String>,
    /// Places that have the shape of others, where a schema contains itself.
    pub repeats: Vec<(String, String)>,
}

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

/// Finds them, in the body and in parameters whose members the document names (OpenAPI 3.2 §4.24 makes no
/// difference between them). `cut`: not all of the schema is listed.
pub fn places<'a>(
    shapes: &Shapes<'a>,
    body: Option<(&RawBody<'a>, &ir::BodyShape)>,
    arguments: &[Argument<'a>],
    cut: bool,
) -> ReadOnly {
    let mut starts = Vec::new();
    for argument in arguments.iter().filter(|a| a.fixed.is_none()) {
        if let Some(schema) = &argument.schema {
            let below = match argument.of {
                Of::Whole => "",
                Of::Members | Of::Items => "/*",
                Of::Lists => "/*/*",
            };
            starts.push((
                vec![schema.clone()],
                format!("{}{below}", step(&argument.name)),
            ));
        }
    }
    let mut found = Collector::new(shapes, cut);
    let is_whole = starts.iter().all(|(nodes, place)| found.walk(nodes, place));
    if !is_whole {
        found = Collector::new(shapes, cut);
        found.each_kind_once(starts);
    }
    let mut hidden = found.hidden();
    if let Some((body, ir::BodyShape::Properties(_, additional))) = body
        && !additional.is_empty()
    {
        for name in &body.credentials {
            let place = format!("{}{}", step(additional), step(name));
            hidden.insert(place);
        }
        for (name, property) in &body.shape.properties {
            if shapes.of(property).read_only {
                let place = format!("{}{}", step(additional), step(name));
                hidden.insert(place);
            }
        }
    }
    ReadOnly {
        repeats: telling(&hidden, found.repeats),
        places: hidden.into_iter().collect(),
    }
}

/// The pairs of places by which something that is known holds at further ones.
pub fn telling<S: AsRef<str>>(
    known: impl IntoIterator<Item = S>,
    repeats: IndexSet<(String, String)>,
) -> Vec<(String, String)> {
    // A pair is of use where something that is told lies in what it is like.
    let mut told: HashSet<String> = HashSet::new();
    for place in known {
        told.extend(wholes(place.as_ref()).map(str::to_owned));
    }
    let mut useful = vec![false; repeats.len()];
    loop {
        let mut is_more = false;
        for ((place, like), useful) in repeats.iter().zip(&mut useful) {
            if !*useful && told.contains(like) {
                *useful = true;
                is_more = true;
                told.extend(wholes(place).map(str::to_owned));
            }
        }
        if !is_more {
            break;
        }
    }
    let kept = repeats.into_iter().zip(useful);
    kept.filter_map(|(repeat, useful)| useful.then_some(repeat))
        .collect()
}

/// Whether a place is another one, or lies in it.
fn is_within(place: &str, whole: &str) -> bool {
    place
        .strip_prefix(whole)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The objects and arrays that may stand at a place, by where their schemas are defined.
type Kind = BTreeSet<Pointer>;

struct Collector<'s, 'a> {
    shapes: &'s Shapes<'a>,
    cut: bool,
    open: Vec<(Kind, String)>,
    nodes: usize,
    hidden: IndexSet<String>,
    /// Places in closed objects: the checker refuses what these do not list, unless they were cut.
    refused: IndexSet<String>,
    repeats: IndexSet<(String, String)>,
}

/// A place, and the schemas of which what stands there fits one.
type Below<'a> = (Vec<Node<'a>>, String);

impl<'s, 'a> Collector<'s, 'a> {
    fn new(shapes: &'s Shapes<'a>, cut: bool) -> Self {
        Self {
            shapes,
            cut,
            open: Vec::new(),
            nodes: 0,
            hidden: IndexSet::new(),
            refused: IndexSet::new(),
            repeats: IndexSet::new(),
        }
    }

    /// Goes down from a place; whether to the end. What contains itself is told by its place.
    fn walk(&mut self, nodes: &[Node<'a>], place: &str) -> bool {
        let forms = self.forms(nodes);
        if forms.is_empty() {
            return true;
        }
        self.nodes = self.nodes.saturating_add(forms.len());
        if self.nodes > MOST_NODES || self.open.len() >= DEEPEST {
            return false;
        }
        let kind: Kind = forms.iter().map(|form| form.origin.clone()).collect();
        if let Some((_, like)) = self.open.iter().find(|(known, _)| *known == kind) {
            let repeat = (place.to_owned(), like.clone());
            self.repeats.insert(repeat);
            return true;
        }
        self.open.push((kind, place.to_owned()));
        let below = self.look(&forms, place);
        let is_whole = below.iter().all(|(nodes, place)| self.walk(nodes, place));
        self.open.pop();
        is_whole
    }

    /// Looks into each kind of object once, those that are nearest first, and tells by their places where
    /// else they stand.
    fn each_kind_once(&mut self, starts: Vec<Below<'a>>) {
        let mut known: HashMap<Kind, String> = HashMap::new();
        let mut left: VecDeque<Below<'a>> = starts.into();
        while let Some((nodes, place)) = left.pop_front() {
            let forms = self.forms(&nodes);
            if forms.is_empty() {
                continue;
            }
            let kind: Kind = forms.iter().map(|form| form.origin.clone()).collect();
            if let Some(like) = known.get(&kind) {
                self.repeats.insert((place, like.clone()));
            } else if known.len() < MOST_KINDS {
                left.extend(self.look(&forms, &place));
                known.insert(kind, place);
            }
        }
    }

    /// What values may be: schemas, their branches, and the schemas that extend them.
    fn forms(&self, nodes: &[Node<'a>]) -> Vec<Shape<'a>> {
        let mut forms: Vec<Shape<'a>> = Vec::new();
        let mut left: VecDeque<Node<'a>> = nodes.iter().cloned().collect();
        while let Some(node) = left.pop_front() {
            let shape = self.shapes.of(&node);
            let is_known = forms.iter().any(|form| form.origin == shape.origin);
            if !is_known && !shape.is_scalar() {
                left.extend(
                    shape
                        .unions
                        .iter()
                        .flatten()
                        .chain(&shape.subtypes)
                        .cloned(),
                );
                forms.push(shape);
            }
        }
        forms
    }

    /// Notes what is hidden in an object at a place, and gives what lies below it.
    fn look(&mut self, forms: &[Shape<'a>], place: &str) -> Vec<Below<'a>> {
        let mut below: Vec<Below<'a>> = Vec::new();
        let names: IndexSet<&'a str> = forms
            .iter()
            .flat_map(|form| form.properties.keys().copied())
            .collect();
        for name in names {
            let at = format!("{place}{}", step(name));
            let mut sendable = Vec::new();
            let mut can_be_given = self.cut;
            for form in forms {
                let Some(property) = form.properties.get(name) else {
                    continue;
                };
                if self.shapes.of(property).read_only {
                    can_be_given |= !matches!(form.additional, Additional::No);
                } else {
                    sendable.push(property.clone());
                }
            }
            // Another form of the object may be sent with it.
            if !sendable.is_empty() {
                below.push((sendable, at));
            } else if can_be_given {
                self.hidden.insert(at);
            } else {
                self.refused.insert(at);
            }
        }
        let mut others = Vec::new();
        for form in forms {
            others.extend(form.prefix_items.iter().chain(&form.items).cloned());
            if let Additional::Schema(further) = &form.additional {
                others.push(further.clone());
            }
        }
        if !others.is_empty() {
            below.push((others, format!("{place}/*")));
        }
        below
    }

    /// What is hidden and can be given. Where an object stands again, tools list what it must have and
    /// refuse nothing.
    fn hidden(&self) -> IndexSet<String> {
        let again = |place: &&String| {
            let mut likes = self.repeats.iter().map(|(_, like)| like);
            likes.any(|like| is_within(place, like))
        };
        let further = self.refused.iter().filter(again);
        self.hidden.iter().chain(further).cloned().collect()
    }
}

fn step(name: &str) -> String {
    format!("/{}", escaped(name))
}
