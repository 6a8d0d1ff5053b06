//! What a caller is told when something fails.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Command, Stdio};

use serde_json::json;

use super::{always, id, lines, server, view};
use crate::said;
use crate::stub::{Answer, Seen, Stub};
use crate::vendors::{Row, rows};

#[test]
fn e4_status_and_body() {
    for (status, body, expected) in [
        (
            400,
            json!({"error": true, "errors": {"name": ["Case already exists"]}}),
            "Validation error: name: Case already exists (HTTP 400)",
        ),
        (
            400,
            json!({"error": true, "errors": "Account data is wrong"}),
            "Validation error: Account data is wrong (HTTP 400)",
        ),
        (
            403,
            json!({"detail": "You do not have permission."}),
            "Permission denied: You do not have permission. (HTTP 403)",
        ),
        (
            404,
            json!({"detail": "Not found."}),
            "Not found: Not found. (HTTP 404)",
        ),
        (
            500,
            json!({"detail": "Broken."}),
            "Upstream error: Broken. (HTTP 500)",
        ),
    ] {
        let stub = always(status, body);
        let result = server(&stub).call("get_case", json!({"id": id(1)}));
        assert_eq!(result["isError"], true);
        assert!(said(&result).starts_with(expected), "{result}");
    }
    // A page of a proxy is not shown as markup.
    let page = "<html><head><title>502 Bad Gateway</title></head><body><hr>nginx</body></html>";
    let stub = Stub::start(|_: &Seen| Answer::page(502, page));
    let text = said(&server(&stub).call("get_case", json!({"id": id(1)})));
    assert!(
        text.starts_with("Upstream error: 502 Bad Gateway"),
        "{text}"
    );
    assert!(
        text.ends_with("(HTTP 502)") && !text.contains('<'),
        "{text}"
    );
}

#[test]
fn e5_without_a_token_nothing_is_sent() {
    let stub = always(200, json!({}));
    // On standard input and output the server does not even start.
    for arguments in [&[] as &[&str], &["call", "list_leads"]] {
        let variables = [("SYSTEM", "bottlecrm"), ("BOTTLECRM_BASE_URL", stub.base())];
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let exit = mcpwright_tests::run(crate::binary(), arguments, &variables);
        assert_ne!(exit.code, 0);
        assert_eq!(exit.out, "");
        assert!(exit.err.contains("BOTTLECRM_TOKEN"), "{}", exit.err);
    }
    assert!(stub.asked().is_empty());
}

/// Over HTTP each request brings its own; one that does not is refused before anything is looked at.
#[test]
fn e5_the_edge_asks_for_a_token() {
    let stub = always(200, json!({}));
    let mut process = Command::new(crate::binary())
        .args(["http", "--listen", "127.0.0.1:0", "--auth", "passthrough"])
        .env_clear()
        .env("SYSTEM", crate::vendors::system("bottlecrm"))
        .env("BOTTLECRM_BASE_URL", stub.base())
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
    let call = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call",
        "params": {"name": "list_leads", "arguments": {}}})
    .to_string();
    for credential in [
        "",
        "Authorization: Bearer\r\n",
        "Authorization: Basic YTpi\r\n",
    ] {
        let mut stream = TcpStream::connect(&address).unwrap();
        let request = format!(
            "POST /mcp HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n\
             Accept: application/json, text/event-stream\r\n{credential}Content-Length: {}\r\n\
             Connection: close\r\n\r\n{call}",
            call.len()
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(
            answer.starts_with("HTTP/1.1 401 "),
            "{credential}: {answer}"
        );
        let challenge = answer.to_lowercase();
        assert!(
            challenge.contains("\r\nwww-authenticate: bearer"),
            "{answer}"
        );
    }
    process.kill().unwrap();
    process.wait().unwrap();
    assert!(stub.asked().is_empty());
}

#[test]
fn e6_known_actions_are_listed() {
    let stub = always(200, json!({}));
    let mut records = view(&stub, "records");
    let action = json!({"entity": "lead", "id": id(1), "action": "send"});
    let text = said(&records.call("crm_action", action));
    assert!(
        text.starts_with("Validation error: lead has no action `send` (actions: "),
        "{text}"
    );
    assert!(text.contains("move"), "{text}");
    let text = said(&records.call("crm_get", json!({"entity": "laed", "id": id(1)})));
    assert!(text.contains("did you mean lead?"), "{text}");
    assert!(stub.asked().is_empty());
}

#[test]
fn e8_a_scope_without_read_is_explained() {
    for (status, expected) in [
        (401, "The token must start with bcrm_pat_"),
        (
            403,
            "The token's scopes do not cover this: write does not include read.",
        ),
        (404, "Records of another organization are not found either"),
    ] {
        let stub = always(status, json!({"detail": "No."}));
        let result = server(&stub).call("list_leads", json!({}));
        assert!(said(&result).contains(expected), "{status}: {result}");
    }
}

#[test]
fn e9_a_redirect_is_no_success() {
    let stub = Stub::start(|_: &Seen| {
        Answer::from((302, json!(null))).with("location", "https://crm.example.com/login")
    });
    let mut server = server(&stub);
    for (tool, arguments) in [
        ("list_leads", json!({})),
        ("create_lead", json!({"title": "x"})),
    ] {
        let result = server.call(tool, arguments);
        assert_eq!(result["isError"], true);
        let text = said(&result);
        assert!(text.contains("a redirect (302)"), "{tool}: {text}");
        assert_eq!(lines(&stub).len(), 1, "it is not followed");
    }
}

#[test]
fn c10_error_true_with_200_is_an_error() {
    let stub = always(
        200,
        json!({"error": true, "errors": {"name": ["Case already exists"]}}),
    );
    let mut server = server(&stub);
    let case = json!({"name": "x", "status": "New", "priority": "Low"});
    for (tool, arguments) in [("get_case", json!({"id": id(1)})), ("create_case", case)] {
        let result = server.call(tool, arguments);
        assert_eq!(result["isError"], true, "{result}");
        let text = said(&result);
        assert!(
            text.starts_with("Upstream error: name: Case already exists (HTTP 200"),
            "{text}"
        );
    }
}

/// What the vendor's document shows too.
pub(super) const ROWS: &[Row] = rows![
    e5_the_edge_asks_for_a_token,
    e4_status_and_body,
    e5_without_a_token_nothing_is_sent,
    e6_known_actions_are_listed,
    e8_a_scope_without_read_is_explained,
    e9_a_redirect_is_no_success,
    c10_error_true_with_200_is_an_error,
];
