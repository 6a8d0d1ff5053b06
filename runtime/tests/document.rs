//! The document that is served beside MCP: by the rules of the endpoint, and once to who has it.
#![cfg(feature = "http")]
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod common;

use common::http::{Http, start_with};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Head and body of an answer.
async fn get(server: &Http, fields: &str) -> (String, String) {
    let mut stream = TcpStream::connect(&server.address).await.unwrap();
    let request = format!(
        "GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n{fields}Connection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.to_owned(), body.to_owned())
}

fn field<'h>(head: &'h str, name: &str) -> &'h str {
    let line = head.lines().find_map(|line| {
        let (known, value) = line.split_once(": ")?;
        known.eq_ignore_ascii_case(name).then_some(value)
    });
    line.unwrap_or_else(|| panic!("no {name} in {head}"))
}

#[tokio::test]
async fn who_has_the_document_is_told_so_and_gets_it_no_second_time() {
    let variables = [("FIX_BASE_URL", "http://127.0.0.1:9"), ("FIX_TOKEN", "t")];
    let server = start_with(&variables, &["--serve-document"]).await;
    let (head, body) = get(&server, "").await;
    assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
    assert!(body.contains("List customers"), "{body}");
    assert_eq!(field(&head, "cache-control"), "private, no-cache");
    let tag = field(&head, "etag").to_owned();
    for known in [tag.clone(), format!("\"other\", W/{tag}"), "*".to_owned()] {
        let (head, body) = get(&server, &format!("If-None-Match: {known}\r\n")).await;
        assert!(head.starts_with("HTTP/1.1 304 "), "{known}: {head}");
        assert_eq!((body.as_str(), field(&head, "etag")), ("", tag.as_str()));
    }
    let (head, again) = get(&server, "If-None-Match: \"other\"\r\n").await;
    assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
    assert_eq!(again, body);
}

#[tokio::test]
async fn the_document_is_for_callers_and_counts_among_their_requests() {
    let variables = [
        ("FIX_BASE_URL", "http://127.0.0.1:9"),
        ("FIX_CALLER_RATE", "1/min"),
        ("FIX_CALLER_RATE_BURST", "2"),
    ];
    let options = ["--serve-document", "--auth", "passthrough"];
    let server = start_with(&variables, &options).await;
    let (head, body) = get(&server, "").await;
    assert!(head.starts_with("HTTP/1.1 401 "), "{head}");
    assert!(!body.contains("List customers"), "{body}");
    let own = "Authorization: Bearer ann\r\n";
    let (head, _) = get(&server, own).await;
    assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
    let tag = field(&head, "etag").to_owned();
    let known = format!("{own}If-None-Match: {tag}\r\n");
    assert!(get(&server, &known).await.0.starts_with("HTTP/1.1 304 "));
    let (head, body) = get(&server, &known).await;
    assert!(head.starts_with("HTTP/1.1 429 "), "{head}");
    assert!(body.contains("rate_limited"), "{body}");
    assert!(
        get(&server, "Authorization: Bearer bob\r\n")
            .await
            .0
            .starts_with("HTTP/1.1 200 ")
    );
}
