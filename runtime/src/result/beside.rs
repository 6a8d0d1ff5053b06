//! What an envelope says besides its records, without what says nothing new: numbers of pages that the
//! last line tells, what the request said, and flags that all is well. Totals, sums and messages stay.

use super::page_words::{
    ABOUT, ADDRESSES, AMBIGUOUS, BEFORE, HERE, MORE, OF_LISTS, OF_PAGES, POSITION, SIZE,
};
use super::paging::Pages;
use super::projection::without_empties;
use crate::json::place::{escaped, unescaped};
use crate::json::{Object, Value, place};
use crate::operation::{Answer, PagingStyle};
use crate::text::bare_name;

/// What the request and the last line of the text say of a page.
pub(super) struct Said<'a> {
    /// The page; `None` for a single record.
    pub(super) page: Option<&'a Pages>,
    /// How many records it has.
    pub(super) rows: usize,
    /// What the caller gave.
    pub(super) arguments: &'a Object,
    /// The path of the operation, as the document has it.
    pub(super) path: &'a str,
}

/// The envelope without the records, as JSON; `None` if it says nothing.
pub(super) fn beside(value: &Value, plan: &Answer, said: &Said<'_>) -> Option<String> {
    let mut rest = without(value, plan.records);
    if let (Some(page), Some(paging)) = (said.page, plan.paging) {
        remove(&mut rest, paging.total);
        // A flag without a way to go on is news, and so is the number of pages without that of records.
        if !page.next.is_empty() || page.ends {
            remove(&mut rest, paging.more);
            remove(&mut rest, paging.next);
            remove(&mut rest, paging.done);
        }
        if page.total.is_some() {
            remove(&mut rest, paging.pages);
        }
    }
    let Value::Object(object) = rest else {
        return None;
    };
    let known = Known { plan, said };
    let object = known.news(object, &Around::of_root(value, plan), 2);
    let object = without_empties(object);
    (!object.is_empty()).then(|| Value::Object(object).to_string())
}

/// What is known of the object in which a member stands.
struct Around {
    /// JSON Pointer.
    place: String,
    /// Whether it says of pages what this operation is known to say of them.
    of_pages: bool,
    /// Whether it has members that are about lists alone.
    of_lists: bool,
}

impl Around {
    fn of_root(value: &Value, plan: &Answer) -> Self {
        match value {
            Value::Object(object) => Self::of(object, String::new(), plan, false),
            _ => Self::of(&Object::new(), String::new(), plan, false),
        }
    }

    fn of(object: &Object, place: String, plan: &Answer, of_pages: bool) -> Self {
        let is_here = |known: &str| {
            let inner = known.strip_prefix(place.as_str());
            let step = inner.and_then(|inner| inner.strip_prefix('/'));
            step.is_some_and(|step| !step.contains('/'))
        };
        let recognised = plan.paging.is_some_and(|paging| {
            let known = [
                paging.total,
                paging.more,
                paging.next,
                paging.pages,
                paging.here,
                paging.done,
            ];
            known.into_iter().any(is_here)
        });
        let mut names = object.keys().map(|name| bare_name(name));
        Self {
            place,
            of_pages: of_pages || recognised,
            of_lists: of_pages || names.any(|name| OF_LISTS.contains(&name.as_str())),
        }
    }
}

/// A copy without what is at a place: records are most of an answer.
fn without(value: &Value, place: &str) -> Value {
    let (Value::Object(object), Some(steps)) = (value, place.strip_prefix('/')) else {
        return value.clone();
    };
    let (step, inner) = match steps.split_once('/') {
        Some((step, _)) => (step, steps.get(step.len()..).unwrap_or_default()),
        None => (steps, ""),
    };
    let step = unescaped(step);
    let members = object.iter().filter_map(|(name, value)| {
        let value = match (*name == step, inner) {
            (true, "") => return None,
            (true, inner) => without(value, inner),
            (false, _) => value.clone(),
        };
        Some((name.clone(), value))
    });
    Value::Object(members.collect())
}

fn remove(value: &mut Value, place: &str) {
    if let Some((parent, key)) = place.rsplit_once('/')
        && let Some(Value::Object(object)) = value.pointer_mut(parent)
    {
        object.shift_remove(&unescaped(key));
    }
}

/// What is known of an answer without its envelope.
struct Known<'k> {
    plan: &'k Answer,
    said: &'k Said<'k>,
}

