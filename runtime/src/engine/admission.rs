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
            let text = "Nothing was sent. This tool makes several requests, which cannot be shown before; call it without dry_run, or the tools that it stands for with it.";
            return Err(ToolResult::error(ErrorKind::Refused, text));
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
        let query = if request.query.is_empty() { "" } else { "?" };
        let line = format!(
            "{} {}{query}{}",
            request.method, request.path, request.query
        );
        let mut matter = entry.matter(arguments, Some(line));
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

    /// The request as it would be sent.
    pub(super) async fn rehearsed(
        &self,
        entry: &Entry,
        operation: &'static OperationDef,
        upstream: &Upstream,
        request: request::Request,
    ) -> ToolResult {
        match upstream.sketch(operation, request).await {
            Ok(sketch) => {
                let text = format!("Dry run: nothing was sent. The request would be:\n{sketch}");
                let schema = entry.output().map(AsRef::as_ref);
                // Some clients hand on the structured copy alone.
                result::with_notes(ToolResult::text(text.clone()), schema, &[&text])
            }
            Err(failure) => result::failure(operation, &failure),
        }
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
    use crate::operation::{Api, Hints, Part, Segment};
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
