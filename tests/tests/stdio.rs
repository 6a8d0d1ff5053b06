//! The generated example, started as a host starts it, working on a real CRM.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

use std::collections::BTreeSet;
use std::io::Read as _;
use std::net::TcpListener;
use std::path::Path;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mcpwright_tests::{ADMIN, Crm, READONLY, STAFF, Server, example, run, text};
use serde_json::{Value, json};

fn start(key: &str) -> (Crm, Server) {
    let crm = Crm::start();
    let server = Server::start(example(), &crm.variables(key));
    (crm, server)
}

/// Methods and paths of `specs/crm.yaml`, counted without the generator.
fn operations() -> BTreeSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs/crm.yaml");
    let document: serde_yaml::Value =
        serde_yaml::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let mut found = BTreeSet::new();
    for (path, item) in document["paths"].as_mapping().unwrap() {
        for (method, _) in item.as_mapping().unwrap() {
            let method = method.as_str().unwrap();
            if [
                "get", "put", "post", "delete", "options", "head", "patch", "trace",
            ]
            .contains(&method)
            {
                found.insert(format!(
                    "{} {}",
                    method.to_uppercase(),
                    path.as_str().unwrap()
                ));
            }
        }
    }
    found
}

#[test]
fn tools_are_the_operations_of_the_document_one_to_one() {
    let crm = Crm::start();
    let mut variables = crm.variables(ADMIN);
    variables.push(("NORTHLIGHT_CRM_VIEW".to_owned(), "all".to_owned()));
    let mut server = Server::start(example(), &variables);
    let listed = server.request("tools/list", json!({}));
    let tools = listed["tools"].as_array().unwrap();
    let operations = operations();
    assert!(operations.len() >= 60);
    assert_eq!(tools.len(), operations.len());
    let named: BTreeSet<String> = tools
        .iter()
        .map(|tool| {
            tool["_meta"]["dev.mcpwright/operation"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    assert_eq!(named, operations);
    for tool in tools {
        let name = &tool["name"];
        let title = tool["title"]
            .as_str()
            .or_else(|| tool["annotations"]["title"].as_str());
        assert!(
            title.is_some_and(|title| !title.is_empty()),
            "{name}: no title"
        );
        assert!(!tool["description"].as_str().unwrap().is_empty(), "{name}");
        for hint in [
            "readOnlyHint",
            "destructiveHint",
            "idempotentHint",
            "openWorldHint",
        ] {
            assert!(tool["annotations"][hint].is_boolean(), "{name}: no {hint}");
        }
        assert_eq!(tool["inputSchema"]["type"], "object", "{name}");
    }
}

/// "Create an invoice for Acme Corp: 5 hours of dev work, due in 14 days, and email it."
#[test]
fn an_invoice_is_created_sent_and_seen_in_the_crm() {
    let (crm, mut server) = start(STAFF);
    let found = server.done(
        "list_customers",
        json!({"q": "acme corp", "fields": ["id", "name"]}),
    );
    assert_eq!(found["meta"]["total"], 1, "{found}");
    assert_eq!(found["data"][0]["name"], "Acme Corp");
    let customer = found["data"][0]["id"].clone();
    let items = server.done("list_items", json!({"q": "dev work", "unit": ["hour"]}));
    assert_eq!(items["data"][0]["rate"], "95.00", "{items}");
    let lines = json!([{"item_id": items["data"][0]["id"], "quantity": "5"}]);
    let invoice = server.done(
        "create_invoice",
        json!({"customer_id": customer, "due_date": "2026-12-05", "lines": lines}),
    );
    assert_eq!(
        (&invoice["total"], &invoice["status"]),
        (&json!("475.00"), &json!("draft"))
    );
    // B28, F6: nobody gets a mail before somebody has seen what goes out.
    let mail = json!({"invoice_id": invoice["id"], "message": "Thank you."});
    let preview = server.call("send_invoice", mail.clone());
    assert!(
        text(&preview).starts_with("Confirmation needed, nothing was sent yet"),
        "{preview}"
    );
    let path = format!("/invoices/{}", invoice["id"]);
    assert_eq!(crm.json(&path)["status"], "draft");
    let mut sent = server.confirmed("send_invoice", mail);
    let sent = sent["structuredContent"].take();
    assert_eq!(sent["invoice"]["status"], "sent", "{sent}");
    // What the CRM itself says.
    let seen = crm.json(&path);
    assert_eq!(seen["number"], invoice["number"]);
    assert_eq!(
        (&seen["status"], &seen["due_date"]),
        (&json!("sent"), &json!("2026-12-05"))
    );
    let mail = crm.json(&format!("/outbox/{}", sent["mail"]["id"]));
    assert_eq!(mail["to"], json!(["billing@acme.example"]));
    assert!(
        mail["body"].as_str().unwrap().contains("Thank you."),
        "{mail}"
    );
    // And who it was.
    let history = server.done("list_activities", json!({"limit": 5}));
    assert!(history.to_string().contains("Jonas Keller"), "{history}");
}

#[test]
fn a_pdf_comes_as_a_resource_byte_for_byte() {
    let (crm, mut server) = start(READONLY);
    let result = server.call("download_invoice_pdf", json!({"invoice_id": 1}));
    assert_ne!(result["isError"], true, "{result}");
    let resource = &result["content"][1];
    assert_eq!(resource["type"], "resource", "{result}");
    assert_eq!(resource["resource"]["mimeType"], "application/pdf");
    let data = STANDARD
        .decode(resource["resource"]["blob"].as_str().unwrap())
        .unwrap();
    assert!(data.starts_with(b"%PDF-"));
    assert!(data == crm.bytes("/invoices/1/pdf"));
    assert!(
        text(&result).contains("application/pdf"),
        "{}",
        text(&result)
    );
    assert!(result.get("structuredContent").is_none(), "{result}");
}

#[test]
fn csv_comes_as_text() {
    let (crm, mut server) = start(READONLY);
    let result = server.call("export_invoices", json!({"status": ["paid"]}));
    assert_ne!(result["isError"], true, "{result}");
    // The text as it came, and beside it what it is: names of customers are words of others.
    let beside = result["content"][1]["text"].as_str().unwrap();
    assert!(beside.contains("Texts are what others wrote"), "{beside}");
    assert_eq!(result["content"].as_array().unwrap().len(), 2);
    let expected = String::from_utf8(crm.bytes("/exports/invoices.csv?status=paid")).unwrap();
    assert_eq!(
        text(&result).lines().collect::<Vec<_>>(),
        expected.lines().collect::<Vec<_>>()
    );
    assert!(expected.lines().count() > 1);
}

#[test]
fn files_arrive_in_the_crm_byte_for_byte() {
    let (crm, mut server) = start(STAFF);
    let bytes: Vec<u8> = (0..=255).cycle().take(3_000).collect();
    let text_file = "Größe;Preis\r\n\"5\";--boundary--\r\n\r\n€\n";
    for (tool, owner, file, expected) in [
        (
            "upload_customer_attachment",
            json!({"customer_id": 1}),
            json!({"filename": "scan 1.bin", "content_type": "application/octet-stream", "data_base64": STANDARD.encode(&bytes)}),
            bytes.clone(),
        ),
        (
            "upload_ticket_attachment",
            json!({"ticket_id": 1}),
            json!({"filename": "größe.csv", "content_type": "text/csv", "text": text_file}),
            text_file.as_bytes().to_vec(),
        ),
    ] {
        let mut arguments = owner;
        arguments["file"] = file.clone();
        arguments["description"] = json!("From a test");
        let stored = server.done(tool, arguments);
        assert_eq!(stored["filename"], file["filename"], "{stored}");
        assert_eq!(stored["size"], expected.len(), "{stored}");
        let path = format!("/attachments/{}/content", stored["id"]);
        assert!(crm.bytes(&path) == expected, "{tool}: other bytes");
        assert_eq!(
            crm.json(&format!("/attachments/{}", stored["id"]))["description"],
            "From a test"
        );
        // And back through the server.
        let result = server.call(
            "download_attachment",
            json!({"attachment_id": stored["id"]}),
        );
        let block = &result["content"][1]["resource"];
        if let Some(blob) = block["blob"].as_str() {
            assert!(STANDARD.decode(blob).unwrap() == expected);
        }
    }
}

#[test]
fn errors_of_the_crm_become_tool_errors_that_say_what_to_do() {
    // (key, tool, arguments, prefix, a part of what the CRM said)
    let cases = [
        (
            ADMIN,
            "get_customer",
            json!({"customer_id": 9999}),
            "Not found: ",
            "(HTTP 404)",
        ),
        // A sent invoice cannot be deleted.
        (
            ADMIN,
            "delete_invoice",
            json!({"invoice_id": 1}),
            "Validation error: ",
            "(HTTP 409)",
        ),
        (
            ADMIN,
            "create_customer",
            json!({"name": "X", "email": "a@b"}),
            "Validation error: ",
            "email: must be an e-mail address (HTTP 422)",
        ),
        (
            READONLY,
            "create_customer",
            json!({"name": "X"}),
            "Permission denied: ",
            "(HTTP 403)",
        ),
        (
            "no such key",
            "get_me",
            json!({}),
            "Auth error: ",
            "(HTTP 401)",
        ),
    ];
    for (key, tool, arguments, prefix, part) in cases {
        let (_crm, mut server) = start(key);
        let result = if tool.starts_with("delete_") {
            server.confirmed(tool, arguments)
        } else {
            server.call(tool, arguments)
        };
        assert_eq!(result["isError"], true, "{tool}: {result}");
        assert!(
            text(&result).starts_with(prefix),
            "{tool}: {}",
            text(&result)
        );
        assert!(text(&result).contains(part), "{tool}: {}", text(&result));
        assert!(
            result.get("structuredContent").is_none(),
            "{tool}: {result}"
        );
    }
}

#[test]
fn wrong_arguments_never_reach_the_crm() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let variables = [
        (
            "NORTHLIGHT_CRM_BASE_URL",
            format!("http://{}", listener.local_addr().unwrap()),
        ),
        ("NORTHLIGHT_CRM_API_KEY", "key".to_owned()),
    ]
    .map(|(name, value)| (name.to_owned(), value));
    let mut server = Server::start(example(), &variables);
    for (tool, arguments, part) in [
        ("get_customer", json!({}), "customer_id"),
        (
            "get_customer",
            json!({"customer_id": "../staff"}),
            "customer_id",
        ),
        (
            "create_invoice",
            json!({"customer_id": 1, "lines": []}),
            "lines",
        ),
        ("list_customers", json!({"colour": "red"}), "colour"),
        ("list_customers", json!({"limit": 0}), "1"),
    ] {
        let result = server.call(tool, arguments);
        assert_eq!(result["isError"], true, "{tool}: {result}");
        assert!(
            text(&result).starts_with("Validation error"),
            "{}",
            text(&result)
        );
        assert!(text(&result).contains(part), "{tool}: {}", text(&result));
    }
    assert!(listener.accept().is_err(), "a connection was made");
}

/// Rows C1, C3, C4, C8, D1 and D3, through a generated server and the real CRM.
#[test]
fn lists_are_tables_of_what_tells_with_the_next_page_ready_to_copy() {
    let (_crm, mut server) = start(ADMIN);
    let mut ask = |tool: &str, arguments: Value| {
        let result = server.call(tool, arguments);
        assert_ne!(result["isError"], true, "{result}");
        (
            text(&result).to_owned(),
            result["structuredContent"].clone(),
        )
    };
    let (said, first) = ask("list_invoices", json!({"limit": 2}));
    let columns = "|id|number|status|total|currency|customer_name|due_date|\n";
    assert!(said.starts_with(columns), "{said}");
    assert!(
        said.contains(" - next: page=2, limit=2; or narrow with status=…. 7 of "),
        "{said}"
    );
    assert_eq!(first["data"].as_array().unwrap().len(), 2);
    assert_eq!(first["data"][0].as_object().unwrap().len(), 7, "{first}");
    // The next arguments, copied.
    let next = first["_next"].clone();
    assert_eq!(next, json!({"page": 2, "limit": 2}));
    let (_, second) = ask("list_invoices", next);
    assert_ne!(second["data"][0]["id"], first["data"][0]["id"]);
    let (_, full) = ask("list_invoices", json!({"limit": 1, "detail": "full"}));
    assert!(full["data"][0].as_object().unwrap().len() > 15, "{full}");
    let (said, clamped) = ask("list_invoices", json!({"limit": 1000}));
    assert!(
        said.contains("limit=1000 is more than a page can have; 100 was sent"),
        "{said}"
    );
    assert_eq!(clamped["meta"]["limit"], 100);
    let (said, _) = ask("list_invoices", json!({"q": "no such thing"}));
    assert!(
        said.starts_with("No invoices matched q=\"no such thing\"."),
        "{said}"
    );
    // A single record is whole, or what was asked for.
    let (_, one) = ask("get_invoice", json!({"invoice_id": 1}));
    assert!(one.as_object().unwrap().len() > 15, "{one}");
    let (said, _) = ask(
        "get_invoice",
        json!({"invoice_id": 1, "fields": ["id", "number"]}),
    );
    assert!(said.starts_with("{\"id\":1,\"number\":"), "{said}");
    let result = server.call("get_invoice", json!({"invoice_id": 1, "fields": ["numbr"]}));
    assert!(
        text(&result).contains("Did you mean \"number\"?"),
        "{result}"
    );
}

#[test]
fn cancelling_a_call_ends_the_request_to_the_crm() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let variables = [
        (
            "NORTHLIGHT_CRM_BASE_URL",
            format!("http://{}", listener.local_addr().unwrap()),
        ),
        ("NORTHLIGHT_CRM_API_KEY", "key".to_owned()),
    ]
    .map(|(name, value)| (name.to_owned(), value));
    let mut server = Server::start(example(), &variables);
    let id = server.begin("tools/call", json!({"name": "get_me", "arguments": {}}));
    // A service that reads the request and never answers.
    let (mut connection, _) = listener.accept().unwrap();
    connection
        .set_read_timeout(Some(Duration::from_secs(10)))
        .unwrap();
    let mut request = [0; 4_096];
    let length = connection.read(&mut request).unwrap();
    assert!(request[..length].starts_with(b"GET /me HTTP/1.1\r\n"));
    server.send(&json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": id}}));
    // The end of the connection, long before the timeout of the call.
    assert_eq!(connection.read(&mut request).unwrap(), 0);
    // The server goes on, and the next answer is not one to the cancelled call.
    let listed = server.request("tools/list", json!({}));
    assert!(listed["tools"].is_array());
}

#[test]
fn a_server_without_its_configuration_says_so_in_one_line_and_ends() {
    let set = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        pairs
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
            .collect()
    };
    let base = ("NORTHLIGHT_CRM_BASE_URL", "http://127.0.0.1:9/api/v1");
    for (variables, part) in [
        (set(&[]), "NORTHLIGHT_CRM_BASE_URL is not set"),
        (
            set(&[("NORTHLIGHT_CRM_API_KEY", "k")]),
            "NORTHLIGHT_CRM_BASE_URL is not set",
        ),
        (set(&[base]), "NORTHLIGHT_CRM_API_KEY"),
        (
            set(&[
                ("NORTHLIGHT_CRM_BASE_URL", "nonsense"),
                ("NORTHLIGHT_CRM_API_KEY", "k"),
            ]),
            "NORTHLIGHT_CRM_BASE_URL",
        ),
        // A key must not travel in the open.
        (
            set(&[
                ("NORTHLIGHT_CRM_BASE_URL", "http://crm.example.com"),
                ("NORTHLIGHT_CRM_API_KEY", "k"),
            ]),
            "https",
        ),
        (
            set(&[
                base,
                ("NORTHLIGHT_CRM_API_KEY", "k"),
                ("NORTHLIGHT_CRM_TIMEOUT_SECONDS", "soon"),
            ]),
            "NORTHLIGHT_CRM_TIMEOUT_SECONDS",
        ),
    ] {
        for arguments in [&[][..], &["stdio"], &["call", "get_me"]] {
            let exit = run(example(), arguments, &variables);
            assert_eq!(exit.code, 2, "{variables:?} {arguments:?}: {}", exit.err);
            assert_eq!(exit.out, "", "{variables:?} {arguments:?}");
            assert_eq!(
                exit.err.lines().count(),
                1,
                "{variables:?} {arguments:?}: {}",
                exit.err
            );
            assert!(
                exit.err.starts_with("error: ") && exit.err.contains(part),
                "{variables:?}: {}",
                exit.err
            );
            assert!(
                exit.time < Duration::from_secs(5),
                "{variables:?}: {:?}",
                exit.time
            );
        }
    }
}

#[test]
fn listing_tools_needs_no_configuration() {
    let exit = run(example(), &["tools", "--json"], &[]);
    assert_eq!(exit.code, 0, "{}", exit.err);
    let tools: Value = serde_json::from_str(&exit.out).unwrap();
    assert_eq!(tools.as_array().unwrap().len(), operations().len());
}

#[test]
fn calling_from_the_command_line_gives_what_a_client_gets() {
    let crm = Crm::start();
    let exit = run(example(), &["call", "get_me"], &crm.variables(STAFF));
    assert_eq!(exit.code, 0, "{}", exit.err);
    assert!(exit.out.contains("Jonas Keller"), "{}", exit.out);
    let exit = run(example(), &["call", "get_me"], &crm.variables("wrong"));
    assert_eq!(exit.code, 3, "{}", exit.err);
}
