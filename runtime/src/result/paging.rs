//! Pages: sizes that are lowered, and the arguments that get the next page, in the words of the service.

use std::fmt::Write as _;

use url::form_urlencoded;

use crate::json::{Object, Value, place};
use crate::operation::{Location, OperationDef, Paging, PagingStyle};
use crate::text::{cap, clean};

/// Characters of a cursor or of another value of the next call.
const LONGEST: usize = 2_000;

/// Arguments that ask for the page before a record.
const BACKWARDS: [&str; 6] = [
    "ending_before",
    "endingbefore",
    "before",
    "page_before",
    "max_id",
    "before_id",
];

/// Lowers a page size above what the service or this server gives, and says so. Before the check of
/// arguments, which would refuse it.
#[must_use]
pub(crate) fn clamp(operation: &OperationDef, arguments: &mut Object) -> Option<String> {
    let size = operation.answer?.paging?.size?;
    let given = place::at_mut(size.argument, arguments)?;
    let number = match &*given {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.trim().parse::<f64>().ok()?,
        _ => return None,
    };
    if size.max == 0 || number <= f64::from(size.max) {
        return None;
    }
    let note = format!(
        "{}={} is more than a page can have; {} was sent",
        dotted(size.argument),
        cap(&clean(&given.to_string()), 30),
        size.max
    );
    *given = Value::from(size.max);
    Some(note)
}

/// A place as a person writes it: `pagination.page`.
fn dotted(place: &str) -> String {
    place.trim_start_matches('/').replace('/', ".")
}

/// Sends a sensible page size where neither the caller nor the document says one, and gives the argument
/// that it added. Before the check of arguments: some sizes are texts.
pub(crate) fn sized(operation: &OperationDef, arguments: &mut Object) -> Option<&'static str> {
    let size = operation.answer?.paging?.size.filter(|size| size.send)?;
    let added = place::put(size.argument, Value::from(size.usual), arguments);
    (added && !size.argument.contains('/')).then_some(size.argument)
}

/// What is known of the pages of an answer.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Pages {
    /// Number of all records.
    pub(super) total: Option<u64>,
    /// Whether the body does not say it.
    pub(super) only_in_header: bool,
    /// The arguments that get the next page; empty for none.
    pub(super) next: Object,
    /// Whether the answer says that this is the last page.
    pub(super) ends: bool,
}

/// Looks for the next page: what the answer says, then its `Link` field, then by counting.
pub(super) fn pages(
    operation: &OperationDef,
    body: &Value,
    rows: usize,
    arguments: &Object,
    headers: &[(String, String)],
) -> Pages {
    let paging = operation
        .answer
        .and_then(|answer| answer.paging)
        .unwrap_or(Paging::DEFAULT);
    let at = |place: &str| (!place.is_empty()).then(|| body.pointer(place)).flatten();
    // Fewer than came are no number of all records.
    let told = at(paging.total)
        .and_then(Value::as_u64)
        .filter(|total| *total >= rows as u64);
    let total = told.or_else(|| {
        let field = header(headers, "x-total-count")?;
        field.trim().parse().ok()
    });
    let told_next = at(paging.next);
    let is_last = at(paging.more) == Some(&Value::Bool(false));
    let ends = is_last || told_next.is_some_and(|told| told.is_null() || told == "");
    let mut next = if is_last {
        Object::new()
    } else {
        let told = told_next.map(|told| said(operation, &paging, told, arguments));
        let linked = || {
            let target = next_link(header(headers, "link")?)?;
            Some(from_address(operation, target, arguments))
        };
        told.or_else(linked).unwrap_or_else(|| {
            let pages = at(paging.pages).and_then(Value::as_u64);
            let more = at(paging.more) == Some(&Value::Bool(true));
            match behind(operation, &paging, body, arguments) {
                Some(last) => followed(&paging, rows, last, at(paging.more), arguments),
                None => counted(&paging, rows, total, pages, more, arguments),
            }
        })
    };
    // With another size a page starts elsewhere, and a model that copies the line leaves the size out.
    if let Some(size) = paging.size.filter(|_| !next.is_empty())
        && place::at(size.argument, &next).is_none()
        && let Some(given) = place::at(size.argument, arguments)
            .cloned()
            // An object that holds both may not do with one of them (row D3).
            .or_else(|| size.argument.contains('/').then(|| size.usual.into()))
    {
        let mut arguments = arguments.clone();
        arguments.extend(next.clone());
        let (name, value) = place::with(size.argument, given, &arguments);
        next.insert(name, value);
    }
    Pages {
        total,
        only_in_header: told.is_none(),
        next,
        ends,
    }
}

