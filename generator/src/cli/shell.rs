//! `completions` and `man`: what shells and `man` know of the command, from the definitions behind `--help`.

use std::fs;
use std::io::Write as _;

use clap::CommandFactory as _;

use super::REFUSED;
use super::arguments::{Arguments, CompletionsCommand, ManCommand};
use super::terminal::Terminal;

/// The name of the command.
const NAME: &str = "mcpwright";

/// Prints the completions of a shell.
pub fn completions(command: &CompletionsCommand, terminal: &Terminal) -> u8 {
    let mut text = Vec::new();
    clap_complete::generate(command.shell, &mut Arguments::command(), NAME, &mut text);
    printed(&text, terminal)
}

/// Prints the manual page, or writes one for each command.
pub fn man(command: &ManCommand, terminal: &Terminal) -> u8 {
    let arguments = Arguments::command();
    let Some(folder) = &command.out else {
        let mut text = Vec::new();
        return match clap_mangen::Man::new(arguments).render(&mut text) {
            Ok(()) => printed(&text, terminal),
            Err(error) => failed(&error, terminal),
        };
    };
    let written = fs::create_dir_all(folder)
        .and_then(|()| clap_mangen::generate_to(arguments.disable_help_subcommand(true), folder));
    match written {
        Ok(()) => {
            terminal.say(format!("{} wrote {}", terminal.tick(), folder.display()));
            0
        }
        Err(error) => {
            terminal.complain(format!("{} cannot be written: {error}", folder.display()));
            REFUSED
        }
    }
}

fn printed(text: &[u8], terminal: &Terminal) -> u8 {
    match std::io::stdout().lock().write_all(text) {
        // Whoever closes the pipe has read enough.
        Ok(()) => 0,
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => 0,
        Err(error) => failed(&error, terminal),
    }
}

fn failed(error: &std::io::Error, terminal: &Terminal) -> u8 {
    terminal.complain(error);
    REFUSED
}
