//! Rows C10, D1, D3 and D5, B8 and A16: envelopes of standards and services, over one that pages truly.

use serde_json::{Map, Value, json};

use crate::said;
use crate::stub::{Answer, Seen, Stub};

/// Records of most lists.
const ALL: usize = 5;
/// Records of the list that is longer than anybody counts.
const MANY: usize = 500;

fn given(seen: &Seen, name: &str) -> Option<String> {
    let query = seen.uri.split_once('?').map_or("", |(_, query)| query);
    let decoded = query
        .replace("%5B", "[")
        .replace("%5D", "]")
        .replace("%24", "$");
    let mut pairs = decoded.split('&').filter_map(|pair| pair.split_once('='));
    let found = pairs.find(|(key, _)| *key == name);
    found.map(|(_, value)| value.to_owned())
}

fn number(seen: &Seen, name: &str) -> Option<usize> {
    given(seen, name).map(|text| text.parse().unwrap())
}

fn service() -> Stub {
    Stub::start(|seen: &Seen| -> Answer {
        let path = seen.uri.split('?').next().unwrap();
        if path == "/logs" {
            let row = |n: usize| json!({"id": n, "amount": n, "subject": format!("9f86d081-884c-4d65-9a2f-eaa0c55a{n:04}")});
            let most = number(seen, "limit").unwrap_or(500);
            let rows: Vec<Value> = (0..most).map(row).collect();
            return (200, json!(rows)).into();
        }
        if path.starts_with("/leads") {
            return (200, json!({"sent": seen.body})).into();
        }
        let size = ["size", "$top", "count", "per_page", "page[size]"];
        let size = size.into_iter().find_map(|name| number(seen, name));
        let size = size.unwrap_or(2).min(if path == "/rooms" { 2 } else { 4 });
        let before = match path {
            "/invoices" => number(seen, "page").unwrap_or(0) * size,
            "/accounts" => number(seen, "$skip").unwrap_or(0),
            "/Users" => number(seen, "startIndex").unwrap_or(1) - 1,
            "/messages" => number(seen, "pageToken").unwrap_or(0),
            "/posts" => number(seen, "page[after]").unwrap_or(0),
            "/rooms" => 0,
            "/tickets" => (number(seen, "page[number]").unwrap_or(1) - 1) * size,
            _ => (number(seen, "page").unwrap_or(1) - 1) * size,
        };
        let all = if path == "/notes" { MANY } else { ALL };
        let end = all.min(before + size);
        let rows: Vec<Value> = (before + 1..=end)
            .map(|n| json!({"id": n, "amount": n * 10}))
            .collect();
        let here = rows.len();
        let more = end < all;
        let page = before / size;
        let mut body = match path {
            "/invoices" => {
                json!({"content": rows, "last": !more, "first": page == 0, "totalElements": all,
                "totalPages": all.div_ceil(size), "size": size, "number": page, "numberOfElements": here, "empty": here == 0,
                "sort": {"sorted": false, "unsorted": true, "empty": true},
                "pageable": {"pageNumber": page, "pageSize": size, "offset": before, "paged": true, "unpaged": false,
                    "sort": {"sorted": false, "unsorted": true, "empty": true}}})
            }
            "/accounts" => {
                json!({"@odata.context": "$metadata#accounts", "@odata.count": all, "value": rows})
            }
            "/Users" => {
                json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"], "totalResults": all,
                "startIndex": before + 1, "itemsPerPage": here, "Resources": rows})
            }
            "/books" => json!({"@context": "/contexts/Book", "@id": "/books", "hydra:member": rows,
                "hydra:totalItems": all, "hydra:view": {"@id": seen.uri}}),
            "/messages" => json!({"messages": rows, "resultSizeEstimate": 201}),
            "/deals" => {
                json!({"data": rows, "info": {"per_page": size, "count": here, "page": page + 1, "more_records": more}})
            }
            "/tickets" => json!({"data": rows, "meta": {"total": all}}),
            "/posts" => json!({"data": rows, "links": {}}),
            "/files" => {
                json!({"data": rows, "total": all, "path": "/folders/12", "first": "/readme", "number": 1})
            }
            _ => json!(rows),
        };
        if more {
            let link =
                |query: String| json!(format!("https://envelopes.example.com{path}?{query}"));
            match path {
                "/accounts" => {
                    body["@odata.nextLink"] = link(format!("%24skip={end}&%24top={size}"))
                }
                "/books" => {
                    body["hydra:view"]["hydra:next"] = json!(format!("/books?page={}", page + 2))
                }
                "/messages" => body["nextPageToken"] = json!(end.to_string()),
                "/posts" => {
                    body["links"]["next"] =
                        link(format!("page%5Bafter%5D={end}&page%5Bsize%5D={size}"))
                }
                _ => {}
            }
        }
        let answer = Answer::from((200, body));
        match path {
            "/tasks" => answer.with("x-total-count", "312"),
            "/calls" => answer.with("content-range", "items 0-3/47"),
            _ => answer,
        }
    })
}

