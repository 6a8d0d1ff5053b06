//! A value that cannot be sent.

use std::fmt;

/// Why a request cannot be built from the arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestError {
    /// Name of the argument.
    pub argument: String,
    /// What is wrong with it and what would be right, without the name.
    pub message: String,
}

impl RequestError {
    pub(crate) fn new(argument: &str, message: impl Into<String>) -> Self {
        Self {
            argument: argument.to_owned(),
            message: message.into(),
        }
    }
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "/{}: {}", self.argument, self.message)
    }
}

impl std::error::Error for RequestError {}
