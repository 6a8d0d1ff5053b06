//! `doctor`: what it finds, what it says mends it, and its exit codes.
#![cfg(unix)]
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod common;

use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

/// What one run found.
struct Found {
    code: i32,
    text: String,
    findings: Vec<Value>,
}

impl Found {
    /// The finding of a check with a grade whose text holds some words.
    fn has(&self, check: &str, grade: &str, words: &str) -> String {
        let found = self.findings.iter().find(|finding| {
            finding["check"] == check
                && finding["grade"] == grade
                && finding["says"].as_str().unwrap().contains(words)
        });
        let found =
            found.unwrap_or_else(|| panic!("no {grade} of {check} with {words}: {}", self.text));
        found["mend"].as_str().unwrap().to_owned()
    }

    fn grades(&self, check: &str) -> Vec<&str> {
        let of = self
            .findings
            .iter()
            .filter(|finding| finding["check"] == check);
        of.map(|finding| finding["grade"].as_str().unwrap())
            .collect()
    }
}

fn home(name: &str) -> PathBuf {
    let name = format!("mcpwright-doctor-{}-{name}", std::process::id());
    let path = std::env::temp_dir().join(name);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

async fn doctor(home: &std::path::Path, base: &str, more: &[(&str, &str)]) -> Found {
    let home = home.to_str().unwrap();
    let mut variables = vec![
        ("HOME", home),
        ("FIX_BASE_URL", base),
        ("FIX_TOKEN", "token-canary"),
        ("FIX_KEY", "key-canary"),
    ];
    // What a test says comes in place of what all have.
    variables.retain(|(name, _)| !more.iter().any(|(own, _)| own == name));
    variables.extend(more);
    variables.retain(|(_, value)| !value.is_empty());
    let run = |args: &'static [&str]| {
        let mut command = common::process::command(&variables);
        command.current_dir(home).args(args).output()
    };
    let said = run(&["doctor", "--json"]).await.unwrap();
    let text = String::from_utf8(said.stdout).unwrap();
    let read: Value = serde_json::from_str(&text).expect(&text);
    let people = run(&["doctor", "--offline"]).await.unwrap();
    let people = String::from_utf8(people.stdout).unwrap();
    for secret in ["token-canary", "key-canary"] {
        assert!(
            !text.contains(secret) && !people.contains(secret),
            "{text}{people}"
        );
    }
    Found {
        code: said.status.code().unwrap(),
        text,
        findings: read["findings"].as_array().unwrap().clone(),
    }
}

#[tokio::test]
async fn a_server_that_works_is_well_in_both_eras() {
    let (base, ledger) = common::upstream::start().await;
    let home = home("well");
    let found = doctor(&home, &base, &[]).await;
    assert_eq!(found.code, 0, "{}", found.text);
    found.has("credential", "ok", "→ 200");
    found.has("protocol", "ok", "MCP 2026-07-28 over stdio");
    assert_eq!(found.grades("protocol"), ["ok", "ok"]);
    found.has("names", "ok", "within the limits");
    assert_eq!(
        found.has("clients", "warning", "no client"),
        "fixture connect"
    );
    // One harmless read, and none when it is not wanted.
    assert_eq!(ledger.count(), 1);
    assert_eq!(ledger.last().method, "GET");
    fs::remove_dir_all(home).unwrap();
}

