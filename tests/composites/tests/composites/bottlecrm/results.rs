//! What a caller gets.

use serde_json::{Value, json};

use super::{always, id, server};
use crate::said;
use crate::stub::{Answer, Seen, Stub};
use crate::vendors::{Row, rows};

fn lead(number: u32) -> Value {
    json!({
        "id": id(number), "title": "Shop", "first_name": "Ada", "last_name": "Byron",
        "company_name": "Acme", "status": "assigned", "rating": "HOT", "opportunity_amount": "4800.00",
        "currency": "EUR", "next_follow_up": "2026-12-01", "description": "Long.", "website": "https://a.example",
        "city": "London",
    })
}

#[test]
fn c3_a_lead_row_has_ten_fields() {
    let leads = json!({"leads_count": 45, "open_leads": [lead(1), lead(2)], "offset": 2});
    let stub = always(200, json!({"open_leads": leads}));
    let mut server = server(&stub);
    let result = server.call("list_leads", json!({}));
    let text = said(&result);
    assert!(
        text.starts_with("|id|title|first_name|last_name|company_name|status|rating|opportunity_amount|currency|next_follow_up|\n"),
        "{text}"
    );
    assert!(text.contains("[2 of 45 - next: offset=2"), "{text}");
    let row = &result["structuredContent"]["open_leads"]["open_leads"][0];
    assert_eq!(row.as_object().unwrap().len(), 10, "{row}");
    let chosen = server.call("list_leads", json!({"fields": ["id", "city"]}));
    assert!(said(&chosen).starts_with("|id|city|\n"), "{chosen}");
}

#[test]
fn c4_get_has_the_whole_record_and_its_comments() {
    let comment = json!({"id": id(7), "comment": "Call back."});
    let body = json!({"lead_obj": lead(1), "comments": [comment], "attachments": []});
    let stub = always(200, body);
    let mut server = server(&stub);
    let whole = server.call("get_lead", json!({"id": id(1)}));
    let record = &whole["structuredContent"]["lead_obj"];
    assert_eq!(record.as_object().unwrap().len(), 13, "{record}");
    let text = said(&whole);
    assert!(
        text.contains("Long.") && text.contains("Call back."),
        "{text}"
    );
    // A part of it is to be had too.
    let part = server.call("get_lead", json!({"id": id(1), "fields": ["title"]}));
    assert!(!said(&part).contains("Long."), "{part}");
}

#[test]
fn c5_the_id_is_echoed() {
    let body = json!({"error": false, "message": "Created.", "id": id(9)});
    let stub = always(201, body);
    let mut server = server(&stub);
    for (tool, record) in [
        ("create_lead", json!({"title": "x"})),
        ("create_account", json!({"name": "x"})),
        (
            "create_task",
            json!({"title": "x", "status": "New", "priority": "Low"}),
        ),
    ] {
        let result = server.call(tool, record);
        assert_ne!(result["isError"], true, "{result}");
        assert_eq!(result["structuredContent"]["id"], id(9), "{tool}");
        assert!(said(&result).contains(&id(9)), "{result}");
    }
}

#[test]
fn c6_pdf_csv_and_bytes() {
    let stub = Stub::start(|seen: &Seen| match seen.uri.as_str() {
        uri if uri.ends_with("/pdf/") => Answer::file("application/pdf", b"%PDF-1.7"),
        uri if uri.contains("/export/") => Answer::file("text/csv", b"case,hours\nA,2\n"),
        _ => Answer::file("application/octet-stream", b"\x00\x01\xff")
            .with("content-disposition", "attachment; filename=\"scan.bin\""),
    });
    let mut server = server(&stub);
    for (tool, arguments, mime, blob) in [
        (
            "get_invoice_pdf",
            json!({"id": id(1)}),
            "application/pdf",
            "JVBERi0xLjc=",
        ),
        (
            "download_document",
            json!({"id": id(1)}),
            "application/octet-stream",
            "AAH/",
        ),
    ] {
        let result = server.call(tool, arguments);
        let resource = &result["content"][1]["resource"];
        assert_eq!(resource["mimeType"], mime, "{result}");
        assert_eq!(resource["blob"], blob, "{result}");
    }
    let text = said(&server.call("export_cases_analytics", json!({"metric": "frt"})));
    assert!(text.contains("case,hours\nA,2"), "{text}");
}

#[test]
fn c8_no_leads_matched() {
    let leads = json!({"leads_count": 0, "open_leads": [], "offset": null});
    let stub = always(200, json!({"open_leads": leads}));
    let mut server = server(&stub);
    for (arguments, expected) in [
        (json!({}), "No leads found."),
        (
            json!({"search": "zzz", "status": "open"}),
            "No leads matched",
        ),
    ] {
        let result = server.call("list_leads", arguments);
        assert_ne!(result["isError"], true);
        assert!(said(&result).starts_with(expected), "{result}");
    }
}

