//! Why a task could not go on.

use std::fmt::Display;

/// A failure is read by a person and by nobody else, so it is a sentence.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// What a step gives.
pub type Result<T> = std::result::Result<T, Failure>;

/// Says what was being done when something failed.
pub trait Context<T> {
    /// Puts `what` before the reason.
    ///
    /// # Errors
    /// The failure, with `what` before it.
    fn context(self, what: impl Display) -> Result<T>;
}

impl<T, E: Display> Context<T> for std::result::Result<T, E> {
    fn context(self, what: impl Display) -> Result<T> {
        self.map_err(|error| format!("{what}: {error}").into())
    }
}

impl<T> Context<T> for Option<T> {
    fn context(self, what: impl Display) -> Result<T> {
        self.ok_or_else(|| what.to_string().into())
    }
}
