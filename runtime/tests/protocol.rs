//! Rules of MCP 2026-07-28 that hold on both transports, and those of Streamable HTTP alone.
#![cfg(feature = "http")]
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod common;

use common::http::{Http, post, raw, rest, start};
use common::process::{Server, modern, text};
use common::upstream;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

const META: &str = r#""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}"#;

/// Sends a message over HTTP and gives status and answer.
async fn ask(server: &Http, method: &str, extra: &str, body: &str) -> (u16, Value) {
    let (status, body) = raw(&server.address, &post(&server.address, method, extra, body)).await;
    (status, serde_json::from_str(&body).unwrap_or(Value::Null))
}

#[tokio::test]
async fn params_that_cannot_be_read_are_invalid_params() {
    let mut stdio = Server::with_credentials("http://127.0.0.1:9");
    let http = start("http://127.0.0.1:9", &[]).await;
    for (method, params) in [
        ("tools/list", json!({"cursor": 5})),
        ("tools/list", json!({"cursor": ["x"]})),
        ("tools/call", json!({"name": 5})),
        ("tools/call", json!({"name": "probe", "arguments": "x"})),
    ] {
        let request = modern(1, method, params);
        let answer = stdio.request(request.clone()).await;
        assert_eq!(answer["error"]["code"], -32602, "{request} → {answer}");
        // `Mcp-Name` has to equal what is no name here, which another rule refuses first.
        if request["params"]["name"] != json!(5) {
            let (_, answer) = ask(&http, method, "", &request.to_string()).await;
            assert_eq!(answer["error"]["code"], -32602, "{request} → {answer}");
        }
    }
    // Params that are no object have no `_meta` either.
    for method in ["tools/list", "server/discover", "tools/call"] {
        for params in [json!([1]), json!("x"), Value::Null] {
            let request = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
            let answer = stdio.request(request.clone()).await;
            assert_eq!(answer["error"]["code"], -32602, "{request} → {answer}");
        }
    }
}

#[tokio::test]
async fn every_result_names_the_server() {
    let (base, _) = upstream::start().await;
    let mut stdio = Server::with_credentials(&base);
    let http = start(&base, &[]).await;
    let call = |what| json!({"name": "probe", "arguments": {"what": what}});
    for (method, params) in [
        ("server/discover", json!({})),
        ("tools/list", json!({})),
        ("tools/call", call("a")),
        ("tools/call", call("404")),
    ] {
        let request = modern(1, method, params);
        let (status, over_http) = ask(&http, method, "", &request.to_string()).await;
        assert_eq!(status, 200, "{over_http}");
        for answer in [stdio.request(request.clone()).await, over_http] {
            let info = &answer["result"]["_meta"]["io.modelcontextprotocol/serverInfo"];
            assert_eq!(
                (&info["name"], &info["version"]),
                (&json!("fixture"), &json!("1.2.3")),
                "{request} → {answer}"
            );
        }
    }
}

#[tokio::test]
async fn a_notification_over_http_is_accepted_without_a_body() {
    let http = start("http://127.0.0.1:9", &[]).await;
    let a = &http.address;
    for (method, body) in [
        (
            "notifications/initialized",
            r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#,
        ),
        (
            "notifications/cancelled",
            r#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#,
        ),
    ] {
        for era in ["MCP-Protocol-Version: 2025-11-25\r\n", ""] {
            let request = format!(
                "POST /mcp HTTP/1.1\r\nHost: {a}\r\nConnection: close\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\n{era}Content-Length: {}\r\n\r\n{body}",
                body.len()
            );
            let answer = raw(a, &request).await;
            assert_eq!(answer, (202, String::new()), "{method} {era}");
        }
    }
}

