//! Peers on stdio that say what is allowed but unusual, or what is not: the process lives on, and
//! answers what waits for an answer and nothing else.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod common;

use common::process::{Server, modern, wait_for};
use common::upstream;
use serde_json::{Value, json};

fn cancelled(id: i64) -> String {
    json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": id}})
        .to_string()
}

const INITIALIZED: &str = r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;

#[tokio::test]
async fn notifications_before_the_service_has_begun_have_no_effect() {
    let unsupported = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"_meta": {"io.modelcontextprotocol/protocolVersion": "2099-01-01", "io.modelcontextprotocol/clientCapabilities": {}}}});
    let ping = json!({"jsonrpc": "2.0", "id": 1, "method": "ping"});
    let bare = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list"});
    for first in [
        vec![modern(1, "server/discover", json!({}))],
        vec![bare.clone(), ping.clone()],
        vec![ping],
        vec![bare],
        vec![unsupported],
    ] {
        for stray in [
            cancelled(1),
            cancelled(99),
            INITIALIZED.to_owned(),
            r#"{"jsonrpc":"2.0","method":"notifications/roots/list_changed"}"#.to_owned(),
            r#"{"jsonrpc":"2.0","id":9,"result":{}}"#.to_owned(),
        ] {
            let mut server = Server::with_credentials("http://127.0.0.1:9");
            for request in &first {
                let answer = server.request(request.clone()).await;
                assert_eq!(answer["id"], 1, "{answer}");
            }
            server.send(&stray).await;
            let answer = server.request(modern(2, "tools/list", json!({}))).await;
            assert!(answer["result"]["tools"].is_array(), "{stray} → {answer}");
        }
    }
}

#[tokio::test]
async fn the_first_request_can_be_cancelled_at_once() {
    let (base, ledger) = upstream::start().await;
    let mut server = Server::with_credentials(&base);
    let call = modern(
        1,
        "tools/call",
        json!({"name": "poke", "arguments": {"what": "slow"}}),
    );
    server.send(&format!("{call}\n{}", cancelled(1))).await;
    let answer = server.request(modern(2, "tools/list", json!({}))).await;
    assert_eq!(answer["id"], 2, "{answer}");
    // The same when it has reached the service.
    // A read, since the same write again would need somebody's word.
    let call = call.to_string().replace(r#""id":1"#, r#""id":3"#);
    let call = call.replace("poke", "probe");
    let before = ledger.count();
    server.send(&call).await;
    wait_for(|| ledger.count() == before + 1).await;
    server.send(&cancelled(3)).await;
    wait_for(|| *ledger.dropped.lock().unwrap() >= 1).await;
}

#[tokio::test]
async fn a_second_request_with_an_id_in_flight_is_refused() {
    let (base, ledger) = upstream::start().await;
    let mut server = Server::with_credentials(&base);
    let call = modern(
        1,
        "tools/call",
        json!({"name": "probe", "arguments": {"what": "pause"}}),
    );
    server.send(&call.to_string()).await;
    wait_for(|| ledger.count() == 1).await;
    let refusal = server.request(call.clone()).await;
    assert_eq!(
        (&refusal["id"], &refusal["error"]["code"]),
        (&json!(1), &json!(-32600)),
        "{refusal}"
    );
    let answer = server.receive().await;
    assert_eq!(
        answer["result"]["structuredContent"],
        json!({"paused": true})
    );
    assert_eq!(ledger.count(), 1);
    // It is free again once it was answered.
    let answer = server.request(call).await;
    assert_eq!(answer["result"]["isError"], false, "{answer}");
}

#[tokio::test]
async fn what_is_no_request_gets_no_answer() {
    let mut server = Server::with_credentials("http://127.0.0.1:9");
    for line in [
        r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"m"}}"#,
        r#"{"jsonrpc":"1.0","id":5,"result":{}}"#,
        r#"{"jsonrpc":"2.0","id":5,"result":{},"result":{}}"#,
        r#"{"jsonrpc":"2.0","id":[],"error":{"code":1,"message":"m"}}"#,
        r#"{"jsonrpc":"2.0","id":5}"#,
        r#"{"jsonrpc":"2.0","id":5,"error":{}}"#,
    ] {
        server.send(line).await;
        let answer = server.request(modern(77, "tools/list", json!({}))).await;
        assert_eq!(answer["id"], 77, "{line} → {answer}");
    }
    let long = format!(
        r#"{{"jsonrpc":"2.0","id":5,"result":"{}"}}"#,
        "x".repeat(5 << 20)
    );
    server.send(&long).await;
    let answer = server.request(modern(78, "tools/list", json!({}))).await;
    assert_eq!(answer["id"], 78, "{answer}");
    for line in [
        r#"{"jsonrpc":"1.0","id":5,"method":"tools/list"}"#,
        r#"{"jsonrpc":"2.0","id":null,"method":"tools/list"}"#,
        r#"{"jsonrpc":"2.0","id":5,"method":7}"#,
    ] {
        let answer = server
            .request(serde_json::from_str::<Value>(line).unwrap())
            .await;
        assert_eq!(answer["error"]["code"], -32600, "{line} → {answer}");
    }
}
