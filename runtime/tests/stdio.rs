//! The stdio transport end to end: a real process against a real HTTP service, in both eras.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod common;

use common::process::{Server, command, ends_well, modern, terminate, text, wait_for};
use common::upstream;
use serde_json::json;

#[tokio::test]
async fn a_modern_client_discovers_and_lists() {
    let (base, _) = upstream::start().await;
    let mut server = Server::with_credentials(&base);
    let answer = server
        .request(modern(1, "server/discover", json!({})))
        .await;
    let result = &answer["result"];
    assert_eq!(
        result["capabilities"],
        json!({"tools": {}, "prompts": {}, "resources": {}, "completions": {}, "extensions": {"io.modelcontextprotocol/ui": {}}}),
        "{answer}"
    );
    assert_eq!(result["ttlMs"], 3_600_000);
    assert_eq!(result["cacheScope"], "public");
    assert_eq!(
        result["_meta"]["io.modelcontextprotocol/serverInfo"]["name"],
        "fixture"
    );
    let instructions = result["instructions"].as_str().unwrap();
    assert!(
        instructions
            .starts_with("Read before you write.\nTools by topic:\n- customers: list_customers, "),
        "{instructions}"
    );

    let answer = server.request(modern(2, "tools/list", json!({}))).await;
    let result = &answer["result"];
    assert_eq!(result["resultType"], "complete");
    assert_eq!(result["ttlMs"], 3_600_000);
    assert_eq!(result["cacheScope"], "public");
    assert!(result.get("nextCursor").is_none());
    let tools = result["tools"].as_array().unwrap();
    assert_eq!(tools.len(), 15);
    assert_eq!(tools[0]["name"], "list_customers");
    assert_eq!(
        tools[1]["_meta"]["dev.mcpwright/operation"],
        "GET /customers/{id}"
    );
    assert_eq!(
        tools[2]["annotations"],
        json!({"title": "Delete customer", "readOnlyHint": false, "destructiveHint": true, "idempotentHint": true, "openWorldHint": false})
    );
    // Key order is the schema's own.
    let schema = tools[0]["inputSchema"].to_string();
    assert!(
        schema.starts_with(r#"{"type":"object","properties":{"status""#),
        "{schema}"
    );
    let answer = server
        .request(modern(3, "tools/list", json!({"cursor": "x"})))
        .await;
    assert_eq!(answer["error"]["code"], -32602);
}

#[tokio::test]
async fn a_legacy_client_initializes_lists_and_calls() {
    let (base, ledger) = upstream::start().await;
    let mut server = Server::with_credentials(&base);
    let answer = server
        .request(json!({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "0"}}}))
        .await;
    assert_eq!(answer["result"]["protocolVersion"], "2025-06-18");
    assert_eq!(answer["result"]["serverInfo"]["name"], "fixture");
    server
        .send(r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#)
        .await;
    let answer = server
        .request(json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list"}))
        .await;
    assert_eq!(answer["result"]["tools"].as_array().unwrap().len(), 15);
    assert!(answer["result"].get("resultType").is_none());
    let call = json!({"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": "get_customer", "arguments": {"id": "alias-a b"}}});
    let answer = server.request(call).await;
    // Hooks ran on both sides, and the value was encoded.
    assert_eq!(
        answer["result"]["structuredContent"]["hooked"], true,
        "{answer}"
    );
    assert_eq!(ledger.last().uri, "/api/customers/a%20b");
    let answer = server
        .request(json!({"jsonrpc": "2.0", "id": 3, "method": "ping"}))
        .await;
    assert_eq!(answer["result"], json!({}));
}

