//! What PerfexAPI's tools are, and what becomes of their arguments.

use serde_json::{Value, json};

use super::{page, server};
use crate::names;
use crate::said;
use crate::stub::{Seen, Stub};
use crate::vendors::{Row, rows};

/// A service that gives a record, whatever is asked.
fn stub() -> Stub {
    Stub::start(|_| (200, json!({"data": {"id": 3}})))
}

#[test]
fn a7_tools_list_has_all_tools_on_one_page() {
    let listed = server(&stub()).request("tools/list", json!({}));
    assert_eq!(listed.get("nextCursor"), None);
    // 171 operations and five tools beside them.
    assert_eq!(listed["tools"].as_array().unwrap().len(), 171 + 5);
}

#[test]
fn a8_instructions_name_19_groups() {
    let said = server(&stub()).request("server/discover", json!({}));
    let said = said["instructions"].as_str().unwrap();
    let topics: Vec<&str> = said
        .lines()
        .filter_map(|line| line.strip_prefix("- ")?.split([' ', ':']).next())
        .collect();
    // Behind those of the document stands that of the tools which belong to none of them.
    let (general, groups) = topics.split_last().unwrap();
    assert_eq!((groups.len(), *general), (19, "General"), "{said}");
    for group in ["customers", "credit_notes", "timesheets", "utility"] {
        assert!(groups.contains(&group), "{group}: {said}");
    }
}

#[test]
fn a10_toolset_of_two_tags_has_12_tools() {
    let view = [("API_KEY", "pk_1"), ("VIEW", "x/invoices,payments")];
    let listed = names(&mut stub().server("perfex", &view));
    let (beside, operations): (Vec<&str>, Vec<&str>) = listed
        .iter()
        .map(String::as_str)
        .partition(|name| *name == "count_invoices");
    assert_eq!((operations.len(), beside.len()), (12, 1), "{listed:?}");
    for name in &operations {
        let fits = name.contains("invoice") || name.contains("payment");
        assert!(fits, "{name}");
    }
}

#[test]
fn b2_examples_of_the_document_validate() {
    crate::examples::are_accepted("perfex", ("API_KEY", "pk_1"), 24);
}

#[test]
fn b7_actions_come_from_the_paths() {
    let view = [("API_KEY", "pk_1"), ("VIEW", "records")];
    let stub = stub();
    let mut server = stub.server("perfex", &view);
    for (entity, actions) in [
        ("invoices", &["send"][..]),
        ("tasks", &["assign", "status", "mark_complete", "priority"]),
    ] {
        let found = server
            .done("list_actions", json!({"entity": entity}))
            .to_string();
        for action in actions {
            assert!(found.contains(action), "{action}: {found}");
        }
    }
}

#[test]
fn b8_an_update_sends_what_was_given() {
    let stub = stub();
    let mut server = server(&stub);
    // Of what is not said nothing is sent, nor of what is said not to be.
    let arguments = json!({"customerId": 3, "city": "Bern", "vat": null});
    server.done("update_customer", arguments);
    let [asked] = stub.asked().try_into().unwrap();
    assert_eq!(asked.line(), "PUT /api/v1/customers/3");
    assert_eq!(asked.body, json!({"city": "Bern"}));
    let nothing = server.call("update_customer", json!({"customerId": 3}));
    assert!(
        said(&nothing).starts_with("Validation error: "),
        "{nothing}"
    );
    assert!(stub.asked().is_empty());
}

