//! Live traffic: what is seen, and that who watches holds nobody up.

use std::cell::Cell;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

use super::{KEY, Operated, signed};
use crate::common::process::{ends_well, terminate};

/// A stream of events.
struct Events {
    stream: TcpStream,
    held: String,
}

impl Events {
    /// Begins to watch; `small`: with little room for what is not read.
    async fn watch(operated: &Operated, small: bool) -> (u16, Self) {
        let socket = TcpSocket::new_v4().unwrap();
        if small {
            socket.set_recv_buffer_size(4_096).unwrap();
        }
        let address = operated.admin.parse().unwrap();
        let mut stream = socket.connect(address).await.unwrap();
        let request = format!(
            "GET /api/live HTTP/1.1\r\nHost: {}\r\n{}\r\n",
            operated.admin,
            signed(KEY)
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut this = Self {
            stream,
            held: String::new(),
        };
        while !this.held.contains(": watching") && !this.held.contains("error") {
            this.more().await;
        }
        let status = this.held.split(' ').nth(1).unwrap().parse().unwrap();
        (status, this)
    }

    async fn more(&mut self) {
        let mut bytes = [0; 4_096];
        let read = tokio::time::timeout(Duration::from_secs(20), self.stream.read(&mut bytes));
        let read = read.await.expect("an event in time").unwrap();
        assert!(read > 0, "it ended: {}", self.held);
        self.held.push_str(&String::from_utf8_lossy(&bytes[..read]));
    }

    /// The next event.
    async fn next(&mut self) -> Value {
        loop {
            if let Some(at) = self.held.find("data: ")
                && let Some(end) = self.held[at..].find("\n\n")
            {
                let text = self.held[at + 6..at + end].to_owned();
                self.held.drain(..at + end);
                // A chunk may begin in an event that was long.
                if let Ok(event) = serde_json::from_str(&text) {
                    return event;
                }
                continue;
            }
            self.more().await;
        }
    }
}

#[tokio::test]
async fn calls_are_seen_as_they_begin_and_end_and_no_secret_is() {
    let operated = Operated::start("live").await;
    let key = operated.first_key();
    // Before anybody watches.
    operated
        .call(&key, "early", "get_customer", json!({"id": "1"}))
        .await;
    let (status, mut events) = Events::watch(&operated, false).await;
    assert_eq!(status, 200);
    let arguments = json!({"id": "5", "password": "canary-of-a-secret", "note": "some words"});
    operated
        .call(&key, "evil\r\n\r\ndata: {}", "get_customer", arguments)
        .await;
    let begin = events.next().await;
    assert_eq!(begin["event"], "begin", "{begin}");
    assert_eq!(
        (&begin["tool"], &begin["risk"]),
        (&json!("get_customer"), &json!("read"))
    );
    assert_eq!(
        begin["arguments"],
        json!({"id": "5", "password": "[redacted]", "note": "[text, 10 characters]"})
    );
    assert!(begin["bytes"].as_u64().unwrap() > 60, "{begin}");
    assert!(
        begin["principal"].as_str().unwrap().starts_with("key:"),
        "{begin}"
    );
    assert!(
        begin["client"].as_str().unwrap().starts_with("evil"),
        "{begin}"
    );
    let end = events.next().await;
    assert_eq!(
        (&end["event"], &end["result"]),
        (&json!("end"), &json!("validation"))
    );
    assert_eq!(end["call"], begin["call"]);
    assert!(end["ms"].is_u64(), "{end}");
    operated.call(&key, "x", "no_such_tool", json!({})).await;
    let refused = events.next().await;
    assert_eq!(
        (&refused["event"], &refused["tool"]),
        (&json!("refused"), &json!("no_such_tool"))
    );
    assert!(!format!("{begin}{end}{refused}").contains("canary"));
}

/// Makes calls whose events are large, several at a time, none of which may wait for who watches; gives how many.
/// It takes less than the 30 s after which who takes nothing is given up.
async fn flood(operated: &Operated, calls: usize) -> usize {
    const MOST: Duration = Duration::from_secs(18);
    let key = operated.first_key();
    let ids: Vec<String> = (0..35)
        .map(|number| format!("{number}{}", "x".repeat(190)))
        .collect();
    let (made, begin) = (Cell::new(0), Instant::now());
    let callers = (0..8).map(|_| async {
        while made.get() < calls && begin.elapsed() < MOST {
            made.set(made.get() + 1);
            let arguments = json!({"id": "1", "tag_ids": ids});
            let call = operated.call(&key, "many", "get_customer", arguments);
            let call = tokio::time::timeout(Duration::from_secs(10), call);
            call.await.expect("nobody waits for who watches");
        }
    });
    join_all(callers).await;
    made.get()
}

#[tokio::test]
async fn who_watches_slowly_holds_nobody_up_and_is_told_what_was_left_out() {
    // Without an audit log, whose writing would slow the flood.
    let operated = Operated::with("slow", &["KEYS", "ADMIN_KEY"]).await;
    let key = operated.first_key();
    // How much a system keeps for who does not read differs; a new connection is the least it begins with.
    for calls in [900, 1_800, 3_600, 7_200] {
        let (_, mut slow) = Events::watch(&operated, true).await;
        let made = flood(&operated, calls).await;
        operated.call(&key, "last", "get_customer", json!({})).await;
        let mut missed = 0;
        loop {
            let event = slow.next().await;
            if event["event"] == "missed" {
                missed += event["number"].as_u64().unwrap();
            }
            // What came last is never what is left out.
            let client = event["client"].as_str().unwrap_or_default();
            if event["event"] == "end" && client.starts_with("last") {
                break;
            }
        }
        if missed > 0 {
            assert!(missed < 2 * made as u64, "{missed} of {made} calls");
            return;
        }
    }
    panic!("nothing was left out");
}

#[tokio::test]
async fn only_so_many_watch_and_a_stream_ends_with_the_server() {
    let mut operated = Operated::start("watchers").await;
    let mut watching = Vec::new();
    for _ in 0..8 {
        let (status, events) = Events::watch(&operated, false).await;
        assert_eq!(status, 200);
        watching.push(events);
    }
    assert_eq!(Events::watch(&operated, false).await.0, 503);
    // The rest of the page works.
    operated.get("/api/keys").await;
    drop(watching.pop());
    let begin = Instant::now();
    let again = loop {
        let (status, events) = Events::watch(&operated, false).await;
        if status == 200 {
            break events;
        }
        assert!(begin.elapsed() < Duration::from_secs(20));
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    let begin = Instant::now();
    terminate(&operated.server.child);
    ends_well(&mut operated.server.child).await;
    assert!(
        begin.elapsed() < Duration::from_secs(5),
        "{:?}",
        begin.elapsed()
    );
    drop((again, watching));
}