#[tokio::test]
async fn stray_first_lines_do_not_end_the_process() {
    let mut server = Server::with_credentials("http://127.0.0.1:9");
    server.send("this is no JSON").await;
    server
        .send(r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#)
        .await;
    server.send(r#"{"jsonrpc":"2.0","id":9,"result":{}}"#).await;
    let answer = server.request(json!([1])).await;
    assert_eq!(answer["error"]["code"], -32600);
    server.send(&"x".repeat(5 << 20)).await;
    let answer = server.receive().await;
    assert_eq!(
        answer["error"]["message"],
        "the message is larger than 4 MiB"
    );
    let answer = server.request(modern(1, "tools/list", json!({}))).await;
    assert_eq!(answer["id"], 1);
}

#[tokio::test]
async fn protocol_errors_have_the_right_codes() {
    let mut server = Server::with_credentials("http://127.0.0.1:9");
    for (request, code) in [
        (
            modern(1, "tools/call", json!({"name": "nope", "arguments": {}})),
            -32602,
        ),
        (modern(1, "tools/call", json!({"arguments": {}})), -32602),
        (
            modern(1, "tools/call", json!({"name": "probe", "arguments": [1]})),
            -32602,
        ),
        (modern(1, "resources/read", json!({"uri": 1})), -32602),
        (
            modern(1, "resources/read", json!({"uri": "fixture://x"})),
            -32602,
        ),
        (modern(1, "completion/complete", json!({})), -32602),
        (
            modern(1, "resources/subscribe", json!({"uri": "fixture://x"})),
            -32601,
        ),
        (
            modern(1, "subscriptions/listen", json!({"notifications": {}})),
            -32601,
        ),
        (modern(1, "foo/bar", json!({})), -32601),
        (modern(1, "ping", json!({})), -32601),
        (
            json!({"jsonrpc": "2.0", "id": null, "method": "tools/list"}),
            -32600,
        ),
        (
            json!({"jsonrpc": "1.0", "id": 1, "method": "tools/list"}),
            -32600,
        ),
        (
            json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"_meta": {"io.modelcontextprotocol/protocolVersion": "2099-01-01", "io.modelcontextprotocol/clientCapabilities": {}}}}),
            -32022,
        ),
    ] {
        let answer = server.request(request.clone()).await;
        assert_eq!(answer["error"]["code"], code, "{request} → {answer}");
    }
    let answer = server
        .request(modern(5, "tools/call", json!({"name": "probee"})))
        .await;
    assert!(
        answer["error"]["message"]
            .as_str()
            .unwrap()
            .contains("did you mean probe?")
    );
}

