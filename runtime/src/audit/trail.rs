//! What a call leaves in the log: a record before each of its writes goes out, one of what became of it,
//! and one of the call itself.

use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use super::shown::{Shown, shown};
use super::{Audit, Shared};
use crate::engine::Entry;
use crate::guard::{self, Caller};
use crate::json::{Object, Value, json};
use crate::operation::{Location, OperationDef, Risk};
use crate::result::{ErrorKind, Fate, Outcome, ToolResult};

tokio::task_local! {
    /// The call that is being answered: its steps need not be told of whom they are.
    static CALL: Arc<Call>;
}

/// A call.
#[derive(Debug)]
struct Call {
    id: String,
    tool: String,
    principal: Arc<str>,
    /// What their client calls itself.
    client: Option<Arc<str>>,
    /// The trace that it belongs to.
    trace: Option<Arc<str>>,
    /// Why it may go on, or may not, as far as that is known.
    decision: Mutex<&'static str>,
    /// Whether something of it may have gone out.
    went_out: AtomicBool,
}

/// Notes why the call that is being answered may go on, or does not.
pub(crate) fn decided(why: &'static str) {
    crate::measure::decided(why);
    let _ = CALL.try_with(|call| {
        *call.decision.lock().unwrap_or_else(PoisonError::into_inner) = why;
    });
}

/// A write that is about to go out.
#[derive(Debug)]
pub(crate) struct Subject<'a> {
    /// The tool.
    pub(crate) tool: &'a str,
    pub(crate) risk: Risk,
    /// The schema of its arguments.
    pub(crate) schema: &'a Object,
    pub(crate) arguments: &'a Object,
    /// The operation and the path of the request, if it is one.
    pub(crate) request: Option<(&'static OperationDef, &'a str)>,
    /// The key that tells its request from others, also when it is sent again.
    pub(crate) key: Option<&'a str>,
}

/// A write whose intent is in the log. One that is dropped was given up: nobody knows what became of it, if it
/// was sent.
#[derive(Debug)]
#[must_use]
pub(crate) struct Intent(Option<Open>);

#[derive(Debug)]
struct Open {
    shared: Arc<Shared>,
    /// Number of its record.
    of: u64,
    tool: String,
    begin: Instant,
    /// Whether it may have gone out.
    sent: bool,
}

impl Audit {
    /// The record of a call that begins.
    pub(crate) fn record(&self, entry: &Entry, arguments: &Object, caller: &Caller) -> Recording {
        let Some(shared) = &self.0 else {
            return Recording(None);
        };
        let operation = entry.operation();
        let shown = shown(
            entry.name(),
            operation,
            entry.input(),
            arguments,
            shared.values,
        );
        let call = Arc::new(Call {
            id: shared.id(),
            tool: entry.name().to_owned(),
            principal: Arc::clone(&caller.principal),
            client: caller.client.clone(),
            trace: caller.trace.clone(),
            decision: Mutex::new(""),
            went_out: AtomicBool::new(false),
        });
        Recording(Some(CallRecord {
            shared: Arc::clone(shared),
            call,
            risk: entry.risk(),
            shown,
            begin: Instant::now(),
            ended: None,
        }))
    }

