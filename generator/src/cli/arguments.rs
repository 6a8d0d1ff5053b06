//! Flags and commands.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::fetch::{Fetcher, Host};
use crate::bundle::Kind;
use crate::source::Budget;
use crate::{Config, RuntimeSource};

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
    Init(InitCommand),
    /// Generate, build and serve what `mcpwright.toml` describes; what is there already is reused.
    Run(RunCommand),
    /// Write the crate for a document.
    #[command(visible_alias = "gen")]
    Generate(GenerateCommand),
    /// Compare a generated crate with its document; exits with 3 and names the files if they differ.
    Check(CheckCommand),
    /// What changes for agents from one document (or lock) to another, and which version follows from it.
    Diff(DiffCommand),
    /// Show which tool each operation becomes, with class, parameters and size.
    Inspect(InspectCommand),
    /// Explain a diagnostic code (`explain E0301`), or show an operation after each stage
    /// (`explain SPEC OPERATION`).
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
    Bundle(BundleCommand),
    /// Look for what is wrong with this project, its server and its clients, and say what mends it.
    Doctor(DoctorCommand),
    /// Print the completions of a shell: bash, zsh, fish, powershell or elvish.
    Completions(CompletionsCommand),
    /// Print the manual page, or write one for each command.
    Man(ManCommand),
    /// Start a small CRM, generate and build a server for it, and play a story with it.
    Demo(DemoCommand),
}

/// The files that belong to a document.
#[derive(Debug, Clone, Args)]
pub struct FileArguments {
    /// Settings; `mcpwright.toml` beside the document, or in this folder without a document, if not
    /// given.
    #[arg(long, value_name = "FILE", env = "MCPWRIGHT_CONFIG")]
    pub config: Option<PathBuf>,
    /// Apply an OpenAPI Overlay to the document first. May be repeated; applied in order.
    #[arg(long, value_name = "FILE")]
    pub overlay: Vec<PathBuf>,
    /// The folder that relative references to further files cannot leave; the document's own if not
    /// given.
    #[arg(long, value_name = "DIR", env = "MCPWRIGHT_REF_ROOT")]
    pub ref_root: Option<PathBuf>,
    /// The file that stands for an address in references, as the network is not asked without
    /// `--allow-fetch`; an address that ends in `/` stands for everything below it. May be repeated.
    #[arg(long, value_name = "URL=FILE")]
    pub ref_map: Vec<String>,
    /// Fetch files from this host (`HOST` or `HOST:PORT`): the document, if it is given by its
    /// address, and those that references lead to. Over https only, without redirects and
    /// credentials. May be repeated.
    #[arg(long, value_name = "HOST")]
    pub allow_fetch: Vec<Host>,
    /// Raise (or lower) what the document may cost: `bytes` (33554432), `files` (1000), `nodes`
    /// (2000000), `depth` (64, at most 120), `aliases` (10000), `ref_hops` (64), `operations` (20000),
    /// `enum_values` (10000), `schemas` (20000000; those that all tools look at). May be repeated.
    #[arg(long, value_name = "NAME=VALUE", value_parser = budget)]
    pub budget: Vec<(Budget, usize)>,
}

/// A budget and its value.
fn budget(text: &str) -> Result<(Budget, usize), String> {
    let (name, value) = text
        .split_once('=')
        .ok_or_else(|| "expected `NAME=VALUE`".to_owned())?;
    let budget = Budget::find(name).ok_or_else(|| {
        let names: Vec<&str> = Budget::ALL.into_iter().map(Budget::name).collect();
        format!("the budgets are `{}`", names.join("`, `"))
    })?;
    let value = value
        .trim()
        .parse()
        .map_err(|_| format!("`{}` takes a whole number", budget.name()))?;
    match budget.refuses(value) {
        Some(reason) => Err(format!("`{}`: {reason}", budget.name())),
        None => Ok((budget, value)),
    }
}

