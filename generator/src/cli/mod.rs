//! The command line: a shell over the library.

mod arguments;
mod check;
mod demo;
mod explain;
mod fetch;
mod generate;
mod inspect;
mod lock;
mod risks;
mod smells;
mod terminal;
mod tokens;

use std::process::ExitCode;

use clap::Parser as _;

use arguments::{Arguments, Command};
use terminal::Terminal;

/// Exit code when a document or a folder was refused.
const REFUSED: u8 = 1;
/// Exit code when `check` found that the output is not what the document says.
const DRIFT: u8 = 3;

/// Runs the command that the process was started with.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let terminal = Terminal::new(&arguments.terminal);
    let code = match arguments.command {
        Command::Generate(command) => generate::run(&command, &terminal),
        Command::Check(command) => check::run(&command, &terminal),
        Command::Inspect(command) => inspect::run(&command, &terminal),
        Command::Explain(command) => explain::run(&command, &terminal),
        Command::Schema => {
            terminal.result(format!("{:#}", crate::settings::json_schema()));
            0
        }
        Command::Demo(command) => demo::run(&command, &terminal),
    };
    terminal.finish();
    ExitCode::from(code)
}
