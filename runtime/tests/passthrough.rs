//! Callers' own credentials of the service: each goes with its own requests and with no other.
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

use common::http::{Http, ask, start_with};
use common::process::{command, text, token};
use common::upstream;
use serde_json::{Value, json};

async fn serve(base: &str, more: &[(&str, &str)]) -> Http {
    let mut variables = vec![("FIX_BASE_URL", base)];
    variables.extend_from_slice(more);
    start_with(&variables, &["--auth", "passthrough"]).await
}

fn bearer(token: &str) -> String {
    format!("Authorization: Bearer {token}\r\n")
}

async fn call(server: &Http, fields: &str, tool: &str, arguments: Value) -> (u16, Value) {
    let params = json!({"name": tool, "arguments": arguments});
    ask(server, "", fields, "tools/call", params).await
}

#[tokio::test]
async fn g6_each_of_many_callers_at_a_time_reaches_the_service_as_themselves() {
    let (base, ledger) = upstream::start().await;
    let server = serve(&base, &[]).await;
    // The same ids in the service of two tenants, and what belongs to whom stands in the id.
    let calls = (0..120).map(|number| {
        let server = &server;
        async move {
            let tenant = format!("tenant-{}", number % 2);
            let id = json!({"id": format!("{tenant}-{number}")});
            // Two alternatives of the document: a bearer token, or a key in a field of its own.
            let fields = match number % 4 {
                0 | 1 => bearer(&format!("canary-{tenant}")),
                _ => format!("X-Api-Key: canary-{tenant}\r\n"),
            };
            let (status, body) = call(server, &fields, "get_customer", id).await;
            assert_eq!(status, 200, "{body}");
            assert!(!body.to_string().contains("canary"), "{body}");
        }
    });
    let mut calls: Vec<_> = calls.collect();
    while !calls.is_empty() {
        let some = calls.split_off(calls.len().saturating_sub(24));
        futures_util::future::join_all(some).await;
    }
    let seen = ledger.seen.lock().unwrap().clone();
    assert_eq!(seen.len(), 120);
    for request in seen {
        let tenant = request.uri.split('/').next_back().unwrap();
        let tenant = tenant.rsplit_once('-').unwrap().0;
        let own = format!("canary-{tenant}");
        let bearer = request.header("authorization").map(str::to_owned);
        let key = request.header("x-api-key").map(str::to_owned);
        match (bearer, key) {
            (Some(bearer), None) => assert_eq!(bearer, format!("Bearer {own}")),
            (None, Some(key)) => assert_eq!(key, own),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn who_brings_nothing_along_is_not_let_in() {
    let (base, ledger) = upstream::start().await;
    let server = serve(&base, &[]).await;
    for (fields, status) in [
        (String::new(), 401),
        ("Authorization: Bearer\r\n".to_owned(), 401),
        ("Authorization: Bearer \r\n".to_owned(), 401),
        ("Authorization: Digest x\r\n".to_owned(), 401),
        ("Authorization: Basic !!!\r\n".to_owned(), 401),
        ("X-Api-Key: \r\n".to_owned(), 401),
        ("Cookie: session=abc\r\n".to_owned(), 401),
        (format!("{}{}", bearer("a"), bearer("b")), 400),
    ] {
        let (found, body) = ask(&server, "", &fields, "tools/list", json!({})).await;
        assert_eq!(found, status, "{fields:?}: {body}");
    }
    // A credential that this operation does not take is none for it.
    let key = "X-Api-Key: k\r\n";
    let (status, body) = call(&server, key, "list_customers", json!({})).await;
    assert_eq!(status, 200);
    let said = text(&body["result"]);
    assert!(
        said.starts_with("Auth error: ") && said.contains("did not send along"),
        "{said}"
    );
    assert_eq!(ledger.count(), 0);
    let (_, body) = call(&server, &bearer("t"), "list_customers", json!({})).await;
    assert_ne!(body["result"]["isError"], true, "{body}");
}

#[tokio::test]
async fn what_one_caller_did_or_was_asked_is_nothing_to_another() {
    let (base, ledger) = upstream::start().await;
    let log = std::env::temp_dir().join(format!("mcpwright-own-{}.jsonl", std::process::id()));
    let path = log.to_str().unwrap().to_owned();
    let server = serve(&base, &[("FIX_AUDIT", path.as_str())]).await;
    let (ann, bob) = (bearer("canary-ann"), bearer("canary-bob"));
    let (_, asked) = call(&server, &ann, "delete_customer", json!({"id": "1"})).await;
    let given = json!({"id": "1", "confirm_token": token(&asked["result"])});
    let (_, of_bob) = call(&server, &bob, "delete_customer", given.clone()).await;
    assert!(
        text(&of_bob["result"]).contains("is not one for these arguments"),
        "{of_bob}"
    );
    let (_, of_ann) = call(&server, &ann, "delete_customer", given).await;
    assert_ne!(of_ann["result"]["isError"], true, "{of_ann}");
    let invoice = json!({"customer_id": "c", "lines": [{"text": "x", "hours": 1}]});
    for who in [&ann, &bob] {
        let (_, made) = call(&server, who, "create_invoice", invoice.clone()).await;
        assert_ne!(made["result"]["isError"], true, "{made}");
    }
    assert_eq!(ledger.count(), 3);
    let (_, again) = call(&server, &bob, "create_invoice", invoice).await;
    assert!(
        text(&again["result"]).starts_with("Already done"),
        "{again}"
    );
    drop(server);
    let records = fs::read_to_string(&log).unwrap();
    for ending in ["", ".lock"] {
        let _ = fs::remove_file(format!("{path}{ending}"));
    }
    let callers: std::collections::BTreeSet<&str> = records
        .split("\"principal\":\"caller:")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    assert_eq!(callers.len(), 2, "{records}");
    assert!(!records.contains("canary"), "{records}");
}

#[tokio::test]
async fn a_key_that_the_service_takes_elsewhere_has_a_field_of_its_own_here() {
    let (base, ledger) = upstream::start().await;
    let server = serve(&base, &[]).await;
    let key = "X-Credential-Api-Key: canary-query\r\n";
    let (_, done) = call(&server, key, "with_query_key", json!({})).await;
    assert_eq!(done["result"]["isError"], false, "{done}");
    let seen = ledger.last();
    assert!(seen.uri.contains("api_key=canary-query"), "{}", seen.uri);
    let cookie = "X-Credential-Session: canary-cookie\r\n";
    let (_, done) = call(&server, cookie, "with_cookie", json!({})).await;
    assert_eq!(done["result"]["isError"], false, "{done}");
    let seen = ledger.last();
    assert_eq!(seen.header("cookie"), Some("session=canary-cookie"));
    assert!(!seen.uri.contains("canary"), "{}", seen.uri);
    for seen in ledger.seen.lock().unwrap().iter() {
        let mut names = seen.headers.iter().map(|(name, _)| name);
        assert!(
            !names.any(|name| name.starts_with("x-credential")),
            "{seen:?}"
        );
    }
    // Neither twice, nor with what would be a second cookie, nor as they stand at the service.
    for (fields, status) in [
        (format!("{key}{key}"), 401),
        ("X-Credential-Session: a; admin=1\r\n".to_owned(), 401),
        ("Cookie: session=canary\r\n".to_owned(), 401),
    ] {
        let (found, body) = call(&server, &fields, "with_cookie", json!({})).await;
        assert_eq!(found, status, "{fields:?}: {body}");
        assert!(!body.to_string().contains("canary"), "{body}");
    }
    assert_eq!(ledger.count(), 2);
}

#[tokio::test]
async fn g7_a_credential_of_the_server_ends_the_start() {
    for variable in ["FIX_TOKEN", "FIX_KEY"] {
        let variables = [
            ("FIX_BASE_URL", "http://127.0.0.1:1"),
            (variable, "secret-canary"),
        ];
        let mut command = command(&variables);
        command.args(["http", "--auth", "passthrough", "--listen", "127.0.0.1:0"]);
        let output = command.stdin(Stdio::null()).output().await.unwrap();
        assert_eq!(output.status.code(), Some(2));
        let line = String::from_utf8(output.stderr).unwrap();
        assert!(line.contains("each caller brings their own"), "{line}");
        assert!(!line.contains("canary"), "{line}");
    }
}

#[tokio::test]
async fn what_somebody_makes_up_beside_their_credential_makes_nobody_else_of_them() {
    let (base, _ledger) = upstream::start().await;
    let rate = [("FIX_CALLER_RATE", "1/min"), ("FIX_CALLER_RATE_BURST", "3")];
    let server = serve(&base, &rate).await;
    let mut statuses = Vec::new();
    for number in 0..5 {
        // The one is sent on with some operations, the other with others.
        let fields = format!(
            "X-Credential-Api-Key: canary-query\r\nAuthorization: Bearer made-up-{number}\r\n"
        );
        let (status, _) = call(&server, &fields, "with_query_key", json!({})).await;
        statuses.push(status);
    }
    assert_eq!(statuses, [200, 200, 200, 429, 429]);
    // Somebody else has a budget of their own.
    let other = "X-Credential-Api-Key: canary-other\r\n";
    let (status, _) = call(&server, other, "with_query_key", json!({})).await;
    assert_eq!(status, 200);
}

#[tokio::test]
async fn a_call_is_that_of_the_credential_which_goes_with_it() {
    let (base, _ledger) = upstream::start().await;
    let log = std::env::temp_dir().join(format!("mcpwright-sent-{}.jsonl", std::process::id()));
    let path = log.to_str().unwrap().to_owned();
    let server = serve(&base, &[("FIX_AUDIT", path.as_str())]).await;
    for made_up in [
        "",
        "Authorization: Bearer a\r\n",
        "Authorization: Bearer b\r\n",
    ] {
        let fields = format!("X-Credential-Api-Key: canary-query\r\n{made_up}");
        let (_, done) = call(&server, &fields, "with_query_key", json!({})).await;
        assert_eq!(done["result"]["isError"], false, "{done}");
    }
    drop(server);
    let records = fs::read_to_string(&log).unwrap();
    for ending in ["", ".lock"] {
        let _ = fs::remove_file(format!("{path}{ending}"));
    }
    let callers: std::collections::BTreeSet<&str> = records
        .split("\"principal\":\"caller:")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    assert_eq!(callers.len(), 1, "{records}");
}
