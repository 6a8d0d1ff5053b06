//! Rows of Customermates.

mod operations;

use serde_json::{Value, json};

use crate::said;
use crate::stub::{Seen, Stub};

fn id(number: u32) -> String {
    format!("{number:08}-0000-4000-8000-000000000000")
}

/// A contact with two deals, a deal with a service, and searches that find 41 of everything.
fn stub() -> Stub {
    Stub::start(|seen: &Seen| {
        let named = |number: u32| json!({"id": id(number), "name": format!("No. {number}")});
        let path = seen.uri.trim_start_matches("/v1/");
        match (seen.method.as_str(), path.split('/').next()) {
            ("POST", _) => (
                200,
                json!({"items": [named(1)], "pagination": {"total": 41, "page": 1, "pageSize": 5}}),
            ),
            ("GET", Some("contacts")) if path.ends_with(&id(1)) => {
                let contact = json!({
                    "id": id(1), "firstName": "Ada", "lastName": "Byron", "notes": "Likes *tea*.",
                    "organizations": [], "users": [], "tasks": [], "deals": [named(7), named(8)],
                });
                (200, json!({"contact": contact, "customColumns": []}))
            }
            ("GET", Some("deals")) => {
                let service = json!({"id": id(3), "name": "Hosting", "quantity": 2});
                let deal = json!({"id": id(1), "name": "Shop", "services": [service]});
                (200, json!({"deal": deal, "customColumns": []}))
            }
            ("PUT", _) => (200, json!({"id": id(1)})),
            _ => (200, json!({"contact": null, "customColumns": []})),
        }
    })
}

fn server(stub: &Stub) -> mcpwright_tests::Server {
    stub.server("customermates", &[("API_KEY", &"a".repeat(64))])
}

/// The bodies of the writes.
fn written(stub: &Stub) -> Vec<Value> {
    let asked = stub.asked().into_iter();
    let writes = asked.filter(|seen| seen.method == "PUT");
    writes.map(|seen| seen.body).collect()
}

#[test]
fn a15_five_searches_one_answer() {
    let stub = stub();
    let result = server(&stub).call("search_all_entities", json!({"query": "ada"}));
    assert_ne!(result["isError"], true, "{result}");
    let asked = stub.asked();
    assert_eq!(asked.len(), 5);
    for seen in &asked {
        assert_eq!(seen.body["searchTerm"], "ada");
        assert_eq!(seen.body["pagination"]["pageSize"], 5);
    }
}

#[test]
fn a16_count_asks_for_the_smallest_page() {
    let stub = stub();
    let counted = server(&stub).done("count_deals", json!({"searchTerm": "shop"}));
    assert_eq!(counted["count"], 41);
    let [asked] = stub.asked().try_into().unwrap();
    let sent = json!({"searchTerm": "shop", "pagination": {"page": 1, "pageSize": 5}});
    assert_eq!(asked.body, sent);
}

#[test]
fn a18_a_missing_record_is_an_error_of_its_own() {
    let stub = Stub::start(|seen: &Seen| match seen.uri.ends_with(&id(2)) {
        true => (404, json!("Not found")),
        false => (
            200,
            json!({"contact": {"id": id(1)}, "deal": {"id": id(1)}}),
        ),
    });
    let records = json!([
        {"kind": "contact", "id": id(1)},
        {"kind": "deal", "id": id(2)},
    ]);
    let got = server(&stub).done("get_entities", json!({"records": records}));
    assert!(got["records"][0].get("record").is_some(), "{got}");
    assert!(
        got["records"][1]["error"]
            .as_str()
            .unwrap()
            .starts_with("Not found: ")
    );
}

#[test]
fn b13_link_keeps_the_other_ids() {
    let stub = stub();
    let mut server = server(&stub);
    let arguments = json!({"id": id(1), "relation": "deal", "ids": [id(8), id(9)]});
    let result = server.call("link_contacts", arguments.clone());
    assert!(
        said(&result).contains("deal: was 2, now 3. Added: "),
        "{result}"
    );
    assert_eq!(written(&stub), [json!({"dealIds": [id(7), id(8), id(9)]})]);
    server.done("unlink_contacts", arguments);
    assert_eq!(written(&stub), [json!({"dealIds": [id(7)]})]);
    // What is there already is not written again.
    let same = json!({"id": id(1), "relation": "deal", "ids": [id(7)]});
    assert_eq!(server.done("link_contacts", same)["changed"], json!([]));
    assert!(written(&stub).is_empty());
}

#[test]
fn b13_without_the_record_nothing_is_written() {
    let stub = stub();
    let arguments = json!({"id": id(5), "relation": "deal", "ids": [id(9)]});
    let result = server(&stub).call("link_contacts", arguments);
    let text = said(&result);
    assert!(
        text.starts_with("Not found: get_contact gave no record"),
        "{text}"
    );
    assert!(written(&stub).is_empty());
}

#[test]
fn b14_a_service_has_no_contacts() {
    let stub = stub();
    let arguments = json!({"id": id(1), "relation": "contact", "ids": [id(9)]});
    let result = server(&stub).call("link_services", arguments);
    let text = said(&result);
    assert!(text.starts_with("Validation error: "), "{text}");
    assert!(
        text.contains("Allowed: \"user\", \"deal\", \"task\""),
        "{text}"
    );
    assert!(stub.asked().is_empty());
}

#[test]
fn b26_linking_a_service_takes_a_quantity() {
    let stub = stub();
    let mut server = server(&stub);
    let mut link = |record: Value| {
        let arguments = json!({"id": id(1), "relation": "service", "records": [record]});
        server.call("link_deals", arguments)
    };
    let result = link(json!({"id": id(4), "quantity": 3}));
    assert_ne!(result["isError"], true, "{result}");
    let both = json!([
        {"serviceId": id(3), "quantity": 2},
        {"serviceId": id(4), "quantity": 3},
    ]);
    assert_eq!(written(&stub), [json!({"services": both})]);
    // Another quantity of what is there is a change; the same is none.
    link(json!({"id": id(3), "quantity": 5}));
    let changed = json!([{"serviceId": id(3), "quantity": 5}]);
    assert_eq!(written(&stub), [json!({"services": changed})]);
    link(json!({"id": id(3), "quantity": 2}));
    assert!(written(&stub).is_empty());
    let task = json!({"id": id(1), "relation": "task", "records": [{"id": id(4), "quantity": 3}]});
    let text = said(&server.call("link_deals", task));
    assert!(
        text.contains("task has no quantity; nothing was sent"),
        "{text}"
    );
}

#[test]
fn b27_append_keeps_the_old_text() {
    let stub = stub();
    let arguments = json!({"id": id(1), "text": "And *cake*."});
    server(&stub).done("append_contact_notes", arguments);
    assert_eq!(
        written(&stub),
        [json!({"notes": "Likes *tea*.\n\nAnd *cake*."})]
    );
}
