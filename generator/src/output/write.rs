//! Writing a crate: everything or nothing.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::compare::{Change, ChangeKind, compare};
use super::disk::{Found, entries, owned, read};
use super::manifest::{OwnedFiles, hash};
use super::{MANIFEST, WRITTEN_ONCE};
use crate::diagnostics::{Code, Diagnostic};
use crate::emit::Files;
use crate::lock::LOCK;

/// Folder for new files while they are being written.
const STAGE: &str = ".mcpwright-new";

/// What writing may do.
#[derive(Debug, Clone, Copy, Default)]
pub struct WriteOptions {
    /// Overwrite files of ours that were edited by hand.
    pub force: bool,
    /// Change nothing; say what would change.
    pub dry_run: bool,
}

/// What was written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// Files that were created or replaced.
    pub written: Vec<String>,
    /// Files that were removed, since they are no longer generated.
    pub removed: Vec<String>,
    /// Number of files that were right already.
    pub unchanged: usize,
}

/// Brings a folder up to date.
///
/// # Errors
/// When something is refused or cannot be written; then nothing has changed, except where the file
/// system fails in the middle of the renames, which the diagnostic says.
pub fn write(
    root: &Path,
    files: &Files,
    options: WriteOptions,
) -> Result<Written, Vec<Diagnostic>> {
    let one = |d: Diagnostic| vec![d];
    let mut present = entries(root).map_err(one)?;
    // What a run that was killed left behind is nobody's; the lock may have outlived the crate.
    present.retain(|name| name != STAGE && name != LOCK);
    let known = owned(root).map_err(one)?;
    if known.is_none() && !present.is_empty() {
        return Err(vec![foreign_folder(root, &present)]);
    }
    let known = known.unwrap_or_default();
    let changes = compare(root, files).map_err(one)?;
    refuse(root, &changes, &known, options)?;
    let mut result = Written::default();
    for change in &changes {
        match change.kind {
            ChangeKind::Surplus if WRITTEN_ONCE.contains(&change.path.as_str()) => {}
            ChangeKind::Surplus => result.removed.push(change.path.clone()),
            _ => result.written.push(change.path.clone()),
        }
    }
    result.unchanged = files.len().saturating_sub(result.written.len());
    if options.dry_run || (result.written.is_empty() && result.removed.is_empty()) {
        return Ok(result);
    }
    let stage = root.join(STAGE);
    clear(&stage).map_err(one)?;
    let outcome = put(root, &stage, files, &result);
    // Whatever happened, nothing half-written stays behind.
    let _ = fs::remove_dir_all(&stage);
    outcome.map_err(|(path, error)| {
        vec![
            Diagnostic::new(
                Code::E0702,
                format!("`{}` cannot be written: {error}", path.display()),
            )
            .help("check permissions and free space; then run the command again"),
        ]
    })?;
    Ok(result)
}

/// Makes room for new files. A link there would lead the writing somewhere else.
fn clear(stage: &Path) -> Result<(), Diagnostic> {
    let refused = |code, reason: &str| {
        Diagnostic::new(code, format!("`{}` {reason}", stage.display()))
            .help("remove it: new files are put there before they take their places")
    };
    match fs::symlink_metadata(stage) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(refused(Code::E0702, &format!("cannot be read: {error}"))),
        Ok(meta) if meta.file_type().is_symlink() => {
            Err(refused(Code::E0703, "is a symbolic link"))
        }
        Ok(meta) if meta.is_dir() => fs::remove_dir_all(stage)
            .map_err(|error| refused(Code::E0702, &format!("cannot be removed: {error}"))),
        Ok(_) => Err(refused(Code::E0701, "is in the way: it is not a folder")),
    }
}

fn foreign_folder(root: &Path, present: &[String]) -> Diagnostic {
    let some = present
        .iter()
        .take(5)
        .cloned()
        .collect::<Vec<_>>()
        .join(", ");
    let more = present.len().saturating_sub(5);
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    Diagnostic::new(
        Code::E0701,
        format!(
            "`{}` has files that mcpwright did not write: {some}{more}",
            root.display()
        ),
    )
    .note(format!("a folder that was generated has a `{MANIFEST}`"))
    .help("choose an empty or new folder with `--out`")
}

/// Files in the way, and edits that would be lost.
fn refuse(
    root: &Path,
    changes: &[Change],
    known: &OwnedFiles,
    options: WriteOptions,
) -> Result<(), Vec<Diagnostic>> {
    let mut refused = Vec::new();
    for change in changes {
        let path = root.join(&change.path);
        let written = known.files.get(&change.path);
        match change.kind {
            ChangeKind::Edited if change.line_ends_only => {}
            ChangeKind::Edited if written.is_none() => refused.push(
                Diagnostic::new(
                    Code::E0701,
                    format!("`{}` is in the way and not ours", path.display()),
                )
                .help("move it away or choose another folder"),
            ),
            ChangeKind::Edited if !options.force => {
                let line = change.first.as_ref().map_or(1, |(line, _, _)| *line);
                refused.push(
                    Diagnostic::new(
                        Code::E0704,
                        format!("`{}` was edited by hand (line {line})", path.display()),
                    )
                    .help("move the change to `src/custom.rs`, or pass `--force` to overwrite it"),
                );
            }
            ChangeKind::Surplus if !options.force => {
                let found = read(root, &change.path).map_err(|d| vec![d])?;
                if matches!(&found, Found::File(bytes) if written != Some(&hash(bytes))) {
                    refused.push(
                        Diagnostic::new(
                            Code::E0704,
                            format!(
                                "`{}` was edited by hand and is no longer generated",
                                path.display()
                            ),
                        )
                        .help("move the change to `src/custom.rs`, or pass `--force` to remove the file"),
                    );
                }
            }
            _ => {}
        }
    }
    if refused.is_empty() {
        Ok(())
    } else {
        Err(refused)
    }
}

type Failed = (PathBuf, io::Error);

fn put(root: &Path, stage: &Path, files: &Files, plan: &Written) -> Result<(), Failed> {
    let at = |path: &Path| {
        let path = path.to_path_buf();
        move |error: io::Error| (path, error)
    };
    fs::create_dir_all(stage).map_err(at(stage))?;
    for path in &plan.written {
        let target = stage.join(path);
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent).map_err(at(parent))?;
        }
        let text = files.get(path).map(String::as_str).unwrap_or_default();
        fs::write(&target, text).map_err(at(&target))?;
    }
    // The list of owned files comes first: should a rename fail, the next run still knows what is ours.
    let (lists, others): (Vec<&String>, Vec<&String>) =
        plan.written.iter().partition(|p| *p == MANIFEST);
    for path in lists.into_iter().chain(others) {
        let target = root.join(path);
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent).map_err(at(parent))?;
        }
        fs::rename(stage.join(path), &target).map_err(at(&target))?;
    }
    for path in &plan.removed {
        let target = root.join(path);
        if read(root, path).is_ok() {
            fs::remove_file(&target).map_err(at(&target))?;
        }
        remove_empty_parents(root, &target);
    }
    Ok(())
}

fn remove_empty_parents(root: &Path, path: &Path) {
    let mut folder = path.parent();
    while let Some(current) = folder.filter(|f| *f != root) {
        // Fails when something else is left in it, which is the end of it.
        if fs::remove_dir(current).is_err() {
            return;
        }
        folder = current.parent();
    }
}
