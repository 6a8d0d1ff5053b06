//! Whether a call may go on: what the guard is asked, and told afterwards.

use std::time::Duration;

use super::{Engine, Entry};
use crate::guard::{Admitted, Caller, Outcome, Policy, Said, Write};
use crate::json::Object;
use crate::operation::{OperationDef, Risk};
use crate::request;
use crate::result::{self, ErrorKind, ToolResult};
use crate::upstream::{Sent, Upstream};

/// Who makes a call, and what it says besides its arguments.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Call<'a> {
    pub(super) caller: &'a Caller,
    pub(super) said: &'a Said,
}

impl Engine {
    /// Whether a call that makes several requests may go on: one of the same is none that nobody knows the end of, and
    /// who has to agree did. Those that do nothing the second time are made as often as it is asked for.
    pub(crate) async fn undertaken(
        &self,
        entry: &Entry,
        call: Call<'_>,
        arguments: &Object,
        time: Duration,
    ) -> Result<Admitted, ToolResult> {
        let write = Write {
            tool: entry.name(),
            repeats: entry.risk() != Risk::Read && !entry.hints().idempotent,
            creates: false,
        };
        if !write.repeats || call.said.dry_run {
            self.confirmed(entry, call, arguments, None).await?;
            return Ok(Admitted::unguarded());
        }
        let (caller, said) = (call.caller, call.said);
        let first = self.guard.first(caller, said, write, arguments, time);
        let mut admitted = first.await?;
        let suspicion = admitted.suspicion.clone();
        match self.confirmed(entry, call, arguments, suspicion).await {
            Ok(()) => {
                admitted.sending();
                Ok(admitted)
            }
            Err(result) => {
                admitted.settle(Outcome::NotDone).await;
                Err(result)
            }
        }
    }

    /// Whether a call that is no single request may go on. `suspicion` is why a person has to agree in any case.
    pub(crate) async fn confirmed(
        &self,
        entry: &Entry,
        call: Call<'_>,
        arguments: &Object,
        suspicion: Option<String>,
    ) -> Result<(), ToolResult> {
        let mut matter = entry.matter(arguments, None);
        if call.said.dry_run {
            let text = format!(
                "`dry_run` is not for {}, which makes several requests that cannot be shown before; nothing was sent. Call it without `dry_run`, or the tools that it stands for with it.",
                entry.name()
            );
            return Err(result::refused(ErrorKind::Validation, &text));
        }
        let mut policy = entry.policy;
        if let Some(suspicion) = suspicion {
            policy = policy.max(Policy::Auto);
            matter.reason = Some(suspicion);
        }
        let (caller, said) = (call.caller, call.said);
        let admitted = self.guard.admit(policy, caller, said, &matter).await;
        self.said(entry, admitted)
    }

    /// Whether a request may go out: it is none that was just made, and who has to agree did.
    pub(super) async fn admitted(
        &self,
        entry: &Entry,
        operation: &'static OperationDef,
        call: Call<'_>,
        arguments: &Object,
        request: &request::Request,
    ) -> Result<Admitted, ToolResult> {
        let (caller, said) = (call.caller, call.said);
        let upstream = self.upstream.as_ref();
        let time = upstream.map_or(Duration::ZERO, |upstream| upstream.settings().timeout);
        let first = self
            .guard
            .first(caller, said, operation.into(), arguments, time);
        let admitted = first.await.inspect_err(|_| {
            tracing::info!(
                tool = operation.tool,
                "not sent: the same call a second time"
            );
        })?;
        let mut policy = entry.policy;
        let is_shown = policy != Policy::Off || admitted.suspicion.is_some();
        let line = is_shown.then(|| shown_line(entry, operation, arguments, request));
        let mut matter = entry.matter(arguments, line);
        if let Some(suspicion) = &admitted.suspicion {
            policy = policy.max(Policy::Auto);
            matter.reason = Some(suspicion.clone());
        }
        let agreed = self.guard.admit(policy, caller, said, &matter).await;
        match self.said(entry, agreed) {
            Ok(()) => Ok(admitted),
            Err(result) => {
                admitted.settle(Outcome::NotDone).await;
                Err(result)
            }
        }
    }

    /// Notes a refusal.
    fn said(&self, entry: &Entry, admitted: Result<(), ToolResult>) -> Result<(), ToolResult> {
        admitted.inspect_err(|_| tracing::info!(tool = entry.name(), "not confirmed, not sent"))
    }