    /// Records that a write is about to go out; it is on the disk when this returns. Reads need none.
    ///
    /// # Errors
    /// The result that ends the call if it cannot be recorded. Nothing may be sent then.
    pub(crate) async fn intent(&self, subject: Subject<'_>) -> Result<Intent, ToolResult> {
        let Some(shared) = self.0.as_ref().filter(|_| subject.risk != Risk::Read) else {
            return Ok(Intent(None));
        };
        let Subject {
            tool,
            risk,
            schema,
            arguments,
            request,
            key,
        } = subject;
        let operation = request.map(|(operation, _)| operation);
        let shown = shown(tool, operation, schema, arguments, shared.values);
        let mut facts = Object::new();
        let mut put = |name: &str, value: Value| facts.insert(name.to_owned(), value);
        let _ = CALL.try_with(|call| {
            put("call", Value::from(call.id.as_str()));
            put("principal", Value::from(&*call.principal));
            if let Some(trace) = &call.trace {
                put("trace_id", Value::from(&**trace));
            }
            if call.tool != tool {
                put("asked", Value::from(call.tool.as_str()));
            }
            put("decision", Value::from(call.decision(true)));
        });
        put("tool", Value::from(tool));
        put("risk", Value::from(risk.as_str()));
        if let Some((operation, path)) = request {
            // The path repeats arguments.
            let path = if tells_path(operation, &shown.arguments) {
                crate::text::cap(path, 400)
            } else {
                operation.path.into()
            };
            put(
                "request",
                Value::from(format!("{} {path}", operation.method)),
            );
        }
        if let Some(key) = key {
            put("key", Value::from(key));
        }
        put("arguments_sha256", Value::from(shown.digest));
        put("arguments", shown.arguments);
        let of = shared.durable("intent", Value::Object(facts)).await;
        match of {
            Ok(of) => {
                let _ = CALL.try_with(|call| call.went_out.store(true, Ordering::Relaxed));
                Ok(Intent(Some(Open {
                    shared: Arc::clone(shared),
                    of,
                    tool: tool.to_owned(),
                    begin: Instant::now(),
                    sent: false,
                })))
            }
            Err(why) => {
                decided("denied");
                Err(ToolResult::error(
                    ErrorKind::Refused,
                    format!(
                        "Nothing was sent: this server notes every write before it makes it, and its audit log cannot be written ({}). Reads work. Whoever runs the server has to see to it.",
                        crate::text::clean(&why)
                    ),
                ))
            }
        }
    }

    /// Records a call that reached no tool.
    pub(crate) fn turned_away(&self, tool: &str, caller: &Caller, why: &str) {
        crate::live::refused((tool, why), &caller.principal, caller.client.as_deref());
        let Some(shared) = &self.0 else { return };
        let mut facts = json!({
            "call": shared.id(),
            "principal": &*caller.principal,
            "tool": crate::text::cap(tool, 80),
            "decision": "denied",
            "result": why,
        });
        with(&mut facts, "client", caller.client.as_deref());
        with(&mut facts, "trace_id", caller.trace.as_deref());
        shared.note("call", facts);
    }

    /// Records that a request was not let in. Whoever sends one after the other makes one record a minute.
    #[cfg(feature = "http")]
    pub(crate) fn kept_away(&self, principal: &str, why: &str) {
        crate::live::kept_away(principal, why);
        let Some(shared) = &self.0 else { return };
        for counted in shared.away.count(principal, why, Instant::now()) {
            shared.note_away(counted);
        }
    }
}

/// Whether all that a path is made of is shown beside it.
fn tells_path(operation: &OperationDef, shown: &Value) -> bool {
    let mut parameters = operation.parameters.iter();
    parameters.all(|one| {
        let is_shown = |value: &Value| {
            value.is_number() || value.as_str().is_some_and(|text| !text.starts_with('['))
        };
        one.location != Location::Path
            || one.constant.is_some()
            || shown.get(one.argument).is_some_and(is_shown)
    })
}

/// A call that is recorded, if there is a log.
pub(crate) struct Recording(Option<CallRecord>);

impl Recording {
    /// Does the work of the call; its record is written when it ends, or is given up.
    pub(crate) async fn of(self, work: impl Future<Output = ToolResult>) -> ToolResult {
        let Some(mut record) = self.0 else {
            return work.await;
        };
        let result = CALL.scope(Arc::clone(&record.call), work).await;
        record.ended = Some(result.error);
        result
    }
}

impl Intent {
    /// Says that it may go out now.
    pub(crate) fn sending(&mut self) {
        if let Some(open) = &mut self.0 {
            open.sent = true;
        }
    }

    /// Says what became of the write, and what the service answered.
    pub(crate) fn settle(mut self, fate: Fate, noted: &guard::Outcome, status: Option<u16>) {
        let Some(open) = self.0.take() else { return };
        let mut facts = json!({"attempts": fate.attempts});
        if let Value::Object(facts) = &mut facts {
            if let Some(status) = status {
                facts.insert("status".to_owned(), Value::from(status));
            }
            if let guard::Outcome::Done(made) = noted
                && !made.is_empty()
            {
                facts.insert("made".to_owned(), Value::from(made.as_str()));
            }
        }
        open.say(fate.outcome, facts);
    }

