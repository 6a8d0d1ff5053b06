//! What a folder holds against what the document says now.

use std::collections::BTreeSet;
use std::path::Path;

use super::disk::{Found, owned, read};
use super::manifest::hash;
use super::{MANIFEST, WRITTEN_ONCE};
use crate::diagnostics::Diagnostic;
use crate::emit::Files;
use crate::lock::LOCK;

/// How a file differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ChangeKind {
    /// It is not there.
    Missing,
    /// It is as it was generated, but the document or the generator has changed since.
    Stale,
    /// Somebody edited it after it was generated.
    Edited,
    /// It was generated once and is no longer.
    Surplus,
}

/// A file that differs.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Change {
    /// Path with `/`, relative to the folder.
    pub path: String,
    /// How.
    pub kind: ChangeKind,
    /// Number of the first line that differs, and that line as it is and as it should be.
    pub first: Option<(usize, String, String)>,
    /// Whether only line ends differ.
    pub line_ends_only: bool,
}

/// All files that differ, in order. Files that the user owns are only expected to exist.
///
/// # Errors
/// When the folder cannot be read.
pub fn compare(root: &Path, files: &Files) -> Result<Vec<Change>, Diagnostic> {
    let known = owned(root)?.unwrap_or_default();
    let mut changes = Vec::new();
    for (path, text) in files {
        let bytes = match read(root, path)? {
            Found::Nothing => {
                changes.push(Change {
                    path: path.clone(),
                    kind: ChangeKind::Missing,
                    first: None,
                    line_ends_only: false,
                });
                continue;
            }
            Found::File(bytes) => bytes,
        };
        if WRITTEN_ONCE.contains(&path.as_str()) || bytes == text.as_bytes() {
            continue;
        }
        let edited = known
            .files
            .get(path)
            .is_none_or(|written| *written != hash(&bytes));
        // An edit of the lock is heard: it has gone into what is generated.
        let kind = if edited && path != MANIFEST && path != LOCK {
            ChangeKind::Edited
        } else {
            ChangeKind::Stale
        };
        let current = String::from_utf8_lossy(&bytes).into_owned();
        changes.push(Change {
            path: path.clone(),
            kind,
            first: first_difference(&current, text),
            line_ends_only: current.replace("\r\n", "\n") == *text,
        });
    }
    let expected: BTreeSet<&str> = files.keys().map(String::as_str).collect();
    for path in known
        .files
        .keys()
        .filter(|p| !expected.contains(p.as_str()))
    {
        if matches!(read(root, path)?, Found::File(_)) {
            changes.push(Change {
                path: path.clone(),
                kind: ChangeKind::Surplus,
                first: None,
                line_ends_only: false,
            });
        }
    }
    Ok(changes)
}

fn first_difference(current: &str, expected: &str) -> Option<(usize, String, String)> {
    let mut left = current.lines();
    let mut right = expected.lines();
    let mut number = 0usize;
    loop {
        number = number.saturating_add(1);
        match (left.next(), right.next()) {
            (None, None) => return None,
            (a, b) if a == b => {}
            (a, b) => return Some((number, show(a), show(b))),
        }
    }
}

fn show(line: Option<&str>) -> String {
    line.map_or_else(
        || "(end of file)".to_owned(),
        |l| crate::text::cut(l.trim(), 120),
    )
}
