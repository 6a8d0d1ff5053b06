//! What PingCRM's answers become.

use serde_json::{Value, json};

use super::{MARIA, OTHER, server};
use crate::said;
use crate::stub::{Answer, Seen, Stub};
use crate::vendors::{Row, rows};

fn whole(data: Value) -> Value {
    json!({"data": data, "error": null, "meta": null})
}

fn contact() -> Value {
    json!({
        "id": MARIA, "full_name": "Maria | Lopez\n# [x](http://evil.example)", "company": "Acme",
        "title": null, "emails": ["maria@acme.example"], "relationship_score": 5, "priority_level": "high",
        "last_interaction_at": "2026-11-01T10:00:00Z", "tags": ["vip"], "notes": "Likes tea.",
        "twitter_bio": "Tea.", "location": "Bern",
    })
}

/// A page of contacts that differ, the first of which is that one.
fn contacts() -> Vec<Value> {
    let other = |n: u32| {
        let mut other = contact();
        for (name, value) in [
            (
                "full_name",
                json!(format!("Maria {n} | Lopez\n# [x](http://evil.example)")),
            ),
            ("company", json!(format!("Acme {n}"))),
            ("title", json!(["CTO", "CEO"][n as usize % 2])),
            ("relationship_score", json!(5 + n)),
            ("priority_level", json!(["low", "medium"][n as usize % 2])),
            ("tags", json!([format!("t{n}")])),
            (
                "last_interaction_at",
                json!(format!("2026-11-{:02}T10:00:00Z", 1 + n)),
            ),
        ] {
            other[name] = value;
        }
        other
    };
    std::iter::once(contact())
        .chain((1..20).map(other))
        .collect()
}

fn interaction(read: Value) -> Value {
    json!({
        "id": MARIA, "contact_id": OTHER, "occurred_at": "2026-11-01T10:00:00Z", "platform": "telegram",
        "direction": "outbound", "content_preview": "Hello", "is_read_by_recipient": read,
    })
}

fn notice(read: bool) -> Value {
    json!({
        "id": MARIA, "created_at": "2026-11-01T10:00:00Z", "title": "Birthday", "body": "Maria's",
        "read": read,
    })
}

fn paged(data: Value, total: u32) -> Value {
    let meta =
        json!({"total": total, "page": 1, "page_size": 20, "total_pages": total.div_ceil(20)});
    json!({"data": data, "error": null, "meta": meta})
}

fn stub() -> Stub {
    Stub::start(|seen: &Seen| {
        let path = seen.uri.split('?').next().unwrap_or_default();
        let path = path.trim_start_matches("/api/v1");
        let body = match (seen.method.as_str(), path) {
            ("GET", "/contacts") if seen.uri.contains("tag=nobody") => paged(json!([]), 0),
            ("GET", "/contacts") => paged(json!(contacts()), 45),
            ("GET", "/notifications") => paged(json!([notice(true), notice(false)]), 2),
            ("GET", "/contacts/birthdays") => whole(json!([{"name": "Maria", "in": {"days": 3}}])),
            ("GET", "/sync-history") => whole(json!(vec![json!({"id": MARIA}); 10])),
            ("GET", path) if path.ends_with("/interactions") => {
                let three = [json!(true), json!(false), json!(null)];
                let rows: Vec<Value> = three
                    .into_iter()
                    .cycle()
                    .take(10)
                    .map(interaction)
                    .collect();
                whole(json!(rows))
            }
            ("POST", "/settings/mcp-key") => whole(json!({"key": "pingcrm_canary"})),
            ("POST", "/auth/login") => {
                whole(json!({"access_token": "token-canary", "token_type": "bearer"}))
            }
            _ => whole(contact()),
        };
        (200, body)
    })
}

#[test]
fn c1_untyped_envelopes_are_structured_too() {
    let result = server(&stub()).call("get_upcoming_birthdays", json!({}));
    assert_ne!(result["isError"], true, "{result}");
    let found = &result["structuredContent"]["data"];
    assert_eq!(
        *found,
        json!([{"name": "Maria", "in": {"days": 3}}]),
        "{result}"
    );
    assert!(said(&result).contains("Maria"), "{result}");
}

