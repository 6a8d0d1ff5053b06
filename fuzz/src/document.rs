//! Bytes as documents.

use mcpwright::diagnostics::Pointer;
use mcpwright::source::{self, Budgets};
use mcpwright::{Config, RuntimeSource};
use serde_json::Value;

use crate::laws;

/// Small, so that a run is short; a budget that is exceeded is an answer like any other.
pub(crate) fn budgets() -> Budgets {
    Budgets {
        bytes: 64 * 1024,
        nodes: 5_000,
        aliases: 200,
        operations: 100,
        ..Budgets::default()
    }
}

/// Reads bytes as YAML and as JSON, and looks up the place of every node.
///
/// # Panics
/// When a node has no place.
pub fn read(bytes: &[u8]) {
    for name in ["api.yaml", "api.json"] {
        if let Ok(document) = source::read(name, bytes, &budgets()) {
            places(&document, &document.value, &Pointer::root());
        }
    }
}

fn places(document: &source::Document, value: &Value, at: &Pointer) {
    for key in [false, true] {
        let place = document.locate(at, key);
        let place = place.unwrap_or_else(|| panic!("`{}` has no place", at.as_str()));
        assert!(
            document.text.get(place.start..place.end).is_some(),
            "`{}` stands at {place:?}, which is no text",
            at.as_str()
        );
    }
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                places(document, value, &at.child(key));
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                places(document, item, &at.index(index));
            }
        }
        _ => {}
    }
}

/// Generates from bytes, as a crate and as one file.
///
/// # Panics
/// When the output breaks a law.
pub fn generate(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        check(text);
    }
}

/// Generates from a text and checks the output; false when the document is refused.
pub(crate) fn check(text: &str) -> bool {
    let config = Config::new()
        .spec_str("api.yaml", text)
        .runtime(RuntimeSource::Registry)
        .budgets(budgets());
    let generated = match config.generate() {
        Ok(generated) => generated,
        Err(error) => {
            // The rendering of every finding is a target too.
            assert!(error.to_string().contains("error[E"), "{error}");
            return false;
        }
    };
    laws::check("the document", &generated);
    if let Ok(embedded) = config.generate_embedded() {
        for text in embedded.files.values() {
            assert!(syn::parse_file(text).is_ok(), "{text}");
        }
    }
    true
}
