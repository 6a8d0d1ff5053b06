//! The generated crate of this folder, and its program, to which several commands are handed over.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::{env, fs};

use serde_json::Value;

use super::REFUSED;
use super::own;
use super::terminal::Terminal;
use crate::Config;

/// What the generator writes beside a crate.
const MANIFEST: &str = "mcpwright.manifest.json";
/// Settings of a project.
pub const SETTINGS: &str = "mcpwright.toml";

/// A generated crate.
#[derive(Debug)]
pub struct Crate {
    /// Its folder.
    pub folder: PathBuf,
    /// Name of its package, and of its program.
    pub package: String,
}

impl Crate {
    /// The crate in a folder: the folder itself, the one that its settings name, or the only one below it.
    ///
    /// # Errors
    /// One line that says what is missing, and what makes it.
    pub fn find(folder: &Path) -> Result<Self, String> {
        if folder.join(MANIFEST).is_file() {
            return Self::read(folder);
        }
        let settings = folder.join(SETTINGS);
        if settings.is_file() {
            let named = Config::new()
                .settings_file(&settings)
                .output_folder()
                .map_err(|error| error.to_string())?;
            if let Some(out) = named {
                return if out.join(MANIFEST).is_file() {
                    Self::read(&out)
                } else {
                    Err(format!(
                        "{} is not generated yet: `mcpwright run` generates, builds and serves it",
                        out.display()
                    ))
                };
            }
        }
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let mut found: Vec<PathBuf> = entries
            .map(|entry| entry.path())
            .filter(|path| path.join(MANIFEST).is_file())
            .collect();
        found.sort();
        match found.as_slice() {
            [one] => Self::read(one),
            [] => Err(format!(
                "there is no generated crate here and no {SETTINGS} that names one: `mcpwright init` begins, `mcpwright generate SPEC --out DIR` writes one"
            )),
            several => {
                let names: Vec<String> = several
                    .iter()
                    .map(|path| path.display().to_string())
                    .collect();
                Err(format!(
                    "there are several generated crates here: go into one of {}",
                    names.join(", ")
                ))
            }
        }
    }

    fn read(folder: &Path) -> Result<Self, String> {
        let path = folder.join("Cargo.toml");
        let text = fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        let manifest: toml_edit::DocumentMut = text
            .parse()
            .map_err(|_| format!("{} is not TOML; generate it again", path.display()))?;
        let package = manifest
            .get("package")
            .and_then(|package| package.get("name"))
            .and_then(toml_edit::Item::as_str)
            .ok_or_else(|| format!("{} names no package", path.display()))?;
        Ok(Self {
            folder: folder.to_owned(),
            package: package.to_owned(),
        })
    }

    /// Where Cargo puts what it builds of it.
    ///
    /// # Errors
    /// When Cargo cannot be asked.
    pub fn target(&self) -> Result<PathBuf, String> {
        let output = cargo()
            .args([
                "metadata",
                "--no-deps",
                "--format-version",
                "1",
                "--manifest-path",
            ])
            .arg(self.folder.join("Cargo.toml"))
            .output()
            .map_err(no_cargo)?;
        let said: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        let target = said.get("target_directory").and_then(Value::as_str);
        target.map(PathBuf::from).ok_or_else(|| {
            let why = String::from_utf8_lossy(&output.stderr);
            let why = why.lines().next().unwrap_or("it says nothing");
            format!(
                "cargo does not say where it builds: {}",
                crate::text::line(why, 200)
            )
        })
    }

    /// Its program, the one that was built last.
    ///
    /// # Errors
    /// When there is none.
    pub fn program(&self) -> Result<PathBuf, String> {
        self.built(&["release", "debug"])
    }

    /// Its program in a profile.
    ///
    /// # Errors
    /// When there is none.
    pub fn program_of(&self, release: bool) -> Result<PathBuf, String> {
        self.built(&[if release { "release" } else { "debug" }])
    }

    fn built(&self, profiles: &[&str]) -> Result<PathBuf, String> {
        let target = self.target()?;
        let name = format!("{}{}", self.package, env::consts::EXE_SUFFIX);
        let built = |path: &PathBuf| fs::metadata(path).and_then(|found| found.modified()).ok();
        profiles
            .iter()
            .map(|profile| target.join(profile).join(&name))
            .filter(|path| path.is_file())
            .max_by_key(built)
            .ok_or_else(|| {
                format!(
                    "{} is not built yet: `mcpwright run` does it, or `cargo build --release` in {}",
                    self.package,
                    self.folder.display()
                )
            })
    }
}

/// Cargo, as the one who started this means it.
pub fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.env_remove("RUSTFLAGS");
    command
}

/// That there is no Cargo.
pub fn no_cargo(error: std::io::Error) -> String {
    format!("cargo cannot be started: {error}; install Rust from https://rustup.rs")
}

