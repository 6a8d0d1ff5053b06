//! `completions` and `man`: what shells and `man` know of this program, from the definitions behind `--help`.

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::Path;
use std::process::ExitCode;

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgMatches, Command, value_parser};
use clap_complete::Shell;

use super::{EXIT_USAGE, Stop, arguments, connect};
use crate::clock::Clock;
use crate::connect::table::CLIENTS;
use crate::engine::Engine;
use crate::extend::Extensions;
use crate::guard::Guard;
use crate::operation::Api;

/// What there is to choose from.
#[derive(Clone, Copy)]
enum Choice {
    Tools,
    Clients,
}

/// Arguments for which completions know the names, by their commands.
const CHOICES: [(&str, &str, Choice); 4] = [
    ("call", "tool", Choice::Tools),
    ("tools", "names", Choice::Tools),
    ("connect", "client", Choice::Clients),
    ("disconnect", "client", Choice::Clients),
];

pub(super) fn completions_command() -> Command {
    Command::new("completions")
        .about("Print the completions of a shell; the names of tools and clients are among them")
        .arg(
            Arg::new("shell")
                .value_name("SHELL")
                .required(true)
                .value_parser(value_parser!(Shell))
                .help("The shell"),
        )
}

pub(super) fn man_command() -> Command {
    Command::new("man")
        .about("Print the manual page, or write one for each command")
        .arg(
            Arg::new("out")
                .long("out")
                .value_name("DIR")
                .help("Write a page for the program and for each command into this folder"),
        )
}

/// Prints the completions of a shell.
pub(super) fn completions(
    api: &'static Api,
    extensions: Extensions,
    options: &ArgMatches,
) -> Result<ExitCode, Stop> {
    let Some(shell) = options.get_one::<Shell>("shell").copied() else {
        return Ok(ExitCode::from(EXIT_USAGE));
    };
    // Without what the environment configures, which may be wrong and matters for no name.
    let guard = Guard::new(Clock::SYSTEM);
    let engine = Engine::guarded(api, extensions, None, guard, Clock::SYSTEM);
    let tools = engine.entries().iter().map(|entry| entry.name().to_owned());
    let tools: Vec<String> = tools.collect();
    let clients: Vec<String> = CLIENTS.iter().map(|client| client.id.clone()).collect();
    let (name, command) = named(api)?;
    let mut command = command.mut_subcommands(|subcommand| {
        let wanted = CHOICES
            .iter()
            .find(|(known, ..)| *known == subcommand.get_name());
        let Some((_, argument, choice)) = wanted else {
            return subcommand;
        };
        let names = match choice {
            Choice::Tools => tools.clone(),
            Choice::Clients => clients.clone(),
        };
        subcommand.mut_args(|arg| {
            if arg.get_id() == argument {
                arg.value_parser(PossibleValuesParser::new(names.clone()))
            } else {
                arg
            }
        })
    });
    let mut text = Vec::new();
    if shell != Shell::Bash {
        clap_complete::generate(shell, &mut command, name, &mut text);
        return printed(&text);
    }
    // A hyphen in the name makes clap_complete 4.6 look for commands under another name than it writes them, so that
    // nothing below a command is completed: it gets a name without, and the shell the real one.
    let plain: Vec<&str> = name
        .split(['-', '_'])
        .filter(|part| !part.is_empty())
        .collect();
    let plain = plain.join("_");
    clap_complete::generate(shell, &mut command, plain.as_str(), &mut text);
    let text = String::from_utf8_lossy(&text);
    printed(
        text.replace(
            &format!(" default {plain}\n"),
            &format!(" default {name}\n"),
        )
        .as_bytes(),
    )
}

/// Prints the manual page, or writes one for each command.
pub(super) fn man(api: &'static Api, options: &ArgMatches) -> Result<ExitCode, Stop> {
    let (_, command) = named(api)?;
    let Some(folder) = options.get_one::<String>("out").map(Path::new) else {
        let mut text = Vec::new();
        return match clap_mangen::Man::new(command).render(&mut text) {
            Ok(()) => printed(&text),
            Err(error) => Err(Stop::new(EXIT_USAGE, error.to_string())),
        };
    };
    fs::create_dir_all(folder)
        .and_then(|()| clap_mangen::generate_to(command, folder))
        .map_err(|error| {
            let line = format!("{} cannot be written: {error}", folder.display());
            Stop::new(EXIT_USAGE, line)
        })?;
    printed(format!("✓ wrote {}\n", folder.display()).as_bytes())
}

/// The command under the name of this program's file, by which people call it.
fn named(api: &Api) -> Result<(String, Command), Stop> {
    let program = connect::program()?;
    let stem = Path::new(&program).file_stem().unwrap_or_default();
    let name = stem.to_string_lossy().into_owned();
    let command = arguments::command(api).name(name.clone());
    Ok((name.clone(), command.bin_name(name)))
}

fn printed(text: &[u8]) -> Result<ExitCode, Stop> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text).and_then(|()| out.flush()) {
        // Whoever closes the pipe has read enough.
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Stop::new(EXIT_USAGE, error.to_string()))
        }
        _ => Ok(ExitCode::SUCCESS),
    }
}