#[test]
fn c2_a_pipe_in_a_name_does_not_break_the_table() {
    let text = said(&server(&stub()).call("list_contacts", json!({})));
    let rows: Vec<&str> = text.lines().filter(|line| line.starts_with('|')).collect();
    // Head, line and twenty records, each on one line with as many cells.
    assert_eq!(rows.len(), 22, "{text}");
    let cells = |row: &str| row.replace("\\|", "").matches('|').count();
    assert!(
        rows.iter().all(|row| cells(row) == cells(rows[0])),
        "{text}"
    );
    assert!(
        rows[0].starts_with("|id|full_name|company|title|"),
        "{text}"
    );
    assert!(rows[2].contains("Maria \\| Lopez"), "{text}");
    assert!(
        !text.contains("[x](http"),
        "no link of somebody else's: {text}"
    );
}

#[test]
fn c4_get_has_all_fields() {
    let stub = stub();
    let mut server = server(&stub);
    let got = server.done("get_contact", json!({"contact_id": MARIA}));
    for (name, value) in contact().as_object().unwrap() {
        let found = got["data"].get(name).unwrap_or(&Value::Null);
        assert_eq!(found, value, "{name}: {got}");
    }
    let listed = server.done("list_contacts", json!({}));
    assert_eq!(listed["data"][0].get("notes"), None, "{listed}");
}

#[test]
fn c7_read_receipts_are_ticks() {
    let stub = stub();
    let mut server = server(&stub);
    let text = said(&server.call("list_interactions", json!({"contact_id": OTHER})));
    let rows: Vec<&str> = text.lines().skip(2).take(3).collect();
    for (row, end) in rows.iter().zip(["|Hello|✓✓|", "|Hello|✓|", "|Hello||"]) {
        assert!(row.ends_with(end), "{text}");
    }
    let text = said(&server.call("list_notifications", json!({})));
    let rows: Vec<&str> = text.lines().skip(2).take(2).collect();
    assert!(
        rows[0].ends_with("||") && rows[1].ends_with("|unread|"),
        "{text}"
    );
}

#[test]
fn c8_no_contacts_matched_is_no_error() {
    let result = server(&stub()).call("list_contacts", json!({"tag": "nobody"}));
    assert_ne!(result["isError"], true, "{result}");
    assert!(
        said(&result).starts_with("No contacts matched tag=nobody."),
        "{result}"
    );
    assert_eq!(result["structuredContent"]["data"], json!([]));
}

#[test]
fn c10_an_error_with_200_is_an_error() {
    let stub = Stub::start(|seen: &Seen| match seen.uri.ends_with("/stats") {
        true => (
            200,
            json!({"data": null, "error": "Statistics are being counted.", "meta": null}),
        ),
        false => (200, whole(contact())),
    });
    let mut server = server(&stub);
    let result = server.call("get_dashboard_stats", json!({}));
    assert_eq!(result["isError"], true, "{result}");
    let text = said(&result);
    assert!(
        text.starts_with("Upstream error: Statistics are being counted. (HTTP 200"),
        "{text}"
    );
    // An envelope without an error is none, and is taken off.
    let text = said(&server.call("get_contact", json!({"contact_id": MARIA})));
    assert!(text.starts_with(&format!("{{\"id\":\"{MARIA}\"")), "{text}");
}

#[test]
fn c11_the_new_key_is_masked() {
    let stub = stub();
    let mut server = server(&stub);
    let made = server.confirmed("generate_mcp_key", json!({}));
    let credentials = json!({"username": "ada@acme.example", "password": "p"});
    let entered = server.call("log_in", credentials);
    for result in [made, entered] {
        assert_ne!(result["isError"], true, "{result}");
        assert!(!result.to_string().contains("canary"), "{result}");
    }
    assert_eq!(stub.asked().len(), 2);
}

#[test]
fn d1_limits_are_clamped_and_said() {
    let stub = stub();
    let mut server = server(&stub);
    for (tool, arguments, sent, said_so) in [
        (
            "list_contacts",
            json!({"page_size": 500}),
            "page_size=100",
            "page_size=500 is more",
        ),
        ("list_contacts", json!({}), "page_size=20", ""),
        (
            "list_interactions",
            json!({"contact_id": OTHER, "limit": 999}),
            "limit=200",
            "limit=999 is more",
        ),
        (
            "list_interactions",
            json!({"contact_id": OTHER}),
            "limit=10",
            "",
        ),
        (
            "list_notifications",
            json!({"page_size": 101}),
            "page_size=100",
            "page_size=101 is more",
        ),
    ] {
        let text = said(&server.call(tool, arguments));
        let [asked] = stub.asked().try_into().unwrap();
        assert!(asked.uri.contains(sent), "{}", asked.uri);
        assert!(text.contains(said_so), "{text}");
        assert_eq!(
            text.contains(" is more than a page can have"),
            !said_so.is_empty(),
            "{text}"
        );
    }
}

