//! Answers that are not the JSON that the document declares: a page of HTML, as a base URL beside the API or a session
//! that has ended gives, and JSON that breaks off.

use super::readable::{is_markup, markup_text};
use super::structured::with_notes;
use super::{ErrorKind, ToolResult, untrusted};
use crate::json::Object;
use crate::operation::OperationDef;
use crate::text::{cap, clean};
use crate::typed::Payload;

/// Characters that are shown of JSON that breaks off.
const SHOWN: usize = 2_000;

/// What came in the place of JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Came {
    /// A page of HTML.
    Page,
    /// A text that begins as JSON does.
    Broken,
}

/// What came, where the document declares JSON and nothing else; other texts may be what was asked for.
fn came(operation: &OperationDef, text: &str) -> Option<Came> {
    if !operation.promises_json() {
        return None;
    }
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let start = cap(text, 400).to_ascii_lowercase();
    let is_page = ["<!doctype html", "<html", "<head", "<body"]
        .iter()
        .any(|tag| start.contains(tag));
    match text.chars().next() {
        Some('{' | '[') => Some(Came::Broken),
        Some('<') if is_page && is_markup(text) => Some(Came::Page),
        _ => None,
    }
}

/// Whether a page of HTML came for JSON: such an answer is not that of the operation, and says nothing of a write.
pub(crate) fn is_page(operation: &OperationDef, payload: &Payload) -> bool {
    match payload {
        Payload::Text(text) => came(operation, text) == Some(Came::Page),
        _ => false,
    }
}

/// The result of an answer that is not the JSON that was promised; `None` for another text. A read has failed; a write
/// was accepted all the same (ADR 0014), and what is not known of it is said.
pub(super) fn unread(
    operation: &OperationDef,
    schema: Option<&Object>,
    status: u16,
    text: &str,
) -> Option<ToolResult> {
    const OF_OPERATOR: &str = "The base URL may lead beside the API, or the credential may not be accepted: the operator of this server has to check both";
    let came = came(operation, text)?;
    let shown = clean(text);
    let (what, known, words) = match came {
        Came::Page => (
            "a page of HTML came where JSON was expected",
            "Whether it was carried out is not known: look before you do it once more",
            markup_text(&shown),
        ),
        Came::Broken => (
            "the JSON of the answer breaks off or is not valid",
            "The service accepted the request; what it made has to be looked up",
            cap(&shown, SHOWN).into_owned(),
        ),
    };
    let advice = match came {
        Came::Page => format!(" {OF_OPERATOR}."),
        Came::Broken => String::new(),
    };
    if operation.writes() {
        let note = format!("HTTP {status}, but {what}. {known}.{advice}");
        let mut notes = vec![note.trim_end_matches('.')];
        notes.extend(untrusted::is_free_text(&words).then_some(untrusted::NOTE));
        let result = ToolResult::text(format!("{words}\n[{}.]", notes.join(". ")));
        return Some(with_notes(result, schema, &notes));
    }
    let text = format!("Upstream error: {what} (HTTP {status}).{advice}\n{words}");
    Some(ToolResult::error(ErrorKind::Upstream, text))
}