impl FileArguments {
    /// Whether there are any.
    pub const fn are_named(&self) -> bool {
        !(self.config.is_none()
            && self.overlay.is_empty()
            && self.ref_map.is_empty()
            && self.allow_fetch.is_empty()
            && self.budget.is_empty())
    }
}

/// The document, and what to make of it.
#[derive(Debug, Clone, Args)]
pub struct SpecArguments {
    /// The OpenAPI document, JSON or YAML; `-` reads standard input, and an address needs
    /// `--allow-fetch` (or `--ref-map`). The one that the settings name if not given.
    pub spec: Option<PathBuf>,
    /// What belongs to the document.
    #[command(flatten)]
    pub files: FileArguments,
    /// Name of the server (and prefix of its environment variables); from the title if not given.
    #[arg(long, value_name = "NAME", env = "MCPWRIGHT_NAME")]
    pub name: Option<String>,
    /// Name of the Cargo package; `<server>-mcp` if not given.
    #[arg(long, value_name = "NAME", env = "MCPWRIGHT_PACKAGE")]
    pub package: Option<String>,
    /// Leave operations out: `SELECTOR=REASON`, where the selector is an operationId,
    /// `METHOD /path` or `tag:NAME`. May be repeated.
    #[arg(long, value_name = "SELECTOR=REASON")]
    pub exclude: Vec<String>,
    /// Refuse what would be skipped or guessed.
    #[arg(long, env = "MCPWRIGHT_STRICT")]
    pub strict: bool,
    /// Fail when the tools cost a model more tokens than this (o200k: names, descriptions, argument
    /// schemas).
    #[arg(long, value_name = "N", env = "MCPWRIGHT_BUDGET_TOKENS")]
    pub budget_tokens: Option<usize>,
    /// The file that keeps the names of tools; `mcpwright.lock` in the output folder if not given.
    #[arg(long, value_name = "FILE", env = "MCPWRIGHT_LOCK")]
    pub lock: Option<PathBuf>,
}

/// The name of settings that are found without being named.
const SETTINGS: &str = "mcpwright.toml";

/// The settings of a run: those that are named, or the file beside the document, or in this folder
/// without a document.
fn settings(spec: Option<&Path>, files: &FileArguments) -> Option<PathBuf> {
    if let Some(path) = &files.config {
        return Some(path.clone());
    }
    let folder = match spec {
        Some(spec) if spec.as_os_str() == "-" || spec.to_str().is_some_and(is_address) => {
            return None;
        }
        Some(spec) => spec.parent().unwrap_or(Path::new("")),
        None => Path::new(""),
    };
    Some(folder.join(SETTINGS)).filter(|path| path.is_file())
}

/// The configuration with the document of this file, of standard input for `-`, or of the settings,
/// and what belongs to it.
///
/// # Errors
/// When standard input cannot be read, an address has no file, or nothing names a document.
pub fn with_spec(
    mut config: Config,
    spec: Option<&Path>,
    files: &FileArguments,
) -> Result<Config, String> {
    let settings = settings(spec, files);
    if spec.is_none() && settings.is_none() {
        return Err(format!(
            "no document was named, and there is no `{SETTINGS}` here that names one"
        ));
    }
    if let Some(path) = settings {
        config = config.settings_file(path);
    }
    for overlay in &files.overlay {
        config = config.overlay(overlay);
    }
    if let Some(root) = &files.ref_root {
        config = config.ref_root(root);
    }
    for pair in &files.ref_map {
        // Addresses may hold `=`, in their query; files hardly do.
        let Some((url, file)) = pair.rsplit_once('=').filter(|(_, file)| !file.is_empty()) else {
            return Err(format!("`--ref-map {pair}` has no file: write `URL=FILE`"));
        };
        config = config.ref_map(url, file);
    }
    for (budget, value) in &files.budget {
        config = config.budget(*budget, *value);
    }
    if !files.allow_fetch.is_empty() {
        config = config.fetch(Arc::new(Fetcher::new(files.allow_fetch.clone())));
    }
    let Some(spec) = spec else {
        return Ok(config);
    };
    if let Some(url) = spec.to_str().filter(|spec| is_address(spec)) {
        return Ok(config.spec_url(url));
    }
    if spec.as_os_str() != "-" {
        return Ok(config.spec(spec));
    }
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut std::io::stdin().lock(), &mut bytes)
        .map_err(|error| format!("standard input cannot be read: {error}"))?;
    Ok(config.spec_bytes("stdin", &bytes))
}

