//! What the stores of Claude and ChatGPT ask for, filled in from what the tools do.

use minijinja::context;
use serde_json::{Map, Value, json};

use super::{Made, Subject, Tool, pretty};
use crate::emit::{cell, file};
use crate::ir::{Prompt, Risk};
use crate::names::title;
use crate::text;

/// Most tests of a form, and most of those that must not lead to the app.
const TESTS: usize = 5;
/// Shape of the form of ChatGPT's store.
const SCHEMA: &str =
    "https://developers.openai.com/apps-sdk/schemas/chatgpt-app-submission.v1.json";

pub(super) fn files(subject: Subject<'_>) -> Made {
    let mut made = Made::new();
    made.insert(
        "submission/chatgpt-app-submission.json".to_owned(),
        pretty(&chatgpt(subject)),
    );
    made.insert(
        "submission/claude.md".to_owned(),
        claude(subject).into_bytes(),
    );
    made
}

/// The form of ChatGPT's store, which is uploaded there.
fn chatgpt(subject: Subject<'_>) -> Value {
    let service = subject.title();
    let tools = subject.tools().map(|tool| {
        let value = json!({
            "annotations": {
                "readOnlyHint": tool.hints.read_only,
                "openWorldHint": tool.hints.open_world,
                "destructiveHint": tool.hints.destructive,
            },
            "justifications": {
                "read_only_justification": read_only(&tool),
                "open_world_justification": open_world(&tool, &service),
                "destructive_justification": destructive(&tool, &service),
            },
        });
        (tool.name.to_owned(), value)
    });
    let tools: Map<String, Value> = tools.collect();
    let tests: Vec<Value> = subject
        .tests()
        .map(|(prompt, tools)| {
            json!({
                "description": text::line(&prompt.description, 200),
                "user_prompt": asked(prompt),
                "file_attachment_urls": null,
                "tools_triggered": tools.join(", "),
                "expected_output": expected(prompt),
                "expected_output_url": null,
            })
        })
        .collect();
    json!({
        "$schema": SCHEMA,
        "schema_version": 1,
        "app_info": {
            "display_name": text::line(&subject.api.title, 30),
            "subtitle": text::line(&format!("Work with {service}"), 30),
            "description": format!(
                "{} Find, read, create and change records of {service} in a conversation; what cannot be undone is \
                 asked for first.",
                text::with_stop(&subject.description())
            ),
            "category": subject.publisher.category.as_deref().unwrap_or("BUSINESS"),
        },
        "tools": tools,
        "test_cases": tests,
        "negative_test_cases": beside(&service),
    })
}

/// What is sent, which a reviewer can look up.
fn wire(tool: &Tool<'_>) -> String {
    match tool.wire {
        Some((method, path, _)) => format!("{method} {}", text::line(path, 120)),
        None => "several calls of other tools".to_owned(),
    }
}

fn read_only(tool: &Tool<'_>) -> String {
    let wire = wire(tool);
    if tool.hints.read_only {
        format!("Sends {wire}, which returns records and changes none.")
    } else {
        format!("Sends {wire}, which changes records of the account that the user connected.")
    }
}

fn open_world(tool: &Tool<'_>, service: &str) -> String {
    match (tool.hints.open_world, tool.wire) {
        (true, Some((_, _, reason))) => format!(
            "What it does leaves {service} and reaches others ({}).",
            reason.replace('`', "'")
        ),
        (true, None) => format!("One of its calls leaves {service} and reaches others."),
        (false, _) => format!(
            "Stays within the user's own account in {service}; nothing is published or sent to others."
        ),
    }
}

fn destructive(tool: &Tool<'_>, service: &str) -> String {
    let why = match tool.wire {
        Some((_, _, reason)) => title(&[reason.replace('`', "'")]),
        None => format!("It changes what is already in {service}"),
    };
    match (tool.hints.destructive, tool.risk) {
        (true, Risk::Destructive | Risk::Outward) => format!(
            "{why}; the server asks the user first, or shows a preview and waits for a confirmation of it."
        ),
        (true, _) => format!("{why} what was there before, in fields that the user names."),
        (false, _) if tool.hints.read_only => "Only reads.".to_owned(),
        (false, _) => "Adds; it neither deletes nor overwrites what is there.".to_owned(),
    }
}

