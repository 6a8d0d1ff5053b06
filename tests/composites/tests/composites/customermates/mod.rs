//! Rows of Customermates.

mod operations;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use crate::said;
use crate::stub::{Seen, Stub};
use crate::vendors::{self, Row, rows};

fn id(number: u32) -> String {
    format!("{number:08}-0000-4000-8000-000000000000")
}

/// A contact with two deals, a deal with a service, and searches that find 41 of everything.
fn stub() -> Stub {
    Stub::start(|seen: &Seen| {
        let named = |number: u32| json!({"id": id(number), "name": format!("No. {number}")});
        let path = seen.uri.trim_start_matches("/v1/");
        match (seen.method.as_str(), path.split('/').next()) {
            ("POST", _) => (
                200,
                json!({"items": [named(1)], "pagination": {"total": 41, "page": 1, "pageSize": 5}}),
            ),
            ("GET", Some("contacts")) if path.ends_with(&id(1)) => {
                let contact = json!({
                    "id": id(1), "firstName": "Ada", "lastName": "Byron", "notes": "Likes *tea*.",
                    "organizations": [], "users": [], "tasks": [], "deals": [named(7), named(8)],
                });
                (200, json!({"contact": contact, "customColumns": []}))
            }
            ("GET", Some("deals")) => {
                let service = json!({"id": id(3), "name": "Hosting", "quantity": 2});
                let deal = json!({"id": id(1), "name": "Shop", "services": [service]});
                (200, json!({"deal": deal, "customColumns": []}))
            }
            ("PUT", _) => (200, json!({"id": id(1)})),
            _ => (200, json!({"contact": null, "customColumns": []})),
        }
    })
}

fn server(stub: &Stub) -> mcpwright_tests::Server {
    stub.server("customermates", &[("API_KEY", &"a".repeat(64))])
}

/// The bodies of the writes.
fn written(stub: &Stub) -> Vec<Value> {
    let asked = stub.asked().into_iter();
    let writes = asked.filter(|seen| seen.method == "PUT");
    writes.map(|seen| seen.body).collect()
}

#[test]
fn a9_records_are_the_five_entities() {
    let stub = stub();
    let key = "a".repeat(64);
    let view = [("API_KEY", key.as_str()), ("VIEW", "records")];
    let mut server = stub.server("customermates", &view);
    let described = server.done("crm_describe", json!({"entity": "deals"}));
    assert!(
        described.to_string().contains("organizationIds"),
        "{described}"
    );
    let got = server.done("crm_get", json!({"entity": "contacts", "id": id(1)}));
    assert!(got.to_string().contains("Byron"), "{got}");
    stub.asked();
    // They are searched by POST, with the page in an object; 20 is no size that there is.
    let words = json!({"entity": "contacts", "query": "ada", "limit": 20, "offset": 10});
    let found = said(&server.call("crm_search", words));
    assert!(found.contains(&id(1)), "{found}");
    let [asked] = stub.asked().try_into().unwrap();
    assert_eq!(
        (asked.method.as_str(), asked.uri.as_str()),
        ("POST", "/v1/contacts/search")
    );
    let sent = json!({"searchTerm": "ada", "pagination": {"page": 2, "pageSize": 10}});
    assert_eq!(asked.body, sent);
    let change = json!({"entity": "contacts", "id": id(1), "data": {"lastName": "King"}});
    server.done("crm_update", change);
    assert_eq!(written(&stub), [json!({"lastName": "King"})]);
    let text = said(&server.call("crm_get", json!({"entity": "leads", "id": id(1)})));
    assert!(text.contains("there is no entity `leads`"), "{text}");
    assert!(
        text.contains("did you mean deals? (entities: contacts, "),
        "{text}"
    );
}

#[test]
fn a15_five_searches_one_answer() {
    let stub = stub();
    let result = server(&stub).call("search_all_entities", json!({"query": "ada"}));
    assert_ne!(result["isError"], true, "{result}");
    let asked = stub.asked();
    assert_eq!(asked.len(), 5);
    for seen in &asked {
        assert_eq!(seen.body["searchTerm"], "ada");
        assert_eq!(seen.body["pagination"]["pageSize"], 5);
    }
}

