//! The same write a second time: a model that got no answer, or forgot that it has one, repeats itself.
//!
//! What is the same is decided by principal, tool and arguments. While the first is on its way, a second one is
//! refused; for ten minutes after a write whose outcome nobody knows, it needs a confirmation. This holds for all
//! that does something each time (RFC 9110 §9.2.2): POST, PATCH, and what else is not idempotent. What creates
//! (POST) is remembered for two minutes after it was carried out, too, and a second one is answered with what the
//! first one did; to set a value, another one and the first again is no mistake.

use std::time::Duration;

use super::claim::{Change, Claim};
use super::{Asking, Caller, Guard, PATIENCE, Said, digest, gate};
use crate::json::Object;
use crate::operation::{OperationDef, Risk};
use crate::result::{ErrorKind, ToolResult};
use crate::state::{Held, Unavailable};

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
    /// What is noted: its own note, or that of another one beside which it was allowed.
    was: String,
    /// What becomes of that if this one is not made.
    back: Change,
    /// How long it is remembered once it was carried out; not at all, where it may be made again then.
    done: Option<Duration>,
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
        if operation.risk == Risk::Read || operation.hints.idempotent {
            return Ok(Admitted::unguarded());
        }
        let key = digest("write", &caller.principal, operation.tool, arguments);
        let asked = match caller.asking {
            Asking::Now(_) => PATIENCE,
            Asking::Never | Asking::Later => Duration::ZERO,
        };
        let longest = time.saturating_add(asked).saturating_add(MARGIN).as_secs();
        let Some(own) = self.seals.name() else {
            return Err(gate::no_random());
        };
        let note = format!("{BUSY_NOTE} {own} {longest}");
        // Whose server was killed is as unknown as others afterwards.
        let hold = Duration::from_secs(longest).saturating_add(UNKNOWN);
        let claim = Claim::take(&self.state, &self.errands, key, &note, hold).await;
        let unavailable = |error: Unavailable| gate::unavailable(&error.to_string());
        let (mut claim, held) = claim.map_err(unavailable)?;
        let done = (operation.method == "POST").then_some(DONE);
        let Some(held) = held else {
            let ticket = Ticket {
                claim,
                back: Change::Release(note.clone()),
                was: note,
                done,
            };
            return Ok(Admitted {
                ticket: Some(ticket),
                suspicion: None,
            });
        };
        let suspicion = is_unknown(&held.note, held.age).then(|| {
            format!(
                "The same call {} ago may have been carried out: no answer came. Look whether it was before you repeat it.",
                ago(held.age)
            )
        });
        if suspicion.is_none() && !said.allow_duplicate {
            return Err(again(operation, &held.note, held.age));
        }
        // The other one is remembered until this one has ended, and then for no longer than without it.
        let rest = rest(&held, longest);
        let was = held.note;
        let back = Change::Note(Some(was.clone()), was.clone(), rest);
        claim.then = back.clone();
        let kept = Change::Put(Some(was.clone()), was.clone(), hold.max(rest));
        let kept = kept.apply(&*claim.state, &claim.key).await;
        kept.map_err(unavailable)?;
        // Of one on its way nobody knows yet whether it is remembered; this one is, for as long as that.
        let done = done.map(|done| if is_busy(&was) { done.max(rest) } else { done });
        Ok(Admitted {
            ticket: Some(Ticket {
                claim,
                was,
                back,
                done,
            }),
            suspicion,
        })
    }
}

fn is_busy(note: &str) -> bool {
    note.split(' ').next() == Some(BUSY_NOTE)
}

/// How long one may be on its way that says so.
fn longest_of(note: &str) -> Option<Duration> {
    let seconds = note.rsplit(' ').next().filter(|_| is_busy(note))?;
    seconds.parse().ok().map(Duration::from_secs)
}

/// How long something is held still, at most, which was on its way for `longest` seconds at most.
fn rest(held: &Held, longest: u64) -> Duration {
    let longest = Duration::from_secs(longest);
    let whole = match longest_of(&held.note) {
        Some(own) => own.saturating_add(UNKNOWN),
        None if held.note == UNKNOWN_NOTE => longest.saturating_add(UNKNOWN),
        None => longest.saturating_add(DONE),
    };
    whole.saturating_sub(held.age)
}

/// Whether nobody knows what became of a write: it was noted so, or it is on its way for longer than it may be,
/// so that whoever made it is gone.
fn is_unknown(note: &str, age: Duration) -> bool {
    note == UNKNOWN_NOTE || longest_of(note).is_some_and(|longest| age > longest)
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
        let is_on_its_way = matches!(ticket.back, Change::Note(..)) && is_busy(&ticket.was);
        let change = match (outcome, ticket.done) {
            (Outcome::Unknown, _) => Ticket::unknown(),
            (Outcome::NotDone, _) => ticket.back,
            (Outcome::Done(what), Some(time)) => {
                Change::Put(Some(ticket.was), format!("done {what}"), time)
            }
            // What becomes of another one on its way is its own to say.
            (Outcome::Done(_), None) if is_on_its_way => ticket.back,
            (Outcome::Done(_), None) => Change::Release(ticket.was),
        };
        ticket.claim.settle(change).await;
    }
}

