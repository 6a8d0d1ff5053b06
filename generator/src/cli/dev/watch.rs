//! Whether what a server is made from has changed (ADR 0073: asked of the files, not of the system).

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::source::sha256;

/// Files that are looked at, and levels of folders.
const MOST: usize = 1_000;
const DEEPEST: usize = 4;
/// Largest file whose content is compared.
const LARGEST: u64 = 64 << 20;

/// How a file was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Seen {
    /// Its time and size, which tell cheaply that nothing happened.
    mark: Option<(std::time::SystemTime, u64)>,
    /// What is in it: a file that was only touched is the same.
    digest: Option<String>,
}

/// Files that are watched.
#[derive(Debug, Default)]
pub struct Watched {
    seen: BTreeMap<PathBuf, Seen>,
}

impl Watched {
    /// Takes the files as they are now.
    pub fn take(&mut self, files: &[PathBuf]) {
        let before = std::mem::take(&mut self.seen);
        self.seen = files
            .iter()
            .map(|path| (path.clone(), look(path, before.get(path))))
            .collect();
    }

    /// The files whose content is another one than it was, or which came or went.
    pub fn changed(&mut self, files: &[PathBuf]) -> Vec<PathBuf> {
        let mut now = Self {
            seen: self.seen.clone(),
        };
        now.take(files);
        let is_new = |path: &&PathBuf| {
            let digest =
                |seen: &BTreeMap<PathBuf, Seen>| seen.get(*path).map(|seen| seen.digest.clone());
            digest(&self.seen) != digest(&now.seen)
        };
        let mut changed: Vec<PathBuf> = self
            .seen
            .keys()
            .chain(now.seen.keys())
            .filter(is_new)
            .cloned()
            .collect();
        changed.sort();
        changed.dedup();
        self.seen = now.seen;
        changed
    }
}

fn look(path: &Path, before: Option<&Seen>) -> Seen {
    let found = fs::metadata(path).ok().filter(fs::Metadata::is_file);
    let mark = found.and_then(|found| Some((found.modified().ok()?, found.len())));
    if let Some(before) = before.filter(|before| before.mark == mark && mark.is_some()) {
        return before.clone();
    }
    let small = mark.filter(|(_, size)| *size <= LARGEST);
    let digest = small
        .and_then(|_| fs::read(path).ok())
        .map(|bytes| sha256(&bytes));
    Seen { mark, digest }
}

/// The files that a document may lead to: those of its kind in its folder and below, but for the crate that is
/// written.
pub fn beside(document: &Path, out: &Path) -> Vec<PathBuf> {
    let folder = document
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let mut found = Vec::new();
    collect(folder, out, DEEPEST, &mut found);
    found.sort();
    found
}

fn collect(folder: &Path, out: &Path, levels: usize, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        let name = name.to_string_lossy();
        if found.len() >= MOST || name.starts_with('.') {
            continue;
        }
        let Ok(kind) = entry.file_type() else {
            continue;
        };
        if kind.is_dir() {
            let is_output = matches!(name.as_ref(), "target" | "node_modules")
                || path.join("mcpwright.manifest.json").is_file()
                || same(&path, out);
            if levels > 0 && !is_output {
                collect(&path, out, levels.saturating_sub(1), found);
            }
        } else if kind.is_file()
            && path.extension().is_some_and(|kind| {
                ["yaml", "yml", "json"]
                    .iter()
                    .any(|known| kind.eq_ignore_ascii_case(known))
            })
        {
            found.push(path);
        }
    }
}

fn same(one: &Path, other: &Path) -> bool {
    let full = |path: &Path| fs::canonicalize(path).ok();
    full(one).is_some_and(|one| full(other).is_some_and(|other| one == other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_touched_is_the_same_and_what_was_written_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("openapi.yaml");
        let gone = folder.path().join("overlay.yaml");
        let files = [path.clone(), gone.clone()];
        let write = |path: &Path, text: &str| fs::write(path, text).is_ok();
        assert!(write(&path, "a"));
        let mut watched = Watched::default();
        watched.take(&files);
        assert_eq!(watched.changed(&files), Vec::<PathBuf>::new());
        assert!(write(&path, "a"));
        assert_eq!(watched.changed(&files), Vec::<PathBuf>::new());
        assert!(write(&path, "bc"));
        assert_eq!(watched.changed(&files), [path]);
        assert!(write(&gone, "new"));
        assert_eq!(watched.changed(&files), [gone]);
        assert_eq!(watched.changed(&files), Vec::<PathBuf>::new());
    }
}
