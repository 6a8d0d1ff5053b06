//! Messages and answers that could make a server hold much: what it keeps is bounded.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod common;

use common::process::{Server, modern, text, wait_for};
use common::upstream;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

const META: &str = r#""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}"#;

/// One long key over many numbers that cannot be read exactly.
fn long_key_over_many_numbers() -> String {
    let numbers = vec!["1e-400"; 3_000].join(",");
    format!(r#"{{"{}":[{numbers}]}}"#, "k".repeat(100_000))
}

#[cfg(target_os = "linux")]
fn peak_memory_kib(child: &tokio::process::Child) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id().unwrap())).unwrap();
    let line = status.lines().find(|l| l.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[tokio::test]
async fn many_defects_under_a_long_key_cost_little() {
    let mut server = Server::with_credentials("http://127.0.0.1:9");
    let arguments = long_key_over_many_numbers();
    server
        .send(&format!(
            r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{"name":"probe","arguments":{arguments},{META}}}}}"#
        ))
        .await;
    let answer = server.receive().await;
    assert_eq!(answer["result"]["isError"], true);
    let said = text(&answer["result"]);
    assert!(said.len() < 20_000, "{} bytes", said.len());
    assert!(said.contains("3000 problems"), "{said}");
    assert!(said.contains("- and 2980 more"), "{said}");
    #[cfg(target_os = "linux")]
    assert!(peak_memory_kib(&server.child) < 64 << 10);
}

#[tokio::test]
async fn wrong_values_under_long_keys_cost_little() {
    let mut server = Server::with_credentials("http://127.0.0.1:9");
    let lines: Vec<_> = (0..200)
        .map(|i| json!({ format!("{}{i}", "k".repeat(10_000)): 1 }))
        .collect();
    let result = server
        .call(
            "create_invoice",
            json!({"customer_id": "1", "lines": lines}),
        )
        .await;
    assert!(text(&result).starts_with("Validation error"), "{result}");
    assert!(
        text(&result).len() < 20_000,
        "{} bytes",
        text(&result).len()
    );
}

#[tokio::test]
async fn an_answer_of_many_long_numbers_costs_little() {
    let (base, _) = upstream::start().await;
    let mut server = Server::with_credentials(&base);
    let answer = server
        .request(modern(
            1,
            "tools/call",
            json!({"name": "probe", "arguments": {"what": "digits-under-a-long-key"}}),
        ))
        .await;
    let said = text(&answer["result"]);
    let note = said.split("[These numbers are rounded").nth(1).unwrap();
    assert!(note.len() < 10_000, "{} bytes", note.len());
    assert_eq!(note.matches(" is 1234567890123456789012").count(), 20);
    #[cfg(target_os = "linux")]
    assert!(peak_memory_kib(&server.child) < 64 << 10);
}

#[tokio::test]
async fn calls_at_a_time_are_bounded() {
    let (base, ledger) = upstream::start().await;
    let mut server = Server::with_credentials(&base);
    for id in 100..170 {
        let arguments =
            json!({"name": "poke", "arguments": {"what": "slow", "allow_duplicate": true}});
        server
            .send(&modern(id, "tools/call", arguments).to_string())
            .await;
    }
    for _ in 0..6 {
        let answer = server.receive().await;
        assert_eq!(answer["result"]["isError"], true, "{answer}");
        assert!(
            text(&answer["result"]).starts_with("Rate limited"),
            "{answer}"
        );
    }
    wait_for(|| ledger.count() == 64).await;
    // A slot is given back by a call that ends, cancelled ones too.
    let cancelled = json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 100}});
    server.send(&cancelled.to_string()).await;
    wait_for(|| *ledger.dropped.lock().unwrap() == 1).await;
    let result = server.call("probe", json!({"what": "a"})).await;
    assert_eq!(result["isError"], false, "{result}");
}

#[tokio::test]
async fn a_client_that_reads_nothing_is_not_read_from() {
    const REQUESTS: i64 = 2_000;
    let mut server = Server::with_credentials("http://127.0.0.1:9");
    let mut input = server.input.take().unwrap();
    let writing = tokio::spawn(async move {
        for id in 0..REQUESTS {
            let line = format!("{}\n", modern(id, "tools/list", json!({})));
            input.write_all(line.as_bytes()).await.unwrap();
        }
    });
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    assert!(!writing.is_finished(), "everything was taken in");
    #[cfg(target_os = "linux")]
    assert!(peak_memory_kib(&server.child) < 64 << 10);
    // Nothing was lost.
    let mut ids: Vec<i64> = Vec::new();
    for _ in 0..REQUESTS {
        ids.push(server.receive().await["id"].as_i64().unwrap());
    }
    ids.sort_unstable();
    assert!(ids.into_iter().eq(0..REQUESTS));
}

/// A service that sends 40 of 48 MiB and then no more.
async fn endless() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut request = [0; 4096];
                let _ = stream.read(&mut request).await;
                let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 50331648\r\n\r\n";
                let _ = stream.write_all(head.as_bytes()).await;
                let _ = stream.write_all(&vec![b' '; 40 << 20]).await;
                tokio::time::sleep(std::time::Duration::from_secs(60)).await;
            });
        }
    });
    format!("http://{address}/api")
}

#[tokio::test]
async fn all_answers_together_are_bounded() {
    let base = endless().await;
    let mut server = Server::start(&[
        ("FIX_BASE_URL", base.as_str()),
        ("FIX_TOKEN", "t"),
        ("FIX_TIMEOUT_SECONDS", "20"),
        ("FIX_MAX_RESPONSE_BYTES", "50331648"),
    ]);
    let call = |id, tool| {
        let arguments = json!({"name": tool, "arguments": {"what": "a"}});
        modern(id, "tools/call", arguments).to_string()
    };
    server.send(&call(1, "probe")).await;
    server.send(&call(2, "probe")).await;
    let answer: Value = server.receive().await;
    let said = text(&answer["result"]);
    assert!(
        said.starts_with("Rate limited: the answer (200) did not fit"),
        "{answer}"
    );
    // A write was carried out, whatever became of its answer.
    server.send(&call(3, "poke")).await;
    let answer = server.receive().await;
    assert_eq!(answer["result"]["isError"], false, "{answer}");
    assert!(
        text(&answer["result"]).starts_with("Done (HTTP 200), but the answer (200) did not fit"),
        "{answer}"
    );
}
