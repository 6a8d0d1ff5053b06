//! Answers of which the document does not say where their records stand, and those that come in another envelope
//! than it says: what comes decides (ADR 0054).

use crate::json::{Object, Value};
use crate::operation::{Answer, OperationDef, Paging, PagingStyle};

/// Where records stand, in this order.
const RECORDS: [&str; 16] = [
    "",
    "/data",
    "/results",
    "/items",
    "/records",
    "/result",
    "/rows",
    "/entries",
    "/list",
    "/content",
    "/value",
    "/data/items",
    "/data/data",
    "/data/results",
    "/data/records",
    "/data/rows",
];
/// Where a single record stands.
pub(super) const RECORD: [&str; 3] = ["/data", "/result", "/record"];
/// Where envelopes say how the list goes on, how many records and pages there are, and whether there is more.
const NEXT: [&str; 14] = [
    "/next_cursor",
    "/nextCursor",
    "/next_page_token",
    "/nextPageToken",
    "/next",
    "/meta/next_cursor",
    "/meta/nextCursor",
    "/meta/next",
    "/links/next",
    "/pagination/next_cursor",
    "/pagination/next",
    "/paging/next",
    "/next_page_url",
    "/cursor/next",
];
const TOTAL: [&str; 10] = [
    "/total",
    "/total_count",
    "/totalCount",
    "/meta/total",
    "/meta/total_count",
    "/pagination/total",
    "/paging/total",
    "/data/total",
    "/page/total",
    "/meta/pagination/total",
];
const PAGES: [&str; 8] = [
    "/total_pages",
    "/last_page",
    "/meta/total_pages",
    "/meta/last_page",
    "/pagination/total_pages",
    "/pagination/pages",
    "/data/last_page",
    "/meta/pagination/total_pages",
];
const MORE: [&str; 7] = [
    "/has_more",
    "/hasMore",
    "/meta/has_more",
    "/meta/hasMore",
    "/pagination/has_more",
    "/pagination/hasMore",
    "/meta/has_next",
];

/// The operation as this answer shows it to be; `None` where the document has said it.
pub(super) fn as_it_came(operation: &OperationDef, body: &Value) -> Option<OperationDef> {
    let plan = operation.answer.filter(|plan| plan.open || plan.list)?;
    if !plan.open && body.pointer(plan.records).is_some_and(Value::is_array) {
        return None;
    }
    // Where settings say that records stand counts more than other places.
    let is_said = |fits: fn(&Value) -> bool| {
        let place = body.pointer(plan.records);
        plan.open && !plan.records.is_empty() && place.is_some_and(fits)
    };
    let list = match is_said(is_list) {
        true => Some(plan.records),
        false => {
            records(body).filter(|at| !is_said(Value::is_object) || at.starts_with(plan.records))
        }
    };
    let found = match list {
        Some(records) => Answer {
            records,
            list: true,
            paging: paging(&plan, body),
            ..plan
        },
        // A list that did not come is shown whole.
        None if !plan.open => return None,
        None => Answer {
            records: match is_said(Value::is_object) {
                true => plan.records,
                false => record(body)?,
            },
            list: false,
            ..plan
        },
    };
    Some(OperationDef {
        answer: Some(found),
        ..*operation
    })
}

/// The place of an array of records: of objects, or of nothing. A thing with an identity is itself a record.
fn records(body: &Value) -> Option<&'static str> {
    let is_record = |at: &str| {
        let around = at.rsplit_once('/').map_or("", |(around, _)| around);
        let around = body.pointer(around);
        around.is_some_and(|around| around.get("id").is_some())
    };
    let found = RECORDS
        .iter()
        .find(|at| body.pointer(at).is_some_and(is_list))
        .copied();
    found.filter(|at| at.is_empty() || !is_record(at) && body.get("id").is_none())
}

fn is_list(value: &Value) -> bool {
    let rows = value.as_array();
    rows.is_some_and(|rows| rows.iter().all(Value::is_object))
}

