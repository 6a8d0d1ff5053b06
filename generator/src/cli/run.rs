//! `mcpwright run`: generate, build, serve.

use std::ffi::OsString;
use std::io::{BufReader, IsTerminal as _, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use clap::Parser as _;

use super::arguments::{Arguments, Command as Wanted, RunCommand};
use super::project::{self, Crate, SETTINGS, cargo, no_cargo};
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
    server.args(&arguments).envs(project::variables());
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
    let begun = Instant::now();
    let mut command = cargo();
    command.arg("build").arg("--manifest-path");
    command.arg(found.folder.join("Cargo.toml"));
    if !debug {
        command.arg("--release");
    }
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(no_cargo)?;
    let live = std::io::stderr().is_terminal();
    let mut lines: Vec<String> = Vec::new();
    let mut compiled = 0_usize;
    let said = child.stderr.take().map(BufReader::new);
    for line in said.into_iter().flat_map(std::io::BufRead::lines) {
        let Ok(line) = line else { break };
        let shown = line.trim();
        if shown.starts_with("Compiling ") {
            if compiled == 0 && !live {
                terminal.say("  building; the first time takes one to four minutes");
            }
            compiled = compiled.saturating_add(1);
            if live {
                let shown = shown.split(" (").next().unwrap_or(shown);
                let _ = write!(std::io::stderr(), "\r\x1b[2K  {compiled}: {shown}");
                let _ = std::io::stderr().flush();
            }
        }
        lines.push(line);
    }
    if live {
        let _ = write!(std::io::stderr(), "\r\x1b[2K");
    }
    let status = child.wait().map_err(|error| error.to_string())?;
    if !status.success() {
        let from = lines.len().saturating_sub(40);
        let tail = lines.get(from..).unwrap_or_default().join("\n");
        return Err(format!("the build failed:\n{tail}"));
    }
    let done = if compiled == 0 {
        "nothing to do".to_owned()
    } else {
        format!(
            "{compiled} crates compiled in {:.0} s",
            begun.elapsed().as_secs_f64()
        )
    };
    terminal.say(format!(
        "{} {} built ({done})",
        terminal.tick(),
        found.package
    ));
    Ok(())
}