#[test]
fn a16_count_asks_for_the_smallest_page() {
    let stub = stub();
    let counted = server(&stub).done("count_deals", json!({"searchTerm": "shop"}));
    assert_eq!(counted["count"], 41);
    let [asked] = stub.asked().try_into().unwrap();
    let sent = json!({"searchTerm": "shop", "pagination": {"page": 1, "pageSize": 5}});
    assert_eq!(asked.body, sent);
    // What the tool says of filters is short; they are checked as those of the list.
    let filters = json!([{"field": "createdAt", "operator": "inLastDays", "value": 30}]);
    server(&stub).done("count_deals", json!({"filters": filters}));
    let [asked] = stub.asked().try_into().unwrap();
    assert_eq!(asked.body["filters"], filters);
    let wrong = json!({"filters": [{"field": "createdAt", "operator": "sometimes"}]});
    let text = said(&server(&stub).call("count_deals", wrong));
    assert!(text.starts_with("Validation error:"), "{text}");
    assert!(stub.asked().is_empty());
}

#[test]
fn a18_a_missing_record_is_an_error_of_its_own() {
    let stub = Stub::start(|seen: &Seen| match seen.uri.ends_with(&id(2)) {
        true => (404, json!("Not found")),
        false => (
            200,
            json!({"contact": {"id": id(1)}, "deal": {"id": id(1)}}),
        ),
    });
    let records = json!([
        {"kind": "contact", "id": id(1)},
        {"kind": "deal", "id": id(2)},
    ]);
    let got = server(&stub).done("get_entities", json!({"records": records}));
    assert!(got["records"][0].get("record").is_some(), "{got}");
    assert!(
        got["records"][1]["error"]
            .as_str()
            .unwrap()
            .starts_with("Not found: ")
    );
}

#[test]
fn b13_link_keeps_the_other_ids() {
    let stub = stub();
    let mut server = server(&stub);
    let arguments = json!({"id": id(1), "relation": "deal", "ids": [id(8), id(9)]});
    let result = server.call("link_contacts", arguments.clone());
    assert!(
        said(&result).contains("deal: was 2, now 3. Added: "),
        "{result}"
    );
    assert_eq!(written(&stub), [json!({"dealIds": [id(7), id(8), id(9)]})]);
    server.done("unlink_contacts", arguments);
    assert_eq!(written(&stub), [json!({"dealIds": [id(7)]})]);
    // What is there already is not written again.
    let same = json!({"id": id(1), "relation": "deal", "ids": [id(7)]});
    assert_eq!(server.done("link_contacts", same)["changed"], json!([]));
    assert!(written(&stub).is_empty());
}

#[test]
fn b13_without_the_record_nothing_is_written() {
    let stub = stub();
    let arguments = json!({"id": id(5), "relation": "deal", "ids": [id(9)]});
    let result = server(&stub).call("link_contacts", arguments);
    let text = said(&result);
    assert!(
        text.starts_with("Not found: get_contact gave no record"),
        "{text}"
    );
    assert!(written(&stub).is_empty());
}

#[test]
fn b14_a_service_has_no_contacts() {
    let stub = stub();
    let arguments = json!({"id": id(1), "relation": "contact", "ids": [id(9)]});
    let result = server(&stub).call("link_services", arguments);
    let text = said(&result);
    assert!(text.starts_with("Validation error: "), "{text}");
    assert!(
        text.contains("Allowed: \"user\", \"deal\", \"task\""),
        "{text}"
    );
    assert!(stub.asked().is_empty());
}

#[test]
fn b26_linking_a_service_takes_a_quantity() {
    let stub = stub();
    let mut server = server(&stub);
    let mut link = |record: Value| {
        let arguments = json!({"id": id(1), "relation": "service", "records": [record]});
        server.call("link_deals", arguments)
    };
    let result = link(json!({"id": id(4), "quantity": 3}));
    assert_ne!(result["isError"], true, "{result}");
    let both = json!([
        {"serviceId": id(3), "quantity": 2},
        {"serviceId": id(4), "quantity": 3},
    ]);
    assert_eq!(written(&stub), [json!({"services": both})]);
    // Another quantity of what is there is a change; the same is none.
    link(json!({"id": id(3), "quantity": 5}));
    let changed = json!([{"serviceId": id(3), "quantity": 5}]);
    assert_eq!(written(&stub), [json!({"services": changed})]);
    link(json!({"id": id(3), "quantity": 2}));
    assert!(written(&stub).is_empty());
    let task = json!({"id": id(1), "relation": "task", "records": [{"id": id(4), "quantity": 3}]});
    let text = said(&server.call("link_deals", task));
    assert!(
        text.contains("task has no quantity; nothing was sent"),
        "{text}"
    );
}

