//! What an envelope says besides its records, without what says nothing new: numbers of pages that the
//! last line tells, what the request said, and flags that all is well. Totals, sums and messages stay.

use super::paging::Pages;
use super::projection::without_empties;
use crate::json::{Object, Value, place};
use crate::operation::Answer;

/// Objects of envelopes that speak of pages. Names without case and separators, as all below.
const ABOUT_PAGES: [&str; 9] = [
    "meta",
    "metadata",
    "pagination",
    "paging",
    "pageinfo",
    "links",
    "page",
    "responsemetadata",
    "cursor",
];
/// Which page it is.
const POSITION: [&str; 13] = [
    "page",
    "pagenumber",
    "pageno",
    "pagenum",
    "pageindex",
    "currentpage",
    "current",
    "offset",
    "skip",
    "start",
    "startat",
    "startindex",
    "number",
];
/// How many records a page has at most.
const SIZE: [&str; 11] = [
    "limit",
    "perpage",
    "pagesize",
    "pagelimit",
    "size",
    "maxresults",
    "resultsperpage",
    "take",
    "top",
    "itemsperpage",
    "rowsperpage",
];
/// How many records this page has.
const HERE: [&str; 7] = [
    "count",
    "returned",
    "returnedcount",
    "numberofelements",
    "itemcount",
    "length",
    "results",
];
/// Whether there are more pages.
const MORE: [&str; 6] = [
    "hasmore",
    "hasnext",
    "hasnextpage",
    "more",
    "morepages",
    "morerecords",
];
/// Whether there are pages before.
const BEFORE: [&str; 5] = [
    "hasprevious",
    "hasprev",
    "haspreviouspage",
    "hasprevpage",
    "isfirst",
];
/// Addresses of pages.
const ADDRESSES: [&str; 9] = [
    "self",
    "first",
    "last",
    "prev",
    "previous",
    "path",
    "firstpageurl",
    "lastpageurl",
    "prevpageurl",
];

/// What the request and the last line of the text say of a page.
pub(super) struct Said<'a> {
    /// The page; `None` for a single record.
    pub(super) page: Option<&'a Pages>,
    /// How many records it has.
    pub(super) rows: usize,
    /// What the caller gave.
    pub(super) arguments: &'a Object,
}

/// The envelope without the records, as JSON; `None` if it says nothing.
pub(super) fn beside(value: &Value, plan: &Answer, said: &Said<'_>) -> Option<String> {
    let mut rest = value.clone();
    remove(&mut rest, plan.records);
    if let (Some(page), Some(paging)) = (said.page, plan.paging) {
        remove(&mut rest, paging.total);
        // A flag without a way to go on is news, and so is the number of pages without that of records.
        if !page.next.is_empty() || page.ends {
            remove(&mut rest, paging.more);
            remove(&mut rest, paging.next);
        }
        if page.total.is_some() {
            remove(&mut rest, paging.pages);
        }
    }
    let Value::Object(object) = rest else {
        return None;
    };
    let news = |object: Object, about: bool| -> Object {
        let members = object.into_iter();
        members
            .filter(|(name, value)| !is_known(&plain(name), value, about, plan, said))
            .collect()
    };
    let object = news(object, false).into_iter().map(|(name, inner)| {
        let inner = match inner {
            Value::Object(inner) if ABOUT_PAGES.contains(&plain(&name).as_str()) => {
                Value::Object(news(inner, true))
            }
            other => other,
        };
        (name, inner)
    });
    let object = without_empties(object.collect());
    (!object.is_empty()).then(|| Value::Object(object).to_string())
}

fn remove(value: &mut Value, place: &str) {
    if let Some((parent, key)) = place.rsplit_once('/')
        && let Some(Value::Object(object)) = value.pointer_mut(parent)
    {
        object.shift_remove(&key.replace("~1", "/").replace("~0", "~"));
    }
}

fn plain(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|c| c.to_ascii_lowercase()).collect()
}

/// Whether a member of an envelope says what is known: by its name and its value together, so that nothing
/// is lost that only has such a name.
fn is_known(name: &str, value: &Value, about: bool, plan: &Answer, said: &Said<'_>) -> bool {
    match value {
        Value::Bool(flag) => match name {
            "success" | "ok" => *flag,
            "error" | "errors" => !flag,
            _ => is_known_flag(name, *flag, about, said),
        },
        Value::Number(number) => {
            let Some(number) = number.as_u64() else {
                return false;
            };
            let status = matches!(name, "status" | "code" | "statuscode");
            status && (200..300).contains(&number) || is_known_number(name, number, plan, said)
        }
        Value::String(text) => {
            let word = text.to_ascii_lowercase();
            match name {
                "status" => matches!(word.as_str(), "success" | "ok"),
                "message" | "msg" => matches!(word.as_str(), "success" | "ok"),
                "object" => word == "list",
                name => {
                    let is_address = text.starts_with('/') || text.contains("://");
                    said.page.is_some() && ADDRESSES.contains(&name) && is_address
                }
            }
        }
        _ => false,
    }
}

