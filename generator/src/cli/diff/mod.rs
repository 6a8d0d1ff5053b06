//! `mcpwright diff`: what changes for agents.

mod show;
mod side;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::arguments::{DiffCommand, FailOn, FileArguments};
use super::terminal::Terminal;
use super::tokens::Counter;
use super::{DRIFT, REFUSED};
use crate::diagnostics::render::escaped;
use crate::diagnostics::{Code, Diagnostic};
use crate::diff::{Change, Level, advice, between, between_locks, worst};
use crate::pipeline::Generated;
use show::{Numbers, Report};
use side::{Failed, Names, Side};

/// Runs it; the exit code.
pub fn run(command: &DiffCommand, terminal: &Terminal) -> u8 {
    let progress = terminal.progress("Comparing");
    let report = compared(command, terminal);
    drop(progress);
    let (report, new) = match report {
        Ok(report) => report,
        Err((side, Failed::Usage(message))) => {
            terminal.complain(format!("{side}{message}"));
            return 2;
        }
        Err((side, Failed::Refused(error))) => {
            terminal.failure(&error);
            if !side.is_empty() {
                terminal.complain(format!("{side}it cannot be compared"));
            }
            return REFUSED;
        }
    };
    if terminal.is_for_machines() {
        let found: Vec<Diagnostic> = report.changes.iter().filter_map(finding).collect();
        terminal.diagnostics(&found, new.as_ref().map(|new| &new.report.document));
    }
    let text = if command.json {
        escaped(&format!("{:#}", report.json())).to_string()
    } else if command.markdown {
        report.markdown()
    } else {
        report.text()
    };
    match &command.output {
        Some(path) => {
            if let Err(error) = fs::write(path, text + "\n") {
                terminal.complain(format!("{} cannot be written: {error}", path.display()));
                return REFUSED;
            }
        }
        None => terminal.result(text.trim_end()),
    }
    let limit = match command.fail_on {
        None => return 0,
        Some(FailOn::Breaking) => Level::Breaking,
        Some(FailOn::Risk) => Level::Risk,
        Some(FailOn::Any) => Level::Text,
    };
    match worst(&report.changes) {
        Some(level) if level >= limit => DRIFT,
        _ => 0,
    }
}

/// The report, and the new side where it is a document.
type Compared = (Report, Option<Box<Generated>>);

/// An error says which side it is about.
fn compared(command: &DiffCommand, terminal: &Terminal) -> Result<Compared, (String, Failed)> {
    let old_files = FileArguments {
        config: command
            .old_config
            .clone()
            .or_else(|| command.files.config.clone()),
        ..command.files.clone()
    };
    let names = |lock| {
        if command.relock {
            Names::Suggested
        } else {
            Names::Locked(lock)
        }
    };
    let whose = |what: &str, path: Option<&Path>| match path {
        Some(path) => format!("{what} (`{}`): ", path.display()),
        None => format!("{what} (this folder): "),
    };
    let old = side::read(Some(&command.old), &old_files, names(None), terminal)
        .map_err(|error| (whose("what was", Some(&command.old)), error))?;
    let lock = match &old {
        Side::Document(old) => Some(&old.lock),
        Side::Lock(lock) => Some(lock),
    };
    let new = side::read(
        command.new.as_deref(),
        &command.files,
        names(lock),
        terminal,
    )
    .map_err(|error| (whose("what is", command.new.as_deref()), error))?;
    match (old, new) {
        (Side::Document(old), Side::Document(new)) => {
            let report =
                documents(&old, &new).map_err(|message| (String::new(), Failed::Usage(message)))?;
            Ok((report, Some(new)))
        }
        (old, new) => {
            // A document knows more than is asked of it here.
            let lock = |side: &Side| match side {
                Side::Document(generated) => generated.lock.clone(),
                Side::Lock(lock) => lock.clone(),
            };
            let (old, new) = (lock(&old), lock(&new));
            let changes = between_locks(&old, &new);
            let numbers = |tools| Numbers {
                version: String::new(),
                tools,
                tokens: None,
            };
            let report = Report {
                advice: advice(&changes, ""),
                changes,
                sides: [numbers(old.held().len()), numbers(new.held().len())],
                costs: Vec::new(),
            };
            Ok((report, None))
        }
    }
}

fn documents(old: &Generated, new: &Generated) -> Result<Report, String> {
    let counter = Counter::new()?;
    let (before, after) = (counter.all(&old.api), counter.all(&new.api));
    let tools: BTreeSet<&str> = before.tools().chain(after.tools()).collect();
    let cost = |tokens: usize| i64::try_from(tokens).unwrap_or(i64::MAX);
    let mut costs: Vec<(String, i64)> = tools
        .into_iter()
        .map(|tool| {
            (
                tool.to_owned(),
                cost(after.of(tool)) - cost(before.of(tool)),
            )
        })
        .filter(|(_, change)| *change != 0)
        .collect();
    costs.sort_by_key(|(_, change)| std::cmp::Reverse(change.unsigned_abs()));
    let changes = between(&old.api, &new.api);
    let numbers = |generated: &Generated, tokens| Numbers {
        version: generated.api.version.clone(),
        tools: generated.api.operations().count() + generated.api.composites.len(),
        tokens: Some(tokens),
    };
    Ok(Report {
        advice: advice(&changes, &old.api.version),
        changes,
        sides: [numbers(old, before.total()), numbers(new, after.total())],
        costs,
    })
}

/// A change as a finding, for the forms that machines read; none for words.
fn finding(change: &Change) -> Option<Diagnostic> {
    let code = match change.level {
        Level::Breaking => Code::E0952,
        Level::Risk => Code::E0953,
        Level::Compatible => Code::E0954,
        Level::Text => return None,
    };
    let whose = match (change.tool.as_str(), change.operation.as_str()) {
        ("", _) => String::new(),
        (tool, "") => format!("{tool}: "),
        (tool, operation) => format!("{tool} ({operation}): "),
    };
    let found = Diagnostic::new(code, format!("{whose}{}", change.says));
    Some(match &change.pointer {
        Some(pointer) => found.at_key(pointer),
        None => found,
    })
}
