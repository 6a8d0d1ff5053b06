//! What is sent: arguments, nulls, page sizes, tools beside the operations.

use serde_json::{Value, json};

use super::{always, id, lines, server};
use crate::said;
use crate::stub::{Seen, Stub};
use crate::vendors::{Row, rows};

/// The lists, each with its total in a place of its own.
fn lists() -> Stub {
    Stub::start(|seen: &Seen| {
        let named = |number: u32, name: &str| json!({"id": id(number), "name": name});
        let path = seen.uri.split('?').next().unwrap_or_default();
        let body = match path {
            "/api/leads/" => json!({"open_leads": {"leads_count": 11, "open_leads": []}}),
            "/api/accounts/" => {
                let accounts = [named(1, "Acme Shop"), named(2, "Acme Tools")];
                json!({"active_accounts": {"open_accounts_count": 2, "open_accounts": accounts}})
            }
            "/api/contacts/" => json!({"count": 13, "results": []}),
            "/api/opportunities/" => json!({"opportunities_count": 14, "opportunities": []}),
            "/api/cases/" => json!({"cases_count": 15, "cases": []}),
            "/api/tasks/" => json!({"tasks_count": 16, "tasks": []}),
            _ => return (404, json!({"detail": "Not found."})),
        };
        (200, body)
    })
}

#[test]
fn a16_totals_are_read_where_they_stand() {
    let stub = lists();
    let mut server = server(&stub);
    for (entity, total) in [
        ("lead", 11),
        ("account", 2),
        ("contact", 13),
        ("opportunity", 14),
        ("case", 15),
        ("task", 16),
    ] {
        let counted = server.done("count_records", json!({"entity": entity}));
        assert_eq!(counted, json!({"count": total, "entity": entity}));
        let [asked] = lines(&stub).try_into().unwrap();
        assert!(asked.ends_with("?limit=1"), "{asked}");
    }
}

#[test]
fn b17_several_matches_are_candidates() {
    let stub = lists();
    let mut server = server(&stub);
    let found = server.done("find_account", json!({"name": "acme"}));
    assert_eq!(found["fit"], 2, "{found}");
    assert_eq!(found["candidates"][1]["name"], "Acme Tools");
    assert_eq!(lines(&stub).len(), 1, "none was chosen");
}

#[test]
fn a18_errors_per_item() {
    let stub = Stub::start(|seen: &Seen| match seen.uri.as_str() {
        uri if uri.starts_with("/api/leads/") => (200, json!({"lead_obj": {"id": id(1)}})),
        uri if uri.starts_with("/api/cases/") => (403, json!({"detail": "No scope."})),
        _ => (404, json!({"detail": "Not found."})),
    });
    let records = json!([
        {"kind": "case", "id": id(2)},
        {"kind": "lead", "id": id(1)},
        {"kind": "invoice", "id": id(3)},
    ]);
    let got = server(&stub).done("get_records", json!({"records": records}));
    let error = |index: usize| got["records"][index]["error"].as_str().unwrap_or_default();
    assert!(
        error(0).starts_with("Permission denied: No scope."),
        "{got}"
    );
    assert_eq!(error(1), "");
    assert!(error(2).starts_with("Not found: "), "{got}");
    assert_eq!(got["failed"], 2);
}

#[test]
fn b9_null_on_assigned_to_is_refused() {
    let stub = always(200, json!({"error": false, "message": "ok"}));
    let mut server = server(&stub);
    for tool in [
        "patch_lead",
        "patch_opportunity",
        "patch_case",
        "patch_task",
    ] {
        for field in ["assigned_to", "teams", "tags"] {
            let result = server.call(tool, json!({"id": id(1), field: null}));
            let text = said(&result);
            let expected = format!(
                "- /{field}: null is refused here. Leave it out to keep what is there, or give [] to clear it."
            );
            assert!(text.contains(&expected), "{tool}: {text}");
        }
        assert!(lines(&stub).is_empty());
        server.done(tool, json!({"id": id(1), "tags": []}));
        assert_eq!(stub.asked()[0].body, json!({"tags": []}));
    }
}

#[test]
fn b18_campaign_is_spelt_as_the_service_does() {
    let stub = always(200, json!({"error": false, "message": "ok", "id": id(1)}));
    let mut server = server(&stub);
    for (word, value) in [
        ("open", "assigned"),
        ("working", "in process"),
        ("won", "converted"),
        ("lost", "closed"),
    ] {
        let lead = json!({"title": word, "source": "campaign", "status": word});
        server.done("create_lead", lead);
        let sent = json!({"title": word, "source": "compaign", "status": value});
        assert_eq!(stub.asked()[0].body, sent);
    }
    let text = said(&server.call("create_lead", json!({"title": "x", "source": "campain"})));
    assert!(text.contains("Did you mean \"campaign\"?"), "{text}");
    assert!(stub.asked().is_empty());
}