/// The amounts of all pages that results lead to, the arguments of the second call, and the first text.
fn walked(tool: &str, first: Value) -> (Vec<u64>, Value, String) {
    let stub = service();
    let mut server = stub.server("envelopes", &[]);
    let mut arguments: Map<String, Value> = first.as_object().unwrap().clone();
    let mut amounts = Vec::new();
    let (mut second, mut text) = (Value::Null, String::new());
    for _ in 0..ALL {
        let result = server.call(tool, Value::from(arguments.clone()));
        assert_ne!(result["isError"], true, "{result}");
        if text.is_empty() {
            text = said(&result);
        }
        let structured = &result["structuredContent"];
        let lists = structured.as_object().unwrap().iter();
        let rows = lists
            .filter(|(name, _)| !name.starts_with('_'))
            .filter_map(|(_, list)| list.as_array())
            .find(|rows| rows.iter().any(Value::is_object));
        let Some(rows) = rows else {
            panic!("{tool} {arguments:?}: {result}")
        };
        amounts.extend(rows.iter().map(|row| row["amount"].as_u64().unwrap()));
        let Some(next) = structured.get("_next") else {
            assert!(!said(&result).contains("next: "), "{result}");
            break;
        };
        assert!(said(&result).contains("next: "), "{result}");
        if second.is_null() {
            second = next.clone();
        }
        arguments.extend(next.as_object().unwrap().clone());
    }
    (amounts, second, text)
}

#[test]
fn c10_d3_lists_in_envelopes_of_standards_lead_through_all_pages_once() {
    for (tool, first, next) in [
        (
            "list_invoices",
            json!({"size": 2}),
            json!({"page": 1, "size": 2}),
        ),
        (
            "list_accounts",
            json!({"_top": 2}),
            json!({"_skip": 2, "_top": 2}),
        ),
        (
            "list_users",
            json!({"count": 2}),
            json!({"startIndex": 3, "count": 2}),
        ),
        ("list_books", json!({}), json!({"page": 2})),
        ("list_messages", json!({}), json!({"pageToken": "2"})),
        ("list_deals", json!({}), json!({"page": 2})),
        (
            "list_tickets",
            json!({"page": {"size": 2}}),
            json!({"page": {"number": 2, "size": 2}}),
        ),
        (
            "list_posts",
            json!({}),
            json!({"page": {"after": "2", "size": 2}}),
        ),
    ] {
        let (amounts, second, text) = walked(tool, first);
        assert_eq!(amounts, [10, 20, 30, 40, 50], "{tool}: {text}");
        assert_eq!(second, next, "{tool}");
        assert!(text.starts_with("|id|amount|\n|"), "{tool}: {text}");
    }
}

#[test]
fn d2_a_size_is_sent_inside_of_an_object_that_nobody_gave() {
    let stub = service();
    let result = stub
        .server("envelopes", &[])
        .call("list_tickets", json!({}));
    let asked = stub.asked();
    let uri = asked[0].uri.replace("%5B", "[").replace("%5D", "]");
    assert_eq!(uri, "/tickets?page[size]=20", "{result}");
}

/// Row C10: what stands beside the records is in the text, unless it says again which page it is.
#[test]
fn c10_members_that_only_have_the_name_of_a_page_are_not_lost() {
    let stub = service();
    let result = stub.server("envelopes", &[]).call("list_files", json!({}));
    let text = said(&result);
    let beside = r#"{"path":"/folders/12","first":"/readme","number":1}"#;
    assert!(text.contains(beside), "{text}");
    let (.., text) = walked("list_invoices", json!({"size": 2}));
    assert!(!text.contains('{'), "{text}");
    assert!(text.contains("[2 of 5 - next: page=1, size=2"), "{text}");
}

