//! Why something that a document asks for is not done, before it is known where that matters.

use super::{Code, Diagnostic, Pointer};

/// Why a reference is not followed. Stages that need its target say it, at the place that needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Which rule was broken.
    pub code: Code,
    message: String,
    notes: Vec<String>,
    help: Option<String>,
}

impl Refusal {
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            notes: Vec::new(),
            help: None,
        }
    }

    pub(crate) fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The diagnostic without a place.
    pub(crate) fn diagnostic(&self) -> Diagnostic {
        let mut diagnostic = Diagnostic::new(self.code, self.message.clone());
        for note in &self.notes {
            diagnostic = diagnostic.note(note);
        }
        match &self.help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        }
    }

    /// The diagnostic for a reference that stands at `place`.
    #[must_use]
    pub fn at(&self, place: &Pointer) -> Diagnostic {
        self.diagnostic().at(place)
    }
}
