//! Prompts for what people do on an ordinary day, as far as an API has the operations for it (behaviours H6,
//! H13, H15): one record made and sent, what is overdue, where the open business stands, what waits for somebody,
//! one record with all that belongs to it, what ends soon. They are found by methods, paths and the names of
//! fields, in general words, so that nothing here knows a system; every tool that a step names is one of this
//! document.
//!
//! | file | subject |
//! |---|---|
//! | `entity.rs` | what the paths show of the records behind them |
//! | `facts.rs` | what the names of fields say |
//! | `making.rs` | prompts that end with a change: create and send, chase, triage, renew |
//! | `looking.rs` | prompts that only look: digest, review |
//! | `waiting.rs` | what waits today, and what is there twice |

mod entity;
mod facts;
mod looking;
mod making;
mod waiting;

use serde_json::Value;

use self::entity::{Entity, entities};
use super::id_sources::IdSources;
use crate::ir::{Composite, Group, Operation, Prompt, PromptArgument, PromptStep, Risk};
use crate::names::words;
use crate::text;

/// Prompts that are made up at most, beside `setup`.
const MOST: usize = 7;
/// Tools that find what a new record names.
const FINDERS: usize = 4;
/// Longest name, as that of a tool.
const LONGEST_NAME: usize = 40;

/// What a prompt is made up from.
struct Api<'a> {
    title: String,
    entities: Vec<Entity<'a>>,
    operations: Vec<&'a Operation>,
    sources: IdSources,
}

/// The prompts of an API, in the order in which a person would look for them.
pub(super) fn prompts(title: &str, groups: &[Group], composites: &[Composite]) -> Vec<Prompt> {
    let operations: Vec<&Operation> = groups.iter().flat_map(|group| &group.operations).collect();
    let api = Api {
        title: text::line(title, 80),
        entities: entities(&operations, composites),
        sources: IdSources::of(operations.iter().copied()),
        operations,
    };
    let mut made: Vec<Prompt> = Vec::new();
    let sent = api.create_and_send();
    let (entity, prompt) = sent.unzip();
    made.extend(prompt);
    made.extend(api.chase());
    made.extend(api.digest(entity));
    made.extend(api.triage());
    made.extend(api.review(entity));
    made.extend(api.renew());
    made.extend(api.day());
    made.extend(api.duplicates());
    made.retain(|prompt| prompt.name.len() <= LONGEST_NAME && is_plain(&prompt.name));
    made.truncate(MOST);
    made
}

/// Clients make commands of names.
fn is_plain(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// The entity of which most holds, the first of several; `None` where nothing does.
fn best<'e, 'a>(
    entities: &'e [Entity<'a>],
    score: impl Fn(&Entity<'a>) -> Option<u32>,
) -> Option<&'e Entity<'a>> {
    let mut found: Option<(u32, &Entity<'a>)> = None;
    for entity in entities {
        if let Some(score) = score(entity)
            && found.is_none_or(|(known, _)| score > known)
        {
            found = Some((score, entity));
        }
    }
    found.map(|(_, entity)| entity)
}

/// A step; the tools that it names stand between backticks.
fn step(text: String) -> PromptStep {
    let tools = text.split('`').skip(1).step_by(2).map(str::to_owned);
    let mut named: Vec<String> = Vec::new();
    for tool in tools {
        if !named.contains(&tool) {
            named.push(tool);
        }
    }
    PromptStep { text, tools: named }
}

fn argument(name: &str, description: &str, default: Option<&str>) -> PromptArgument {
    PromptArgument {
        name: name.to_owned(),
        description: description.to_owned(),
        default: default.map(str::to_owned),
    }
}

impl Api<'_> {
    /// Reads that need no id and whose tools have one of these words.
    fn reports(&self, wanted: &[&str]) -> Vec<&str> {
        let is_wanted = |operation: &&&Operation| {
            let named = words(&operation.tool);
            operation.risk == Risk::Read
                && !operation.path.contains('{')
                && named.iter().any(|word| wanted.contains(&word.as_str()))
        };
        let found = self.operations.iter().filter(is_wanted);
        found.map(|operation| operation.tool.as_str()).collect()
    }

    /// The tools that find the records which a new one names, each once.
    fn finders<'s>(&'s self, create: &'s Operation) -> Vec<&'s str> {
        let mut found: Vec<&str> = Vec::new();
        let mut names: Vec<&str> = Vec::new();
        ids(&create.input_schema, true, 0, &mut names);
        if names
            .iter()
            .all(|name| self.sources.by_name(name).is_none())
        {
            ids(&create.input_schema, false, 0, &mut names);
        }
        let given = names
            .into_iter()
            .filter_map(|name| self.sources.by_name(name));
        // What settings say is to be called first comes first.
        for source in prerequisites(create).chain(given).take(FINDERS) {
            let by_name = self.entities.iter().find_map(|entity| {
                let list = entity.list.is_some_and(|list| list.tool == source);
                entity.finder().filter(|_| list)
            });
            let tool = by_name.unwrap_or(source);
            if !found.contains(&tool) {
                found.push(tool);
            }
        }
        found
    }

    /// What makes a note or a task, to remember something by.
    fn reminder(&self) -> Option<&str> {
        let mut creates = self.entities.iter().filter_map(|entity| {
            let create = entity.create?;
            matches!(
                entity.one.as_str(),
                "task" | "note" | "activity" | "reminder"
            )
            .then_some(create.tool.as_str())
        });
        creates.next()
    }
}

/// The tools that settings name as those to call first.
fn prerequisites(operation: &Operation) -> impl Iterator<Item = &str> {
    let facts = operation.settled.facts.iter();
    let named = facts.filter(|fact| fact.key == "prereq");
    let named = named.filter_map(|fact| fact.value.as_array()).flatten();
    named.filter_map(Value::as_str)
}

/// Names of arguments that may be ids: of a tool those that are required, of objects in them all.
fn ids<'v>(schema: &'v Value, only_required: bool, depth: usize, found: &mut Vec<&'v str>) {
    const DEEPEST: usize = 3;
    let required = schema.get("required").and_then(Value::as_array);
    let is_required = |name: &str| {
        let mut names = required.into_iter().flatten();
        names.any(|one| one.as_str() == Some(name))
    };
    let properties = schema.get("properties").and_then(Value::as_object);
    for (name, schema) in properties.into_iter().flatten() {
        if only_required && !is_required(name) || depth > DEEPEST {
            continue;
        }
        found.push(name);
        let inner = schema.get("items").unwrap_or(schema);
        ids(inner, false, depth.saturating_add(1), found);
    }
}

/// Names of tools as they stand in texts.
fn named(tools: &[&str]) -> String {
    let tools: Vec<String> = tools.iter().map(|tool| format!("`{tool}`")).collect();
    let tools: Vec<&str> = tools.iter().map(String::as_str).collect();
    in_words(&tools)
}

/// `a, b and c`
fn in_words(things: &[&str]) -> String {
    match things {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// `a` or `an`.
fn article(noun: &str) -> &'static str {
    match noun.chars().next() {
        Some('a' | 'e' | 'i' | 'o') => "an",
        _ => "a",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_knows_the_tools_that_it_names() {
        let made = step("Use `list_a`, then `get_a`, then `list_a`.".to_owned());
        assert_eq!(made.tools, ["list_a", "get_a"]);
        assert_eq!(step("Say so.".to_owned()).tools, Vec::<String>::new());
        assert_eq!(named(&["a", "b", "c"]), "`a`, `b` and `c`");
    }
}