#[test]
fn c10_each_record_is_found() {
    for (tool, body) in [
        ("get_lead", json!({"lead_obj": {"id": id(1)}})),
        ("get_account", json!({"account_obj": {"id": id(1)}})),
        ("get_contact", json!({"contact_obj": {"id": id(1)}})),
        ("get_opportunity", json!({"opportunity_obj": {"id": id(1)}})),
        ("get_case", json!({"cases_obj": {"id": id(1)}})),
        ("get_task", json!({"task_obj": {"id": id(1)}})),
        ("get_document", json!({"doc_obj": {"id": id(1)}})),
        ("get_tag", json!({"error": false, "tag": {"id": id(1)}})),
        ("get_team", json!({"error": false, "team": {"id": id(1)}})),
    ] {
        let stub = always(200, body);
        let result = server(&stub).call(tool, json!({"id": id(1)}));
        let text = said(&result);
        assert!(
            text.contains(&format!("\"id\":\"{}\"", id(1))),
            "{tool}: {text}"
        );
        assert!(!text.contains("_obj"), "{tool}: {text}");
    }
    // Each list, too, has its records under a name of its own.
    for (tool, body) in [
        (
            "list_accounts",
            json!({"active_accounts": {"open_accounts": [{"id": id(1)}]}}),
        ),
        ("list_contacts", json!({"results": [{"id": id(1)}]})),
        (
            "list_opportunities",
            json!({"opportunities": [{"id": id(1)}]}),
        ),
        ("list_cases", json!({"cases": [{"id": id(1)}]})),
        ("list_tasks", json!({"tasks": [{"id": id(1)}]})),
        ("list_invoices", json!({"results": [{"id": id(1)}]})),
    ] {
        let stub = always(200, body);
        let text = said(&server(&stub).call(tool, json!({})));
        assert!(
            text.starts_with(&format!("|id|\n|-|\n|{}|", id(1))),
            "{tool}: {text}"
        );
    }
}

#[test]
fn c11_four_secrets_are_masked() {
    const SECRET: &str = "s3cr3t-0123456789";
    let mailbox = json!({"id": id(1), "webhook_secret": SECRET});
    let invoice = json!({"id": id(1), "public_token": SECRET});
    for (tool, arguments, body) in [
        ("get_org_api_key", json!({}), json!({"api_key": SECRET})),
        ("list_cases_mailboxes", json!({}), json!([mailbox])),
        ("get_cases_mailbox", json!({"id": id(1)}), mailbox),
        (
            "list_api_settings",
            json!({}),
            json!({"api_settings": [{"id": id(1), "apikey": SECRET}]}),
        ),
        (
            "get_api_settings",
            json!({"id": id(1)}),
            json!({"id": id(1), "apikey": SECRET}),
        ),
        (
            "list_invoices",
            json!({"detail": "full"}),
            json!({"count": 1, "results": [invoice]}),
        ),
        ("get_invoice", json!({"id": id(1)}), invoice.clone()),
    ] {
        let stub = always(200, body);
        let result = server(&stub).call(tool, arguments);
        assert_ne!(result["isError"], true, "{result}");
        assert!(!result.to_string().contains(SECRET), "{tool}: {result}");
        assert!(
            result.to_string().contains("[redacted]"),
            "{tool}: {result}"
        );
    }
}

#[test]
fn d5_a_large_answer_is_cut_and_said() {
    let rows: Vec<Value> = (1..=400)
        .map(|number| json!({"id": id(number), "first_name": "A".repeat(200)}))
        .collect();
    let stub = always(200, json!({"count": 9000, "results": rows, "offset": 400}));
    let result = server(&stub).call("list_contacts", json!({"detail": "full"}));
    let text = said(&result);
    let shown = result["structuredContent"]["results"]
        .as_array()
        .unwrap()
        .len();
    assert!((1..400).contains(&shown), "{shown}");
    assert!(text.len() < 200_000, "{}", text.len());
    let last = text.lines().last().unwrap();
    assert!(last.contains(&format!("{shown} of 9000")), "{last}");
    assert!(last.contains("400"), "{last}");
}

/// What the vendor's document shows too.
pub(super) const ROWS: &[Row] = rows![
    c3_a_lead_row_has_ten_fields,
    c4_get_has_the_whole_record_and_its_comments,
    c5_the_id_is_echoed,
    c6_pdf_csv_and_bytes,
    c8_no_leads_matched,
    c10_each_record_is_found,
    d5_a_large_answer_is_cut_and_said,
];
