//! What became of a write, in one word.

use super::failure::is_ambiguous;
use super::unread::is_page;
use crate::operation::OperationDef;
use crate::upstream::{Failure, Reply};

/// Outcomes of writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The service carried it out.
    Done,
    /// The service was not asked.
    NotSent,
    /// The service was asked, and did not do it.
    Refused,
    /// Nobody knows.
    Unknown,
}

impl Outcome {
    /// The word in results: `done`, `not_sent`, `refused` or `unknown`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::NotSent => "not_sent",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
        }
    }
}

/// How a write fared on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fate {
    pub(crate) outcome: Outcome,
    /// How often it went out, or may have.
    pub(crate) attempts: u32,
}

impl Fate {
    /// Of what was never sent.
    pub(crate) const NOT_SENT: Self = Self {
        outcome: Outcome::NotSent,
        attempts: 0,
    };
}

/// What the last answer says, and that there was nothing left to delete when it was asked for once more.
pub(crate) fn outcome(
    operation: &OperationDef,
    answer: &Result<Reply, Failure>,
    absent: bool,
) -> Outcome {
    match answer {
        // A page that asks to sign in is no answer to a write.
        Ok(reply) if reply.is_success() && is_page(operation, &reply.payload) => Outcome::Unknown,
        Ok(reply) if reply.is_success() || absent => Outcome::Done,
        Ok(reply) if is_ambiguous(reply.status) => Outcome::Unknown,
        Ok(_) => Outcome::Refused,
        Err(Failure::Redirect { .. } | Failure::NoToken(_))
            if answer.as_ref().is_err_and(|f| !f.may_have_arrived()) =>
        {
            Outcome::Refused
        }
        Err(failure) if !failure.may_have_arrived() => Outcome::NotSent,
        Err(failure) if super::failure(operation, failure).error.is_none() => Outcome::Done,
        Err(_) => Outcome::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{Hints, Risk};
    use crate::typed::Payload;
    use std::time::Duration;

    #[test]
    fn every_end_of_a_write_has_one_outcome() {
        use Outcome::{Done, NotSent, Refused, Unknown};
        let write = OperationDef {
            method: "POST",
            risk: Risk::Write,
            hints: Hints {
                read_only: false,
                ..Hints::READ
            },
            ..OperationDef::DEFAULT
        };
        for (status, absent, expected) in [
            (200, false, Done),
            (204, false, Done),
            (404, true, Done),
            (410, true, Done),
            (400, false, Refused),
            (401, false, Refused),
            (404, false, Refused),
            (409, false, Refused),
            (429, false, Refused),
            (408, false, Unknown),
            (500, false, Unknown),
            (503, false, Unknown),
            (524, false, Unknown),
        ] {
            let reply = Reply {
                status,
                headers: Vec::new(),
                payload: Payload::Empty,
                inexact: Vec::new(),
            };
            assert_eq!(outcome(&write, &Ok(reply), absent), expected, "{status}");
        }
        // A page of HTML says nothing of a write where JSON is promised.
        let page = |accept| {
            let promised = OperationDef { accept, ..write };
            let reply = Reply {
                status: 200,
                headers: Vec::new(),
                payload: Payload::Text("<html><body>Sign in</body></html>".to_owned()),
                inexact: Vec::new(),
            };
            outcome(&promised, &Ok(reply), false)
        };
        assert_eq!(page(&["application/json"]), Unknown);
        assert_eq!(page(&["text/html"]), Done);
        let text = || "x".to_owned();
        let wait = Duration::ZERO;
        for (failure, expected) in [
            (Failure::NoCredential(text()), NotSent),
            (Failure::NoServer(text()), NotSent),
            (Failure::Unsendable(text()), NotSent),
            (Failure::Unreachable(text()), NotSent),
            (
                Failure::Limited {
                    wait: Duration::ZERO,
                },
                NotSent,
            ),
            (Failure::Resting { wait }, NotSent),
            (Failure::NoState(text()), NotSent),
            // Not sent, or refused for its old token.
            (Failure::NoToken(text()), Refused),
            (Failure::Broken(text()), Unknown),
            (Failure::Timeout(wait), Unknown),
            (Failure::Unsettled(text()), Unknown),
            (Failure::Truncated { status: 200 }, Done),
            (Failure::Truncated { status: 500 }, Unknown),
            (Failure::Encoded { status: 201 }, Done),
            (Failure::Crowded { status: 201 }, Done),
            (
                Failure::TooLarge {
                    status: 200,
                    limit: 1,
                },
                Done,
            ),
            (
                Failure::Redirect {
                    status: 307,
                    host: None,
                },
                Refused,
            ),
            (
                Failure::Redirect {
                    status: 303,
                    host: None,
                },
                Unknown,
            ),
        ] {
            assert_eq!(
                outcome(&write, &Err(failure.clone()), false),
                expected,
                "{failure:?}"
            );
        }
    }
}
