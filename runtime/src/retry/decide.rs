//! Whether a request goes out once more.

use std::time::Duration;

use super::class::Class;
use super::quota::Quota;
use crate::operation::OperationDef;

/// What the same request a second time may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Nature {
    /// Nothing that the first did not do (RFC 9110 §9.2.2), or the service knows it by its key.
    Repeatable,
    /// The same once more.
    Once,
    /// The same once more, and the operator says that this service acts on what it answers with 429.
    Never,
}

/// The nature of an operation's requests. `keyed`: each has a key that the operator says the service
/// honours, and the key is younger than the service remembers.
pub(crate) fn nature(operation: &OperationDef, keyed: bool, never: bool) -> Nature {
    let by_method = match operation.method {
        "GET" | "HEAD" | "OPTIONS" | "QUERY" | "PUT" | "DELETE" => operation.hints.idempotent,
        // POST, PATCH, and methods that nobody knows, whatever the hints say: they come from words.
        _ => keyed,
    };
    match (by_method, never) {
        (true, _) => Nature::Repeatable,
        (false, false) => Nature::Once,
        (false, true) => Nature::Never,
    }
}

/// Where a request stands after an attempt.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Situation {
    pub(crate) nature: Nature,
    pub(crate) class: Class,
    /// Attempts so far.
    pub(crate) attempts: u32,
    /// How many there may be.
    pub(crate) most: u32,
    /// What chance says.
    pub(crate) delay: Duration,
    /// What the service says (`Retry-After`).
    pub(crate) floor: Option<Duration>,
    /// What is left of the call's time.
    pub(crate) left: Duration,
}

/// What happens next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    /// The same bytes again, after this time.
    Resend(Duration),
    /// The answer stands.
    GiveUp,
}

/// Decides, and takes the price of a resend from the quota.
pub(crate) fn decide(situation: &Situation, quota: &mut Quota) -> Decision {
    let permitted = match (situation.nature, situation.class) {
        (_, Class::Definitive) | (Nature::Once | Nature::Never, Class::Ambiguous) => false,
        (Nature::Never, Class::Limited) => false,
        (_, Class::Unwritten | Class::Limited | Class::Ambiguous) => true,
    };
    let delay = situation.delay.max(situation.floor.unwrap_or_default());
    let fits = situation.attempts < situation.most && delay < situation.left;
    if permitted && fits && quota.pay(situation.class) {
        Decision::Resend(delay)
    } else {
        Decision::GiveUp
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::Hints;

    const ALL: [Class; 4] = [
        Class::Unwritten,
        Class::Limited,
        Class::Ambiguous,
        Class::Definitive,
    ];

    fn operation(method: &'static str, idempotent: bool) -> OperationDef {
        OperationDef {
            method,
            hints: Hints {
                idempotent,
                ..Hints::READ
            },
            ..OperationDef::DEFAULT
        }
    }

    #[test]
    fn what_is_sent_again_depends_on_method_key_and_class() {
        use Class::{Ambiguous, Limited, Unwritten};
        for (method, idempotent, keyed, never, expected) in [
            // Rule 1.
            (
                "GET",
                true,
                false,
                false,
                &[Unwritten, Limited, Ambiguous] as &[Class],
            ),
            ("HEAD", true, false, false, &[Unwritten, Limited, Ambiguous]),
            (
                "OPTIONS",
                true,
                false,
                false,
                &[Unwritten, Limited, Ambiguous],
            ),
            (
                "QUERY",
                true,
                false,
                false,
                &[Unwritten, Limited, Ambiguous],
            ),
            // A GET that does something each time.
            ("GET", false, false, false, &[Unwritten, Limited]),
            // Rule 2.
            ("PUT", true, false, false, &[Unwritten, Limited, Ambiguous]),
            (
                "DELETE",
                true,
                false,
                false,
                &[Unwritten, Limited, Ambiguous],
            ),
            ("PUT", false, false, false, &[Unwritten, Limited]),
            ("DELETE", false, false, false, &[Unwritten, Limited]),
            (
                "DELETE",
                true,
                false,
                true,
                &[Unwritten, Limited, Ambiguous],
            ),
            // Rule 3.
            ("POST", false, false, false, &[Unwritten, Limited]),
            ("POST", true, false, false, &[Unwritten, Limited]),
            ("PATCH", true, false, false, &[Unwritten, Limited]),
            ("MERGE", true, false, false, &[Unwritten, Limited]),
            ("POST", false, false, true, &[Unwritten]),
            // Rule 4.
            ("POST", false, true, false, &[Unwritten, Limited, Ambiguous]),
            ("PATCH", false, true, true, &[Unwritten, Limited, Ambiguous]),
        ] {
            for class in ALL {
                let situation = Situation {
                    nature: nature(&operation(method, idempotent), keyed, never),
                    class,
                    attempts: 1,
                    most: 3,
                    delay: Duration::from_millis(5),
                    floor: None,
                    left: Duration::from_secs(1),
                };
                let decision = decide(&situation, &mut Quota::default());
                let again = expected.contains(&class);
                assert_eq!(
                    decision != Decision::GiveUp,
                    again,
                    "{method} {idempotent} {keyed} {never} {class:?}"
                );
            }
        }
    }

    #[test]
    fn attempts_time_and_quota_end_it() {
        let fine = Situation {
            nature: Nature::Repeatable,
            class: Class::Limited,
            attempts: 2,
            most: 3,
            delay: Duration::from_secs(2),
            floor: None,
            left: Duration::from_secs(30),
        };
        let seconds = Duration::from_secs;
        for (situation, expected) in [
            (fine, Decision::Resend(seconds(2))),
            // What the service says is a floor, no ceiling.
            (
                Situation {
                    floor: Some(seconds(7)),
                    ..fine
                },
                Decision::Resend(seconds(7)),
            ),
            (
                Situation {
                    floor: Some(seconds(1)),
                    ..fine
                },
                Decision::Resend(seconds(2)),
            ),
            (
                Situation {
                    attempts: 3,
                    ..fine
                },
                Decision::GiveUp,
            ),
            (Situation { most: 1, ..fine }, Decision::GiveUp),
            // Nobody waits for what cannot be any more.
            (
                Situation {
                    floor: Some(seconds(31)),
                    ..fine
                },
                Decision::GiveUp,
            ),
            (
                Situation {
                    left: seconds(2),
                    ..fine
                },
                Decision::GiveUp,
            ),
        ] {
            assert_eq!(decide(&situation, &mut Quota::default()), expected);
        }
        let mut quota = Quota::default();
        let resends = std::iter::repeat_with(|| decide(&fine, &mut quota))
            .take_while(|decision| *decision != Decision::GiveUp);
        assert_eq!(resends.count(), 100, "500 at 5 each");
    }
}