#[test]
fn b18_overdue_is_sent_as_4() {
    let stub = Stub::start(|seen: &Seen| match seen.method.as_str() {
        "GET" => page(json!([]), 0),
        _ => (200, json!({"data": {"id": 3}})),
    });
    let mut server = server(&stub);
    for (tool, arguments, sent) in [
        ("list_invoices", json!({"status": "overdue"}), "status=4"),
        (
            "list_invoices",
            json!({"status": "Partially Paid"}),
            "status=3",
        ),
        ("list_projects", json!({"status": "on hold"}), "status=3"),
        ("list_tasks", json!({"status": "testing"}), "status=3"),
    ] {
        server.done(tool, arguments);
        let [asked] = stub.asked().try_into().unwrap();
        assert!(asked.uri.contains(sent), "{}", asked.uri);
    }
    server.done("update_invoice", json!({"invoiceId": 7, "status": "draft"}));
    let [asked] = stub.asked().try_into().unwrap();
    assert_eq!(asked.body, json!({"status": 6}));
    // T7: an unknown word drops no filter.
    let late = server.call("list_invoices", json!({"status": "late"}));
    let text = said(&late);
    assert!(
        text.contains("Allowed: \"unpaid\", \"paid\", \"partially paid\", \"overdue\""),
        "{text}"
    );
    assert!(stub.asked().is_empty());
}

#[test]
fn b25_a_wrong_date_is_answered_with_todays() {
    let stub = stub();
    let mut server = server(&stub);
    let arguments = super::invoice(json!({"date": "02.03.2026"}));
    let text = said(&server.call("create_invoice", arguments));
    assert!(
        text.contains("/date: expected a date as YYYY-MM-DD, got \"02.03.2026\""),
        "{text}"
    );
    let today = text.split("Today is ").nth(1).unwrap();
    let parts: Vec<usize> = today
        .split('.')
        .next()
        .unwrap()
        .split('-')
        .map(str::len)
        .collect();
    assert_eq!(parts, [4, 2, 2], "{text}");
    assert!(stub.asked().is_empty());
}

/// A customer, a price list and an invoice that is sent.
fn shop(seen: &Seen) -> (u16, Value) {
    match seen.uri.split('?').next().unwrap_or_default() {
        "/api/v1/customers" => page(json!([{"userid": 42, "company": "Acme"}]), 1),
        "/api/v1/items" => page(
            json!([{"id": 5, "description": "Hosting", "rate": "95.00"}]),
            1,
        ),
        "/api/v1/invoices" => (
            201,
            json!({"data": {"id": 471, "number": "INV-471", "total": "1900.00"}}),
        ),
        "/api/v1/invoices/471/send" => (200, json!({"data": {"id": 471, "sent": true}})),
        _ => (200, json!({"data": {"userid": 42, "company": "Acme"}})),
    }
}

#[test]
fn b28_find_price_create_and_send_an_invoice() {
    let stub = Stub::start(shop);
    let mut server = server(&stub);
    // "Invoice Acme for 20 hours of hosting and send it."
    let found = server.done("find_customer", json!({"name": "Acme"}));
    let customer = &found["data"]["userid"];
    let prices = server.done("list_items", json!({"search": "hosting"}));
    assert_eq!(prices["data"][0]["rate"], "95.00");
    let arguments = super::invoice(json!({"clientId": customer, "total": "1900.00"}));
    let made = server.done("create_invoice", arguments);
    let sent = server.confirmed("send_invoice", json!({"invoiceId": made["data"]["id"]}));
    assert_ne!(sent["isError"], true, "{sent}");
    let asked: Vec<String> = stub
        .asked()
        .iter()
        .map(|seen| seen.line().split('?').next().unwrap().to_owned())
        .collect();
    assert_eq!(
        asked,
        [
            "GET /api/v1/customers",
            "GET /api/v1/customers/42",
            "GET /api/v1/items",
            "POST /api/v1/invoices",
            "POST /api/v1/invoices/471/send",
        ]
    );
}

/// What the vendor's document shows too.
pub(super) const ROWS: &[Row] = rows![
    a7_tools_list_has_all_tools_on_one_page,
    a8_instructions_name_19_groups,
    a10_toolset_of_two_tags_has_12_tools,
    b7_actions_come_from_the_paths,
    b25_a_wrong_date_is_answered_with_todays,
];
