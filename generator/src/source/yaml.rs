//! YAML, read strictly into a JSON value.
//!
//! Plain scalars follow the core schema of YAML 1.2 (`NO`, `yes`, `on` and dates are texts) with
//! one exception: digits behind a leading zero (`010`) stay a text, since they are codes.

use serde::de::DeserializeSeed as _;
use serde_json::Value;

use super::index::Index;
use super::tree::{Fault, Reader};
use super::{Budget, Budgets, Format, Position, guard};
use crate::diagnostics::{Code, Diagnostic};

/// Reads YAML text; see [`super::read`] for the errors.
pub(super) fn read(text: &str, budgets: &Budgets) -> Result<Value, Diagnostic> {
    guard::check(text, budgets)?;
    let reader = Reader::new(budgets, true);
    let mut documents = serde_yaml::Deserializer::from_str(text);
    let Some(first) = documents.next() else {
        return Err(Diagnostic::new(Code::E0104, "the document is empty")
            .help("an OpenAPI document starts with `openapi: 3.1.0`"));
    };
    let value = reader.root().deserialize(first).map_err(|error| {
        let position = place(text, &error);
        match reader.fault() {
            Some(fault) => fault_diagnostic(fault, budgets, position, || {
                Some(Index::build(text, Format::Yaml))
            }),
            None => syntax(text, &error, budgets, position),
        }
    })?;
    if value.is_null() {
        return Err(
            Diagnostic::new(Code::E0104, "the document holds no value, only comments")
                .help("an OpenAPI document starts with `openapi: 3.1.0`"),
        );
    }
    if let Some(position) = second_document(text, documents, budgets) {
        return Err(
            Diagnostic::new(Code::E0106, "the file holds more than one YAML document")
                .position(position)
                .label("a second document starts here")
                .help("keep one OpenAPI document per file"),
        );
    }
    Ok(value)
}

/// Where a second document with content starts; a trailing `---` alone is tolerated.
fn second_document(
    text: &str,
    documents: serde_yaml::Deserializer<'_>,
    budgets: &Budgets,
) -> Option<Position> {
    let empty = |document| {
        let reader = Reader::new(budgets, true);
        matches!(reader.root().deserialize(document), Ok(Value::Null))
    };
    let mut documents = documents;
    if documents.all(empty) {
        return None;
    }
    let start = Index::second_document(text).unwrap_or(text.len());
    Some(Position::of(text, start, start + 3))
}

/// A fault that the shared visitor noted; used for both formats. `position` is where the reader
/// stood; the index, built only here, knows better for duplicate keys.
pub(super) fn fault_diagnostic(
    fault: Fault,
    budgets: &Budgets,
    position: Position,
    index: impl FnOnce() -> Option<Index>,
) -> Diagnostic {
    match fault {
        Fault::Duplicate(key) => {
            let diagnostic = Diagnostic::new(
                Code::E0105,
                format!("the key `{key}` occurs twice in one object"),
            )
            .help("keep one of them; readers differ in which one they take");
            match index().and_then(|index| index.first_duplicate()) {
                Some(duplicate) => diagnostic
                    .at_key(&duplicate.pointer)
                    .position(duplicate.second)
                    .label("second time")
                    .note(format!(
                        "first at line {}, column {}",
                        duplicate.first.line, duplicate.first.column
                    )),
                None => diagnostic.position(position),
            }
        }
        Fault::Nodes => Diagnostic::new(
            Code::E0110,
            format!("the document has more than {} nodes", budgets.nodes),
        )
        .position(position)
        .help(budgets.remedy(Budget::Nodes, None)),
        Fault::Depth => too_deep(budgets).position(position),
        Fault::Tag(tag) => {
            Diagnostic::new(Code::E0107, format!("the YAML tag `!{tag}` is not read"))
                .position(position)
                .label("remove the tag, or write what it stands for")
                .help("what is used several times is a component, which `$ref` refers to")
        }
        Fault::Key => Diagnostic::new(Code::E0108, "a key is an object or array")
            .position(position)
            .label("keys must be texts or numbers")
            .help("a template such as `{{ name }}` as a key or value needs quotes"),
        Fault::Merge => Diagnostic::new(
            Code::E0115,
            "the merge key `<<` needs a mapping or a list of mappings",
        )
        .position(position)
        .help("give it an alias of a mapping (`<<: *name`), or a list of such aliases"),
    }
}

/// The diagnostic for nesting beyond the budget.
pub(super) fn too_deep(budgets: &Budgets) -> Diagnostic {
    let most = budgets.effective_depth();
    Diagnostic::new(
        Code::E0111,
        format!("the document is nested deeper than {most} levels"),
    )
    .help(budgets.remedy(Budget::Depth, Some(Budget::Depth.most())))
}

/// An error of the YAML reader itself.
fn syntax(
    text: &str,
    error: &serde_yaml::Error,
    budgets: &Budgets,
    position: Position,
) -> Diagnostic {
    let message = error.to_string();
    if message.starts_with("recursion limit") {
        return too_deep(budgets).position(position);
    }
    if message.starts_with("repetition limit") {
        return guard::refused(budgets, false).position(position);
    }
    // Characters that YAML does not allow at all are found before lines are counted.
    if let Some((message, offset)) = message.rsplit_once(" at position ")
        && let Ok(offset) = offset.parse::<usize>()
    {
        return Diagnostic::new(Code::E0102, format!("the YAML is malformed: {message}"))
            .position(Position::of(text, offset, offset + 1))
            .help("remove the character, or write it as an escape in double quotes");
    }
    // "did not find expected key at line 3 column 1, while parsing …": the place is shown anyway.
    let message = message.split(" at line ").next().unwrap_or(&message);
    malformed(text, message, position)
}

