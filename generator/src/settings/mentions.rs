//! Names of tools in settings: each must exist.

use std::collections::HashSet;

use serde_json::Value;

use super::merge::Configured;
use super::tree::{Kind, Place, Tree, Trust};
use crate::diagnostics::{Code, Sink};
use crate::ir;
use crate::similar::most_alike;
use crate::text;

impl Configured {
    /// Whether a tool beside the operations is one that the document itself asks for: such a one is left
    /// out when it is faulty, so that no text may name it.
    pub(super) fn is_of_document(&self, name: &str) -> bool {
        let mut composites = self.composites.iter();
        composites.any(|composite| {
            composite.name.0 == name && composite.name.1.source.trust == Trust::Document
        })
    }

    /// Whether a tool is one of those beside the operations.
    pub(super) fn is_composite(&self, name: &str) -> bool {
        self.composites
            .iter()
            .any(|composite| composite.name.0 == name)
    }

    /// Checks the names of tools in `prereq`, `see_also`, and between backticks in texts.
    pub fn check_mentions(&self, groups: &[ir::Group], sink: &mut Sink) {
        let operations = || groups.iter().flat_map(|group| &group.operations);
        let tools: HashSet<&str> = operations()
            .map(|operation| operation.tool.as_str())
            .collect();
        let arguments: HashSet<&str> = operations()
            .flat_map(|operation| &operation.fields)
            .map(|field| field.name.as_str())
            .collect();
        // Words with underscores are names of fields, too; those of tools begin with the verb of one.
        let verb = |name: &str| name.split('_').next().unwrap_or_default().to_owned();
        let composites = self
            .composites
            .iter()
            .map(|composite| composite.name.0.as_str());
        let verbs: HashSet<String> = tools.iter().copied().chain(composites).map(verb).collect();
        let known = |name: &str| tools.contains(name) || self.is_composite(name);
        let unknown = |name: &str, place: &Place, sink: &mut Sink| {
            let shown = text::line(name, 60);
            let finding = place.finding(Code::E0925, format!("there is no tool `{shown}`"));
            let all = tools.iter().copied().chain(
                self.composites
                    .iter()
                    .map(|composite| composite.name.0.as_str()),
            );
            // In the order of names: a set has none.
            let mut all: Vec<&str> = all.collect();
            all.sort_unstable();
            sink.push(match most_alike(name, all) {
                Some(near) => finding.help(format!("did you mean `{near}`?")),
                None => finding.help("`mcpwright inspect` lists the tools"),
            });
        };
        let words = |tree: &Tree, may_be: &dyn Fn(&str) -> bool, sink: &mut Sink| {
            in_texts(tree, &mut |text, place| {
                let words = text.split('`').skip(1).step_by(2);
                for name in words.filter(|word| is_tool_like(word) && may_be(word)) {
                    if !known(name) && !arguments.contains(name) {
                        unknown(name, place, sink);
                    }
                }
            });
        };
        let words_of = |tree: &Tree, sink: &mut Sink| {
            words(tree, &|word| verbs.contains(&verb(word)), sink);
        };
        for composite in &self.composites {
            for key in ["title", "description"] {
                if let Some(text) = composite.tree.get(key) {
                    words_of(text, sink);
                }
            }
        }
        // A prompt tells what to call: what is no other word of the document is meant as a tool.
        let mut spoken: HashSet<&str> = HashSet::new();
        if !self.prompts.is_empty() {
            for operation in operations() {
                spoken.extend(operation.output_schema.iter().flat_map(words_in));
                spoken.extend(words_in(&operation.input_schema));
            }
        }
        for prompt in &self.prompts {
            let own: HashSet<&str> = match prompt.get("arguments").map(|tree| &tree.kind) {
                Some(Kind::Table(members)) => members.keys().map(AsRef::as_ref).collect(),
                _ => HashSet::new(),
            };
            let means_tool = |word: &str| !spoken.contains(word) && !own.contains(word);
            for key in ["title", "description", "text"] {
                if let Some(text) = prompt.get(key) {
                    words(text, &means_tool, sink);
                }
            }
            for item in prompt.get("tools").map(Tree::items).unwrap_or_default() {
                if let Some(name) = item.text().filter(|name| !known(name)) {
                    unknown(name, &item.place, sink);
                }
            }
        }
        for (entry, count) in &self.entries {
            if *count == 0 {
                continue;
            }
            for fact in &entry.facts {
                let is_list =
                    matches!(fact.key.as_slice(), [key] if key == "prereq" || key == "see_also");
                for item in fact.tree.items().iter().filter(|_| is_list) {
                    if let Some(name) = item.text().filter(|name| !known(name)) {
                        unknown(name, &item.place, sink);
                    }
                }
                // Of a field only its example is text.
                let is_text = fact.key.first().is_some_and(|key| {
                    matches!(
                        key.as_str(),
                        "title" | "description" | "consequence" | "hint" | "add_param" | "fields"
                    )
                });
                if is_text {
                    words_of(&fact.tree, sink);
                }
            }
        }
    }
}