    /// The request as it would be sent, without the secrets among its arguments.
    pub(super) async fn rehearsed(
        &self,
        entry: &Entry,
        operation: &'static OperationDef,
        upstream: &Upstream,
        arguments: &Object,
        request: request::Request,
    ) -> ToolResult {
        let masked = entry.masked(arguments);
        let masked = masked.map(|masked| request::build(operation, &masked));
        let request = match masked.transpose() {
            Ok(masked) => masked.unwrap_or(request),
            // What is hidden was no text: a key as a file.
            Err(_) => {
                let text = format!(
                    "Dry run: nothing was sent. The request would be {} {}, with a secret in its body that is not shown.",
                    operation.method, operation.path
                );
                return noted(entry, text);
            }
        };
        match upstream.sketch(operation, request).await {
            Ok(sketch) => {
                let text = format!("Dry run: nothing was sent. The request would be:\n{sketch}");
                noted(entry, text)
            }
            Err(failure) => result::failure(operation, &failure),
        }
    }
}

/// A text in both forms: some clients hand on the structured copy alone.
fn noted(entry: &Entry, text: String) -> ToolResult {
    let schema = entry.output().map(AsRef::as_ref);
    result::with_notes(ToolResult::text(text.clone()), schema, &[&text])
}

/// Method, path and query of a request, without the secrets among its arguments.
fn shown_line(
    entry: &Entry,
    operation: &'static OperationDef,
    arguments: &Object,
    request: &request::Request,
) -> String {
    let line = |request: &request::Request| {
        let query = if request.query.is_empty() { "" } else { "?" };
        let (method, path) = (&request.method, &request.path);
        format!("{method} {path}{query}{}", request.query)
    };
    match entry.masked(arguments) {
        None => line(request),
        Some(masked) => request::build(operation, &masked).map_or_else(
            |_| format!("{} {}", operation.method, operation.path),
            |masked| line(&masked),
        ),
    }
}

/// What became of several requests, for who asks for the same again.
pub(crate) const fn outcome_of_several(result: &ToolResult) -> Outcome {
    match result.error {
        None => Outcome::Done(String::new()),
        Some(ErrorKind::Unknown) => Outcome::Unknown,
        Some(_) => Outcome::NotDone,
    }
}

