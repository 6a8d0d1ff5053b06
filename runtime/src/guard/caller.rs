//! Who calls, and how they can be asked.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use crate::upstream::Credentials;

/// Who calls a tool.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    /// Whom a confirmation is bound to; empty where there is one caller only.
    pub(crate) principal: Arc<str>,
    /// What they brought along for the service; none where the server's own credential is used.
    pub(crate) credentials: Option<Arc<Credentials>>,
    /// How the person behind it can be asked.
    pub(crate) asking: Asking,
    /// What came back for a question of an earlier call.
    pub(crate) reply: Option<Reply>,
    /// The trace that the call belongs to, 32 hexadecimal digits.
    pub(crate) trace: Option<Arc<str>>,
    /// What their client calls itself, for people who read records: anybody may call themselves anything.
    pub(crate) client: Option<Arc<str>>,
}

impl Caller {
    /// Somebody who cannot be asked.
    pub(crate) fn silent() -> Self {
        Self {
            principal: Arc::from(""),
            credentials: None,
            asking: Asking::Never,
            reply: None,
            trace: None,
            client: None,
        }
    }
}

/// How a person can be asked.
#[derive(Clone)]
pub(crate) enum Asking {
    /// Not by this client.
    Never,
    /// With the answer to the call: the client asks, and repeats the call with what was said.
    Later,
    /// While the call waits.
    Now(Ask),
}

/// Asks a person with a text.
pub(crate) type Ask =
    Arc<dyn Fn(String) -> Pin<Box<dyn Future<Output = Answer> + Send>> + Send + Sync>;

impl fmt::Debug for Asking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Never => "Never",
            Self::Later => "Later",
            Self::Now(_) => "Now",
        })
    }
}

/// What a person said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Yes.
    Accept,
    /// No.
    Decline,
    /// Nothing: they looked away, or nobody could be asked.
    Cancel,
}

/// What a client sends when it repeats a call. Both are in the client's hands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reply {
    /// The state that went with the question.
    pub(crate) state: String,
    /// What was said; nothing if the client left it out.
    pub(crate) answer: Option<Answer>,
}
