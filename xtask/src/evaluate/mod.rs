//! `evaluate`: can an agent do what people ask for, and does it recover from its own mistakes?
//!
//! Without a model, and the same in every run. Tasks of people over the demo CRM
//! (`tests/evaluation/tasks`) are played by a script in each view, and looked up in the CRM afterwards.
//! Faulty calls are made of valid ones by kinds of faults, and repaired by rules that read nothing but
//! the answer.

mod place;
mod play;
mod recovery;
mod session;
mod task;
pub mod tokens;
mod views;
mod way;

use crate::crm;
use crate::failure::Result;
use tokens::Counter;

/// Options of the task.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Only the tasks, and the kinds of faults, whose name contains this.
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
    /// Where faults are put: the same number gives the same faults.
    #[arg(long, value_name = "N", default_value_t = 4)]
    seed: u64,
    /// Use the programs as they are, without building them first.
    #[arg(long)]
    no_build: bool,
    /// Show the calls that were not repaired.
    #[arg(long)]
    misses: bool,
}

/// Runs the task; false when less is reached than should be.
///
/// # Errors
/// When nothing could be tried.
pub fn run(options: &Options) -> Result<bool> {
    if !options.no_build {
        crm::build()?;
    }
    let only = options.only.as_deref();
    let counter = Counter::new()?;
    let reached = views::run(only, &counter)?;
    println!();
    let repaired = recovery::run(only, options.seed, options.misses)?;
    Ok(reached && repaired)
}
