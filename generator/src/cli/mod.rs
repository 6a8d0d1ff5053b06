//! The command line: a shell over the library.

mod arguments;
mod build;
mod bundle;
mod check;
mod demo;
mod dev;
mod diff;
mod doctor;
mod ended;
mod explain;
mod fetch;
mod generate;
mod handed_over;
mod image;
mod init;
mod inspect;
mod lock;
mod mock;
/// The file of the runtime itself, so that both know the same folder.
#[path = "../../embedded/runtime/src/connect/own.rs"]
mod own;
mod project;
mod risks;
mod run;
mod shell;
mod smells;
mod terminal;
mod tokens;

use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue};
use clap::{CommandFactory as _, Parser as _};

use arguments::{Arguments, Command};
use handed_over::{Handed, hand_over};
use terminal::Terminal;

/// Exit code when a document or a folder was refused.
const REFUSED: u8 = 1;
/// Exit code when `check` found that the output is not what the document says, and when `diff` found what it
/// was to fail on.
const DRIFT: u8 = 3;

/// The error with the one command that was meant, if one was, in place of all that look like it.
fn meant(mut error: clap::Error) -> clap::Error {
    let Some(ContextValue::String(typed)) = error.get(ContextKind::InvalidSubcommand) else {
        return error;
    };
    let known = Arguments::command();
    let known = known.get_subcommands().map(clap::Command::get_name);
    if let Some(near) = crate::similar::most_alike(typed, known) {
        let near = ContextValue::Strings(vec![near.to_owned()]);
        error.insert(ContextKind::SuggestedSubcommand, near);
    }
    error
}

/// Runs the command that the process was started with.
pub fn main() -> ExitCode {
    let arguments = Arguments::try_parse().unwrap_or_else(|error| meant(error).exit());
    let terminal = Terminal::new(&arguments.terminal);
    let code = match arguments.command {
        Command::Init(command) => init::run(&command, &terminal),
        Command::Generate(command) => generate::run(&command, &terminal),
        Command::Run(command) => run::run(&command, &terminal),
        Command::Dev(command) => dev::run(&command, &terminal),
        Command::Mock(command) => mock::run(&command, &terminal),
        Command::Check(command) => check::run(&command, &terminal),
        Command::Diff(command) => diff::run(&command, &terminal),
        Command::Inspect(command) => inspect::run(&command, &terminal),
        Command::Explain(command) => explain::run(&command, &terminal),
        Command::Schema => {
            terminal.result(format!("{:#}", crate::settings::json_schema()));
            0
        }
        Command::Connect(command) => hand_over(Handed::Connect, &command.arguments, &terminal),
        Command::Disconnect(command) => {
            hand_over(Handed::Disconnect, &command.arguments, &terminal)
        }
        Command::Tools(command) => hand_over(Handed::Tools, &command.arguments, &terminal),
        Command::Call(command) => hand_over(Handed::Call, &command.arguments, &terminal),
        Command::Bundle(command) => bundle::run(&command, &terminal),
        Command::Doctor(command) => doctor::run(&command, &terminal),
        Command::Completions(command) => shell::completions(&command, &terminal),
        Command::Man(command) => shell::man(&command, &terminal),
        Command::Demo(command) => demo::run(&command, &terminal),
    };
    terminal.finish();
    ExitCode::from(code)
}
