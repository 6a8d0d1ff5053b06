//! Lists: which records are wanted, in which order, and which page of them.

use std::cmp::Ordering;
use std::collections::HashMap;

use serde_json::Value;

use super::collection::as_text;
use super::sent::{Sent, is_search};
use crate::ir::{self, PagingStyle};
use crate::names::words;

/// Records of a page where nothing says how many.
const USUAL: usize = 20;
/// The most of one page, whatever is asked for.
const MOST: usize = 1_000;

/// A page of records.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// The records.
    pub(super) records: Vec<Value>,
    /// What the answer says of it, by JSON Pointer.
    pub(super) told: HashMap<String, Value>,
    /// The position of the next page, with the name of the parameter for it.
    pub(super) next: Option<(String, String)>,
    /// What envelopes say of a page under names that everybody uses.
    pub(super) usual: Vec<(&'static [&'static str], usize)>,
}

/// Names of what an envelope says of a page.
const NUMBER: &[&str] = &["page", "currentpage", "pagenumber"];
const SIZE: &[&str] = &["limit", "perpage", "pagesize", "size"];
const OFFSET: &[&str] = &["offset", "skip"];
const COUNT: &[&str] = &["count", "returned"];
const TOTAL: &[&str] = &[
    "total",
    "totalcount",
    "totalitems",
    "totalrecords",
    "totalelements",
];
const PAGES: &[&str] = &["pages", "totalpages", "pagecount", "lastpage"];

/// Records that have what the request asks for, in its order.
pub(super) fn wanted(
    mut records: Vec<Value>,
    sent: &Sent,
    in_path: &[(String, String)],
    paging: Option<&ir::Paging>,
) -> Vec<Value> {
    let is_of_page = |name: &str| {
        paging.is_some_and(|paging| {
            let size = paging.size.as_ref().map(|size| size.argument.as_str());
            [Some(paging.position.as_str()), size]
                .into_iter()
                .flatten()
                .any(|known| known == name)
        })
    };
    let mut filters: Vec<(&str, &Value)> = sent
        .parameters
        .iter()
        .filter(|(within, name, _)| *within == "query" && !is_of_page(name))
        .map(|(_, name, value)| (name.as_str(), value))
        .collect();
    // `filter[city]=Berlin`, and searches whose filters stand in the body.
    let inner: Vec<(&str, &Value)> = filters
        .iter()
        .filter_map(|(_, value)| value.as_object())
        .chain(sent.members())
        .flatten()
        .map(|(name, value)| (name.as_str(), value))
        .collect();
    filters.extend(inner);
    for (name, value) in &filters {
        if is_search(name) {
            let text = as_text(value).to_lowercase();
            records.retain(|record| holds(record, &text));
        } else {
            keep(&mut records, name, value);
        }
    }
    for (name, text) in in_path.iter().filter(|(name, _)| is_search(name)) {
        let _ = name;
        let text = super::wire::decoded(text).to_lowercase();
        records.retain(|record| holds(record, &text));
    }
    let order = filters.iter().find(|(name, _)| {
        matches!(
            words(name).join(" ").as_str(),
            "sort" | "sort by" | "order by" | "ordering" | "orderby" | "sortby"
        )
    });
    if let Some((_, value)) = order {
        let text = match value {
            Value::Array(all) => all.first().map(as_text).unwrap_or_default(),
            one => as_text(one),
        };
        let direction = filters.iter().find(|(name, _)| {
            matches!(
                words(name).join(" ").as_str(),
                "order"
                    | "direction"
                    | "dir"
                    | "sort dir"
                    | "sort order"
                    | "sort direction"
                    | "order dir"
            )
        });
        let is_down = text.starts_with('-')
            || text.to_lowercase().ends_with("desc")
            || direction
                .is_some_and(|(_, value)| as_text(value).to_lowercase().starts_with("desc"));
        let name = text.trim_start_matches(['-', '+']);
        let name = name
            .split([':', ' ', ','])
            .next()
            .unwrap_or_default()
            .to_owned();
        records.sort_by(|a, b| compare(a.get(&name), b.get(&name)));
        if is_down {
            records.reverse();
        }
    }
    records
}