#[tokio::test]
async fn the_digits_that_are_given_are_the_digits_that_are_sent() {
    let (base, ledger) = upstream::start().await;
    let mut server = Server::with_credentials(&base);
    let meta = r#""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}"#;
    let mut calls = 0;
    for (tool, arguments, sent) in [
        (
            "probe",
            r#"{"what":"ok","n":123456789012345678901234567890}"#,
            "n=123456789012345678901234567890",
        ),
        (
            "probe",
            r#"{"what":"ok","n":-18446744073709551617}"#,
            "n=-18446744073709551617",
        ),
        (
            "probe",
            r#"{"what":"ok","n":18446744073709551615}"#,
            "n=18446744073709551615",
        ),
        // An integer has no fraction, whatever a model writes.
        ("probe", r#"{"what":"ok","n":5.00}"#, "n=5"),
        (
            "create_invoice",
            r#"{"customer_id":"c","lines":[{"text":"\\\"1.10","hours":1.10},{"text":"b","hours":0.1234567890123456789012}]}"#,
            r#"{"customerId":"c","lines":[{"text":"\\\"1.10","hours":1.10},{"text":"b","hours":0.1234567890123456789012}]}"#,
        ),
        // Also in JSON that comes as text.
        (
            "probe",
            r#"{"what":"ok","n":"123456789012345678901234567890"}"#,
            "n=123456789012345678901234567890",
        ),
        (
            "create_invoice",
            r#"{"customer_id":"c","lines":" [{\"text\":\"1.10\",\"hours\":1.10},\"{\\\"text\\\":\\\"b\\\",\\\"hours\\\":123456789012345678901.5}\",{\"text\":\"c\",\"hours\":0.1234567890123456789012}]"}"#,
            r#"{"customerId":"c","lines":[{"text":"1.10","hours":1.10},{"text":"b","hours":123456789012345678901.5},{"text":"c","hours":0.1234567890123456789012}]}"#,
        ),
        // In a value that becomes a list of one.
        (
            "create_invoice",
            r#"{"customer_id":"c","lines":{"text":"a","hours":1.10}}"#,
            r#"{"customerId":"c","lines":[{"text":"a","hours":1.10}]}"#,
        ),
        (
            "create_invoice",
            r#"{"customer_id":"c","lines":{"text":"a","hours":"123456789012345678901.50"}}"#,
            r#"{"customerId":"c","lines":[{"text":"a","hours":123456789012345678901.50}]}"#,
        ),
        // And as texts, where nothing but a text is accepted.
        (
            "create_invoice",
            r#"{"customer_id":-0.5,"lines":{"text":12345678901234567890123,"hours":1.10}}"#,
            r#"{"customerId":"-0.5","lines":[{"text":"12345678901234567890123","hours":1.10}]}"#,
        ),
        (
            "create_invoice",
            r#"{"customer_id":1.10,"lines":"[{\"text\":5.00,\"hours\":1}]"}"#,
            r#"{"customerId":"1.10","lines":[{"text":"5.00","hours":1}]}"#,
        ),
    ] {
        server
            .send(&format!(r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{"name":"{tool}","arguments":{arguments},{meta}}}}}"#))
            .await;
        let answer = server.receive().await;
        assert_eq!(answer["result"]["isError"], false, "{arguments}: {answer}");
        calls += 1;
        assert_eq!(ledger.count(), calls);
        let seen = ledger.last();
        let body = String::from_utf8(seen.body.to_vec()).unwrap();
        assert!(
            seen.uri.ends_with(sent) || body == sent,
            "{arguments}: {} {body}",
            seen.uri
        );
    }
    // What was given with an exponent has no digits of its own to send.
    server
        .send(&format!(r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{"name":"get_customer","arguments":{{"id":1e5}},{meta}}}}}"#))
        .await;
    let answer = server.receive().await;
    assert_eq!(answer["result"]["isError"], true, "{answer}");
    assert_eq!(ledger.count(), calls);
    // The mark that such numbers have inside of this server is no way to write one.
    server
        .send(&format!(r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{"name":"get_customer","arguments":{{"id":"\u0000number:5"}},{meta}}}}}"#))
        .await;
    let answer = server.receive().await;
    assert_eq!(answer["result"]["isError"], true, "{answer}");
    assert_eq!(ledger.count(), calls);
}