/// Whether a document is given by its address.
fn is_address(spec: &str) -> bool {
    let scheme = spec.split_once("://").map(|(scheme, _)| scheme);
    scheme.is_some_and(|scheme| {
        ["https", "http"]
            .iter()
            .any(|s| scheme.eq_ignore_ascii_case(s))
    })
}

impl SpecArguments {
    /// The same on a command line, with a space before each.
    pub fn to_options(&self) -> String {
        let mut line = String::new();
        if let Some(spec) = &self.spec {
            line.push(' ');
            line.push_str(&quoted(&spec.to_string_lossy()));
        }
        if let Some(path) = &self.files.config {
            line.push_str(&format!(" --config {}", quoted(&path.to_string_lossy())));
        }
        for overlay in &self.files.overlay {
            line.push_str(&format!(
                " --overlay {}",
                quoted(&overlay.to_string_lossy())
            ));
        }
        for (flag, value) in [("--name", &self.name), ("--package", &self.package)] {
            if let Some(value) = value {
                line.push_str(&format!(" {flag} {}", quoted(value)));
            }
        }
        for rule in &self.exclude {
            line.push_str(&format!(" --exclude {}", quoted(rule)));
        }
        if let Some(root) = &self.files.ref_root {
            line.push_str(&format!(" --ref-root {}", quoted(&root.to_string_lossy())));
        }
        for pair in &self.files.ref_map {
            line.push_str(&format!(" --ref-map {}", quoted(pair)));
        }
        for host in &self.files.allow_fetch {
            line.push_str(&format!(" --allow-fetch {host}"));
        }
        for (budget, value) in &self.files.budget {
            line.push_str(&format!(" --budget {}={value}", budget.name()));
        }
        if self.strict {
            line.push_str(" --strict");
        }
        if let Some(budget) = self.budget_tokens {
            line.push_str(&format!(" --budget-tokens {budget}"));
        }
        if let Some(lock) = &self.lock {
            line.push_str(&format!(" --lock {}", quoted(&lock.to_string_lossy())));
        }
        line
    }

    /// The run that they describe.
    ///
    /// # Errors
    /// When standard input cannot be read or a rule has no reason.
    pub fn config(&self) -> Result<Config, String> {
        let mut config = Config::new().strict(self.strict);
        config = with_spec(config, self.spec.as_deref(), &self.files)?;
        if let Some(name) = &self.name {
            config = config.server_name(name);
        }
        if let Some(package) = &self.package {
            config = config.package_name(package);
        }
        for rule in &self.exclude {
            let Some((selector, reason)) = rule.split_once('=') else {
                return Err(format!(
                    "`--exclude {rule}` has no reason: write `SELECTOR=REASON`"
                ));
            };
            config = config.exclude(selector.trim(), reason.trim());
        }
        Ok(config)
    }
}

/// The output folder, and the form of the crate.
#[derive(Debug, Clone, Args)]
pub struct OutputArguments {
    /// The folder of the generated crate; the one that the settings name if not given.
    #[arg(long, short, value_name = "DIR", env = "MCPWRIGHT_OUT")]
    pub out: Option<PathBuf>,
    /// Where the crate gets the runtime from: `vendored` (its source is written beside it),
    /// `registry`, or `path=DIR` (relative to the crate). `vendored` if neither this nor the settings say.
    #[arg(long, value_name = "SOURCE", value_parser = runtime_source, env = "MCPWRIGHT_RUNTIME")]
    pub runtime: Option<RuntimeSource>,
    /// Make the crate a member of the workspace around it instead of one of its own.
    #[arg(long)]
    pub member: bool,
}

