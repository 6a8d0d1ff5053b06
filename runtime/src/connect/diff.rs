//! What would change in a file, for people: lines as `diff -u` writes them, without secrets.

use similar::{ChangeTag, TextDiff};

use super::mask::Mask;
use super::table::Syntax;
use crate::json::{Object, Value};

/// Lines around a change.
const AROUND: usize = 2;

/// The changes of a text. Of what stood there, keys are shown and no value, but for those that are written now
/// (the entry, and what the client is to ask for): which values of others are secrets can only be guessed.
pub(crate) fn diff(syntax: Syntax, old: &str, new: &str, written: &[&Object]) -> String {
    let mut said = Vec::new();
    for object in written {
        object.values().for_each(|value| collect(value, &mut said));
    }
    let mask = Mask::new(syntax, said);
    let masked: Vec<String> = mask.lines(old);
    // Lines that are new may hold what stood there, where a file is one line.
    let masked_new: Vec<String> = mask.lines(new);
    let mut out = String::new();
    let changes = TextDiff::from_lines(old, new);
    for group in changes.grouped_ops(AROUND) {
        if !out.is_empty() {
            out.push_str("  …\n");
        }
        for op in group {
            for change in changes.iter_changes(&op) {
                let (sign, lines, at) = match change.tag() {
                    ChangeTag::Equal => (' ', &masked, change.old_index()),
                    ChangeTag::Delete => ('-', &masked, change.old_index()),
                    ChangeTag::Insert => ('+', &masked_new, change.new_index()),
                };
                let line = at.and_then(|at| lines.get(at));
                let line = line.map(String::as_str).unwrap_or_default();
                out.push_str(&format!("{sign} {}\n", crate::text::clean(line)));
            }
        }
    }
    out
}

/// Every text of a value.
fn collect(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        Value::Object(object) => object.values().for_each(|value| collect(value, found)),
        Value::String(text) => found.push(text.clone()),
        Value::Number(number) => found.push(number.to_string()),
        Value::Null | Value::Bool(_) => {}
    }
}
