//! `bench`: what the project promises in numbers, measured.
//!
//! Time depends on the machine, so what can be is a ratio of two things measured in the same run, and
//! costs are CPU seconds instead of seconds.

mod determinism;
mod figure;
mod first;
mod generate;
mod generated;
mod proxy;
mod scale;
mod server;

use std::path::PathBuf;

use clap::ValueEnum;
use serde_json::Value;

use crate::failure::{Context as _, Result};
use crate::paths;
pub use figure::{Figure, median, show};

/// Options of the task.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// What to measure.
    #[arg(value_enum, default_value_t = Subject::All)]
    subject: Subject,
    /// Folder of documents (default: the one beside the repository).
    #[arg(long, value_name = "DIR")]
    specs: Option<PathBuf>,
    /// Use the program that is built, as it is (determinism: the generator's; first: the same for release; proxy: the example's, in the profile dist).
    #[arg(long)]
    no_build: bool,
    /// Fail when a bound is exceeded.
    #[arg(long)]
    enforce: bool,
    /// Also write the figures as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// `scale`: generate this document in this process, and print what that took.
    #[arg(long, value_name = "FILE", hide = true)]
    alone: Option<PathBuf>,
    /// With `--alone`: how often it is then parsed, formatted and generated.
    #[arg(long, default_value_t = 0, hide = true)]
    rounds: usize,
}

/// What to measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Subject {
    /// The generator against parsing the document and formatting the output.
    Generate,
    /// Compiling generated code.
    Generated,
    /// A generated server: size, start, memory.
    Server,
    /// The same bytes from two runs.
    Determinism,
    /// Large documents: time, memory, and how they grow.
    Scale,
    /// Calls through a server, beside a minimal reverse proxy.
    Proxy,
    /// From a document to the first answer: `init`, `run`, a client that others wrote.
    First,
    /// All of these.
    All,
}

/// Runs the task; false when a bound was exceeded that is enforced.
///
/// # Errors
/// When something could not be measured.
pub fn run(options: &Options) -> Result<bool> {
    if let Some(document) = &options.alone {
        return scale::measure_alone(document, options.rounds).map(|()| true);
    }
    let documents = Documents {
        folder: options.specs.clone().unwrap_or_else(paths::specs),
    };
    let wants = |subject| options.subject == subject || options.subject == Subject::All;
    let mut figures = Vec::new();
    if wants(Subject::Determinism) {
        figures.extend(determinism::measure(&documents, !options.no_build)?);
    }
    if wants(Subject::Generate) {
        figures.extend(generate::measure(&documents)?);
    }
    if wants(Subject::Generated) {
        figures.extend(generated::measure(&documents)?);
    }
    if wants(Subject::Server) {
        figures.extend(server::measure(&documents, !options.no_build)?);
    }
    if wants(Subject::Scale) {
        figures.extend(scale::measure()?);
    }
    if wants(Subject::Proxy) {
        figures.extend(proxy::measure(!options.no_build)?);
    }
    if wants(Subject::First) {
        figures.extend(first::measure(!options.no_build)?);
    }
    println!();
    show(&figures);
    if let Some(file) = &options.json {
        let list: Value = figures.iter().map(Figure::json).collect();
        std::fs::write(file, format!("{list:#}\n")).context(file.display())?;
    }
    let holds = figures.iter().all(Figure::holds);
    if !holds && !options.enforce {
        println!("bounds are not enforced (--enforce)");
    }
    // Different bytes are a fault, whatever the machine does.
    let same = figures
        .iter()
        .filter(|figure| figure.is_law)
        .all(Figure::holds);
    Ok(same && (holds || !options.enforce))
}

/// The documents to measure with.
#[derive(Debug)]
struct Documents {
    folder: PathBuf,
}

impl Documents {
    /// A document of the folder, if it is there; says so if not.
    fn find(&self, name: &str) -> Option<PathBuf> {
        let path = self.folder.join(name);
        if path.is_file() {
            return Some(path);
        }
        println!("skipped: {name} is not there");
        None
    }

    /// The demo's document.
    fn demo() -> PathBuf {
        paths::root().join("specs/crm.yaml")
    }

    /// 355 operations.
    fn large(&self) -> Option<PathBuf> {
        self.find("bottlecrm-31.yaml")
    }

    /// 171 operations.
    fn medium(&self) -> Option<PathBuf> {
        self.find("perfexapi-reconstructed.json")
    }
}
