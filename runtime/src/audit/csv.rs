//! Records as a table for spreadsheets (RFC 4180). What callers and clients wrote stands in them, so that no cell is a
//! formula to a program that opens it.

use crate::json::{Object, Value};

/// Columns, in order.
const COLUMNS: [&str; 21] = [
    "at",
    "event",
    "principal",
    "client",
    "tool",
    "risk",
    "decision",
    "result",
    "ms",
    "arguments",
    "request",
    "outcome",
    "status",
    "made",
    "call",
    "trace_id",
    "seq",
    "by",
    "name",
    "scopes",
    "in_place_of",
];

/// The records with a header line; lines end as the RFC has it.
pub(crate) fn csv(records: &[Object]) -> String {
    let mut text = COLUMNS.join(",");
    text.push_str("\r\n");
    for record in records {
        let cells = COLUMNS.iter().map(|name| match record.get(*name) {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => cell(text),
            Some(Value::Number(number)) => number.to_string(),
            Some(other) => cell(&other.to_string()),
        });
        let cells: Vec<String> = cells.collect();
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    text
}

/// A text in quotes. An apostrophe stands before what spreadsheets take for the beginning of a formula (OWASP, "CSV
/// Injection"), also where blanks, line ends or a quote stand before it, and for its wide forms.
fn cell(text: &str) -> String {
    let text = crate::text::clean(text).replace(['\n', '\t'], " ");
    let mut guarded = String::with_capacity(text.len() + 3);
    // Where a semicolon parts cells, those of this table are no quotes to whoever opens it.
    for (index, part) in text.split(';').enumerate() {
        if index > 0 {
            guarded.push(';');
        }
        let begin = part.trim_start_matches([' ', '"', '\'', '\u{a0}', '\u{3000}', ',']);
        if begin.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '|', '%']) {
            guarded.push('\'');
        }
        guarded.push_str(part);
    }
    format!("\"{}\"", guarded.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::json;

    #[test]
    fn no_cell_is_a_formula_or_ends_its_row() {
        for (text, expected) in [
            ("list_customers", "\"list_customers\""),
            ("=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\""),
            ("  +1", "\"'  +1\""),
            ("-2+3", "\"'-2+3\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("\t=1", "\"' =1\""),
            ("\r=1", "\"'=1\""),
            ("\"=1", "\"'\"\"=1\""),
            ("＝1", "\"'＝1\""),
            ("\u{200b}=1", "\"'=1\""),
            ("a\r\n=1", "\"a =1\""),
            ("a,b", "\"a,b\""),
            ("x; =cmd|' /C calc'!A0;y", "\"x;' =cmd|' /C calc'!A0;y\""),
        ] {
            assert_eq!(cell(text), expected, "{text:?}");
        }
        let record =
            json!({"at": "2026-11-22", "tool": "a\nb", "ms": 7, "arguments": {"id": "=1"}});
        let record = record.as_object().cloned().unwrap_or_default();
        let text = csv(&[record]);
        assert_eq!(text.matches("\r\n").count(), 2);
        assert!(
            text.contains("\"a b\",,,,7,\"{\"\"id\"\":\"\"=1\"\"}\""),
            "{text}"
        );
    }
}