/// The place of the one record in an envelope.
fn record(body: &Value) -> Option<&'static str> {
    if body.get("id").is_some() {
        return None;
    }
    let is_record = |at: &&&str| body.pointer(at).is_some_and(Value::is_object);
    RECORD.iter().find(is_record).copied()
}

/// How pages are asked for, with what this answer says of them.
fn paging(plan: &Answer, body: &Value) -> Option<Paging> {
    let known = plan.paging.unwrap_or(Paging::DEFAULT);
    let at = |told: &'static str, places: &[&'static str], fits: fn(&Value) -> bool| {
        let is_there = |place: &&&str| body.pointer(place).is_some_and(fits);
        match body.pointer(told) {
            Some(_) if !told.is_empty() => told,
            _ => places.iter().find(is_there).copied().unwrap_or_default(),
        }
    };
    // What leads on is of use where it can be given, or is an address.
    let leads = |next: &Value| next.is_null() || next.as_str().is_some_and(|text| !text.is_empty());
    let is_cursor = matches!(known.style, PagingStyle::Cursor | PagingStyle::Link);
    let next = if is_cursor {
        at(known.next, &NEXT, leads)
    } else {
        at(known.next, &[], leads)
    };
    Some(Paging {
        next,
        total: at(known.total, &TOTAL, Value::is_u64),
        pages: at(known.pages, &PAGES, Value::is_u64),
        more: at(known.more, &MORE, Value::is_boolean),
        ..known
    })
}

/// Properties above which a record of a list is not shown whole, and the most that are shown then.
const MANY: usize = 8;
const MOST: usize = 7;
/// Records whose names are looked at.
const LOOKED_AT: usize = 25;
/// What tells most of a record, without case and separators; of each line the first two that there are.
const TELLING: [(&[&str], usize); 8] = [
    (
        &[
            "number",
            "formattednumber",
            "name",
            "title",
            "subject",
            "company",
            "label",
            "code",
        ],
        2,
    ),
    (&["firstname", "lastname"], 2),
    (&["status", "state", "stage", "priority"], 1),
    (
        &[
            "total",
            "amount",
            "grandtotal",
            "balance",
            "value",
            "price",
            "rate",
        ],
        1,
    ),
    (&["currency", "currencyname", "currencycode"], 1),
    (
        &[
            "duedate",
            "deadline",
            "dueat",
            "enddate",
            "expirydate",
            "date",
            "startdate",
            "dateadded",
            "createdat",
            "created",
        ],
        1,
    ),
    (
        &[
            "clientname",
            "customername",
            "client",
            "customer",
            "contact",
            "owner",
            "assigned",
            "assignee",
            "assignedto",
        ],
        1,
    ),
    (&["email", "phonenumber", "phone"], 1),
];

