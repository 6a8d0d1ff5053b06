//! Small messages that could make a server hold much: what it keeps and answers is bounded.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod common;

use common::process::{Server, modern, text};
use common::upstream;
use serde_json::json;

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
