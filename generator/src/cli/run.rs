//! `mcpwright run`: generate, build, serve.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Parser as _;

use super::arguments::{Arguments, Command as Wanted, GenerateCommand, RunCommand};
use super::project::{self, Crate, SETTINGS, cargo};
use super::terminal::Terminal;
use super::{REFUSED, generate};

/// Runs it; the exit code is the server's.
pub fn run(command: &RunCommand, terminal: &Terminal) -> u8 {
    let program = match built(command.debug, terminal) {
        Ok(program) => program,
        Err(code) => return code,
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

/// `generate` as it is typed without anything, so that whoever runs it takes the same defaults and variables.
pub fn as_typed() -> Option<GenerateCommand> {
    let typed = Arguments::try_parse_from(["mcpwright", "generate"]).ok()?;
    match typed.command {
        Wanted::Generate(wanted) => Some(wanted),
        _ => None,
    }
}

/// Generates and builds the server of this folder; its program.
///
/// # Errors
/// The exit code, after the reason was said.
pub fn built(debug: bool, terminal: &Terminal) -> Result<PathBuf, u8> {
    if Path::new(SETTINGS).is_file() {
        let wanted = as_typed().ok_or(REFUSED)?;
        let code = generate::run(&wanted, terminal);
        if code != 0 {
            return Err(code);
        }
    }
    let found = Crate::find(Path::new("."));
    let built = found.and_then(|found| build(&found, debug, terminal).map(|()| found));
    let program = built.and_then(|found| found.program_of(debug));
    program.map_err(|message| {
        terminal.complain(message);
        REFUSED
    })
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
