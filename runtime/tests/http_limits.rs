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

use std::time::{Duration, Instant};

use common::http::{rest, start};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
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

/// The fields of a legacy request, which needs none of the modern era's.
const FIELDS: &str =
    "Content-Type: application/json\r\nAccept: application/json, text/event-stream\r\n";
const LIST: &str = r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#;

#[tokio::test]
async fn a_request_with_a_length_and_a_transfer_coding_is_the_last_of_its_connection() {
    let server = start("http://127.0.0.1:9", &[]).await;
    let fronted = start("http://127.0.0.1:9", &["--allow-host", "mcp.example.com"]).await;
    let chunked = format!("{:x}\r\n{LIST}\r\n0\r\n\r\n", LIST.len());
    let second = "DELETE /mcp HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let length = format!("Content-Length: {}\r\n", chunked.len() + second.len());
    for coding in [
        format!("{length}Transfer-Encoding: chunked\r\n"),
        format!("Transfer-Encoding: chunked\r\n{length}"),
        "Transfer-Encoding: chunked\r\n".to_owned(),
    ] {
        for (address, status) in [(&server.address, 200), (&fronted.address, 411)] {
            let request = format!(
                "POST /mcp HTTP/1.1\r\nHost: localhost\r\n{FIELDS}{coding}\r\n{chunked}{second}"
            );
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.write_all(request.as_bytes()).await.unwrap();
            let (found, body) = rest(&mut stream).await;
            assert_eq!(found, status, "{coding} → {body}");
            assert!(!body.contains("HTTP/1.1"), "{coding} → {body}");
        }
    }
}