#[tokio::test]
async fn session_and_event_ids_are_ignored_and_none_is_made() {
    let http = start("http://127.0.0.1:9", &[]).await;
    let list = modern(1, "tools/list", json!({})).to_string();
    let fields = "Mcp-Session-Id: 5f0c\r\nLast-Event-ID: 3\r\n";
    let (status, answer) = ask(&http, "tools/list", fields, &list).await;
    assert_eq!(status, 200, "{answer}");
    let legacy = r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"0"}}}"#;
    let request = format!(
        "POST /mcp HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{fields}Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{legacy}",
        legacy.len()
    );
    let mut stream = TcpStream::connect(&http.address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    tokio::io::AsyncReadExt::read_to_string(&mut stream, &mut answer)
        .await
        .unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(
        !answer.to_lowercase().contains("mcp-session-id"),
        "{answer}"
    );
}

#[tokio::test]
async fn a_wrong_meta_over_http_has_its_code() {
    let http = start("http://127.0.0.1:9", &[]).await;
    let version = "io.modelcontextprotocol/protocolVersion";
    let capabilities = "io.modelcontextprotocol/clientCapabilities";
    for (meta, code) in [
        (json!({version: "2026-07-28"}), -32602),
        (json!({version: "2026-07-28", capabilities: 5}), -32602),
        // The header names a version and the body does not.
        (json!({capabilities: {}}), -32602),
        (json!({}), -32602),
        (json!({version: "2025-11-25", capabilities: {}}), -32020),
    ] {
        let request =
            json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"_meta": meta}});
        let (status, answer) = ask(&http, "tools/list", "", &request.to_string()).await;
        assert_eq!(
            (status, &answer["error"]["code"]),
            (400, &json!(code)),
            "{request} → {answer}"
        );
    }
    let unknown = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"_meta": {version: "2099-01-01", capabilities: {}}}});
    let request = post(&http.address, "tools/list", "", &unknown.to_string());
    let request = request.replace(
        "MCP-Protocol-Version: 2026-07-28",
        "MCP-Protocol-Version: 2099-01-01",
    );
    let (status, body) = raw(&http.address, &request).await;
    let answer: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(
        (status, &answer["error"]["code"]),
        (400, &json!(-32022)),
        "{body}"
    );
    assert_eq!(answer["error"]["data"]["requested"], "2099-01-01");
    assert!(answer["error"]["data"]["supported"].is_array());
}

#[tokio::test]
async fn what_parsing_would_lose_is_a_tool_error_over_http_too() {
    let (base, ledger) = upstream::start().await;
    let http = start(&base, &[]).await;
    for (arguments, hint) in [
        (r#"{"id":1,"id":2}"#, "/id: is given twice"),
        (r#"{"what":"ok","what":"other"}"#, "/what: is given twice"),
        (
            r#"{"what":"ok","n":1234567890123456789012e5}"#,
            "/n: the number 1234567890123456789012e5",
        ),
    ] {
        let body = format!(
            r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{"name":"probe","arguments":{arguments},{META}}}}}"#
        );
        let (status, answer) = ask(&http, "tools/call", "", &body).await;
        assert_eq!(
            (status, &answer["result"]["isError"]),
            (200, &json!(true)),
            "{answer}"
        );
        assert!(text(&answer["result"]).contains(hint), "{answer}");
    }
    assert_eq!(ledger.count(), 0);
}

/// A stream would keep a connection, and with it a shutdown, open.
#[tokio::test]
async fn an_answer_is_never_a_stream() {
    let (base, _) = upstream::start().await;
    let http = start(&base, &[]).await;
    let mut call = modern(
        1,
        "tools/call",
        json!({"name": "probe", "arguments": {"what": "pause"}}),
    );
    call["params"]["_meta"]["progressToken"] = json!("p");
    call["params"]["_meta"]["io.modelcontextprotocol/logLevel"] = json!("debug");
    let extra = "Accept: text/event-stream, application/json\r\n";
    let request = post(&http.address, "tools/call", extra, &call.to_string());
    let mut stream = TcpStream::connect(&http.address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let (status, body) = rest(&mut stream).await;
    assert_eq!(status, 200, "{body}");
    assert!(serde_json::from_str::<Value>(&body).is_ok(), "{body}");
    let listen = modern(2, "subscriptions/listen", json!({"notifications": {}}));
    let (status, answer) = ask(&http, "subscriptions/listen", "", &listen.to_string()).await;
    assert_eq!((status, &answer["error"]["code"]), (404, &json!(-32601)));
}
