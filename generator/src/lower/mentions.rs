//! Names of tools in what models read. What this project writes names tools that there are; what settings say is
//! checked where it stands (E0925). Here is what comes from the document: a name that is no tool is reported, and
//! said to be none in what models read; an example that has it is left out. What only looks like the name of a tool
//! is some word of the document: a property, a value, a scope, an event.

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
/// The same as it stands in a text.
const SAID: &str = " (no tool here)";
/// Longest title of a tool.
const LONGEST_TITLE: usize = 120;
/// One letter of so many may be wrong in a name that means a tool.
const ONE_IN: usize = 5;

/// Looks at the texts of all tools. `ids` are the operationIds of the document.
pub(super) fn check(
    groups: &mut [Group],
    composites: &[Composite],
    ids: &HashSet<String>,
    document: &Value,
    sink: &mut Sink,
) {
    let known = Known::of(groups, composites, ids, document);
    for operation in groups.iter_mut().flat_map(|group| &mut group.operations) {
        let mut wrong: Vec<String> = Vec::new();
        each_text(operation, &mut |text| {
            for (word, quoted) in names(text) {
                let is_wrong = known.is_wrong(word) && (quoted || known.is_left_out(word));
                if is_wrong && !wrong.iter().any(|one| one == word) {
                    wrong.push(word.to_owned());
                }
            }
        });
        for word in &wrong {
            sink.push(known.finding(word, &operation.tool, &operation.pointer));
        }
        // What is no tool cannot be called, whatever the document advises.
        if !wrong.is_empty() {
            let wrong = Wrong {
                names: &wrong,
                known: &known,
            };
            operation.title = text::cut(&wrong.mended(&operation.title), LONGEST_TITLE);
            operation.description = text::cut(&wrong.mended(&operation.description), LONGEST);
            wrong.mend(&mut operation.input_schema);
            operation.example.take_if(|example| wrong.is_in(example));
            operation.call.take_if(|call| wrong.is_in(call));
        }
    }
}

/// The names that stand in a text: what is between backticks, and what else is made of letters, digits, `_` and `-`.
fn names(text: &str) -> impl Iterator<Item = (&str, bool)> {
    text.split('`').enumerate().flat_map(|(number, piece)| {
        let quoted = number % 2 == 1;
        let whole = quoted.then_some((piece, true));
        let loose = (!quoted).then(|| {
            let words = piece.split(|c: char| !is_of_name(c));
            words
                .map(|word| word.trim_end_matches('.'))
                .filter(|word| !word.is_empty())
        });
        let loose = loose.into_iter().flatten();
        whole.into_iter().chain(loose.map(|word| (word, false)))
    })
}

/// Whether a character is part of a name.
fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/')
}

/// Names of what is no tool, in the texts of one.
struct Wrong<'k> {
    names: &'k [String],
    known: &'k Known,
}

