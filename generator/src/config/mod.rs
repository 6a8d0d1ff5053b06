//! What to generate from, and how: the one entry for the command line, build scripts and tests.
//!
//! | file | subject |
//! |---|---|
//! | `sources.rs` | the document, its overlays, and the files that it may lead to |
//! | `options.rs` | names, form of the crate, limits |
//! | `run.rs` | files from a configuration |
//! | `build_script.rs` | the same within a build script |
//! | `input.rs` | what is read before the pipeline starts |
//! | `settled.rs` | what `mcpwright.toml` fills in |
//! | `error.rs` | why nothing was generated |

mod build_script;
mod error;
mod input;
mod options;
mod run;
mod settled;
mod sources;

use std::path::PathBuf;

use crate::emit::Manifest;
use crate::library::Library;
use crate::lower::Names;
use crate::source::{Budget, Budgets};
pub use error::Error;
use input::{Spec, read_file};
#[cfg(feature = "cli")]
pub(crate) use settled::runtime;

/// A generator run, described.
/// ```
/// let document = r#"{
///     "openapi": "3.1.0",
///     "info": {"title": "Leads", "version": "1"},
///     "paths": {"/leads": {"get": {"operationId": "listLeads", "responses": {"200": {"description": "ok"}}}}}
/// }"#;
/// let generated = mcpwright::Config::new().spec_str("leads.json", document).generate()?;
/// assert!(generated.files.contains_key("src/operations/leads.rs"));
/// # Ok::<(), mcpwright::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Config {
    spec: Option<Spec>,
    overlays: Vec<Spec>,
    names: Names,
    manifest: Manifest,
    library: Library,
    budgets: Budgets,
    budgets_are_set: bool,
    /// Single budgets; they count more than `budgets`.
    raised: Vec<(Budget, usize)>,
    strict: bool,
    module: Option<String>,
    out_dir: Option<PathBuf>,
    lock: Option<String>,
    lock_elsewhere: bool,
    settings: Option<Spec>,
    runtime_is_set: bool,
    /// The output folder that settings name.
    folder: Option<PathBuf>,
}

impl Config {
    /// A run without a document.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}