impl Configured {
    /// Takes names of tools that there are not out of what descriptions say of others: a document may name such,
    /// and is told of it, and a model would call them.
    pub fn leave_out_unknown(&self, groups: &mut [ir::Group]) {
        let tools: HashSet<String> = groups
            .iter()
            .flat_map(|group| &group.operations)
            .map(|operation| operation.tool.clone())
            .collect();
        for operation in groups.iter_mut().flat_map(|group| &mut group.operations) {
            let facts = operation.settled.facts.iter();
            let named = facts
                .filter(|fact| fact.key == "prereq" || fact.key == "see_also")
                .filter_map(|fact| fact.value.as_array())
                .flatten()
                .filter_map(Value::as_str);
            let unknown: Vec<String> = named
                .filter(|name| !tools.contains(*name) && !self.is_composite(name))
                .map(|name| format!("`{}`", text::line(name, 60)))
                .collect();
            if !unknown.is_empty() {
                operation.description = without(&operation.description, &unknown);
            }
        }
    }
}

/// A description without these names in the lines that tell what to call besides.
fn without(description: &str, unknown: &[String]) -> String {
    let kept = description.lines().filter_map(|line| {
        let intro = ["Call first: ", "See also: "]
            .into_iter()
            .find(|intro| line.starts_with(intro));
        let Some(intro) = intro else {
            return Some(line.to_owned());
        };
        let names = line.trim_start_matches(intro).trim_end_matches('.');
        let names: Vec<&str> = names
            .split(", ")
            .filter(|name| !unknown.iter().any(|unknown| unknown == name))
            .collect();
        (!names.is_empty()).then(|| format!("{intro}{}.", names.join(", ")))
    });
    kept.collect::<Vec<String>>().join("\n")
}

/// The keys and texts of a schema: names of properties and values are among them.
fn words_in(schema: &Value) -> Vec<&str> {
    let mut words = Vec::new();
    let mut open = vec![schema];
    while let Some(value) = open.pop() {
        match value {
            Value::String(text) => words.push(text.as_str()),
            Value::Array(items) => open.extend(items),
            Value::Object(members) => {
                words.extend(members.keys().map(String::as_str));
                open.extend(members.values());
            }
            _ => {}
        }
    }
    words
}

/// Every text in a value.
fn in_texts(tree: &Tree, act: &mut dyn FnMut(&str, &Place)) {
    match &tree.kind {
        Kind::Text(text) => act(text, &tree.place),
        Kind::List(items) => items.iter().for_each(|item| in_texts(item, act)),
        Kind::Table(members) => members
            .values()
            .for_each(|member| in_texts(&member.tree, act)),
        _ => {}
    }
}

/// Whether a word between backticks looks like the name of a tool: `create_lead`.
fn is_tool_like(word: &str) -> bool {
    word.contains('_')
        && word.starts_with(|c: char| c.is_ascii_lowercase())
        && word
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}
