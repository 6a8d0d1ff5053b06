//! `mcpwright run`: generate, build, serve.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use clap::Parser as _;

use super::arguments::{Arguments, Command as Wanted, RunCommand};
use super::project::{self, Crate, SETTINGS, cargo};
use super::terminal::Terminal;
use super::{REFUSED, generate};

/// Runs it; the exit code is the server's.
pub fn run(command: &RunCommand, terminal: &Terminal) -> u8 {
    if Path::new(SETTINGS).is_file() {
        // As typed, so that both take the same defaults and variables.
        let Ok(typed) = Arguments::try_parse_from(["mcpwright", "generate"]) else {
            return REFUSED;
        };
        let Wanted::Generate(wanted) = typed.command else {
            return REFUSED;
        };
        let code = generate::run(&wanted, terminal);
        if code != 0 {
            return code;
        }
    }
    let built = Crate::find(Path::new("."))
        .and_then(|found| build(&found, command.debug, terminal).map(|()| found));
    let program = built.and_then(|found| found.program_of(command.debug));
    let program = match program {
        Ok(program) => program,
        Err(message) => {
            terminal.complain(message);
            return REFUSED;
        }
    };
    if command.build_only {
        terminal.result(program.display());
        return 0;
    }
    let mut arguments = command.arguments.clone();
    let is_option = |word: &OsString| word.to_string_lossy().starts_with('-');
    if arguments.first().is_none_or(is_option) {
        arguments.insert(0, "http".into());
    }
    let mut server = Command::new(&program);
    server.args(&arguments).envs(project::variables(terminal));
    started(server, terminal)
}

/// In place of this process where that can be, so that signals reach the server.
#[cfg(unix)]
fn started(mut server: Command, terminal: &Terminal) -> u8 {
    use std::os::unix::process::CommandExt as _;
    let error = server.exec();
    terminal.complain(format!(
        "{} cannot be started: {error}",
        server.get_program().display()
    ));
    REFUSED
}

#[cfg(not(unix))]
fn started(mut server: Command, terminal: &Terminal) -> u8 {
    match server.status() {
        Ok(status) => project::code(status),
        Err(error) => {
            let program = server.get_program().display();
            terminal.complain(format!("{program} cannot be started: {error}"));
            REFUSED
        }
    }
}

/// Builds the crate and shows what is being compiled.
fn build(found: &Crate, debug: bool, terminal: &Terminal) -> Result<(), String> {
    let mut command = cargo();
    command.arg("build").arg("--manifest-path");
    command.arg(found.folder.join("Cargo.toml"));
    if !debug {
        command.arg("--release");
    }
    let first = "  building; the first time takes one to four minutes";
    let done = super::build::build(&mut command, Some(first), terminal)?;
    terminal.say(format!(
        "{} {} built ({done})",
        terminal.tick(),
        found.package
    ));
    Ok(())
}
