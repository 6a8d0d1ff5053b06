//! Where the records of an answer stand: envelopes of common shapes are looked through.

use std::cell::RefCell;
use std::collections::HashMap;

use serde_json::Value;

use super::is_free;
use super::told::{is_paged, told};
use crate::diagnostics::Pointer;
use crate::lower::schema::{Shape, Shapes};
use crate::model::Node;
use crate::names::{singular, words};
use crate::text::pointer::{escaped, unescaped};

/// The record or records of an answer.
pub(super) struct Found<'a> {
    /// JSON Pointer.
    pub(super) records: String,
    /// Whether an array stands there.
    pub(super) list: bool,
    /// A record.
    pub(super) record: Shape<'a>,
}

/// Names under which envelopes carry what was asked for.
const CARRIERS: [&str; 14] = [
    "data", "result", "results", "items", "records", "record", "rows", "entries", "embedded",
    "response", "payload", "content", "list", "member",
];
/// Of these, the ones that records have too, for parts of themselves.
const PARTS: [&str; 5] = ["items", "entries", "rows", "content", "list"];
/// Names of what envelopes say about the answer. Without case, separators and prefixes.
const ABOUT: [&str; 74] = [
    "error",
    "errors",
    "meta",
    "metadata",
    "message",
    "messages",
    "msg",
    "success",
    "ok",
    "status",
    "statuscode",
    "code",
    "kind",
    "etag",
    "count",
    "total",
    "totalcount",
    "totals",
    "totalitems",
    "totalrecords",
    "totalresults",
    "totalelements",
    "totalentries",
    "totalsize",
    "resultsizeestimate",
    "totalpages",
    "page",
    "pages",
    "pagecount",
    "currentpage",
    "pagenumber",
    "pageable",
    "perpage",
    "pagesize",
    "itemsperpage",
    "numberofelements",
    "size",
    "limit",
    "offset",
    "skip",
    "startindex",
    "next",
    "previous",
    "prev",
    "first",
    "last",
    "islast",
    "empty",
    "done",
    "cursor",
    "nextcursor",
    "nextpage",
    "nextlink",
    "nexturl",
    "nextpageurl",
    "nextpagetoken",
    "nexttoken",
    "hasmore",
    "hasnext",
    "hasnextpage",
    "morerecords",
    "links",
    "pagination",
    "paging",
    "pageinfo",
    "view",
    "object",
    "requestid",
    "warnings",
    "included",
    "schemas",
    "sort",
    "asof",
    "timestamp",
];

/// The schemas of one answer that were looked at: what is known of records is looked for before what is not, and no
/// schema counts twice.
pub(super) struct Looked<'s, 'a> {
    shapes: &'s Shapes<'a>,
    known: RefCell<HashMap<(*const Value, Pointer), Shape<'a>>>,
}

impl<'s, 'a> Looked<'s, 'a> {
    /// Nothing yet.
    pub(super) fn new(shapes: &'s Shapes<'a>) -> Self {
        let known = RefCell::default();
        Self { shapes, known }
    }

    /// The shape of a schema.
    pub(super) fn of(&self, node: &Node<'a>) -> Shape<'a> {
        let place = (std::ptr::from_ref(node.value), node.pointer.clone());
        if let Some(known) = self.known.borrow().get(&place) {
            return known.clone();
        }
        let shape = self.shapes.of(node);
        self.known.borrow_mut().insert(place, shape.clone());
        shape
    }
}

/// Which arrays may be lists of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Items {
    /// Those of objects with properties, or of several forms of them.
    Known,
    /// Those of which nothing is said, too.
    Any,
}

/// Whether a member of an envelope has a name for what was asked for.
pub(super) fn carries(name: &str) -> bool {
    CARRIERS.contains(&told(name).as_str())
}

/// Finds the records. `nouns` are the words of the tool's name, in the singular.
pub(super) fn records<'a>(
    shapes: &Looked<'_, 'a>,
    root: &Shape<'a>,
    nouns: &[String],
    items: Items,
) -> Found<'a> {
    below(shapes, root, (nouns, items), "", 2).unwrap_or_else(|| Found {
        records: String::new(),
        list: false,
        record: root.clone(),
    })
}