#[test]
fn d3_both_styles_give_next() {
    let stub = stub();
    let mut server = server(&stub);
    for (tool, arguments, next) in [
        ("list_contacts", json!({}), json!({"page": 2})),
        ("list_contacts", json!({"page": 2}), json!({"page": 3})),
        (
            "list_interactions",
            json!({"contact_id": OTHER}),
            json!({"offset": 10}),
        ),
        (
            "list_sync_events",
            json!({"offset": 10}),
            json!({"offset": 20}),
        ),
    ] {
        let result = server.call(tool, arguments);
        assert_eq!(result["structuredContent"]["_next"], next, "{result}");
        let (name, value) = next.as_object().unwrap().iter().next().unwrap();
        assert!(
            said(&result).contains(&format!("next: {name}={value}")),
            "{result}"
        );
    }
}

/// What a refusal with a body reads.
fn refused(status: u16, body: Value) -> String {
    let stub = Stub::start(move |_| (status, body.clone()));
    let result = server(&stub).call("list_contacts", json!({}));
    assert_eq!(result["isError"], true, "{result}");
    said(&result)
}

#[test]
fn e3_loc_becomes_a_path() {
    let problems = json!([
        {"loc": ["query", "page_size"], "msg": "must be at most 100", "type": "le"},
        {"loc": ["body", "tags", 0], "msg": "must be a text", "type": "string_type"},
    ]);
    let text = refused(422, json!({"detail": problems}));
    let expected = "Validation error: query.page_size: must be at most 100; body.tags.0: must be a text (HTTP 422)";
    assert!(text.starts_with(expected), "{text}");
}

#[test]
fn e4_detail_is_the_message() {
    for (status, expected) in [
        (404, "Not found: Contact not found (HTTP 404)"),
        (400, "Validation error: Contact not found (HTTP 400)"),
    ] {
        let text = refused(status, json!({"detail": "Contact not found"}));
        assert!(text.starts_with(expected), "{text}");
    }
}

#[test]
fn e8_an_ended_token_is_explained() {
    let text = refused(401, json!({"detail": "Could not validate credentials"}));
    assert!(
        text.starts_with("Auth error: Could not validate credentials (HTTP 401)"),
        "{text}"
    );
    assert!(
        text.contains("The token has ended or is not one of this server's: sign in again."),
        "{text}"
    );
}

#[test]
fn e9_failures_are_errors() {
    let stub = Stub::start(
        |seen: &Seen| match seen.uri.split('?').next().unwrap_or_default() {
            "/api/v1/contacts/stats" => {
                Answer::from((200, json!({"data": null, "error": "Broken"})))
            }
            "/api/v1/contacts/birthdays" => {
                Answer::from((302, json!({}))).with("location", "http://elsewhere.example/")
            }
            "/api/v1/contacts/tags" => Answer::from((503, json!({"detail": "Down"}))),
            _ => Answer::from((207, whole(json!([])))),
        },
    );
    let mut server = server(&stub);
    for tool in ["get_dashboard_stats", "get_upcoming_birthdays", "list_tags"] {
        let result = server.call(tool, json!({}));
        assert_eq!(result["isError"], true, "{tool}: {result}");
        assert!(said(&result).starts_with("Upstream error: "), "{result}");
    }
    // Of several things some may have worked: the answer is shown, and nobody can take it for a success.
    let result = server.call("get_overdue_contacts", json!({}));
    assert!(
        said(&result).contains("parts of this may have failed"),
        "{result}"
    );
}

/// What the vendor's document shows too.
pub(super) const ROWS: &[Row] = rows![
    c1_untyped_envelopes_are_structured_too,
    c2_a_pipe_in_a_name_does_not_break_the_table,
    c4_get_has_all_fields,
    c7_read_receipts_are_ticks,
    c8_no_contacts_matched_is_no_error,
    c10_an_error_with_200_is_an_error,
    c11_the_new_key_is_masked,
    d1_limits_are_clamped_and_said,
    d3_both_styles_give_next,
    e3_loc_becomes_a_path,
    e4_detail_is_the_message,
    e8_an_ended_token_is_explained,
    e9_failures_are_errors,
];
