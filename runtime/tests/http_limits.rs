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

#[tokio::test]
async fn connections_beyond_the_cap_wait_for_others_to_end() {
    let server = start("http://127.0.0.1:9", &[]).await;
    let mut open = Vec::new();
    for _ in 0..1024 {
        open.push(TcpStream::connect(&server.address).await.unwrap());
    }
    let request = format!(
        "POST /mcp HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{FIELDS}Content-Length: {}\r\n\r\n{LIST}",
        LIST.len()
    );
    let mut late = TcpStream::connect(&server.address).await.unwrap();
    late.write_all(request.as_bytes()).await.unwrap();
    let mut byte = [0];
    let early = tokio::time::timeout(Duration::from_secs(1), late.peek(&mut byte)).await;
    assert!(early.is_err(), "one more than the cap was served");
    drop(open.split_off(1000));
    let (status, body) = rest(&mut late).await;
    assert_eq!(status, 200, "{body}");
}

#[tokio::test]
async fn all_bodies_together_are_bounded() {
    let server = start("http://127.0.0.1:9", &[]).await;
    let head = format!("POST /mcp HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{FIELDS}");
    let almost = (4 << 20) - 1;
    let begun = format!(
        "{head}Content-Length: {}\r\n\r\n{}",
        4 << 20,
        " ".repeat(almost)
    );
    let small = format!("{head}Content-Length: {}\r\n\r\n{LIST}", LIST.len());
    let ask = async || {
        let mut stream = TcpStream::connect(&server.address).await.unwrap();
        stream.write_all(small.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        let status: u16 = answer.split(' ').nth(1).unwrap().parse().unwrap();
        (status, answer)
    };
    // What was sent may not have been read when we ask, and then it is one of the large bodies that
    // finds no room beside ours: all of them are sent anew, with more time.
    let mut open = Vec::new();
    let mut answer = (0, String::new());
    for wait in [100, 200, 400, 800, 1600, 3200, 6400] {
        open.clear();
        for _ in 0..4 {
            let mut stream = TcpStream::connect(&server.address).await.unwrap();
            stream.write_all(begun.as_bytes()).await.unwrap();
            open.push(stream);
        }
        tokio::time::sleep(Duration::from_millis(wait)).await;
        answer = ask().await;
        if answer.0 == 503 {
            break;
        }
    }
    assert_eq!(answer.0, 503, "{}", answer.1);
    assert!(answer.1.contains("-32600"), "{}", answer.1);
    assert!(answer.1.contains("retry-after: 1\r\n"), "{}", answer.1);
    drop(open);
    for _ in 0..50 {
        if ask().await.0 == 200 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("what was held was not given back");
}
