//! Which answer an operation declares, and where records stand in it.

use std::collections::HashSet;

use super::route::Role;
use crate::diagnostics::Sink;
use crate::http::Status;
use crate::lower::media::{Family, entries};
use crate::lower::schema::{Shape, Shapes};
use crate::model::{Node, RawOperation};
use crate::text::pointer::{escaped, unescaped};

/// What envelopes call what they carry.
const CARRIES: [&str; 12] = [
    "data", "items", "results", "result", "records", "record", "item", "object", "rows", "list",
    "value", "values",
];
/// Levels of an envelope.
const DEEPEST: usize = 3;

/// An answer that is declared.
#[derive(Debug, Clone)]
pub(super) struct Declared<'a> {
    /// The status code.
    pub(super) status: u16,
    /// The media type and its object; nothing for an answer without content.
    pub(super) content: Option<(String, Node<'a>)>,
}

impl<'a> Declared<'a> {
    /// The schema of what has parts: JSON, or XML.
    pub(super) fn schema(&self) -> Option<Node<'a>> {
        let (media_type, node) = self.content.as_ref()?;
        let has_parts = is_json(media_type) || is_xml(media_type);
        has_parts.then(|| node.get("schema")).flatten()
    }
}

/// Whether JSON is written under a media type, which may be a range.
pub(super) fn is_json(media_type: &str) -> bool {
    matches!(
        Family::of(media_type),
        Family::Json | Family::LikeJson | Family::Any
    )
}

/// Whether records are written as XML under a media type; a picture is no record.
pub(super) fn is_xml(media_type: &str) -> bool {
    Family::of(media_type) == Family::Xml && !media_type.trim_start().starts_with("image/")
}

fn responses<'a>(raw: &RawOperation<'a>, shapes: &Shapes<'a>) -> Vec<(Status, Node<'a>)> {
    let all = raw.node.get("responses");
    let all = all.iter().flat_map(Node::entries);
    let read = all
        .filter_map(|(key, node)| Some((Status::of(key)?, shapes.resolver().follow(node).ok()?)));
    read.collect()
}

/// The content of an answer that says most: JSON before text before files.
fn content<'a>(response: &Node<'a>, shapes: &Shapes<'a>) -> Option<(String, Node<'a>)> {
    let mut all = entries(response, shapes.resolver(), &mut Sink::default());
    all.sort_by_key(|(name, _)| Family::of(name));
    let (name, node) = all.into_iter().next()?;
    Some((name.trim().to_owned(), node))
}

/// The answer to a request that is done.
pub(super) fn success<'a>(
    raw: &RawOperation<'a>,
    role: &Role,
    shapes: &Shapes<'a>,
) -> Declared<'a> {
    let usual: &[u16] = match role {
        Role::Create => &[201, 200, 202, 204],
        Role::Delete => &[204, 200, 202],
        _ => &[200, 201, 202, 204],
    };
    let all = responses(raw, shapes);
    let rank = |status: Status| match status {
        Status::Code(code) => usual
            .iter()
            .position(|known| *known == code)
            .unwrap_or(usual.len()),
        Status::Range(_) => usual.len().saturating_add(1),
        Status::Default => usual.len().saturating_add(2),
    };
    let mut done: Vec<&(Status, Node<'a>)> = all
        .iter()
        .filter(|(status, _)| status.is_success())
        .collect();
    if done.is_empty() {
        done = all
            .iter()
            .filter(|(status, _)| *status == Status::Default)
            .collect();
    }
    done.sort_by_key(|(status, _)| rank(*status));
    let Some((status, response)) = done.first() else {
        // 302 and the like are all that some operations declare.
        let other = all.iter().find_map(|(status, _)| match status {
            Status::Code(code @ 300..=399) => Some(*code),
            _ => None,
        });
        return Declared {
            status: other.unwrap_or(204),
            content: None,
        };
    };
    let status = match status {
        Status::Code(code) => *code,
        _ => usual
            .first()
            .copied()
            .filter(|code| *code != 204)
            .unwrap_or(200),
    };
    let content = content(response, shapes).filter(|_| !matches!(status, 204 | 205));
    Declared { status, content }
}

/// The answer that is declared for an error; that of its range or the default one where it has none of its own.
pub(super) fn error<'a>(
    raw: &RawOperation<'a>,
    status: u16,
    shapes: &Shapes<'a>,
) -> Option<Declared<'a>> {
    let all = responses(raw, shapes);
    let wanted = [
        Status::Code(status),
        Status::Range(u8::try_from(status / 100).unwrap_or(4)),
        Status::Default,
    ];
    let found = wanted
        .iter()
        .find_map(|wanted| all.iter().find(|(known, _)| known == wanted));
    let (_, response) = found?;
    Some(Declared {
        status,
        content: content(response, shapes),
    })
}