fn below<'a>(
    shapes: &Looked<'_, 'a>,
    shape: &Shape<'a>,
    (nouns, items): (&[String], Items),
    place: &str,
    levels: usize,
) -> Option<Found<'a>> {
    let item = |shapes: &Looked<'_, 'a>, shape: &Shape<'a>| item(shapes, shape, items);
    if let Some(record) = item(shapes, shape) {
        return Some(Found {
            records: place.to_owned(),
            list: true,
            record,
        });
    }
    // A thing with an identity is a record, not an envelope.
    if !shape.is_object() || shape.properties.contains_key("id") || levels == 0 {
        return None;
    }
    let inner: Vec<(&str, Shape<'a>)> = shape
        .properties
        .iter()
        .map(|(name, node)| (*name, shapes.of(node)))
        // What is said in the words of JSON-LD (`@id`) or OData (`@odata.context`) is no record.
        .filter(|(name, shape)| {
            !ABOUT.contains(&told(name).as_str()) && (!name.starts_with('@') || shape.is_array())
        })
        .collect();
    let paged = is_paged(shape.properties.keys().copied());
    let found = |name: &str, list: bool, record: Shape<'a>| Found {
        records: format!("{place}/{}", escaped(name)),
        list,
        record,
    };
    let carries = |name: &str| {
        let name = told(name);
        let is_part = PARTS.contains(&name.as_str()) && !paged;
        CARRIERS.contains(&name.as_str()) && (inner.len() == 1 || !is_part)
    };
    let named = |name: &str| {
        let last = words(name.rsplit(':').next().unwrap_or_default())
            .iter()
            .rfind(|word| !matches!(word.as_str(), "list" | "obj" | "set"))
            .map(|word| singular(word));
        last.is_some_and(|last| nouns.contains(&last))
    };
    let arrays = || {
        inner
            .iter()
            .filter_map(|(name, shape)| Some((*name, item(shapes, shape)?)))
    };
    // `{open: {leads: […]}, closed: {leads: […]}, tags: […], per_page: 10}` has more than one list.
    let rivals = inner.iter().any(|(_, shape)| {
        let mut within = shape.properties.values();
        shape.is_object() && within.any(|node| item(shapes, &shapes.of(node)).is_some())
    });
    let mut lists = arrays();
    let list = match (lists.next(), lists.next()) {
        (Some(only), None) if inner.len() == 1 || paged && !rivals || carries(only.0) => Some(only),
        (Some(_), _) => arrays()
            .find(|(name, _)| carries(name))
            .or_else(|| arrays().find(|(name, _)| named(name))),
        (None, _) => None,
    };
    // Records may be called what envelopes say of themselves elsewhere: `{"messages": […], "nextPageToken": …}`.
    let list = list.or_else(|| {
        let is_record = inner.iter().any(|(_, shape)| shape.is_object());
        let about = shape.properties.iter().filter(|(name, _)| {
            let is_free = paged && told(name) == "messages";
            (is_free || named(name)) && ABOUT.contains(&told(name).as_str())
        });
        let mut about =
            about.filter_map(|(name, node)| Some((*name, item(shapes, &shapes.of(node))?)));
        match (about.next(), about.next()) {
            (Some(only), None) if !is_record => Some(only),
            _ => None,
        }
    });
    if let Some((name, record)) = list {
        return Some(found(name, true, record));
    }
    let mut objects = inner.iter().filter(|(_, shape)| {
        shape.is_object() && shape.properties.len() > 1
            || shape.is_object() && shape.unions.is_empty() && !shape.properties.is_empty()
    });
    let (name, object) = match (objects.next(), objects.next()) {
        (Some(only), None) => only,
        _ => return None,
    };
    let beside = inner.iter().filter(|(other, _)| other != name);
    let alone = beside.clone().count() == 0;
    // `{lead_obj: {…}, comments: […], comment_permission: true}`
    let with_lists = named(name) && object.properties.contains_key("id");
    if !(alone || carries(name) || with_lists) {
        return None;
    }
    let at = found(name, false, object.clone());
    below(shapes, object, (nouns, items), &at.records, levels - 1).or(Some(at))
}

/// The record of which an array holds many; `None` for what is no array of records.
fn item<'a>(shapes: &Looked<'_, 'a>, shape: &Shape<'a>, items: Items) -> Option<Shape<'a>> {
    if !shape.is_array() {
        return None;
    }
    let Some(item) = shape.items.as_ref().map(|items| shapes.of(items)) else {
        return (items == Items::Any).then(Shape::default);
    };
    if item.is_object() && !item.properties.is_empty() {
        return Some(item);
    }
    of_several(shapes, &item).or_else(|| (items == Items::Any && is_free(&item)).then_some(item))
}

/// The record of a list of several forms, which it keeps, that have something in common: what each form has, and behind
/// it what only some have. A row without a value stays empty there, and nothing that tells a form's records apart is lost.
fn of_several<'a>(shapes: &Looked<'_, 'a>, item: &Shape<'a>) -> Option<Shape<'a>> {
    let forms: Vec<Shape<'a>> = item.forms().iter().map(|form| shapes.of(form)).collect();
    let (first, others) = forms.split_first()?;
    if !forms.iter().all(Shape::is_object) {
        return None;
    }
    let mut all = first.clone();
    all.properties
        .retain(|name, _| others.iter().all(|form| form.properties.contains_key(name)));
    if all.properties.is_empty() {
        return None;
    }
    for form in &forms {
        for (name, node) in &form.properties {
            all.properties.entry(*name).or_insert_with(|| node.clone());
        }
    }
    all.unions = vec![item.forms().to_vec()];
    Some(all)
}

/// How many properties a record has, of several forms the one that has most.
pub(super) fn width<'a>(shapes: &Looked<'_, 'a>, root: &Shape<'a>, found: &Found<'a>) -> usize {
    let mut at = root.clone();
    for step in found.records.split('/').skip(1) {
        let step = unescaped(step);
        let Some(node) = at.properties.get(step.as_str()) else {
            return found.record.properties.len();
        };
        at = shapes.of(node);
    }
    let item = at.items.as_ref().map(|items| shapes.of(items));
    let forms = item.iter().flat_map(|item| item.forms());
    let forms = forms.map(|form| shapes.of(form).properties.len());
    forms.max().unwrap_or(0).max(found.record.properties.len())
}
