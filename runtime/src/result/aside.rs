//! What stands beside the records of a list and is not of them: some services send all their users, countries and
//! choices with every page, as a form in a browser needs them. Of the usual form it is named and counted.

use super::cost::tokens;
use crate::json::place::escaped;
use crate::json::{Object, Value};
use crate::operation::Answer;
use crate::text::{cap, clean};

/// Tokens of a list or an object beside the records that is shown.
const LARGE: usize = 100;
/// Tokens of all that is shown beside them, above which smaller ones go as well.
const ALL: usize = 300;
const SMALL: usize = 30;
/// Names that are told.
const MOST_NAMES: usize = 12;
/// Addresses of pages, one for each, as Laravel sends them: of no use, and not worth a name.
const ADDRESSES: [&str; 2] = ["links", "_links"];

/// Takes out of an answer the large lists and objects that stand beside its records; their names, and how many items
/// each has.
pub(super) fn set_aside(body: &mut Value, plan: &Answer) -> Vec<String> {
    let mut gone = Vec::new();
    for most in [LARGE, SMALL] {
        if let Value::Object(object) = body
            && (most == LARGE || left(object, "", plan.records) > ALL)
        {
            take(object, "", plan.records, most, &mut gone);
        }
    }
    gone
}

/// That it was, and how to get it.
pub(super) fn told(gone: &[String]) -> Option<String> {
    let names: Vec<&str> = gone.iter().take(MOST_NAMES).map(String::as_str).collect();
    let more = match gone.len().saturating_sub(names.len()) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let names = names.join(", ");
    (!gone.is_empty())
        .then(|| format!("Beside the records, not shown: {names}{more}; all with detail=full"))
}

fn at(place: &str, name: &str) -> String {
    format!("{place}/{}", escaped(name))
}

/// Whether the records stand in what is at a place.
fn leads_to(place: &str, records: &str) -> bool {
    let rest = records.strip_prefix(place);
    rest.is_some_and(|rest| rest.starts_with('/'))
}

/// Tokens of what stands beside the records.
fn left(object: &Object, place: &str, records: &str) -> usize {
    let members = object.iter().map(|(name, value)| {
        let at = at(place, name);
        match value {
            _ if at == records => 0,
            Value::Object(inner) if leads_to(&at, records) => left(inner, &at, records),
            other => tokens(other),
        }
    });
    members.sum()
}

fn take(object: &mut Object, place: &str, records: &str, most: usize, gone: &mut Vec<String>) {
    object.retain(|name, value| {
        let at = at(place, name);
        if at == records {
            return true;
        }
        let leads = leads_to(&at, records);
        if !leads && tokens(value) <= most {
            return true;
        }
        let before = gone.len();
        if let Value::Object(inner) = value {
            take(inner, &at, records, most, gone);
        }
        if leads || tokens(value) <= most {
            return true;
        }
        let what = match &*value {
            Value::Array(items) => format!("{} items", items.len()),
            Value::Object(inner) => format!("{} properties", inner.len()),
            _ => return true,
        };
        // What was taken out of it is gone with it.
        gone.truncate(before);
        let is_address = ADDRESSES.contains(&name.to_ascii_lowercase().as_str());
        if !is_address {
            let place = at.trim_start_matches('/').replace('/', ".");
            gone.push(format!("{} ({what})", cap(&clean(&place), 60)));
        }
        false
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn many(count: u32) -> Value {
        let one = |id: u32| json!({"id": id, "name": format!("Name number {id}"), "email": "a@example.com"});
        (0..count).map(one).collect()
    }

    #[test]
    fn large_lists_beside_the_records_are_named_and_counted() {
        let plan = |records| Answer {
            records,
            list: true,
            ..Answer::DEFAULT
        };
        let choice = json!({"a": "the first of them", "b": "the second"});
        let codes: Object = (0..60)
            .map(|n| (format!("C{n}"), json!("Country")))
            .collect();
        for (records, mut body, left, told) in [
            (
                "/data",
                json!({"data": many(50), "users": many(20), "total": 50, "sums": [{"currency": "EUR", "amount": 5}]}),
                json!({"total": 50, "sums": [{"currency": "EUR", "amount": 5}]}),
                &["users (20 items)"][..],
            ),
            // The records stand inside of what is not taken away; what is around them is.
            (
                "/open/leads",
                json!({"open": {"leads": many(50), "count": 50, "tags": many(20)}, "closed": {"leads": many(20), "count": 20}}),
                json!({"open": {"count": 50, "tags": null}, "closed": {"count": 20}}),
                &["open.tags (20 items)", "closed.leads (20 items)"],
            ),
            (
                "/data",
                json!({"data": many(50), "countries": codes, "meta": {"total": 50, "links": many(13)}}),
                json!({"meta": {"total": 50}}),
                &["countries (60 properties)"],
            ),
            // Many small ones are as much as a large one.
            (
                "/data",
                json!({"data": many(50), "a": many(3), "b": many(3), "c": many(3), "d": many(3), "e": many(3), "f": many(3),
                    "g": many(3), "h": many(3), "choice": choice}),
                json!({"choice": choice}),
                &[
                    "a (3 items)",
                    "b (3 items)",
                    "c (3 items)",
                    "d (3 items)",
                    "e (3 items)",
                    "f (3 items)",
                    "g (3 items)",
                    "h (3 items)",
                ],
            ),
            ("", many(50), json!(null), &[]),
        ] {
            let gone = set_aside(&mut body, &plan(records));
            assert_eq!(gone, told, "{body}");
            assert_eq!(body.pointer(records), Some(&many(50)));
            let Value::Object(object) = &mut body else {
                continue;
            };
            let step = records.split('/').nth(1).unwrap_or_default();
            match object.get_mut(step) {
                Some(Value::Object(inner)) => {
                    inner.shift_remove("leads");
                    inner.insert("tags".to_owned(), Value::Null);
                }
                _ => {
                    object.shift_remove(step);
                }
            }
            assert_eq!(body, left);
        }
    }

    #[test]
    fn names_are_told_up_to_a_dozen() {
        let gone: Vec<String> = (0..14).map(|n| format!("n{n} (5 items)")).collect();
        let told = told(&gone).unwrap_or_default();
        assert!(
            told.ends_with("n11 (5 items) and 2 more; all with detail=full"),
            "{told}"
        );
        assert_eq!(super::told(&[]), None);
    }
}
