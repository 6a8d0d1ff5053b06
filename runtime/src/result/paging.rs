//! Pages: sizes that are lowered, and the arguments that get the next page, in the words of the service.

use std::fmt::Write as _;

use super::counting::{Counted, size_of};
use super::declared;
use super::leading::{from_address, next_link, said};
use crate::arguments::is_in_body;
use crate::json::{Object, Value, place};
use crate::operation::{Location, OperationDef, Paging, PagingStyle};
use crate::text::{cap, clean};

/// Characters of a cursor or of another value of the next call.
pub(super) const LONGEST: usize = 2_000;

/// Header fields with the number of all records.
const TOTALS: [&str; 4] = ["x-total-count", "x-total", "total-count", "x-total-results"];

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
    let holder = holder(operation, size.argument);
    let name = holder.as_ref().map(|holder| holder.argument);
    let made_up = name.filter(|name| arguments.get(*name).is_none_or(Value::is_null));
    if let Some(name) = made_up {
        arguments.insert(name.to_owned(), Value::Object(Object::new()));
    }
    let added = place::put(size.argument, Value::from(size.usual), arguments);
    if let Some((position, first)) = holder.and_then(|holder| holder.first) {
        place::put(position, Value::from(first), arguments);
    }
    match made_up {
        Some(name) => Some(name),
        None => (added && !size.argument.contains('/')).then_some(size.argument),
    }
}

/// An object of arguments that holds the size of a page.
struct Holder {
    argument: &'static str,
    /// The place in it that says which page it is, and the first one, where the object needs both.
    first: Option<(&'static str, u32)>,
    /// Whether it needs the size: what is to be copied says it then, since clients check what models write.
    needs_size: bool,
}

/// The object that holds a place and needs nothing that is not known, so that it may be made up.
fn holder(operation: &OperationDef, place: &'static str) -> Option<Holder> {
    let (holder, inner) = place.strip_prefix('/')?.split_once('/')?;
    let mut parameters = operation.parameters.iter();
    let in_query = parameters.any(|one| one.argument == holder && one.location == Location::Query);
    if !in_query && !is_in_body(operation, holder) {
        return None;
    }
    let schema: Object = serde_json::from_str(operation.input_schema).ok()?;
    let schema = schema.get("properties")?.get(holder)?;
    let is_plain = schema.get("properties")?.get(inner).is_some() && schema.get("$ref").is_none();
    let paging = operation.answer?.paging?;
    let is_counted = matches!(paging.style, PagingStyle::Page | PagingStyle::Offset);
    let position = paging.position.strip_prefix('/');
    let position = position.and_then(|place| place.strip_prefix(holder)?.strip_prefix('/'));
    let position = position.filter(|_| is_counted);
    let required = schema.get("required").and_then(Value::as_array);
    let mut required = required.into_iter().flatten().filter_map(Value::as_str);
    let needs = |name: &str| name == inner || Some(name) == position;
    if !is_plain || !required.clone().all(needs) {
        return None;
    }
    let needs_size = required.clone().any(|name| name == inner);
    let needs_position = required.any(|name| Some(name) == position);
    Some(Holder {
        argument: holder,
        first: needs_position.then_some((paging.position, paging.first)),
        needs_size,
    })
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
    /// The position of this page, where only the answer says it.
    pub(super) first: Option<u64>,
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
    let total = told.or_else(|| total_in(headers));
    let told_next = at(paging.next);
    let flag = |place: &str, last: bool| match at(place) {
        Some(Value::Bool(flag)) => Some(*flag == last),
        _ => None,
    };
    let is_last = flag(paging.more, false).or_else(|| flag(paging.done, true));
    let ends = match is_last {
        Some(is_last) => is_last,
        None => told_next.is_some_and(|told| told.is_null() || told == ""),
    };
    let is_last = is_last == Some(true);
    let mut next = if is_last {
        Object::new()
    } else {
        // An address may lead on with what is no argument; pages and records can be counted all the same.
        let is_counted = matches!(paging.style, PagingStyle::Page | PagingStyle::Offset);
        let leads = |next: &Object| !next.is_empty() || ends || !is_counted;
        let told = told_next.map(|told| said(operation, &paging, told, arguments));
        let told = told.filter(leads);
        let linked = || {
            let target = next_link(header(headers, "link")?)?;
            Some(from_address(operation, target, arguments))
        };
        told.or_else(linked).unwrap_or_else(|| {
            let count = Counted {
                rows: rows as u64,
                total,
                pages: at(paging.pages).and_then(Value::as_u64),
                // A flag that says that it is not the last, or an address that could not be read.
                more: flag(paging.more, true)
                    .or_else(|| flag(paging.done, false))
                    .unwrap_or_else(|| {
                        told_next
                            .is_some_and(|told| told.as_str().is_some_and(|told| !told.is_empty()))
                    }),
                here: at(paging.here).and_then(Value::as_u64),
            };
            match behind(operation, &paging, body, arguments) {
                Some(last) => followed(&paging, rows, last, at(paging.more), arguments),
                None => count.next(&paging, arguments),
            }
        })
    };
    // With another size a page starts elsewhere, and a model that copies the line leaves the size out.
    if let Some(size) = paging.size.filter(|_| !next.is_empty())
        && place::at(size.argument, &next).is_none()
        && let Some(given) = place::at(size.argument, arguments)
            .cloned()
            // An object that holds both may not do with one of them (row D3).
            .or_else(|| {
                let is_held = size.usual > 0 && size.argument.contains('/');
                let holder = holder(operation, size.argument);
                let is_added = size.send && holder.is_some_and(|holder| !holder.needs_size);
                (is_held && !is_added).then(|| size.usual.into())
            })
    {
        let mut arguments = arguments.clone();
        arguments.extend(next.clone());
        let (name, value) = place::with(size.argument, given, &arguments);
        next.insert(name, value);
    }
    declared::adapt(operation, &mut next);
    Pages {
        total,
        only_in_header: told.is_none(),
        next,
        ends,
        first: at(paging.here).and_then(Value::as_u64),
    }
}

/// The number of all records, as header fields say it: in a field of its own, or behind the slash of
/// `Content-Range: items 0-24/312` (RFC 9110 §14.4; of bytes it is something else).
fn total_in(headers: &[(String, String)]) -> Option<u64> {
    let own = TOTALS.iter().find_map(|name| header(headers, name));
    let range = || {
        let (unit, range) = header(headers, "content-range")?.trim().split_once(' ')?;
        let (_, total) = range.split_once('/')?;
        (!unit.eq_ignore_ascii_case("bytes")).then_some(total)
    };
    own.or_else(range)?.trim().parse().ok()
}

fn header<'h>(headers: &'h [(String, String)], name: &str) -> Option<&'h str> {
    let found = headers.iter().find(|(key, _)| key == name);
    found.map(|(_, value)| value.as_str())
}

