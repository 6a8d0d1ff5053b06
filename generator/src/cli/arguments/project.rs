//! Flags of the commands for a project: `init`, `run`, `dev`, `mock`, `doctor`, what is handed over, and the rest.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

use super::document::SpecArguments;

/// `init`
#[derive(Debug, Args)]
pub struct InitCommand {
    /// The document, or the address of the service (or of its document); usual places are tried on that
    /// host alone. A document in this folder if not given.
    #[arg(value_name = "URL|FILE")]
    pub source: Option<String>,
    /// Ask nothing; take what is proposed.
    #[arg(short, long)]
    pub yes: bool,
    /// Name of the server (and prefix of its environment variables).
    #[arg(long, value_name = "NAME", env = "MCPWRIGHT_NAME")]
    pub name: Option<String>,
    /// The folder of the generated crate.
    #[arg(long, short, value_name = "DIR", env = "MCPWRIGHT_OUT")]
    pub out: Option<String>,
}

/// The server that `run` and `dev` start.
#[derive(Debug, Args)]
pub struct ServerArguments {
    /// The mock.
    #[command(flatten)]
    pub mock: MockArguments,
    /// How the server is started: `http` with its options if nothing is given, or another of its commands, such as
    /// `stdio`.
    #[arg(
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "ARGUMENTS"
    )]
    pub arguments: Vec<std::ffi::OsString>,
}

/// What `run` and `dev` serve in place of the service.
#[derive(Debug, Clone, Args)]
pub struct MockArguments {
    /// Serve a mock of the document in place of the service, so that neither it nor a credential is needed.
    #[arg(long)]
    pub mock: bool,
    /// What the mock's records are made from: another number, other records.
    #[arg(long, value_name = "N", default_value_t = 1, requires = "mock")]
    pub seed: u64,
}

/// `mock`
#[derive(Debug, Args)]
pub struct MockCommand {
    /// The document.
    #[command(flatten)]
    pub spec: SpecArguments,
    /// Where it listens; port 0 takes a free one.
    #[arg(
        long,
        value_name = "ADDR",
        default_value = "127.0.0.1:8971",
        env = "MCPWRIGHT_MOCK_LISTEN"
    )]
    pub listen: SocketAddr,
    /// Listen on an address that other machines reach, too.
    #[arg(long)]
    pub allow_remote: bool,
    /// What its records are made from: another number, other records.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Refuse requests without the credentials that the document names; what these are does not matter.
    #[arg(long)]
    pub auth: bool,
}

/// `run`
#[derive(Debug, Args)]
pub struct RunCommand {
    /// Build with optimization, for a server that stays: much slower to build, and faster.
    #[arg(long)]
    pub release: bool,
    /// Build, and serve nothing.
    #[arg(long)]
    pub build_only: bool,
    /// The server.
    #[command(flatten)]
    pub server: ServerArguments,
}

/// `dev`
#[derive(Debug, Args)]
pub struct DevCommand {
    /// Build with optimization: much slower to build, and faster.
    #[arg(long)]
    pub release: bool,
    /// The server.
    #[command(flatten)]
    pub server: ServerArguments,
}

/// `doctor`
#[derive(Debug, Args)]
pub struct DoctorCommand {
    /// As JSON.
    #[arg(long)]
    pub json: bool,
    /// Ask the service nothing.
    #[arg(long)]
    pub offline: bool,
}

/// `completions`
#[derive(Debug, Args)]
pub struct CompletionsCommand {
    /// The shell.
    pub shell: clap_complete::Shell,
}

/// `man`
#[derive(Debug, Args)]
pub struct ManCommand {
    /// Write `mcpwright.1` and a page for each command into this folder.
    #[arg(long, short, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// A command of the generated server.
#[derive(Debug, Args)]
pub struct HandedOver {
    /// What is handed over to it.
    #[arg(
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "ARGUMENTS"
    )]
    pub arguments: Vec<std::ffi::OsString>,
}

/// `demo`
#[derive(Debug, Args)]
pub struct DemoCommand {
    /// Folder for the demo's crates; kept, so that a second run is quick.
    #[arg(long, value_name = "DIR", default_value = "mcpwright-demo")]
    pub dir: PathBuf,
    /// Leave the CRM running at the end, until Ctrl-C, so that your own client can use it.
    #[arg(long)]
    pub serve: bool,
}
