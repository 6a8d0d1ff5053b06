//! Streamable HTTP end to end, over real sockets.
#![cfg(feature = "http")]
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod common;

use common::http::{post, raw, start};
use common::process::{command, ends_well, modern, terminate, wait_for};
use common::upstream;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

#[tokio::test]
async fn lists_and_calls_in_both_eras() {
    let (base, ledger) = upstream::start().await;
    let server = start(&base, &[]).await;
    let a = &server.address;
    let list = modern(1, "tools/list", json!({})).to_string();
    let (status, body) = raw(a, &post(a, "tools/list", "", &list)).await;
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(
        (status, body["result"]["tools"].as_array().unwrap().len()),
        (200, 15)
    );
    assert_eq!(body["result"]["cacheScope"], "public");
    let call = modern(
        2,
        "tools/call",
        json!({"name": "probe", "arguments": {"what": "a", "n": "5"}}),
    )
    .to_string();
    let (status, body) = raw(a, &post(a, "tools/call", "", &call)).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(ledger.last().uri, "/api/x/a?n=5");
    // Legacy, without a session; with a trailing slash; with the Accept of a plain client.
    for (path, accept) in [("/mcp", "*/*"), ("/mcp/", "application/json")] {
        let body = r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"0"}}}"#;
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: {a}\r\nConnection: close\r\nContent-Type: application/json\r\nAccept: {accept}\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let (status, body) = raw(a, &request).await;
        assert_eq!(status, 200, "{body}");
        assert!(body.contains(r#""protocolVersion":"2025-11-25""#), "{body}");
    }
    let body = r#"{"jsonrpc":"2.0","id":2,"method":"tools/list"}"#;
    let request = format!(
        "POST /mcp HTTP/1.1\r\nHost: {a}\r\nConnection: close\r\nContent-Type: application/json\r\nMCP-Protocol-Version: 2025-11-25\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let (status, body) = raw(a, &request).await;
    assert_eq!(status, 200, "{body}");
    assert!(!body.contains("resultType"));
}

#[tokio::test]
async fn what_is_refused_and_how() {
    let (base, ledger) = upstream::start().await;
    let server = start(
        &base,
        &[
            "--allow-host",
            "mcp.example.com",
            "--allow-origin",
            "https://app.example.com",
        ],
    )
    .await;
    let a = &server.address;
    let good = modern(1, "tools/list", json!({})).to_string();
    let twice = r#"{"jsonrpc":"2.0","id":1,"id":2,"method":"tools/list"}"#;
    let unknown = modern(1, "foo/bar", json!({})).to_string();
    let bad_params =
        modern(1, "tools/call", json!({"name": "probe", "arguments": [1]})).to_string();
    let large = format!("\"{}\"", "x".repeat(5 << 20));
    for (request, status, code) in [
        (
            post(a, "tools/list", "Origin: https://evil.example\r\n", &good),
            403,
            None,
        ),
        (post(a, "tools/list", "Origin: null\r\n", &good), 403, None),
        (
            post(
                a,
                "tools/list",
                "Origin: https://app.example.com\r\n",
                &good,
            ),
            200,
            None,
        ),
        (
            post(a, "tools/list", &format!("Origin: http://{a}\r\n"), &good),
            200,
            None,
        ),
        (
            post(a, "tools/list", "Host: evil.example\r\n", &good),
            403,
            None,
        ),
        (
            post(a, "tools/list", "Host: evil.example@localhost\r\n", &good),
            400,
            Some(-32600),
        ),
        (
            post(
                a,
                "tools/list",
                "Host: localhost:80.evil.example\r\n",
                &good,
            ),
            400,
            Some(-32600),
        ),
        (
            post(a, "tools/list", "Host: [::1]:80\r\n", &good),
            200,
            None,
        ),
        (
            post(a, "tools/list", "Host: mcp.example.com\r\n", &good),
            200,
            None,
        ),
        (
            post(
                a,
                "tools/list",
                "Host: 127.0.0.1\r\nHost: evil.example\r\n",
                &good,
            ),
            400,
            Some(-32600),
        ),
        (
            post(a, "tools/list", "", &good).replace("POST /mcp", "POST http://evil.example/mcp"),
            400,
            Some(-32600),
        ),
        (
            post(
                a,
                "tools/list",
                &format!("Origin: http://{a}\r\nOrigin: https://evil.example\r\n"),
                &good,
            ),
            400,
            Some(-32600),
        ),
        (
            post(
                a,
                "tools/list",
                "MCP-Protocol-Version: 2025-11-25\r\n",
                &good,
            ),
            400,
            Some(-32020),
        ),
        (
            post(a, "tools/list", "Mcp-Method: tools/call\r\n", &good),
            400,
            Some(-32020),
        ),
        (
            post(a, "tools/list", "Content-Encoding: gzip\r\n", &good),
            415,
            Some(-32600),
        ),
        (post(a, "tools/list", "", "{nope"), 400, Some(-32700)),
        (
            post(a, "tools/list", "Origin: https://evil.example\r\n", "{nope"),
            403,
            None,
        ),
        (
            post(a, "tools/list", "", &format!("[{good}]")),
            400,
            Some(-32600),
        ),
        (
            post(
                a,
                "tools/list",
                "",
                r#"{"jsonrpc":"2.0","id":null,"method":"tools/list"}"#,
            ),
            400,
            Some(-32600),
        ),
        (
            post(
                a,
                "tools/list",
                "",
                r#"{"jsonrpc":"2.0","id":1.5,"method":"tools/list"}"#,
            ),
            400,
            Some(-32600),
        ),
        (post(a, "tools/list", "", twice), 400, Some(-32600)),
        (
            post(a, "tools/list", "", &"[".repeat(5000)),
            400,
            Some(-32700),
        ),
        (post(a, "tools/list", "", &large), 413, Some(-32600)),
        (post(a, "foo/bar", "", &unknown), 404, Some(-32601)),
        (post(a, "tools/call", "", &bad_params), 200, Some(-32602)),
        (post(a, "tools/call", "", &good), 400, Some(-32020)),
        (
            format!(
                "GET /mcp HTTP/1.1\r\nHost: {a}\r\nAccept: text/event-stream\r\nConnection: close\r\n\r\n"
            ),
            405,
            None,
        ),
        (
            format!("DELETE /mcp HTTP/1.1\r\nHost: {a}\r\nConnection: close\r\n\r\n"),
            405,
            None,
        ),
        (
            format!("GET / HTTP/1.1\r\nHost: {a}\r\nConnection: close\r\n\r\n"),
            404,
            None,
        ),
    ] {
        let head: String = request.chars().take(400).collect();
        let (got, body) = raw(a, &request).await;
        let found = serde_json::from_str::<Value>(&body)
            .ok()
            .and_then(|b| b["error"]["code"].as_i64());
        assert_eq!((got, found), (status, code), "{head}\n→ {body}");
    }
    assert_eq!(ledger.count(), 0);
}

#[tokio::test]
async fn a_closed_connection_cancels_and_a_signal_drains() {
    let (base, ledger) = upstream::start().await;
    let mut server = start(&base, &[]).await;
    let call = modern(
        1,
        "tools/call",
        json!({"name": "poke", "arguments": {"what": "slow"}}),
    )
    .to_string();
    let mut stream = TcpStream::connect(&server.address).await.unwrap();
    stream
        .write_all(post(&server.address, "tools/call", "", &call).as_bytes())
        .await
        .unwrap();
    wait_for(|| ledger.count() == 1).await;
    drop(stream);
    wait_for(|| *ledger.dropped.lock().unwrap() == 1).await;

    let call = modern(
        1,
        "tools/call",
        json!({"name": "probe", "arguments": {"what": "pause"}}),
    )
    .to_string();
    let address = server.address.clone();
    let answer =
        tokio::spawn(async move { raw(&address, &post(&address, "tools/call", "", &call)).await });
    wait_for(|| ledger.count() == 2).await;
    terminate(&server.child);
    let (status, body) = answer.await.unwrap();
    assert!(status == 200 && body.contains(r#""paused":true"#), "{body}");
    ends_well(&mut server.child).await;
}

#[tokio::test]
async fn listening_beyond_this_machine_needs_a_flag() {
    let mut command = command(&[("FIX_BASE_URL", "http://127.0.0.1:9"), ("FIX_TOKEN", "t")]);
    let output = command
        .args(["http", "--listen", "0.0.0.0:0"])
        .output()
        .await
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("--allow-remote-without-auth"));
}

#[tokio::test]
async fn a_call_has_the_same_answer_with_and_without_the_sdk() {
    let (base, ledger) = upstream::start().await;
    let server = start(&base, &[]).await;
    let a = &server.address;
    for (name, coded, arguments, expected) in [
        (
            "probe",
            "cHJvYmU=",
            json!({"what": "a", "n": "5"}),
            "\"resultType\":\"complete\"",
        ),
        (
            "probe",
            "cHJvYmU=",
            json!({"what": "a", "n": []}),
            "\"isError\":true",
        ),
        (
            "probe",
            "cHJvYmU=",
            json!({"what": "a", "dry_run": true}),
            "Dry run",
        ),
        ("no_such_tool", "bm9fc3VjaF90b29s", json!({}), "-32602"),
    ] {
        let params = json!({"name": name, "arguments": arguments});
        let call = modern(7, "tools/call", params).to_string();
        let usual = post(a, "tools/call", "", &call);
        // A name that is encoded is the SDK's to read.
        let field = format!("Mcp-Name: =?base64?{coded}?=");
        let other = usual.replacen(&format!("Mcp-Name: {name}"), &field, 1);
        assert_ne!(usual, other);
        let sent = ledger.count();
        let (answer, same) = (raw(a, &usual).await, raw(a, &other).await);
        assert!(answer.1.contains(expected), "{}", answer.1);
        assert_eq!(answer, same);
        assert_eq!((ledger.count() - sent) % 2, 0, "both or none was sent");
        // What contradicts the body is refused as before.
        for (from, to) in [
            (format!("Mcp-Name: {name}"), "Mcp-Name: another".to_owned()),
            (format!("Mcp-Name: {name}\r\n"), String::new()),
            (
                "Mcp-Method: tools/call".to_owned(),
                "Mcp-Method: tools/list".to_owned(),
            ),
            (
                "Version: 2026-07-28".to_owned(),
                "Version: 2025-11-25".to_owned(),
            ),
        ] {
            let (status, body) = raw(a, &usual.replacen(&from, &to, 1)).await;
            assert_eq!(status, 400, "{to}: {body}");
            assert!(body.contains("-32020"), "{to}: {body}");
        }
    }
}

#[tokio::test]
async fn a_call_of_an_earlier_revision_has_the_same_answer_with_and_without_the_sdk() {
    let (base, ledger) = upstream::start().await;
    let server = start(&base, &[]).await;
    let a = &server.address;
    let call = |name: &str, arguments: &Value, meta: Value| {
        let mut params = json!({"name": name, "arguments": arguments});
        if !meta.is_null() {
            params["_meta"] = meta;
        }
        json!({"jsonrpc": "2.0", "id": "seven", "method": "tools/call", "params": params})
            .to_string()
    };
    for (name, arguments, expected) in [
        ("probe", json!({"what": "a", "n": "5"}), "\"content\":["),
        ("probe", json!({"what": "a", "n": []}), "\"isError\":true"),
        ("probe", json!({"what": "a", "dry_run": true}), "Dry run"),
        // There is no way to ask, so a preview is the answer.
        ("delete_customer", json!({"id": "5"}), "confirm_token"),
        ("no_such_tool", json!({}), "\"code\":-32602"),
    ] {
        for version in ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05", ""] {
            let named = match version {
                "" => String::new(),
                version => format!("MCP-Protocol-Version: {version}\r\n"),
            };
            let legacy = |body: &str, more: &str| {
                post(a, "tools/call", more, body)
                    .replacen("MCP-Protocol-Version: 2026-07-28\r\n", &named, 1)
                    .replacen("Mcp-Method: tools/call\r\n", "", 1)
                    .replacen(&format!("Mcp-Name: {name}\r\n"), "", 1)
            };
            let plain = call(name, &arguments, Value::Null);
            let sent = ledger.count();
            let answer = raw(a, &legacy(&plain, "")).await;
            assert_eq!(answer.0, 200, "{}", answer.1);
            assert!(answer.1.contains(expected), "{}", answer.1);
            assert!(!answer.1.contains("resultType"), "{}", answer.1);
            // Names of a session, fields that only the next revision has, and what a client says of itself besides.
            let session = legacy(&plain, "Mcp-Session-Id: any\r\nMcp-Name: another\r\n");
            let said = json!({
                "progressToken": 3,
                "io.modelcontextprotocol/clientCapabilities": {"elicitation": {}},
            });
            let said = legacy(&call(name, &arguments, said), "");
            let mut same = vec![session, said];
            // One that says its revision in `_meta` is the SDK's to judge.
            if !version.is_empty() {
                let meta = json!({"io.modelcontextprotocol/protocolVersion": version});
                same.push(legacy(&call(name, &arguments, meta), ""));
            }
            for other in same {
                let other = raw(a, &other).await.1;
                assert_eq!(without_token(&answer.1), without_token(&other), "{version}");
            }
            let asked = 3 + usize::from(!version.is_empty());
            assert_eq!((ledger.count() - sent) % asked, 0, "all or none was sent");
        }
    }
    // What the SDK refuses, it refuses as before.
    let plain = call("probe", &json!({"what": "a"}), Value::Null);
    let sent = ledger.count();
    for (version, code) in [
        ("2025-11-26", "Unsupported MCP-Protocol-Version"),
        ("2026-07-28", "-32020"),
        ("\u{e9}", "Bad Request"),
    ] {
        let to = format!("MCP-Protocol-Version: {version}");
        let request = post(a, "tools/call", "", &plain)
            .replacen("MCP-Protocol-Version: 2026-07-28", &to, 1)
            .replacen("Mcp-Name: probe\r\n", "", 1);
        let (status, body) = raw(a, &request).await;
        assert_eq!(status, 400, "{version}: {body}");
        assert!(body.contains(code), "{version}: {body}");
    }
    assert_eq!(ledger.count(), sent);
}

/// A result without the token of a preview, of which there are no two that are the same.
fn without_token(body: &str) -> String {
    let mut body: Value = serde_json::from_str(body).unwrap();
    if let Some(Value::String(text)) = body.pointer_mut("/result/content/0/text")
        && let Some((before, after)) = text.split_once("confirm_token")
    {
        let after = after.split_once('\n').map_or("", |(_, after)| after);
        *text = format!("{before}{after}");
    }
    let confirm = "/result/_meta/dev.mcpwright~1confirm/token";
    if let Some(token) = body.pointer_mut(confirm) {
        *token = Value::Null;
    }
    body.to_string()
}