fn header<'h>(headers: &'h [(String, String)], name: &str) -> Option<&'h str> {
    let found = headers.iter().find(|(key, _)| key == name);
    found.map(|(_, value)| value.as_str())
}

/// What an answer says leads on: an address, a cursor or a number.
fn said(operation: &OperationDef, paging: &Paging, told: &Value, arguments: &Object) -> Object {
    match told {
        Value::String(text) if text.contains('?') => from_address(operation, text, arguments),
        Value::String(text) if !text.is_empty() && !text.contains("://") => {
            position(paging, told, arguments)
        }
        Value::Number(_) => position(paging, told, arguments),
        _ => Object::new(),
    }
}

/// The argument that says where the next page starts.
fn position(paging: &Paging, value: &Value, arguments: &Object) -> Object {
    let mut next = Object::new();
    let fits = value.as_str().is_none_or(|text| text.len() <= LONGEST);
    if !paging.position.is_empty() && fits {
        let (name, value) = place::with(paging.position, value.clone(), arguments);
        next.insert(name, value);
    }
    next
}

/// The arguments in an address that differ from those given. Only arguments of the operation are taken
/// over, never the address itself: it is the service's word, and requests go where the operator says.
fn from_address(operation: &OperationDef, address: &str, arguments: &Object) -> Object {
    let query = address.split_once('?').map_or("", |(_, query)| query);
    let query = query.split('#').next().unwrap_or_default();
    let mut next = Object::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let parameter = operation.parameters.iter().find(|parameter| {
            parameter.name == name
                && matches!(parameter.location, Location::Query)
                && parameter.constant.is_none()
        });
        let Some(parameter) = parameter.filter(|_| value.len() <= LONGEST) else {
            continue;
        };
        let same = arguments.get(parameter.argument).is_some_and(|given| {
            given
                .as_str()
                .map_or_else(|| given.to_string(), str::to_owned)
                == value
        });
        // A parameter that comes more than once is an array, which the caller has already.
        let is_list = arguments
            .get(parameter.argument)
            .is_some_and(Value::is_array);
        if !same && !is_list {
            let value = clean(&value).into_owned();
            next.insert(parameter.argument.to_owned(), Value::String(value));
        }
    }
    next
}

/// The target of the link with `rel=next` (RFC 8288 §3).
fn next_link(field: &str) -> Option<&str> {
    field.split('<').skip(1).find_map(|link| {
        let (target, parameters) = link.split_once('>')?;
        let is_next = parameters.split([';', ',']).any(|parameter| {
            parameter.split_once('=').is_some_and(|(name, value)| {
                name.trim().eq_ignore_ascii_case("rel")
                    && value
                        .trim()
                        .trim_matches('"')
                        .split_ascii_whitespace()
                        .any(|relation| relation.eq_ignore_ascii_case("next"))
            })
        });
        is_next.then_some(target)
    })
}

/// What the page behind this one begins after: of its last record, and only where the caller asked for
/// pages in this direction.
fn behind<'b>(
    operation: &OperationDef,
    paging: &Paging,
    body: &'b Value,
    arguments: &Object,
) -> Option<&'b Value> {
    let backwards = |name: &String| BACKWARDS.contains(&name.to_ascii_lowercase().as_str());
    if paging.last.is_empty() || arguments.keys().any(backwards) {
        return None;
    }
    let rows = body.pointer(operation.answer?.records)?.as_array()?;
    let value = rows.last()?.pointer(paging.last)?;
    // Numbers beyond 64 bits have lost digits, and would begin elsewhere.
    let is_exact = value.is_string() || value.is_i64() || value.is_u64();
    is_exact.then_some(value)
}

/// The next page behind a record: where the service says that there is one, or the page is full.
fn followed(
    paging: &Paging,
    rows: usize,
    last: &Value,
    more: Option<&Value>,
    arguments: &Object,
) -> Object {
    let goes_on = match more {
        Some(more) => *more == Value::Bool(true),
        None => size_of(paging, arguments).is_some_and(|size| rows as u64 >= size),
    };
    match goes_on {
        true => position(paging, last, arguments),
        false => Object::new(),
    }
}

