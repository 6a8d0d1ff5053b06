//! What can go wrong between the server and the service.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use super::addresses::not_public;

/// The operator's configuration cannot be used; one line that names the variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError(pub String);

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for ConfigError {}

/// Why there is no answer that can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// No credential is configured that the operation accepts; names the variables.
    NoCredential(String),
    /// The operation has a server of its own that is not configured; names the variable.
    NoServer(String),
    /// No access token could be obtained; the request was not sent, or refused for its old token (401).
    NoToken(String),
    /// The request was not sent, and the reason lies on this side.
    Unsendable(String),
    /// No connection: nothing was sent.
    Unreachable(String),
    /// The connection broke after the request may have been sent.
    Broken(String),
    /// No complete answer within this time; the request may have been sent.
    Timeout(Duration),
    /// The answer, with this status, is larger than the limit in bytes.
    TooLarge {
        /// HTTP status of the answer.
        status: u16,
        /// The limit in decoded bytes.
        limit: usize,
    },
    /// The answer, with this status, does not fit beside those that are being read for other calls.
    Crowded {
        /// HTTP status of the answer.
        status: u16,
    },
    /// The answer began with this status and then broke off.
    Truncated {
        /// HTTP status of the answer.
        status: u16,
    },
    /// The answer is in a content coding that was not asked for, or damaged.
    Encoded {
        /// HTTP status of the answer.
        status: u16,
    },
    /// Nobody knows what became of the request, although the last answer is a refusal: an earlier attempt may
    /// have been carried out; says what happened.
    Unsettled(String),
    /// The service takes no more requests for now, as it has said; nothing was sent.
    Limited {
        /// For how long, at least.
        wait: Duration,
    },
    /// The service did not answer most requests of the last seconds, so that none is sent.
    Resting {
        /// For how long.
        wait: Duration,
    },
    /// What this server shares with others cannot be asked, so that nothing was sent; says why.
    NoState(String),
    /// A redirect, which is never followed.
    Redirect {
        /// HTTP status of the answer.
        status: u16,
        /// Host that it points to, if it names one.
        host: Option<String>,
    },
}

impl Failure {
    /// What kind of failure it is: a word for metrics, of which there are few.
    pub(super) const fn kind(&self) -> &'static str {
        match self {
            Self::NoCredential(_) | Self::NoServer(_) | Self::NoToken(_) => "not_configured",
            Self::Unsendable(_) => "unsendable",
            Self::Unreachable(_) => "unreachable",
            Self::Broken(_) => "broken",
            Self::Timeout(_) => "timeout",
            Self::TooLarge { .. } | Self::Crowded { .. } => "too_large",
            Self::Truncated { .. } => "truncated",
            Self::Encoded { .. } => "encoded",
            Self::Unsettled(_) => "unsettled",
            Self::Limited { .. } => "limited",
            Self::Resting { .. } => "resting",
            Self::NoState(_) => "no_state",
            Self::Redirect { .. } => "redirect",
        }
    }

    /// Errors of the client library. Their texts never hold the URL, which may hold a credential.
    pub(super) fn from_reqwest(error: reqwest::Error) -> Self {
        let error = error.without_url();
        if let Some(reason) = not_public(&error) {
            Self::NoServer(reason.to_string())
        } else if error.is_builder() {
            Self::Unsendable(chain(&error))
        } else if error.is_connect() {
            Self::Unreachable(chain(&error))
        } else {
            Self::Broken(chain(&error))
        }
    }

    /// Whether the service may have acted on the request.
    #[must_use]
    pub fn may_have_arrived(&self) -> bool {
        match self {
            Self::NoCredential(_)
            | Self::NoServer(_)
            | Self::NoToken(_)
            | Self::Unsendable(_)
            | Self::Unreachable(_)
            | Self::Limited { .. }
            | Self::Resting { .. }
            | Self::NoState(_) => false,
            // 303 is how many a service answers what it has just carried out (RFC 9110 §15.4.4).
            Self::Redirect { status, .. } => !matches!(status, 307 | 308),
            Self::Broken(_)
            | Self::Timeout(_)
            | Self::Unsettled(_)
            | Self::TooLarge { .. }
            | Self::Crowded { .. }
            | Self::Truncated { .. }
            | Self::Encoded { .. } => true,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCredential(text)
            | Self::NoServer(text)
            | Self::Unsendable(text)
            | Self::Unsettled(text)
            | Self::NoState(text) => f.write_str(text),
            Self::Limited { .. } => f.write_str("the service takes no more requests now"),
            Self::Resting { wait } => write!(
                f,
                "the service did not answer most requests of the last seconds, so that none is sent for {} s",
                seconds(*wait)
            ),
            Self::NoToken(text) => write!(f, "no access token for the service: {text}"),
            Self::Unreachable(text) => write!(f, "the service cannot be reached ({text})"),
            Self::Broken(text) => write!(f, "the connection to the service broke ({text})"),
            Self::Timeout(limit) => {
                write!(
                    f,
                    "the service did not answer within {} s",
                    limit.as_secs_f64()
                )
            }
            Self::TooLarge { status, limit } => {
                write!(
                    f,
                    "the answer ({status}) is larger than the limit of {limit} bytes"
                )
            }
            Self::Crowded { status } => {
                write!(
                    f,
                    "the answer ({status}) did not fit beside those of other calls"
                )
            }
            Self::Truncated { status } => write!(f, "the answer ({status}) broke off"),
            Self::Encoded { status } => {
                write!(
                    f,
                    "the answer ({status}) is compressed in a way that cannot be undone"
                )
            }
            Self::Redirect {
                status,
                host: Some(host),
            } => {
                write!(
                    f,
                    "the service answered with a redirect ({status}) to {host}, which is not followed"
                )
            }
            Self::Redirect { status, host: None } => {
                write!(
                    f,
                    "the service answered with a redirect ({status}), which is not followed"
                )
            }
        }
    }
}

impl Error for Failure {}

/// A time in whole seconds, none of them too early.
pub(crate) fn seconds(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
}

/// An error and its causes in one line.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let next = error.to_string();
        if !text.contains(&next) {
            text += ": ";
            text += &next;
        }
        cause = error.source();
    }
    crate::text::cap(&crate::text::clean(&text), 300).into_owned()
}
