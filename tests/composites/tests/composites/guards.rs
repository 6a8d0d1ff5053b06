//! Each request of a tool beside the operations is guarded as that of an operation's own tool: it counts for the
//! service's rate, waits where the service says so, is repeated where that is safe, stands in the log before it
//! changes something, and does not go to a service that is down.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::said;
use crate::stub::{Answer, Seen, Stub};

const KEY: (&str, &str) = ("API_KEY", "pk_1");

/// A lead, as the service has it.
fn lead() -> Value {
    json!({"data": {"id": 7, "name": "Ada", "description": "Old."}})
}

/// What adds a line to the lead: one request reads it, one writes it.
fn line() -> Value {
    json!({"id": 7, "text": "New."})
}

#[test]
fn a_change_stands_in_the_log_before_it_goes_out_and_what_only_reads_does_not() {
    let log = Path::new(env!("CARGO_TARGET_TMPDIR")).join("guards.jsonl");
    let _ = std::fs::remove_file(&log);
    let records = {
        let log = log.clone();
        move || -> Vec<Value> {
            let text = std::fs::read_to_string(&log).unwrap_or_default();
            let lines = text.lines();
            lines
                .filter_map(|line| serde_json::from_str(line).ok())
                .collect()
        }
    };
    let events = |records: Vec<Value>, event: &str| -> Vec<Value> {
        records
            .into_iter()
            .filter(|record| record["event"] == event)
            .collect()
    };
    // How many changes the log knew of as each request came in.
    let known = Arc::new(std::sync::Mutex::new(Vec::new()));
    let stub = {
        let (known, records) = (Arc::clone(&known), records.clone());
        Stub::start(move |seen: &Seen| {
            let intents = events(records(), "intent").len();
            known.lock().unwrap().push((seen.method.clone(), intents));
            (200, lead())
        })
    };
    let path = log.to_string_lossy().into_owned();
    let mut server = stub.server("perfex", &[KEY, ("AUDIT", &path)]);
    let result = server.call("append_lead_description", line());
    assert_ne!(result["isError"], true, "{result}");
    // A call is noted after its answer.
    let end = Instant::now() + Duration::from_secs(20);
    while events(records(), "call").is_empty() && Instant::now() < end {
        std::thread::sleep(Duration::from_millis(20));
    }
    let known = known.lock().unwrap().clone();
    assert_eq!(known.first(), Some(&("GET".to_owned(), 0)), "{known:?}");
    let writes = known.iter().filter(|(method, _)| method != "GET");
    let writes: Vec<_> = writes.map(|(_, intents)| *intents).collect();
    assert_eq!(writes, [1], "{known:?}");
    let all = records();
    let intents = events(all.clone(), "intent");
    assert_eq!(intents[0]["tool"], "update_lead", "{all:?}");
    assert_eq!(
        events(all.clone(), "outcome")[0]["outcome"],
        "done",
        "{all:?}"
    );
    let calls = events(all.clone(), "call");
    assert_eq!(calls.len(), 1, "{all:?}");
    assert_eq!(calls[0]["tool"], "append_lead_description", "{all:?}");
}

#[test]
fn each_request_counts_for_the_rate_of_the_service() {
    // Two at once, and then four in a second: a read and a write of three calls are six.
    let stub = Stub::start(|_: &Seen| (200, lead()));
    let rate = [KEY, ("RATE", "4/s"), ("RATE_BURST", "2")];
    let mut server = stub.server("perfex", &rate);
    let begun = Instant::now();
    for _ in 0..3 {
        server.done("append_lead_description", line());
    }
    assert_eq!(stub.asked().len(), 6);
    assert!(
        begun.elapsed() >= Duration::from_millis(900),
        "{:?}",
        begun.elapsed()
    );
}

#[test]
fn a_pause_that_the_service_asks_for_at_one_request_holds_for_the_next() {
    let next = AtomicUsize::new(0);
    let stub = Stub::start(move |_: &Seen| {
        let answer = Answer::from((200, lead()));
        match next.fetch_add(1, Ordering::Relaxed) {
            // All that the service takes for now is spent.
            0 => answer
                .with("ratelimit", "\"default\";r=0;t=1")
                .with("x-ratelimit-remaining", "0")
                .with("x-ratelimit-reset", "1"),
            _ => answer,
        }
    });
    let mut server = stub.server("perfex", &[KEY]);
    let begun = Instant::now();
    server.done("append_lead_description", line());
    assert_eq!(stub.asked().len(), 2);
    assert!(
        begun.elapsed() >= Duration::from_millis(900),
        "{:?}",
        begun.elapsed()
    );
}

#[test]
fn a_read_that_breaks_is_repeated_before_anything_is_changed() {
    let next = AtomicUsize::new(0);
    let stub = Stub::start(move |_: &Seen| match next.fetch_add(1, Ordering::Relaxed) {
        0 => (503, json!({"message": "for a moment"})),
        _ => (200, lead()),
    });
    let mut server = stub.server("perfex", &[KEY]);
    server.done("append_lead_description", line());
    let asked: Vec<String> = stub.asked().into_iter().map(|seen| seen.method).collect();
    assert_eq!(asked, ["GET", "GET", "PUT"]);
}

#[test]
fn nothing_goes_to_a_service_that_is_down() {
    let stub = Stub::start(|_: &Seen| (502, json!({"message": "no"})));
    let mut server = stub.server("perfex", &[KEY]);
    let mut last = String::new();
    for _ in 0..12 {
        last = said(&server.call("append_lead_description", line()));
    }
    let before = stub.asked();
    assert!(before.iter().all(|seen| seen.method == "GET"), "{last}");
    let text = said(&server.call("append_lead_description", line()));
    assert!(text.ends_with("Nothing was written."), "{text}");
    assert_eq!(stub.asked().len(), 0, "{text}");
}