#[tokio::test]
async fn faults_come_with_what_mends_them_and_a_code() {
    let home = home("faults");
    let found = doctor(&home, "", &[]).await;
    assert_eq!(found.code, 2, "{}", found.text);
    assert!(
        found
            .has("settings", "fault", "FIX_BASE_URL is not set")
            .starts_with("export FIX_BASE_URL=")
    );
    let found = doctor(
        &home,
        "http://127.0.0.1:9",
        &[("FIX_TOKEN", ""), ("FIX_KEY", "")],
    )
    .await;
    assert_eq!(found.code, 2, "{}", found.text);
    assert!(
        found
            .has("settings", "fault", "no credential")
            .contains("_FILE=")
    );
    let found = doctor(
        &home,
        "http://127.0.0.1:9",
        &[("FIX_TOKN", "x"), ("FIX_API", "x")],
    )
    .await;
    assert_eq!(found.code, 4, "{}", found.text);
    assert!(found.has("service", "fault", "").contains("curl"));
    assert_eq!(
        found.has("variables", "warning", "FIX_TOKN is set"),
        "did you mean FIX_TOKEN?"
    );
    fs::remove_dir_all(home).unwrap();
}

/// A service that answers everything so.
async fn service(answer: &'static str) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    base
}

#[tokio::test]
async fn what_the_service_says_of_credential_address_and_time_is_told() {
    let home = home("refused");
    let base = service("HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n").await;
    let found = doctor(&home, &base, &[]).await;
    assert_eq!(found.code, 3, "{}", found.text);
    found.has("credential", "fault", "does not take the credential");
    let base = service("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n").await;
    let found = doctor(&home, &base, &[]).await;
    assert_eq!(found.code, 4, "{}", found.text);
    found.has("service", "fault", "may lack a part of its path");
    let base = service(
        "HTTP/1.1 200 OK\r\ndate: Sun, 06 Nov 1994 08:49:37 GMT\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}",
    )
    .await;
    let found = doctor(&home, &base, &[]).await;
    assert_eq!(found.code, 0, "{}", found.text);
    assert!(
        found
            .has("clock", "warning", "ahead of the service")
            .contains("timedatectl")
    );
    fs::remove_dir_all(home).unwrap();
}

#[tokio::test]
async fn entries_in_files_of_clients_are_looked_at() {
    let (base, _ledger) = common::upstream::start().await;
    let home = home("clients");
    let put = |path: &str, text: &str| {
        let path = home.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    put(
        ".cursor/mcp.json",
        r#"{"mcpServers": {"crm": {"command": "/gone/fixture", "env": {"FIX_TOKEN": "pasted", "FIX_KEY_FILE": "/k", "FIX_COOKIE": "${env:FIX_COOKIE}"}}}}"#,
    );
    put(
        ".config/Claude/claude_desktop_config.json",
        r#"{"mcpServers": {"fixture": {"url": "https://crm.example.com/mcp"}}}"#,
    );
    put(".codex/config.toml", "[mcp_servers.fixture\n");
    // The file of a project, as whoever works in this folder has it.
    put(
        ".mcp.json",
        r#"{"mcpServers": {"fixture": {"command": "npx", "args": ["mcp-remote", "https://x.example", "--header", "Authorization: Bearer pasted"], "env": {"FIX_KEY": "${env:FIX_KEY}"}}}}"#,
    );
    let found = doctor(&home, &base, &[]).await;
    assert_eq!(found.code, 2, "{}", found.text);
    assert_eq!(
        found.has("clients", "fault", "Cursor starts /gone/fixture"),
        "fixture connect cursor --name crm"
    );
    assert_eq!(
        found.has(
            "secrets",
            "warning",
            "FIX_TOKEN of crm stands in the file of Cursor"
        ),
        "fixture connect cursor --name crm"
    );
    assert_eq!(
        found.has("secrets", "warning", "Authorization of fixture stands in"),
        "fixture connect claude-code --scope project"
    );
    found.has(
        "secrets",
        "warning",
        "FIX_KEY of fixture is a reference that",
    );
    assert_eq!(found.grades("secrets").len(), 3, "{}", found.text);
    assert_eq!(
        found.has("clients", "fault", "Claude Desktop skips fixture"),
        "fixture connect claude-desktop"
    );
    found.has(
        "clients",
        "fault",
        "cannot be read by Codex: line 1, column 21",
    );
    assert!(!found.text.contains("pasted"), "{}", found.text);
    fs::remove_dir_all(home).unwrap();
}
