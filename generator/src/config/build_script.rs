//! A run within a build script.

use std::fs;
use std::path::PathBuf;

use super::{Config, Error, Spec};
use crate::source::Document;

impl Config {
    /// For build scripts: generates one file into `OUT_DIR`, tells Cargo when to run again, and shows
    /// warnings. Take it in with `mcpwright_runtime::include_generated!("<stem of the document>")`.
    ///
    /// ```no_run
    /// // build.rs
    /// fn main() -> Result<(), mcpwright::Error> {
    ///     mcpwright::Config::new().spec("specs/crm.yaml").compile()
    /// }
    /// ```
    ///
    /// # Errors
    /// When the document cannot be used or the file cannot be written.
    pub fn compile(&self) -> Result<(), Error> {
        let this = match self.settled() {
            Ok(this) => this,
            Err(error) => {
                // Once it is mended, Cargo has to look again.
                if let Some(Spec::File(path)) = &self.settings {
                    cargo_says(&format!("rerun-if-changed={}", path.display()));
                }
                return Err(error);
            }
        };
        let files = this.spec.iter().chain(&this.overlays);
        for spec in files.chain(&self.settings) {
            if let Spec::File(path) = spec {
                cargo_says(&format!("rerun-if-changed={}", path.display()));
            }
        }
        let out_dir = match &self.out_dir {
            Some(folder) => folder.clone(),
            None => std::env::var_os("OUT_DIR").map(PathBuf::from).ok_or_else(|| {
                Error::Message(
                    "OUT_DIR is not set: `compile` is for build scripts; elsewhere set `out_dir` or call `generate`"
                        .to_owned(),
                )
            })?,
        };
        let generated = this.generate_embedded();
        let document = match &generated {
            Ok(generated) => Some(&generated.report.document),
            Err(Error::Refused(failed)) => failed.document.as_ref(),
            Err(Error::Message(_)) => None,
        };
        let parts = document.map(|document| document.parts.as_slice());
        for path in parts
            .into_iter()
            .flatten()
            .filter_map(|part: &Document| part.path.as_ref())
        {
            cargo_says(&format!("rerun-if-changed={}", path.display()));
        }
        let generated = generated?;
        for diagnostic in generated.report.diagnostics.iter() {
            if diagnostic.severity == crate::diagnostics::Severity::Warning {
                cargo_says(&format!(
                    "warning={}: {}",
                    diagnostic.code.id(),
                    diagnostic.message.replace('\n', " ")
                ));
            }
        }
        for (name, text) in &generated.files {
            let path = out_dir.join(name);
            // An unchanged file keeps its time stamp, and nothing is built again.
            if fs::read(&path).is_ok_and(|current| current == text.as_bytes()) {
                continue;
            }
            fs::create_dir_all(&out_dir)
                .and_then(|()| fs::write(&path, text))
                .map_err(|error| Error::Message(format!("{}: {error}", path.display())))?;
        }
        Ok(())
    }
}

/// Directives for Cargo go to standard output.
#[allow(
    clippy::print_stdout,
    reason = "a build script talks to Cargo on standard output"
)]
fn cargo_says(directive: &str) {
    println!("cargo::{directive}");
}
