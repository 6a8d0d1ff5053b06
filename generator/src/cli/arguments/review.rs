//! Flags of the commands that look at documents and crates: `check`, `diff`, `inspect`, `explain`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::document::{FileArguments, SpecArguments};
use super::output::OutputArguments;

/// `check`
#[derive(Debug, Args)]
pub struct CheckCommand {
    /// The document.
    #[command(flatten)]
    pub spec: SpecArguments,
    /// The output.
    #[command(flatten)]
    pub output: OutputArguments,
}

/// `diff`
#[derive(Debug, Args)]
pub struct DiffCommand {
    /// What was: a document, `REV:PATH` of a Git repository, a folder with `mcpwright.toml`, a generated
    /// crate, or a lock.
    pub old: PathBuf,
    /// What is, in the same forms; what the settings of this folder name if not given. A crate or a lock can
    /// only be compared with another one.
    pub new: Option<PathBuf>,
    /// What belongs to the documents: of both sides, but for the settings beside each of them.
    #[command(flatten)]
    pub files: FileArguments,
    /// Settings of what was, if `--config` names those of what is.
    #[arg(long, value_name = "FILE")]
    pub old_config: Option<PathBuf>,
    /// Compare names as the documents suggest them, without locks.
    #[arg(long)]
    pub relock: bool,
    /// Exit with 3 if something breaks calls (`breaking`), or if a tool needs other care, too (`risk`), or if
    /// anything changed (`any`).
    #[arg(long, value_enum, value_name = "WHAT")]
    pub fail_on: Option<FailOn>,
    /// One JSON document.
    #[arg(long)]
    pub json: bool,
    /// Markdown, for a pull request.
    #[arg(long, conflicts_with = "json")]
    pub markdown: bool,
    /// Write the result to a file instead of standard output.
    #[arg(long, short, value_name = "FILE", env = "MCPWRIGHT_DIFF_OUT")]
    pub output: Option<PathBuf>,
}

/// What `diff` fails on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// What breaks calls or results.
    Breaking,
    /// That, and other risk classes, confirmations and open doors.
    Risk,
    /// Any change.
    Any,
}

/// `inspect`
#[derive(Debug, Args)]
pub struct InspectCommand {
    /// The document.
    #[command(flatten)]
    pub spec: SpecArguments,
    /// One JSON document instead of a table.
    #[arg(long)]
    pub json: bool,
    /// The class and the hints of each tool, and why, for a review.
    #[arg(long, conflicts_with = "json")]
    pub risk: bool,
    /// What makes tools hard to choose or to call, by tool, worst first.
    #[arg(long, conflicts_with_all = ["json", "risk"])]
    pub smells: bool,
}

/// `explain`
#[derive(Debug, Args)]
pub struct ExplainCommand {
    /// A diagnostic code, or the document.
    #[arg(value_name = "CODE|SPEC")]
    pub subject: String,
    /// The operation: tool name, operationId or `METHOD /path`.
    pub operation: Option<String>,
    /// What belongs to the document.
    #[command(flatten)]
    pub files: FileArguments,
    /// Only one stage.
    #[arg(long, value_enum)]
    pub stage: Option<Stage>,
}

/// A stage of the pipeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Stage {
    /// As the document has it.
    Source,
    /// As the overlays leave it.
    Overlaid,
    /// As normalization leaves it.
    Normalized,
    /// As everything is decided.
    Ir,
    /// As it is written.
    Code,
}
