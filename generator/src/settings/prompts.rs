//! Prompts of the operator's own, and which of the others there are.

use std::collections::HashSet;

use super::merge::Configured;
use super::tree::Tree;
use crate::diagnostics::{Code, Sink};
use crate::ir::{Prompt, PromptArgument};
use crate::names::{title, words};
use crate::similar::most_alike;
use crate::text;

/// The prompt that every server has.
const SETUP: &str = "setup";
/// Longest name.
const LONGEST_NAME: usize = 40;
/// Longest text, in characters.
const LONGEST: usize = 8_000;

impl Configured {
    /// Whether the larger topics have a prompt each.
    pub fn has_topic_prompts(&self) -> bool {
        self.topic_prompts
    }

    /// Those made up from the operations, as far as they are not excluded or replaced, and the operator's own
    /// before them.
    pub fn prompts(&self, mut made_up: Vec<Prompt>, sink: &mut Sink) -> Vec<Prompt> {
        for (name, place) in &self.prompts_off {
            if made_up.iter().any(|prompt| prompt.name == *name) {
                continue;
            }
            let message = format!("there is no prompt `{}` to exclude", text::line(name, 60));
            let finding = place.finding(Code::E0923, message);
            let known: Vec<&str> = made_up.iter().map(|one| one.name.as_str()).collect();
            sink.push(match most_alike(name, known.iter().copied()) {
                Some(near) => finding.help(format!("did you mean `{near}`?")),
                None if known.is_empty() => finding.help("none is made up from these operations"),
                None => finding.help(format!("made up are {}", known.join(", "))),
            });
        }
        let mut own: Vec<Prompt> = Vec::new();
        for tree in &self.prompts {
            let Some(prompt) = self.own_prompt(tree, &own, sink) else {
                continue;
            };
            own.push(prompt);
        }
        made_up.retain(|prompt| {
            let is_off = self
                .prompts_off
                .iter()
                .any(|(name, _)| *name == prompt.name);
            !is_off && own.iter().all(|one| one.name != prompt.name)
        });
        own.extend(made_up);
        own
    }

    fn own_prompt(&self, tree: &Tree, before: &[Prompt], sink: &mut Sink) -> Option<Prompt> {
        let said = |key: &str| tree.get(key).and_then(Tree::text);
        let name = tree.get("name")?;
        let shown = text::line(name.text()?, 60);
        let mut refuse = |key: &str, message: String, help: &str| {
            let place = &tree.get(key).unwrap_or(tree).place;
            sink.push(place.finding(Code::E0426, message).help(help));
        };
        if !is_name(name.text()?) {
            let message = format!("`{shown}` is no name for a prompt");
            let help = "1 to 40 characters: a-z, 0-9 and `_`, starting with a letter";
            refuse("name", message, help);
            return None;
        }
        if shown == SETUP || before.iter().any(|prompt| prompt.name == shown) {
            let message = format!("a prompt is named `{shown}` already");
            refuse("name", message, "choose another name");
            return None;
        }
        let pairs = |key: &str| -> Vec<(&str, &str)> {
            let members = tree.get(key).and_then(Tree::members).into_iter().flatten();
            members
                .filter_map(|(name, member)| Some((name.as_str(), member.tree.text()?)))
                .collect()
        };
        let (arguments, defaults) = (pairs("arguments"), pairs("defaults"));
        let body = said("text").unwrap_or_default();
        let named: HashSet<&str> = placeholders(body).collect();
        let knows = |name: &str| arguments.iter().any(|(known, _)| *known == name);
        if let Some(name) = placeholders(body).find(|name| !knows(name)) {
            let message = format!("`{{{name}}}` in the text of `{shown}` is no argument");
            refuse(
                "text",
                message,
                "add it below `[prompt.arguments]`, or take it out",
            );
            return None;
        }
        for (name, _) in &arguments {
            if !named.contains(name) {
                let given = text::line(name, 60);
                let message =
                    format!("the argument `{given}` of `{shown}` does not stand in its text");
                refuse(
                    "arguments",
                    message,
                    "write it in the text between braces, as lower-case letters, digits and `_`",
                );
                return None;
            }
        }
        for (name, _) in &defaults {
            if !knows(name) {
                let given = text::line(name, 60);
                let message = format!("the default `{given}` of `{shown}` is for no argument");
                refuse("defaults", message, "name an argument of this prompt");
                return None;
            }
        }
        let arguments = arguments.iter().map(|(name, about)| PromptArgument {
            name: (*name).to_owned(),
            description: text::line(about, 300),
            default: defaults
                .iter()
                .find(|(known, _)| known == name)
                .map(|(_, default)| text::line(default, 300)),
        });
        let tools = tree.get("tools").map(Tree::items).unwrap_or_default();
        Some(Prompt {
            title: said("title").map_or_else(|| title(&words(&shown)), |said| text::line(said, 80)),
            description: text::line(said("description").unwrap_or_default(), 300),
            arguments: arguments.collect(),
            opening: text::paragraphs(body, LONGEST),
            steps: Vec::new(),
            needs: tools
                .iter()
                .filter_map(|tool| Some(tool.text()?.to_owned()))
                .collect(),
            name: shown,
        })
    }
}

fn is_name(name: &str) -> bool {
    name.len() <= LONGEST_NAME
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(is_plain)
}

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_'
}

/// The names between braces in a text: `{day}`. Other braces are text.
fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.split('{')
        .skip(1)
        .filter_map(|rest| Some(rest.split_once('}')?.0))
        .filter(|name| is_name(name))
}

#[cfg(test)]
mod tests {
    use super::placeholders;

    #[test]
    fn names_between_braces_are_placeholders() {
        let found: Vec<&str> = placeholders("a {day} {\"x\": 1} {who} { x } {").collect();
        assert_eq!(found, ["day", "who"]);
    }
}
