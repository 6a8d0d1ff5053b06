//! Rows of PerfexAPI.

mod answers;
mod safety;
mod tools;

use serde_json::{Value, json};

use crate::said;
use crate::stub::{Seen, Stub};
use crate::vendors::{self, Row, rows};

fn server(stub: &Stub) -> mcpwright_tests::Server {
    stub.server("perfex", &[("API_KEY", "pk_1")])
}

fn page(records: Value, total: u32) -> (u16, Value) {
    (
        200,
        json!({"data": records, "meta": {"total": total, "page": 1, "limit": 25}}),
    )
}

/// The arguments of an invoice, with others beside them.
fn invoice(more: Value) -> Value {
    let mut arguments = json!({
        "clientId": 42, "date": "2026-03-02", "currency": 1, "subtotal": "1900.00", "total": "2261.00",
    });
    for (name, value) in more.as_object().unwrap() {
        arguments[name] = value.clone();
    }
    arguments
}

#[test]
fn a15_search_records_asks_seven_lists() {
    let stub = Stub::start(|seen: &Seen| {
        if seen.uri.contains("/staff") {
            return (403, json!({"message": "No permission for staff."}));
        }
        page(json!([{"id": 471, "name": "Ada"}]), 1)
    });
    let result = server(&stub).call("search_records", json!({"query": "ada & co"}));
    let mut asked: Vec<String> = stub.asked().iter().map(Seen::line).collect();
    asked.sort();
    assert_eq!(asked.len(), 7);
    for line in &asked {
        assert!(line.contains("search=ada%20%26%20co"), "{line}");
        assert!(line.contains("limit=5"), "{line}");
    }
    // T8: one that fails is told, and hides none of the others.
    assert_ne!(result["isError"], true);
    let text = said(&result);
    assert!(text.starts_with("1 of 7 lists failed"), "{text}");
    assert!(
        text.contains("list_staff failed. Permission denied: "),
        "{text}"
    );
    assert_eq!(text.matches("471").count(), 6, "{text}");
    let results = result["structuredContent"]["results"].as_array().unwrap();
    let failed = results.iter().filter(|one| one.get("error").is_some());
    assert_eq!((results.len(), failed.count()), (7, 1));
}

#[test]
fn a15_a_search_in_which_every_list_fails_is_an_error() {
    let stub = Stub::start(|_| (401, json!({"message": "unknown key"})));
    let result = server(&stub).call("search_records", json!({"query": "ada"}));
    assert_eq!(result["isError"], true);
    assert!(
        said(&result).starts_with("Auth error: all lists failed."),
        "{result}"
    );
}

#[test]
fn a16_count_asks_for_one_row() {
    let stub = Stub::start(|_| page(json!([{"id": 1}]), 312));
    let counted = server(&stub).done("count_invoices", json!({"status": "unpaid"}));
    assert_eq!(counted["count"], 312);
    let [asked] = stub.asked().try_into().unwrap();
    // The word becomes the value, and one record is asked for.
    assert!(
        asked.uri.contains("status=1") && asked.uri.contains("limit=1"),
        "{}",
        asked.uri
    );
}

#[test]
fn a16_a_total_that_is_missing_is_no_zero() {
    let stub = Stub::start(|_| (200, json!({"data": []})));
    let result = server(&stub).call("count_invoices", json!({}));
    let text = said(&result);
    assert!(
        text.starts_with("Upstream error: the answer to list_invoices has no number"),
        "{text}"
    );
}

#[test]
fn a18_a_missing_record_is_an_error_of_its_own() {
    let stub = Stub::start(|seen: &Seen| match seen.uri.as_str() {
        "/api/v1/leads/2" => (404, json!({"message": "No such lead."})),
        uri => (200, json!({"data": {"id": uri.len(), "name": uri}})),
    });
    let records = json!([
        {"kind": "task", "id": 1},
        {"kind": "lead", "id": 2},
        {"kind": "customer", "id": 3},
    ]);
    let got = server(&stub).done("get_records", json!({"records": records}));
    let kinds: Vec<&Value> = got["records"].as_array().unwrap().iter().collect();
    assert_eq!(
        kinds[1]["error"],
        json!("Not found: No such lead. (HTTP 404)")
    );
    assert_eq!(
        (&kinds[0]["kind"], &kinds[2]["kind"]),
        (&json!("task"), &json!("customer"))
    );
    assert_eq!(got["failed"], 1);
}

#[test]
fn b17_several_matches_are_candidates() {
    let stub = Stub::start(|seen: &Seen| match seen.uri.split('?').next() {
        Some("/api/v1/customers") => {
            let known = json!([
                {"userid": 3, "company": "Acme"},
                {"userid": 4, "company": "Acme Tools"},
                {"userid": 5, "company": "The Acme Shop"},
            ]);
            page(known, 3)
        }
        _ => (200, json!({"data": {"userid": 3, "company": "Acme"}})),
    });
    let mut server = server(&stub);
    let several = server.done("find_customer", json!({"name": "acme "}));
    assert_eq!(
        several["data"]["userid"], 3,
        "the exact name is the one: {several}"
    );
    let asked: Vec<String> = stub.asked().iter().map(Seen::line).collect();
    assert_eq!(asked[1], "GET /api/v1/customers/3");
    let several = server.done("find_customer", json!({"name": "acm"}));
    assert_eq!(several["fit"], 3);
    assert_eq!(stub.asked().len(), 1, "none was chosen");
}

#[test]
fn b17_nothing_is_chosen_while_there_may_be_others() {
    let stub = Stub::start(|_| page(json!([{"userid": 3, "company": "Acme"}]), 300));
    let found = server(&stub).done("find_customer", json!({"name": "Acme"}));
    assert_eq!(found["candidates"][0]["id"], 3);
    assert_eq!(stub.asked().len(), 1);
}

#[test]
fn b27_append_keeps_the_old_text() {
    let stub = Stub::start(|seen: &Seen| match seen.method.as_str() {
        "GET" => (
            200,
            json!({"data": {"id": 7, "name": "Ada", "description": "Old."}}),
        ),
        _ => (200, json!({"data": {"id": 7}})),
    });
    server(&stub).done(
        "append_lead_description",
        json!({"id": 7, "text": " New. "}),
    );
    let asked = stub.asked();
    assert_eq!(asked[1].line(), "PUT /api/v1/leads/7");
    assert_eq!(asked[1].body["description"], "Old.\n\nNew.");
}

/// What the vendor's document shows too.
pub(super) const ROWS: &[Row] = rows![
    a15_search_records_asks_seven_lists,
    a15_a_search_in_which_every_list_fails_is_an_error,
    a16_count_asks_for_one_row,
    a16_a_total_that_is_missing_is_no_zero,
    a18_a_missing_record_is_an_error_of_its_own,
    b17_several_matches_are_candidates,
    b17_nothing_is_chosen_while_there_may_be_others,
    b27_append_keeps_the_old_text,
];

#[test]
fn the_reconstructed_document_shows_the_same_rows() {
    vendors::show(&[ROWS, answers::ROWS, tools::ROWS, safety::ROWS]);
}
