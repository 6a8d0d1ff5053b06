//! Files from a configuration.

use std::path::Path;

use super::{Config, Error};
use crate::diagnostics::{Code, Diagnostic, Sink};
use crate::emit::{self, RuntimeSource};
use crate::lock::{LOCK, Lock};
use crate::lower::Names;
use crate::names::unusable_package;
use crate::pipeline::{self, Generated};

impl Config {
    /// Generates the files of a crate. With [`Config::spec_str`] this touches no file system.
    ///
    /// # Errors
    /// When the document cannot be used; the error holds every diagnostic.
    pub fn generate(&self) -> Result<Generated, Error> {
        let this = self.settled()?;
        let mut run = this.run()?;
        run.files = emit::crate_files(&run.api, &this.manifest);
        if !this.lock_elsewhere {
            run.files.insert(LOCK.to_owned(), run.lock.to_text());
        }
        if this.manifest.runtime == RuntimeSource::Vendored {
            let runtime = crate::embedded::runtime_files().map_err(|error| {
                Error::Message(format!(
                    "the runtime that this tool carries cannot be read: {error}"
                ))
            })?;
            run.files.extend(
                runtime
                    .into_iter()
                    .map(|(path, text)| (format!("mcpwright-runtime/{path}"), text)),
            );
        }
        run.list_owned_files();
        Ok(run)
    }

    /// Generates the one file that `include!` takes in.
    ///
    /// # Errors
    /// When the document cannot be used; the error holds every diagnostic.
    pub fn generate_embedded(&self) -> Result<Generated, Error> {
        let mut run = self.settled()?.run()?;
        let text = emit::embedded_file(&run.api);
        let module = self.module_name(&run.report.document.name);
        run.files.insert(format!("{module}.rs"), text);
        Ok(run)
    }

    /// The IR and the normalized document, for what acts by them.
    ///
    /// # Errors
    /// When the document cannot be used.
    #[cfg(feature = "cli")]
    pub fn described(&self) -> Result<pipeline::Described, Error> {
        let this = self.settled()?;
        let input = this.read()?;
        this.check_names()?;
        pipeline::described(&input, &this.locked_names()?, &this.budgets).map_err(Error::Refused)
    }

    /// The stages of a run, for `explain`.
    ///
    /// # Errors
    /// When the document cannot be used.
    pub fn stages(&self) -> Result<pipeline::Stages, Error> {
        let this = self.settled()?;
        let input = this.read()?;
        pipeline::stages(&input, &this.locked_names()?, &this.budgets).map_err(Error::Refused)
    }

    fn run(&self) -> Result<Generated, Error> {
        let input = self.read()?;
        self.check_names()?;
        let mut sink = Sink::default();
        if self.strict {
            sink.make_strict();
        }
        pipeline::run(&input, &self.locked_names()?, &self.budgets, sink).map_err(Error::Refused)
    }

    /// What the operator says about names, with those of the lock.
    fn locked_names(&self) -> Result<Names, Error> {
        let mut names = self.names.clone();
        if let Some(text) = &self.lock {
            names.lock = Some(Lock::read(text).map_err(|reason| {
                Error::of(
                    Diagnostic::new(Code::E0950, format!("{LOCK} cannot be used: {reason}")).help(
                        "restore it from version control; or pass `--relock` and let tools have new names",
                    ),
                )
            })?);
        }
        Ok(names)
    }

    fn check_names(&self) -> Result<(), Error> {
        let refuse = |what: &str, name: &str, rule: &str| {
            Err(Error::of(
                Diagnostic::new(
                    Code::E0801,
                    format!("`{}` is no {what}", crate::text::line(name, 60)),
                )
                .help(rule.to_owned()),
            ))
        };
        if let Some(name) = &self.names.server {
            let valid = name.len() <= 16
                && name.starts_with(|c: char| c.is_ascii_lowercase())
                && name
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
                && !repeats_separators(name);
            if !valid {
                return refuse(
                    "server name",
                    name,
                    "1 to 16 characters: a-z, 0-9 and single `-`, starting with a letter",
                );
            }
        }
        if let Some(name) = &self.names.package {
            let valid = name.len() <= 64
                && name.starts_with(|c: char| c.is_ascii_lowercase())
                && name.bytes().all(|b| {
                    b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_'
                })
                && !repeats_separators(name);
            if !valid {
                return refuse(
                    "package name",
                    name,
                    "1 to 64 characters: a-z, 0-9, single `-` and `_`, starting with a letter",
                );
            }
            if let Some(reason) = unusable_package(name) {
                return refuse(
                    "package name that can be built",
                    name,
                    &format!("{reason}; give another one, such as `{name}-mcp`"),
                );
            }
        }
        Ok(())
    }

    pub(super) fn module_name(&self, document: &str) -> String {
        self.module.clone().unwrap_or_else(|| {
            let stem = Path::new(document)
                .file_stem()
                .map(|s| s.to_string_lossy().into_owned());
            crate::names::snake(&stem.unwrap_or_default(), 0)
        })
    }
}

/// Whether two `-` or `_` follow each other, which the compiler warns of in names of crates.
fn repeats_separators(name: &str) -> bool {
    let separator = |b: Option<&u8>| b.is_some_and(|b| b"-_".contains(b));
    name.as_bytes()
        .windows(2)
        .any(|two| separator(two.first()) && separator(two.last()))
}
