//! What operators ask of a running server: health and numbers, on an address of their own.
#![cfg(feature = "http")]
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod common;

use common::api::API;
use common::http::{begin, post, raw, start, start_with};
use common::process::{binary, ends_well, modern, terminate, wait_for};
use common::upstream;
use serde_json::json;

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

async fn get(address: &str, path: &str, fields: &str) -> (u16, String) {
    let request =
        format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n{fields}Connection: close\r\n\r\n");
    raw(address, &request).await
}

/// The value of a sample that has all of these labels.
fn sample(text: &str, name: &str, labels: &[&str]) -> Option<f64> {
    let has =
        |line: &&str| line.starts_with(name) && labels.iter().all(|label| line.contains(label));
    let line = text.lines().find(has)?;
    line.rsplit(' ').next()?.parse().ok()
}

#[tokio::test]
async fn numbers_count_what_happened_and_hold_no_argument_and_no_secret() {
    let (base, _ledger) = upstream::start().await;
    let admin = format!("127.0.0.1:{}", free_port());
    let server = start(&base, &["--admin-listen", &admin]).await;
    let address = &server.address;
    let call = async |tool: &str, arguments: serde_json::Value| {
        let params = json!({"name": tool, "arguments": arguments});
        let body = modern(1, "tools/call", params).to_string();
        raw(address, &post(address, "tools/call", "", &body)).await
    };
    let (status, _) = call("probe", json!({"what": "canary-argument", "n": "5"})).await;
    assert_eq!(status, 200);
    call("probe", json!({"what": "a", "n": "5"})).await;
    call("probe", json!({"n": []})).await;
    call("delete_customer", json!({"id": "7"})).await;
    let list = modern(1, "tools/list", json!({})).to_string();
    raw(address, &post(address, "tools/list", "", &list)).await;

    let (status, text) = get(&admin, "/metrics", "").await;
    assert_eq!(status, 200, "{text}");
    let operations = "mcp_server_operation_duration_seconds_count";
    let of_probe = "gen_ai_tool_name=\"probe\"";
    let fine = [
        of_probe,
        "error_type=\"\"",
        "mcp_method_name=\"tools/call\"",
    ];
    assert_eq!(sample(&text, operations, &fine), Some(2.0), "{text}");
    let wrong = [
        of_probe,
        "error_type=\"tool_error\"",
        "error_kind=\"validation\"",
    ];
    assert_eq!(sample(&text, operations, &wrong), Some(1.0), "{text}");
    let listed = ["mcp_method_name=\"tools/list\""];
    assert_eq!(sample(&text, operations, &listed), Some(1.0), "{text}");
    let unconfirmed = [
        "gen_ai_tool_name=\"delete_customer\"",
        "error_kind=\"unconfirmed\"",
    ];
    assert_eq!(sample(&text, operations, &unconfirmed), Some(1.0), "{text}");
    let requests = "http_client_request_duration_seconds_count";
    let answered = [
        of_probe,
        "http_response_status_code=\"200\"",
        "http_request_method=\"GET\"",
    ];
    assert_eq!(sample(&text, requests, &answered), Some(2.0), "{text}");
    assert_eq!(
        sample(&text, "mcp_calls_in_flight", &[]),
        Some(0.0),
        "{text}"
    );
    assert_eq!(
        sample(&text, "mcp_shared_state_up", &[]),
        Some(1.0),
        "{text}"
    );
    assert!(
        sample(&text, "mcp_result_tokens_estimate_sum", &[of_probe]) > Some(0.0),
        "{text}"
    );
    assert!(text.ends_with("# EOF\n"), "{text}");
    for secret in ["canary-argument", "secret", "token\""] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}

