//! `mcpwright inspect`

use std::path::Path;

use serde_json::{Value, json};

use super::REFUSED;
use super::arguments::InspectCommand;
use super::generate::summary;
use super::lock::LockFile;
use super::risks;
use super::smells::Smells;
use super::terminal::Terminal;
use super::tokens::{Costs, Counter};
use crate::diagnostics::render::{escaped, json_finding};
use crate::ir::Api;
use crate::lower::LONGEST;
use crate::review::Review;
use crate::text;

pub fn run(command: &InspectCommand, terminal: &Terminal) -> u8 {
    let config = match command.spec.config() {
        Ok(config) => config,
        Err(message) => {
            terminal.complain(message);
            return 2;
        }
    };
    let lock = LockFile::of(&command.spec, Path::new(""));
    let config = match command.spec.lock.as_ref().map(|_| lock.read()) {
        Some(Ok(text)) => lock.apply(config, text.as_deref()),
        Some(Err(message)) => {
            terminal.complain(message);
            return REFUSED;
        }
        None => config,
    };
    let progress = terminal.progress("Reading");
    let generated = config.generate_embedded();
    drop(progress);
    terminal.lines(&config.fetched());
    let generated = match generated {
        Ok(generated) => generated,
        Err(error) => {
            terminal.failure(&error);
            return REFUSED;
        }
    };
    // Settings that cannot be used were refused above.
    let budget = command.spec.budget_tokens;
    let budget = budget.or_else(|| config.budget_tokens().ok().flatten());
    let api = &generated.api;
    let costs = match Counter::new() {
        Ok(counter) => counter.all(api),
        Err(message) => {
            terminal.complain(message);
            return REFUSED;
        }
    };
    let smells = Smells::of(api, &costs);
    let (found, document) = (&generated.report.diagnostics, &generated.report.document);
    terminal.diagnostics(found, Some(document));
    if command.json {
        let mut report = report(api, &generated.report.review, &costs, &smells);
        let found = found.iter().map(|d| json_finding(d, Some(document)));
        if let Some(report) = report.as_object_mut() {
            report.insert("diagnostics".to_owned(), found.collect());
        }
        terminal.result(escaped(&format!("{report:#}")));
        return within(&costs, budget, terminal);
    }
    if command.risk {
        terminal.result(risks::table(api));
        return 0;
    }
    if command.smells {
        terminal.result(smells.listed());
        terminal.say(smells.line());
        return 0;
    }
    terminal.result(table(api, &costs));
    terminal.say(summary(api, terminal));
    for server in &api.own_servers {
        let urls = if server.urls.is_empty() {
            "no http(s) address in the document".to_owned()
        } else {
            server.urls.join(", ")
        };
        terminal.say(format!(
            "  {}: base URL of a server that only some tools use ({urls})",
            server.variable
        ));
    }
    for webhook in &api.webhooks {
        terminal.say(format!("  no tool: {webhook} (a webhook)"));
    }
    for line in reviewed(&generated.report.review, api) {
        terminal.say(format!("  {line}"));
    }
    if let Some(settings) = settings(api) {
        terminal.result(settings);
    }
    terminal.say(format!("  {}", costs.line()));
    terminal.say(format!("  {}", smells.line()));
    within(&costs, budget, terminal)
}

/// The exit code, which says whether the tools cost no more than they may.
fn within(costs: &Costs, budget: Option<usize>, terminal: &Terminal) -> u8 {
    match costs.keep_within(budget) {
        Ok(()) => 0,
        Err(message) => {
            terminal.complain(message);
            REFUSED
        }
    }
}

/// What a reviewer should know besides the findings.
fn reviewed(review: &Review, api: &Api) -> Vec<String> {
    let mut lines = Vec::new();
    let hosts: Vec<String> = review
        .hosts
        .iter()
        .map(|host| format!("{} ({})", text::visible(&host.name), host.uses.join(", ")))
        .collect();
    if !hosts.is_empty() {
        lines.push(format!("hosts named: {}", hosts.join("; ")));
    }
    let cut = cut(api).len();
    if cut > 0 {
        lines.push(format!(
            "{} cut at {LONGEST} characters",
            text::counted(cut, "description")
        ));
    }
    lines
}

/// Tools whose description does not say all that the document says.
fn cut(api: &Api) -> Vec<&str> {
    api.operations()
        .filter(|operation| operation.description.ends_with('…'))
        .map(|operation| operation.tool.as_str())
        .collect()
}

/// Which facts came from settings, from where, and why.
fn settings(api: &Api) -> Option<String> {
    let mut lines = Vec::new();
    for operation in api.operations() {
        let facts = &operation.settled.facts;
        if facts.is_empty() {
            continue;
        }
        lines.push(format!("  {}", operation.tool));
        for fact in facts {
            let value = text::cut(&text::line(&fact.value.to_string(), 400), 60);
            let reason = fact.reason.as_deref().unwrap_or_default();
            let reason = if reason.is_empty() {
                String::new()
            } else {
                format!(": {reason}")
            };
            lines.push(format!(
                "    {} = {value} ({}){reason}",
                fact.key, fact.from
            ));
        }
    }
    (!lines.is_empty()).then(|| format!("\nsettings\n{}", lines.join("\n")))
}

