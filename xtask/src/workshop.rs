//! A Cargo workspace in the target folder in which generated crates are built.
//!
//! All crates share one build of their dependencies, which stand in the repository's lock file.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use mcpwright::output::{WriteOptions, write};
use mcpwright::{Config, Generated, RuntimeSource};

use crate::failure::{Context as _, Result};
use crate::paths;
use crate::process::{self, Used};

/// The member that stands for "the runtime and all that it needs, with the default features".
const WARM: &str = "warm";

/// The folder of the runtime, here and in the repository.
const RUNTIME: &str = "runtime";

/// The workspace.
#[derive(Debug)]
pub struct Workshop {
    folder: PathBuf,
    members: Vec<String>,
    profile: &'static str,
}

/// A crate that was generated into the workspace.
#[derive(Debug)]
pub struct Made {
    /// Name of the document without its extension.
    pub name: String,
    /// Cargo package, and name of the program.
    pub package: String,
    /// What the generator gave.
    pub generated: Generated,
    /// Seconds that generating took, reading and writing included.
    pub seconds: f64,
}

impl Made {
    /// Operations that became tools.
    pub fn tools(&self) -> usize {
        self.generated.api.operations().count()
    }
}

impl Workshop {
    /// An empty workspace `target/<name>`; `profile` is the name of the Cargo profile that it builds in.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn new(name: &str, profile: &'static str) -> Result<Self> {
        let folder = paths::target().join(name);
        fs::create_dir_all(&folder)?;
        let mut workshop = Self {
            folder,
            members: Vec::new(),
            profile,
        };
        // A copy, so that nobody who edits the runtime meanwhile disturbs what is measured.
        copy_sources(&paths::root().join(RUNTIME), &workshop.folder.join(RUNTIME))?;
        let warm = workshop.folder.join(WARM);
        fs::create_dir_all(warm.join("src"))?;
        write_if_new(&warm.join("src/lib.rs"), "//! Builds the runtime.\n")?;
        write_if_new(
            &warm.join("Cargo.toml"),
            &format!(
                "[package]\nname = \"{WARM}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
                 [dependencies]\nmcpwright-runtime = {{ path = \"../{RUNTIME}\" }}\n"
            ),
        )?;
        workshop.members.push(WARM.to_owned());
        Ok(workshop)
    }

    /// Generates a crate from a document and makes it a member.
    ///
    /// # Errors
    /// When the document is refused or the crate cannot be written.
    pub fn generate(&mut self, document: &Path) -> Result<Made> {
        let stem = document.file_stem().context("the document has no name")?;
        let name = stem.to_string_lossy().into_owned();
        let package = format!("{name}-mcp");
        let start = Instant::now();
        let generated = Config::new()
            .spec(document)
            .package_name(&package)
            .runtime(RuntimeSource::Path(format!("../{RUNTIME}")))
            .workspace_member(true)
            .generate()?;
        write_crate(&self.folder.join(&name), &generated.files)?;
        let seconds = start.elapsed().as_secs_f64();
        self.members.push(name.clone());
        Ok(Made {
            name,
            package,
            generated,
            seconds,
        })
    }

    /// Where its crates are.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Makes a crate that stands in a folder of its own a member.
    pub fn add(&mut self, member: String) {
        self.members.push(member);
    }

    /// Writes the manifest and the lock file of the workspace, and builds the dependencies.
    ///
    /// # Errors
    /// When Cargo fails.
    pub fn prepare(&self, subcommands: &[&str]) -> Result<()> {
        let profiles = "[profile.dev]\ndebug = false\n\n\
                        [profile.release]\nopt-level = \"s\"\noverflow-checks = true\ncodegen-units = 1\nlto = \"thin\"\nstrip = true\n";
        let manifest = format!(
            "[workspace]\nresolver = \"3\"\nmembers = {:?}\nexclude = [\"{RUNTIME}\"]\n\n{profiles}",
            self.members
        );
        write_if_new(&self.folder.join("Cargo.toml"), &manifest)?;
        fs::copy(
            paths::root().join("Cargo.lock"),
            self.folder.join("Cargo.lock"),
        )?;
        for subcommand in subcommands {
            self.cargo(&[subcommand, "-p", WARM])?;
        }
        Ok(())
    }

    /// Runs Cargo in the workspace. Warnings are errors.
    ///
    /// # Errors
    /// When Cargo fails.
    pub fn cargo(&self, arguments: &[&str]) -> Result<Used> {
        process::run(&mut self.command(arguments))
    }

    /// A Cargo command in the workspace.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("cargo");
        command
            .arg("--quiet")
            .args(arguments)
            .args(["--profile", self.profile])
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", self.folder.join("target"))
            .env("CARGO_INCREMENTAL", "0")
            .env("RUSTFLAGS", "-D warnings")
            .env_remove("CARGO_ENCODED_RUSTFLAGS");
        command
    }

