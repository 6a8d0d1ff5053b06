//! The same write a second time: a model that got no answer, or forgot that it has one, repeats itself.
//!
//! What is the same is decided by principal, tool and arguments. While the first is on its way, and for
//! two minutes after it was carried out, a second one is answered with what the first one did; for ten
//! minutes after a write whose outcome nobody knows, it needs a confirmation.

use std::sync::Arc;
use std::time::Duration;

use super::{Caller, Guard, Said, digest, gate};
use crate::json::Object;
use crate::operation::{OperationDef, Risk};
use crate::result::{ErrorKind, ToolResult};
use crate::state::{Held, Key, State};

/// How long one that is on its way is remembered: longer than any may take.
const BUSY: Duration = Duration::from_secs(3_600);
/// How long one that was carried out is remembered.
const DONE: Duration = Duration::from_secs(120);
/// How long one whose outcome nobody knows is remembered.
const UNKNOWN: Duration = Duration::from_secs(600);

const BUSY_NOTE: &str = "busy";
const UNKNOWN_NOTE: &str = "unknown";

/// What became of a write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It was carried out; what it made, if that is known.
    Done(String),
    /// It was not sent, or the service refused it.
    NotDone,
    /// Nobody knows.
    Unknown,
}

/// A write that may go on.
#[derive(Debug)]
pub(crate) struct Admitted {
    ticket: Option<Ticket>,
    /// Why a person has to agree, whatever the policy says.
    pub(crate) suspicion: Option<String>,
}

/// A write that is on its way. One that is dropped was given up: its outcome is unknown, if it was sent.
#[derive(Debug)]
struct Ticket {
    state: Arc<dyn State>,
    key: Key,
    /// Whether another one was noted before, beside which it was allowed.
    beside: bool,
    /// Whether its outcome was not said yet.
    open: bool,
    /// Whether it may have gone out.
    sent: bool,
}

impl Guard {
    /// Whether a write is the first of its kind.
    ///
    /// # Errors
    /// The result that ends the call, if it is not. Nothing was sent then.
    pub(crate) async fn first(
        &self,
        caller: &Caller,
        said: &Said,
        operation: &OperationDef,
        arguments: &Object,
    ) -> Result<Admitted, ToolResult> {
        if operation.method != "POST" || operation.risk == Risk::Read || operation.hints.idempotent
        {
            return Ok(Admitted::unguarded());
        }
        let key = digest("write", &caller.principal, operation.tool, arguments);
        let held = self.state.claim(&key, BUSY_NOTE, BUSY).await;
        let held = held.map_err(|error| gate::unavailable(&error.to_string()))?;
        let beside = held.is_some();
        let suspicion = match held {
            None => None,
            Some(Held { note, age }) if note == UNKNOWN_NOTE => Some(format!(
                "The same call {} ago may have been carried out: no answer came. Look whether it was before you repeat it.",
                ago(age)
            )),
            Some(_) if said.allow_duplicate => None,
            Some(Held { note, age }) => return Err(again(operation, &note, age)),
        };
        let ticket = Ticket {
            state: Arc::clone(&self.state),
            key,
            beside,
            open: true,
            sent: false,
        };
        Ok(Admitted {
            ticket: Some(ticket),
            suspicion,
        })
    }
}

impl Admitted {
    /// A write that may be made as often as it is asked for.
    pub(crate) const fn unguarded() -> Self {
        Self {
            ticket: None,
            suspicion: None,
        }
    }

    /// Says that it goes out now.
    pub(crate) fn sending(&mut self) {
        if let Some(ticket) = &mut self.ticket {
            ticket.sent = true;
        }
    }

