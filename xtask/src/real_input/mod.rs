//! `real-input`: documents of real services, all the way to an answer.
//!
//! For every document: generate, `cargo check` and build with warnings as errors, start the server,
//! open it as clients of both eras do, count its tools, and call its read operations against a service
//! on loopback that must see the right method and path.

pub mod documents;
mod report;
mod serve;

use std::path::PathBuf;

use crate::failure::{Context as _, Result};
use crate::paths;
use crate::upstream::Upstream;
use crate::workshop::Workshop;
use report::Report;

/// Options of the task.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Folder of documents (default: the one beside the repository).
    #[arg(long, value_name = "DIR")]
    specs: Option<PathBuf>,
    /// Only the documents whose name contains this.
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
    /// Also write the report as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// Runs the task; false when a document failed.
///
/// # Errors
/// When nothing could be tried.
pub fn run(options: &Options) -> Result<bool> {
    let folder = options.specs.clone().unwrap_or_else(paths::specs);
    if options.specs.is_none() && !folder.is_dir() {
        println!("real-input: skipped, there is no folder of documents beside the repository");
        return Ok(true);
    }
    let documents = documents::find(&folder, options.only.as_deref())?;
    let mut workshop = Workshop::new("real-input", "dev")?;
    let mut reports = Vec::new();
    let mut made = Vec::new();
    for document in &documents {
        match workshop.generate(document) {
            Ok(one) => {
                reports.push(Report::of(&one));
                made.push(one);
            }
            Err(failure) => reports.push(Report::refused(document, &failure)),
        }
    }
    println!(
        "{} documents generated; compiling what they share",
        made.len()
    );
    workshop.prepare(&["check", "build"])?;
    let upstream = Upstream::start()?;
    for one in &made {
        let Some(report) = reports.iter_mut().find(|report| report.name == one.name) else {
            continue;
        };
        println!("{}: check, build, serve", one.name);
        let outcome = measure(&workshop, one, report).and_then(|()| {
            let (calls, wrong) = serve::exercise(&workshop.program(one), one, &upstream)?;
            report.calls = calls;
            report.failures.extend(wrong);
            Ok(())
        });
        if let Err(failure) = outcome {
            report.failures.push(failure.to_string());
        }
    }
    report::show(&reports);
    if let Some(file) = &options.json {
        std::fs::write(file, format!("{:#}\n", report::json(&reports))).context(file.display())?;
    }
    Ok(reports.iter().all(|report| report.failures.is_empty()))
}

fn measure(workshop: &Workshop, made: &crate::workshop::Made, report: &mut Report) -> Result<()> {
    workshop.forget(made)?;
    report.check_cpu = workshop.cpu_alone(&["check", "-p", &made.package])?;
    workshop.cargo(&["build", "-p", &made.package])?;
    Ok(())
}
