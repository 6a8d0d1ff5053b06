//! `mcpwright run`: generate, build, serve; with a mock in the place of the service if that is wanted.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Parser as _;

use super::arguments::{Arguments, Command as Wanted, GenerateCommand, MockArguments, RunCommand};
use super::mock::InPlace;
use super::project::{self, Crate, SETTINGS, cargo};
use super::terminal::Terminal;
use super::{REFUSED, generate};

/// Runs it; the exit code is the server's.
pub fn run(command: &RunCommand, terminal: &Terminal) -> u8 {
    let program = match built(command.release, terminal) {
        Ok(program) => program,
        Err(code) => return code,
    };
    if command.build_only {
        terminal.result(program.display());
        return 0;
    }
    let mock = match in_place(&command.server.mock, terminal) {
        Ok(mock) => mock,
        Err(code) => return code,
    };
    let mut server = Command::new(&program);
    server.args(with_http(&command.server.arguments));
    match mock {
        Some(mock) => {
            mock.lead(&mut server);
            beside(server, terminal)
        }
        None => {
            server.envs(project::variables(terminal));
            started(server, terminal)
        }
    }
}

/// Arguments of the server, which serves HTTP if they do not say how.
pub fn with_http(arguments: &[OsString]) -> Vec<OsString> {
    let mut arguments = arguments.to_vec();
    let is_option = |word: &OsString| word.to_string_lossy().starts_with('-');
    if arguments.first().is_none_or(is_option) {
        arguments.insert(0, "http".into());
    }
    arguments
}

/// The mock that is asked for, of the document of this folder.
///
/// # Errors
/// The exit code, after the reason was said.
pub fn in_place(wanted: &MockArguments, terminal: &Terminal) -> Result<Option<InPlace>, u8> {
    if wanted.mock && !Path::new(SETTINGS).is_file() {
        terminal.complain(format!(
            "there is no {SETTINGS} here that names the document to mock: `mcpwright init` writes one"
        ));
        return Err(REFUSED);
    }
    let typed = as_typed().ok_or(REFUSED)?;
    InPlace::of(wanted, &typed.spec, terminal)
}

/// Beside the mock, which lives in this process. An interrupt reaches both: the server ends by itself.
fn beside(mut server: Command, terminal: &Terminal) -> u8 {
    let runtime = match tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            terminal.complain(format!("no thread can be started: {error}"));
            return REFUSED;
        }
    };
    server.stdin(std::process::Stdio::inherit());
    let program = server.get_program().display().to_string();
    runtime.block_on(async move {
        let mut server = tokio::process::Command::from(server);
        let mut child = match server.kill_on_drop(true).spawn() {
            Ok(child) => child,
            Err(error) => {
                terminal.complain(format!("{program} cannot be started: {error}"));
                return REFUSED;
            }
        };
        let mut ended = super::ended::Ended::new();
        loop {
            tokio::select! {
                status = child.wait() => return status.map_or(REFUSED, project::code),
                // The server has got an interrupt, too, and ends as it sees fit.
                end = ended.next() => if end == super::ended::End::Terminated {
                    return REFUSED;
                },
            }
        }
    })
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
pub fn built(release: bool, terminal: &Terminal) -> Result<PathBuf, u8> {
    if Path::new(SETTINGS).is_file() {
        generate::generated(&as_typed().ok_or(REFUSED)?, terminal)?;
    }
    compiled(release, terminal)
}

/// Builds the crate of this folder; its program.
///
/// # Errors
/// The exit code, after the reason was said.
pub fn compiled(release: bool, terminal: &Terminal) -> Result<PathBuf, u8> {
    let found = Crate::find(Path::new("."));
    let built = found.and_then(|found| build(&found, release, terminal).map(|()| found));
    let program = built.and_then(|found| found.program_of(release));
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
fn build(found: &Crate, release: bool, terminal: &Terminal) -> Result<(), String> {
    let mut command = cargo();
    command.arg("build").arg("--manifest-path");
    command.arg(found.folder.join("Cargo.toml"));
    let first = if release {
        command.arg("--release");
        "  building for release; the first time takes four to eight minutes"
    } else {
        "  building; the first time takes one to three minutes"
    };
    let done = super::build::build(&mut command, Some(first), terminal)?;
    terminal.say(format!(
        "{} {} built ({done})",
        terminal.tick(),
        found.package
    ));
    Ok(())
}
