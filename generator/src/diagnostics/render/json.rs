//! Findings as JSON lines, for tools.

use serde_json::{Map, Value, json};

use super::place::place;
use super::visible::escaped;
use crate::diagnostics::Diagnostic;
use crate::source::Document;

/// One JSON object per line with the members `code`, `severity`, `message`, `file`, `line`,
/// `column` (both from 1, columns in characters), `pointer`, `label`, `notes`, `help` and
/// `overlay` (actions of an OpenAPI Overlay that mend it). Members that are not known are `null`;
/// `notes` is always an array.
#[must_use]
pub fn render_json(diagnostics: &[Diagnostic], document: Option<&Document>) -> String {
    let mut text = String::new();
    for diagnostic in diagnostics {
        text.push_str(&escaped(&json_finding(diagnostic, document).to_string()));
        text.push('\n');
    }
    text
}

/// One finding as an object.
pub(crate) fn json_finding(diagnostic: &Diagnostic, document: Option<&Document>) -> Value {
    let place = place(diagnostic, document);
    let mut line = Map::new();
    line.insert("code".into(), diagnostic.code.id().into());
    line.insert("severity".into(), diagnostic.severity.as_str().into());
    line.insert("message".into(), diagnostic.message.as_str().into());
    line.insert("file".into(), place.file.into());
    line.insert(
        "line".into(),
        place.position.map(|position| position.line).into(),
    );
    line.insert(
        "column".into(),
        place.position.map(|position| position.column).into(),
    );
    line.insert(
        "pointer".into(),
        place.pointer.as_ref().map(ToString::to_string).into(),
    );
    line.insert("label".into(), diagnostic.label.as_deref().into());
    line.insert("notes".into(), json!(diagnostic.notes));
    line.insert("help".into(), diagnostic.help.as_deref().into());
    line.insert("overlay".into(), diagnostic.overlay.as_deref().into());
    Value::Object(line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::{Code, Pointer};
    use crate::source::{Budgets, read};

    #[test]
    fn a_line_is_an_object_with_the_place() {
        let document = read(
            "a.yaml",
            b"openapi: 3.1.0\npaths:\n  leads: {}\n",
            &Budgets::default(),
        );
        let document = document.unwrap();
        let finding = Diagnostic::new(Code::E0407, "no slash")
            .at_key(&Pointer::root().child("paths").child("leads"));
        let text = render_json(&[finding.clone(), finding], Some(&document));
        let lines: Vec<Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[0]["line"], 3);
        assert_eq!(lines[0]["column"], 3);
        assert_eq!(lines[0]["pointer"], "#/paths/leads");
        assert_eq!(lines[0]["file"], "a.yaml");
        assert_eq!(lines[0]["help"], Value::Null);
    }
}
