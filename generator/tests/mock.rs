//! `mcpwright mock`: a service that behaves as a document says, over real HTTP.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod support;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use support::{command, mcpwright, spec};

/// A running mock. It ends when this is dropped.
struct Mock {
    child: Child,
    host: String,
}

impl Drop for Mock {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn json(&self) -> Value {
        let text = String::from_utf8_lossy(&self.body);
        serde_json::from_str(&text).unwrap_or_else(|_| panic!("{} {text}", self.head))
    }
}

impl Mock {
    fn of(document: &Path, options: &[&str]) -> Self {
        let document = document.display().to_string();
        let arguments = [&["mock", &document, "--listen", "127.0.0.1:0"], options].concat();
        let folder = std::env::temp_dir();
        let mut child = command(&folder, &arguments)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        while !line.contains("http://") {
            line.clear();
            assert_ne!(said.read_line(&mut line).unwrap(), 0, "it ended");
        }
        std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
        let host = line
            .split("http://")
            .nth(1)
            .unwrap()
            .split(": ")
            .next()
            .unwrap()
            .to_owned();
        Self { child, host }
    }

    fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(&self.host).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        let mut head = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-length: {}\r\n",
            self.host,
            body.len()
        );
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        stream.write_all(format!("{head}\r\n").as_bytes()).unwrap();
        // A body that is refused early may not be taken whole.
        let _ = stream.write_all(body);
        let mut all = Vec::new();
        stream.read_to_end(&mut all).unwrap();
        let end = all.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        let head = String::from_utf8_lossy(&all[..end]).into_owned();
        Answer {
            status: head.split(' ').nth(1).unwrap().parse().unwrap(),
            head,
            body: all[end + 4..].to_vec(),
        }
    }

    fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], b"")
    }

    fn json(&self, method: &str, path: &str, body: &Value) -> Answer {
        self.send(
            method,
            path,
            &[("content-type", "application/json")],
            body.to_string().as_bytes(),
        )
    }
}

#[test]
fn a_record_is_made_seen_listed_changed_and_deleted() {
    let crm = Mock::of(&spec("crm.yaml"), &[]);
    let made = crm.json(
        "POST",
        "/customers",
        &json!({"name": "Zebra Ltd", "email": "office@zebra.example"}),
    );
    assert_eq!(made.status, 201, "{}", made.head);
    let customer = made.json();
    let id = customer["id"]
        .as_u64()
        .expect("an integer, as the document says");
    let path = format!("/customers/{id}");
    assert!(
        made.head.contains(&format!("location: {path}")),
        "{}",
        made.head
    );
    assert_eq!(crm.get(&path).json(), customer);
    // Found by what it is called, and among all others.
    let found = crm.get("/customers?q=zebra").json();
    assert_eq!(found["meta"]["total"], 1, "{found}");
    assert_eq!(found["data"][0]["id"], id);
    let before = crm.get("/customers").json()["meta"]["total"]
        .as_u64()
        .unwrap();
    let changed = crm.json("PATCH", &path, &json!({"phone": "+1-202-555-0100"}));
    assert_eq!(changed.json()["phone"], "+1-202-555-0100");
    assert_eq!(changed.json()["name"], "Zebra Ltd");
    assert_eq!(crm.get(&path).json(), changed.json());
    let deleted = crm.send("DELETE", &path, &[], b"");
    assert_eq!((deleted.status, deleted.body.len()), (204, 0));
    let gone = crm.get(&path);
    assert_eq!(gone.status, 404);
    assert!(
        gone.json()
            .to_string()
            .contains(&format!("there is no customer {id}")),
        "{}",
        gone.json()
    );
    assert_eq!(crm.get("/customers").json()["meta"]["total"], before - 1);
    // What nobody said is made up once, not for each answer.
    let lead = crm.json("POST", "/leads", &json!({"name": "Ada Byron"}));
    let lead = lead.json();
    assert_eq!(crm.get(&format!("/leads/{}", lead["id"])).json(), lead);
}

#[test]
fn records_below_a_record_are_those_of_the_whole_collection() {
    let crm = Mock::of(&spec("crm.yaml"), &[]);
    let before = crm.get("/customers/1/contacts").json()["meta"]["total"]
        .as_u64()
        .unwrap();
    let made = crm.json(
        "POST",
        "/contacts",
        &json!({"customer_id": 1, "first_name": "Zoe", "last_name": "Zander"}),
    );
    assert_eq!(made.status, 201, "{}", made.json());
    assert_eq!(made.json()["customer_id"], 1);
    assert_eq!(
        crm.get("/customers/1/contacts").json()["meta"]["total"],
        before + 1
    );
    let none = crm.get("/customers/99999/contacts");
    assert_eq!(none.status, 404, "{}", none.head);
}

