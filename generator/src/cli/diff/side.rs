//! One side of a comparison: a document with its settings and lock, a file of a Git revision, or a lock alone.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::cli::arguments::{FileArguments, with_spec};
use crate::cli::project::SETTINGS;
use crate::cli::terminal::Terminal;
use crate::lock::{LOCK, Lock};
use crate::pipeline::Generated;
use crate::{Config, Error};

/// What is compared.
pub enum Side {
    /// All of it.
    Document(Box<Generated>),
    /// Names alone.
    Lock(Lock),
}

/// Why a side cannot be read.
pub enum Failed {
    /// The command line is not enough.
    Usage(String),
    /// The document cannot be used.
    Refused(Error),
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self::Refused(error)
    }
}

/// Whose names tools have.
#[derive(Clone, Copy)]
pub enum Names<'l> {
    /// Those that the document suggests.
    Suggested,
    /// Those of the lock beside it, or of this one where there is none.
    Locked(Option<&'l Lock>),
}

/// Reads a side; none stands for what the settings of this folder name.
///
/// # Errors
/// When it is not there or cannot be used.
pub fn read(
    given: Option<&Path>,
    files: &FileArguments,
    names: Names<'_>,
    terminal: &Terminal,
) -> Result<Side, Failed> {
    let checkout = match given.filter(|path| !path.exists()).and_then(revision) {
        Some((revision, path)) => Some(Checkout::of(&revision, &path).map_err(Failed::Usage)?),
        None => None,
    };
    let path = checkout.as_ref().map(|checkout| checkout.path.as_path());
    let path = path.or(given);
    if let Some(lock) = path.and_then(lock_of) {
        let text = fs::read_to_string(&lock)
            .map_err(|error| Failed::Usage(format!("{}: {error}", lock.display())))?;
        let read =
            Lock::read(&text).map_err(|why| Failed::Usage(format!("{}: {why}", lock.display())))?;
        return Ok(Side::Lock(read));
    }
    let folder = path.filter(|path| path.is_dir());
    let mut files = match &checkout {
        Some(checkout) => checkout.files(files).map_err(Failed::Usage)?,
        None => files.clone(),
    };
    if let (Some(folder), None) = (folder, &files.config) {
        let settings = folder.join(SETTINGS);
        if !settings.is_file() {
            return Err(Failed::Usage(format!(
                "{} holds neither {SETTINGS} nor {LOCK}: name a document",
                folder.display()
            )));
        }
        files.config = Some(settings);
    }
    let spec = path.filter(|_| folder.is_none());
    let mut config = with_spec(Config::new(), spec, &files).map_err(Failed::Usage)?;
    if let Some(checkout) = &checkout {
        for file in config.named_files()? {
            if !file.starts_with(checkout.folder.path()) {
                return Err(Failed::Usage(format!(
                    "the settings name {} by its absolute path: that file is not of the revision `{}`; name it relative to the settings",
                    file.display(),
                    checkout.revision
                )));
            }
        }
    }
    if let Names::Locked(other) = names {
        let beside = config.output_folder()?.map(|folder| folder.join(LOCK));
        let beside = beside.filter(|path| path.is_file());
        let is_own = |path: &PathBuf| {
            let checkout = checkout.as_ref();
            checkout.is_none_or(|checkout| path.starts_with(checkout.folder.path()))
        };
        let beside = beside.filter(is_own);
        let text = match beside {
            Some(path) => Some(
                fs::read_to_string(&path)
                    .map_err(|error| Failed::Usage(format!("{}: {error}", path.display())))?,
            ),
            None => other.map(Lock::to_text),
        };
        if let Some(text) = text {
            config = config.lock_elsewhere(true).lock(&text);
        }
    }
    let generated = config.generate_embedded();
    terminal.lines(&config.fetched());
    Ok(Side::Document(Box::new(generated?)))
}

/// The lock that a path means: that file, or the one of a generated crate.
fn lock_of(path: &Path) -> Option<PathBuf> {
    if path.is_dir() {
        let lock = path.join(LOCK);
        return (lock.is_file() && !path.join(SETTINGS).is_file()).then_some(lock);
    }
    let is_lock = path
        .extension()
        .is_some_and(|extension| extension == "lock");
    (is_lock && path.is_file()).then(|| path.to_owned())
}

/// `REV:PATH`
fn revision(path: &Path) -> Option<(String, String)> {
    let (revision, path) = path.to_str()?.split_once(':')?;
    // `C:\crm.yaml` and `https://…` are none.
    let is_one = revision.len() > 1 && !path.starts_with("//") && !path.is_empty();
    is_one.then(|| (revision.to_owned(), path.to_owned()))
}

/// The files of a Git revision, until this goes.
struct Checkout {
    folder: TempDir,
    path: PathBuf,
    revision: String,
    /// Top of the repository, as the file system names it.
    top: PathBuf,
}

