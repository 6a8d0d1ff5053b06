//! `load`: what a server does for those who behave while others do not, with more calls than it can work on, and
//! after many minutes.
//!
//! | file | subject |
//! |---|---|
//! | `service.rs` | a service that takes its time, and fails when it is told to |
//! | `pace.rs` | callers that call at a rate, whatever the answers are |
//! | `slow.rs` | clients that send, or read, a byte now and then, or nothing |
//! | `harm.rs` | what they do |
//! | `overload.rs` | five times as many calls as can be worked on |
//! | `soak.rs` | memory and descriptors over many minutes |

mod harm;
mod overload;
mod pace;
mod service;
mod slow;
mod soak;

use crate::bench::{Figure, show};
use crate::crm;
use crate::failure::Result;
pub use service::Service;

/// Options of the task.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// What is measured.
    #[arg(value_enum, default_value_t = What::All)]
    what: What,
    /// Minutes of `soak`.
    #[arg(long, default_value_t = 20.0)]
    minutes: f64,
    /// Seconds of `overload`.
    #[arg(long, default_value_t = 60)]
    overload_seconds: u64,
    /// Use the programs that are built, as they are.
    #[arg(long)]
    no_build: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum What {
    /// Clients that are slow.
    Slow,
    /// Too many calls.
    Overload,
    /// Many minutes.
    Soak,
    /// All of them.
    All,
}

/// Runs the task; false when a figure is beyond its bound.
///
/// # Errors
/// When a program does not start, or is gone at the end.
pub fn run(options: &Options) -> Result<bool> {
    if !options.no_build {
        crm::build()?;
    }
    let wants = |what: What| options.what == what || options.what == What::All;
    let mut figures: Vec<Figure> = Vec::new();
    if wants(What::Slow) {
        figures.extend(slow::measure()?);
    }
    if wants(What::Overload) {
        figures.extend(overload::measure(options.overload_seconds)?);
    }
    if wants(What::Soak) {
        figures.extend(soak::measure((options.minutes.max(0.1) * 60.0) as u64)?);
    }
    show(&figures);
    Ok(figures.iter().all(Figure::holds))
}