#[test]
fn an_action_sets_the_word_that_fits_it() {
    let crm = Mock::of(&spec("crm.yaml"), &[]);
    let line = json!({"item_id": 1, "quantity": "5"});
    let made = crm.json(
        "POST",
        "/invoices",
        &json!({"customer_id": 1, "due_date": "2026-12-05", "lines": [line]}),
    );
    assert_eq!(
        (made.status, &made.json()["status"]),
        (201, &json!("draft")),
        "{}",
        made.json()
    );
    let id = made.json()["id"].as_u64().unwrap();
    let sent = crm.json("POST", &format!("/invoices/{id}/send"), &json!({}));
    assert!((200..300).contains(&sent.status), "{}", sent.json());
    assert_eq!(crm.get(&format!("/invoices/{id}")).json()["status"], "sent");
    let pdf = crm.get(&format!("/invoices/{id}/pdf"));
    assert!(
        pdf.head.contains("application/pdf") && pdf.body.starts_with(b"%PDF-"),
        "{}",
        pdf.head
    );
    let listed = crm.get("/invoices?status=sent").json();
    let all = listed["data"].as_array().unwrap();
    assert!(
        all.iter().all(|one| one["status"] == "sent") && !all.is_empty(),
        "{listed}"
    );
}

#[test]
fn lists_come_in_pages_as_they_are_declared() {
    let crm = Mock::of(&spec("crm.yaml"), &[]);
    let mut seen = Vec::new();
    for (page, records) in [(1, 10), (2, 10), (3, 4), (4, 0)] {
        let answer = crm.get(&format!("/leads?limit=10&page={page}")).json();
        let data = answer["data"].as_array().unwrap();
        assert_eq!(data.len(), records, "{answer}");
        assert_eq!(
            (&answer["meta"]["total"], &answer["meta"]["page"]),
            (&json!(24), &json!(page)),
            "{answer}"
        );
        seen.extend(data.iter().map(|lead| lead["id"].as_u64().unwrap()));
    }
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 24);
    let named = crm.get("/customers?ids=2,3&sort=-name").json();
    let mut ids: Vec<u64> = named["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["id"].as_u64().unwrap())
        .collect();
    ids.sort_unstable();
    assert_eq!(ids, [2, 3], "{named}");
}

#[test]
fn what_is_not_as_the_document_says_is_refused_with_its_place() {
    let crm = Mock::of(&spec("crm.yaml"), &[]);
    for (method, path, body, status, said) in [
        (
            "POST",
            "/customers",
            json!({"email": "x@y.example"}),
            422,
            "name",
        ),
        (
            "POST",
            "/customers",
            json!({"name": "A", "email": "no address"}),
            422,
            "email",
        ),
        (
            "POST",
            "/customers",
            json!({"name": "A", "colour": "red"}),
            422,
            "colour",
        ),
        (
            "GET",
            "/customers?limitt=5",
            Value::Null,
            422,
            "did you mean `limit`?",
        ),
        ("GET", "/customers?limit=many", Value::Null, 422, "limit"),
        (
            "GET",
            "/nothing",
            Value::Null,
            404,
            "no path for GET /nothing",
        ),
        ("PUT", "/customers", json!({}), 405, "GET, POST"),
    ] {
        let answer = match body {
            Value::Null => crm.get(path),
            body => crm.json(method, path, &body),
        };
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        assert_eq!(answer.status, status, "{method} {path}: {text}");
        assert!(text.contains(said), "{method} {path}: {text}");
    }
    let other = crm.send(
        "POST",
        "/customers",
        &[("content-type", "text/plain")],
        b"name=A",
    );
    assert_eq!(other.status, 415, "{}", other.head);
    let broken = crm.send(
        "POST",
        "/customers",
        &[("content-type", "application/json")],
        b"{",
    );
    assert_eq!(broken.status, 422, "{}", broken.head);
    let large = crm.send(
        "POST",
        "/customers",
        &[("content-type", "application/json")],
        &vec![b' '; 11 << 20],
    );
    assert_eq!(large.status, 413, "{}", large.head);
}

#[test]
fn credentials_are_asked_for_where_that_is_wanted() {
    let crm = Mock::of(&spec("crm.yaml"), &["--auth"]);
    assert_eq!(crm.get("/customers").status, 401);
    let with_key = crm.send(
        "GET",
        "/customers",
        &[("x-api-key", "any"), ("authorization", "Bearer any")],
        b"",
    );
    assert_eq!(with_key.status, 200, "{}", with_key.head);
}

#[test]
fn another_seed_gives_other_records_and_the_same_seed_the_same() {
    let answer = |seed: &str| {
        Mock::of(&spec("crm.yaml"), &["--seed", seed])
            .get("/leads")
            .body
    };
    let first = answer("7");
    assert_eq!(first, answer("7"));
    assert_ne!(first, answer("8"));
}

