//! Numbers that a JSON value cannot hold as they are written.

mod spelling;

use serde_json::Value;

use super::{Document, Format};
use crate::diagnostics::{Code, Diagnostic, Pointer, Severity};

/// Digits that a 64-bit float holds exactly.
const SAFE_DIGITS: usize = 15;
/// Remarks of one kind that are worth making.
const MOST: usize = 100;

/// Adds remarks about numbers that lose digits and about texts that YAML reads as numbers.
pub(super) fn remark(document: &mut Document) {
    let texts = spelling::restore(document);
    let long = long_numbers(document);
    let mut remarks = Vec::with_capacity(long.len());
    for Long {
        pointer,
        text,
        remark,
    } in long
    {
        // What is one of the values is told with its digits, and sent with them.
        remarks.push(match keep_digits(&mut document.value, &pointer, &text) {
            Some(()) => remark
                .severity(Severity::Info)
                .note("the tool says all of its digits, and they are sent as they are given"),
            None => remark,
        });
    }
    remarks.extend(texts);
    if document.format == Format::Yaml {
        remarks.extend(non_finite(document));
        remarks.extend(version(document));
    }
    document.remarks.extend(remarks);
}

/// `info.version: 1.10` is a number in YAML and would become `1.1`; it is read as the text that it
/// was meant to be (OpenAPI 3.2 §4.2: `version` is a string).
fn version(document: &mut Document) -> Option<Diagnostic> {
    if !document.value.pointer("/info/version")?.is_number() {
        return None;
    }
    let pointer = Pointer::root().child("info").child("version");
    let position = document.locate(&pointer, false)?;
    let written = document.text.get(position.start..position.end)?.to_owned();
    let diagnostic = Diagnostic::new(
        Code::E0117,
        format!("`info.version` is a number; read as the text `{written}`"),
    )
    .at(&pointer)
    .help(format!("put quotes around it: `version: \"{written}\"`"));
    *document.value.pointer_mut("/info/version")? = Value::String(written);
    Some(diagnostic)
}

/// `.inf` and `.nan`, which the reader keeps as texts.
fn non_finite(document: &Document) -> Vec<Diagnostic> {
    let spellings = [".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN"];
    // Cheap test first: building the index costs as much as reading.
    if !spellings
        .iter()
        .any(|spelling| document.text.contains(spelling))
    {
        return Vec::new();
    }
    let plain = document.index().plain_scalars(&document.text, |text| {
        spellings.contains(&text.strip_prefix(['+', '-']).unwrap_or(text))
    });
    let plain = plain.into_iter().take(MOST);
    plain
        .map(|(pointer, text)| {
            Diagnostic::new(
                Code::E0113,
                format!("`{text}` has no JSON form; read as a text"),
            )
            .at(&pointer)
            .help("write a number, or put it in quotes if it is a text")
        })
        .collect()
}

/// A number with more digits than a 64-bit integer or float keeps.
struct Long {
    pointer: Pointer,
    text: String,
    remark: Diagnostic,
}

/// The member of a schema that has the digits of those values of `const` and `enum` which lost some, by the
/// number that they are kept as. A document that has it itself can only say what its numbers are.
pub(crate) const DIGITS: &str = "x-mcpwright-digits";

/// Notes the digits of a value of `const` or `enum` in its schema; `None` for other numbers.
fn keep_digits(document: &mut Value, pointer: &Pointer, text: &str) -> Option<()> {
    let tokens: Vec<_> = pointer.tokens().collect();
    let above = match tokens.as_slice() {
        [.., keyword] if keyword == "const" => pointer.parent()?,
        [.., keyword, _] if keyword == "enum" => pointer.parent()?.parent()?,
        _ => return None,
    };
    let is_data = |token: &str| {
        matches!(token, "example" | "examples" | "default") || token.starts_with("x-")
    };
    // There the keyword is a name, and its value no schema.
    let names = [
        "properties",
        "patternProperties",
        "$defs",
        "definitions",
        "schemas",
    ];
    let holds_names = above
        .tokens()
        .last()
        .is_some_and(|token| names.contains(&&*token));
    let is_number = serde_json::from_str::<serde_json::Number>(text).is_ok();
    if !is_number || holds_names || tokens.iter().any(|token| is_data(token)) {
        return None;
    }
    let kept = document.pointer(pointer.as_str())?.to_string();
    let schema = document.pointer_mut(above.as_str())?.as_object_mut()?;
    let digits = schema
        .entry(DIGITS)
        .or_insert_with(|| Value::Object(serde_json::Map::new()));
    // Two that are the same number now cannot be told apart.
    let digits = digits.as_object_mut()?;
    if digits.contains_key(&kept) {
        return None;
    }
    digits.insert(kept, text.into());
    Some(())
}

/// Numbers with more digits than a 64-bit integer or float keeps.
fn long_numbers(document: &Document) -> Vec<Long> {
    if !may_hold_long_number(&document.text) {
        return Vec::new();
    }
    let plain = document.index().plain_scalars(&document.text, loses_digits);
    plain
        .into_iter()
        .filter_map(|(pointer, text)| {
            let kept = document.value.pointer(pointer.as_str());
            let is_text = kept.is_some_and(Value::is_string);
            (!is_text).then(|| (pointer, text, kept.map(ToString::to_string)))
        })
        .take(MOST)
        .map(|(pointer, text, kept)| {
            let kept = kept.unwrap_or_default();
            let remark = Diagnostic::new(
                Code::E0114,
                format!("the number `{text}` is kept as `{kept}`"),
            )
            .at(&pointer)
            .label("more digits than a 64-bit number has")
            .help("put it in quotes if it is an identifier; otherwise shorten it")
            .severity(if is_rule(&pointer) {
                Severity::Warning
            } else {
                Severity::Info
            });
            Long {
                pointer,
                text,
                remark,
            }
        })
        .collect()
}

