//! How a server ends: calls in flight are waited for, but not for ever.
#![cfg(all(unix, feature = "http"))]
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod common;

use std::time::{Duration, Instant};

use common::http::{post, start};
use common::process::{Server, ends_well, modern, signal, terminate, wait_for};
use common::upstream;
use serde_json::json;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

/// A call that the service does not answer for minutes.
fn slow_call() -> String {
    let arguments = json!({"name": "poke", "arguments": {"what": "slow"}});
    modern(1, "tools/call", arguments).to_string()
}

#[tokio::test]
async fn a_call_that_hangs_holds_up_the_end_for_seconds_only() {
    let (base, ledger) = upstream::start().await;
    let mut stdio = Server::with_credentials(&base);
    stdio.send(&slow_call()).await;
    let mut http = start(&base, &[]).await;
    let mut stream = TcpStream::connect(&http.address).await.unwrap();
    let request = post(&http.address, "tools/call", "", &slow_call());
    stream.write_all(request.as_bytes()).await.unwrap();
    // A connection on which nothing was asked does not count.
    let _idle = TcpStream::connect(&http.address).await.unwrap();
    wait_for(|| ledger.count() == 2).await;
    let begun = Instant::now();
    terminate(&stdio.child);
    terminate(&http.child);
    ends_well(&mut stdio.child).await;
    ends_well(&mut http.child).await;
    let took = begun.elapsed();
    assert!(took > Duration::from_secs(3), "not waited for: {took:?}");
    assert!(took < Duration::from_secs(15), "{took:?}");
}

#[tokio::test]
async fn a_second_signal_ends_at_once() {
    let (base, ledger) = upstream::start().await;
    for (first, second) in [("-INT", "-INT"), ("-TERM", "-INT"), ("-INT", "-TERM")] {
        let before = ledger.count();
        let mut stdio = Server::with_credentials(&base);
        stdio.send(&slow_call()).await;
        let mut http = start(&base, &[]).await;
        let mut stream = TcpStream::connect(&http.address).await.unwrap();
        let request = post(&http.address, "tools/call", "", &slow_call());
        stream.write_all(request.as_bytes()).await.unwrap();
        wait_for(|| ledger.count() == before + 2).await;
        for name in [first, second] {
            signal(&stdio.child, name);
            signal(&http.child, name);
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
        let begun = Instant::now();
        ends_well(&mut stdio.child).await;
        ends_well(&mut http.child).await;
        let took = begun.elapsed();
        assert!(took < Duration::from_secs(2), "{first} {second}: {took:?}");
    }
}

#[tokio::test]
async fn a_connection_without_a_request_does_not_hold_up_the_end() {
    let mut http = start("http://127.0.0.1:9", &[]).await;
    let _silent = TcpStream::connect(&http.address).await.unwrap();
    let mut asked = TcpStream::connect(&http.address).await.unwrap();
    let list = modern(1, "tools/list", json!({})).to_string();
    let request = post(&http.address, "tools/list", "", &list);
    let request = request.replace("Connection: close\r\n", "");
    asked.write_all(request.as_bytes()).await.unwrap();
    asked.readable().await.unwrap();
    let begun = Instant::now();
    terminate(&http.child);
    ends_well(&mut http.child).await;
    let took = begun.elapsed();
    assert!(took < Duration::from_secs(3), "{took:?}");
}
