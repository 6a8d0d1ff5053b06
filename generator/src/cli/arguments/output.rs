//! Flags for the crate that is written, and `generate`.

use std::path::PathBuf;

use clap::Args;

use super::document::SpecArguments;
use crate::{Config, RuntimeSource};

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
