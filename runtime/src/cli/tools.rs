//! `tools`: what the server offers.

use std::io::Write as _;
use std::process::ExitCode;

use clap::ArgMatches;
use serde_json::json;

use super::signature::{signature, usage};
use super::{EXIT_USAGE, Stop, view};
use crate::catalog::{Catalog, Form, OwnTool, Selection};
use crate::clock::Clock;
use crate::engine::{Engine, Entry, Kind};
use crate::extend::Extensions;
use crate::json::{Object, Value};
use crate::operation::{Api, Hints};

pub(super) fn run(
    api: &'static Api,
    extensions: Extensions,
    options: &ArgMatches,
) -> Result<ExitCode, Stop> {
    #[cfg(feature = "connect")]
    if let Some(url) = options.get_one::<String>("url") {
        return super::remote::tools(api, url, options);
    }
    let engine = Engine::guarded(api, extensions, None, super::guard(api)?, Clock::SYSTEM);
    // To a person, a long list costs nothing.
    let catalog = view::catalog(api, engine, Some(options), "all")?;
    let selection = catalog
        .select(catalog.base())
        .map_err(|line| Stop::new(EXIT_USAGE, line))?;
    let tools = listed(&catalog, &selection);
    let names: Vec<&String> = options.get_many("names").into_iter().flatten().collect();
    let text = if !names.is_empty() {
        blocks(&catalog, &selection, &names)?
    } else if options.get_flag("json") {
        let tools: Vec<Value> = tools.into_iter().map(as_json).collect();
        serde_json::to_string_pretty(&tools).unwrap_or_default()
    } else {
        as_table(&tools, catalog.engine().entries().len())
    };
    // A reader that closes the pipe early has seen enough.
    let _ = writeln!(std::io::stdout(), "{text}");
    Ok(ExitCode::SUCCESS)
}

/// The tools that are named, each with its signature.
fn blocks(catalog: &Catalog, selection: &Selection, names: &[&String]) -> Result<String, Stop> {
    let mut blocks = Vec::new();
    for name in names {
        let own = catalog.own_tools(selection);
        let entries = catalog.engine().entries();
        blocks.push(
            if let Some(entry) = entries.iter().find(|entry| entry.name() == name.as_str()) {
                block(entry.name(), entry.description(), entry.input())
            } else if let Some(tool) = own.iter().find(|tool| tool.name == name.as_str()) {
                block(&tool.name, &tool.description, &tool.input_schema)
            } else {
                return Err(Stop::new(EXIT_USAGE, catalog.no_target(selection, name)));
            },
        );
    }
    Ok(blocks.join("\n\n"))
}

/// A tool with its signature, what it does and how it is called.
pub(super) fn block(name: &str, description: &str, schema: &Object) -> String {
    let mut text = signature(name, schema);
    for line in description.lines().filter(|line| !line.trim().is_empty()) {
        text.push_str(&format!("\n  {line}"));
    }
    text.push_str(&format!("\n  call {}", usage(name, schema)));
    text
}

/// A tool of the API or of the view.
enum Listed<'a> {
    Entry(&'a Entry),
    Own(OwnTool),
}

fn listed<'a>(catalog: &'a Catalog, selection: &'a Selection) -> Vec<Listed<'a>> {
    let own = catalog.own_tools(selection).into_iter().map(Listed::Own);
    match selection.form {
        Form::Tools => {
            let entries = catalog.selected(selection).map(Listed::Entry);
            entries.chain(own).collect()
        }
        _ => own.collect(),
    }
}

fn as_json(tool: Listed<'_>) -> Value {
    match tool {
        Listed::Entry(entry) => {
            let operation = entry.operation();
            json!({
                "name": entry.name(),
                "title": entry.title(),
                "description": entry.description(),
                "operation": operation.map(|op| format!("{} {}", op.method, op.path)),
                "calls": calls(entry),
                "group": is_ours(entry).then(|| entry.group()),
                "risk": is_ours(entry).then(|| entry.risk().as_str()),
                "annotations": annotations(entry.hints()),
                "inputSchema": entry.input().as_ref(),
                "outputSchema": entry.output().map(AsRef::as_ref),
            })
        }
        Listed::Own(tool) => json!({
            "name": tool.name,
            "title": tool.title,
            "description": tool.description,
            "operation": Value::Null,
            "group": Value::Null,
            "risk": Value::Null,
            "annotations": annotations(tool.hints),
            "inputSchema": tool.input_schema,
            "outputSchema": None::<Object>,
        }),
    }
}

/// The tools that a composite calls.
fn calls(entry: &Entry) -> Option<Vec<&'static str>> {
    match &entry.kind {
        Kind::Composite(tool) => {
            let called = tool.operations();
            Some(called.iter().map(|called| called.tool).collect())
        }
        Kind::Operation(_) | Kind::Custom(_) => None,
    }
}

/// Whether the generator knows the tool.
const fn is_ours(entry: &Entry) -> bool {
    !matches!(entry.kind, Kind::Custom(_))
}

fn annotations(hints: Hints) -> Value {
    json!({
        "readOnlyHint": hints.read_only,
        "destructiveHint": hints.destructive,
        "idempotentHint": hints.idempotent,
        "openWorldHint": hints.open_world,
    })
}

fn as_table(tools: &[Listed<'_>], all: usize) -> String {
    let rows: Vec<[String; 3]> = tools
        .iter()
        .map(|tool| match tool {
            Listed::Entry(entry) => match entry.operation() {
                Some(op) => [
                    entry.name().to_owned(),
                    op.risk.as_str().to_owned(),
                    format!("{} {}", op.method, op.path),
                ],
                None => match calls(entry) {
                    Some(calls) => [
                        entry.name().to_owned(),
                        entry.risk().as_str().to_owned(),
                        format!("calls {}", calls.join(", ")),
                    ],
                    None => [entry.name().to_owned(), "custom".to_owned(), String::new()],
                },
            },
            Listed::Own(tool) => [
                tool.name.clone(),
                "view".to_owned(),
                tool.description.clone(),
            ],
        })
        .collect();
    let width = rows
        .iter()
        .map(|[name, ..]| name.len())
        .max()
        .unwrap_or_default();
    let mut lines: Vec<String> = rows
        .into_iter()
        .map(|[name, risk, operation]| format!("{name:width$}  {risk:11}  {operation}"))
        .collect();
    let count = lines.len();
    lines.push(
        if matches!(tools.first(), Some(Listed::Entry(_))) && count < all {
            format!("{count} of {all} tools")
        } else {
            format!("{count} tools")
        },
    );
    lines.join("\n")
}
