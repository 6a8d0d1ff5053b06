//! Values of texts that are written without quotes: `enum: [1.10]` beside `type: string` means the
//! text `1.10`, which a number does not keep.

use serde_json::{Map, Value};

use super::super::Document;
use crate::diagnostics::{Code, Diagnostic, Pointer};

/// Puts the texts in the place of the numbers and says so.
pub(super) fn restore(document: &mut Document) -> Vec<Diagnostic> {
    let mut places = Vec::new();
    find(&document.value, &Pointer::root(), &mut places);
    let mut remarks = Vec::new();
    for pointer in places {
        let written = document
            .locate(&pointer, false)
            .and_then(|position| document.text.get(position.start..position.end))
            .map(str::to_owned);
        let value = document.value.pointer_mut(pointer.as_str());
        let (Some(written), Some(value)) = (written, value) else {
            continue;
        };
        // Elsewhere the number is as it is written, and the rules for values go by its type.
        let read = value.to_string();
        if !is_spelling(&written) || written == read {
            continue;
        }
        remarks.push(
            Diagnostic::new(
                Code::E0117,
                format!("a text is written as a number; read as the text `{written}`"),
            )
            .at(&pointer)
            .help(format!("put quotes around it: `\"{written}\"`")),
        );
        *value = Value::String(written);
    }
    remarks
}

/// Where numbers and booleans stand as values of a text.
fn find(value: &Value, at: &Pointer, places: &mut Vec<Pointer>) {
    match value {
        Value::Object(members) => {
            if is_text(members) {
                for keyword in ["const", "default"] {
                    if members.get(keyword).is_some_and(is_unquoted) {
                        places.push(at.child(keyword));
                    }
                }
                let listed = members.get("enum").and_then(Value::as_array);
                for (index, value) in listed.into_iter().flatten().enumerate() {
                    if is_unquoted(value) {
                        places.push(at.child("enum").index(index));
                    }
                }
            }
            for (key, member) in members.iter().filter(|(_, member)| holds_more(member)) {
                find(member, &at.child(key), places);
            }
        }
        Value::Array(items) => {
            for (index, item) in items
                .iter()
                .enumerate()
                .filter(|(_, item)| holds_more(item))
            {
                find(item, &at.index(index), places);
            }
        }
        _ => {}
    }
}

fn holds_more(value: &Value) -> bool {
    value.is_object() || value.is_array()
}

/// Whether a schema is of texts alone (or null).
fn is_text(schema: &Map<String, Value>) -> bool {
    match schema.get("type") {
        Some(Value::String(name)) => name == "string",
        Some(Value::Array(names)) => {
            names.iter().any(|name| name == "string")
                && names.iter().all(|name| name == "string" || name == "null")
        }
        _ => false,
    }
}

/// Whether a value can be written in several ways.
fn is_unquoted(value: &Value) -> bool {
    value.is_number() || value.is_boolean()
}

/// Whether the text at a place is the scalar itself, and no alias of it.
fn is_spelling(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 100
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.' | b'_'))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::super::{Budgets, read};
    use crate::diagnostics::{Code, Diagnostic};

    #[test]
    fn values_of_texts_keep_their_spelling() {
        let text = "one: {type: string, enum: [1.10, 2.0, \"1.1\", True, 0x1F, 7, 100000000000000000000000000.10], default: 1.10}\n\
                    two: {type: [string, \"null\"], const: 1e3}\n\
                    three: {type: number, enum: [1.10], default: 1.10}\n\
                    four: {type: [string, number], const: 1.10}\n\
                    five: {type: string, enum: [&v 1.50, *v]}\n";
        let document = read("a.yaml", text.as_bytes(), &Budgets::default()).unwrap();
        let value = &document.value;
        assert_eq!(
            value["one"]["enum"],
            json!([
                "1.10",
                2.0,
                "1.1",
                "True",
                "0x1F",
                7,
                "100000000000000000000000000.10"
            ])
        );
        let only_spelling = |remark: &Diagnostic| remark.code == Code::E0117;
        assert!(document.remarks.iter().all(only_spelling));
        assert_eq!(value["one"]["default"], "1.10");
        assert_eq!(value["two"]["const"], "1e3");
        assert_eq!(
            value["three"],
            json!({"type": "number", "enum": [1.1], "default": 1.1})
        );
        assert_eq!(value["four"]["const"], 1.1);
        let json = br#"{"type": "string", "enum": [1.10, 2]}"#;
        let document = read("a.json", json, &Budgets::default()).unwrap();
        assert_eq!(document.value["enum"], json!(["1.10", 2]));
    }
}
