//! Hooks and tools of one's own, seen by a client of the server.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

use std::path::Path;

use mcpwright_tests::{ADMIN, Crm, Server, text};
use serde_json::json;

fn start() -> (Crm, Server) {
    let crm = Crm::start();
    let binary = Path::new(env!("CARGO_BIN_EXE_mcpwright-tests-build-script"));
    let server = Server::start(binary, &crm.variables(ADMIN));
    (crm, server)
}

#[test]
fn a_hook_before_an_operation_changes_what_is_sent() {
    let (crm, mut server) = start();
    let lines = json!([{"item_id": 1, "quantity": "1"}]);
    for (arguments, expected) in [
        (
            json!({"customer_id": 1, "lines": lines}),
            json!("PO-DEFAULT"),
        ),
        (
            json!({"customer_id": 1, "lines": lines, "po_number": "PO-1"}),
            json!("PO-1"),
        ),
        (
            json!({"customer_id": 1, "lines": lines, "po_number": null}),
            json!(null),
        ),
    ] {
        let invoice = server.done("create_invoice", arguments);
        let stored = crm.json(&format!("/invoices/{}", invoice["id"]));
        assert_eq!(stored["po_number"], expected);
    }
}

#[test]
fn a_hook_before_an_operation_refuses_and_nothing_is_sent() {
    let (crm, mut server) = start();
    let before = crm.json("/invoices")["meta"]["total"].clone();
    let result = server.call(
        "create_invoice",
        json!({"customer_id": 5, "lines": [{"item_id": 1, "quantity": "1"}]}),
    );
    assert_eq!(result["isError"], true);
    assert!(
        text(&result).contains("Acme Foods is not billed any more; ask Dana."),
        "{result}"
    );
    assert_eq!(crm.json("/invoices")["meta"]["total"], before);
}

#[test]
fn a_hook_after_an_operation_changes_what_the_model_reads() {
    let (crm, mut server) = start();
    assert_eq!(crm.json("/customers/1")["vat_number"], "DE811111111");
    let result = server.call("get_customer", json!({"customer_id": 1}));
    assert!(!result.to_string().contains("DE811111111"), "{result}");
    assert!(
        text(&result).contains("\"notes_for_model\":\"get_customer\""),
        "{result}"
    );
}

#[test]
fn a_tool_of_ones_own_stands_among_the_others_and_uses_the_client() {
    let (crm, mut server) = start();
    let listed = server.request("tools/list", json!({}));
    let tools = listed["tools"].as_array().unwrap();
    let tool = tools
        .iter()
        .find(|tool| tool["name"] == "count_open_invoices")
        .unwrap();
    assert_eq!(tool["annotations"]["title"], "Count open invoices");
    assert_eq!(tool["annotations"]["readOnlyHint"], true);
    let result = server.done("count_open_invoices", json!({}));
    assert_eq!(
        result["result"],
        crm.json("/invoices?status=sent")["meta"]["total"]
    );
    let refused = server.call("count_open_invoices", json!({"surplus": 1}));
    assert_eq!(refused["isError"], true, "{refused}");
}
