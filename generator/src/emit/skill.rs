//! `SKILL.md`: how to work with the tools, for agents that load skills.

use minijinja::context;
use serde_json::Value;

use super::markdown::{cell, file};
use crate::ir::{Api, Operation, Prompt, PromptStep, Risk};
use crate::text;

/// Tools that one line names.
const NAMED: usize = 12;
/// Tools that need care, which a reader should not have to look for.
const CAREFUL: usize = 80;
/// Topics in the description, which agents read to choose a skill.
const TOPICS: usize = 12;
/// Longest step, in characters.
const STEP: usize = 400;
/// Longest text of a prompt of the operator's own, in characters.
const OWN: usize = 2_000;
/// Longest description (Agent Skills specification, frontmatter `description`).
const LONGEST: usize = 1_024;

/// Name of the skill. Never that of a device (`con`, `aux`), since its folder has it too.
fn name(api: &Api) -> String {
    format!("{}-tools", api.name)
}

/// Where the skill stands: its folder has its name (Agent Skills specification, frontmatter `name`).
pub fn path(api: &Api) -> String {
    format!("skills/{}/SKILL.md", name(api))
}

/// The skill.
pub fn skill(api: &Api) -> String {
    let class = |risk: Risk| {
        let tools = api.operations().filter(|operation| operation.risk == risk);
        let tools = tools.map(|operation| operation.tool.as_str());
        let composites = api.composites.iter().filter(|tool| tool.risk == risk);
        names(
            tools.chain(composites.map(|tool| tool.tool.as_str())),
            CAREFUL,
        )
    };
    let topics: Vec<_> = api
        .groups
        .iter()
        .map(|group| {
            let own = group.operations.iter().map(|o| o.tool.as_str());
            let beside = api.composites.iter();
            let beside = beside.filter(|tool| tool.group == group.title);
            let tools = names(own.chain(beside.map(|tool| tool.tool.as_str())), NAMED);
            context! { title => cell(&group.title), tools => tools }
        })
        .collect();
    let first: Vec<String> = api.operations().filter_map(order).collect();
    let lists_fields = |operation: &Operation| {
        let answer = operation.answer.as_ref();
        answer.is_some_and(|answer| answer.selectable)
    };
    file(
        include_str!("../../templates/SKILL.md.j2"),
        &api.name,
        context! {
            name => name(api),
            description => Value::from(description(api)).to_string(),
            title => cell(&api.title),
            tools => text::counted(api.operations().count().saturating_add(api.composites.len()), "tool"),
            fields => api.operations().any(lists_fields),
            outward => class(Risk::Outward),
            destructive => class(Risk::Destructive),
            first => first,
            work => work(api),
            topics => topics,
        },
    )
}

/// What the skill is for and when to use it.
fn description(api: &Api) -> String {
    let topics: Vec<String> = api
        .groups
        .iter()
        .take(TOPICS)
        .map(|group| text::line(&group.title, 40))
        .collect();
    let more = api.groups.len().saturating_sub(TOPICS);
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    let said = format!(
        "Work with {} through its MCP server. Use when someone asks to find, read, create, change or send \
         something of: {}{more}.",
        text::line(&api.title, 80),
        topics.join(", ")
    );
    // Angle brackets could be taken for tags of a prompt.
    text::cut(&said.replace(['<', '>'], " "), LONGEST)
}

/// What people do on an ordinary day, step by step: the prompts, for clients that do not offer them.
fn work(api: &Api) -> Vec<minijinja::Value> {
    let filled = |prompt: &Prompt, text: &str, most: usize| {
        let mut text = text.to_owned();
        for argument in &prompt.arguments {
            let given = argument.default.as_deref().unwrap_or(&argument.name);
            text = text.replace(&format!("{{{}}}", argument.name), given);
        }
        // Tools stay code; nothing in it is a tag.
        text::line(&text, most).replace('<', "&lt;")
    };
    let one = |prompt: &Prompt| {
        let step = |one: &PromptStep| filled(prompt, &one.text, STEP);
        let steps: Vec<String> = prompt.steps.iter().map(step).collect();
        // The operator's own have a text and no steps.
        let own = match steps.as_slice() {
            [] => filled(prompt, &prompt.opening, OWN),
            _ => String::new(),
        };
        context! { title => cell(&prompt.title), about => cell(&prompt.description), text => own, steps => steps }
    };
    api.prompts.iter().map(one).collect()
}

/// What settings say that is to be called before a tool.
fn order(operation: &Operation) -> Option<String> {
    let facts = operation.settled.facts.iter();
    let tools: Vec<&str> = facts
        .filter(|fact| fact.key == "prereq")
        .filter_map(|fact| fact.value.as_array())
        .flatten()
        .filter_map(Value::as_str)
        // A text names only what there is.
        .filter(|tool| operation.description.contains(&format!("`{tool}`")))
        .collect();
    (!tools.is_empty()).then(|| {
        format!(
            "Before `{}`: {}.",
            operation.tool,
            names(tools.into_iter(), NAMED)
        )
    })
}

/// Names of tools as code, at most so many.
fn names<'a>(tools: impl Iterator<Item = &'a str>, most: usize) -> String {
    let all: Vec<String> = tools.map(|tool| format!("`{tool}`")).collect();
    let more = all.len().saturating_sub(most);
    let shown: Vec<String> = all.into_iter().take(most).collect();
    let shown = shown.join(", ");
    if more > 0 {
        format!("{shown} and {more} more")
    } else {
        shown
    }
}
