//! Row D3: pages in the ways that services have, over one that pages truly. A model copies what a result
//! says of the next call until it says nothing more.

use serde_json::{Map, Value, json};

use crate::said;
use crate::stub::{Answer, Seen, Stub};

/// Records of each list.
const ALL: usize = 5;

/// The value of a query parameter.
fn given(seen: &Seen, name: &str) -> Option<String> {
    let query = seen.uri.split_once('?').map_or("", |(_, query)| query);
    let decoded = query.replace("%5B", "[").replace("%5D", "]");
    let mut pairs = decoded.split('&').filter_map(|pair| pair.split_once('='));
    let found = pairs.find(|(key, _)| *key == name);
    found.map(|(_, value)| value.to_owned())
}

fn number(seen: &Seen, name: &str) -> Option<usize> {
    given(seen, name).map(|text| text.parse().unwrap())
}

/// Identifiers are what a page begins behind; texts begin with `r_`.
fn service() -> Stub {
    Stub::start(|seen: &Seen| -> Answer {
        let path = seen.uri.split('?').next().unwrap();
        let size = ["limit", "per_page", "pageSize", "page[size]"]
            .into_iter()
            .find_map(|name| number(seen, name))
            .unwrap_or(2);
        let texts = ["starting_after", "pageToken", "page[after]"];
        let behind = texts.into_iter().find_map(|name| given(seen, name));
        let before = match behind {
            Some(text) => text.trim_start_matches("r_").parse().unwrap(),
            None => number(seen, "offset")
                .or_else(|| number(seen, "since_id"))
                .unwrap_or(0),
        };
        let is_text = matches!(path, "/charges" | "/contacts" | "/files" | "/posts");
        let id = |n: usize| {
            if is_text {
                json!(format!("r_{n}"))
            } else {
                json!(n)
            }
        };
        let end = ALL.min(before + size);
        let rows: Vec<Value> = (before + 1..=end)
            .map(|n| json!({"id": id(n), "amount": n * 10}))
            .collect();
        let more = end < ALL;
        let next = |value: Value| if more { value } else { Value::Null };
        let body = match path {
            "/charges" | "/events" => json!({"object": "list", "data": rows, "has_more": more}),
            "/contacts" => json!({"data": rows, "pages": {
                "total_pages": 3, "next": next(json!({"starting_after": id(end)}))}}),
            "/files" => json!({"files": rows, "nextPageToken": next(id(end))}),
            "/posts" => json!({"data": rows, "links": {
                "next": next(json!(format!("https://pages.example.com/posts?page%5Bafter%5D=r_{end}")))}}),
            "/orders" => json!({"items": rows, "total": ALL}),
            _ => json!(rows),
        };
        let answer = Answer::from((200, body));
        match (path, end) {
            ("/statuses", 2) => answer.with("link", "</statuses?since_id=2>; rel=\"next\""),
            ("/statuses", 4) => answer.with("link", "</statuses?since_id=4>; rel=\"next\""),
            _ => answer,
        }
    })
}

/// The amounts of all pages that results lead to, and the arguments of the second call.
fn walked(tool: &str, first: Value) -> (Vec<u64>, Value) {
    let stub = service();
    let mut server = stub.server("pages", &[]);
    let mut arguments: Map<String, Value> = first.as_object().unwrap().clone();
    let mut amounts = Vec::new();
    let mut second = Value::Null;
    for _ in 0..ALL {
        let result = server.call(tool, Value::from(arguments.clone()));
        assert_ne!(result["isError"], true, "{result}");
        let structured = &result["structuredContent"];
        let lists = structured.as_object().unwrap().values();
        let rows = lists
            .filter_map(Value::as_array)
            .find(|rows| rows.iter().any(Value::is_object));
        amounts.extend(
            rows.unwrap()
                .iter()
                .map(|row| row["amount"].as_u64().unwrap()),
        );
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
    (amounts, second)
}

#[test]
fn d3_each_style_leads_through_all_pages_once() {
    for (tool, next) in [
        ("list_charges", json!({"starting_after": "r_2"})),
        ("list_contacts", json!({"starting_after": "r_2"})),
        ("list_files", json!({"pageToken": "r_2"})),
        ("list_posts", json!({"page_after": "r_2"})),
        ("list_orders", json!({"offset": 2})),
        ("list_statuses", json!({"since_id": 2})),
        ("list_shops", json!({"since_id": 2})),
    ] {
        let (amounts, second) = walked(tool, json!({}));
        assert_eq!(amounts, [10, 20, 30, 40, 50], "{tool}");
        assert_eq!(second, next, "{tool}");
    }
    // With a size of the caller's own, which stays.
    let (amounts, second) = walked("list_charges", json!({"limit": 4}));
    assert_eq!(amounts, [10, 20, 30, 40, 50]);
    assert_eq!(second, json!({"starting_after": "r_4", "limit": 4}));
}

#[test]
fn d3_what_nothing_tells_is_not_guessed_and_that_there_is_more_is_said() {
    // A point in time is no number of records, and `ending_before` leads the other way.
    for (tool, arguments) in [
        ("list_events", json!({"start": 0, "end": 9})),
        ("list_audits", json!({})),
        ("list_charges", json!({"ending_before": "r_9"})),
    ] {
        let (amounts, next) = walked(tool, arguments);
        assert_eq!((amounts, next), (vec![10, 20], Value::Null), "{tool}");
    }
    let stub = service();
    let result = stub.server("pages", &[]).call("list_events", json!({}));
    let text = said(&result);
    assert!(text.contains("{\"has_more\":true}"), "{text}");
}
