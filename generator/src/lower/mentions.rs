//! Names of tools in what models read. What this project writes names tools that there are; what settings say is
//! checked where it stands (E0925). Here is what comes from the document: an operation that became no tool is
//! said to be none, and a name that is nearly that of a tool is reported.

use std::collections::HashSet;

use serde_json::Value;

use super::describe::LONGEST;
use super::groups::collect_names;
use crate::diagnostics::{Code, Diagnostic, Pointer, Sink};
use crate::ir::{Composite, Group, Operation};
use crate::names::words;
use crate::similar::misspelt;
use crate::text;

/// What stands behind the name of an operation that is no tool.
const NO_TOOL: &str = "no tool here";
/// One letter of so many may be wrong in a name that means a tool.
const ONE_IN: usize = 5;

/// Looks at the texts of all tools. `ids` are the operationIds of the document.
pub(super) fn check(
    groups: &mut [Group],
    composites: &[Composite],
    ids: &HashSet<String>,
    sink: &mut Sink,
) {
    let known = Known::of(groups, composites, ids);
    for operation in groups.iter_mut().flat_map(|group| &mut group.operations) {
        let mut wrong: Vec<String> = Vec::new();
        each_text(operation, &mut |text| {
            let words = text.split('`').skip(1).step_by(2);
            for word in words.filter(|word| known.is_wrong(word)) {
                if !wrong.iter().any(|one| one == word) {
                    wrong.push(word.to_owned());
                }
            }
        });
        for word in &wrong {
            sink.push(known.finding(word, &operation.tool, &operation.pointer));
        }
        // An operation that is left out cannot be called, whatever the document advises.
        wrong.retain(|word| known.left_out.contains(word));
        if !wrong.is_empty() {
            operation.description = text::cut(&mended(&operation.description, &wrong), LONGEST);
            mend(&mut operation.input_schema, &wrong);
        }
    }
}

/// The text, with a word behind each name of an operation that is no tool.
fn mended(text: &str, wrong: &[String]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = "";
    for (number, piece) in text.split('`').enumerate() {
        if number > 0 {
            out.push('`');
        }
        // The backtick just written ends a name.
        let ends = number > 0 && number.is_multiple_of(2);
        if ends && wrong.iter().any(|word| word == before) {
            out.push_str(&format!(" ({NO_TOOL})"));
        }
        out.push_str(piece);
        before = piece;
    }
    out
}

/// The names of an API.
struct Known {
    tools: HashSet<String>,
    /// operationIds of operations that are no tools.
    left_out: HashSet<String>,
    /// What tools begin with.
    verbs: HashSet<String>,
    /// Names of arguments, of what is in them and of what answers have, and values: a text that speaks of one of
    /// them means that.
    fields: HashSet<String>,
}

impl Known {
    fn of(groups: &[Group], composites: &[Composite], ids: &HashSet<String>) -> Self {
        let operations = || groups.iter().flat_map(|group| &group.operations);
        let beside = composites.iter().map(|composite| composite.tool.clone());
        let tools: HashSet<String> = operations()
            .map(|one| one.tool.clone())
            .chain(beside)
            .collect();
        let present: HashSet<&str> = operations().map(|one| one.operation_id.as_str()).collect();
        let is_absent = |id: &&String| !present.contains(id.as_str()) && !tools.contains(*id);
        let mut fields = HashSet::new();
        for operation in operations() {
            let schemas = [
                Some(&operation.input_schema),
                operation.output_schema.as_ref(),
            ];
            for schema in schemas.into_iter().flatten() {
                collect_names(schema, &mut fields);
            }
        }
        Self {
            fields,
            left_out: ids.iter().filter(is_absent).cloned().collect(),
            verbs: tools.iter().filter_map(|tool| verb(tool)).collect(),
            tools,
        }
    }

    /// Whether a word between backticks names a tool that there is not.
    fn is_wrong(&self, word: &str) -> bool {
        let is_other = self.tools.contains(word) || self.fields.contains(word);
        !is_other && (self.left_out.contains(word) || self.nearly(word).is_some())
    }

    /// The tool that a word nearly names: `send_invoices`, where there is `send_invoice`.
    fn nearly(&self, word: &str) -> Option<&str> {
        let is_name = word.contains('_')
            && word
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if !is_name || !verb(word).is_some_and(|verb| self.verbs.contains(&verb)) {
            return None;
        }
        let mut tools: Vec<&str> = self.tools.iter().map(String::as_str).collect();
        tools.sort_unstable();
        misspelt(word, tools, ONE_IN)
    }

    fn finding(&self, word: &str, tool: &str, pointer: &Pointer) -> Diagnostic {
        let shown = text::line(word, 60);
        let message = format!("what is said of `{tool}` names `{shown}`, which is no tool");
        let finding = Diagnostic::new(Code::E0427, message).at_key(pointer);
        match self.nearly(word) {
            Some(near) => finding.help(format!("did you mean `{near}`?")),
            None => finding
                .note(format!("models read `{shown}` ({NO_TOOL})"))
                .help("let the operation be a tool, or change the text with an overlay"),
        }
    }
}

fn verb(name: &str) -> Option<String> {
    words(name).into_iter().next()
}

/// The texts of a tool: its own, those of its arguments, examples, and what is added to errors.
fn each_text(operation: &Operation, act: &mut impl FnMut(&str)) {
    act(&operation.title);
    act(&operation.description);
    each_in(&operation.input_schema, false, act);
    if let Some(example) = &operation.example {
        each_in(example, true, act);
    }
    for advice in &operation.settled.advice {
        act(&advice.text);
    }
}

/// Texts of a schema: descriptions and titles, and all that stands in examples.
fn each_in(value: &Value, all: bool, act: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) if all => act(text),
        Value::Array(items) => items.iter().for_each(|item| each_in(item, all, act)),
        Value::Object(object) => {
            for (key, value) in object {
                match value {
                    Value::String(text) if key == "description" || key == "title" => act(text),
                    _ => each_in(value, all || key == "examples", act),
                }
            }
        }
        _ => {}
    }
}

/// Changes the descriptions in a schema.
fn mend(schema: &mut Value, wrong: &[String]) {
    match schema {
        Value::Object(object) => {
            for (key, value) in object {
                match value {
                    Value::String(text) if key == "description" && text.contains('`') => {
                        *text = mended(text, wrong);
                    }
                    _ if matches!(key.as_str(), "enum" | "default" | "examples" | "const") => {}
                    _ => mend(value, wrong),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| mend(item, wrong)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::mended;

    #[test]
    fn what_is_no_tool_is_said_to_be_none() {
        let wrong = ["purgeAll".to_owned()];
        for (text, expected) in [
            ("Use `purgeAll`.", "Use `purgeAll` (no tool here)."),
            ("`purgeAll` or `x`", "`purgeAll` (no tool here) or `x`"),
            (
                "purgeAll, `x` and ` purgeAll",
                "purgeAll, `x` and ` purgeAll",
            ),
            ("", ""),
        ] {
            assert_eq!(mended(text, &wrong), expected);
        }
    }
}