    /// Says what became of it.
    pub(crate) async fn settle(mut self, outcome: Outcome) {
        let Some(mut ticket) = self.ticket.take() else {
            return;
        };
        ticket.open = false;
        let (state, key) = (Arc::clone(&ticket.state), ticket.key);
        let noted = match outcome {
            Outcome::NotDone if self.suspicion.is_some() => {
                // Whatever became of this one, what came before it is as unknown as it was.
                state.note(&key, UNKNOWN_NOTE, UNKNOWN).await
            }
            // What is noted is of another one, which is on its way or was carried out.
            Outcome::NotDone if ticket.beside => Ok(()),
            Outcome::NotDone => state.release(&key).await,
            Outcome::Unknown => state.note(&key, UNKNOWN_NOTE, UNKNOWN).await,
            Outcome::Done(what) => state.note(&key, &format!("done {what}"), DONE).await,
        };
        if let Err(error) = noted {
            tracing::warn!(%error, "the outcome of a write was not noted");
        }
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        if !self.open {
            return;
        }
        if !self.sent && self.beside {
            // What was noted before stands.
            return;
        }
        let (state, key, sent) = (Arc::clone(&self.state), self.key, self.sent);
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                let _ = if sent {
                    state.note(&key, UNKNOWN_NOTE, UNKNOWN).await
                } else {
                    state.release(&key).await
                };
            });
        }
    }
}

fn again(operation: &OperationDef, note: &str, age: Duration) -> ToolResult {
    let tool = operation.tool;
    let text = match note.strip_prefix("done") {
        Some(what) => {
            let what = what.trim();
            let what = if what.is_empty() {
                String::new()
            } else {
                format!(" ({what})")
            };
            format!(
                "Already done {} ago{what}: {tool} was called with exactly these arguments, and it was carried out. Nothing was sent now. If it is to be done once more, call it again with \"allow_duplicate\": true.",
                ago(age)
            )
        }
        None => format!(
            "Not sent: the same call of {tool} is on its way since {}. Wait for its answer.",
            ago(age)
        ),
    };
    ToolResult::error(ErrorKind::Duplicate, text)
}

fn ago(age: Duration) -> String {
    match age.as_secs() {
        seconds @ 0..100 => format!("{seconds} s"),
        seconds => format!("{} min", seconds / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use crate::operation::Hints;

    static CREATE: OperationDef = OperationDef {
        tool: "create_lead",
        method: "POST",
        risk: Risk::Write,
        hints: Hints {
            idempotent: false,
            ..OperationDef::DEFAULT.hints
        },
        ..OperationDef::DEFAULT
    };

    async fn ask(guard: &Guard, allow_duplicate: bool) -> Result<Admitted, String> {
        let said = Said {
            allow_duplicate,
            ..Said::default()
        };
        let arguments = Object::new();
        let caller = Caller::silent();
        let first = guard.first(&caller, &said, &CREATE, &arguments);
        first.await.map_err(|refused| refused.to_text())
    }

    /// One that is allowed and that the service refuses.
    async fn not_made(guard: &Guard) {
        match ask(guard, true).await {
            Ok(admitted) => admitted.settle(Outcome::NotDone).await,
            Err(why) => panic!("{why}"),
        }
    }

    #[tokio::test]
    async fn one_that_was_allowed_beside_another_and_not_made_leaves_the_other_as_it_was() {
        let guard = Guard::new(Clock::default());
        let Ok(first) = ask(&guard, false).await else {
            panic!("nothing was made before");
        };
        not_made(&guard).await;
        let third = ask(&guard, false).await.err().unwrap_or_default();
        assert!(third.starts_with("Not sent"), "{third}");
        first.settle(Outcome::Done(String::new())).await;
        not_made(&guard).await;
        let third = ask(&guard, false).await.err().unwrap_or_default();
        assert!(third.starts_with("Already done"), "{third}");
    }

    #[tokio::test]
    async fn one_that_is_given_up_is_unknown_only_if_it_may_have_gone_out() {
        let guard = Guard::new(Clock::default());
        // What is dropped is noted by a task of its own.
        let settled = || tokio::task::yield_now();
        drop(ask(&guard, false).await);
        settled().await;
        let Ok(mut second) = ask(&guard, false).await else {
            panic!("the first was not sent");
        };
        assert_eq!(second.suspicion, None);
        second.sending();
        drop(second);
        settled().await;
        let third = ask(&guard, false).await.ok();
        let suspicion = third.and_then(|third| third.suspicion).unwrap_or_default();
        assert!(
            suspicion.contains("may have been carried out"),
            "{suspicion}"
        );
    }
}
