//! `interop`: what others wrote, against `generated-example` with `demo-crm` behind it.
//!
//! The official conformance suite, the Inspector's linter, two generations of the Python SDK, the
//! TypeScript SDK, an authorization server, a browser, and what checks bundles and charts, all but the browser pinned in
//! `tests/interop`. Everything connects to loopback only.

mod bundle;
mod clients;
mod conformance;
mod install;
mod oauth;
mod page;
mod services;

use std::process::Command;

use clap::ValueEnum;

use crate::failure::Result;
use crate::process;
pub use install::Tools;
use services::Services;

/// Options of the task.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// What to run.
    #[arg(value_enum, default_value_t = Part::All)]
    part: Part,
    /// Use the programs that are built, as they are.
    #[arg(long)]
    no_build: bool,
}

/// What to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Only install the pinned tools; needs no build.
    Install,
    /// The official conformance suite over HTTP.
    Conformance,
    /// The Inspector and the SDKs over stdio and HTTP.
    Clients,
    /// Access tokens of a real authorization server, and the client that gets them.
    Oauth,
    /// The page at the MCP URL, in a browser.
    Page,
    /// The views of MCP Apps, in the host of the published SDK.
    Apps,
    /// What the server is published as, by the tools of those who take it.
    Bundle,
    /// All of these.
    All,
}

/// Runs the task; false when something did not pass.
///
/// # Errors
/// When nothing could be tried.
pub fn run(options: &Options) -> Result<bool> {
    let wants = |part| options.part == part || options.part == Part::All;
    let tools = Tools::install()?;
    if options.part == Part::Install {
        return Ok(true);
    }
    let services = Services::start(!options.no_build)?;
    let mut results = Tally::default();
    if wants(Part::Conformance) {
        conformance::run(&tools, &services, &mut results)?;
    }
    if wants(Part::Clients) {
        clients::run(&tools, &services, &mut results)?;
    }
    if wants(Part::Oauth) {
        oauth::run(&tools, &services, &mut results);
    }
    if wants(Part::Page) {
        page::run(&tools, &services, &mut results)?;
    }
    if wants(Part::Apps) {
        page::apps(&tools, &services, &mut results)?;
    }
    if wants(Part::Bundle) {
        bundle::run(&tools, &services, !options.no_build, &mut results)?;
    }
    println!(
        "interop: {} passed, {} failed",
        results.passed, results.failed
    );
    Ok(results.failed == 0)
}

/// What passed and what did not.
#[derive(Debug, Default)]
struct Tally {
    passed: usize,
    failed: usize,
}

impl Tally {
    /// Runs a program that passes by ending with 0; shows what it said when it does not.
    fn expect(&mut self, name: &str, command: &mut Command) {
        match process::capture(command) {
            Ok((_, used)) => {
                self.passed = self.passed.saturating_add(1);
                println!("pass  {name} ({:.1} s)", used.seconds);
            }
            Err(failure) => {
                self.failed = self.failed.saturating_add(1);
                println!("FAIL  {name}\n{failure}");
            }
        }
    }
}