#[tokio::test]
async fn what_parsing_would_lose_is_a_tool_error() {
    let (base, ledger) = upstream::start().await;
    let mut server = Server::with_credentials(&base);
    let meta = r#""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}"#;
    for (arguments, hint) in [
        (r#"{"what":"ok","what":"other"}"#, "/what: is given twice"),
        (
            r#"{"what":"ok","n":1234567890123456789012e5}"#,
            "/n: the number 1234567890123456789012e5",
        ),
        (r#"{"what":"ok","n":"1234567890123456789012e5"}"#, "/n"),
    ] {
        server
            .send(&format!(r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{"name":"probe","arguments":{arguments},{meta}}}}}"#))
            .await;
        let answer = server.receive().await;
        assert_eq!(answer["result"]["isError"], true, "{answer}");
        assert!(text(&answer["result"]).contains(hint), "{answer}");
    }
    assert_eq!(ledger.count(), 0);
}

#[tokio::test]
async fn a_request_that_cannot_be_read_is_answered_nevertheless() {
    let (base, ledger) = upstream::start().await;
    let mut server = Server::with_credentials(&base);
    let deep = format!("{}{}", "[".repeat(80), "]".repeat(80));
    for (what, code, message) in [
        ("1e400", -32700, "number out of range"),
        (r#""\ud83d""#, -32700, "the message is not JSON"),
        (deep.as_str(), -32700, "the message nests too deep"),
        ("nope", -32700, "the message is not JSON"),
    ] {
        // Some clients write the id last.
        for line in [
            format!(
                r#"{{"jsonrpc":"2.0","id":"a","method":"tools/call","params":{{"name":"probe","arguments":{{"what":{what}}}}}}}"#
            ),
            format!(
                r#"{{"method":"tools/call","params":{{"name":"probe","arguments":{{"what":{what}}}}},"jsonrpc":"2.0","id":"a"}}"#
            ),
        ] {
            server.send(&line).await;
            let answer = server.receive().await;
            assert_eq!(answer["id"], "a", "{line} → {answer}");
            assert_eq!(answer["error"]["code"], code, "{line} → {answer}");
            let text = answer["error"]["message"].as_str().unwrap();
            assert!(
                text.starts_with("the message") && text.contains(message),
                "{line} → {answer}"
            );
        }
    }
    let long = format!(
        r#"{{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{{"x":"{}"}}}}"#,
        "x".repeat(5 << 20)
    );
    server.send(&long).await;
    let answer = server.receive().await;
    assert_eq!(
        (&answer["id"], &answer["error"]["code"]),
        (&json!(5), &json!(-32600))
    );
    let input = server.input.as_mut().unwrap();
    tokio::io::AsyncWriteExt::write_all(
        input,
        b"{\"jsonrpc\":\"2.0\",\"id\":6,\"method\":\"ping\",\"x\":\"\xff\"}\n",
    )
    .await
    .unwrap();
    assert_eq!(server.receive().await["id"], 6);
    // An answer of the other side is no request, so that two of us do not talk for ever.
    server
        .send(r#"{"jsonrpc":"2.0","id":7,"error":{"code":1e400}}"#)
        .await;
    let list = modern(8, "tools/list", json!({}));
    server.send(&format!("\u{feff}{list}")).await;
    assert_eq!(server.receive().await["id"], 8);
    assert_eq!(ledger.count(), 0);
}

#[tokio::test]
async fn a_panic_is_an_answer() {
    let (base, _) = upstream::start().await;
    let mut server = Server::with_credentials(&base);
    let result = server.call("get_customer", json!({"id": "panic"})).await;
    assert_eq!(result["isError"], true);
    assert!(text(&result).starts_with("Internal error:"), "{result}");
    let result = server.call("get_customer", json!({"id": "1"})).await;
    assert_eq!(result["isError"], false);
}

#[tokio::test]
async fn cancellation_reaches_the_service_and_nothing_is_answered() {
    let (base, ledger) = upstream::start().await;
    let mut server = Server::start(&[("FIX_BASE_URL", &base), ("FIX_TOKEN", "t")]);
    let open = json!({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "t", "version": "0"}}});
    server.request(open).await;
    server.send(&json!({"jsonrpc": "2.0", "id": 41, "method": "tools/call", "params": {"name": "poke", "arguments": {"what": "slow"}}}).to_string()).await;
    wait_for(|| ledger.count() == 1).await;
    server.send(&json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 41}}).to_string()).await;
    wait_for(|| *ledger.dropped.lock().unwrap() == 1).await;
    let answer = server
        .request(json!({"jsonrpc": "2.0", "id": 42, "method": "ping"}))
        .await;
    assert_eq!(answer["id"], 42);
}

#[tokio::test]
async fn calls_in_flight_are_answered_after_the_end_of_input() {
    let (base, _) = upstream::start().await;
    let mut server = Server::with_credentials(&base);
    server
        .send(
            &modern(
                1,
                "tools/call",
                json!({"name": "probe", "arguments": {"what": "pause"}}),
            )
            .to_string(),
        )
        .await;
    drop(server.input.take());
    assert_eq!(
        server.receive().await["result"]["structuredContent"],
        json!({"paused": true})
    );
    ends_well(&mut server.child).await;
}

