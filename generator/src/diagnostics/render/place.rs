//! Where a finding is, in terms of files and lines.

use crate::diagnostics::Diagnostic;
use crate::source::{Document, Position};

/// The place of a finding.
pub(super) struct Place<'a> {
    /// Name of the file.
    pub file: Option<&'a str>,
    /// The position in the text of the file.
    pub position: Option<Position>,
    /// The text of the file.
    pub text: Option<&'a str>,
}

/// Looks up the place of a finding. `document` is the main document; findings about another one
/// keep only their name and what they carry themselves.
pub(super) fn place<'a>(diagnostic: &'a Diagnostic, document: Option<&'a Document>) -> Place<'a> {
    let other = diagnostic.document.as_deref();
    let document = document.filter(|main| other.is_none_or(|name| name == &*main.name));
    let position = diagnostic
        .position
        .or_else(|| document?.locate(diagnostic.pointer.as_ref()?, diagnostic.at_key));
    let text = diagnostic
        .text
        .as_deref()
        .or_else(|| document.map(|document| &*document.text));
    Place {
        file: other.or_else(|| document.map(|document| &*document.name)),
        position,
        text,
    }
}
