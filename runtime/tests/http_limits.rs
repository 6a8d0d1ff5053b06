//! What an HTTP peer can make the server hold, read or wait for.
#![cfg(feature = "http")]
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod common;

use std::time::Duration;

use common::http::{rest, start};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

#[tokio::test]
async fn host_origin_and_type_are_judged_before_the_body_is_read() {
    let server = start("http://127.0.0.1:9", &[]).await;
    let a = &server.address;
    let own = format!("Host: {a}\r\n");
    for (fields, status) in [
        (
            "Host: evil.example\r\nContent-Type: application/json\r\n",
            403,
        ),
        (
            "Origin: https://evil.example\r\nContent-Type: application/json\r\n",
            403,
        ),
        (
            "Origin: https://evil.example\r\nContent-Type: text/plain\r\n",
            403,
        ),
        ("Content-Type: text/plain\r\n", 415),
        ("Content-Type: application/jsonp\r\n", 415),
        ("", 415),
        (
            "Accept: text/html\r\nContent-Type: application/json\r\n",
            406,
        ),
        (
            "Content-Encoding: gzip\r\nContent-Type: application/json\r\n",
            415,
        ),
    ] {
        let host = if fields.contains("Host:") { "" } else { &own };
        let mut stream = TcpStream::connect(a).await.unwrap();
        let head = format!(
            "POST /mcp HTTP/1.1\r\n{host}{fields}Connection: close\r\nContent-Length: 100000\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        // No body follows: a server that waits for one answers nothing.
        let answer = tokio::time::timeout(Duration::from_secs(10), rest(&mut stream));
        let (found, body) = answer.await.unwrap_or((0, "waits for the body".to_owned()));
        assert_eq!(found, status, "{fields} → {body}");
    }
}
