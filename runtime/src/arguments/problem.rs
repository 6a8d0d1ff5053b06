//! What is wrong with an argument, in words that lead to a correct second call.

use crate::json::place::escaped;
use std::fmt::Write as _;
use std::ops::Deref;

use crate::clock::Clock;
use crate::json::Value;
use crate::text::{cap, clean};

/// Problems that are worth printing in one answer.
const MAX_PROBLEMS: usize = 20;
/// Names that are worth listing.
const MAX_NAMES: usize = 80;
/// Characters of a key in a place; keys are the caller's.
const MAX_STEP: usize = 200;
/// Characters of a place in an answer.
const MAX_PLACE: usize = 300;

/// What is said of a name that a tool does not have.
pub(super) const UNKNOWN: &str = "there is no such argument.";

/// One problem of a call's arguments.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problem {
    /// JSON Pointer (RFC 6901) of the place in the arguments; empty for the whole.
    pub pointer: String,
    /// What was expected and what came, one sentence or two.
    pub message: String,
    /// Whether today's date helps to correct it.
    pub dated: bool,
    /// How many values are allowed, where the message has some of them only; else 0.
    pub values: usize,
}

/// The problems of a call: the first ones in words, and how many there are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problems {
    first: Vec<Problem>,
    total: usize,
}

impl Problems {
    /// The first of `total` problems.
    #[must_use]
    pub(crate) fn first_of(total: usize, first: Vec<Problem>) -> Self {
        Self { first, total }
    }

    /// How many there are, also those that nobody put into words.
    #[must_use]
    pub fn total(&self) -> usize {
        self.total
    }

    /// Counts a problem, and puts it into words if it is one of the first `most`.
    pub(super) fn add(&mut self, most: usize, problem: impl FnOnce() -> Problem) {
        self.total += 1;
        if self.first.len() < most {
            self.first.push(problem());
        }
    }

    /// The same, with their places as another call has them.
    #[must_use]
    pub(crate) fn placed(&self, place: impl Fn(&str) -> String) -> Self {
        let first = self.first.iter().map(|problem| Problem {
            pointer: place(&problem.pointer),
            ..problem.clone()
        });
        Self {
            first: first.collect(),
            total: self.total,
        }
    }

    /// Other words for those that have some.
    pub(crate) fn reword(&mut self, words: impl Fn(&Problem) -> Option<String>) {
        for problem in &mut self.first {
            if let Some(message) = words(problem) {
                problem.message = message;
            }
        }
    }

    /// Adds those of one part.
    pub(super) fn append(&mut self, most: usize, other: Self) {
        self.total += other.total;
        let room = most.saturating_sub(self.first.len());
        self.first.extend(other.first.into_iter().take(room));
    }
}

impl Deref for Problems {
    type Target = [Problem];

    fn deref(&self) -> &[Problem] {
        &self.first
    }
}

impl Problem {
    pub(super) fn new(path: &[String], message: String) -> Self {
        let pointer = path.iter().fold(String::new(), |all, key| {
            all + "/" + &escaped(&cap(key, MAX_STEP))
        });
        Self {
            pointer,
            message,
            ..Self::default()
        }
    }

    pub(super) fn unknown(path: &[String], nearest: Option<&str>, names: &[&str]) -> Self {
        let mut message = UNKNOWN.to_owned();
        if let Some(nearest) = nearest {
            let _ = write!(message, " Did you mean \"{nearest}\"?");
        }
        message.push(' ');
        message.push_str(&valid_names(names));
        Self::new(path, message)
    }
}

fn valid_names(names: &[&str]) -> String {
    match names.len() {
        0 => "None is accepted here.".to_owned(),
        n => {
            let shown: Vec<&str> = names.iter().copied().take(MAX_NAMES).collect();
            let more = if n > MAX_NAMES {
                format!(" and {} more", n - MAX_NAMES)
            } else {
                String::new()
            };
            format!("Valid: {}{more}.", shown.join(", "))
        }
    }
}

/// A value as a message shows it: JSON, short, with its type where the text alone could mislead.
pub(super) fn show(value: &Value) -> String {
    match value {
        Value::String(text) => {
            format!(
                "{} (a string)",
                Value::String(cap(&clean(text), 60).into_owned())
            )
        }
        Value::Array(items) if items.len() > 4 => format!("an array of {} items", items.len()),
        Value::Object(object) if object.len() > 4 => {
            format!("an object of {} properties", object.len())
        }
        other => cap(&clean(&other.to_string()), 100).into_owned(),
    }
}

/// The text of a tool error for the problems of a call.
#[must_use]
pub fn report(tool: &str, problems: &Problems, clock: Clock) -> String {
    let count = problems.total();
    let plural = if count == 1 { "problem" } else { "problems" };
    let mut text =
        format!("Validation error: {count} {plural} in the arguments of {tool}; nothing was sent.");
    let shown = problems.len().min(MAX_PROBLEMS);
    for problem in problems.iter().take(shown) {
        let place = if problem.pointer.is_empty() {
            "arguments"
        } else {
            &problem.pointer
        };
        let _ = write!(text, "\n- {}: {}", shorten(place), problem.message);
    }
    if count > shown {
        let _ = write!(text, "\n- and {} more", count - shown);
    }
    if problems.iter().any(|problem| problem.dated) {
        let _ = write!(text, "\nToday is {}.", clock.today());
    }
    text.push_str("\nCorrect this and call the tool again.");
    text
}

/// A place as answers and the log show it.
pub(crate) fn shorten(place: &str) -> String {
    cap(&clean(place), MAX_PLACE).into_owned()
}