impl Wrong<'_> {
    fn has(&self, word: &str, quoted: bool) -> bool {
        self.names.iter().any(|name| name == word) && (quoted || self.known.is_left_out(word))
    }

    /// The text, with a word behind each name that is no tool.
    fn mended(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        for (word, quoted) in names(text) {
            let Some(at) = rest.find(word) else {
                continue;
            };
            let end = at.saturating_add(word.len());
            // The backtick behind a name belongs to it.
            let end = end.saturating_add(usize::from(
                quoted && rest.get(end..).is_some_and(|r| r.starts_with('`')),
            ));
            let (before, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
            out.push_str(before);
            rest = after;
            if self.has(word, quoted) && !rest.starts_with(SAID) {
                out.push_str(SAID);
            }
        }
        out.push_str(rest);
        out
    }

    /// Whether a value has a text that names one.
    fn is_in(&self, value: &Value) -> bool {
        let mut found = false;
        each_in(value, true, &mut |text| {
            found |= names(text).any(|(word, quoted)| self.has(word, quoted));
        });
        found
    }

    /// Changes what is said in a schema, and leaves out the examples that have one of the names.
    fn mend(&self, schema: &mut Value) {
        match schema {
            Value::Object(object) => {
                if let Some(Value::Array(examples)) = object.get_mut("examples") {
                    examples.retain(|example| !self.is_in(example));
                    if examples.is_empty() {
                        object.remove("examples");
                    }
                }
                for (key, value) in object {
                    match value {
                        Value::String(text) if key == "description" || key == "title" => {
                            *text = self.mended(text);
                        }
                        _ if matches!(key.as_str(), "enum" | "default" | "examples" | "const") => {}
                        _ => self.mend(value),
                    }
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.mend(item)),
            _ => {}
        }
    }
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
    /// All other words with `_` that the document has: keys, and texts that are one word.
    words: HashSet<String>,
}

impl Known {
    fn of(
        groups: &[Group],
        composites: &[Composite],
        ids: &HashSet<String>,
        document: &Value,
    ) -> Self {
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
        let mut words = HashSet::new();
        collect_words(document, &mut words);
        Self {
            fields,
            words,
            left_out: ids.iter().filter(is_absent).cloned().collect(),
            verbs: tools.iter().filter_map(|tool| verb(tool)).collect(),
            tools,
        }
    }

    /// Whether a word names a tool that there is not.
    fn is_wrong(&self, word: &str) -> bool {
        let is_other = self.tools.contains(word) || self.fields.contains(word);
        !is_other && (self.left_out.contains(word) || self.is_like_a_tool(word))
    }

    /// Whether a word is the operationId of an operation that is no tool, and no word of a language.
    fn is_left_out(&self, word: &str) -> bool {
        let humps =
            word.chars().skip(1).any(char::is_uppercase) && word.contains(char::is_lowercase);
        self.left_out.contains(word) && (humps || word.contains('_'))
    }

    /// Whether it begins as tools do, and is nothing else that the document speaks of.
    fn is_like_a_tool(&self, word: &str) -> bool {
        is_name(word)
            && verb(word).is_some_and(|verb| self.verbs.contains(&verb))
            && !self.words.contains(word)
    }

    /// The tool that a word nearly names: `send_invoices`, where there is `send_invoice`.
    fn nearly(&self, word: &str) -> Option<&str> {
        if !is_name(word) || !verb(word).is_some_and(|verb| self.verbs.contains(&verb)) {
            return None;
        }
        let mut tools: Vec<&str> = self.tools.iter().map(String::as_str).collect();
        tools.sort_unstable();
        misspelt(word, tools, ONE_IN)
    }

    fn finding(&self, word: &str, tool: &str, pointer: &Pointer) -> Diagnostic {
        let shown = text::line(word, 60);
        let message = format!("what is said of `{tool}` names `{shown}`, which is no tool");
        let finding = Diagnostic::new(Code::E0427, message)
            .at_key(pointer)
            .note(format!("models read `{shown}` ({NO_TOOL})"));
        match self.nearly(word) {
            Some(near) => finding.help(format!("did you mean `{near}`?")),
            None if self.left_out.contains(word) => {
                finding.help("let the operation be a tool, or change the text with an overlay")
            }
            None => {
                finding.help("change the text with an overlay; `mcpwright inspect` lists the tools")
            }
        }
    }
}

/// Whether a word is made as names of tools are.
fn is_name(word: &str) -> bool {
    word.contains('_')
        && word
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// The words with `_` that a document has, but for operationIds: keys, segments of paths, and texts that are one word.
fn collect_words(value: &Value, found: &mut HashSet<String>) {
    let mut take = |text: &str| {
        for word in text
            .split(['/', '{', '}', ':', ' '])
            .filter(|word| is_name(word))
        {
            if !found.contains(word) {
                found.insert(word.to_owned());
            }
        }
    };
    match value {
        Value::String(text) if !text.contains(char::is_whitespace) => take(text),
        Value::Array(items) => items.iter().for_each(|item| collect_words(item, found)),
        Value::Object(object) => {
            object.keys().for_each(|key| take(key));
            for (key, value) in object {
                if key != "operationId" || !value.is_string() {
                    collect_words(value, found);
                }
            }
        }
        _ => {}
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

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{Known, Wrong};

    #[test]
    fn what_is_no_tool_is_said_to_be_none() {
        let known = Known {
            tools: HashSet::new(),
            left_out: ["purgeAll".to_owned(), "purge".to_owned()].into(),
            verbs: HashSet::new(),
            fields: HashSet::new(),
            words: HashSet::new(),
        };
        let names = ["purgeAll".to_owned(), "purge".to_owned()];
        let wrong = Wrong {
            names: &names,
            known: &known,
        };
        for (text, expected) in [
            ("Use `purgeAll`.", "Use `purgeAll` (no tool here)."),
            ("`purgeAll` or `x`", "`purgeAll` (no tool here) or `x`"),
            ("Use purgeAll.", "Use purgeAll (no tool here)."),
            ("(purgeAll)", "(purgeAll (no tool here))"),
            ("purgeAll (no tool here)", "purgeAll (no tool here)"),
            // A word of the language means itself, unless it is quoted; a path and a longer word are others.
            ("We purge `purge`.", "We purge `purge` (no tool here)."),
            (
                "/leads/purgeAll, purgeAllLeads",
                "/leads/purgeAll, purgeAllLeads",
            ),
            ("`x` and ` purgeAll", "`x` and ` purgeAll"),
            ("``", "``"),
            ("", ""),
        ] {
            assert_eq!(wrong.mended(text), expected);
        }
    }
}
