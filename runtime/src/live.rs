//! What happens at this moment, for operators who watch: calls as they begin and end, and requests that were not let
//! in. Nothing is made of them while nobody watches.
//!
//! There is one row of them for the process, as there is one of numbers (ADR 0044). Arguments are shown by the rules of
//! the audit log.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use tokio::sync::broadcast::Sender;
#[cfg(feature = "http")]
use tokio::sync::broadcast::{Receiver, channel};

use crate::audit::shown;
use crate::clock::Clock;
use crate::engine::Entry;
use crate::guard::Caller;
use crate::json::{Object, Value, json};
use crate::result::ToolResult;
use crate::text::{cap, clean};

/// Events that wait for who is slow; of further ones only the number is told.
#[cfg(feature = "http")]
const ROOM: usize = 256;

static ROW: OnceLock<Sender<Arc<str>>> = OnceLock::new();

/// Begins to watch; each event is an object of JSON.
#[cfg(feature = "http")]
pub(crate) fn watch() -> Receiver<Arc<str>> {
    ROW.get_or_init(|| channel(ROOM).0).subscribe()
}

/// The way to who watches.
fn watched() -> Option<&'static Sender<Arc<str>>> {
    ROW.get().filter(|row| row.receiver_count() > 0)
}

fn tell(event: &str, mut facts: Value) {
    let (Some(row), Value::Object(facts)) = (watched(), &mut facts) else {
        return;
    };
    facts.insert("event".to_owned(), Value::from(event));
    facts.insert("at".to_owned(), Value::from(Clock::SYSTEM.timestamp()));
    let text = serde_json::to_string(facts).unwrap_or_default();
    // Who left meanwhile misses nothing.
    let _ = row.send(Arc::from(text));
}

/// A call that was seen to begin. One that is dropped was given up.
pub(crate) struct Seen {
    facts: Value,
    begin: Instant,
    ended: bool,
}

/// Tells that a call begins, if anybody watches.
pub(crate) fn begin(
    entry: &Entry,
    arguments: &Object,
    caller: &Caller,
    values: bool,
) -> Option<Seen> {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    watched()?;
    let bytes = serde_json::to_string(arguments).map_or(0, |text| text.len());
    let operation = entry.operation();
    let shown = shown(entry.name(), operation, entry.input(), arguments, values);
    let facts = json!({
        "call": NEXT.fetch_add(1, Ordering::Relaxed),
        "principal": &*caller.principal,
        "client": caller.client.as_deref(),
        "tool": entry.name(),
        "risk": entry.risk().as_str(),
    });
    let mut first = facts.clone();
    if let Value::Object(first) = &mut first {
        first.insert("arguments".to_owned(), shown.arguments);
        first.insert("bytes".to_owned(), Value::from(bytes));
    }
    tell("begin", first);
    Some(Seen {
        facts,
        begin: Instant::now(),
        ended: false,
    })
}

impl Seen {
    /// Tells how it ended.
    pub(crate) fn end(mut self, result: &ToolResult) {
        self.ended = true;
        let word = result.error.map_or("ok", |error| error.as_str());
        let bytes = result.text_bytes();
        self.tell(word, Some(bytes));
    }

    fn tell(&mut self, result: &str, bytes: Option<usize>) {
        let ms = u64::try_from(self.begin.elapsed().as_millis()).unwrap_or(u64::MAX);
        let mut facts = self.facts.take();
        if let Value::Object(facts) = &mut facts {
            facts.insert("result".to_owned(), Value::from(result));
            facts.insert("ms".to_owned(), Value::from(ms));
            facts.insert(
                "answer_bytes".to_owned(),
                bytes.map_or(Value::Null, Value::from),
            );
        }
        tell("end", facts);
    }
}

impl Drop for Seen {
    fn drop(&mut self) {
        if !self.ended {
            self.tell("cancelled", None);
        }
    }
}

/// Tells of a request that was not let in; of one a second, since whoever sends one after the other would take the
/// place of the calls.
#[cfg(feature = "http")]
pub(crate) fn kept_away(principal: &str, why: &str) {
    static LAST: AtomicU64 = AtomicU64::new(0);
    let now = Clock::SYSTEM.seconds();
    if LAST.swap(now, Ordering::Relaxed) != now {
        refused(("", why), principal, None);
    }
}

/// Tells of a request that reached no tool: what it named, and why it did not.
pub(crate) fn refused((tool, why): (&str, &str), principal: &str, client: Option<&str>) {
    if watched().is_none() {
        return;
    }
    let tool = clean(tool);
    tell(
        "refused",
        json!({
            "principal": principal,
            "client": client,
            "tool": cap(&tool, 80),
            "result": cap(why, 200),
        }),
    );
}

#[cfg(all(test, feature = "http"))]
mod tests {
    use std::sync::{Mutex, PoisonError};

    use tokio::sync::broadcast::error::TryRecvError;

    use super::*;
    use crate::engine::Kind;
    use crate::operation::OperationDef;

    /// Who watches: the row is one for all tests of this process.
    static ALONE: Mutex<()> = Mutex::new(());

    static OPERATION: OperationDef = OperationDef {
        tool: "get_what_live_is_tested_with",
        ..OperationDef::DEFAULT
    };

    /// The next event of a call that is made here; none if there is no further one. Other tests make events too.
    fn next(events: &mut Receiver<Arc<str>>) -> Value {
        loop {
            let event: Value = match events.try_recv() {
                Ok(event) => serde_json::from_str(&event).unwrap_or_default(),
                Err(TryRecvError::Lagged(_)) => continue,
                Err(_) => return Value::Null,
            };
            if event.get("tool").and_then(|tool| tool.as_str()) == Some(OPERATION.tool) {
                return event;
            }
        }
    }

    #[test]
    fn nothing_is_made_of_calls_while_nobody_watches() {
        let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = Entry::new(Kind::Operation(&OPERATION));
        let call = || begin(&entry, &Object::new(), &Caller::silent(), false);
        assert!(call().is_none());
        let mut events = watch();
        let seen = call();
        assert!(seen.is_some());
        drop(seen);
        let (first, last) = (next(&mut events), next(&mut events));
        assert_eq!(
            (&first["event"], &first["tool"]),
            (&json!("begin"), &json!(OPERATION.tool))
        );
        assert_eq!(
            (&last["event"], &last["result"]),
            (&json!("end"), &json!("cancelled"))
        );
        assert_eq!(first["call"], last["call"]);
        drop(events);
        assert!(call().is_none());
    }

    #[test]
    fn who_takes_nothing_is_told_how_many_were_left_out_and_has_the_newest() {
        let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = Entry::new(Kind::Operation(&OPERATION));
        let mut events = watch();
        // Each begins and ends.
        for _ in 0..ROOM {
            drop(begin(&entry, &Object::new(), &Caller::silent(), false));
        }
        let missed = match events.try_recv() {
            Err(TryRecvError::Lagged(missed)) => missed,
            other => panic!("{other:?}"),
        };
        // Those of other tests may be among them.
        assert!(missed >= ROOM as u64, "{missed}");
        let mut last = Value::Null;
        loop {
            match next(&mut events) {
                Value::Null => break,
                event => last = event,
            }
        }
        assert_eq!(last["event"], "end", "{last}");
    }
}
