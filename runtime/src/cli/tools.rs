//! `tools`: what the server offers.

use std::io::Write as _;
use std::process::ExitCode;

use clap::ArgMatches;
use serde_json::json;

use super::Stop;
use crate::clock::Clock;
use crate::engine::{Engine, Kind};
use crate::extend::Extensions;
use crate::json::Value;
use crate::operation::Api;

pub(super) fn run(
    api: &'static Api,
    extensions: Extensions,
    options: &ArgMatches,
) -> Result<ExitCode, Stop> {
    let engine = Engine::new(api, extensions, None, Clock::SYSTEM);
    let text = if options.get_flag("json") {
        as_json(&engine)
    } else {
        as_table(&engine)
    };
    // A reader that closes the pipe early has seen enough.
    let _ = writeln!(std::io::stdout(), "{text}");
    Ok(ExitCode::SUCCESS)
}

fn as_json(engine: &Engine) -> String {
    let tools: Vec<Value> = engine
        .entries()
        .iter()
        .map(|entry| {
            let (title, description, hints, operation) = match &entry.kind {
                Kind::Operation(op) => (op.title, op.description, op.hints, Some(*op)),
                Kind::Custom(tool) => (
                    tool.title.as_str(),
                    tool.description.as_str(),
                    tool.hints,
                    None,
                ),
            };
            json!({
                "name": entry.name(),
                "title": title,
                "description": description,
                "operation": operation.map(|op| format!("{} {}", op.method, op.path)),
                "group": operation.map(|op| op.group),
                "risk": operation.map(|op| op.risk.as_str()),
                "annotations": {
                    "readOnlyHint": hints.read_only,
                    "destructiveHint": hints.destructive,
                    "idempotentHint": hints.idempotent,
                    "openWorldHint": hints.open_world,
                },
                "inputSchema": entry.input().as_ref(),
                "outputSchema": entry.output().map(AsRef::as_ref),
            })
        })
        .collect();
    serde_json::to_string_pretty(&tools).unwrap_or_default()
}

fn as_table(engine: &Engine) -> String {
    let rows: Vec<[String; 3]> = engine
        .entries()
        .iter()
        .map(|entry| match &entry.kind {
            Kind::Operation(op) => [
                entry.name().to_owned(),
                op.risk.as_str().to_owned(),
                format!("{} {}", op.method, op.path),
            ],
            Kind::Custom(_) => [entry.name().to_owned(), "custom".to_owned(), String::new()],
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
    lines.push(format!("{count} tools"));
    lines.join("\n")
}