impl Ticket {
    fn unknown() -> Change {
        Change::Put(None, UNKNOWN_NOTE.to_owned(), UNKNOWN)
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
        ask_for(guard, &CREATE, allow_duplicate).await
    }

    async fn ask_for(
        guard: &Guard,
        operation: &OperationDef,
        allow_duplicate: bool,
    ) -> Result<Admitted, String> {
        let said = Said {
            allow_duplicate,
            ..Said::default()
        };
        let arguments = Object::new();
        let caller = Caller::silent();
        let first = guard.first(&caller, &said, operation, &arguments, TIME);
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

    /// What is noted of the write, for a short time from now on.
    async fn soon_over(guard: &Guard, note: &str) {
        let key = digest("write", "", CREATE.tool, &Object::new());
        let short = Duration::from_millis(40);
        assert_eq!(guard.state.claim(&key, note, short).await, Ok(None));
    }

    #[tokio::test]
    async fn one_that_was_allowed_beside_another_and_ends_after_it_was_forgotten_is_remembered() {
        let over = Duration::from_millis(60);
        for (note, outcome, expected) in [
            ("done 7", Outcome::Done("8".to_owned()), "Already done"),
            ("done 7", Outcome::Unknown, ""),
            ("unknown", Outcome::Done("8".to_owned()), "Already done"),
            (
                "busy 1f2e 90",
                Outcome::Done("8".to_owned()),
                "Already done",
            ),
        ] {
            let guard = Guard::new(Clock::default());
            soon_over(&guard, note).await;
            let Ok(second) = ask(&guard, true).await else {
                panic!("it is allowed beside {note}");
            };
            tokio::time::sleep(over).await;
            let meanwhile = ask(&guard, false).await;
            let is_asked_for = meanwhile.is_ok_and(|one| one.suspicion.is_some());
            assert_eq!(is_asked_for, note == "unknown", "the second is on its way");
            second.settle(outcome.clone()).await;
            match ask(&guard, false).await {
                Ok(third) => assert!(
                    third.suspicion.is_some() && expected.is_empty(),
                    "{note} {outcome:?}"
                ),
                Err(why) => assert!(why.starts_with(expected), "{note} {outcome:?}: {why}"),
            }
        }
    }

    #[tokio::test]
    async fn one_that_was_carried_out_beside_one_on_its_way_is_remembered_whatever_that_comes_to() {
        for outcome in [Outcome::NotDone, Outcome::Done("1".to_owned())] {
            let guard = Guard::new(Clock::default());
            let (first, second) = (ask(&guard, false).await, ask(&guard, true).await);
            let (Ok(first), Ok(second)) = (first, second) else {
                panic!("both are allowed");
            };
            second.settle(Outcome::Done("2".to_owned())).await;
            first.settle(outcome.clone()).await;
            let third = ask(&guard, false).await.err().unwrap_or_default();
            assert!(third.starts_with("Already done"), "{outcome:?}: {third}");
        }
    }

    #[tokio::test]
    async fn what_is_not_idempotent_is_not_repeated_while_nobody_knows_and_may_be_once_it_is_known()
    {
        for (method, idempotent) in [
            ("POST", false),
            ("PATCH", false),
            ("PUT", false),
            ("DELETE", true),
        ] {
            let operation = OperationDef {
                method,
                hints: Hints {
                    idempotent,
                    ..CREATE.hints
                },
                ..CREATE
            };
            let guard = Guard::new(Clock::default());
            let begun = async || match ask_for(&guard, &operation, false).await {
                Ok(admitted) => admitted,
                Err(why) => panic!("{method}: {why}"),
            };
            let first = begun().await;
            let meanwhile = ask_for(&guard, &operation, false).await;
            assert_eq!(meanwhile.is_ok(), idempotent, "{method}");
            first.settle(Outcome::Unknown).await;
            let second = begun().await;
            assert_eq!(second.suspicion.is_none(), idempotent, "{method}");
            second.settle(Outcome::NotDone).await;
            let third = begun().await;
            assert_eq!(third.suspicion.is_none(), idempotent, "{method}");
            third.settle(Outcome::Done(String::new())).await;
            let fourth = ask_for(&guard, &operation, false).await;
            assert_eq!(fourth.is_err(), method == "POST", "{method}");
            let again = fourth.is_ok_and(|fourth| fourth.suspicion.is_none());
            assert_eq!(again, method != "POST", "{method}");
        }
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