#[tokio::test]
async fn health_is_asked_elsewhere_and_by_no_page() {
    let (base, _ledger) = upstream::start().await;
    let admin = format!("127.0.0.1:{}", free_port());
    let server = start(&base, &["--admin-listen", &admin]).await;
    let (name, version, document) = (API.name, API.version, API.document_sha256);
    let runtime = env!("CARGO_PKG_VERSION");
    let live =
        format!("ok\nserver {name} {version}\nruntime {runtime}\ndocument sha256:{document}\n");
    for (path, expected) in [("/healthz", live.as_str()), ("/readyz", "ready\n")] {
        assert_eq!(get(&admin, path, "").await, (200, expected.to_owned()));
        let page = get(&admin, path, "Origin: https://evil.example\r\n").await;
        assert_eq!(page.0, 403);
        // A page whose name was bound to this address: a GET of its own has no origin.
        let bound =
            format!("GET {path} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
        assert_eq!(raw(&admin, &bound).await.0, 403);
        let (status, _) = get(&server.address, path, "").await;
        assert_eq!(status, 404, "not where callers are answered");
    }
    let (status, _) = get(&admin, "/mcp", "").await;
    assert_eq!(status, 404);
}

#[tokio::test]
async fn the_start_says_which_tools_there_are() {
    use tokio::io::{AsyncBufReadExt as _, BufReader};
    let variables = [("FIX_BASE_URL", "http://127.0.0.1:9"), ("FIX_TOKEN", "t")];
    let mut said = Vec::new();
    for _ in 0..2 {
        let mut command = common::process::command(&variables);
        let mut child = command
            .args(["http", "--listen", "127.0.0.1:0"])
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let line = lines.next_line().await.unwrap().unwrap();
        let (_, digest) = line
            .split_once(" sha256=\"")
            .unwrap_or_else(|| panic!("{line}"));
        let digest = digest.split('"').next().unwrap();
        assert_eq!(digest.len(), 64, "{line}");
        let tools = format!("tools={}", API.operations.len());
        assert!(line.contains(&tools), "{line}");
        said.push(digest.to_owned());
    }
    assert_eq!(said[0], said[1]);
}

/// What `health` says with these options: exit code and standard error.
async fn health(options: &[&str]) -> (i32, String) {
    let mut command = common::process::command(&[]);
    let said = command.arg("health").args(options).output().await.unwrap();
    let text = String::from_utf8(said.stderr).unwrap();
    (said.status.code().unwrap(), text)
}

#[tokio::test]
async fn a_container_asks_the_server_inside_whether_it_is_well() {
    let admin = format!("127.0.0.1:{}", free_port());
    let (code, said) = health(&["--admin-listen", &admin]).await;
    assert_eq!(code, 4, "{said}");
    assert!(said.contains("http --admin-listen 127.0.0.1:"), "{said}");
    let _server = start("http://127.0.0.1:9", &["--admin-listen", &admin]).await;
    assert_eq!(
        health(&["--admin-listen", &admin]).await,
        (0, String::new())
    );
    let everywhere = admin.replace("127.0.0.1", "0.0.0.0");
    let ready = ["--admin-listen", &everywhere, "--ready"];
    assert_eq!(health(&ready).await, (0, String::new()));
    let (code, said) = health(&["--admin-listen", "crm.example.com:80"]).await;
    assert_eq!(code, 2, "{said}");
    // Something else is at the address.
    let (other, _ledger) = upstream::start().await;
    let other = other.trim_start_matches("http://");
    let other = other.split('/').next().unwrap();
    let (code, said) = health(&["--admin-listen", other]).await;
    assert_eq!(code, 5, "{said}");
}

#[tokio::test]
async fn a_start_with_other_tools_is_a_number() {
    let (base, _ledger) = upstream::start().await;
    let folder = std::env::temp_dir().join(format!("mcpwright-admin-test-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let log = folder.join("audit.jsonl");
    for (excluded, expected) in [("", 0.0), ("get_customer", 1.0)] {
        let admin = format!("127.0.0.1:{}", free_port());
        let variables = [
            ("FIX_BASE_URL", base.as_str()),
            ("FIX_TOKEN", "t"),
            ("FIX_KEY", "k"),
            ("FIX_AUDIT", log.to_str().unwrap()),
            ("FIX_EXCLUDE_TOOLS", excluded),
        ];
        let mut server = start_with(&variables, &["--admin-listen", &admin]).await;
        let tools = folder.join("audit.jsonl.tools");
        let names = |text: String| text.contains("\"get_customer\"") == excluded.is_empty();
        wait_for(|| std::fs::read_to_string(&tools).is_ok_and(names)).await;
        let (_, text) = get(&admin, "/metrics", "").await;
        let changed = sample(&text, "mcp_tool_list_changed", &[]);
        assert_eq!(changed, Some(expected), "{text}");
        terminate(&server.child);
        ends_well(&mut server.child).await;
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

#[cfg(unix)]
#[tokio::test]
async fn a_log_that_cannot_be_written_is_said_by_health_and_is_a_number() {
    let (base, _ledger) = upstream::start().await;
    let folder = std::env::temp_dir().join(format!("mcpwright-admin-full-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let admin = format!("127.0.0.1:{}", free_port());
    // No file of this process may be larger than two blocks of 512 or 1,024 bytes; without the signal.
    let shell = format!(
        "trap '' XFSZ; ulimit -f 2; exec {} \"$@\"",
        binary().display()
    );
    let mut command = tokio::process::Command::new("sh");
    command.args(["-c", &shell, "sh"]).env_clear().envs([
        ("FIX_BASE_URL", base.as_str()),
        ("FIX_TOKEN", "t"),
        ("FIX_KEY", "k"),
        ("FIX_AUDIT", folder.join("audit.jsonl").to_str().unwrap()),
    ]);
    command
        .stderr(std::process::Stdio::piped())
        .kill_on_drop(true);
    let server = begin(command, &["--admin-listen", &admin]).await;
    let health = async || {
        let (status, ready) = get(&admin, "/readyz", "").await;
        let (_, numbers) = get(&admin, "/metrics", "").await;
        (status, ready, sample(&numbers, "mcp_audit_log_up", &[]))
    };
    assert_eq!(health().await, (200, "ready\n".to_owned(), Some(1.0)));
    for number in 0..12 {
        let params =
            json!({"name": "probe", "arguments": {"what": format!("call {number}"), "n": "5"}});
        let body = modern(1, "tools/call", params).to_string();
        let address = &server.address;
        let (status, _) = raw(address, &post(address, "tools/call", "", &body)).await;
        // Reads go on.
        assert_eq!(status, 200);
    }
    let begin = std::time::Instant::now();
    while health().await.2 == Some(1.0) {
        assert!(begin.elapsed().as_secs() < 20, "{:?}", health().await);
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let (status, ready, _) = health().await;
    let expected = "ready for reads; writes are refused: the audit log cannot be written\n";
    assert_eq!((status, ready.as_str()), (200, expected));
    std::fs::remove_dir_all(&folder).unwrap();
}