impl OutputArguments {
    /// The configuration with what the crate is to be, and the folder for it.
    ///
    /// # Errors
    /// When nothing names the folder.
    pub fn apply(&self, mut config: Config) -> Result<(Config, PathBuf), OutputError> {
        if let Some(source) = &self.runtime {
            config = config.runtime(source.clone());
        }
        if self.member {
            config = config.workspace_member(true);
        }
        let folder = match &self.out {
            Some(out) => out.clone(),
            None => config.output_folder()?.ok_or_else(|| {
                OutputError::Usage(
                    "no folder for the crate was named: `--out DIR`, or `output.folder` in the settings"
                        .to_owned(),
                )
            })?,
        };
        Ok((config, folder))
    }

    /// The same on a command line, with a space before each.
    pub fn to_options(&self) -> String {
        let mut line = String::new();
        if let Some(out) = &self.out {
            line.push_str(&format!(" --out {}", quoted(&out.to_string_lossy())));
        }
        match &self.runtime {
            None => {}
            Some(RuntimeSource::Vendored) => line.push_str(" --runtime vendored"),
            Some(RuntimeSource::Registry) => line.push_str(" --runtime registry"),
            Some(RuntimeSource::Path(path)) => {
                line.push_str(&format!(" --runtime {}", quoted(&format!("path={path}"))));
            }
        }
        if self.member {
            line.push_str(" --member");
        }
        line
    }
}

/// A word as a shell reads it: in quotes unless it is plain.
pub fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./=:+,@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

fn runtime_source(text: &str) -> Result<RuntimeSource, String> {
    crate::config::runtime(text)
        .ok_or_else(|| "expected `vendored`, `registry` or `path=DIR`".to_owned())
}

/// Why there is no folder for a crate.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    /// Nothing names one.
    #[error("{0}")]
    Usage(String),
    /// The settings cannot be used.
    #[error(transparent)]
    Refused(#[from] crate::Error),
}

/// `generate`
#[derive(Debug, Args)]
pub struct GenerateCommand {
    /// The document.
    #[command(flatten)]
    pub spec: SpecArguments,
    /// The output.
    #[command(flatten)]
    pub output: OutputArguments,
    /// Write nothing; say what would be written.
    #[arg(long)]
    pub dry_run: bool,
    /// Overwrite generated files that were edited by hand.
    #[arg(long)]
    pub force: bool,
    /// Give tools the names that the document suggests now, whatever they were called before.
    #[arg(long)]
    pub relock: bool,
}

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

/// `run`
#[derive(Debug, Args)]
pub struct RunCommand {
    /// Build without optimization: sooner done, and slower.
    #[arg(long)]
    pub debug: bool,
    /// Build, and serve nothing.
    #[arg(long)]
    pub build_only: bool,
    /// How the server is started: `http` with its options if nothing is given, `stdio`, `tools` …
    #[arg(
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "ARGUMENTS"
    )]
    pub arguments: Vec<std::ffi::OsString>,
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

/// `mcpwright bundle`
#[derive(Debug, Clone, Args)]
pub struct BundleCommand {
    /// What to make; all of it if not given, but for what lacks something.
    #[arg(value_enum)]
    pub kinds: Vec<Kind>,
    /// The folder for it.
    #[arg(
        long,
        short,
        value_name = "DIR",
        default_value = "bundle",
        env = "MCPWRIGHT_BUNDLE_OUT"
    )]
    pub out: PathBuf,
    /// A built server for the .mcpb file, in place of the one that is built here. May be repeated: one for each
    /// system.
    #[arg(long, value_name = "FILE")]
    pub program: Vec<PathBuf>,
    /// Overwrite files that were edited since they were made.
    #[arg(long)]
    pub force: bool,
    /// Build without optimisation, which is faster and ten times larger.
    #[arg(long, conflicts_with = "program")]
    pub debug: bool,
}