#[tokio::test]
async fn header_sections_that_others_may_read_differently_or_that_are_large_are_refused() {
    let server = start("http://127.0.0.1:9", &[]).await;
    let length = format!("Content-Length: {}\r\n", LIST.len());
    let many = "A: b\r\n".repeat(100);
    for (head, status) in [
        (format!("{FIELDS}{length}"), 200),
        (format!("{FIELDS}X: y\n{length}"), 400),
        (
            format!("X: y\nTransfer-Encoding: chunked\r\n{FIELDS}{length}"),
            400,
        ),
        (format!("{FIELDS}{length}X: y\r\n\n"), 400),
        (
            format!("{FIELDS}{length}X: {}\r\n", "y".repeat(15 << 10)),
            200,
        ),
        (
            format!("{FIELDS}{length}X: {}\r\n", "y".repeat(17 << 10)),
            431,
        ),
        (format!("{FIELDS}{length}{many}"), 431),
        // Both lines of a field count.
        (
            format!(
                "Content-Type: application/json\r\nAccept: text/event-stream\r\nAccept: application/json\r\n{length}"
            ),
            200,
        ),
        (
            format!(
                "Content-Type: application/json\r\nAccept: text/html\r\nAccept: */*\r\n{length}"
            ),
            200,
        ),
        (
            format!(
                "Content-Type: application/json\r\nAccept: text/html\r\nAccept: text/plain\r\n{length}"
            ),
            406,
        ),
    ] {
        let request = format!(
            "POST /mcp HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{head}\r\n{LIST}"
        );
        let mut stream = TcpStream::connect(&server.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let (found, body) = rest(&mut stream).await;
        let shown: String = head.chars().take(150).collect();
        assert_eq!(found, status, "{shown} → {body}");
    }
}

#[tokio::test]
async fn a_connection_serves_many_requests() {
    let server = start("http://127.0.0.1:9", &[]).await;
    let mut stream = TcpStream::connect(&server.address).await.unwrap();
    // A body in pieces, with line feeds and empty lines, and the next request right behind it.
    let body = LIST.replace(',', ",\n\r\n\r\n");
    let request = format!(
        "POST /mcp HTTP/1.1\r\nHost: localhost\r\n{FIELDS}Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    for _ in 0..3 {
        for piece in request.as_bytes().chunks(100) {
            stream.write_all(piece).await.unwrap();
            stream.flush().await.unwrap();
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
    let last = request.replace("Host", "Connection: close\r\nHost");
    stream.write_all(last.as_bytes()).await.unwrap();
    let mut all = Vec::new();
    stream.read_to_end(&mut all).await.unwrap();
    let all = String::from_utf8(all).unwrap();
    assert_eq!(all.matches("HTTP/1.1 200 OK").count(), 4, "{all}");
}

/// A request that lists tools, on a connection that ends with it or not.
fn listing(connection: &str) -> String {
    format!(
        "POST /mcp HTTP/1.1\r\nHost: localhost\r\nConnection: {connection}\r\n{FIELDS}Content-Length: {}\r\n\r\n{LIST}",
        LIST.len()
    )
}

async fn begin(address: &str, request: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    stream
}

/// Whether the server closes a connection within a time.
async fn is_closed(stream: &mut TcpStream, time: Duration) -> bool {
    let read = tokio::time::timeout(time, stream.read(&mut [0; 16])).await;
    matches!(read, Ok(Ok(0) | Err(_)))
}

#[tokio::test]
async fn connections_that_say_nothing_make_room_for_one_more_than_the_cap() {
    let server = start("http://127.0.0.1:9", &[]).await;
    let mut used = begin(&server.address, &listing("keep-alive")).await;
    let mut answer = vec![0; 1 << 20];
    assert!(used.read(&mut answer).await.unwrap() > 0);
    let mut silent = Vec::new();
    for _ in 0..1023 {
        silent.push(TcpStream::connect(&server.address).await.unwrap());
    }
    let begun = Instant::now();
    let mut late = begin(&server.address, &listing("close")).await;
    let (status, body) = rest(&mut late).await;
    assert_eq!(status, 200, "{body}");
    assert!(
        begun.elapsed() < Duration::from_secs(5),
        "it was not kept waiting"
    );
    // The oldest of them went, and neither the one that was of use nor the next.
    let second = Duration::from_secs(1);
    assert!(is_closed(&mut silent[0], second).await);
    assert!(!is_closed(&mut silent[1], second).await);
    used.write_all(listing("close").as_bytes()).await.unwrap();
    let (status, body) = rest(&mut used).await;
    assert_eq!(status, 200, "{body}");
}

#[tokio::test]
async fn all_bodies_together_are_bounded_and_small_ones_go_on() {
    let server = start("http://127.0.0.1:9", &[]).await;
    let head = format!("POST /mcp HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{FIELDS}");
    let large = 4 << 20;
    let begun = format!(
        "{head}Content-Length: {large}\r\n\r\n{}",
        " ".repeat(large - 1)
    );
    let whole = format!(
        "{head}Content-Length: {large}\r\n\r\n{}{LIST}",
        " ".repeat(large - LIST.len())
    );
    // As many as there is room for, whose last byte does not come.
    let mut held = Vec::new();
    let refused = loop {
        assert!(held.len() < 4, "there is no end of them");
        let mut stream = TcpStream::connect(&server.address).await.unwrap();
        // Its end is not read where it is refused before.
        let _ = stream.write_all(begun.as_bytes()).await;
        let mut answer = vec![0; 4096];
        let early = Duration::from_millis(1_500);
        match tokio::time::timeout(early, stream.read(&mut answer)).await {
            Ok(Ok(length)) => break String::from_utf8_lossy(&answer[..length]).into_owned(),
            Ok(Err(error)) => panic!("{error}"),
            Err(_) => held.push(stream),
        }
    };
    assert!(held.len() >= 2, "{}", held.len());
    assert!(refused.starts_with("HTTP/1.1 503 "), "{refused}");
    assert!(refused.contains("-32600"), "{refused}");
    assert!(refused.contains("retry-after: 1\r\n"), "{refused}");
    for _ in 0..20 {
        let (status, body) = rest(&mut begin(&server.address, &listing("close")).await).await;
        assert_eq!(status, 200, "{body}");
    }
    // Those that bring nothing more are given up, and their room is there for others.
    for stream in &mut held {
        let (status, body) = rest(stream).await;
        assert_eq!(status, 408, "{body}");
    }
    let (status, body) = rest(&mut begin(&server.address, &whole).await).await;
    assert_eq!(status, 200, "{body}");
}