/// Keeps those records that have a value, if records have such a property at all.
fn keep(records: &mut Vec<Value>, name: &str, wanted: &Value) {
    // `ids=1,2` asks for records with an `id` of these.
    let is_known = |name: &str| records.iter().any(|record| record.get(name).is_some());
    let name = match name.strip_suffix('s') {
        Some(one) if !is_known(name) && is_known(one) => one,
        _ => name,
    };
    let property = |record: &Value| record.get(name).filter(|value| !value.is_object()).cloned();
    if !records
        .iter()
        .any(|record| record.get(name).is_some_and(|value| !value.is_object()))
    {
        return;
    }
    let all: Vec<&Value> = match wanted {
        Value::Array(all) => all.iter().collect(),
        Value::Object(_) | Value::Null => return,
        one => vec![one],
    };
    // Texts are found whatever their case: most services do.
    let same = |a: &Value, b: &Value| as_text(a).to_lowercase() == as_text(b).to_lowercase();
    records.retain(|record| match property(record) {
        Some(Value::Array(items)) => items
            .iter()
            .any(|item| all.iter().any(|wanted| same(item, wanted))),
        Some(value) => all.iter().any(|wanted| same(&value, wanted)),
        None => false,
    });
}

/// Whether a text stands anywhere in a value.
fn holds(value: &Value, text: &str) -> bool {
    match value {
        Value::String(own) => own.to_lowercase().contains(text),
        Value::Number(own) => own.to_string() == text,
        Value::Array(items) => items.iter().any(|item| holds(item, text)),
        Value::Object(object) => object.values().any(|value| holds(value, text)),
        _ => false,
    }
}

fn compare(a: Option<&Value>, b: Option<&Value>) -> Ordering {
    match (a, b) {
        (Some(Value::Number(a)), Some(Value::Number(b))) => a
            .as_f64()
            .partial_cmp(&b.as_f64())
            .unwrap_or(Ordering::Equal),
        (a, b) => a.map(as_text).cmp(&b.map(as_text)),
    }
}

/// The value of an argument of a tool in a request: of a parameter or a property of the body, or of one within.
fn argument<'s>(
    name: &str,
    operation: &ir::Operation,
    sent: &'s Sent,
) -> Option<(String, &'s Value)> {
    let (name, inner) = match name.strip_prefix('/') {
        Some(pointer) => {
            let (argument, rest) = pointer.split_once('/').unwrap_or((pointer, ""));
            (argument, Some(rest))
        }
        None => (name, None),
    };
    let parameter = operation.parameters.iter().find(|one| one.argument == name);
    let found = match parameter {
        Some(parameter) => (parameter.name.clone(), sent.query(&parameter.name)?),
        None => {
            let wire = operation.body.as_ref().and_then(|body| match &body.shape {
                ir::BodyShape::Properties(fields, _) => fields
                    .iter()
                    .find(|field| field.argument == name)
                    .map(|field| field.name.clone()),
                _ => None,
            });
            let wire = wire.unwrap_or_else(|| name.to_owned());
            let value = sent.members()?.get(&wire)?;
            (wire, value)
        }
    };
    match inner {
        Some(inner) => found
            .1
            .pointer(&format!("/{inner}"))
            .map(|value| (format!("{}[{inner}]", found.0), value)),
        None => Some(found),
    }
}

/// The name of an argument on the wire.
fn wire_name(name: &str, operation: &ir::Operation) -> String {
    let (name, inner) = match name
        .strip_prefix('/')
        .and_then(|pointer| pointer.split_once('/'))
    {
        Some((argument, inner)) => (argument, Some(inner)),
        None => (name, None),
    };
    let parameter = operation.parameters.iter().find(|one| one.argument == name);
    let own = parameter.map_or_else(|| name.to_owned(), |one| one.name.clone());
    inner.map_or(own.clone(), |inner| format!("{own}[{inner}]"))
}

fn whole(value: &Value) -> Option<usize> {
    let number = match value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    };
    number.and_then(|number| usize::try_from(number).ok())
}

