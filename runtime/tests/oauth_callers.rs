//! Callers with access tokens: who has none is told where to get one, and a token goes no further than here.
//! With a real authorization server: `cargo xtask interop oauth`.
#![cfg(feature = "http")]
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod common;

use std::fs;
use std::process::Stdio;
use std::sync::atomic::Ordering;

use common::http::{Http, ask, post, start_with};
use common::issuer::{Issuer, PUBLIC};
use common::process::{command, modern, text, token};
use common::upstream;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

async fn serve(issuer: &Issuer, base: &str, more: &[(&str, &str)]) -> Http {
    let mut variables = vec![
        ("FIX_BASE_URL", base),
        ("FIX_TOKEN", "service-canary"),
        ("FIX_PUBLIC_URL", PUBLIC),
        ("FIX_OAUTH_ISSUER", issuer.url.as_str()),
    ];
    variables.extend_from_slice(more);
    start_with(&variables, &["--auth", "oauth"]).await
}

/// The whole answer, fields too.
async fn whole(server: &Http, request: &str) -> String {
    let mut stream = TcpStream::connect(&server.address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

async fn list(server: &Http, path: &str, fields: &str) -> String {
    let body = modern(1, "tools/list", json!({})).to_string();
    let request = post(&server.address, "tools/list", fields, &body);
    let request = request.replacen("POST /mcp ", &format!("POST /mcp{path} "), 1);
    whole(server, &request).await
}

async fn call(server: &Http, fields: &str, tool: &str, arguments: Value) -> (u16, Value) {
    let params = json!({"name": tool, "arguments": arguments});
    ask(server, "", fields, "tools/call", params).await
}

#[tokio::test]
async fn who_has_no_token_is_told_where_to_get_one_by_the_operators_url_and_not_by_the_requests() {
    let (base, ledger) = upstream::start().await;
    let issuer = Issuer::start().await;
    let server = serve(&issuer, &base, &[]).await;
    let well_known = "https://crm.example/.well-known/oauth-protected-resource/tools/mcp";
    for path in ["", "/readonly", "/x/customers"] {
        let answer = list(&server, path, "").await;
        assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
        let named = format!("resource_metadata=\"{well_known}{path}\"");
        assert!(answer.contains(&named), "{answer}");
        assert!(!answer.contains("error="), "{answer}");
        // As the proxy in front passes it on: with its own path, or with ours.
        for prefix in ["/tools/mcp", "/mcp"] {
            let request = format!(
                "GET /.well-known/oauth-protected-resource{prefix}{path} HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: evil.example\r\nConnection: close\r\n\r\n"
            );
            let answer = whole(&server, &request).await;
            let (_, body) = answer.split_once("\r\n\r\n").unwrap();
            let metadata: Value = serde_json::from_str(body).unwrap();
            assert_eq!(metadata["resource"], format!("{PUBLIC}{path}"));
            assert_eq!(metadata["authorization_servers"], json!([issuer.url]));
            assert!(!answer.contains("evil"), "{answer}");
            if path == "/readonly" {
                assert_eq!(metadata["scopes_supported"], json!(["*:read"]));
            }
        }
    }
    let nothing = "GET /.well-known/oauth-protected-resource/mcp/x/leeds HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    assert!(whole(&server, nothing).await.starts_with("HTTP/1.1 404 "));
    let wrong = list(&server, "", "Authorization: Bearer x\r\n").await;
    assert!(wrong.starts_with("HTTP/1.1 401 ") && wrong.contains("error=\"invalid_token\""));
    assert_eq!(ledger.count(), 0);
}

#[tokio::test]
async fn a_caller_is_who_the_token_says_may_what_it_says_and_it_goes_no_further() {
    let (base, ledger) = upstream::start().await;
    let issuer = Issuer::start().await;
    let log = std::env::temp_dir().join(format!("mcpwright-oauth-{}.jsonl", std::process::id()));
    let path = log.to_str().unwrap().to_owned();
    let server = serve(&issuer, &base, &[("FIX_AUDIT", path.as_str())]).await;
    let read = issuer.bearer(&json!({}));
    let (status, body) = call(&server, &read, "list_customers", json!({})).await;
    assert_eq!(status, 200, "{body}");
    let sent = format!("{:?}", ledger.last().headers);
    assert!(sent.contains("service-canary"), "{sent}");
    let token_of = read.trim().rsplit(' ').next().unwrap();
    assert!(!sent.contains(token_of), "{sent}");
    let (status, body) = call(&server, &read, "delete_customer", json!({"id": "1"})).await;
    assert_eq!(status, 403, "{body}");
    // What a confirmation was for is one person's and one program's.
    let all = json!({"scope": "*:read *:destructive"});
    let ann = issuer.bearer(&all);
    let mut other = all.clone();
    other["client_id"] = json!("other");
    let mut bob = all.clone();
    bob["sub"] = json!("bob");
    let (_, asked) = call(&server, &ann, "delete_customer", json!({"id": "1"})).await;
    let given = json!({"id": "1", "confirm_token": token(&asked["result"])});
    for stranger in [&other, &bob] {
        let stranger = issuer.bearer(stranger);
        let (_, refused) = call(&server, &stranger, "delete_customer", given.clone()).await;
        let said = text(&refused["result"]);
        assert!(said.contains("is not one for these arguments"), "{said}");
    }
    let (_, done) = call(&server, &ann, "delete_customer", given).await;
    assert_ne!(done["result"]["isError"], true, "{done}");
    drop(server);
    let records = fs::read_to_string(&log).unwrap();
    for ending in ["", ".lock"] {
        let _ = fs::remove_file(format!("{path}{ending}"));
    }
    let name = |subject: &str, client: &str| format!("oauth:{}|{subject}|{client}", issuer.url);
    for who in [name("ann", "app"), name("ann", "other"), name("bob", "app")] {
        assert!(records.contains(&who), "{who}: {records}");
    }
    assert!(!records.contains(token_of));
    assert_eq!(issuer.asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_token_that_does_not_hold_lets_nobody_in() {
    let (base, ledger) = upstream::start().await;
    let issuer = Issuer::start().await;
    let server = serve(&issuer, &base, &[("FIX_OAUTH_AUDIENCE", "api://crm")]).await;
    for (more, status) in [
        (json!({}), 200),
        (json!({"aud": "api://crm"}), 200),
        (json!({"aud": ["https://other.example", "api://crm"]}), 200),
        (json!({"aud": "https://crm.example/tools"}), 401),
        (json!({"aud": "http://crm.example/tools/mcp"}), 401),
        (json!({"iss": "https://evil.example"}), 401),
        (json!({"exp": 1}), 401),
        (json!({"scope": "openid"}), 403),
        (json!({"scope": null}), 401),
        (json!({"scope": "*:*"}), 403),
    ] {
        let fields = issuer.bearer(&more);
        let answer = list(&server, "", &fields).await;
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{more}: {answer:.300}"
        );
    }
    let other = Issuer::start().await;
    let mut forged = json!({"iss": issuer.url});
    forged["aud"] = json!(PUBLIC);
    let answer = list(&server, "", &other.bearer(&forged)).await;
    assert!(
        answer.contains("the signature of the token does not hold"),
        "{answer}"
    );
    assert_eq!(ledger.count(), 0);
}

#[tokio::test]
async fn variables_of_another_mode_end_the_start() {
    for (mode, variable, said) in [
        (
            "none",
            "FIX_OAUTH_ISSUER",
            "--auth none does not ask for access tokens",
        ),
        (
            "passthrough",
            "FIX_OAUTH_AUDIENCE",
            "does not ask for access tokens",
        ),
        ("oauth", "FIX_KEYS", "--auth oauth does not ask for keys"),
    ] {
        let variables = [
            ("FIX_BASE_URL", "http://127.0.0.1:9"),
            (variable, "https://id.example"),
        ];
        let mut command = command(&variables);
        command.args(["http", "--listen", "127.0.0.1:0", "--auth", mode]);
        let output = command.stdin(Stdio::null()).output().await.unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{error}");
        assert!(error.contains(said), "{error}");
    }
}
