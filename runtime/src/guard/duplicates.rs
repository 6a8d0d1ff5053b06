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

/// A write, as far as it has to be known here.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Write<'a> {
    /// The tool.
    pub(crate) tool: &'a str,
    /// Whether it does something each time.
    pub(crate) repeats: bool,
    /// Whether it makes something, so that the same once more is mostly a mistake.
    pub(crate) creates: bool,
}

impl From<&OperationDef> for Write<'_> {
    fn from(operation: &OperationDef) -> Self {
        Self {
            tool: operation.tool,
            // A PATCH counts by its method, whatever is said of it (ADR 0051): nothing was sent again by itself.
            repeats: operation.risk != Risk::Read
                && (!operation.hints.idempotent || operation.method == "PATCH"),
            creates: operation.method == "POST",
        }
    }
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
        write: Write<'_>,
        arguments: &Object,
        time: Duration,
    ) -> Result<Admitted, ToolResult> {
        if !write.repeats {
            return Ok(Admitted::unguarded());
        }
        let key = digest("write", &caller.principal, write.tool, arguments);
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
        let done = write.creates.then_some(DONE);
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
            return Err(again(write.tool, &held.note, held.age));
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

fn again(tool: &str, note: &str, age: Duration) -> ToolResult {
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
mod tests;
