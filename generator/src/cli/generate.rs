//! `mcpwright generate`

use super::REFUSED;
use super::arguments::GenerateCommand;
use super::lock::LockFile;
use super::terminal::Terminal;
use super::tokens::Counter;
use crate::Generated;
use crate::ir::{Api, Risk};
use crate::lock::Lock;
use crate::output::{WriteOptions, write};

pub fn run(command: &GenerateCommand, terminal: &Terminal) -> u8 {
    match generated(command, terminal) {
        Ok(_) => 0,
        Err(code) => code,
    }
}

/// Writes the crate; what it was made from.
///
/// # Errors
/// The exit code, after the reason was said.
pub fn generated(command: &GenerateCommand, terminal: &Terminal) -> Result<Generated, u8> {
    let from = match &command.spec.spec {
        Some(spec) => spec.display().to_string(),
        None => "the settings".to_owned(),
    };
    let progress = terminal.progress(&format!("Generating from {from}"));
    let config = match command.spec.config() {
        Ok(config) => config,
        Err(message) => {
            drop(progress);
            terminal.complain(message);
            return Err(2);
        }
    };
    let (config, out) = match command.output.apply(config) {
        Ok(found) => found,
        Err(error) => {
            drop(progress);
            return Err(terminal.no_output(&error));
        }
    };
    let lock = LockFile::of(&command.spec, &out);
    let before = match lock.read() {
        Ok(before) => before,
        Err(message) => {
            drop(progress);
            terminal.complain(message);
            return Err(REFUSED);
        }
    };
    let config = lock.apply(config, before.as_deref().filter(|_| !command.relock));
    let generated = config.generate();
    let fetched = config.fetched();
    let mut generated = match generated {
        Ok(generated) => generated,
        Err(error) => {
            drop(progress);
            terminal.lines(&fetched);
            terminal.failure(&error);
            return Err(REFUSED);
        }
    };
    let costs = match Counter::new().map(|counter| counter.all(&generated.api)) {
        Ok(costs) => costs,
        Err(message) => {
            drop(progress);
            terminal.complain(message);
            return Err(REFUSED);
        }
    };
    // Settings that cannot be used were refused above.
    let budget = command.spec.budget_tokens;
    let budget = budget.or_else(|| config.budget_tokens().ok().flatten());
    if let Err(message) = costs.keep_within(budget) {
        drop(progress);
        terminal.lines(&fetched);
        terminal.complain(message);
        return Err(REFUSED);
    }
    generated.add_catalog(&|tool| costs.of(tool));
    let options = WriteOptions {
        force: command.force,
        dry_run: command.dry_run,
    };
    let written = write(&out, &generated.files, options);
    drop(progress);
    terminal.lines(&fetched);
    terminal.diagnostics(
        &generated.report.diagnostics,
        Some(&generated.report.document),
    );
    let written = match written {
        Ok(written) => written,
        Err(diagnostics) => {
            terminal.diagnostics(&diagnostics, None);
            return Err(REFUSED);
        }
    };
    if !command.dry_run
        && let Err(message) = lock.save(&generated.lock.to_text())
    {
        terminal.complain(message);
        return Err(REFUSED);
    }
    terminal.say(summary(&generated.api, terminal));
    terminal.say(format!("  {}", costs.line()));
    if terminal.verbose {
        for operation in generated.api.operations() {
            terminal.say(format!(
                "  {:>6}  {}",
                costs.of(&operation.tool),
                operation.tool
            ));
        }
    }
    let known = before.and_then(|text| Lock::read(&text).ok());
    for line in known
        .iter()
        .flat_map(|known| generated.lock.since(known).lines())
    {
        terminal.say(format!("  {line}"));
    }
    for (verb, files) in [("write", &written.written), ("remove", &written.removed)] {
        if terminal.verbose || command.dry_run {
            for file in files {
                terminal.say(format!("  {verb} {file}"));
            }
        }
    }
    let changed = written.written.len().saturating_add(written.removed.len());
    let folder = out.display();
    match (command.dry_run, changed) {
        (_, 0) => terminal.say(format!(
            "  {folder}: unchanged ({} files)",
            written.unchanged
        )),
        (true, _) => terminal.say(format!(
            "  {folder}: {changed} files would change; nothing was written"
        )),
        (false, _) => {
            terminal.say(format!(
                "  {folder}: {} files written, {} removed, {} unchanged",
                written.written.len(),
                written.removed.len(),
                written.unchanged
            ));
            terminal.say(format!(
                "  next: {}",
                terminal.bold(&format!("cd {folder} && cargo run --release -- tools"))
            ));
        }
    }
    Ok(generated)
}

/// A number of things, in words.
fn counted(count: usize, thing: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {thing}{plural}")
}

/// One line on what the document became.
pub fn summary(api: &Api, terminal: &Terminal) -> String {
    let count = |risk| api.operations().filter(|o| o.risk == risk).count();
    let mut line = format!(
        "{} {}: {}, {} in {} ({} read, {} write, {} destructive, {} outward)",
        terminal.tick(),
        terminal.bold(&format!("{} {}", api.title, api.version)),
        counted(api.document_operations, "operation"),
        counted(api.operations().count(), "tool"),
        counted(api.groups.len(), "topic"),
        count(Risk::Read),
        count(Risk::Write),
        count(Risk::Destructive),
        count(Risk::Outward),
    );
    if !api.composites.is_empty() {
        let count = counted(api.composites.len(), "tool");
        line.push_str(&format!(", and {count} beside the operations"));
    }
    for exclusion in &api.exclusions {
        line.push_str(&format!(
            "\n  left out: {} {} ({})",
            exclusion.method, exclusion.path, exclusion.reason
        ));
    }
    line
}
