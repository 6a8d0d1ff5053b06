//! Findings as a SARIF 2.1.0 log, for code scanning.

use serde_json::{Map, Value, json};

use super::place::place;
use super::visible::escaped;
use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::source::Document;

/// The address of the format's JSON Schema (SARIF 2.1.0 §3.13.3).
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// A SARIF 2.1.0 log with one run. Its rules are the codes that were found, with their pages as
/// help; its results are in the order of the findings.
#[must_use]
pub fn render_sarif(findings: &[(&[Diagnostic], Option<&Document>)]) -> String {
    let results: Vec<Value> = findings
        .iter()
        .flat_map(|(diagnostics, document)| {
            diagnostics
                .iter()
                .map(|finding| sarif_result(finding, *document))
        })
        .collect();
    escaped(&format!("{:#}\n", sarif_log(results))).into_owned()
}

/// The log for results that were made with [`sarif_result`].
pub(crate) fn sarif_log(mut results: Vec<Value>) -> Value {
    let used: Vec<Code> = Code::all()
        .filter(|code| results.iter().any(|result| id_of(result) == code.id()))
        .collect();
    for result in &mut results {
        let index = used.iter().position(|code| id_of(result) == code.id());
        if let Some(members) = result.as_object_mut() {
            members.insert("ruleIndex".into(), index.into());
        }
    }
    let rules: Vec<Value> = used.into_iter().map(rule).collect();
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "mcpwright",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": rules,
            }},
            // Columns are counted in characters (§3.14.17).
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn id_of(result: &Value) -> &str {
    let id = result.get("ruleId").and_then(Value::as_str);
    id.unwrap_or_default()
}

/// A code as a reportingDescriptor (§3.49).
fn rule(code: Code) -> Value {
    json!({
        "id": code.id(),
        "shortDescription": {"text": code.title()},
        "help": {"text": code.explanation(), "markdown": code.explanation()},
        "defaultConfiguration": {"level": level(code.severity())},
    })
}

/// A finding as a result (§3.27).
pub(crate) fn sarif_result(finding: &Diagnostic, document: Option<&Document>) -> Value {
    let mut text = finding.message.clone();
    let label = finding.label.iter().cloned();
    let notes = finding.notes.iter().map(|note| format!("note: {note}"));
    let help = finding.help.iter().map(|help| format!("help: {help}"));
    let overlay = finding
        .overlay
        .iter()
        .map(|lines| format!("overlay:\n{lines}"));
    for line in label.chain(notes).chain(help).chain(overlay) {
        text.push('\n');
        text.push_str(&line);
    }
    let mut result = Map::new();
    result.insert("ruleId".into(), finding.code.id().into());
    result.insert("level".into(), level(finding.severity).into());
    result.insert("message".into(), json!({"text": text}));
    let place = place(finding, document);
    let mut location = Map::new();
    if let Some(file) = place.file {
        let mut physical = Map::new();
        physical.insert("artifactLocation".into(), json!({"uri": uri(file)}));
        if let Some(position) = place.position {
            let region = json!({"startLine": position.line, "startColumn": position.column});
            physical.insert("region".into(), region);
        }
        location.insert("physicalLocation".into(), physical.into());
    }
    if let Some(pointer) = &place.pointer {
        location.insert(
            "logicalLocations".into(),
            json!([{"fullyQualifiedName": pointer.to_string()}]),
        );
    }
    if !location.is_empty() {
        result.insert("locations".into(), json!([location]));
    }
    result.into()
}

/// `error`, `warning` or `note` (§3.27.10).
fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

/// A file name as a URI reference (§3.4.3, RFC 3986): percent-encoded, with `/`.
fn uri(file: &str) -> String {
    let mut uri = String::with_capacity(file.len());
    // A drive is no scheme.
    if file.as_bytes().get(1) == Some(&b':') {
        uri.push_str("file:///");
    }
    for (at, byte) in file.bytes().enumerate() {
        match byte {
            b'\\' => uri.push('/'),
            b':' if at == 1 => uri.push(':'),
            byte if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) => {
                uri.push(char::from(byte));
            }
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_become_uri_references() {
        for (file, expected) in [
            ("specs/crm.yaml", "specs/crm.yaml"),
            ("my crm#1%.yaml", "my%20crm%231%25.yaml"),
            ("a:b.yaml", "file:///a:b.yaml"),
            ("C:\\specs\\crm.yaml", "file:///C:/specs/crm.yaml"),
            ("http://x", "http%3A//x"),
            ("ü", "%C3%BC"),
        ] {
            assert_eq!(uri(file), expected);
        }
    }
}