/// The argument that says where the next page starts.
pub(super) fn position(paging: &Paging, value: &Value, arguments: &Object) -> Object {
    let mut next = Object::new();
    let fits = value.as_str().is_none_or(|text| text.len() <= LONGEST);
    if !paging.position.is_empty() && fits {
        let (name, value) = place::with(paging.position, value.clone(), arguments);
        next.insert(name, value);
    }
    next
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
    use crate::operation::{Answer, Body, BodyEncoding, BodyField, BodyShape, PageSize};
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

    /// Row D3.
    #[test]
    fn d3_header_fields_say_how_many_records_there_are() {
        for (name, value, expected) in [
            ("x-total-count", "312", Some(312)),
            ("x-total", " 7 ", Some(7)),
            ("content-range", "items 0-24/312", Some(312)),
            ("content-range", "0-24/312", None),
            ("content-range", "items 0-24/*", None),
            ("content-range", "bytes 0-24/312", None),
            ("x-total-count", "many", None),
        ] {
            let headers = [(name.to_owned(), value.to_owned())];
            assert_eq!(total_in(&headers), expected, "{name}: {value}");
        }
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

    /// Rows D2 and D3: `{"pagination": {"page": 1, "pageSize": 10}}` in a body, where it needs both.
    #[test]
    fn d2_an_object_of_the_body_that_is_about_pages_is_made_up_with_what_it_needs() {
        const HELD: OperationDef = OperationDef {
            input_schema: r#"{"type":"object","properties":{"pagination":{"type":"object","properties":{"page":{"type":"integer"},"pageSize":{"enum":[5,10]}},"required":["page","pageSize"]}}}"#,
            body: Some(Body {
                shape: BodyShape::Properties {
                    fields: &[BodyField {
                        argument: "pagination",
                        name: "pagination",
                        ..BodyField::DEFAULT
                    }],
                    additional: "",
                },
                media_type: "application/json",
                encoding: BodyEncoding::Json,
                required: false,
            }),
            answer: Some(Answer {
                list: true,
                paging: Some(Paging {
                    style: PagingStyle::Page,
                    position: "/pagination/page",
                    first: 1,
                    size: Some(PageSize {
                        argument: "/pagination/pageSize",
                        max: 0,
                        usual: 10,
                        send: true,
                    }),
                    ..Paging::DEFAULT
                }),
                ..Answer::DEFAULT
            }),
            ..OperationDef::DEFAULT
        };
        for (given, sent, added) in [
            (
                json!({}),
                json!({"page": 1, "pageSize": 10}),
                Some("pagination"),
            ),
            (
                json!({"pagination": null}),
                json!({"page": 1, "pageSize": 10}),
                Some("pagination"),
            ),
            (
                json!({"pagination": {"page": 3}}),
                json!({"page": 3, "pageSize": 10}),
                None,
            ),
            (
                json!({"pagination": {"pageSize": 5}}),
                json!({"page": 1, "pageSize": 5}),
                None,
            ),
        ] {
            let mut arguments = given.as_object().cloned().unwrap_or_default();
            assert_eq!(sized(&HELD, &mut arguments), added, "{given}");
            // Properties have no order.
            assert_eq!(arguments.get("pagination"), Some(&sent), "{given}");
        }
        let body = json!([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
        let next = |given: Value| {
            let given = given.as_object().cloned().unwrap_or_default();
            Value::Object(pages(&HELD, &body, 10, &given, &[]).next)
        };
        assert_eq!(
            next(json!({})),
            json!({"pagination": {"page": 2, "pageSize": 10}})
        );
    }
}