/// The exit code of a program; that of a signal is 1.
pub fn code(status: ExitStatus) -> u8 {
    status
        .code()
        .and_then(|code| u8::try_from(code).ok())
        .unwrap_or(REFUSED)
}

/// Variables of the server of this folder that its environment does not set: the address that its settings
/// name, and the files in which its credentials are kept, as far as they were given for that address. A folder
/// may be somebody else's, and name any address.
pub fn variables(terminal: &Terminal) -> Vec<(String, String)> {
    variables_for(terminal, true)
}

/// The same; the service's address is said only to whom it concerns.
pub fn variables_for(terminal: &Terminal, says_service: bool) -> Vec<(String, String)> {
    let text = fs::read_to_string(SETTINGS).unwrap_or_default();
    let settings: toml_edit::DocumentMut = text.parse().unwrap_or_default();
    let server = settings.get("server");
    let text = |key: &str| {
        let value = server.and_then(|server| server.get(key));
        value.and_then(toml_edit::Item::as_str)
    };
    let Some(name) = text("name") else {
        return Vec::new();
    };
    let prefix = format!("{}_", name.replace('-', "_").to_ascii_uppercase());
    let set = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
    let mut found = Vec::new();
    let address = format!("{prefix}BASE_URL");
    let url = match (set(&address), text("base_url")) {
        (Some(url), _) => url,
        (None, Some(url)) => {
            let shown = crate::text::line(url, 200);
            if says_service {
                terminal.say(format!("  the service is {shown} ({SETTINGS})"));
            }
            found.push((address.clone(), url.to_owned()));
            url.to_owned()
        }
        (None, None) => String::new(),
    };
    let folder = own_folder(name);
    let origins = folder.as_ref().map(|folder| folder.join(own::ORIGINS));
    let origins = origins.and_then(|path| fs::read_to_string(path).ok());
    let origins = origins.unwrap_or_default();
    let entries = folder.and_then(|folder| fs::read_dir(folder).ok());
    let mut refused = Vec::new();
    for entry in entries.into_iter().flatten().flatten() {
        let (Ok(variable), path) = (entry.file_name().into_string(), entry.path()) else {
            continue;
        };
        let by_file = format!("{variable}_FILE");
        let is_plain = variable
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
        if !is_plain
            || !variable.starts_with(&prefix)
            || !path.is_file()
            || set(&variable).is_some()
            || set(&by_file).is_some()
        {
            continue;
        }
        let given = own::bound(&origins, &variable);
        if given.is_some() && given.map(str::to_owned) == own::origin(&url) {
            found.push((by_file, path.display().to_string()));
        } else {
            refused.push(format!(
                "  the credential in {} is not used: it was given for {}, and the service here is {}; `export {by_file}={}` if that is right",
                path.display(),
                given.unwrap_or("an address that is not known"),
                if url.is_empty() { "not known".to_owned() } else { crate::text::line(&url, 200) },
                super::arguments::quoted(&path.display().to_string()),
            ));
        }
    }
    found.sort();
    refused.sort();
    terminal.lines(&refused);
    found
}

/// The folder in which a server's credentials are kept: the one that its own `connect` keeps them in.
fn own_folder(name: &str) -> Option<PathBuf> {
    let get = |name: &str| env::var(name).ok();
    own::folder(env::consts::OS, &get, name).map(PathBuf::from)
}

/// Keeps a credential of a server in a file of its owner alone, for the service at an address; its path.
///
/// # Errors
/// When it cannot be written.
pub fn keep(name: &str, variable: &str, secret: &str, address: &str) -> Result<PathBuf, String> {
    let origin = own::origin(address).ok_or_else(|| {
        format!(
            "{} is no address to keep {variable} for; export it",
            crate::text::line(address, 200)
        )
    })?;
    let folder = own_folder(name).ok_or_else(|| {
        format!("there is no home folder (HOME) to keep {variable} in; export it")
    })?;
    let path = folder.join(variable);
    let failed = |error: std::io::Error| format!("{} cannot be written: {error}", path.display());
    if !folder.is_dir() {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&folder).map_err(failed)?;
    }
    let origins = folder.join(own::ORIGINS);
    let known = fs::read_to_string(&origins).unwrap_or_default();
    // The address first: a credential without one is not used.
    for (path, text) in [
        (&origins, own::with(&known, variable, &origin)),
        (&path, secret.to_owned()),
    ] {
        // A temporary file is its owner's alone.
        let mut draft = tempfile::NamedTempFile::new_in(&folder).map_err(failed)?;
        std::io::Write::write_all(&mut draft, text.as_bytes()).map_err(failed)?;
        draft.persist(path).map_err(|error| failed(error.error))?;
    }
    Ok(path)
}
