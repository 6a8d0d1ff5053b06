//! fanout, count, multi_get and lookup over the demo CRM.

use serde_json::json;

use crate::{crm, said};

#[test]
fn one_search_asks_all_lists_and_shows_a_few_records_of_each() {
    let (_crm, mut server) = crm();
    let result = server.call("search_everything", json!({"query": "acme"}));
    let text = said(&result);
    let places: Vec<usize> = [
        "list_customers\n|",
        "list_leads\nNo leads",
        "list_contacts\n|",
    ]
    .iter()
    .map(|part| text.find(part).unwrap_or_else(|| panic!("{part}: {text}")))
    .collect();
    assert!(places.is_sorted(), "in the order of the settings");
    let results = &result["structuredContent"]["results"];
    let customers = &results[0]["result"]["data"];
    assert_eq!(results[0]["tool"], "list_customers");
    assert_eq!(customers[0]["name"], "Acme Corp");
    // The text has what the structured content has, and no list gives more than its few.
    assert!(text.contains("|1|Acme Corp|"), "{text}");
    assert_eq!(results[2]["result"]["data"].as_array().unwrap().len(), 3);
}

#[test]
fn counts_come_without_records() {
    let (crm, mut server) = crm();
    let total = |path: &str| crm.json(path)["meta"]["total"].clone();
    let counted = server.done("count_invoices", json!({}));
    assert_eq!(counted, json!({"count": total("/invoices?limit=1")}));
    let paid = server.done(
        "count_invoices",
        json!({"status": ["paid"], "overdue": null}),
    );
    assert_eq!(paid["count"], total("/invoices?limit=1&status=paid"));
    let leads = server.done("count_records", json!({"entity": "lead"}));
    assert_eq!(
        leads,
        json!({"count": total("/leads?limit=1"), "entity": "lead"})
    );
    let sent = json!({"entity": "invoice", "filters": {"status": ["sent"]}});
    let sent = server.done("count_records", sent);
    assert_eq!(sent["count"], total("/invoices?limit=1&status=sent"));
}

#[test]
fn a_wrong_filter_of_a_count_is_answered_and_never_ignored() {
    let (_crm, mut server) = crm();
    for (tool, arguments) in [
        ("count_invoices", json!({"statsu": ["paid"]})),
        (
            "count_records",
            json!({"entity": "invoice", "filters": {"statsu": ["paid"]}}),
        ),
    ] {
        let result = server.call(tool, arguments);
        assert_eq!(result["isError"], true);
        let text = said(&result);
        assert!(text.contains("Did you mean \"status\"?"), "{text}");
    }
    let result = server.call("count_records", json!({"entity": "leed"}));
    assert!(said(&result).contains("Did you mean \"lead\"?"));
}

#[test]
fn records_come_in_the_order_of_their_ids_each_with_its_own_error() {
    let (_crm, mut server) = crm();
    let wanted = json!([
        {"kind": "invoice", "id": 2},
        {"kind": "lead", "id": 99_999},
        {"kind": "customer", "id": "1"},
        {"kind": "invoice", "id": 2},
    ]);
    let result = server.call("get_records", json!({"records": wanted}));
    assert_ne!(result["isError"], true);
    let text = said(&result);
    assert!(text.starts_with("1 of 3 failed.\n\ninvoice 2\n"), "{text}");
    assert!(text.contains("lead 99999 failed. Not found: "), "{text}");
    let records = &result["structuredContent"]["records"];
    assert_eq!(records[0]["record"]["number"], "INV-2026-0031");
    assert!(
        records[1]["error"]
            .as_str()
            .unwrap()
            .starts_with("Not found: ")
    );
    assert_eq!(records[2]["record"]["name"], "Acme Corp");
    assert_eq!(records.as_array().unwrap().len(), 3, "twice is once");
}

#[test]
fn ids_are_bounded_and_a_call_in_which_all_fail_is_an_error() {
    let (_crm, mut server) = crm();
    let many: Vec<u32> = (1..=21).collect();
    let result = server.call("get_customers", json!({"ids": many}));
    assert!(said(&result).contains("expected at most 20 items, got 21"));
    let result = server.call("get_customers", json!({"ids": [99_998, 99_999]}));
    assert_eq!(result["isError"], true);
    let text = said(&result);
    assert!(text.starts_with("Not found: all ids failed."), "{text}");
    assert!(
        text.contains("99998 failed") && text.contains("99999 failed"),
        "{text}"
    );
}

#[test]
fn a_name_is_looked_up_exactly_first_and_what_is_ambiguous_is_listed() {
    let (_crm, mut server) = crm();
    for (name, id) in [
        (" acme  CORP ", 1),
        ("acme f", 5),
        ("toso", 2),
        // An id is one even where a name has its digits.
        ("2", 2),
    ] {
        let found = server.done("find_customer", json!({"name": name}));
        assert_eq!(found["id"], id, "{name}: {found}");
    }
    let result = server.call("find_customer", json!({"name": "acme"}));
    let text = said(&result);
    assert!(
        text.starts_with(
            "2 records fit `acme`, and none was chosen. Call get_customer with the id"
        ),
        "{text}"
    );
    let candidates = &result["structuredContent"]["candidates"];
    assert_eq!(candidates[0]["name"], "Acme Corp");
    assert_eq!(candidates[1]["id"], 5);
    for name in ["%", "_", "no such customer", "99999"] {
        let found = server.done("find_customer", json!({"name": name}));
        assert_eq!(found, json!({"candidates": []}), "{name}");
    }
}