#[test]
fn b27_append_keeps_the_old_text() {
    let stub = stub();
    let arguments = json!({"id": id(1), "text": "And *cake*."});
    server(&stub).done("append_contact_notes", arguments);
    assert_eq!(
        written(&stub),
        [json!({"notes": "Likes *tea*.\n\nAnd *cake*."})]
    );
}

/// A server over HTTP that serves its document; it ends when this is dropped.
struct Http {
    process: Child,
    address: String,
}

impl Http {
    fn start(arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut process = Command::new(crate::binary())
            .args(["http", "--listen", "127.0.0.1:0", "--serve-document"])
            .args(arguments)
            .env_clear()
            .env("SYSTEM", vendors::system("customermates"))
            .env("CUSTOMERMATES_BASE_URL", "http://127.0.0.1:9")
            .envs(variables.iter().copied())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let address = lines.find_map(|line| {
            let line = line.unwrap();
            let (_, address) = line.split_once("serving MCP at http://")?;
            Some(address.split_once("/mcp")?.0.to_owned())
        });
        let address = address.unwrap();
        Self { process, address }
    }

    /// Head and body of the answer.
    fn document(&self, host: &str, more: &str) -> (String, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let request = format!(
            "GET /openapi.json HTTP/1.1\r\nHost: {host}\r\n{more}Connection: close\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.to_owned(), body.to_owned())
    }
}

impl Drop for Http {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn a12_the_served_document_has_the_overlay() {
    let key = "a".repeat(64);
    let server = Http::start(&[], &[("CUSTOMERMATES_API_KEY", &key)]);
    let (head, body) = server.document(&server.address, "");
    assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
    let document: Value = serde_json::from_str(&body).unwrap();
    let search = &document["paths"]["/v1/contacts/search"]["post"];
    let said = search["description"].as_str().unwrap();
    assert!(
        said.contains("It only reads."),
        "the overlay says it: {said}"
    );
    let components = &document["components"];
    assert!(document.get("servers").is_none() && components.get("securitySchemes").is_none());
    // What a page in a browser could bring about (DNS rebinding, another origin).
    let (head, _) = server.document("evil.example", "");
    assert!(head.starts_with("HTTP/1.1 403 "), "{head}");
    let (head, _) = server.document(&server.address, "Origin: https://evil.example\r\n");
    assert!(head.starts_with("HTTP/1.1 403 "), "{head}");
}

#[test]
fn a12_who_is_not_let_in_does_not_read_the_document() {
    let server = Http::start(&["--auth", "passthrough"], &[]);
    let (head, body) = server.document(&server.address, "");
    assert!(head.starts_with("HTTP/1.1 401 "), "{head}");
    assert!(!body.contains("paths"), "{body}");
    let key = format!("x-api-key: {}\r\n", "a".repeat(64));
    let (head, _) = server.document(&server.address, &key);
    assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
}

/// What the vendor's document shows too.
pub(super) const ROWS: &[Row] = rows![
    a9_records_are_the_five_entities,
    a15_five_searches_one_answer,
    a16_count_asks_for_the_smallest_page,
    a18_a_missing_record_is_an_error_of_its_own,
    b13_link_keeps_the_other_ids,
    b13_without_the_record_nothing_is_written,
    b14_a_service_has_no_contacts,
    b26_linking_a_service_takes_a_quantity,
    b27_append_keeps_the_old_text,
    a12_the_served_document_has_the_overlay,
    a12_who_is_not_let_in_does_not_read_the_document,
];

#[test]
fn the_vendors_document_shows_the_same_rows() {
    vendors::show(&[ROWS, operations::ROWS]);
}