impl Known<'_> {
    /// The members of an object that say more.
    fn news(&self, object: Object, around: &Around, levels: usize) -> Object {
        let members = object.into_iter().filter_map(|(name, value)| {
            let plain = bare_name(&name);
            let value = match value {
                // How it is sorted, in flags.
                Value::Object(inner)
                    if plain == "sort"
                        && around.of_lists
                        && around.of_pages
                        && inner.values().all(Value::is_boolean) =>
                {
                    return None;
                }
                Value::Object(inner) if levels > 0 => {
                    let of_pages = OF_PAGES.contains(&plain.as_str());
                    if !of_pages && !ABOUT.contains(&plain.as_str()) {
                        return Some((name, Value::Object(inner)));
                    }
                    let step = escaped(&name);
                    let place = format!("{}/{step}", around.place);
                    let within = Around::of(&inner, place, self.plan, of_pages);
                    let inner = self.news(inner, &within, levels - 1);
                    return (!inner.is_empty()).then_some((name, Value::Object(inner)));
                }
                other => other,
            };
            (!self.has(&plain, &value, around)).then_some((name, value))
        });
        members.collect()
    }

    /// Whether a member of an envelope says what is known: by its name, its value and what stands beside
    /// it, so that nothing is lost that only has such a name.
    fn has(&self, name: &str, value: &Value, around: &Around) -> bool {
        match value {
            Value::Bool(flag) => match name {
                "success" | "ok" => *flag,
                "error" | "errors" => !flag,
                _ => around.of_pages && self.has_flag(name, *flag, around),
            },
            Value::Number(number) => {
                let Some(number) = number.as_u64() else {
                    return false;
                };
                let status = matches!(name, "status" | "code" | "statuscode");
                status && (200..300).contains(&number) || self.has_number(name, number, around)
            }
            Value::String(text) => {
                let word = text.to_ascii_lowercase();
                match name {
                    "status" => matches!(word.as_str(), "success" | "ok"),
                    "message" | "msg" => matches!(word.as_str(), "success" | "ok"),
                    "object" => word == "list",
                    name => {
                        self.said.page.is_some()
                            && ADDRESSES.contains(&name)
                            && leads_to(text, self.said.path)
                    }
                }
            }
            _ => false,
        }
    }

    fn has_flag(&self, name: &str, flag: bool, around: &Around) -> bool {
        let Some(page) = self.said.page else {
            return false;
        };
        if MORE.contains(&name) {
            return flag != page.next.is_empty();
        }
        if name == "empty" {
            return around.of_lists && flag == (self.said.rows == 0);
        }
        BEFORE.contains(&name) && (name != "first" || around.of_lists)
    }

    fn given(&self, at: &str) -> Option<u64> {
        let given = place::at(at, self.said.arguments)?;
        given.as_u64().or_else(|| given.as_str()?.parse().ok())
    }

    /// How many records were asked for.
    fn size(&self) -> Option<u64> {
        let size = self.plan.paging?.size?;
        let usual = (size.usual > 0).then_some(u64::from(size.usual));
        self.given(size.argument).or(usual)
    }

    fn has_number(&self, name: &str, number: u64, around: &Around) -> bool {
        let (Some(page), Some(paging)) = (self.said.page, self.plan.paging) else {
            return false;
        };
        let own = |argument: &str| {
            let last = argument.rsplit('/').next().unwrap_or_default();
            !last.is_empty() && (bare_name(last) == name || bare_name(argument) == name)
        };
        let of_pages = around.of_pages && (around.of_lists || !AMBIGUOUS.contains(&name));
        if POSITION.contains(&name) && (of_pages || own(paging.position)) {
            let asked = self.given(paging.position);
            let first = page.first.unwrap_or(u64::from(paging.first));
            // Some services count in both ways.
            if matches!(name, "offset" | "skip") && paging.style == PagingStyle::Page {
                let pages = asked.unwrap_or(first).saturating_sub(first);
                return self
                    .size()
                    .is_some_and(|size| pages.checked_mul(size) == Some(number));
            }
            return number == asked.unwrap_or(first);
        }
        let size = paging.size;
        if SIZE.contains(&name) && (of_pages || size.is_some_and(|size| own(size.argument))) {
            return self.size().is_none_or(|asked| asked == number);
        }
        HERE.contains(&name) && of_pages && number == self.said.rows as u64
    }
}

/// Whether an address is one of the operation itself: of other pages of the same list.
fn leads_to(address: &str, path: &str) -> bool {
    let address = match address.split_once("://") {
        Some((_, rest)) => rest.split_once('/').map_or("", |(_, path)| path),
        None if address.starts_with('/') => address,
        None => return false,
    };
    let address = address.split(['?', '#']).next().unwrap_or_default();
    let steps = |path: &'_ str| -> Vec<String> {
        let steps = path.split('/').filter(|step| !step.is_empty());
        steps.map(str::to_owned).collect()
    };
    let (address, path) = (steps(address), steps(path));
    // Before it stands what the base URL has.
    let own = address.len().checked_sub(path.len());
    own.and_then(|own| address.get(own..)).is_some_and(|own| {
        let mut pairs = own.iter().zip(&path);
        !path.is_empty() && pairs.all(|(step, of)| step == of || of.contains('{'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{PageSize, Paging};
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
            path: "/x",
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
                json!({"path": "/folders/12", "first": "/y", "number": 1, "start": 1, "length": 2, "results": 2, "current": 1}),
                &none,
                &next,
                r#"{"path":"/folders/12","first":"/y","number":1,"start":1,"length":2,"results":2,"current":1}"#,
            ),
            (
                json!({"meta": {"total": 60, "number": 1, "path": "/folders/12", "first": "A", "results": 2, "per_page": 25}}),
                &none,
                &next,
                r#"{"meta":{"number":1,"path":"/folders/12","first":"A","results":2}}"#,
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
            path: "",
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

    #[test]
    fn records_are_left_out_wherever_they_stand_and_nothing_else_is() {
        let body = json!({"data": {"items": [1], "n": 2, "a/b": [3]}, "items": [4], "": 5});
        for (place, left) in [
            (
                "/data/items",
                json!({"data": {"n": 2, "a/b": [3]}, "items": [4], "": 5}),
            ),
            (
                "/data/a~1b",
                json!({"data": {"items": [1], "n": 2}, "items": [4], "": 5}),
            ),
            (
                "/items",
                json!({"data": {"items": [1], "n": 2, "a/b": [3]}, "": 5}),
            ),
            (
                "/",
                json!({"data": {"items": [1], "n": 2, "a/b": [3]}, "items": [4]}),
            ),
            ("/items/0", body.clone()),
            ("/none/items", body.clone()),
            ("", body.clone()),
        ] {
            assert_eq!(
                without(&body, place).to_string(),
                left.to_string(),
                "{place}"
            );
            let mut removed = body.clone();
            remove(&mut removed, place);
            assert_eq!(removed.to_string(), left.to_string(), "{place}");
        }
    }
}
