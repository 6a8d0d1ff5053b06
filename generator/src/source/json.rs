//! Strict JSON.

use serde::de::DeserializeSeed as _;
use serde_json::Value;
use serde_json::error::Category;

use super::index::Index;
use super::tree::Reader;
use super::{Budgets, Format, Position};
use crate::diagnostics::{Code, Diagnostic};

/// Reads JSON text; see [`super::read`] for the errors. Numbers that are beyond those of 64 bits are kept as
/// texts, which later stages find to be no limits, as those of YAML are.
pub(super) fn read(text: &str, budgets: &Budgets) -> Result<Value, Diagnostic> {
    match parse(text, budgets) {
        Err(error) if error.is_beyond => {}
        read => return read.map_err(|error| *error.diagnostic),
    }
    // What stands in their place is as long, so that places stay the same.
    let mut value = parse(&without_beyond(text), budgets).map_err(|error| *error.diagnostic)?;
    let index = Index::build(text, Format::Json);
    for (pointer, written) in index.plain_scalars(text, is_beyond) {
        if let Some(number) = value.pointer_mut(pointer.as_str()) {
            *number = Value::String(written);
        }
    }
    Ok(value)
}

/// Why a text is no JSON.
struct Refused {
    diagnostic: Box<Diagnostic>,
    /// A number is beyond those of 64 bits, and nothing else is known to be wrong.
    is_beyond: bool,
}

/// What the reader says of a number that is too large.
const OUT_OF_RANGE: &str = "number out of range";

/// Whether a text is a number of JSON that is beyond those of 64 bits.
fn is_beyond(text: &str) -> bool {
    // Few have so many digits or an exponent at all.
    (text.len() > 300 || text.contains(['e', 'E']))
        && serde_json::from_str::<f64>(text)
            .is_err_and(|error| error.to_string().starts_with(OUT_OF_RANGE))
}

/// The text with 0 and blanks instead of such numbers.
fn without_beyond(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (index, piece) in pieces(text).enumerate() {
        // Every second piece stands between quotes.
        if index % 2 == 1 {
            out.push_str(piece);
            continue;
        }
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
        let mut rest = piece;
        while !rest.is_empty() {
            let (other, from) = rest.split_at(rest.find(is_part).unwrap_or(rest.len()));
            let end = from.find(|c| !is_part(c)).unwrap_or(from.len());
            let (word, behind) = from.split_at(end);
            out.push_str(other);
            if is_beyond(word) {
                out.push('0');
                out.extend(std::iter::repeat_n(' ', word.len().saturating_sub(1)));
            } else {
                out.push_str(word);
            }
            rest = behind;
        }
    }
    out
}

/// What stands outside of texts and inside of them, by turns; quotes belong to the texts.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    let mut is_text = false;
    std::iter::from_fn(move || {
        let left = rest.take()?;
        let end = if is_text {
            end_of_text(left)
        } else {
            left.find('"')
        };
        is_text = !is_text;
        let (piece, behind) = left.split_at(end.unwrap_or(left.len()));
        rest = Some(behind).filter(|behind| !behind.is_empty());
        Some(piece)
    })
}

/// Where a text that begins with its quote ends.
fn end_of_text(text: &str) -> Option<usize> {
    let mut is_escaped = false;
    let closing = text.bytes().skip(1).position(|byte| {
        let closes = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        closes
    });
    closing.map(|at| at.saturating_add(2))
}

fn parse(text: &str, budgets: &Budgets) -> Result<Value, Refused> {
    let reader = Reader::new(budgets, false);
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let result = reader
        .root()
        .deserialize(&mut deserializer)
        .and_then(|value| {
            deserializer.end()?;
            Ok(value)
        });
    result.map_err(|error| {
        let position = place(text, &error);
        let fault = reader.fault();
        let is_beyond = fault.is_none() && error.to_string().starts_with(OUT_OF_RANGE);
        let diagnostic = match fault {
            Some(fault) => super::yaml::fault_diagnostic(fault, budgets, position, || {
                Some(Index::build(text, Format::Json))
            }),
            None => syntax(text, &error, position),
        };
        Refused {
            diagnostic: Box::new(diagnostic),
            is_beyond,
        }
    })
}

/// A syntax error of the JSON reader.
fn syntax(text: &str, error: &serde_json::Error, position: Position) -> Diagnostic {
    let message = error.to_string();
    // "trailing comma at line 3 column 1": the place is shown separately.
    let message = message
        .rsplit_once(" at line ")
        .map_or(message.as_str(), |(text, _)| text);
    let diagnostic = Diagnostic::new(Code::E0101, format!("the JSON is malformed: {message}"))
        .position(position);
    if error.classify() == Category::Eof {
        diagnostic
            .label("the text ends here")
            .help("the file looks cut off; fetch it again")
    } else if message == "trailing comma" {
        diagnostic
            .label("JSON allows no comma before `}` or `]`")
            .help("remove the comma")
    } else if message == "key must be a string"
        && text
            .get(position.start..)
            .is_some_and(|rest| rest.starts_with(['/', '\'']))
    {
        diagnostic.label("JSON knows neither comments nor single quotes")
    } else {
        diagnostic.help("check the brackets, quotes and commas here and just before")
    }
}