impl Checkout {
    /// All files of a revision, since a document leads to others, settings and overlays to further ones.
    /// Neither the index nor the files of the repository are touched.
    fn of(revision: &str, path: &str) -> Result<Self, String> {
        let folder =
            tempfile::tempdir().map_err(|error| format!("no temporary folder: {error}"))?;
        let top = git(&["rev-parse", "--show-toplevel"], None)?;
        let tree = format!("{revision}^{{tree}}");
        let tree = git(
            &["rev-parse", "--verify", "--quiet", "--end-of-options", &tree],
            None,
        )
        .map_err(|_| format!("there is no file `{revision}:{path}`, and no revision `{revision}` in this Git repository (a shallow clone has one alone: fetch it)"))?;
        let index = folder.path().join("index");
        let files = folder.path().join("files");
        let prefix = format!("--prefix={}/", files.display());
        git(&["-C", &top, "read-tree", &tree], Some(&index))?;
        git(
            &["-C", &top, "checkout-index", "--all", "--quiet", &prefix],
            Some(&index),
        )?;
        // As Git reads it: from the top, unless it begins with `./`.
        let within = match path.strip_prefix("./") {
            Some(rest) => git(&["rev-parse", "--show-prefix"], None)? + rest,
            None => path.to_owned(),
        };
        let top = fs::canonicalize(&top).map_err(|error| format!("{top}: {error}"))?;
        let found = files.join(&within);
        if !found.exists() {
            return Err(format!(
                "there is no `{within}` in the revision `{revision}`"
            ));
        }
        Ok(Self {
            folder,
            path: found,
            revision: revision.to_owned(),
            top,
        })
    }

    /// The same files, as the revision has them.
    fn files(&self, files: &FileArguments) -> Result<FileArguments, String> {
        let mut own = files.clone();
        let settings = own.config.as_deref();
        own.config = settings.map(|path| self.own("config", path)).transpose()?;
        let root = own.ref_root.as_deref();
        own.ref_root = root.map(|path| self.own("ref-root", path)).transpose()?;
        for overlay in &mut own.overlay {
            *overlay = self.own("overlay", overlay)?;
        }
        for pair in &mut own.ref_map {
            if let Some((url, file)) = pair.rsplit_once('=').filter(|(_, file)| !file.is_empty()) {
                let file = self.own("ref-map", Path::new(file))?;
                *pair = format!("{url}={}", file.display());
            }
        }
        Ok(own)
    }

    /// A file of the working tree, as the revision has it.
    fn own(&self, option: &str, path: &Path) -> Result<PathBuf, String> {
        if path.starts_with(self.folder.path()) {
            return Ok(path.to_owned());
        }
        let absolute =
            std::path::absolute(path).map_err(|error| format!("{}: {error}", path.display()))?;
        // What the working tree no longer has is looked for from the folder that it has.
        let known = fs::canonicalize(&absolute).ok().or_else(|| {
            let folder = fs::canonicalize(absolute.parent()?).ok()?;
            Some(folder.join(absolute.file_name()?))
        });
        let known = known.unwrap_or(absolute);
        let Ok(within) = known.strip_prefix(&self.top) else {
            return Err(format!(
                "`--{option} {}` is no file of this Git repository, so the revision `{}` has none like it; give a file of the repository, or compare two files",
                path.display(),
                self.revision
            ));
        };
        let found = self.folder.path().join("files").join(within);
        if found.exists() {
            return Ok(found);
        }
        Err(format!(
            "there is no `{}` (`--{option}`) in the revision `{}`",
            within.display(),
            self.revision
        ))
    }
}

/// What Git says on its standard output.
fn git(arguments: &[&str], index: Option<&Path>) -> Result<String, String> {
    let mut command = Command::new("git");
    command.args(arguments);
    if let Some(index) = index {
        command.env("GIT_INDEX_FILE", index);
    }
    let output = command
        .output()
        .map_err(|error| format!("git cannot be started: {error}"))?;
    if !output.status.success() {
        let why = String::from_utf8_lossy(&output.stderr);
        let why = why.lines().next().unwrap_or("it says nothing");
        return Err(format!("git: {}", crate::text::line(why, 200)));
    }
    let said = String::from_utf8_lossy(&output.stdout);
    Ok(said.trim_end_matches(['\r', '\n']).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn revisions_are_told_from_paths_and_addresses() {
        for (given, expected) in [
            (
                "origin/main:api/openapi.yaml",
                Some(("origin/main", "api/openapi.yaml")),
            ),
            ("HEAD~1:./crm.yaml", Some(("HEAD~1", "./crm.yaml"))),
            ("https://crm.example.com/openapi.json", None),
            (r"C:\crm.yaml", None),
            ("crm.yaml", None),
            (":crm.yaml", None),
            ("HEAD:", None),
        ] {
            let found = revision(Path::new(given));
            let found = found.as_ref().map(|(a, b)| (a.as_str(), b.as_str()));
            assert_eq!(found, expected, "{given}");
        }
    }
}
