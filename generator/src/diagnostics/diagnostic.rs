//! One finding about a document.

use std::fmt;
use std::sync::Arc;

use super::{Code, Pointer};
use crate::source::Position;
use crate::text::cut;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing is written.
    Error,
    /// Something was skipped, guessed or mended; the rest is generated.
    Warning,
    /// Worth knowing; nothing was lost.
    Info,
}

impl Severity {
    /// `error`, `warning` or `info`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// One finding: what, where, why and what to do.
///
/// ```
/// use mcpwright::diagnostics::{Code, Diagnostic, Pointer};
///
/// let place = Pointer::root().child("paths").child("leads");
/// let finding = Diagnostic::new(Code::E0407, "path `leads` does not start with `/`")
///     .at_key(&place)
///     .label("add a `/` in front")
///     .help("write `/leads`");
/// assert_eq!(finding.pointer.unwrap().to_string(), "#/paths/leads");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    /// Which rule was broken.
    pub code: Code,
    /// How bad it is; the code's own severity unless changed.
    pub severity: Severity,
    /// One line that says what is wrong with this node, with names and values in backticks.
    pub message: String,
    /// Name of the document it is about; `None` is the main document.
    pub document: Option<Arc<str>>,
    /// The node it is about.
    pub pointer: Option<Pointer>,
    /// Point at the node's key instead of its value.
    pub at_key: bool,
    /// A place that is known already (syntax errors); it wins over `pointer`.
    pub position: Option<Position>,
    /// The text that `position` is about, for a document that could not be read.
    pub text: Option<Arc<str>>,
    /// Short text beside the marked place.
    pub label: Option<String>,
    /// Facts that explain the finding.
    pub notes: Vec<String>,
    /// What to do, if possible as lines to paste.
    pub help: Option<String>,
    /// An action of an OpenAPI Overlay that mends it: lines to paste below `actions:`.
    pub overlay: Option<String>,
}

impl Diagnostic {
    /// A finding with the severity of its code and no place yet.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity(),
            message: capped(message.into()),
            document: None,
            pointer: None,
            at_key: false,
            position: None,
            text: None,
            label: None,
            notes: Vec::new(),
            help: None,
            overlay: None,
        }
    }

    /// Places the finding at the value of a node.
    #[must_use]
    pub fn at(mut self, pointer: &Pointer) -> Self {
        self.pointer = Some(pointer.clone());
        self.at_key = false;
        self
    }

    /// Places the finding at the key of a node (at its value when it has no key).
    #[must_use]
    pub fn at_key(mut self, pointer: &Pointer) -> Self {
        self.pointer = Some(pointer.clone());
        self.at_key = true;
        self
    }

    /// Says which document the finding is about, when it is not the main one.
    #[must_use]
    pub fn document(mut self, name: &Arc<str>) -> Self {
        self.document = Some(Arc::clone(name));
        self
    }

    /// Places the finding at a known place of the text.
    #[must_use]
    pub fn position(mut self, position: Position) -> Self {
        self.position = Some(position);
        self
    }

    /// Sets the short text beside the marked place.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(capped(label.into()));
        self
    }

    /// Adds a fact.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(capped(note.into()));
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(capped(help.into()));
        self
    }

    /// Says which action of an OpenAPI Overlay mends it.
    #[must_use]
    pub fn overlay(mut self, action: impl Into<String>) -> Self {
        self.overlay = Some(action.into());
        self
    }

    /// Changes the severity.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }
}

/// Names and values of a document that a finding quotes can be of any length: each that stands in
/// backticks is cut, and so is the whole.
fn capped(text: String) -> String {
    const QUOTED: usize = 160;
    const ALL: usize = 1_500;
    if text.len() <= QUOTED {
        return text;
    }
    let pieces: Vec<String> = text
        .split('`')
        .enumerate()
        .map(|(index, piece)| match index % 2 {
            1 => cut(piece, QUOTED),
            _ => piece.to_owned(),
        })
        .collect();
    cut(&pieces.join("`"), ALL)
}

/// `error[E0301]: message at #/pointer`, on one line, for logs and `std::error::Error` chains.
impl fmt::Display for Diagnostic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}[{}]: {}",
            self.severity, self.code, self.message
        )?;
        if let Some(position) = &self.position {
            write!(
                formatter,
                " at line {}, column {}",
                position.line, position.column
            )?;
        } else if let Some(pointer) = &self.pointer {
            write!(formatter, " at {pointer}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostic {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_quoted_is_cut_wherever_it_stands() {
        let long = "x".repeat(10_000);
        let finding = Diagnostic::new(Code::E0407, format!("the path `{long}` and `b` are odd"))
            .label(format!("see `{long}`"))
            .note(format!("`{long}`{long}"))
            .help("write it shorter");
        assert!(finding.message.len() < 250, "{}", finding.message);
        assert!(
            finding.message.ends_with("…` and `b` are odd"),
            "{}",
            finding.message
        );
        assert!(finding.label.unwrap().len() < 250);
        assert!(
            finding
                .notes
                .iter()
                .all(|note| note.chars().count() <= 1_500)
        );
        assert_eq!(finding.help.unwrap(), "write it shorter");
    }
}