/// The place of an error. serde_json counts columns in bytes, and its column is that of the last
/// byte that was read (0 right after a line break).
fn place(text: &str, error: &serde_json::Error) -> Position {
    let line_start = match error.line() {
        0 | 1 => 0,
        line => text
            .match_indices('\n')
            .nth(line - 2)
            .map_or(text.len(), |(at, _)| at + 1),
    };
    let start = match error.column() {
        // The fault is what stands before the line break.
        0 => text
            .get(..line_start)
            .unwrap_or(text)
            .trim_end()
            .len()
            .saturating_sub(1),
        column => line_start + column - 1,
    };
    Position::of(text, start, start + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fails(text: &str) -> Diagnostic {
        read(text, &Budgets::default()).unwrap_err()
    }

    #[test]
    fn syntax_errors_carry_line_and_column() {
        for (text, line, column) in [
            ("{\n  \"a\": 1,\n}", 3, 1),
            ("{\n  \"a\": tru\n}", 2, 10),
            ("{\"a\": 1} x", 1, 10),
            ("{\"ä\": 01}", 1, 8),
            ("[1, 2", 1, 5),
            ("{\"a\": \"\u{1}\"}", 1, 8),
        ] {
            let error = fails(text);
            assert_eq!(error.code, Code::E0101, "{text}");
            let position = error.position.unwrap();
            assert_eq!(
                (position.line, position.column),
                (line, column),
                "{text}: {error}"
            );
        }
    }

    #[test]
    fn a_key_twice_is_an_error_at_the_second() {
        let error = fails("{\"a\": {\"b\": 1, \"c\": 2,\n \"\\u0062\": 3}}");
        assert_eq!(error.code, Code::E0105);
        let position = error.position.unwrap();
        assert_eq!((position.line, position.column), (2, 2));
        assert!(
            error.notes[0].contains("line 1, column 8"),
            "{:?}",
            error.notes
        );
        assert_eq!(error.pointer.unwrap().as_str(), "/a/b");
    }

    #[test]
    fn budgets_are_enforced_while_reading() {
        let budgets = Budgets {
            nodes: 5,
            depth: 3,
            ..Budgets::default()
        };
        assert_eq!(read("[1,2,3,4,5]", &budgets).unwrap_err().code, Code::E0110);
        assert_eq!(read("[[[[]]]]", &budgets).unwrap_err().code, Code::E0111);
        assert!(read("[[[1]]]", &budgets).is_ok());
        let deep = "[".repeat(1_000_000);
        assert_eq!(fails(&deep).code, Code::E0111);
        let boundless = Budgets {
            depth: usize::MAX,
            ..Budgets::default()
        };
        assert_eq!(read(&deep, &boundless).unwrap_err().code, Code::E0111);
    }

    #[test]
    fn numbers_beyond_64_bits_are_texts_and_the_rest_is_read() {
        let long = "9".repeat(400);
        let text = format!(
            r#"{{"a": 1e400, "b": [-1E+999,1e400], "c": "1e400 \\\" 1e400", "é": {long}, "f": 1e-400, "g": 1e4}}"#
        );
        let value = read(&text, &Budgets::default()).unwrap();
        let expected = serde_json::json!({"a": "1e400", "b": ["-1E+999", "1e400"],
            "c": "1e400 \\\" 1e400", "é": long, "f": 0.0, "g": 1e4});
        assert_eq!(value, expected);
    }

    #[test]
    fn errors_behind_a_number_beyond_64_bits_stand_where_they_are() {
        for (text, code, column) in [
            ("[1e400, 01]", Code::E0101, 10),
            ("[1e400, 1e40x]", Code::E0101, 13),
            ("{\"a\": 1e400, \"a\": 1}", Code::E0105, 14),
            ("[1e400", Code::E0101, 6),
            ("[1e400, \"1e400", Code::E0101, 14),
        ] {
            let error = fails(text);
            let place = error.position.unwrap();
            assert_eq!(
                (error.code, place.column),
                (code, column),
                "{text}: {error}"
            );
        }
    }

    #[test]
    fn order_and_numbers_are_kept() {
        let value = read(
            "{\"z\": 1.50, \"a\": -3, \"m\": 18446744073709551615}",
            &Budgets::default(),
        );
        assert_eq!(
            value.unwrap().to_string(),
            "{\"z\":1.5,\"a\":-3,\"m\":18446744073709551615}"
        );
    }
}
