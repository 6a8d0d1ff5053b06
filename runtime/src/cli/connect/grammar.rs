//! The options of `connect` and `disconnect`.

use clap::{Arg, ArgAction, Command};

use crate::cli::arguments::view;

pub(in crate::cli) fn command() -> Command {
    Command::new("connect")
        .about("Add this server to an MCP client, checked by a handshake; without CLIENT, list the clients")
        .arg(client(false))
        .args(common())
        .arg(option("url", "URL", "Connect to the server at this address (http) instead of starting it"))
        .arg(
            option("auth", "MODE", "How the server at --url lets callers in, as `http --auth` says it; keys reads <PREFIX>_MCP_KEY")
                .value_parser(["none", "keys", "passthrough", "oauth"])
                .default_value("none")
                .requires("url"),
        )
        .arg(
            option("secrets", "HOW", "Where credentials stay: in the client's environment (reference), or in a file that only you can read (file); auto takes what works best with the client")
                .value_parser(["auto", "reference", "file"])
                .default_value("auto"),
        )
        .arg(flag("print", "Print the entry, and write nothing"))
        .arg(
            flag("link", "Print a link that adds it when it is opened (cursor, vscode, lmstudio, goose), and write nothing")
                .conflicts_with_all(["print", "dry-run", "file", "force"])
                .requires("client"),
        )
        .arg(
            option("system", "SYSTEM", "Print it as it is on another system")
                .value_parser(["linux", "macos", "windows"])
                .requires("print"),
        )
        .arg(flag("no-verify", "Do not try whether it works"))
        .args(view())
}

pub(in crate::cli) fn undo_command() -> Command {
    Command::new("disconnect")
        .about("Remove this server from an MCP client")
        .arg(client(true))
        .args(common())
}

fn client(required: bool) -> Arg {
    Arg::new("client")
        .value_name("CLIENT")
        .required(required)
        .help("claude-desktop, claude-code, chatgpt, codex, cursor, vscode, …")
}

/// Options of both.
fn common() -> [Arg; 5] {
    [
        option("name", "NAME", "Name of the server in the client (its own)"),
        option(
            "scope",
            "SCOPE",
            "Your own file, or that of the project in this folder",
        )
        .value_parser(["user", "project"])
        .default_value("user"),
        option("file", "PATH", "The client's file, if it is another one").conflicts_with("scope"),
        flag("dry-run", "Show what would change, and write nothing"),
        flag("force", "Do it although another server has the name"),
    ]
}

fn option(name: &'static str, value: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).value_name(value).help(help)
}

fn flag(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name)
        .long(name)
        .action(ArgAction::SetTrue)
        .help(help)
}