#[test]
fn answers_in_xml_are_written_as_their_schemas_say() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("openapi.json");
    let line = json!({"type": "object", "xml": {"name": "line"}, "required": ["sku"], "properties": {"sku": {"type": "string", "enum": ["A<1"]}}});
    let order = json!({"type": "object", "xml": {"name": "order", "namespace": "urn:orders", "prefix": "o"}, "required": ["id", "title", "lines"], "properties": {
        "id": {"type": "integer", "xml": {"attribute": true}}, "title": {"type": "string"},
        "lines": {"type": "array", "minItems": 1, "maxItems": 1, "xml": {"wrapped": true}, "items": line}}});
    let answers = |schema: Value| json!({"200": {"description": "ok", "content": {"application/xml": {"schema": schema}}}});
    let one = json!({"$ref": "#/components/schemas/Order"});
    let list = json!({"type": "array", "items": one});
    let id = json!([{"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}}]);
    let body = json!({"content": {"application/json": {"schema": one}}});
    let document = json!({"openapi": "3.1.0", "info": {"title": "Orders", "version": "1"}, "components": {"schemas": {"Order": order}},
        "paths": {
            "/orders": {"get": {"responses": answers(list)}, "post": {"requestBody": body, "responses": answers(one.clone())}},
            "/orders/{id}": {"parameters": id, "get": {"responses": answers(one)}},
            "/orders/feed": {"get": {"responses": {"200": {"description": "ok", "content": {"text/xml": {}}}}}}}});
    std::fs::write(&path, document.to_string()).unwrap();
    let service = Mock::of(&path, &[]);
    let text = |answer: &Answer| String::from_utf8(answer.body.clone()).unwrap();
    let made = service.json(
        "POST",
        "/orders",
        &json!({"id": 77, "title": "Bolts & nuts", "lines": [{"sku": "A<1"}]}),
    );
    assert!(made.head.contains("application/xml"), "{}", made.head);
    let order = concat!(
        r#"<o:order xmlns:o="urn:orders" id="77"><title>Bolts &amp; nuts</title>"#,
        "<lines><line><sku>A&lt;1</sku></line></lines></o:order>"
    );
    let declaration = r#"<?xml version="1.0" encoding="UTF-8"?>"#;
    assert_eq!(text(&made), format!("{declaration}{order}"));
    assert_eq!(text(&service.get("/orders/77")), text(&made));
    // A list without a name of its own, and an answer of which only the media type is known.
    let all = text(&service.get("/orders"));
    assert!(
        all.starts_with(&format!("{declaration}<order-list><o:order "))
            && all.ends_with(&format!("{order}</order-list>")),
        "{all}"
    );
    let feed = text(&service.get("/orders/feed"));
    assert!(feed.starts_with(&format!("{declaration}<feed")), "{feed}");
}

#[test]
fn a_document_that_leads_in_circles_has_an_end() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("openapi.json");
    let node = json!({"type": "object", "required": ["id", "name", "next", "all"], "properties": {
        "id": {"type": "integer"}, "name": {"type": "string", "pattern": "(a{1,500}){1,500}", "minLength": 100_000_000},
        "next": {"$ref": "#/components/schemas/Node"}, "all": {"type": "array", "minItems": 1_000_000, "items": {"$ref": "#/components/schemas/Node"}}}});
    let operation = |body: bool| {
        let mut one = json!({"responses": {"200": {"description": "ok", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Node"}}}}}});
        if body {
            one["requestBody"] = json!({"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Node"}}}});
        }
        one
    };
    let id = json!([{"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}}]);
    let document = json!({"openapi": "3.1.0", "info": {"title": "Circles", "version": "1"}, "components": {"schemas": {"Node": node}},
        "paths": {"/nodes": {"post": operation(true)}, "/nodes/{id}": {"parameters": id, "get": operation(false), "put": operation(true)}}});
    std::fs::write(&path, document.to_string()).unwrap();
    let begun = Instant::now();
    let mock = Mock::of(&path, &[]);
    let read = mock.get("/nodes/1");
    assert_eq!(read.status, 200, "{}", read.head);
    assert!(read.body.len() < 20_000_000, "{}", read.body.len());
    // What it cannot judge it takes; what it can it tells.
    let made = mock.json("POST", "/nodes", &json!({"id": "x"}));
    assert_eq!(made.status, 400, "{}", made.head);
    assert!(
        begun.elapsed() < Duration::from_secs(60),
        "{:?}",
        begun.elapsed()
    );
}

#[test]
fn a_mock_that_others_reach_has_to_be_wanted() {
    let folder = tempfile::tempdir().unwrap();
    let document = spec("crm.yaml").display().to_string();
    let said = mcpwright(folder.path(), &["mock", &document, "--listen", "0.0.0.0:0"]);
    assert_eq!(said.code, 2, "{}", said.err);
    assert!(said.err.contains("--allow-remote"), "{}", said.err);
}
