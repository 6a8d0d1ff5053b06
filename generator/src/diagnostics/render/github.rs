//! Findings as GitHub Actions workflow commands.

use std::fmt::Write as _;

use super::place::place;
use super::visible::is_hidden;
use crate::diagnostics::{Diagnostic, Severity};
use crate::source::Document;

/// One workflow command per line:
/// `::error file=openapi.yaml,line=3,col=5,title=E0301::message`.
///
/// Data and properties are escaped as the Actions toolkit does, so that text of the document can
/// neither end the command nor start another.
#[must_use]
pub fn render_github(diagnostics: &[Diagnostic], document: Option<&Document>) -> String {
    let mut text = String::new();
    for diagnostic in diagnostics {
        let place = place(diagnostic, document);
        let command = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "notice",
        };
        let mut properties = Vec::with_capacity(4);
        if let Some(file) = place.file {
            properties.push(format!("file={}", property(file)));
        }
        if let Some(position) = place.position {
            properties.push(format!("line={},col={}", position.line, position.column));
        }
        properties.push(format!("title={}", diagnostic.code));
        let mut message = diagnostic.message.clone();
        if let Some(label) = &diagnostic.label {
            let _ = write!(message, " ({label})");
        }
        for note in &diagnostic.notes {
            let _ = write!(message, "\nnote: {note}");
        }
        if let Some(help) = &diagnostic.help {
            let _ = write!(message, "\nhelp: {help}");
        }
        if let Some(overlay) = &diagnostic.overlay {
            let _ = write!(message, "\noverlay:\n{overlay}");
        }
        let _ = writeln!(
            text,
            "::{command} {}::{}",
            properties.join(","),
            data(&message)
        );
    }
    text
}

/// Escapes the message of a command.
fn data(text: &str) -> String {
    // Logs are shown in terminals too.
    visible_in_commands(text)
        .replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// Replaces what a terminal would act upon, but for the line ends that are escaped.
fn visible_in_commands(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '\n' | '\r' => character,
            '\t' => ' ',
            character if is_hidden(character) => '\u{fffd}',
            character => character,
        })
        .collect()
}

/// Escapes a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Code;
    use crate::source::Position;

    #[test]
    fn control_and_bidirectional_characters_are_replaced() {
        let finding = Diagnostic::new(Code::E0405, "a\u{1b}[31mb\u{202e}c\u{9b}d\te\0")
            .document(&"x\u{1b}.yaml".into())
            .help("\u{7}");
        assert_eq!(
            render_github(&[finding], None),
            "::warning file=x\u{fffd}.yaml,title=E0405::\
             a\u{fffd}[31mb\u{fffd}c\u{fffd}d e\u{fffd}%0Ahelp: \u{fffd}\n"
        );
    }

    #[test]
    fn text_of_the_document_cannot_leave_its_command() {
        let finding = Diagnostic::new(Code::E0405, "100% bad\n::error::forged\r")
            .document(&"a,b:c.yaml".into())
            .position(Position {
                start: 0,
                end: 1,
                line: 7,
                column: 2,
            })
            .label("here")
            .help("mend it");
        assert_eq!(
            render_github(&[finding], None),
            "::warning file=a%2Cb%3Ac.yaml,line=7,col=2,title=E0405::\
             100%25 bad%0A::error::forged%0D (here)%0Ahelp: mend it\n"
        );
    }
}
