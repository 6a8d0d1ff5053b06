//! What an answer, or its absence, says about the request that was sent.
//!
//! HTTP/2 has one more class, requests that the service provably did not process (`REFUSED_STREAM`, a
//! `GOAWAY` below the stream; RFC 9113 §8.7). The way to the service is HTTP/1.1 (ADR 0007), which has none.

use crate::upstream::{Failure, Reply};

/// Classes of attempts that did not end well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Class {
    /// Nothing was written (N): no address, no connection, no TLS.
    Unwritten,
    /// The service takes no more requests now, and has not looked at this one (L).
    Limited,
    /// Nobody knows whether the service acted on it (Q).
    Ambiguous,
    /// The service has answered (D), or asking once more would change nothing.
    Definitive,
}

/// What has to be known of a request to understand its answer.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Asked {
    /// Whether it changes something.
    pub(crate) writes: bool,
    /// Whether an earlier attempt may have arrived, and the service knows this one as the same by its key.
    pub(crate) repeats_a_key: bool,
    /// Whether the operator says that a 503 is given before a request is looked at.
    pub(crate) unprocessed_503: bool,
}

/// The class of an attempt.
///
/// That nothing was written is known of one kind of failure only: no connection came about. On one that
/// did, the client library does not tell whether the first byte went out, so that all else is ambiguous.
pub(crate) fn class(answer: &Result<Reply, Failure>, asked: Asked) -> Class {
    match answer {
        Ok(reply) => of_status(reply.status, asked),
        Err(failure) => match failure {
            Failure::Unreachable(_) => Class::Unwritten,
            Failure::Broken(_) | Failure::Timeout(_) => Class::Ambiguous,
            // A write that was answered with 2xx is done, whatever became of the rest of the answer.
            Failure::Truncated { status } if asked.writes && is_success(*status) => {
                Class::Definitive
            }
            Failure::Truncated { .. } => Class::Ambiguous,
            // What is too large or garbled now is so the next time; but not what front ends answer.
            Failure::TooLarge { status, .. }
            | Failure::Crowded { status }
            | Failure::Encoded { status } => of_status(*status, asked),
            Failure::Redirect { .. }
            | Failure::NoCredential(_)
            | Failure::NoServer(_)
            | Failure::NoToken(_)
            | Failure::Unsendable(_)
            | Failure::Unsettled(_)
            | Failure::Limited { .. }
            | Failure::Resting { .. }
            | Failure::NoState(_) => Class::Definitive,
        },
    }
}

fn of_status(status: u16, asked: Asked) -> Class {
    match status {
        429 => Class::Limited,
        503 if asked.unprocessed_503 => Class::Limited,
        408 | 500 | 502 | 503 | 504 => Class::Ambiguous,
        // "A request with this key is in progress" (draft-ietf-httpapi-idempotency-key-header-07 §2.6).
        // A key that went out for the first time cannot be; that is a conflict of the data.
        409 if asked.repeats_a_key => Class::Limited,
        _ => Class::Definitive,
    }
}

fn is_success(status: u16) -> bool {
    (200..300).contains(&status)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::typed::Payload;
    use std::time::Duration;

    const READ: Asked = Asked {
        writes: false,
        repeats_a_key: false,
        unprocessed_503: false,
    };
    const WRITE: Asked = Asked {
        writes: true,
        ..READ
    };

    #[test]
    fn each_status_has_one_class() {
        let keyed = Asked {
            repeats_a_key: true,
            ..WRITE
        };
        let declared = Asked {
            unprocessed_503: true,
            ..WRITE
        };
        for status in 100..600 {
            let reply = || {
                Ok(Reply {
                    status,
                    headers: Vec::new(),
                    payload: Payload::Empty,
                    inexact: Vec::new(),
                })
            };
            let expected = match status {
                429 => Class::Limited,
                408 | 500 | 502 | 503 | 504 => Class::Ambiguous,
                _ => Class::Definitive,
            };
            assert_eq!(class(&reply(), READ), expected, "{status}");
            assert_eq!(class(&reply(), WRITE), expected, "{status}");
            let in_progress = if status == 409 {
                Class::Limited
            } else {
                expected
            };
            assert_eq!(class(&reply(), keyed), in_progress, "{status}");
            let unprocessed = if status == 503 {
                Class::Limited
            } else {
                expected
            };
            assert_eq!(class(&reply(), declared), unprocessed, "{status}");
        }
    }

    #[test]
    fn each_failure_has_one_class() {
        use Class::{Ambiguous, Definitive, Unwritten};
        let text = || "x".to_owned();
        for (failure, of_read, of_write) in [
            (Failure::Unreachable(text()), Unwritten, Unwritten),
            (Failure::Broken(text()), Ambiguous, Ambiguous),
            (Failure::Timeout(Duration::ZERO), Ambiguous, Ambiguous),
            (Failure::Truncated { status: 200 }, Ambiguous, Definitive),
            (Failure::Truncated { status: 404 }, Ambiguous, Ambiguous),
            (Failure::Truncated { status: 502 }, Ambiguous, Ambiguous),
            (
                Failure::TooLarge {
                    status: 200,
                    limit: 1,
                },
                Definitive,
                Definitive,
            ),
            (
                Failure::TooLarge {
                    status: 502,
                    limit: 1,
                },
                Ambiguous,
                Ambiguous,
            ),
            (Failure::Crowded { status: 200 }, Definitive, Definitive),
            (Failure::Encoded { status: 200 }, Definitive, Definitive),
            (Failure::Encoded { status: 503 }, Ambiguous, Ambiguous),
            (
                Failure::Redirect {
                    status: 302,
                    host: None,
                },
                Definitive,
                Definitive,
            ),
            (Failure::NoCredential(text()), Definitive, Definitive),
            (Failure::NoServer(text()), Definitive, Definitive),
            (Failure::NoToken(text()), Definitive, Definitive),
            (Failure::Unsendable(text()), Definitive, Definitive),
            (Failure::Unsettled(text()), Definitive, Definitive),
            (
                Failure::Limited {
                    wait: Duration::ZERO,
                },
                Definitive,
                Definitive,
            ),
            (
                Failure::Resting {
                    wait: Duration::ZERO,
                },
                Definitive,
                Definitive,
            ),
            (Failure::NoState(text()), Definitive, Definitive),
        ] {
            assert_eq!(class(&Err(failure.clone()), READ), of_read, "{failure:?}");
            assert_eq!(class(&Err(failure.clone()), WRITE), of_write, "{failure:?}");
        }
    }
}