/// The properties that tell most of these records, as the service calls them; none where all are shown.
pub(super) fn columns(rows: &[Value]) -> Vec<String> {
    let mut names: Vec<&str> = Vec::new();
    for row in rows.iter().take(LOOKED_AT).filter_map(Value::as_object) {
        for name in row.keys() {
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
    }
    if names.len() <= MANY {
        return Vec::new();
    }
    let plain = |name: &str| -> String {
        let letters = name.chars().filter(char::is_ascii_alphanumeric);
        letters.map(|c| c.to_ascii_lowercase()).collect()
    };
    let plain: Vec<(String, &str)> = names.iter().map(|name| (plain(name), *name)).collect();
    let id = plain
        .iter()
        .find(|(plain, _)| plain == "id" || plain == "uuid");
    let id = id.or_else(|| plain.iter().find(|(plain, _)| plain.ends_with("id")));
    let mut found: Vec<String> = id.map(|(_, name)| (*name).to_owned()).into_iter().collect();
    for (words, most) in TELLING {
        let told = words.iter().filter_map(|word| {
            let found = plain.iter().find(|(plain, _)| plain == word);
            found.map(|(_, name)| (*name).to_owned())
        });
        found.extend(told.take(most));
    }
    found.truncate(MOST);
    // An id alone tells nothing.
    if found.len() < 2 { Vec::new() } else { found }
}

/// A record with these properties alone; whether others are left out.
pub(super) fn reduce(row: &mut Object, columns: &[String]) -> bool {
    let mut whole = std::mem::take(row);
    for name in columns {
        if let Some(value) = whole.shift_remove(name) {
            row.insert(name.clone(), value);
        }
    }
    if row.is_empty() {
        *row = whole;
        return false;
    }
    !whole.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::json;

    const OPEN: OperationDef = OperationDef {
        answer: Some(Answer {
            open: true,
            ..Answer::DEFAULT
        }),
        ..OperationDef::DEFAULT
    };

    #[test]
    fn what_comes_decides_where_the_records_stand() {
        for (body, expected) in [
            (json!([{"id": 1}]), Some(("", true))),
            (json!([]), Some(("", true))),
            (json!({"data": [{"id": 1}]}), Some(("/data", true))),
            (
                json!({"object": "list", "results": []}),
                Some(("/results", true)),
            ),
            (
                json!({"data": {"items": [{"a": 1}]}}),
                Some(("/data/items", true)),
            ),
            (
                json!({"data": {"id": 1, "items": [{"a": 1}]}}),
                Some(("/data", false)),
            ),
            (json!({"data": {"name": "A"}}), Some(("/data", false))),
            // A record with parts, and what has no record at all.
            (json!({"id": 1, "items": [{"a": 1}]}), None),
            (json!({"count": 5}), None),
            (json!({"data": ["a"]}), None),
        ] {
            let plan = as_it_came(&OPEN, &body).and_then(|operation| operation.answer);
            let found = plan.map(|plan| (plan.records, plan.list));
            assert_eq!(found, expected, "{body}");
        }
    }

    #[test]
    fn where_settings_say_that_records_stand_counts_more() {
        const SAID: OperationDef = OperationDef {
            answer: Some(Answer {
                records: "/payload",
                open: true,
                ..Answer::DEFAULT
            }),
            ..OperationDef::DEFAULT
        };
        for (body, expected) in [
            (
                json!({"items": [{"a": 1}], "payload": [{"id": 1}]}),
                Some(("/payload", true)),
            ),
            (
                json!({"items": [{"a": 1}], "payload": {"id": 1}}),
                Some(("/payload", false)),
            ),
            (json!({"data": [{"id": 1}]}), Some(("/data", true))),
            (json!({"payload": ["a"]}), None),
        ] {
            let plan = as_it_came(&SAID, &body).and_then(|operation| operation.answer);
            let found = plan.map(|plan| (plan.records, plan.list));
            assert_eq!(found, expected, "{body}");
        }
    }

    #[test]
    fn a_list_that_comes_in_another_envelope_is_found_and_a_known_one_stays() {
        const LIST: OperationDef = OperationDef {
            answer: Some(Answer {
                records: "/data",
                list: true,
                ..Answer::DEFAULT
            }),
            ..OperationDef::DEFAULT
        };
        let found = |body: &Value| {
            let plan = as_it_came(&LIST, body)?.answer?;
            Some((plan.records, plan.paging?.total))
        };
        assert_eq!(found(&json!({"data": [], "total": 3})), None);
        assert_eq!(found(&json!([{"id": 1}])), Some(("", "")));
        let other = json!({"results": [{"id": 1}], "meta": {"total": 3}});
        assert_eq!(found(&other), Some(("/results", "/meta/total")));
        assert_eq!(found(&json!({"message": "none"})), None);
    }

    #[test]
    fn records_of_many_properties_are_told_by_what_their_names_say() {
        let wide = json!({
            "clientid": 1, "vat": "", "company": "Acme", "phonenumber": "", "country": 1, "city": "",
            "zip": "", "state": "", "address": "", "website": "", "datecreated": "", "active": 1,
        });
        assert_eq!(
            columns(&[wide]),
            ["clientid", "company", "state", "phonenumber"]
        );
        assert!(columns(&[json!({"id": 1, "name": "A", "z": 2})]).is_empty());
    }
}
