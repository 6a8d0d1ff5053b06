//! What PerfexAPI's answers become.

use serde_json::{Value, json};

use super::{invoice, page, server};
use crate::said;
use crate::stub::{Answer, Seen, Stub};
use crate::vendors::{Row, rows};

/// An invoice as the service gives it.
fn record() -> Value {
    json!({
        "id": 471, "clientid": 3, "project_id": null, "sent": false, "datesend": null, "total_tax": "361.00",
        "balance_due": "2261.00", "datecreated": "2026-03-02T10:00:00Z", "hash": "hash-canary",
        "number": "INV-471", "date": "2026-03-02", "duedate": "2026-04-01", "currency": 1,
        "subtotal": "1900.00", "total": "2261.00", "status": 4, "adminnote": "Call first.",
        "clientnote": "Thank you.", "allowed_payment_modes": [1, 2],
    })
}

/// A page of invoices that have nothing in common, the first of which is that one.
fn records() -> Vec<Value> {
    let other = |n: u32| {
        let mut other = record();
        for (name, value) in [
            ("id", json!(471 + n)),
            ("number", json!(format!("INV-{}", 471 + n))),
            ("clientid", json!(3 + n)),
            ("status", json!(4 - n % 2)),
            ("currency", json!(1 + n % 2)),
            ("date", json!(format!("2026-03-{:02}", 2 + n))),
            ("duedate", json!(format!("2026-04-{:02}", 1 + n))),
            ("total", json!(format!("{}.00", 2261 + n))),
            ("balance_due", json!(format!("{}.00", 2261 + n))),
        ] {
            other[name] = value;
        }
        other
    };
    std::iter::once(record())
        .chain((1..25).map(other))
        .collect()
}

/// The service of one invoice; of 60 of them a page has 25.
fn stub() -> Stub {
    Stub::start(|seen: &Seen| {
        let path = seen.uri.split('?').next().unwrap_or_default();
        match (seen.method.as_str(), path) {
            ("GET", "/api/v1/invoices") => page(json!(records()), 60).into(),
            ("POST", "/api/v1/invoices") => Answer::from((201, json!({"data": record()})))
                .with("location", "/api/v1/invoices/471"),
            (_, path) if path.ends_with("/pdf") => Answer::file("application/pdf", b"%PDF-1.7 x"),
            _ => Answer::from((200, json!({"data": record()}))),
        }
    })
}

#[test]
fn c1_structured_content_fits_the_output_schema() {
    // A service that does not keep to its document: a number where a text belongs and the other way round, which are
    // read as what they are, and a word where a number belongs.
    let odd = |seen: &Seen| {
        let mut odd = record();
        odd["id"] = json!("471");
        odd["total"] = json!(2261);
        odd["status"] = json!("overdue");
        odd["extra"] = json!({"any": "thing"});
        match seen.uri.contains("/invoices/") {
            true => (200, json!({"data": odd})),
            false => page(json!([odd]), 1),
        }
    };
    for (stub, deviates) in [(stub(), false), (Stub::start(odd), true)] {
        let mut server = server(&stub);
        let listed = server.request("tools/list", json!({}));
        let tools = listed["tools"].as_array().unwrap();
        for (tool, arguments) in [
            ("get_invoice", json!({"invoiceId": 471})),
            ("list_invoices", json!({})),
            ("list_invoices", json!({"detail": "full"})),
        ] {
            let schema = tools.iter().find(|one| one["name"] == tool).unwrap();
            let result = server.call(tool, arguments);
            let structured = &result["structuredContent"];
            let validator = jsonschema::validator_for(&schema["outputSchema"]).unwrap();
            let problems: Vec<String> = validator
                .iter_errors(structured)
                .map(|one| one.to_string())
                .collect();
            assert!(problems.is_empty(), "{tool}: {problems:?} in {structured}");
            let noted = said(&result).contains("differs from the service's own description");
            assert_eq!(noted, deviates, "{result}");
            let one = structured.pointer("/data/0").unwrap_or(&structured["data"]);
            assert_eq!(one["number"], "INV-471", "{structured}");
            assert_eq!(one["id"], 471, "{structured}");
            let notes = structured["_notes"].to_string();
            assert_eq!(
                notes.contains("/status: expected integer"),
                deviates,
                "{structured}"
            );
        }
    }
}

#[test]
fn c3_an_invoice_row_has_nine_fields() {
    let stub = stub();
    let mut server = server(&stub);
    let names = |row: &Value| -> Vec<String> { row.as_object().unwrap().keys().cloned().collect() };
    let listed = server.done("list_invoices", json!({}));
    let mut nine = names(&listed["data"][0]);
    nine.sort();
    assert_eq!(
        nine,
        [
            "balance_due",
            "clientid",
            "currency",
            "date",
            "duedate",
            "id",
            "number",
            "status",
            "total"
        ]
    );
    // The rest is to be had.
    let asked = json!({"fields": ["number", "adminnote"]});
    let listed = server.done("list_invoices", asked);
    assert_eq!(listed["data"][0]["adminnote"], "Call first.");
    let full = server.done("get_invoice", json!({"invoiceId": 471}));
    assert_eq!(full["data"]["clientnote"], "Thank you.");
}

