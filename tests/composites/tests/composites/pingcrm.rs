//! Rows of PingCRM.

mod answers;
mod tools;

use serde_json::{Value, json};

use crate::said;
use crate::stub::{Seen, Stub};
use crate::vendors::{self, Row, rows};

const MARIA: &str = "11111111-1111-4111-8111-111111111111";
const OTHER: &str = "22222222-2222-4222-8222-222222222222";

fn stub() -> Stub {
    Stub::start(|seen: &Seen| {
        let path = seen.uri.split('?').next().unwrap_or_default();
        let two = json!([
            {"id": MARIA, "full_name": "Maria Lopez", "company": "Acme"},
            {"id": OTHER, "full_name": "Maria Rossi", "company": "Contoso"},
        ]);
        let page = |data: Value| {
            let meta = json!({"total": 2, "page": 1, "page_size": 25, "total_pages": 1});
            (200, json!({"data": data, "error": null, "meta": meta}))
        };
        match path.strip_prefix("/api/v1/") {
            Some("contacts") => page(two),
            Some("organizations") => page(json!([])),
            Some(one) if one.ends_with(MARIA) => (
                200,
                json!({"data": {"id": MARIA, "full_name": "Maria Lopez"}}),
            ),
            _ => (404, json!({"detail": "Contact not found"})),
        }
    })
}

fn server(stub: &Stub) -> mcpwright_tests::Server {
    stub.server("pingcrm", &[("TOKEN", "t")])
}

#[test]
fn a15_contacts_and_organizations_at_once() {
    let stub = stub();
    let result = server(&stub).call("search_everything", json!({"query": "maria"}));
    let text = said(&result);
    assert!(
        text.contains("Maria Lopez") && text.contains("No organizations matched"),
        "{text}"
    );
    let asked = stub.asked();
    assert_eq!(asked.len(), 2);
    assert!(asked.iter().all(|seen| seen.uri.contains("page_size=10")));
}

#[test]
fn a16_count_reads_meta_total() {
    let stub = stub();
    let counted = server(&stub).done("count_contacts", json!({"tag": "vip", "score": null}));
    assert_eq!(counted, json!({"count": 2}));
    let [asked] = stub.asked().try_into().unwrap();
    assert!(asked.uri.contains("page=1&page_size=1"), "{}", asked.uri);
}

#[test]
fn b17_two_marias_are_candidates() {
    let stub = stub();
    let mut server = server(&stub);
    let several = server.done("find_contact", json!({"name": "maria"}));
    assert_eq!(several["fit"], 2);
    assert_eq!(several["candidates"][1]["company"], "Contoso");
    let one = server.done("find_contact", json!({"name": "MARIA  lopez"}));
    assert_eq!(one["data"]["id"], MARIA);
    // `%` and `_` are letters, whatever the service makes of them.
    for letter in ["%", "_"] {
        let none = server.done("find_contact", json!({"name": letter}));
        assert_eq!(none["candidates"], json!([]));
    }
}

#[test]
fn b19_by_id_nothing_is_searched() {
    let stub = stub();
    let found = server(&stub).done("find_contact", json!({"name": MARIA}));
    assert_eq!(found["data"]["full_name"], "Maria Lopez");
    assert_eq!(stub.asked().len(), 1);
}

#[test]
fn b19_neither_id_nor_name_is_refused() {
    let stub = stub();
    let mut server = server(&stub);
    for arguments in [json!({}), json!({"name": null}), json!({"name": " "})] {
        let result = server.call("find_contact", arguments);
        assert!(said(&result).starts_with("Validation error: "), "{result}");
    }
    assert!(stub.asked().is_empty());
}

/// What the vendor's document shows too.
pub(super) const ROWS: &[Row] = rows![
    a15_contacts_and_organizations_at_once,
    a16_count_reads_meta_total,
    b17_two_marias_are_candidates,
    b19_by_id_nothing_is_searched,
    b19_neither_id_nor_name_is_refused,
];

#[test]
fn the_vendors_document_shows_the_same_rows() {
    vendors::show(&[ROWS, answers::ROWS, tools::ROWS]);
}