/// Whether an operation declares an answer with this status.
pub(super) fn declares(raw: &RawOperation<'_>, status: u16) -> bool {
    let all = raw.node.get("responses");
    all.iter()
        .flat_map(Node::entries)
        .any(|(key, _)| Status::of(key) == Some(Status::Code(status)))
}

/// The schema at a place of a value, and whether it is one of a list there.
pub(super) fn below<'a>(shapes: &Shapes<'a>, node: &Node<'a>, place: &str) -> Option<Node<'a>> {
    let mut node = node.clone();
    for token in place.split('/').skip(1) {
        let name = unescaped(token);
        node = property(shapes, &shapes.of(&node), &name)?;
    }
    Some(node)
}

fn property<'a>(shapes: &Shapes<'a>, shape: &Shape<'a>, name: &str) -> Option<Node<'a>> {
    let own = shape.properties.get(name).cloned();
    own.or_else(|| {
        shape
            .forms()
            .iter()
            .find_map(|form| shapes.of(form).properties.get(name).cloned())
    })
}

/// The schema of the items of a list.
pub(super) fn items<'a>(shapes: &Shapes<'a>, list: &Node<'a>) -> Option<Node<'a>> {
    let shape = shapes.of(list);
    let own = shape.items.clone();
    own.or_else(|| {
        shape
            .forms()
            .iter()
            .find_map(|form| shapes.of(form).items.clone())
    })
}

/// The names of the properties of a record, of all its forms.
pub(super) fn names<'a>(shapes: &Shapes<'a>, shape: &Shape<'a>) -> Vec<&'a str> {
    let mut names: Vec<&'a str> = shape.properties.keys().copied().collect();
    for form in shape.forms() {
        names.extend(shapes.of(form).properties.keys().copied());
    }
    names
}

/// Where one record stands in an answer: the object that has most of the properties that are known of such records.
pub(super) fn record_place<'a>(
    shapes: &Shapes<'a>,
    root: &Node<'a>,
    known: &HashSet<String>,
    noun: &str,
) -> Option<String> {
    let mut best: Option<(usize, String)> = None;
    look(
        shapes,
        root,
        String::new(),
        DEEPEST,
        &mut |place, shape, depth| {
            if !shape.is_object() && !shape.has_forms() {
                return;
            }
            let all = names(shapes, shape);
            let shared = all.iter().filter(|name| known.contains(**name)).count();
            let last = place.rsplit('/').next().unwrap_or_default();
            // Nothing is known of some records but what envelopes call them.
            let carried = known.is_empty()
                && (CARRIES.contains(&last) || last.eq_ignore_ascii_case(noun))
                && !all.is_empty();
            let score = shared
                .saturating_mul(4)
                .saturating_add(if all.contains(&"id") { 3 } else { 0 })
                .saturating_add(if carried { 4 } else { 0 })
                .saturating_add(usize::from(depth == 0));
            if best.as_ref().is_none_or(|(known, _)| score > *known) {
                best = Some((score, place.to_owned()));
            }
        },
    );
    best.filter(|(score, _)| *score > 1 || known.is_empty())
        .map(|(_, place)| place)
}

/// Where a list of records stands in an answer.
pub(super) fn list_place<'a>(shapes: &Shapes<'a>, root: &Node<'a>, noun: &str) -> Option<String> {
    let mut best: Option<(usize, String)> = None;
    look(
        shapes,
        root,
        String::new(),
        DEEPEST,
        &mut |place, shape, depth| {
            let last = place.rsplit('/').next().unwrap_or_default();
            let is_called = CARRIES.contains(&last)
                || crate::names::singular(&last.to_ascii_lowercase()) == noun;
            let score = match shape {
                list if list.is_array() => {
                    let is_of_objects = list.items.as_ref().is_some_and(|items| {
                        let items = shapes.of(items);
                        items.is_object() || items.has_forms()
                    });
                    8 + if is_of_objects { 8 } else { 0 } + if is_called { 4 } else { 0 }
                }
                anything if anything.is_anything() && is_called => 3,
                _ => return,
            };
            let score = score * 4 - depth.min(3);
            if best.as_ref().is_none_or(|(known, _)| score > *known) {
                best = Some((score, place.to_owned()));
            }
        },
    );
    best.map(|(_, place)| place)
}

/// Looks at a schema and the properties below it, but not into lists.
fn look<'a>(
    shapes: &Shapes<'a>,
    node: &Node<'a>,
    place: String,
    levels: usize,
    see: &mut dyn FnMut(&str, &Shape<'a>, usize),
) {
    let shape = shapes.of(node);
    see(&place, &shape, DEEPEST.saturating_sub(levels));
    if levels == 0 {
        return;
    }
    let of_forms: Vec<Shape<'a>> = shape.forms().iter().map(|form| shapes.of(form)).collect();
    for owner in std::iter::once(&shape).chain(&of_forms) {
        for (name, inner) in &owner.properties {
            look(
                shapes,
                inner,
                format!("{place}/{}", escaped(name)),
                levels.saturating_sub(1),
                see,
            );
        }
    }
}
