//! `mcpwright check`

use std::path::Path;
use std::sync::Arc;

use super::arguments::CheckCommand;
use super::lock::LockFile;
use super::terminal::Terminal;
use super::tokens::Counter;
use super::{DRIFT, REFUSED};
use crate::diagnostics::{Code, Diagnostic};
use crate::output::{Change, ChangeKind, compare};
use crate::source::Position;

pub fn run(command: &CheckCommand, terminal: &Terminal) -> u8 {
    let config = match command.spec.config() {
        Ok(config) => config,
        Err(message) => {
            terminal.complain(message);
            return 2;
        }
    };
    let (config, out) = match command.output.apply(config) {
        Ok(found) => found,
        Err(error) => return terminal.no_output(&error),
    };
    let progress = terminal.progress("Checking");
    let lock = LockFile::of(&command.spec, &out);
    let before = match lock.read() {
        Ok(before) => before,
        Err(message) => {
            drop(progress);
            terminal.complain(message);
            return REFUSED;
        }
    };
    let config = lock.apply(config, before.as_deref());
    let generated = config.generate();
    terminal.lines(&config.fetched());
    let mut generated = match generated {
        Ok(generated) => generated,
        Err(error) => {
            drop(progress);
            terminal.failure(&error);
            return REFUSED;
        }
    };
    let costs = match Counter::new().map(|counter| counter.all(&generated.api)) {
        Ok(costs) => costs,
        Err(message) => {
            drop(progress);
            terminal.complain(message);
            return REFUSED;
        }
    };
    generated.add_catalog(&|tool| costs.of(tool));
    drop(progress);
    terminal.diagnostics(
        &generated.report.diagnostics,
        Some(&generated.report.document),
    );
    let changes = match compare(&out, &generated.files) {
        Ok(changes) => changes,
        Err(diagnostic) => {
            terminal.diagnostics(&[diagnostic], None);
            return REFUSED;
        }
    };
    let folder = out.display();
    for line in generated.changes.lines() {
        terminal.result(line);
    }
    let is_locked = lock.is_current(&generated.lock.to_text());
    if !is_locked {
        terminal.result(format!(
            "{}: does not hold the names and arguments of the tools",
            lock.path().display()
        ));
    }
    if changes.is_empty() && is_locked {
        terminal.say(format!(
            "{} {folder} is what the document says",
            terminal.tick()
        ));
        return 0;
    }
    for change in &changes {
        terminal.result(describe(change));
    }
    if terminal.is_for_machines() {
        let findings: Vec<Diagnostic> = changes.iter().map(|c| finding(&out, c)).collect();
        terminal.diagnostics(&findings, None);
    }
    let mut command_line = format!(
        "mcpwright generate{}{}",
        command.spec.to_options(),
        command.output.to_options()
    );
    if changes
        .iter()
        .any(|c| c.kind == ChangeKind::Edited && !c.line_ends_only)
    {
        command_line.push_str(" --force");
    }
    let differ = match changes.len().saturating_add(usize::from(!is_locked)) {
        1 => "1 file differs".to_owned(),
        n => format!("{n} files differ"),
    };
    terminal.complain(format!("{folder}: {differ}; to mend it: {command_line}"));
    DRIFT
}

/// A file that differs, for annotations in CI.
fn finding(out: &Path, change: &Change) -> Diagnostic {
    let path = out.join(&change.path).display().to_string();
    let message = format!("`{path}`: {}", why(change));
    let finding = Diagnostic::new(Code::E0705, message).document(&Arc::from(path.as_str()));
    match &change.first {
        Some((line, _, _)) => finding.position(Position {
            start: 0,
            end: 0,
            line: *line,
            column: 1,
        }),
        None => finding,
    }
}

/// How a file differs.
fn why(change: &Change) -> String {
    match change.kind {
        ChangeKind::Missing => "missing".to_owned(),
        ChangeKind::Surplus => "no longer generated".to_owned(),
        ChangeKind::Stale | ChangeKind::Edited if change.line_ends_only => {
            "only line ends differ (CRLF); set `* text=auto eol=lf` in .gitattributes".to_owned()
        }
        ChangeKind::Stale => "stale: the document or the generator has changed".to_owned(),
        ChangeKind::Edited => "edited by hand".to_owned(),
    }
}

fn describe(change: &Change) -> String {
    let mut text = format!("{}: {}", change.path, why(change));
    if let Some((line, is, should)) = change.first.as_ref().filter(|_| !change.line_ends_only) {
        text.push_str(&format!("\n  line {line}\n  - {is}\n  + {should}"));
    }
    text
}