#[test]
fn c5_number_and_total_of_the_new_invoice_come_back() {
    let result = server(&stub()).call("create_invoice", invoice(json!({})));
    let made = json!({"id": 471, "number": "INV-471", "total": "2261.00"});
    assert_eq!(result["structuredContent"]["data"], made);
    let text = said(&result);
    assert!(
        text.starts_with(r#"{"id":471,"number":"INV-471","total":"2261.00"}"#),
        "{text}"
    );
    assert!(text.contains("[location: /api/v1/invoices/471]"), "{text}");
}

#[test]
fn c6_a_pdf_is_a_resource() {
    let stub = stub();
    let mut server = server(&stub);
    for (tool, argument) in [
        ("get_estimate_pdf", "estimateId"),
        ("get_proposal_pdf", "proposalId"),
        ("get_credit_note_pdf", "creditNoteId"),
    ] {
        let result = server.call(tool, json!({argument: 1}));
        let parts = result["content"].as_array().unwrap();
        let file = parts
            .iter()
            .find(|part| part["type"] == "resource")
            .unwrap();
        assert_eq!(file["resource"]["mimeType"], "application/pdf");
        assert_eq!(file["resource"]["blob"], "JVBERi0xLjcgeA==");
        // No file as text.
        let text = said(&result);
        assert!(
            text.contains("10 bytes") && !text.contains("%PDF"),
            "{text}"
        );
    }
}

#[test]
fn c7_statuses_are_words_in_tables() {
    let result = server(&stub()).call("list_invoices", json!({}));
    let text = said(&result);
    assert!(
        text.starts_with("|id|number|clientid|status|date|duedate|total|balance_due|currency|\n"),
        "{text}"
    );
    assert!(text.contains("|INV-471|3|overdue|"), "{text}");
    // The copy for programs keeps the values whose type its schema says.
    assert_eq!(result["structuredContent"]["data"][0]["status"], 4);
}

#[test]
fn c11_public_hashes_are_masked() {
    let stub = stub();
    let mut server = server(&stub);
    for (tool, arguments) in [
        ("get_invoice", json!({"invoiceId": 471})),
        ("list_invoices", json!({"detail": "full"})),
        ("list_invoices", json!({"fields": ["number", "hash"]})),
        ("list_customer_invoices", json!({"customerId": 3})),
        ("create_invoice", invoice(json!({}))),
        ("update_invoice", json!({"invoiceId": 471, "total": "1.00"})),
        (
            "get_records",
            json!({"records": [{"kind": "invoice", "id": 471}]}),
        ),
        ("get_proposal", json!({"proposalId": 1})),
    ] {
        let result = server.call(tool, arguments);
        assert_ne!(result["isError"], true, "{result}");
        let all = result.to_string();
        assert!(all.contains("INV-471"), "{tool}: {all}");
        assert!(!all.contains("hash-canary"), "{tool}: {all}");
    }
}

#[test]
fn d1_limit_500_is_clamped_and_said() {
    let stub = stub();
    let mut server = server(&stub);
    for (limit, sent) in [
        (json!(500), 100),
        (json!("500"), 100),
        (json!(40), 40),
        (json!(null), 25),
    ] {
        let text = said(&server.call("list_invoices", json!({"limit": limit})));
        let [asked] = stub.asked().try_into().unwrap();
        assert!(
            asked.uri.contains(&format!("limit={sent}")),
            "{}",
            asked.uri
        );
        let clamped = text.contains(" is more than a page can have; 100 was sent");
        assert_eq!(clamped, sent == 100, "{text}");
    }
}

#[test]
fn d2_a_list_without_a_limit_asks_for_25() {
    let stub = stub();
    let mut server = server(&stub);
    for (tool, path) in [
        ("list_invoices", "invoices"),
        ("list_customers", "customers"),
        ("list_tickets", "tickets"),
    ] {
        server.call(tool, json!({}));
        let [asked] = stub.asked().try_into().unwrap();
        assert_eq!(asked.line(), format!("GET /api/v1/{path}?limit=25"));
    }
}

#[test]
fn d3_next_page_is_ready_to_copy() {
    let stub = stub();
    let mut server = server(&stub);
    let result = server.call("list_invoices", json!({"status": "overdue"}));
    let text = said(&result);
    assert!(text.contains("[25 of 60 - next: page=2"), "{text}");
    // The arguments of the next call, as they are.
    let next = result["structuredContent"]["_next"].clone();
    assert_eq!(next, json!({"page": 2}));
    stub.asked();
    server.call("list_invoices", next);
    let [asked] = stub.asked().try_into().unwrap();
    assert!(asked.uri.contains("page=2"), "{}", asked.uri);
}

#[test]
fn d6_429_says_how_long_to_wait() {
    let slow = |seen: &Seen| {
        let body = match seen.uri.contains("/taxes") {
            true => json!({"message": "Too fast."}),
            false => json!({"message": "Too fast.", "retry_after": 30}),
        };
        let answer = Answer::from((429, body));
        match seen.uri.contains("/currencies") {
            true => answer.with("retry-after", "7"),
            false => answer,
        }
    };
    let stub = Stub::start(slow);
    for (tool, expected) in [
        ("list_currencies", "Try again after 7 s."),
        ("list_countries", "Try again after 30 s."),
        ("list_taxes", "Try again after 1 s."),
    ] {
        // A server for each: a refusal holds for all calls of one. And without waiting for another try.
        let variables = [("API_KEY", "pk_1"), ("MAX_ATTEMPTS", "1")];
        let mut server = stub.server("perfex", &variables);
        let text = said(&server.call(tool, json!({})));
        assert!(
            text.starts_with("Rate limited: Too fast. (HTTP 429)"),
            "{text}"
        );
        assert!(text.contains(expected), "{text}");
        let hint = text.contains("Wait the seconds that retry_after says");
        assert_eq!(hint, tool != "list_taxes", "{text}");
    }
}

#[test]
fn e2_prefix_per_status() {
    let stub = Stub::start(|seen: &Seen| {
        let status = seen.uri.rsplit('/').next().unwrap().parse().unwrap();
        (status, json!({"message": "No."}))
    });
    let mut server = server(&stub);
    for (status, prefix) in [
        (400, "Validation error: "),
        (401, "Auth error: "),
        (403, "Permission denied: "),
        (404, "Not found: "),
        (422, "Validation error: "),
        (429, "Rate limited: "),
        (500, "Upstream error: "),
    ] {
        let result = server.call("get_invoice", json!({"invoiceId": status}));
        assert_eq!(result["isError"], true, "{result}");
        assert!(
            said(&result).starts_with(&format!("{prefix}No. (HTTP {status})")),
            "{result}"
        );
    }
}

#[test]
fn e3_upstream_field_errors_are_one_list() {
    let errors = json!({"duedate": ["must be after date"], "currency": "is unknown", "total": ["is below 0"]});
    let body = json!({"status": false, "message": "Invalid", "errors": errors});
    let stub = Stub::start(move |_| (422, body.clone()));
    let text = said(&server(&stub).call("create_invoice", invoice(json!({}))));
    let expected = "Validation error: Invalid; duedate: must be after date; currency: is unknown; total: is below 0 (HTTP 422)";
    assert!(text.starts_with(expected), "{text}");
    // And those that are found here, before anything is sent.
    stub.asked();
    let wrong = invoice(json!({"clientId": "x", "date": "soon", "status": "late"}));
    let text = said(&server(&stub).call("create_invoice", wrong));
    assert!(text.starts_with("Validation error: 3 problems"), "{text}");
    for place in ["/clientId: ", "/date: ", "/status: "] {
        assert!(text.contains(place), "{text}");
    }
    assert!(stub.asked().is_empty());
}

#[test]
fn e8_a_key_without_pk_is_explained() {
    let stub = Stub::start(|seen: &Seen| match seen.uri.contains("/taxes") {
        true => (403, json!({"message": "No permission."})),
        false => (401, json!({"message": "Unknown key."})),
    });
    let mut server = stub.server("perfex", &[("API_KEY", "key-canary")]);
    let unknown = said(&server.call("list_currencies", json!({})));
    assert!(unknown.contains("The key must start with pk_"), "{unknown}");
    assert!(!unknown.contains("key-canary"), "{unknown}");
    let lacking = said(&server.call("list_taxes", json!({})));
    assert!(
        lacking.contains("The key lacks the permission."),
        "{lacking}"
    );
    assert!(!lacking.contains("pk_"), "{lacking}");
}

/// What the vendor's document shows too.
pub(super) const ROWS: &[Row] = rows![
    c3_an_invoice_row_has_nine_fields,
    c6_a_pdf_is_a_resource,
    c7_statuses_are_words_in_tables,
    d1_limit_500_is_clamped_and_said,
    d2_a_list_without_a_limit_asks_for_25,
    d3_next_page_is_ready_to_copy,
    d6_429_says_how_long_to_wait,
    e2_prefix_per_status,
    e8_a_key_without_pk_is_explained,
];
