//! Strict JSON.

use serde::de::DeserializeSeed as _;
use serde_json::Value;
use serde_json::error::Category;

use super::index::Index;
use super::tree::Reader;
use super::{Budgets, Format, Position};
use crate::diagnostics::{Code, Diagnostic};

/// Reads JSON text; see [`super::read`] for the errors.
pub(super) fn read(text: &str, budgets: &Budgets) -> Result<Value, Diagnostic> {
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
        match reader.fault() {
            Some(fault) => super::yaml::fault_diagnostic(fault, budgets, position, || {
                Some(Index::build(text, Format::Json))
            }),
            None => syntax(text, &error, position),
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
