//! Why nothing was generated.

use crate::diagnostics::Diagnostic;
use crate::pipeline;

/// Why nothing was generated.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The document was refused.
    #[error("{}", .0.to_text())]
    Refused(Box<pipeline::Failed>),
    /// Something around it failed.
    #[error("{0}")]
    Message(String),
}

impl Error {
    pub(super) fn of(diagnostic: Diagnostic) -> Self {
        Self::Refused(Box::new(pipeline::Failed {
            diagnostics: vec![diagnostic],
            document: None,
        }))
    }
}
