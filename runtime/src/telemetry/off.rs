//! Where the feature `otel` is not there: nothing is traced, and callers of this module need not know.

use std::future::Future;

use super::{Begun, Ended, Transport};
use crate::operation::{Api, OperationDef};
use crate::upstream::ConfigError;

/// What would send.
#[derive(Debug)]
pub(crate) struct Exporter;

impl Exporter {
    /// Says so to an operator who expects otherwise.
    ///
    /// # Errors
    /// None here.
    #[expect(clippy::unnecessary_wraps, reason = "the other one can fail")]
    pub(crate) fn start(
        _: &Api,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        if variable("OTEL_EXPORTER_OTLP_ENDPOINT").is_some_and(|value| !value.is_empty()) {
            tracing::info!(
                "OTEL_EXPORTER_OTLP_ENDPOINT is set, and this server was built without --features otel: nothing is sent there"
            );
        }
        Ok(Self)
    }

    #[expect(clippy::unused_self, reason = "the other one has something to send")]
    pub(crate) const fn finish(self) {}
}

/// Whether anything is recorded.
pub(crate) const fn is_on() -> bool {
    false
}

/// The trace that is being worked on.
pub(crate) const fn trace_id() -> Option<String> {
    None
}

/// A request of MCP.
#[derive(Debug)]
pub(crate) struct Operation;

impl Operation {
    /// One that nobody watches.
    pub(crate) const NONE: Self = Self;

    pub(crate) fn begin(_: Begun<'_>) -> Self {
        Self
    }

    /// Does its work.
    pub(crate) async fn of<T, E>(
        self,
        work: impl Future<Output = Result<T, E>>,
        _: impl FnOnce(&Result<T, E>) -> Ended,
    ) -> Result<T, E> {
        work.await
    }
}

/// A request to the service.
#[derive(Debug)]
pub(crate) struct Attempt;

impl Attempt {
    pub(crate) const fn begin(_: &OperationDef, _: &mut reqwest::Request, _: u32) -> Self {
        Self
    }

    #[expect(clippy::unused_self, reason = "the other one ends here")]
    pub(crate) const fn end(self, _: Result<u16, &'static str>) {}
}

/// A connection for as long as it lasts.
#[derive(Debug)]
pub(crate) struct Session;

impl Session {
    pub(crate) const fn begin(_: Transport) -> Self {
        Self
    }
}
