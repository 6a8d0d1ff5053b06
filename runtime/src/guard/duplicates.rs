//! The same write a second time: a model that got no answer, or forgot that it has one, repeats itself.
//!
//! What is the same is decided by principal, tool and arguments. While the first is on its way, and for
//! two minutes after it was carried out, a second one is answered with what the first one did; for ten
//! minutes after a write whose outcome nobody knows, it needs a confirmation.

use std::time::Duration;

use super::claim::{Change, Claim};
use super::{Asking, Caller, Guard, PATIENCE, Said, digest, gate};
use crate::json::Object;
use crate::operation::{OperationDef, Risk};
use crate::result::{ErrorKind, ToolResult};
use crate::state::Held;

/// How long one that was carried out is remembered.
const DONE: Duration = Duration::from_secs(120);
/// How long one whose outcome nobody knows is remembered.
const UNKNOWN: Duration = Duration::from_secs(600);

/// Time that a call may take besides that of its request: for a place, the log and the store.
const MARGIN: Duration = Duration::from_secs(60);

/// Begins the note of one that is on its way; behind it stand who makes it, and for how many seconds at most.
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
    claim: Claim,
    /// What is noted where it may note what became of it.
    was: Option<String>,
    /// Whether another one was noted before, beside which it was allowed.
    beside: bool,
}

impl Guard {
    /// Whether a write is the first of its kind. It may take `time` once it is sent.
    ///
    /// # Errors
    /// The result that ends the call, if it is not. Nothing was sent then.
    pub(crate) async fn first(
        &self,
        caller: &Caller,
        said: &Said,
        operation: &OperationDef,
        arguments: &Object,
        time: Duration,
    ) -> Result<Admitted, ToolResult> {
        if operation.method != "POST" || operation.risk == Risk::Read || operation.hints.idempotent
        {
            return Ok(Admitted::unguarded());
        }
        let key = digest("write", &caller.principal, operation.tool, arguments);
        let asked = match caller.asking {
            Asking::Now(_) => PATIENCE,
            Asking::Never | Asking::Later => Duration::ZERO,
        };
        let longest = (time + asked + MARGIN).as_secs();
        let Some(own) = self.seals.name() else {
            return Err(gate::no_random());
        };
        let note = format!("{BUSY_NOTE} {own} {longest}");
        // Whose server was killed is as unknown as others afterwards.
        let hold = Duration::from_secs(longest) + UNKNOWN;
        let claim = Claim::take(&self.state, &self.errands, key, &note, hold).await;
        let (claim, held) = claim.map_err(|error| gate::unavailable(&error.to_string()))?;
        let beside = held.is_some();
        let (was, suspicion) = match held {
            None => (Some(note), None),
            Some(Held { note, age }) if is_unknown(&note, age) => {
                let suspicion = format!(
                    "The same call {} ago may have been carried out: no answer came. Look whether it was before you repeat it.",
                    ago(age)
                );
                (Some(note), Some(suspicion))
            }
            Some(Held { note, .. }) if said.allow_duplicate => {
                // What becomes of one on its way is its own to say.
                (Some(note).filter(|note| !is_busy(note)), None)
            }
            Some(Held { note, age }) => return Err(again(operation, &note, age)),
        };
        Ok(Admitted {
            ticket: Some(Ticket { claim, was, beside }),
            suspicion,
        })
    }
}

fn is_busy(note: &str) -> bool {
    note.split(' ').next() == Some(BUSY_NOTE)
}

/// Whether nobody knows what became of a write: it was noted so, or it is on its way for longer than it may be,
/// so that whoever made it is gone.
fn is_unknown(note: &str, age: Duration) -> bool {
    let longest = note.rsplit(' ').next().and_then(|text| text.parse().ok());
    note == UNKNOWN_NOTE
        || (is_busy(note) && longest.is_some_and(|longest| age > Duration::from_secs(longest)))
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
            ticket.claim.then = Ticket::unknown();
        }
    }

    /// Says what became of it.
    pub(crate) async fn settle(mut self, outcome: Outcome) {
        let Some(ticket) = self.ticket.take() else {
            return;
        };
        let change = match (outcome, ticket.was) {
            (Outcome::Unknown, _) => Ticket::unknown(),
            // What is noted is of another one, which is on its way, was carried out, or is unknown.
            (Outcome::NotDone, _) if ticket.beside => Change::Stay,
            (Outcome::NotDone, Some(own)) => Change::Release(own),
            (Outcome::Done(what), Some(was)) => {
                Change::Note(Some(was), format!("done {what}"), DONE)
            }
            (Outcome::NotDone | Outcome::Done(_), None) => Change::Stay,
        };
        ticket.claim.settle(change).await;
    }
}

impl Ticket {
    fn unknown() -> Change {
        Change::Note(None, UNKNOWN_NOTE.to_owned(), UNKNOWN)
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

    const TIME: Duration = Duration::from_secs(30);

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
        let first = guard.first(&caller, &said, &CREATE, &arguments, TIME);
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

    #[test]
    fn one_on_its_way_for_longer_than_it_may_be_is_unknown() {
        let seconds = Duration::from_secs;
        for (note, age, expected) in [
            ("busy 1f2e 90", 90, false),
            ("busy 1f2e 90", 91, true),
            ("unknown", 0, true),
            ("done 90", 91, false),
            ("done", 9_999, false),
            ("busy", 9_999, false),
        ] {
            assert_eq!(is_unknown(note, seconds(age)), expected, "{note} {age}");
        }
    }

    #[tokio::test]
    async fn whose_server_was_killed_is_asked_for_after_minutes_and_not_refused_for_an_hour() {
        let guard = Guard::new(Clock::default());
        let key = digest("write", "", CREATE.tool, &Object::new());
        let note = "busy dead 0";
        let claimed = guard.state.claim(&key, note, seconds(60)).await;
        assert_eq!(claimed, Ok(None));
        tokio::time::sleep(Duration::from_millis(5)).await;
        let Ok(admitted) = ask(&guard, false).await else {
            panic!("it is asked for");
        };
        let suspicion = admitted.suspicion.clone().unwrap_or_default();
        assert!(
            suspicion.contains("may have been carried out"),
            "{suspicion}"
        );
        admitted.settle(Outcome::Done(String::new())).await;
        let third = ask(&guard, false).await.err().unwrap_or_default();
        assert!(third.starts_with("Already done"), "{third}");
    }

    const fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }
}