#[cfg(unix)]
#[tokio::test]
async fn a_signal_drains_and_ends() {
    let (base, ledger) = upstream::start().await;
    let mut server = Server::with_credentials(&base);
    server
        .send(
            &modern(
                1,
                "tools/call",
                json!({"name": "probe", "arguments": {"what": "pause"}}),
            )
            .to_string(),
        )
        .await;
    wait_for(|| ledger.count() == 1).await;
    terminate(&server.child);
    assert_eq!(
        server.receive().await["result"]["structuredContent"],
        json!({"paused": true})
    );
    ends_well(&mut server.child).await;
}

#[tokio::test]
async fn a_wrong_configuration_is_one_line_and_exit_code_2() {
    let secret = std::env::temp_dir().join(format!("mcpwright-secret-{}", std::process::id()));
    std::fs::write(&secret, "from-file\n").unwrap();
    let empty = secret.with_extension("empty");
    std::fs::write(&empty, "\n").unwrap();
    let ok = "https://crm.example.com";
    for (variables, line) in [
        (
            vec![],
            "error: FIX_BASE_URL is not set: the address of the service is needed; the API's document suggests https://crm.example.com/api",
        ),
        (
            vec![("FIX_BASE_URL", "crm.example.com")],
            "error: FIX_BASE_URL is not an absolute URL such as https://api.example.com/v1",
        ),
        (
            vec![("FIX_BASE_URL", "https://u:p@crm.example.com")],
            "error: FIX_BASE_URL must not hold a user name or password; credentials have variables of their own",
        ),
        (
            vec![("FIX_BASE_URL", "https://crm.example.com?a=b")],
            "error: FIX_BASE_URL must not have a query or a fragment",
        ),
        (
            vec![("FIX_BASE_URL", "http://crm.example.com")],
            "error: FIX_BASE_URL is plain http, which would show the credential to the network; use https, or set FIX_ALLOW_HTTP=1",
        ),
        (
            vec![("FIX_BASE_URL", ok)],
            "error: no credential for Fixture CRM is configured; set FIX_TOKEN (or the same name with _FILE and a path)",
        ),
        (
            vec![("FIX_BASE_URL", ok), ("FIX_TIMEOUT_SECONDS", "soon")],
            "error: FIX_TIMEOUT_SECONDS must be a whole number of seconds from 1 to 86400",
        ),
        (
            vec![
                ("FIX_BASE_URL", ok),
                ("FIX_TIMEOUT_SECONDS", "18446744073709551615"),
            ],
            "error: FIX_TIMEOUT_SECONDS must be a whole number of seconds from 1 to 86400",
        ),
        (
            vec![
                ("FIX_BASE_URL", ok),
                ("FIX_MAX_RESPONSE_BYTES", "18446744073709551615"),
            ],
            "error: FIX_MAX_RESPONSE_BYTES must be a whole number of bytes from 1 to 4294967296",
        ),
        (
            vec![
                ("FIX_BASE_URL", ok),
                ("FIX_TOKEN_FILE", "/nonexistent/secret"),
            ],
            "error: FIX_TOKEN_FILE names a file that cannot be read: No such file or directory (os error 2)",
        ),
        (
            vec![("FIX_BASE_URL", ok), ("FIX_TOKEN", "bad\nvalue")],
            "error: FIX_TOKEN holds characters that an HTTP request cannot carry",
        ),
        (
            vec![("FIX_BASE_URL", ok), ("FIX_TOKEN", "token ")],
            "error: FIX_TOKEN begins or ends with a blank",
        ),
        (
            vec![
                ("FIX_BASE_URL", ok),
                ("FIX_TOKEN_FILE", empty.to_str().unwrap()),
            ],
            "error: FIX_TOKEN_FILE names an empty file",
        ),
        (
            vec![
                ("FIX_BASE_URL", ok),
                ("FIX_USERNAME", "ann"),
                ("FIX_PASSWORD", "pw\n"),
            ],
            "error: FIX_PASSWORD holds characters that an HTTP request cannot carry",
        ),
        (
            vec![
                ("FIX_BASE_URL", ok),
                ("FIX_USERNAME", "a:b"),
                ("FIX_PASSWORD", "pw"),
            ],
            "error: FIX_USERNAME must not hold a colon, which ends the user name",
        ),
        (
            vec![("FIX_BASE_URL", ok), ("FIX_COOKIE", "a; b=c")],
            "error: FIX_COOKIE holds characters that a cookie cannot carry",
        ),
        (
            vec![
                ("FIX_BASE_URL", ok),
                ("FIX_TOKEN", "t"),
                ("FIX_PROXY", "proxy.example.com"),
            ],
            "error: FIX_PROXY is not the URL of a proxy such as http://proxy.example.com:3128",
        ),
    ] {
        let output = command(&variables).output().await.unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr).trim_end(), line);
        assert_eq!(output.status.code(), Some(2), "{line}");
        assert!(output.stdout.is_empty());
    }
    std::fs::remove_file(empty).unwrap();
    // What is not UTF-8 is not taken for missing.
    #[cfg(unix)]
    {
        let bytes = <std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(b"\xff");
        let mut command = command(&[("FIX_BASE_URL", ok)]);
        let output = command.env("FIX_TOKEN", bytes).output().await.unwrap();
        assert_eq!(
            String::from_utf8_lossy(&output.stderr).trim_end(),
            "error: FIX_TOKEN holds characters that an HTTP request cannot carry"
        );
    }
    // A credential from a file is enough, and its line end does not count.
    let (base, ledger) = upstream::start().await;
    let path = secret.to_str().unwrap();
    let mut command = command(&[("FIX_BASE_URL", &base), ("FIX_TOKEN_FILE", path)]);
    let output = command
        .args(["call", "list_customers", "limit=5"])
        .output()
        .await
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(
        ledger.last().header("authorization"),
        Some("Bearer from-file")
    );
    assert_eq!(ledger.last().uri, "/api/customers?limit=5");
    std::fs::remove_file(secret).unwrap();
}

