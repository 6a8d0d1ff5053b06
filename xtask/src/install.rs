//! `install`: the command as people get it, and a crate that it writes, both far from this repository.
//!
//! `cargo install` builds the command from its sources; in an empty folder of the system it writes a crate
//! with its runtime, Cargo builds that, and the server answers from the demo CRM.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::crm::{self, Crm, KEY, PACKAGE};
use crate::failure::{Context as _, Result};
use crate::{paths, process};

/// Options of the task.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Build without optimisation, with what is compiled already: minutes less.
    #[arg(long)]
    debug: bool,
}

/// Runs the task; false when the server does not have the document's operations.
///
/// # Errors
/// When something does not build or does not run.
pub fn run(options: &Options) -> Result<bool> {
    let place = Place::new()?;
    let mut install = Command::new("cargo");
    install
        .args(["install", "--quiet", "--locked", "--path"])
        .arg(paths::root().join("generator"))
        .arg("--root")
        .arg(&place.0)
        .env("CARGO_TARGET_DIR", paths::target());
    if options.debug {
        install.arg("--debug");
    }
    say(
        "cargo install --path generator",
        process::run(&mut install)?,
    );

    let command = place.0.join("bin/mcpwright");
    let document = place.0.join("openapi.yaml");
    fs::copy(paths::root().join("specs/crm.yaml"), &document)?;
    let generate = ["generate", "openapi.yaml", "--out", PACKAGE];
    say(
        "mcpwright generate",
        process::run(place.run(&command).args(generate))?,
    );

    let folder = place.0.join(PACKAGE);
    stands_alone(&folder)?;
    let mut build = place.run(Path::new("cargo"));
    build.args(["build", "--quiet"]).current_dir(&folder);
    say("cargo build of the crate", process::run(&mut build)?);

    crm::build()?;
    let crm = Crm::start(None)?;
    let server = folder.join("target/debug").join(PACKAGE);
    let server = |arguments: &[&str]| {
        let mut command = place.run(&server);
        command
            .args(arguments)
            .envs(crm::variables(&crm.url, KEY, "all"));
        process::capture(&mut command).map(|(output, _)| output.stdout)
    };
    let tools: Vec<serde_json::Value> = serde_json::from_slice(&server(&["tools", "--json"])?)?;
    let answer = server(&["call", "list_customers", "q=Acme"])?;
    let answers = String::from_utf8_lossy(&answer).contains("Acme Corp");
    let operations = mcpwright::Config::new()
        .spec(&document)
        .generate()?
        .api
        .operations()
        .count();
    println!(
        "install: {} tools of {operations} operations, answers: {answers}",
        tools.len()
    );
    Ok(answers && tools.len() == operations)
}

fn say(what: &str, used: process::Used) {
    println!("{what}: {:.0} s", used.seconds);
}

/// Whether the crate names nothing of this repository.
fn stands_alone(folder: &Path) -> Result<()> {
    let repository = paths::root();
    let repository = repository.to_string_lossy();
    for name in ["Cargo.toml", "mcpwright-runtime/Cargo.toml"] {
        let text = fs::read_to_string(folder.join(name)).context(name)?;
        if text.contains(&*repository) || text.contains("\"..") {
            return Err(format!("{name} of the crate leads out of its folder:\n{text}").into());
        }
    }
    Ok(())
}

/// A folder of the system's own; it goes with this value.
struct Place(PathBuf);

impl Place {
    fn new() -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("mcpwright-install-{}", std::process::id()));
        fs::create_dir_all(&folder).context(folder.display())?;
        Ok(Self(folder))
    }

    /// A program in it, which Cargo told nothing about this workspace.
    fn run(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.0);
        for (name, _) in std::env::vars_os() {
            let own = name.to_string_lossy();
            if own.starts_with("CARGO_") && own != "CARGO_HOME" && !own.starts_with("CARGO_REGISTR")
            {
                command.env_remove(&name);
            }
        }
        command
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