/// Row D1, in the view of records.
#[test]
fn d1_a_limit_above_the_most_is_lowered_and_that_is_said_in_the_view_of_records_too() {
    let stub = service();
    let mut server = stub.server("envelopes", &[("VIEW", "records")]);
    for (entity, limit, sent) in [
        ("invoices", json!(500), "50"),
        ("invoices", json!("500"), "50"),
        ("notes", json!(30), "4"),
    ] {
        let result = server.call("crm_search", json!({"entity": entity, "limit": limit}));
        assert_ne!(result["isError"], true, "{result}");
        let asked = stub.asked();
        let ends = [format!("size={sent}"), format!("per_page={sent}")];
        assert!(
            ends.iter().any(|end| asked[0].uri.ends_with(end)),
            "{}",
            asked[0].uri
        );
        let asked = limit
            .as_str()
            .map_or_else(|| limit.to_string(), str::to_owned);
        let note = format!("limit={asked} is more than a page can have; {sent} was sent");
        assert!(said(&result).contains(&note), "{result}");
        let notes = result["structuredContent"]["_notes"].to_string();
        assert!(notes.contains(&note), "{result}");
    }
}

/// Row B8.
#[test]
fn b8_an_update_that_says_nothing_is_not_sent() {
    let stub = service();
    let mut server = stub.server("envelopes", &[]);
    for (given, expected) in [
        (
            json!({"lead_id": 1, "tags": null}),
            "/tags: null means \"not given\" here, so it was left out. Give a value, or [] to empty it",
        ),
        (
            json!({"lead_id": 1, "fone": null}),
            "Did you mean \"phone\"?",
        ),
    ] {
        let result = server.call("update_lead", given);
        let text = said(&result);
        assert_eq!(result["isError"], true, "{text}");
        assert!(text.starts_with("Validation error:"), "{text}");
        assert!(text.contains("nothing would change"), "{text}");
        assert!(text.contains("Null empties only: phone."), "{text}");
        assert!(text.contains(expected), "{text}");
        assert!(stub.asked().is_empty(), "nothing was sent");
    }
    server.call("update_lead", json!({"lead_id": 1, "phone": null}));
    assert_eq!(stub.asked()[0].body, json!({"phone": null}));
}

/// Row A16: totals wherever they are told, and else as many records as can be counted.
#[test]
fn a16_counts_are_exact_where_anything_tells_the_total_and_say_when_they_are_not() {
    let stub = service();
    let mut server = stub.server("envelopes", &[]);
    for (tool, count, requests) in [
        ("count_tasks", json!({"count": 312}), 1),
        ("count_calls", json!({"count": 47}), 1),
        // A short page may be all that a service gives at once; an empty one is the end.
        ("count_visits", json!({"count": ALL}), 3),
        // The same page again and again.
        ("count_rooms", json!({"count": 2, "at_least": true}), 2),
        ("count_notes", json!({"count": 40, "at_least": true}), 10),
    ] {
        let result = server.call(tool, json!({}));
        assert_eq!(result["structuredContent"], count, "{tool}: {result}");
        let is_least = count.get("at_least").is_some();
        assert_eq!(said(&result).starts_with("at least "), is_least, "{result}");
        assert_eq!(stub.asked().len(), requests, "{tool}");
    }
}

/// Row D5.
#[test]
fn d5_a_result_is_cut_by_tokens_too_and_says_how_to_get_the_rest() {
    let stub = service();
    let mut server = stub.server("envelopes", &[("MAX_RESULT_TOKENS", "2000")]);
    let result = server.call("list_logs", json!({}));
    let text = said(&result);
    let rows = result["structuredContent"]["result"]
        .as_array()
        .unwrap()
        .len();
    assert!((20..200).contains(&rows), "{rows}: {text}");
    assert_eq!(
        text.lines().filter(|line| line.starts_with('|')).count(),
        rows + 2
    );
    let note = format!(
        "Shortened to fit. /result: the first {rows} of 500 items. Ask for pages of limit={rows}"
    );
    assert!(
        text.contains(&note) || text.contains(&note.replace("/result", "the answer")),
        "{text}"
    );
    let whole = stub
        .server("envelopes", &[])
        .call("list_logs", json!({"limit": 100}));
    assert!(!said(&whole).contains("Shortened"), "{whole}");
}
