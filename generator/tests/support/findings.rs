//! What a run said.

#![allow(clippy::panic, reason = "a test may fail loudly")]

use mcpwright::Error;
use mcpwright::diagnostics::Diagnostic;

/// The diagnostics of a run that was refused.
pub fn refused(error: &Error) -> &[Diagnostic] {
    match error {
        Error::Refused(failed) => &failed.diagnostics,
        Error::Message(message) => panic!("{message}"),
    }
}
