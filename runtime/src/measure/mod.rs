//! What a running server counts: how long its tools take, what the service answers, how calls were confirmed.
//! Counting begins when somebody can ask ([`install`]); before that all of it is nothing.
//!
//! Names are those of the OpenTelemetry conventions (MCP servers; HTTP clients) as Prometheus writes them. No
//! argument, user or key is a label, and all labels have few values.

#[cfg(feature = "http")]
mod registry;

use std::time::Duration;

use tokio::time::Instant;

use crate::result::{ErrorKind, ToolResult};

#[cfg(feature = "http")]
pub(crate) use registry::{audit, install, other_tools, state, text};

/// A call of a tool that is being answered. One that is dropped before its end was given up.
pub(crate) struct Timing<'a> {
    tool: &'a str,
    begin: Instant,
    ended: bool,
}

impl<'a> Timing<'a> {
    /// Begins.
    pub(crate) fn of(tool: &'a str) -> Self {
        in_flight(1);
        Self {
            tool,
            begin: Instant::now(),
            ended: false,
        }
    }

    /// Ends with a result.
    pub(crate) fn end(mut self, result: &ToolResult) {
        self.ended = true;
        let (kind, tokens) = (result.error.map(kind), estimate(result));
        let error = if kind.is_some() { "tool_error" } else { "" };
        operation(
            "tools/call",
            (self.tool, error, kind.unwrap_or_default()),
            self.begin.elapsed(),
        );
        result_tokens(self.tool, tokens);
    }
}

impl Drop for Timing<'_> {
    fn drop(&mut self) {
        in_flight(-1);
        if !self.ended {
            let outcome = (self.tool, "cancelled", "");
            operation("tools/call", outcome, self.begin.elapsed());
        }
    }
}

/// Four bytes of English or JSON are about a token of any model.
fn estimate(result: &ToolResult) -> u64 {
    u64::try_from(result.text_bytes() / 4).unwrap_or(u64::MAX)
}

/// The label of a kind of error.
const fn kind(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Validation => "validation",
        ErrorKind::Auth => "auth",
        ErrorKind::Permission => "permission",
        ErrorKind::NotFound => "not_found",
        ErrorKind::RateLimited => "rate_limited",
        ErrorKind::Upstream => "upstream",
        ErrorKind::Unreachable => "unreachable",
        ErrorKind::Unknown => "unknown",
        ErrorKind::Refused => "refused",
        ErrorKind::Unconfirmed => "unconfirmed",
        ErrorKind::Duplicate => "duplicate",
    }
}

/// A request on the wire: its tool and method, the status or what went wrong, and its time.
pub(crate) fn exchange(
    tool: &str,
    method: &'static str,
    outcome: Result<u16, &'static str>,
    time: Duration,
) {
    #[cfg(feature = "http")]
    registry::exchange(tool, method, outcome, time);
    let _ = (tool, method, outcome, time);
}

/// How a call came to be allowed, or not.
pub(crate) fn decided(outcome: &'static str) {
    #[cfg(feature = "http")]
    registry::decided(outcome);
    let _ = outcome;
}

/// Something was refused so that others are served.
pub(crate) fn refused(reason: &'static str) {
    #[cfg(feature = "http")]
    registry::refused(reason);
    let _ = reason;
}

/// A request of MCP: its method; tool, error and kind of error, empty where there is none; its time.
pub(crate) fn operation(
    method: &'static str,
    outcome: (&str, &'static str, &'static str),
    time: Duration,
) {
    #[cfg(feature = "http")]
    registry::operation(method, outcome, time);
    let _ = (method, outcome, time);
}

fn result_tokens(tool: &str, tokens: u64) {
    #[cfg(feature = "http")]
    registry::result_tokens(tool, tokens);
    let _ = (tool, tokens);
}

fn in_flight(change: i64) {
    #[cfg(feature = "http")]
    registry::in_flight(change);
    let _ = change;
}