/// A syntax error with a hint for the usual causes.
pub(super) fn malformed(text: &str, message: &str, position: Position) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::E0102, format!("the YAML is malformed: {message}"))
        .position(position);
    let line = text
        .lines()
        .nth(position.line.saturating_sub(1))
        .unwrap_or_default();
    let rest = text.get(position.start..).unwrap_or_default();
    if rest.starts_with('\t') || line.trim_start_matches(' ').starts_with('\t') {
        diagnostic
            .label("a tab")
            .help("indent with spaces; YAML does not allow tabs")
    } else if rest.starts_with(['@', '`', '%']) {
        diagnostic.help("put the text into quotes")
    } else if message.contains("mapping values are not allowed") {
        diagnostic.help("a text that contains `: ` needs quotes; else check the indentation")
    } else {
        diagnostic.help("check the brackets, quotes and indentation here and just before")
    }
}

/// The place of an error; the reader counts lines and columns from 1, columns in characters.
fn place(text: &str, error: &serde_yaml::Error) -> Position {
    let Some(location) = error.location() else {
        return Position::of(text, text.len(), text.len());
    };
    let line_start = match location.line() {
        0 | 1 => 0,
        line => text
            .match_indices('\n')
            .nth(line - 2)
            .map_or(text.len(), |(at, _)| at + 1),
    };
    let line = text.get(line_start..).unwrap_or_default();
    let column = location.column().saturating_sub(1);
    let start = line_start
        + line
            .char_indices()
            .nth(column)
            .map_or(line.len(), |(at, _)| at);
    Position::of(text, start, start + 1)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn reads(text: &str) -> Value {
        read(text, &Budgets::default()).unwrap()
    }

    fn fails(text: &str) -> Diagnostic {
        read(text, &Budgets::default()).unwrap_err()
    }

    #[test]
    fn plain_scalars_follow_the_core_schema() {
        let text = "- NO\n- yes\n- on\n- True\n- ~\n- null\n- 1_000\n- 010\n- 1.10\n- 0x1F\n\
                    - 0o17\n- 2024-01-01\n- 1e3\n- +5\n- -7\n- '5'\n- 12:30\n- ''\n-\n";
        let expected = json!([
            "NO",
            "yes",
            "on",
            true,
            null,
            null,
            "1_000",
            "010",
            1.1,
            31,
            15,
            "2024-01-01",
            1000.0,
            5,
            -7,
            "5",
            "12:30",
            "",
            null
        ]);
        assert_eq!(reads(text), expected);
    }

    #[test]
    fn keys_become_texts_as_they_are_spelt() {
        let value = reads("200: a\ntrue: b\nnull: c\n1.10: d\n\"e\": e\n010: f\n");
        assert_eq!(
            value.to_string(),
            r#"{"200":"a","true":"b","null":"c","1.10":"d","e":"e","010":"f"}"#
        );
    }

    #[test]
    fn merge_keys_are_applied_and_own_keys_win() {
        let text = "base: &b {x: 1, y: 2}\nother: &o {y: 3, z: 4}\n\
                    one: {<<: *b, y: 9}\nmany: {<<: [*o, *b]}\n";
        let value = reads(text);
        assert_eq!(value["one"], json!({"y": 9, "x": 1}));
        assert_eq!(value["many"], json!({"y": 3, "z": 4, "x": 1}));
        assert_eq!(fails("a: {<<: 5}").code, Code::E0115);
    }

    #[test]
    fn what_has_no_json_form_is_refused_with_its_place() {
        for (text, code, line, column) in [
            ("a: 1\nb: !include x.yaml\n", Code::E0107, 2, 4),
            ("a: 1\n{b: 1}: 2\n", Code::E0108, 2, 1),
            ("a: 1\nb: 2\na: 3\n", Code::E0105, 3, 1),
            ("a: 1\n---\nb: 2\n", Code::E0106, 2, 1),
            ("a: 1\n  b: 2\n", Code::E0102, 2, 4),
            ("a:\n\t- 1\n", Code::E0102, 2, 1),
            ("# nothing\n", Code::E0104, 0, 0),
        ] {
            let error = fails(text);
            assert_eq!(error.code, code, "{text}: {error}");
            let place = error
                .position
                .map_or((0, 0), |place| (place.line, place.column));
            assert_eq!(place, (line, column), "{text}: {error}");
        }
    }

    #[test]
    fn deep_and_wide_bombs_are_refused_quickly() {
        let mut bomb = "a0: &a0 x\n".to_owned();
        for level in 1..9 {
            let list = vec![format!("*a{}", level - 1); 9].join(",");
            bomb.push_str(&format!("a{level}: &a{level} [{list}]\n"));
        }
        let start = std::time::Instant::now();
        assert_eq!(fails(&bomb).code, Code::E0112);
        for deep in [
            "[".repeat(20_000),
            "{a: ".repeat(20_000),
            "- ".repeat(20_000),
            (0..3_000)
                .map(|n| format!("{}a:\n", " ".repeat(n)))
                .collect(),
        ] {
            assert_eq!(fails(&deep).code, Code::E0111, "{}", &deep[..20]);
        }
        assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());
        assert_eq!(fails("a: &a [*a]").code, Code::E0112);
    }

    #[test]
    fn a_second_document_without_content_is_tolerated() {
        assert_eq!(reads("---\na: 1\n...\n"), json!({"a": 1}));
        assert_eq!(reads("a: 1\n---\n"), json!({"a": 1}));
    }
}