    /// CPU seconds of a Cargo command less those of Cargo itself, which are those of the same command
    /// when there is nothing to do.
    ///
    /// # Errors
    /// When Cargo fails.
    pub fn cpu_alone(&self, arguments: &[&str]) -> Result<f64> {
        let work = self.cargo(arguments)?;
        let idle = self.cargo(arguments)?;
        if work.cpu > idle.cpu {
            return Ok(work.cpu - idle.cpu);
        }
        Err(format!("cargo {}: nothing was compiled", arguments.join(" ")).into())
    }

    /// Makes Cargo forget that it compiled a crate.
    ///
    /// # Errors
    /// When the crate's files cannot be touched.
    pub fn forget(&self, made: &Made) -> Result<()> {
        let root = self.folder.join(&made.name).join("src/lib.rs");
        let file = fs::OpenOptions::new()
            .append(true)
            .open(&root)
            .context(root.display())?;
        Ok(file.set_modified(std::time::SystemTime::now())?)
    }

    /// The program of a crate that was built.
    pub fn program(&self, made: &Made) -> PathBuf {
        let folder = if self.profile == "dev" {
            "debug"
        } else {
            self.profile
        };
        self.folder.join("target").join(folder).join(&made.package)
    }
}

/// Writes a generated crate over an older one.
///
/// # Errors
/// When it cannot be written.
pub fn write_crate(folder: &Path, files: &BTreeMap<String, String>) -> Result<()> {
    let options = WriteOptions {
        force: true,
        dry_run: false,
    };
    write(folder, files, options).map_err(|refusals| {
        let reasons: Vec<String> = refusals
            .iter()
            .map(|refusal| refusal.message.clone())
            .collect();
        format!("{}: {}", folder.display(), reasons.join("; "))
    })?;
    Ok(())
}

/// Leaves a file that is right as it is, so that Cargo sees no change.
fn write_if_new(path: &Path, text: &str) -> Result<()> {
    if fs::read(path).is_ok_and(|current| current == text.as_bytes()) {
        return Ok(());
    }
    fs::write(path, text).context(path.display())
}

/// Copies a crate: its manifest, its readme and its sources.
///
/// What an older copy has and the crate has not is removed: a test that moved would be there twice.
fn copy_sources(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(to).context(to.display())? {
        let old = entry?.path();
        let new = from.join(old.file_name().unwrap_or_default());
        if new.is_dir() == old.is_dir() && new.exists() {
            continue;
        }
        if old.is_dir() {
            fs::remove_dir_all(&old).context(old.display())?;
        } else {
            fs::remove_file(&old).context(old.display())?;
        }
    }
    for entry in fs::read_dir(from).context(from.display())? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default();
        if path.is_dir() {
            copy_sources(&path, &to.join(name))?;
        } else {
            let text = fs::read_to_string(&path).context(path.display())?;
            write_if_new(&to.join(name), &text)?;
        }
    }
    Ok(())
}
