//! Resources and completion over real sockets and pipes: the schemas of tools, as they are checked.
#![cfg(feature = "http")]
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod common;

use common::http::{Http, ask, start};
use common::process::{Server, modern};
use common::upstream;
use serde_json::{Value, json};

const TEMPLATE: &str = "fixture://schemas/{tool}";

async fn server(options: &[&str]) -> Http {
    let (base, _) = upstream::start().await;
    start(&base, options).await
}

async fn read(server: &Http, path: &str, uri: &str) -> Value {
    // The name of what is asked for stands in a field too (MCP 2026-07-28, `basic/transports`).
    let field = format!("mcp-name: {uri}\r\n");
    let (_, answer) = ask(server, path, &field, "resources/read", json!({"uri": uri})).await;
    answer
}

#[tokio::test]
async fn the_schemas_of_a_tool_can_be_read_as_they_are_checked() {
    let server = server(&[]).await;
    let (_, answer) = ask(&server, "", "", "resources/templates/list", json!({})).await;
    let result = &answer["result"];
    assert_eq!(
        result["resourceTemplates"][0]["uriTemplate"], TEMPLATE,
        "{answer}"
    );
    assert!(result["ttlMs"].as_u64().unwrap() > 0);
    let answer = read(&server, "", "fixture://schemas/get_customer").await;
    let contents = &answer["result"]["contents"][0];
    assert_eq!(contents["mimeType"], "application/json", "{answer}");
    let text: Value = serde_json::from_str(contents["text"].as_str().unwrap()).unwrap();
    assert_eq!(text["tool"], "get_customer");
    // Tool lists leave this out.
    assert_eq!(text["inputSchema"]["additionalProperties"], false, "{text}");
    assert_eq!(answer["result"]["cacheScope"], "public");
}

#[tokio::test]
async fn what_is_not_there_is_answered_with_the_nearest() {
    let server = server(&["--exclude-tools", "delete_customer"]).await;
    for (uri, hint) in [
        (
            "fixture://schemas/get_custmer",
            "fixture://schemas/get_customer?",
        ),
        // What the operator switched off is not there.
        ("fixture://schemas/delete_customer", "there is no resource"),
        ("fixture://enums/country", "there is no resource"),
        ("other://schemas/get_customer", "fixture://schemas/TOOL"),
    ] {
        let answer = read(&server, "", uri).await;
        assert_eq!(answer["error"]["code"], -32602, "{uri}: {answer}");
        let message = answer["error"]["message"].as_str().unwrap();
        assert!(message.contains(hint), "{uri}: {message}");
    }
    let (_, answer) = ask(&server, "", "", "resources/list", json!({"cursor": "x"})).await;
    assert_eq!(answer["error"]["code"], -32602, "{answer}");
}

#[tokio::test]
async fn names_of_tools_are_completed_for_the_template_alone() {
    let server = server(&[]).await;
    for (uri, name, begun, expected) in [
        (
            TEMPLATE,
            "tool",
            "get_",
            json!(["get_customer", "get_file"]),
        ),
        (TEMPLATE, "tool", "GET_C", json!(["get_customer"])),
        (TEMPLATE, "other", "get_", json!([])),
        ("fixture://enums/x", "tool", "get_", json!([])),
    ] {
        let params = json!({
            "ref": {"type": "ref/resource", "uri": uri},
            "argument": {"name": name, "value": begun},
        });
        let (_, answer) = ask(&server, "", "", "completion/complete", params).await;
        assert_eq!(
            answer["result"]["completion"]["values"], expected,
            "{answer}"
        );
    }
}

#[tokio::test]
async fn resources_are_there_on_stdio_in_both_eras() {
    let mut server = Server::with_credentials("http://127.0.0.1:9");
    let answer = server.request(modern(1, "resources/list", json!({}))).await;
    // The fixture has no long enum; views for hosts of MCP Apps are resources, too.
    let listed = answer["result"]["resources"].as_array().unwrap();
    let uris: Vec<&str> = listed
        .iter()
        .filter_map(|one| one["uri"].as_str())
        .collect();
    assert_eq!(
        uris,
        ["ui://fixture/card", "ui://fixture/approval"],
        "{answer}"
    );
    let mut server = Server::with_credentials("http://127.0.0.1:9");
    let open = json!({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "t", "version": "0"}}});
    let answer = server.request(open).await;
    assert_eq!(answer["result"]["capabilities"]["resources"], json!({}));
    let read = |uri: &str| json!({"jsonrpc": "2.0", "id": 1, "method": "resources/read", "params": {"uri": uri}});
    let answer = server.request(read("fixture://schemas/get_file")).await;
    assert!(answer["result"].get("resultType").is_none(), "{answer}");
    assert!(answer["result"]["contents"][0]["text"].is_string());
    // That revision has a code of its own for it.
    let answer = server.request(read("fixture://schemas/nothing")).await;
    assert_eq!(answer["error"]["code"], -32002, "{answer}");
}