/// What nobody should be led to the app by.
fn beside(title: &str) -> Value {
    let rows = [
        (
            "Not for general knowledge.",
            "What is the capital of Australia?",
        ),
        ("Not for the weather.", "Will it rain in Berlin tomorrow?"),
        (
            "Not for writing that has nothing to do with records.",
            "Write a haiku about autumn.",
        ),
    ];
    rows.iter()
        .map(|(description, prompt)| {
            json!({
                "description": description,
                "user_prompt": prompt,
                "file_attachment_urls": null,
                "tools_triggered": null,
                "expected_output": format!("The app is not used: the request has nothing to do with {title}."),
                "expected_output_url": null,
            })
        })
        .collect()
}

impl<'a> Subject<'a> {
    /// Prompts that a reviewer can try, each with the tools that it leads to.
    fn tests(self) -> impl Iterator<Item = (&'a Prompt, Vec<&'a str>)> {
        let prompts = self.api.prompts.iter().filter_map(|prompt| {
            let mut tools: Vec<&str> = Vec::new();
            for step in &prompt.steps {
                for tool in &step.tools {
                    if !tools.contains(&tool.as_str()) {
                        tools.push(tool);
                    }
                }
            }
            (!tools.is_empty()).then_some((prompt, tools))
        });
        prompts.take(TESTS)
    }
}

/// A prompt as a person types it: with the defaults, and names of arguments where there are none.
fn asked(prompt: &Prompt) -> String {
    let mut text = prompt.opening.clone();
    for argument in &prompt.arguments {
        let given = argument.default.clone();
        let given = given.unwrap_or_else(|| format!("[{}]", argument.name.replace('_', " ")));
        text = text.replace(&format!("{{{}}}", argument.name), &given);
    }
    text::line(&text, 300)
}

fn expected(prompt: &Prompt) -> String {
    let last = prompt.steps.last().map(|step| step.text.as_str());
    text::line(
        &format!(
            "{} The last step: {}",
            text::with_stop(&prompt.title),
            last.unwrap_or_default()
        ),
        400,
    )
}

/// The checklist of Claude's directory, with what is known.
fn claude(subject: Subject<'_>) -> String {
    let publisher = subject.publisher;
    let known = |value: &Option<String>, key: &str| {
        let value = value.as_deref().map(cell);
        value.unwrap_or_else(|| format!("**missing**: set `bundle.{key}`"))
    };
    let count = |wanted: fn(&Tool<'_>) -> bool| subject.tools().filter(wanted).count();
    let longest = subject.tools().map(|tool| tool.name.len()).max();
    let rows = subject.tools().map(|tool| {
        let word = |is: bool| if is { "yes" } else { "no" };
        context! {
            name => tool.name,
            title => cell(tool.title),
            wire => cell(&wire(&tool)),
            read => word(tool.hints.read_only),
            destructive => word(tool.hints.destructive),
            idempotent => word(tool.hints.idempotent),
            outward => word(tool.hints.open_world),
            why => cell(tool.wire.map_or("", |(_, _, reason)| reason)),
        }
    });
    let rows: Vec<minijinja::Value> = rows.collect();
    let prompts: Vec<String> = subject
        .tests()
        .map(|(prompt, _)| cell(&asked(prompt)))
        .collect();
    file(
        include_str!("../../templates/bundle/claude.md.j2"),
        &subject.api.name,
        context! {
            title => cell(&subject.api.title),
            name => &subject.api.name,
            description => cell(&subject.description()),
            version => subject.version(),
            author => cell(&subject.author()),
            url => known(&publisher.url, "url"),
            auth => publisher.auth.word(),
            privacy => known(&publisher.privacy_policy, "privacy_policy"),
            support => known(&publisher.support, "support"),
            documentation => known(&publisher.documentation, "documentation"),
            coverage => subject.coverage(),
            reads => count(|tool| tool.hints.read_only),
            writes => count(|tool| !tool.hints.read_only),
            destructive => count(|tool| tool.hints.destructive),
            outward => count(|tool| tool.hints.open_world),
            without_schema => count(|tool| !tool.has_output_schema),
            longest => longest.unwrap_or_default(),
            prompts => prompts,
            tools => rows,
        },
    )
}
