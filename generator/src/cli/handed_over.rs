//! `connect`, `disconnect`, `tools` and `call`: commands of the generated server, handed over to its program.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::REFUSED;
use super::project::{Crate, code, variables_for};
use super::terminal::Terminal;

/// A command of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Handed {
    /// `connect`
    Connect,
    /// `disconnect`
    Disconnect,
    /// `tools`
    Tools,
    /// `call`
    Call,
}

impl Handed {
    const fn name(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Disconnect => "disconnect",
            Self::Tools => "tools",
            Self::Call => "call",
        }
    }

    /// What it does, for whoever has no server yet that would say it.
    const fn about(self) -> &'static str {
        match self {
            Self::Connect => {
                "Adds the server of this folder to an MCP client: finds the client's own file, tries whether the \
                 server\nanswers, keeps the old file beside the new one, and writes no secret into it. Without CLIENT it \
                 lists\nthe clients, and which of them know the server."
            }
            Self::Disconnect => {
                "Takes the server of this folder out of the file of an MCP client, and leaves all else as it is."
            }
            Self::Tools => {
                "Lists the tools of this folder's server, all of them or those of a view; with names, what these \
                 take\nand how they are called."
            }
            Self::Call => {
                "Calls a tool of this folder's server as a client would, and prints its answer. What cannot be \
                 undone is\nasked for first."
            }
        }
    }

    const fn usage(self) -> &'static str {
        match self {
            Self::Connect => "[CLIENT] [OPTIONS]",
            Self::Disconnect => "CLIENT [OPTIONS]",
            Self::Tools => "[TOOL]… [OPTIONS]",
            Self::Call => "TOOL [NAME=VALUE]… [OPTIONS]",
        }
    }

    const fn examples(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Connect => &[
                ("claude-desktop", "the program, started by the client"),
                ("cursor --dry-run", "what would change"),
                (
                    "vscode --url https://crm.example.com/mcp --auth keys",
                    "a server that runs already",
                ),
            ],
            Self::Disconnect => &[("cursor", "")],
            Self::Tools => &[
                ("--view core", "what a client lists at first"),
                ("create_invoice", "what this one takes"),
            ],
            Self::Call => &[
                ("list_customers q=acme", ""),
                ("create_invoice --json '{\"customer_id\": 42}'", ""),
            ],
        }
    }

    /// Its help where no program is there that has its own; `missing` says why.
    fn help(self, missing: &str) -> String {
        let name = self.name();
        let width = self.examples().iter().map(|(arguments, _)| arguments.len());
        let width = width.max().unwrap_or_default();
        let shown = |(arguments, what): &(&str, &str)| {
            if what.is_empty() {
                format!("  mcpwright {name} {arguments}")
            } else {
                format!("  mcpwright {name} {arguments:width$}   # {what}")
            }
        };
        let examples: Vec<String> = self.examples().iter().map(shown).collect();
        format!(
            "{}\n\nUsage: mcpwright {name} {}\n\nExamples:\n{}\n\nRun it in the folder of `mcpwright.toml`, or in a \
             generated crate, once its server is built: it is\nthe server's own command, which tells all its \
             options there. Its program takes the same anywhere:\n  acme-crm-mcp {name} --help\n\nHere: \
             {missing}\n\nFrom an address to a server:\n  mcpwright init https://crm.example.com   # finds the \
             document, writes mcpwright.toml\n  mcpwright run --build-only               # generates and builds it",
            self.about(),
            self.usage(),
            examples.join("\n"),
        )
    }
}

/// Hands a command over to the program of this folder's crate; its exit code.
pub fn hand_over(handed: Handed, arguments: &[OsString], terminal: &Terminal) -> u8 {
    let program = match program() {
        Ok(program) => program,
        Err(missing)
            if arguments
                .iter()
                .any(|word| word == "--help" || word == "-h") =>
        {
            terminal.result(handed.help(&missing));
            return 0;
        }
        Err(missing) => {
            terminal.complain(missing);
            return REFUSED;
        }
    };
    // A server that runs already, at this address, has a service of its own.
    let is_elsewhere = arguments.iter().any(|word| {
        let word = word.to_string_lossy();
        word == "--url" || word.starts_with("--url=")
    });
    let mut server = Command::new(&program);
    server
        .arg(handed.name())
        .args(arguments)
        .envs(variables_for(terminal, !is_elsewhere));
    match server.status() {
        Ok(status) => code(status),
        Err(error) => {
            terminal.complain(format!("{} cannot be started: {error}", program.display()));
            REFUSED
        }
    }
}

/// The program of this folder's crate, by its whole path: clients start it from elsewhere.
fn program() -> Result<PathBuf, String> {
    let path = Crate::find(Path::new(".")).and_then(|found| found.program())?;
    // Not canonical: on Windows that would be `\\?\…`, which clients cannot start.
    std::path::absolute(&path).map_err(|error| format!("{}: {error}", path.display()))
}
