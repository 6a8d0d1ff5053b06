//! Flags and commands.

mod bundle;
mod document;
mod output;
mod project;
mod review;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub use bundle::BundleCommand;
pub use document::{FileArguments, SpecArguments, with_spec};
pub use output::{GenerateCommand, OutputError, quoted};
pub use project::{
    CompletionsCommand, DemoCommand, DevCommand, DoctorCommand, HandedOver, InitCommand,
    ManCommand, MockArguments, MockCommand, RunCommand,
};
pub use review::{CheckCommand, DiffCommand, ExplainCommand, FailOn, InspectCommand, Stage};

/// From an OpenAPI document to a typed Rust crate: an MCP server with one tool per operation.
#[derive(Debug, Parser)]
#[command(
    name = "mcpwright",
    version,
    about,
    after_help = "Exit codes: 0 done, 1 refused (see the messages), 2 wrong usage, 3 drift (check), or what --fail-on names (diff)."
)]
pub struct Arguments {
    /// How to talk.
    #[command(flatten)]
    pub terminal: TerminalArguments,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// How to talk.
#[derive(Debug, Clone, Args)]
pub struct TerminalArguments {
    /// When to use colour; `auto` follows the terminal, NO_COLOR and CLICOLOR_FORCE.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, env = "MCPWRIGHT_COLOR")]
    pub color: Color,
    /// Say only what went wrong.
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Show every diagnostic instead of grouping those that repeat, and list files.
    #[arg(short, long, global = true)]
    pub verbose: bool,
    /// Form of diagnostics.
    #[arg(long, global = true, value_enum, default_value_t = Format::Human)]
    pub format: Format,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal.
    Auto,
    /// Yes.
    Always,
    /// No.
    Never,
}

/// Form of diagnostics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Like a compiler's.
    Human,
    /// One JSON object per line.
    Json,
    /// Annotations for GitHub Actions.
    Github,
    /// A SARIF 2.1.0 log, alone on standard output; results go to standard error.
    Sarif,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Find the document of a service, and write `mcpwright.toml` for it.
    #[command(after_help = "Exit codes: 0 written, 1 refused, 2 wrong usage.")]
    Init(InitCommand),
    /// Generate, build and serve what `mcpwright.toml` describes; what is there already is reused.
    #[command(
        after_help = "Exit codes: 1 if nothing could be generated or built, else the server's: 0, 2 configuration, 3 credential, 4 service not reached, 5 a tool's error."
    )]
    Run(RunCommand),
    /// As `run`, and again whenever the document, its overlays or `mcpwright.toml` change; clients stay connected.
    #[command(after_help = "Exit codes: 0 when it was ended, 1 refused.")]
    Dev(DevCommand),
    /// Serve a mock of a document: it keeps records, answers as the document says, and tells which requests are
    /// not what it says.
    #[command(after_help = "Exit codes: 0 when it was ended, 1 refused, 2 wrong usage.")]
    Mock(MockCommand),
    /// Write the crate for a document.
    #[command(
        visible_alias = "gen",
        after_help = "Exit codes: 0 done, 1 refused, 2 wrong usage."
    )]
    Generate(GenerateCommand),
    /// Compare a generated crate with its document; exits with 3 and names the files if they differ.
    #[command(after_help = "Exit codes: 0 the same, 1 refused, 2 wrong usage, 3 drift.")]
    Check(CheckCommand),
    /// What changes for agents from one document (or lock) to another, and which version follows from it.
    #[command(
        after_help = "Exit codes: 0 done, 1 refused, 2 wrong usage, 3 what --fail-on names.\n\nExamples:\n  mcpwright diff origin/main:openapi.yaml openapi.yaml --fail-on breaking\n  mcpwright diff old/mcpwright.lock new/mcpwright.lock --markdown"
    )]
    Diff(DiffCommand),
    /// Show which tool each operation becomes, with class, parameters and size.
    #[command(after_help = "Exit codes: 0 done, 1 refused, 2 wrong usage.")]
    Inspect(InspectCommand),
    /// Explain a diagnostic code (`explain E0301`), or show an operation after each stage
    /// (`explain SPEC OPERATION`).
    #[command(after_help = "Exit codes: 0 done, 1 no such code or operation, 2 wrong usage.")]
    Explain(ExplainCommand),
    /// Print the JSON Schema of `mcpwright.toml`, for editors.
    Schema,
    /// Add the server of this folder to an MCP client (its own `connect`; `connect --help`).
    #[command(disable_help_flag = true)]
    Connect(HandedOver),
    /// Remove the server of this folder from an MCP client (its own `disconnect`).
    #[command(disable_help_flag = true)]
    Disconnect(HandedOver),
    /// List the tools of this folder's server (its own `tools`).
    #[command(disable_help_flag = true)]
    Tools(HandedOver),
    /// Call a tool of this folder's server (its own `call`).
    #[command(disable_help_flag = true)]
    Call(HandedOver),
    /// Make what the server of this folder is published as: a bundle for desktop clients, an entry of the MCP
    /// Registry, a container image, a Helm chart, a skill, and what stores ask for.
    #[command(after_help = "Exit codes: 0 done, 1 refused, 2 wrong usage.")]
    Bundle(BundleCommand),
    /// Look for what is wrong with this project, its server and its clients, and say what mends it.
    #[command(
        after_help = "Exit codes: 0 well, 1 a fault of the project, else the server's: 2 configuration, 3 credential, 4 service not reached."
    )]
    Doctor(DoctorCommand),
    /// Print the completions of a shell: bash, zsh, fish, powershell or elvish.
    #[command(after_help = "Exit codes: 0 done, 2 wrong usage.")]
    Completions(CompletionsCommand),
    /// Print the manual page, or write one for each command.
    #[command(after_help = "Exit codes: 0 done, 1 not written, 2 wrong usage.")]
    Man(ManCommand),
    /// Start a small CRM, generate and build a server for it, and play a story with it.
    #[command(after_help = "Exit codes: 0 done, 1 refused.")]
    Demo(DemoCommand),
}
