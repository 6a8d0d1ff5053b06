//! Flags for the document and the files that belong to it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::output::quoted;
use crate::Config;
use crate::cli::fetch::{Fetcher, Host};
use crate::source::Budget;

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
