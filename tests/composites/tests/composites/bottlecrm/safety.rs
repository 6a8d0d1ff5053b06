//! Nothing is deleted or sent to others before somebody agreed.

use serde_json::json;

use super::{always, id, lines, server, view};
use crate::said;
use crate::vendors::{Row, rows};

#[test]
fn f5_nothing_is_sent_before_confirmation() {
    let stub = always(200, json!({"error": false, "message": "Deleted."}));
    let mut server = server(&stub);
    for (tool, arguments, path) in [
        ("delete_lead", json!({"id": id(1)}), "leads"),
        ("delete_account", json!({"id": id(1)}), "accounts"),
        ("delete_task", json!({"id": id(1)}), "tasks"),
    ] {
        let preview = server.call(tool, arguments.clone());
        assert_eq!(preview["isError"], true);
        let text = said(&preview);
        assert!(
            text.starts_with("Confirmation needed, nothing was sent yet"),
            "{text}"
        );
        assert!(lines(&stub).is_empty(), "{tool}");
        // A word of the model alone is not enough.
        let mut word = arguments.clone();
        word["confirm"] = json!(true);
        assert!(said(&server.call(tool, word)).starts_with("Confirmation needed"));
        assert!(lines(&stub).is_empty(), "{tool}");
        let done = server.confirmed(tool, arguments);
        assert_ne!(done["isError"], true, "{done}");
        assert_eq!(lines(&stub), [format!("DELETE /api/{path}/{}/", id(1))]);
    }
}

#[test]
fn f5_arg_is_the_vendors_way() {
    let stub = always(200, json!({"error": false, "message": "Deleted."}));
    let start = |view| {
        let token = ("TOKEN", "bcrm_pat_1");
        let arg = ("CONFIRM", "delete_lead=arg");
        stub.server("bottlecrm", &[token, arg, ("VIEW", view)])
    };
    let run = |mut arguments: serde_json::Value| {
        arguments["name"] = json!("delete_lead");
        arguments["arguments"] = json!({"id": id(1)});
        arguments
    };
    let of_record = json!({"entity": "lead", "id": id(1)});
    for (view, tool, arguments) in [
        ("all", "delete_lead", json!({"id": id(1)})),
        ("records", "crm_delete", of_record),
        ("lean", "run_destructive", run(json!({}))),
    ] {
        let mut server = start(view);
        let text = said(&server.call(tool, arguments.clone()));
        assert!(text.contains("\"confirm\": true"), "{view}: {text}");
        assert!(lines(&stub).is_empty(), "{view}");
        let mut agreed = arguments;
        agreed["confirm"] = json!(true);
        server.done(tool, agreed);
        let sent = format!("DELETE /api/leads/{}/", id(1));
        assert_eq!(lines(&stub), [sent], "{view}");
    }
}

#[test]
fn f6_send_invoice_is_previewed() {
    let stub = always(200, json!({"error": false, "message": "Sent."}));
    let mut server = server(&stub);
    let mail = json!({
        "id": id(1), "from_email": "a@example.com", "recipients": [id(2)],
        "message_subject": "Hello", "message_body": "Text",
    });
    for (tool, arguments, shown) in [
        (
            "send_invoice",
            json!({"id": id(1), "email": "ada@example.com"}),
            vec!["POST /api/invoices/", "/send/", "ada@example.com"],
        ),
        (
            "send_estimate",
            json!({"id": id(1)}),
            vec!["POST /api/invoices/estimates/"],
        ),
        ("send_account_mail", mail, vec!["recipients", "Hello"]),
    ] {
        let text = said(&server.call(tool, arguments.clone()));
        assert!(
            text.starts_with("Confirmation needed, nothing was sent yet"),
            "{tool}: {text}"
        );
        assert!(text.contains("reaches people outside"), "{text}");
        for part in shown {
            assert!(text.contains(part), "{part} in {text}");
        }
        assert!(lines(&stub).is_empty(), "{tool}");
        server.confirmed(tool, arguments);
        assert_eq!(lines(&stub).len(), 1, "{tool}");
    }
}

#[test]
fn f5_many_at_once_are_for_a_person_alone() {
    // `elicit`: a client that cannot ask a person cannot delete.
    let stub = always(200, json!({"error": false}));
    let mut view = view(&stub, "all");
    let result = view.call("bulk_delete_cases", json!({"body": {"ids": [id(1)]}}));
    assert_eq!(result["isError"], true);
    let text = said(&result);
    assert!(!text.contains("confirm_token\": \""), "{text}");
    assert!(lines(&stub).is_empty());
}

#[test]
fn b28_opportunity_to_sent_invoice() {
    let stub = crate::stub::Stub::start(|seen: &crate::stub::Seen| {
        let account = json!({"id": id(1), "name": "Acme"});
        let body = match (
            seen.method.as_str(),
            seen.uri.split('?').next().unwrap_or_default(),
        ) {
            ("GET", "/api/accounts/") => {
                json!({"active_accounts": {"open_accounts_count": 1, "open_accounts": [account]}})
            }
            ("GET", uri) if uri.starts_with("/api/accounts/") => json!({"account_obj": account}),
            ("POST", "/api/opportunities/") => {
                json!({"error": false, "message": "Created.", "id": id(2)})
            }
            ("POST", uri) if uri.contains("/from-opportunity/") => {
                json!({"id": id(3), "invoice_number": "INV-7", "status": "Draft"})
            }
            ("POST", uri) if uri.ends_with("/send/") => json!({"message": "Sent."}),
            _ => return (404, json!({"detail": "Not found."})),
        };
        (200, body)
    });
    let mut server = server(&stub);
    let account = server.done("find_account", json!({"name": "Acme"}));
    let account = account
        .pointer("/account_obj/id")
        .or(account.pointer("/data/account_obj/id"));
    let account = account.unwrap_or_else(|| panic!("no id of the account"));
    assert_eq!(*account, json!(id(1)));
    let opportunity = json!({"name": "Shop", "account": account, "closed_on": "2026-12-31"});
    let opportunity = server.done("create_opportunity", opportunity);
    let from = json!({"opportunity_id": opportunity["id"]});
    let invoice = server.done("create_invoice_from_opportunity", from);
    lines(&stub);
    let sent = server.confirmed("send_invoice", json!({"id": invoice["id"]}));
    assert_ne!(sent["isError"], true, "{sent}");
    let sent = format!("POST /api/invoices/{}/send/", id(3));
    assert_eq!(lines(&stub), [sent]);
}

/// What the vendor's document shows too.
pub(super) const ROWS: &[Row] = rows![
    f5_nothing_is_sent_before_confirmation,
    f5_arg_is_the_vendors_way,
    f5_many_at_once_are_for_a_person_alone,
    b28_opportunity_to_sent_invoice,
];