#[tokio::test]
async fn the_command_line_calls_tools_and_has_exit_codes() {
    let (base, _) = upstream::start().await;
    let all = [("FIX_BASE_URL", base.as_str()), ("FIX_TOKEN", "t")];
    for (arguments, code, out) in [
        (
            vec!["call", "probe", "what=404"],
            5,
            "Not found: because (HTTP 404)",
        ),
        (
            vec!["call", "probe", "what=401"],
            3,
            "Auth error: because (HTTP 401)",
        ),
        (
            vec!["call", "with_basic"],
            3,
            "Auth error: this operation needs a credential that is not configured; the operator of this server has to set FIX_USERNAME and FIX_PASSWORD.",
        ),
        (vec!["call", "probe"], 5, "Validation error: 1 problem"),
        (
            vec!["call", "probe", "--json", r#"{"what":"nan"}"#],
            0,
            r#"{"a":null}"#,
        ),
        (vec!["call", "prob"], 2, ""),
        (vec!["call", "probe", "--json", "[]"], 2, ""),
        (vec!["--version"], 0, "fixture 1.2.3 (mcpwright 0.1.0)"),
        (vec!["--help"], 0, "MCP server for Fixture CRM"),
        (vec!["--nope"], 2, ""),
        (vec!["tools"], 0, "list_customers "),
    ] {
        let output = command(&all).args(&arguments).output().await.unwrap();
        let stdout = String::from_utf8_lossy(&output.stdout);
        assert_eq!(
            output.status.code(),
            Some(code),
            "{arguments:?}: {output:?}"
        );
        assert!(stdout.starts_with(out), "{arguments:?}: {stdout}");
    }
    let gone = [("FIX_BASE_URL", "http://127.0.0.1:9"), ("FIX_TOKEN", "t")];
    let output = command(&gone)
        .args(["call", "probe", "what=a"])
        .output()
        .await
        .unwrap();
    assert_eq!(output.status.code(), Some(4));
}
