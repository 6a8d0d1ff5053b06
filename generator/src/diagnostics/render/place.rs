//! Where a finding is, in terms of files and lines.

use crate::diagnostics::{Diagnostic, Pointer};
use crate::source::{Document, Position};

/// The place of a finding.
pub(super) struct Place<'a> {
    /// Name of the file.
    pub file: Option<&'a str>,
    /// The position in the text of the file.
    pub position: Option<Position>,
    /// The text of the file.
    pub text: Option<&'a str>,
    /// The node, in terms of the file.
    pub pointer: Option<Pointer>,
}

/// Looks up the place of a finding. `document` is the main document with its parts and
/// overlays; findings about another one keep only their name and what they carry themselves.
pub(super) fn place<'a>(diagnostic: &'a Diagnostic, document: Option<&'a Document>) -> Place<'a> {
    let named = diagnostic.document.as_deref();
    let mut at_key = diagnostic.at_key;
    let (file, pointer) = match (named, document, &diagnostic.pointer) {
        // A finding that names its file has its place in terms of that file.
        (Some(name), Some(main), pointer) => {
            let files = std::iter::once(main)
                .chain(&main.parts)
                .chain(&main.overlays);
            (
                files.into_iter().find(|file| &*file.name == name),
                pointer.clone(),
            )
        }
        (None, Some(main), Some(pointer)) => {
            let origin = main.origin(pointer);
            at_key |= origin.gone;
            (Some(origin.file), Some(origin.pointer))
        }
        (_, main, pointer) => (main, pointer.clone()),
    };
    let position = diagnostic
        .position
        .or_else(|| file?.locate(pointer.as_ref()?, at_key));
    let text = diagnostic
        .text
        .as_deref()
        .or_else(|| file.map(|file| &*file.text));
    Place {
        file: named.or_else(|| file.map(|file| &*file.name)),
        position,
        text,
        pointer,
    }
}