fn report(api: &Api, review: &Review, costs: &Costs, smells: &Smells<'_>) -> Value {
    let tools: Vec<Value> = api
        .groups
        .iter()
        .flat_map(|group| {
            group.operations.iter().map(|o| {
                let required = o
                    .input_schema
                    .get("required")
                    .and_then(Value::as_array)
                    .map_or(0, Vec::len);
                json!({
                    "tool": o.tool,
                    "method": o.method,
                    "path": o.path,
                    "operationId": o.operation_id,
                    "group": group.title,
                    "class": o.risk.as_str(),
                    "classReason": o.risk_reason,
                    "readOnlyHint": o.hints.read_only,
                    "destructiveHint": o.hints.destructive,
                    "idempotentHint": o.hints.idempotent,
                    "openWorldHint": o.hints.open_world,
                    "smells": smells.of_tool(&o.tool),
                    "parameters": o.fields.len(),
                    "madeForEachCall": o.parameters.iter().filter(|p| p.generated).map(|p| &p.name).collect::<Vec<_>>(),
                    "required": required,
                    "tokens": costs.of(&o.tool),
                    "baseUrlVariable": o.server.and_then(|i| Some(&api.own_servers.get(i)?.variable)),
                    "pointer": o.pointer.to_string(),
                    "settings": o.settled.facts,
                })
            })
        })
        .collect();
    json!({
        "title": api.title,
        "version": api.version,
        "server": api.name,
        "package": api.package,
        "documentSha256": api.document_sha256,
        "operations": api.document_operations,
        "tools": tools,
        "composites": api.composites.iter().map(|tool| json!({
            "tool": tool.tool,
            "calls": tool.calls(),
            "group": tool.group,
            "class": tool.risk.as_str(),
            "tokens": costs.of(&tool.tool),
        })).collect::<Vec<_>>(),
        "exclusions": api.exclusions,
        "servers": api.servers,
        "ownServers": api.own_servers.iter().map(|s| json!({"variable": s.variable, "urls": s.urls})).collect::<Vec<_>>(),
        "webhooks": api.webhooks,
        "hosts": review.hosts.iter().map(|h| json!({"host": h.name, "uses": h.uses})).collect::<Vec<_>>(),
        "cutDescriptions": cut(api),
        "variables": api.schemes.iter().flat_map(|s| s.variables.clone()).collect::<Vec<_>>(),
    })
}

fn table(api: &Api, costs: &Costs) -> String {
    let rows: Vec<[String; 5]> = api
        .operations()
        .map(|o| {
            let required = o
                .input_schema
                .get("required")
                .and_then(Value::as_array)
                .map_or(0, Vec::len);
            [
                format!("{} {}", o.method, o.path),
                o.tool.clone(),
                o.risk.as_str().to_owned(),
                format!("{} ({required})", o.fields.len()),
                costs.of(&o.tool).to_string(),
            ]
        })
        .chain(api.composites.iter().map(|tool| {
            let needed = tool.input_schema.get("required");
            let needed = needed.and_then(Value::as_array).map_or(0, Vec::len);
            let all = tool.input_schema.get("properties");
            let all = all
                .and_then(Value::as_object)
                .map_or(0, serde_json::Map::len);
            [
                format!("calls {}", tool.calls().join(", ")),
                tool.tool.clone(),
                tool.risk.as_str().to_owned(),
                format!("{all} ({needed})"),
                costs.of(&tool.tool).to_string(),
            ]
        }))
        .collect();
    let head = [
        "operation",
        "tool",
        "class",
        "parameters (required)",
        "tokens",
    ]
    .map(str::to_owned);
    let widths: Vec<usize> = (0..5)
        .map(|column| {
            std::iter::once(&head)
                .chain(&rows)
                .filter_map(|row| row.get(column))
                .map(|cell| cell.chars().count())
                .max()
                .unwrap_or_default()
                .min(72)
        })
        .collect();
    let line = |row: &[String; 5]| {
        let cells: Vec<String> = row
            .iter()
            .zip(&widths)
            .enumerate()
            .map(|(i, (cell, &width))| {
                let cell = text::cut(cell, width);
                if i >= 3 {
                    format!("{cell:>width$}")
                } else {
                    format!("{cell:<width$}")
                }
            })
            .collect();
        cells.join("  ").trim_end().to_owned()
    };
    std::iter::once(&head)
        .chain(&rows)
        .map(line)
        .collect::<Vec<_>>()
        .join("\n")
}