/// The page that a request asks for.
pub(super) fn page(
    records: Vec<Value>,
    id: Option<&str>,
    operation: Option<&ir::Operation>,
    sent: &Sent,
    address: &dyn Fn(&str, &str) -> String,
) -> Page {
    let total = records.len();
    let paging = operation.and_then(|one| one.answer.as_ref()?.paging.as_ref());
    let (Some(paging), Some(operation)) = (paging, operation) else {
        return Page {
            records: records.into_iter().take(MOST).collect(),
            usual: vec![(TOTAL, total), (COUNT, total.min(MOST))],
            ..Page::default()
        };
    };
    let asked = paging
        .size
        .as_ref()
        .and_then(|size| argument(&size.argument, operation, sent));
    let usual = paging.size.as_ref().map_or(0, |size| size.usual as usize);
    let usual = match (usual, paging.position.is_empty()) {
        (0, true) => MOST,
        (0, false) => USUAL,
        (usual, _) => usual,
    };
    let size = asked
        .and_then(|(_, value)| whole(value))
        .unwrap_or(usual)
        .clamp(1, MOST);
    let position = argument(&paging.position, operation, sent).map(|(_, value)| value);
    let first = paging.first as usize;
    let start = match paging.style {
        PagingStyle::Page => position
            .and_then(whole)
            .unwrap_or(first)
            .saturating_sub(first)
            .saturating_mul(size),
        PagingStyle::Offset => position
            .and_then(whole)
            .unwrap_or(first)
            .saturating_sub(first),
        PagingStyle::Cursor if !paging.last.is_empty() => position.map_or(0, |last| {
            let last = as_text(last);
            let at = records.iter().position(|record| {
                record.pointer(&paging.last).map(as_text).as_deref() == Some(&last)
            });
            at.map_or(total, |at| at.saturating_add(1))
        }),
        PagingStyle::Cursor | PagingStyle::Link => position.and_then(whole).unwrap_or(0),
    };
    let shown: Vec<Value> = records.iter().skip(start).take(size).cloned().collect();
    let end = start.saturating_add(shown.len());
    let more = end < total;
    let number = |value: usize| Value::from(value as u64);
    let next = match paging.style {
        PagingStyle::Page => (start / size).saturating_add(1).saturating_add(first),
        PagingStyle::Offset => end.saturating_add(first),
        PagingStyle::Cursor | PagingStyle::Link => end,
    };
    let wire = match paging.position.as_str() {
        // Answers have addresses; whoever follows them sends what stands there.
        "" => "page".to_owned(),
        position => wire_name(position, operation),
    };
    let last_id = || {
        let id = if paging.last.is_empty() {
            id.map(|id| format!("/{id}"))
        } else {
            Some(paging.last.clone())
        };
        shown
            .last()
            .and_then(|record| record.pointer(&id?).cloned())
    };
    let mut told = HashMap::new();
    let mut tell = |place: &str, value: Value| {
        if !place.is_empty() {
            told.insert(place.to_owned(), value);
        }
    };
    tell(&paging.total, number(total));
    tell(&paging.pages, number(total.div_ceil(size)));
    tell(&paging.more, Value::Bool(more));
    tell(&paging.done, Value::Bool(!more));
    tell(
        &paging.here,
        match paging.style {
            PagingStyle::Page => number((start / size).saturating_add(first)),
            _ => number(start.saturating_add(first)),
        },
    );
    let next_value = match (more, paging.style) {
        (false, _) => Value::Null,
        (true, PagingStyle::Cursor) if !paging.last.is_empty() => last_id().unwrap_or(Value::Null),
        (true, PagingStyle::Cursor) => Value::from(next.to_string()),
        // An address; a schema that has a number there gets it instead.
        (true, _) => Value::from(address(&wire, &next.to_string())),
    };
    tell(&paging.next, next_value);
    let usual = vec![
        (NUMBER, (start / size).saturating_add(1)),
        (SIZE, size),
        (OFFSET, start),
        // Beside a total it is the number of these, alone that of all.
        (
            COUNT,
            if paging.total.is_empty() {
                total
            } else {
                shown.len()
            },
        ),
        (TOTAL, total),
        (PAGES, total.div_ceil(size)),
    ];
    Page {
        records: shown,
        usual,
        told,
        next: more.then(|| (wire, next.to_string())),
    }
}