fn is_known_flag(name: &str, flag: bool, about: bool, said: &Said<'_>) -> bool {
    let Some(page) = said.page else {
        return false;
    };
    if MORE.contains(&name) {
        return flag != page.next.is_empty();
    }
    about && BEFORE.contains(&name)
}

fn is_known_number(name: &str, number: u64, plan: &Answer, said: &Said<'_>) -> bool {
    if said.page.is_none() {
        return false;
    }
    let Some(paging) = plan.paging else {
        return HERE.contains(&name) && number == said.rows as u64;
    };
    let given = |at: &str| {
        let given = place::at(at, said.arguments)?;
        given.as_u64().or_else(|| given.as_str()?.parse().ok())
    };
    if POSITION.contains(&name) {
        let asked = given(paging.position);
        return number == asked.unwrap_or(u64::from(paging.first));
    }
    if SIZE.contains(&name) {
        let asked = paging.size.and_then(|size| {
            given(size.argument).or((size.usual > 0).then_some(u64::from(size.usual)))
        });
        return asked.is_none_or(|asked| asked == number);
    }
    HERE.contains(&name) && number == said.rows as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{PageSize, Paging, PagingStyle};
    use serde_json::json;

    const PLAN: Answer = Answer {
        records: "/data",
        list: true,
        paging: Some(Paging {
            style: PagingStyle::Page,
            position: "page",
            size: Some(PageSize {
                argument: "limit",
                max: 100,
                usual: 25,
                send: true,
            }),
            total: "/meta/total",
            more: "/meta/has_more",
            pages: "/meta/pages",
            ..Paging::DEFAULT
        }),
        ..Answer::DEFAULT
    };

    fn news(body: &Value, arguments: &Value, next: &Value) -> String {
        let object = |value: &Value| value.as_object().cloned().unwrap_or_default();
        let total = body.pointer("/meta/total").and_then(Value::as_u64);
        let page = Pages {
            total,
            next: object(next),
            ends: body.pointer("/meta/has_more") == Some(&json!(false)),
            ..Pages::default()
        };
        let said = Said {
            page: Some(&page),
            rows: 2,
            arguments: &object(arguments),
        };
        beside(body, &PLAN, &said).unwrap_or_default()
    }

    /// Row C10.
    #[test]
    fn c10_only_what_is_new_stands_under_the_records() {
        let rows = json!([{"id": 1}, {"id": 2}]);
        let none = json!({});
        let next = json!({"page": 2});
        for (mut body, arguments, next, left) in [
            (
                json!({"meta": {"total": 60, "page": 1, "limit": 25}}),
                &none,
                &next,
                "",
            ),
            (
                json!({"meta": {"total": 60, "page": 3, "limit": 2, "count": 2}}),
                &json!({"page": 3, "limit": 2}),
                &next,
                "",
            ),
            (
                json!({"success": true, "error": null, "status": "success", "code": 200, "message": "OK", "object": "list",
                    "links": {"self": "/x?page=1", "last": "https://crm/x?page=9", "prev": null}, "meta": {"has_more": true}}),
                &none,
                &next,
                "",
            ),
            // The same names with something else.
            (
                json!({"status": "degraded", "message": "2 are archived", "meta": {"page": 4, "limit": 10, "sum": 7.5, "count": 9}}),
                &none,
                &next,
                r#"{"status":"degraded","message":"2 are archived","meta":{"page":4,"limit":10,"sum":7.5,"count":9}}"#,
            ),
            (
                json!({"success": false, "totals": {"page": 1, "open": 5}}),
                &none,
                &next,
                r#"{"success":false,"totals":{"page":1,"open":5}}"#,
            ),
            // There is more, and nothing tells how to get it.
            (
                json!({"meta": {"has_more": true, "pages": 3}}),
                &none,
                &none,
                r#"{"meta":{"has_more":true,"pages":3}}"#,
            ),
            (
                json!({"meta": {"has_more": false, "total": 2, "pages": 1}}),
                &none,
                &none,
                "",
            ),
            (
                json!({"links": {"first": "A"}}),
                &none,
                &none,
                r#"{"links":{"first":"A"}}"#,
            ),
        ] {
            body["data"] = rows.clone();
            assert_eq!(news(&body, arguments, next), left, "{body}");
        }
    }

    #[test]
    fn c10_of_a_record_only_flags_that_all_is_well_are_left_out() {
        let plan = Answer {
            records: "/data",
            ..Answer::DEFAULT
        };
        let said = Said {
            page: None,
            rows: 0,
            arguments: &Object::new(),
        };
        for (body, left) in [
            (
                json!({"data": {}, "success": true, "error": null, "meta": {}}),
                None,
            ),
            (json!({"data": {}, "count": 0}), Some(r#"{"count":0}"#)),
        ] {
            assert_eq!(beside(&body, &plan, &said).as_deref(), left);
        }
    }
}