/// How many records a page has that was asked for.
fn size_of(paging: &Paging, arguments: &Object) -> Option<u64> {
    let size = paging.size?;
    let given = place::at(size.argument, arguments).and_then(Value::as_u64);
    given.or((size.usual > 0).then_some(u64::from(size.usual)))
}

/// The next page where pages or records are counted.
fn counted(
    paging: &Paging,
    rows: usize,
    total: Option<u64>,
    pages: Option<u64>,
    more: bool,
    arguments: &Object,
) -> Object {
    let rows = rows as u64;
    if rows == 0 || paging.position.is_empty() {
        return Object::new();
    }
    let number = |at: &str| place::at(at, arguments).and_then(Value::as_u64);
    let first = u64::from(paging.first);
    let now = number(paging.position).unwrap_or(first);
    let size = size_of(paging, arguments);
    let (next, seen) = match paging.style {
        PagingStyle::Page => {
            let before = now.saturating_sub(first);
            // Without a size the pages before are taken to be as long as this one.
            let seen = before
                .saturating_mul(size.unwrap_or(rows))
                .saturating_add(rows);
            (now.saturating_add(1), seen)
        }
        PagingStyle::Offset => {
            let next = now.saturating_add(rows);
            (next, next.saturating_sub(first))
        }
        PagingStyle::Cursor | PagingStyle::Link => return Object::new(),
    };
    let goes_on = more
        || match (pages, total, size) {
            (Some(pages), ..) if paging.style == PagingStyle::Page => {
                now.saturating_sub(first).saturating_add(1) < pages
            }
            (_, Some(total), _) => seen < total,
            (_, None, Some(size)) => rows >= size,
            (_, None, None) => false,
        };
    if goes_on {
        position(paging, &Value::from(next), arguments)
    } else {
        Object::new()
    }
}

/// Arguments as a model copies them: `page=2, q="a b"`.
pub(super) fn copyable<'a>(arguments: impl IntoIterator<Item = (&'a String, &'a Value)>) -> String {
    let mut text = String::new();
    for (name, value) in arguments {
        if !text.is_empty() {
            text.push_str(", ");
        }
        let plain = value.as_str().filter(|text| {
            !text.is_empty()
                && text
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "-_.=+/:@".contains(c))
        });
        let _ = match plain {
            Some(plain) => write!(text, "{name}={plain}"),
            None => write!(text, "{name}={value}"),
        };
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{Answer, PageSize};
    use serde_json::json;

    fn operation(size: PageSize) -> OperationDef {
        OperationDef {
            answer: Some(Answer {
                list: true,
                paging: Some(Paging {
                    size: Some(size),
                    ..Paging::DEFAULT
                }),
                ..Answer::DEFAULT
            }),
            ..OperationDef::DEFAULT
        }
    }

    const SIZE: PageSize = PageSize {
        argument: "limit",
        max: 50,
        usual: 20,
        send: true,
    };

    /// Row D1.
    #[test]
    fn d1_a_page_size_above_the_maximum_is_lowered_and_that_is_said() {
        for (given, sent) in [
            (json!(51), Some(json!(50))),
            (json!("1000"), Some(json!(50))),
            (json!(1e300), Some(json!(50))),
            (json!(50), None),
            (json!(-1), None),
            (json!("many"), None),
            (json!(null), None),
        ] {
            let mut arguments = Object::new();
            arguments.insert("limit".to_owned(), given.clone());
            let note = clamp(&operation(SIZE), &mut arguments);
            assert_eq!(note.is_some(), sent.is_some(), "{given}");
            assert_eq!(arguments.get("limit"), Some(&sent.unwrap_or(given)));
            assert!(note.is_none_or(|note| note.ends_with("50 was sent")));
        }
        let mut arguments = Object::new();
        arguments.insert("limit".to_owned(), json!(1000));
        assert_eq!(
            clamp(&operation(PageSize { max: 0, ..SIZE }), &mut arguments),
            None
        );
    }

    /// Row D2.
    #[test]
    fn d2_a_usual_page_size_is_sent_where_nobody_says_one() {
        for (send, given, sent) in [
            (true, None, Some(20)),
            (true, Some(5), Some(5)),
            (false, None, None),
        ] {
            let mut arguments = Object::new();
            arguments.extend(given.map(|given| ("limit".to_owned(), json!(given))));
            sized(&operation(PageSize { send, ..SIZE }), &mut arguments);
            assert_eq!(arguments.get("limit").and_then(Value::as_u64), sent);
        }
    }
}
