//! Traces and metrics for an OpenTelemetry collector, by its conventions for MCP servers and HTTP clients. ADR 0055.
//!
//! | file | subject |
//! |---|---|
//! | `parent.rs` | the trace that a request belongs to, as its caller says |
//! | `otel` | spans and metrics, and how they are sent; with the feature `otel` |
//! | `off.rs` | the same where the feature is not there: nothing |

#[cfg(not(feature = "otel"))]
mod off;
#[cfg(feature = "otel")]
mod otel;
mod parent;

#[cfg(not(feature = "otel"))]
pub(crate) use off::{Attempt, Exporter, Operation, Session, is_on, trace_id};
#[cfg(feature = "otel")]
pub(crate) use otel::{Attempt, Exporter, Operation, Session, is_on, trace_id};
pub(crate) use parent::Parent;

/// How messages come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transport {
    /// Standard input and output.
    Pipe,
    /// Streamable HTTP.
    #[cfg(feature = "http")]
    Http,
}

/// What a request of MCP is about, as far as its name is one that this server gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target<'a> {
    /// Nothing of a name.
    None,
    /// A tool.
    Tool(&'a str),
    /// A prompt.
    Prompt(&'a str),
}

/// A request of MCP that begins.
#[derive(Debug)]
#[cfg_attr(
    not(feature = "otel"),
    allow(dead_code, reason = "nothing is recorded")
)]
pub(crate) struct Begun<'a> {
    /// Its method.
    pub(crate) method: &'static str,
    pub(crate) target: Target<'a>,
    /// Its id.
    pub(crate) id: String,
    /// The protocol version that it is answered by.
    pub(crate) version: Option<String>,
    pub(crate) transport: Transport,
    /// The span that it belongs to.
    pub(crate) parent: Option<Parent>,
    /// The span of the HTTP request that it came in, where that is another one.
    pub(crate) carrier: Option<Parent>,
}

/// How a request of MCP ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    /// With an answer.
    Well,
    /// With the result of a tool that says that it failed.
    ToolError,
    /// With an error of JSON-RPC, by its code.
    Error(i32),
}