    /// Says that it was carried out, of a write that is no request.
    pub(crate) fn done(mut self) {
        if let Some(open) = self.0.take() {
            open.say(Outcome::Done, Value::Null);
        }
    }
}

impl Open {
    fn say(&self, outcome: Outcome, more: Value) {
        let mut facts = json!({"of": self.of, "tool": self.tool, "outcome": outcome.as_str()});
        if let (Value::Object(facts), Value::Object(more)) = (&mut facts, more) {
            facts.extend(more);
        }
        if let Value::Object(facts) = &mut facts {
            facts.insert("ms".to_owned(), milliseconds(self.begin));
        }
        self.shared.note("outcome", facts);
    }
}

impl Drop for Intent {
    fn drop(&mut self) {
        if let Some(open) = self.0.take() {
            let outcome = if open.sent {
                Outcome::Unknown
            } else {
                Outcome::NotSent
            };
            open.say(outcome, Value::Null);
        }
    }
}

impl Call {
    /// In words, for a record; `goes_on` where something is about to go out.
    fn decision(&self, goes_on: bool) -> &'static str {
        let decision = *self.decision.lock().unwrap_or_else(PoisonError::into_inner);
        match decision {
            "" if goes_on => "allowed",
            decision => decision,
        }
    }
}

/// What is known of a call, written when this is dropped.
struct CallRecord {
    shared: Arc<Shared>,
    call: Arc<Call>,
    risk: Risk,
    shown: Shown,
    begin: Instant,
    /// The kind of error; nothing if the call was given up.
    ended: Option<Option<ErrorKind>>,
}

impl Drop for CallRecord {
    fn drop(&mut self) {
        let went_out = self.call.went_out.load(Ordering::Relaxed);
        let error = self.ended.flatten();
        let decision = match (self.call.decision(false), error) {
            ("", _) if went_out => "allowed",
            ("", Some(ErrorKind::Unconfirmed)) => "asked",
            ("", Some(ErrorKind::Validation)) => "invalid",
            ("", Some(ErrorKind::Duplicate)) => "duplicate",
            ("", Some(ErrorKind::Refused)) => "denied",
            ("", _) => "allowed",
            (said, _) => said,
        };
        let result = match self.ended {
            None => "cancelled",
            Some(None) => "ok",
            Some(Some(error)) => error.as_str(),
        };
        let mut facts = json!({
            "call": self.call.id,
            "principal": &*self.call.principal,
            "tool": self.call.tool,
            "risk": self.risk.as_str(),
            "decision": decision,
            "result": result,
            "ms": milliseconds(self.begin),
            "arguments_sha256": std::mem::take(&mut self.shown.digest),
            "arguments": self.shown.arguments.take(),
        });
        with(&mut facts, "client", self.call.client.as_deref());
        with(&mut facts, "trace_id", self.call.trace.as_deref());
        self.shared.note("call", facts);
    }
}

/// Says one thing more, if it is known.
fn with(facts: &mut Value, name: &str, text: Option<&str>) {
    if let (Value::Object(facts), Some(text)) = (facts, text) {
        facts.insert(name.to_owned(), Value::from(text));
    }
}

fn milliseconds(since: Instant) -> Value {
    Value::from(u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::Parameter;

    #[test]
    fn a_path_is_told_only_if_all_that_it_is_made_of_is_shown() {
        static OPERATION: OperationDef = OperationDef {
            path: "/sessions/{token}/parts/{id}",
            parameters: &[
                Parameter {
                    argument: "token",
                    ..Parameter::PATH
                },
                Parameter {
                    argument: "id",
                    ..Parameter::PATH
                },
                Parameter {
                    argument: "q",
                    ..Parameter::QUERY
                },
            ],
            ..OperationDef::DEFAULT
        };
        for (shown, expected) in [
            (json!({"token": "abc", "id": 7}), true),
            (json!({"token": "abc", "id": 7, "q": "[redacted]"}), true),
            (json!({"token": "[redacted]", "id": 7}), false),
            (json!({"token": "[text, 900 characters]", "id": 7}), false),
            (json!({"id": 7}), false),
            (json!("[9000 bytes]"), false),
        ] {
            assert_eq!(tells_path(&OPERATION, &shown), expected, "{shown}");
        }
    }
}
