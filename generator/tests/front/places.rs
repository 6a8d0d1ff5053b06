//! Every node of the real documents is found in their text.

use mcpwright::diagnostics::Pointer;
use mcpwright::source::{Budgets, Document, Format, read};
use serde_json::Value;

use crate::documents;

#[test]
fn every_pointer_of_the_real_documents_leads_to_its_value() {
    for (name, bytes) in documents("../../shared/specs") {
        let document = read(&name, &bytes, &Budgets::default()).unwrap();
        let mut checked = 0;
        check(&document, &document.value, &Pointer::root(), &mut checked);
        assert!(checked > 100, "{name}: {checked}");
    }
}

/// Compares a node with its text, then its children.
fn check(document: &Document, value: &Value, pointer: &Pointer, checked: &mut usize) {
    *checked += 1;
    let position = document.locate(pointer, false).unwrap();
    let text = &document.text[position.start..position.end];
    match value {
        Value::Object(_) | Value::Array(_) if document.format == Format::Yaml => {}
        Value::Object(_) => assert!(text.starts_with('{') && text.ends_with('}'), "{pointer}"),
        Value::Array(_) => assert!(text.starts_with('[') && text.ends_with(']'), "{pointer}"),
        _ => {
            if document.format == Format::Json {
                assert_eq!(
                    &serde_json::from_str::<Value>(text).unwrap(),
                    value,
                    "{pointer}"
                );
            } else {
                assert_eq!(words(text), words(&scalar(value)), "{pointer}");
            }
        }
    }
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                let pointer = pointer.child(key);
                let position = document.locate(&pointer, true).unwrap();
                let written = &document.text[position.start..position.end];
                let unquoted = written.trim_matches(['"', '\'']);
                let same = unquoted == key || written.contains('\\');
                assert!(same, "{pointer}: found {written}");
                check(document, member, &pointer, checked);
            }
        }
        Value::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                check(document, element, &pointer.index(index), checked);
            }
        }
        _ => {}
    }
}

/// The text of a scalar.
fn scalar(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// What is left of a YAML scalar when quotes, escapes and line folding do not count.
fn words(text: &str) -> String {
    let plain = text.replace("\\n", "");
    plain
        .chars()
        .filter(|c| !c.is_whitespace() && !"'\"\\".contains(*c))
        .collect()
}