/// What became of a request, for who asks for the same again.
pub(super) fn outcome(fate: result::Outcome, sent: &Sent) -> Outcome {
    match (fate, &sent.answer) {
        (result::Outcome::Done, Ok(reply)) => Outcome::Done(result::made(&reply.payload)),
        (result::Outcome::Done, Err(_)) => Outcome::Done(String::new()),
        (result::Outcome::Unknown, _) => Outcome::Unknown,
        (result::Outcome::NotSent | result::Outcome::Refused, _) => Outcome::NotDone,
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead as _, BufReader};
    use std::net::TcpListener;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::clock::Clock;
    use crate::extend::Extensions;
    use crate::json::scan::Defects;
    use crate::operation::{
        Api, Body, BodyEncoding, BodyField, BodyShape, Hints, Parameter, Part, Segment,
    };
    use crate::upstream::Settings;

    const fn write(tool: &'static str, method: &'static str, idempotent: bool) -> OperationDef {
        OperationDef {
            tool,
            method,
            risk: Risk::Write,
            hints: Hints {
                read_only: false,
                destructive: false,
                idempotent,
                open_world: false,
            },
            segments: &[Segment(&[Part::Literal("leads")])],
            ..OperationDef::DEFAULT
        }
    }

    static POST: OperationDef = write("create", "POST", false);
    static PATCH: OperationDef = write("update", "PATCH", false);
    static ADD: OperationDef = write("add", "PUT", false);
    static PUT: OperationDef = write("replace", "PUT", true);
    static API: Api = Api {
        name: "x",
        env_prefix: "X",
        operations: &[&POST, &PATCH, &ADD, &PUT],
        ..Api::DEFAULT
    };

    /// A service that reads a request and leaves; its address, and how many it read.
    fn service() -> (String, Arc<AtomicUsize>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap_or_else(|e| unreachable!("{e}"));
        let address = listener.local_addr().map(|address| address.to_string());
        let count: Arc<AtomicUsize> = Arc::default();
        let counted = Arc::clone(&count);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let mut lines = BufReader::new(stream).lines();
                while lines
                    .next()
                    .is_some_and(|line| line.is_ok_and(|line| !line.is_empty()))
                {}
                counted.fetch_add(1, Ordering::Relaxed);
            }
        });
        (address.unwrap_or_default(), count)
    }

    /// An operation that sets a password, with its body as `encoding`.
    const fn password(tool: &'static str, encoding: BodyEncoding) -> OperationDef {
        OperationDef {
            tool,
            risk: Risk::Destructive,
            path: "/staff/{id}/password",
            segments: &[Segment(&[Part::Literal("staff")])],
            parameters: &[Parameter {
                name: "reason",
                argument: "reason",
                ..Parameter::QUERY
            }],
            body: Some(Body {
                media_type: "text/plain",
                encoding,
                required: true,
                shape: BodyShape::Properties {
                    fields: &[
                        BodyField {
                            name: "newPassword",
                            argument: "new_password",
                            ..BodyField::DEFAULT
                        },
                        BodyField {
                            name: "pin",
                            argument: "pin",
                            ..BodyField::DEFAULT
                        },
                        BodyField {
                            name: "name",
                            argument: "name",
                            ..BodyField::DEFAULT
                        },
                    ],
                    additional: "",
                },
            }),
            input_schema: r#"{"type":"object","properties":{
                "new_password":{"type":"string"},"pin":{"type":"integer","writeOnly":true},
                "name":{"type":"string"},"reason":{"type":"string","format":"password"}}}"#,
            ..write(tool, "POST", false)
        }
    }

    static AS_JSON: OperationDef = password("as_json", BodyEncoding::Json);
    static AS_FORM: OperationDef = password("as_form", BodyEncoding::Form);
    static STAFF: Api = Api {
        name: "x",
        env_prefix: "X",
        operations: &[&AS_JSON, &AS_FORM],
        ..Api::DEFAULT
    };

    #[tokio::test]
    async fn secrets_are_sent_and_shown_neither_before_nor_in_a_dry_run() {
        let (base, count) = service();
        let variable = |name: &str| (name == "X_BASE_URL").then(|| format!("http://{base}"));
        let settings = Settings::read(&STAFF, &variable);
        let settings = settings.unwrap_or_else(|error| unreachable!("{error}"));
        let upstream = Upstream::new(settings, "x", "1");
        let engine = Engine::new(&STAFF, Extensions::new(), Some(upstream), Clock::default());
        for (tool, dry_run, expected) in [
            (
                "as_json",
                false,
                "- new_password: [redacted]\n- pin: [redacted]\n- name: Ann\n",
            ),
            (
                "as_json",
                false,
                "Request: POST /staff?reason=%5Bredacted%5D\n",
            ),
            (
                "as_json",
                true,
                r#"{"newPassword":"[redacted]","pin":"[redacted]","name":"Ann"}"#,
            ),
            (
                "as_form",
                true,
                "newPassword=%5Bredacted%5D&pin=%5Bredacted%5D&name=Ann",
            ),
            ("as_form", true, "/staff?reason=%5Bredacted%5D"),
        ] {
            let given = serde_json::json!({
                "new_password": "hunter22 x", "pin": 70_211, "name": "Ann", "reason": "canary",
                "dry_run": dry_run,
            });
            let given = given.as_object().cloned().unwrap_or_default();
            let Some(entry) = engine.find(tool) else {
                unreachable!("{tool}");
            };
            let (caller, defects) = (Caller::silent(), Defects::default());
            let text = engine.call(entry, given, &defects, &caller).await.to_text();
            assert!(text.contains(expected), "{tool}: {text}");
            for secret in ["hunter22", "70211", "canary"] {
                assert!(!text.contains(secret), "{tool}: {text}");
            }
        }
        assert_eq!(count.load(Ordering::Relaxed), 0);
    }

    #[tokio::test]
    async fn what_nobody_knows_the_end_of_goes_out_once_more_only_if_that_does_no_harm() {
        let (base, count) = service();
        let variable = |name: &str| (name == "X_BASE_URL").then(|| format!("http://{base}"));
        let settings = Settings::read(&API, &variable);
        let settings = settings.unwrap_or_else(|error| unreachable!("{error}"));
        let upstream = Upstream::new(settings, "x", "1");
        let engine = Engine::new(&API, Extensions::new(), Some(upstream), Clock::default());
        for (tool, first, second) in [
            ("create", 1, 1),
            ("update", 1, 1),
            ("add", 1, 1),
            // Sent three times by each call.
            ("replace", 3, 6),
        ] {
            count.store(0, Ordering::Relaxed);
            let (caller, defects) = (Caller::silent(), Defects::default());
            let mut said = Vec::new();
            for sent in [first, second] {
                let Some(entry) = engine.find(tool) else {
                    unreachable!("{tool}");
                };
                let called = engine.call(entry, Object::new(), &defects, &caller);
                said.push(called.await.to_text());
                assert_eq!(count.load(Ordering::Relaxed), sent, "{tool}: {said:?}");
            }
            let is_asked_for = said.last().is_some_and(|said| {
                said.starts_with("Confirmation needed")
                    && said.contains("may have been carried out")
            });
            assert_eq!(is_asked_for, first == second, "{tool}: {said:?}");
        }
    }
}
