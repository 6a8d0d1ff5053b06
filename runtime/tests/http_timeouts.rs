//! Slow HTTP peers. The limits are of the length of real ones, so the cases run side by side.
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

use common::http::start;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

const LIST: &str = r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#;

fn list() -> String {
    format!("{}Content-Length: {}\r\n\r\n{LIST}", head(), LIST.len())
}

fn head() -> &'static str {
    "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAccept: application/json\r\n"
}

/// Seconds until the server closes the connection, and what it said.
async fn closed(mut stream: TcpStream, begun: Instant) -> (u64, String) {
    let mut said = Vec::new();
    let end = tokio::time::timeout(Duration::from_secs(75), stream.read_to_end(&mut said));
    let seconds = match end.await {
        Ok(_) => begun.elapsed().as_secs(),
        Err(_) => u64::MAX,
    };
    (seconds, String::from_utf8_lossy(&said).into_owned())
}

async fn silence(address: &str) {
    let stream = TcpStream::connect(address).await.unwrap();
    let (seconds, _) = closed(stream, Instant::now()).await;
    assert!((9..15).contains(&seconds), "silence: {seconds} s");
}

async fn idleness(address: &str) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    for _ in 0..2 {
        stream.write_all(list().as_bytes()).await.unwrap();
        let mut answer = vec![0; 12];
        stream.read_exact(&mut answer).await.unwrap();
        assert_eq!(answer, b"HTTP/1.1 200");
        // Longer than a header section may take.
        let mut rest = vec![0; 1 << 20];
        tokio::time::sleep(Duration::from_secs(1)).await;
        let _ = stream.read(&mut rest).await.unwrap();
        tokio::time::sleep(Duration::from_secs(13)).await;
    }
}

async fn a_slow_head(address: &str) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let begun = Instant::now();
    stream.write_all(head().as_bytes()).await.unwrap();
    let (seconds, said) = closed(stream, begun).await;
    assert!((9..15).contains(&seconds), "slow head: {seconds} s {said}");
}

async fn a_dripping_head(address: &str) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let begun = Instant::now();
    stream
        .write_all(b"POST /mcp HTTP/1.1\r\nX: ")
        .await
        .unwrap();
    while stream.write_all(b"x").await.is_ok() {
        assert!(begun.elapsed() < Duration::from_secs(16), "dripping head");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

async fn a_dripping_body(address: &str) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let begun = Instant::now();
    let head = format!("{}Content-Length: 1000\r\n\r\n{{", head());
    stream.write_all(head.as_bytes()).await.unwrap();
    let (mut read, mut write) = stream.into_split();
    let drip = async {
        while write.write_all(b" ").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        std::future::pending::<()>().await
    };
    let mut status = [0; 12];
    let answer = async {
        let answer = read.read_exact(&mut status);
        tokio::time::timeout(Duration::from_secs(50), answer).await
    };
    tokio::select! {
        () = drip => {}
        answer = answer => {
            answer.expect("an end of the body in time").unwrap();
        }
    }
    let seconds = begun.elapsed().as_secs();
    assert!((4..12).contains(&seconds), "dripping body: {seconds} s");
    assert_eq!(&status, b"HTTP/1.1 408");
}

/// One that comes at a rate that is none, and whose bytes are no small number.
async fn a_body_that_comes_to_a_halt(address: &str) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let begun = Instant::now();
    let head = format!("{}Content-Length: 400000\r\n\r\n", head());
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&vec![b' '; 200_000]).await.unwrap();
    let (seconds, said) = closed(stream, begun).await;
    assert!((9..15).contains(&seconds), "halted body: {seconds} s");
    assert!(said.starts_with("HTTP/1.1 408"), "{said}");
}

/// As slow as it may be.
async fn a_body_at_the_least_rate(address: &str) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let whole = format!("{}{LIST}", " ".repeat(100_000 - LIST.len()));
    let head = format!(
        "{}Connection: close\r\nContent-Length: 100000\r\n\r\n",
        head()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    for piece in whole.as_bytes().chunks(10_000) {
        stream.write_all(piece).await.unwrap();
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    let (_, said) = closed(stream, Instant::now()).await;
    assert!(said.starts_with("HTTP/1.1 200"), "{said}");
}

async fn an_answer_that_nobody_reads(address: &str) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(1024).unwrap();
    let mut stream = socket.connect(address.parse().unwrap()).await.unwrap();
    let begun = Instant::now();
    let requests = list().repeat(20);
    let flood = async { while stream.write_all(requests.as_bytes()).await.is_ok() {} };
    let end = tokio::time::timeout(Duration::from_secs(50), flood).await;
    let seconds = begun.elapsed().as_secs();
    assert!(end.is_ok(), "the connection was kept: {seconds} s");
}

#[tokio::test]
async fn slow_peers_are_given_up() {
    let server = start("http://127.0.0.1:9", &[]).await;
    let a = &server.address;
    tokio::join!(
        silence(a),
        idleness(a),
        a_slow_head(a),
        a_dripping_head(a),
        a_dripping_body(a),
        a_body_that_comes_to_a_halt(a),
        a_body_at_the_least_rate(a),
        an_answer_that_nobody_reads(a),
    );
}