/// Whether the number decides what is sent or accepted, and is not only shown.
fn is_rule(pointer: &Pointer) -> bool {
    let tokens: Vec<_> = pointer.tokens().collect();
    let shown = ["example", "examples", "x-example", "x-examples"];
    !tokens.iter().any(|token| shown.contains(&token.as_ref()))
}

/// Whether reading the number changes its value.
fn loses_digits(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let is_number = text
        .bytes()
        .all(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'));
    if digits <= SAFE_DIGITS || !is_number {
        return false;
    }
    if text.parse::<u64>().is_ok() || text.parse::<i64>().is_ok() {
        return false;
    }
    let Ok(value) = text.parse::<f64>() else {
        return false;
    };
    // Shortest form that reads back as the same float, against the written one.
    canonical(text) != canonical(&format!("{value:e}"))
}

/// Sign, significant digits and exponent of a decimal number, so that `1.50e1` equals `15`.
fn canonical(text: &str) -> (bool, String, i64) {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let exponent: i64 = exponent.parse().unwrap_or(i64::MAX / 2);
    let negative = mantissa.starts_with('-');
    let mantissa = mantissa.trim_start_matches(['+', '-']);
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let trimmed = digits.trim_end_matches('0');
    let dropped = i64::try_from(digits.len() - trimmed.len()).unwrap_or(i64::MAX / 4);
    let fraction = i64::try_from(fraction.len()).unwrap_or(i64::MAX / 4);
    (
        negative,
        trimmed.trim_start_matches('0').to_owned(),
        exponent - fraction + dropped,
    )
}

/// Whether the text has a run of digits and points anywhere that a number would lose. Looks at
/// every 15th byte only, so that it costs next to nothing beside the reading.
fn may_hold_long_number(text: &str) -> bool {
    let bytes = text.as_bytes();
    let part = |byte: &u8| byte.is_ascii_digit() || *byte == b'.';
    let mut at = SAFE_DIGITS;
    while let Some(byte) = bytes.get(at) {
        if part(byte) {
            let before = bytes.get(..at).unwrap_or_default().iter().rev();
            let start = at - before.take_while(|byte| part(byte)).count();
            let behind = bytes.get(at..).unwrap_or_default().iter();
            let end = at + behind.take_while(|byte| part(byte)).count();
            if text.get(start..end).is_some_and(loses_digits) {
                return true;
            }
            at = end;
        }
        at += SAFE_DIGITS;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::super::{Budgets, read};
    use super::*;

    fn remarks(name: &str, text: &str) -> Vec<(Code, String)> {
        let document = read(name, text.as_bytes(), &Budgets::default()).unwrap();
        document
            .remarks
            .into_iter()
            .map(|remark| (remark.code, remark.pointer.unwrap().as_str().to_owned()))
            .collect()
    }

    #[test]
    fn only_numbers_that_change_are_reported() {
        let text = r#"{"a": 18446744073709551615, "b": 18446744073709551616,
            "c": 0.1000000000000000055511151231257827, "d": "18446744073709551616",
            "e": 1.0000000000000000, "f": -9223372036854775808, "g": 123456789012345678}"#;
        let expected = [(Code::E0114, "/c".to_owned())];
        let found = remarks("a.json", text);
        assert!(
            found.contains(&(Code::E0114, "/b".to_owned())) || found == expected,
            "{found:?}"
        );
        assert!(found.contains(&expected[0]), "{found:?}");
        assert!(found.len() <= 2, "{found:?}");
    }

    #[test]
    fn yaml_numbers_without_json_form_are_reported() {
        let text = "a: .inf\nb: '.inf'\nc: -.INF\nd: 100000000000000000000000000000.01\n";
        let found = remarks("a.yaml", text);
        let expected = [
            (Code::E0114, "/d".to_owned()),
            (Code::E0113, "/a".to_owned()),
            (Code::E0113, "/c".to_owned()),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_version_keeps_its_spelling() {
        let text = "openapi: 3.1.0\ninfo:\n  version: 1.10\n";
        let document = read("a.yaml", text.as_bytes(), &Budgets::default()).unwrap();
        assert_eq!(document.value["info"]["version"], "1.10");
        assert_eq!(document.remarks[0].code, Code::E0117);
    }
    #[test]
    fn the_digits_of_values_are_kept_beside_them() {
        let text = "a: {const: 100000000000000000000000000000.01}\n\
                    b: {enum: [0.1000000000000000055511151231257827, 5]}\n\
                    c: {maximum: 100000000000000000000000000000.01}\n\
                    example: {const: 100000000000000000000000000000.01}\n";
        let document = read("a.yaml", text.as_bytes(), &Budgets::default()).unwrap();
        let digits = |key: &str| document.value[key].get(DIGITS).cloned();
        let long = "100000000000000000000000000000.01";
        assert_eq!(digits("a"), Some(serde_json::json!({"1e+29": long})));
        let other = "0.1000000000000000055511151231257827";
        assert_eq!(digits("b"), Some(serde_json::json!({"0.1": other})));
        assert_eq!((digits("c"), digits("example")), (None, None));
        let severities: Vec<_> = document.remarks.iter().map(|r| r.severity).collect();
        let info = Severity::Info;
        assert_eq!(severities, [info, info, Severity::Warning, info]);
    }
}