#[test]
fn b21_unknown_fields_pass() {
    let stub = always(200, json!({"error": false}));
    let mut server = server(&stub);
    for (tool, more) in [
        ("create_opportunities_goal", json!({})),
        ("create_macro", json!({})),
        ("create_cases_approval_rule", json!({})),
        ("create_case_time_entry", json!({"id": id(1)})),
        ("bulk_update_cases", json!({})),
    ] {
        let free = json!({"nobody": {"knows": [1, null]}, "tool": tool});
        let mut arguments = more;
        arguments["body"] = free.clone();
        server.done(tool, arguments);
        assert_eq!(stub.asked()[0].body, free, "{tool}");
    }
    // Where the document lists the fields, another is a mistake.
    let text = said(&server.call("create_lead", json!({"title": "x", "tilte": "y"})));
    assert!(text.contains("there is no such argument"), "{text}");
}

#[test]
fn b22_the_services_verdict_is_final() {
    let refused = json!({"error": true, "errors": {"due_date": ["A due date lies ahead."]}});
    let stub = always(400, refused);
    let mut server = server(&stub);
    // Nothing here is wrong by type, enum or format, so that the service is asked.
    let task = json!({"title": "", "status": "New", "priority": "High", "due_date": "1990-01-01"});
    let result = server.call("create_task", task);
    assert_eq!(stub.asked().len(), 1);
    let text = said(&result);
    assert!(
        text.starts_with("Validation error: due_date: A due date lies ahead. (HTTP 400)"),
        "{text}"
    );
    // And here it is.
    for wrong in [
        json!({"title": "x", "status": "Nwe", "priority": "High"}),
        json!({"title": "x", "status": "New", "priority": "High", "due_date": "soon"}),
        json!({"status": "New", "priority": "High"}),
        json!({"title": 7.5, "status": "New", "priority": "High", "assigned_to": ["me"]}),
    ] {
        let text = said(&server.call("create_task", wrong));
        assert!(text.contains("nothing was sent"), "{text}");
    }
    assert!(stub.asked().is_empty());
}

#[test]
fn b8_update_is_patch() {
    let stub = always(200, json!({"error": false, "message": "ok"}));
    let mut records = super::view(&stub, "records");
    let update = json!({"entity": "lead", "id": id(1), "data": {"description": "New."}});
    records.done("crm_update", update);
    let [asked] = stub.asked().try_into().unwrap();
    assert_eq!(asked.line(), format!("PATCH /api/leads/{}/", id(1)));
    assert_eq!(asked.body, json!({"description": "New."}));
}

#[test]
fn d1_limit_200_returns_50_and_says_so() {
    let stub = always(200, json!({"count": 0, "results": []}));
    let mut server = server(&stub);
    let result = server.call("list_contacts", json!({"limit": 200}));
    assert_eq!(lines(&stub), ["GET /api/contacts/?limit=50"]);
    let text = said(&result);
    assert!(
        text.contains("limit=200 is more than a page can have; 50 was sent"),
        "{text}"
    );
    let notes = result["structuredContent"]["_notes"].to_string();
    assert!(notes.contains("50 was sent"), "{notes}");
}

#[test]
fn d2_a_list_without_limit_asks_for_20() {
    let stub = always(200, json!({}));
    let mut server = server(&stub);
    for (tool, path) in [
        ("list_leads", "leads"),
        ("list_accounts", "accounts"),
        ("list_contacts", "contacts"),
        ("list_opportunities", "opportunities"),
        ("list_cases", "cases"),
        ("list_tasks", "tasks"),
        ("list_invoices", "invoices"),
    ] {
        server.call(tool, json!({}));
        assert_eq!(
            lines(&stub),
            [format!("GET /api/{path}/?limit=20")],
            "{tool}"
        );
    }
}

#[test]
fn d3_next_offset_is_ready_to_copy() {
    let row = |number: u32| json!({"id": id(number), "first_name": "Ada"});
    let stub = Stub::start(move |seen: &Seen| {
        let last = seen.uri.contains("offset=2");
        let offset = if last { Value::Null } else { json!(2) };
        let rows = if last {
            vec![row(3)]
        } else {
            vec![row(1), row(2)]
        };
        (200, json!({"count": 3, "results": rows, "offset": offset}))
    });
    let mut server = server(&stub);
    let first = server.call("list_contacts", json!({"limit": 2}));
    assert!(
        said(&first).contains("[2 of 3 - next: offset=2, limit=2"),
        "{first}"
    );
    let next = first["structuredContent"]["_next"].clone();
    assert_eq!(next, json!({"offset": 2, "limit": 2}));
    let second = server.call("list_contacts", next);
    assert_eq!(lines(&stub)[1], "GET /api/contacts/?limit=2&offset=2");
    assert_eq!(second["structuredContent"].get("_next"), None, "{second}");
}

/// What the vendor's document shows too.
pub(super) const ROWS: &[Row] = rows![
    a16_totals_are_read_where_they_stand,
    b17_several_matches_are_candidates,
    a18_errors_per_item,
    b9_null_on_assigned_to_is_refused,
    b18_campaign_is_spelt_as_the_service_does,
    b21_unknown_fields_pass,
    b8_update_is_patch,
    d1_limit_200_returns_50_and_says_so,
    d2_a_list_without_limit_asks_for_20,
    d3_next_offset_is_ready_to_copy,
];
