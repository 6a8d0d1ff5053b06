//! `CATALOG.md`: every tool with its arguments, class, flags and cost, for reviewers.

use minijinja::context;
use serde_json::Value;

use super::crate_files::GENERATOR;
use super::guards;
use super::markdown::{cell, file, left_out};
use crate::ir::{Api, Hints, Operation, Risk};
use crate::text;

/// Name of the file.
pub const CATALOG: &str = "CATALOG.md";
/// Arguments that one line names.
const NAMED: usize = 12;

/// A line of the catalogue.
struct Line<'a> {
    tool: &'a str,
    description: &'a str,
    schema: &'a Value,
    risk: Risk,
    hints: Hints,
    guards: Vec<String>,
}

/// The catalogue; `cost` gives the tokens of a tool.
pub fn catalog(api: &Api, cost: &dyn Fn(&str) -> usize) -> String {
    let all = api.operations().map(of_operation);
    let beside: Vec<Line<'_>> = api
        .composites
        .iter()
        .map(|tool| Line {
            tool: &tool.tool,
            description: &tool.description,
            schema: &tool.input_schema,
            risk: tool.risk,
            hints: tool.hints,
            guards: guards::of_composite(tool),
        })
        .collect();
    let lines: Vec<Line<'_>> = all.collect();
    let count = |risk: Risk| {
        let of_class = |line: &&Line<'_>| line.risk == risk;
        lines.iter().chain(&beside).filter(of_class).count()
    };
    let shown = |line: Line<'_>| {
        context! {
            name => line.tool,
            purpose => cell(&text::first_sentence(line.description, 200)),
            arguments => arguments(line.schema),
            risk => line.risk.as_str(),
            flags => flags(line.hints),
            guards => cell(&line.guards.join("; ")),
            tokens => cost(line.tool),
        }
    };
    let calls: Vec<String> = api.operations().filter_map(call).collect();
    let mut topics: Vec<_> = api
        .groups
        .iter()
        .map(|group| {
            let tools: Vec<_> = group
                .operations
                .iter()
                .map(of_operation)
                .map(shown)
                .collect();
            context! { title => cell(&group.title), tools => tools }
        })
        .collect();
    let tokens: usize = lines
        .iter()
        .chain(&beside)
        .map(|line| cost(line.tool))
        .sum();
    let (read, write) = (count(Risk::Read), count(Risk::Write));
    let (destructive, outward) = (count(Risk::Destructive), count(Risk::Outward));
    if !beside.is_empty() {
        let tools: Vec<_> = beside.into_iter().map(shown).collect();
        topics.push(context! { title => "Beside the operations", tools => tools });
    }
    file(
        include_str!("../../templates/CATALOG.md.j2"),
        &api.name,
        context! {
            title => cell(&api.title),
            tools => text::coverage(lines.len(), api.covered(), api.document_operations),
            composites => (!api.composites.is_empty()).then(|| text::counted(api.composites.len(), "tool")),
            read => read,
            write => write,
            destructive => destructive,
            outward => outward,
            tokens => tokens,
            generator => GENERATOR,
            topics => topics,
            calls => calls,
            exclusions => left_out(&api.exclusions),
        },
    )
}

/// A call that the tool accepts.
fn call(operation: &Operation) -> Option<String> {
    let call = operation.call.as_ref()?.to_string();
    // It stands between backticks.
    Some(format!("`{}` `{}`", operation.tool, call.replace('`', "'")))
}

fn of_operation(operation: &Operation) -> Line<'_> {
    Line {
        tool: &operation.tool,
        description: &operation.description,
        schema: &operation.input_schema,
        risk: operation.risk,
        hints: operation.hints,
        guards: guards::of_operation(operation),
    }
}

/// Required arguments first.
fn arguments(schema: &Value) -> String {
    let required = schema.get("required").and_then(Value::as_array);
    let is_required = |name: &str| {
        required.is_some_and(|names| names.iter().any(|required| required.as_str() == Some(name)))
    };
    let properties = schema.get("properties").and_then(Value::as_object);
    let names: Vec<&str> = properties
        .into_iter()
        .flat_map(|properties| properties.keys())
        .map(String::as_str)
        .collect();
    let (first, then): (Vec<&str>, Vec<&str>) =
        names.into_iter().partition(|name| is_required(name));
    let more = first.len().saturating_add(then.len()).saturating_sub(NAMED);
    let bold = first.into_iter().map(|name| format!("**{}**", cell(name)));
    let plain = then.into_iter().map(cell);
    let mut shown: Vec<String> = bold.chain(plain).take(NAMED).collect();
    if more > 0 {
        shown.push(format!("{more} more"));
    }
    shown.join(", ")
}

/// The four hints of MCP, by letters.
fn flags(hints: Hints) -> String {
    let all = [
        (hints.read_only, 'R'),
        (hints.destructive, 'D'),
        (hints.idempotent, 'I'),
        (hints.open_world, 'O'),
    ];
    let held = all.into_iter().filter(|(held, _)| *held);
    held.map(|(_, letter)| letter).collect()
}
