//! The pinned tools, installed into the target folder.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Context as _, Result};
use crate::{paths, process};

/// The client for the TypeScript SDK.
const CLIENT: &str = "client_sdk1.mjs";
/// The generated server between an authorization server and that client.
const OAUTH: &str = "oauth_checks.mjs";
/// The page in a browser.
const PAGE: &str = "page_checks.mjs";
/// The views of MCP Apps in a host.
const APPS: &str = "apps_checks.mjs";
/// Node finds packages beside the scripts.
const SCRIPTS: [&str; 5] = [CLIENT, OAUTH, "oauth_authority.mjs", PAGE, APPS];

/// The tools.
#[derive(Debug)]
pub struct Tools {
    folder: PathBuf,
    /// `PATH` with the pinned Node first.
    path: OsString,
}

/// Where scripts and pins are.
pub fn source() -> PathBuf {
    paths::root().join("tests/interop")
}

impl Tools {
    /// Installs what is not there yet.
    ///
    /// # Errors
    /// When a package client fails.
    pub fn install() -> Result<Self> {
        let folder = paths::target().join("interop");
        fs::create_dir_all(&folder)?;
        once(
            &folder,
            &["package.json", "package-lock.json"],
            "node.done",
            |folder| {
                println!(
                    "interop: installing the suite, the Inspector, the TypeScript SDK and the authorization server"
                );
                for name in ["package.json", "package-lock.json"] {
                    fs::copy(source().join(name), folder.join(name))?;
                }
                let quiet = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
                process::run(Command::new("npm").args(quiet).current_dir(folder)).map(drop)
            },
        )?;
        for name in ["mcp1", "mcp2", "bundle"] {
            let requirements = format!("requirements-{name}.txt");
            once(
                &folder,
                &[&requirements],
                &format!("{name}.done"),
                |folder| {
                    println!("interop: installing {requirements}");
                    let python = folder.join(name);
                    process::run(Command::new("python3").args(["-m", "venv"]).arg(&python))?;
                    let pip = python.join("bin/pip");
                    let quiet = [
                        "install",
                        "--quiet",
                        "--disable-pip-version-check",
                        "--requirement",
                    ];
                    process::run(
                        Command::new(pip)
                            .args(quiet)
                            .arg(source().join(&requirements)),
                    )
                    .map(drop)
                },
            )?;
        }
        for script in SCRIPTS {
            fs::copy(source().join(script), folder.join(script))?;
        }
        let mut path = OsString::from(folder.join("node_modules/node/bin"));
        path.push(":");
        path.push(std::env::var_os("PATH").unwrap_or_default());
        Ok(Self { folder, path })
    }

    /// A JavaScript tool by its name, on the pinned Node.
    pub fn javascript(&self, name: &str) -> Command {
        self.node(&self.folder.join("node_modules/.bin").join(name))
    }

    /// The pinned Node and a JavaScript tool by its name, for those who start it themselves.
    pub fn node_and(&self, name: &str) -> [PathBuf; 2] {
        let modules = self.folder.join("node_modules");
        [
            modules.join("node/bin/node"),
            modules.join(".bin").join(name),
        ]
    }

    /// The client for the TypeScript SDK.
    pub fn script(&self) -> Command {
        self.node(&self.folder.join(CLIENT))
    }

    /// The checks of access tokens.
    pub fn oauth(&self) -> Command {
        self.node(&self.folder.join(OAUTH))
    }

    /// The checks of the page.
    pub fn page(&self) -> Command {
        self.node(&self.folder.join(PAGE))
    }

    /// The checks of MCP Apps.
    pub fn apps(&self) -> Command {
        self.node(&self.folder.join(APPS))
    }

    /// A Python file of `tests/interop` in one of the environments.
    pub fn python(&self, environment: &str, name: &str) -> Command {
        let mut command = Command::new(self.folder.join(environment).join("bin/python"));
        command
            .arg(source().join(name))
            .env("PYTHONDONTWRITEBYTECODE", "1");
        command
    }

    /// A folder for what a tool writes.
    pub fn output(&self, name: &str) -> PathBuf {
        self.folder.join("output").join(name)
    }

    fn node(&self, file: &Path) -> Command {
        let mut command = Command::new(self.folder.join("node_modules/node/bin/node"));
        command
            .arg(file)
            .env("PATH", &self.path)
            .current_dir(&self.folder);
        command
    }
}

/// Does `work` unless it was done for the same pins.
fn once(
    folder: &Path,
    pins: &[&str],
    mark: &str,
    work: impl FnOnce(&Path) -> Result<()>,
) -> Result<()> {
    let mut text = Vec::new();
    for pin in pins {
        text.extend(fs::read(source().join(pin)).context(pin)?);
    }
    let mark = folder.join(mark);
    if fs::read(&mark).is_ok_and(|done| done == text) {
        return Ok(());
    }
    work(folder)?;
    Ok(fs::write(mark, text)?)
}
