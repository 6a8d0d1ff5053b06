//! Reading an output folder with suspicion.

use std::fs;
use std::io;
use std::path::{Component, Path};

use super::{MANIFEST, OwnedFiles};
use crate::diagnostics::{Code, Diagnostic};

/// What stands at a path below the output folder.
#[derive(Debug)]
pub enum Found {
    /// Nothing.
    Nothing,
    /// A file.
    File(Vec<u8>),
}

/// Reads a file below `root`; links and anything that is no file are refused.
///
/// # Errors
/// When it is refused or cannot be read.
pub fn read(root: &Path, relative: &str) -> Result<Found, Diagnostic> {
    let path = root.join(relative);
    if Path::new(relative)
        .components()
        .any(|c| !matches!(c, Component::Normal(_)))
    {
        return Err(
            Diagnostic::new(Code::E0701, format!("`{relative}` lies outside the folder"))
                .note(format!("`{MANIFEST}` in `{}` names it", root.display()))
                .help("restore the list from version control, or generate into an empty folder"),
        );
    }
    let mut below = root.to_path_buf();
    for part in Path::new(relative).components() {
        below.push(part);
        match fs::symlink_metadata(&below) {
            Ok(meta) if meta.file_type().is_symlink() => {
                return Err(Diagnostic::new(
                    Code::E0703,
                    format!("`{}` is a symbolic link", below.display()),
                )
                .help("nothing is written through links; remove it or choose another folder"));
            }
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Found::Nothing),
            Err(error) => return Err(unreadable(&below, &error)),
        }
    }
    match fs::metadata(&path) {
        Ok(meta) if meta.is_file() => fs::read(&path)
            .map(Found::File)
            .map_err(|e| unreadable(&path, &e)),
        Ok(_) => Err(Diagnostic::new(
            Code::E0701,
            format!("`{}` is in the way: it is not a file", path.display()),
        )
        .help("remove it or choose another folder")),
        Err(error) => Err(unreadable(&path, &error)),
    }
}

/// The list of owned files; `None` if the folder has none.
///
/// # Errors
/// When it cannot be read or is not such a list.
pub fn owned(root: &Path) -> Result<Option<OwnedFiles>, Diagnostic> {
    match read(root, MANIFEST)? {
        Found::Nothing => Ok(None),
        Found::File(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(|error| {
            Diagnostic::new(
                Code::E0701,
                format!(
                    "`{}` is not a list of generated files: {error}",
                    root.join(MANIFEST).display()
                ),
            )
            .help("restore it from version control, or generate into an empty folder")
        }),
    }
}

/// Names in a folder, sorted; none if it does not exist.
///
/// # Errors
/// When it is no folder, is a link, or cannot be read.
pub fn entries(root: &Path) -> Result<Vec<String>, Diagnostic> {
    match fs::symlink_metadata(root) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(root, &error)),
        Ok(meta) if meta.file_type().is_symlink() => {
            return Err(Diagnostic::new(
                Code::E0703,
                format!("`{}` is a symbolic link", root.display()),
            )
            .help("name the folder itself"));
        }
        Ok(meta) if !meta.is_dir() => {
            return Err(Diagnostic::new(
                Code::E0701,
                format!("`{}` is not a folder", root.display()),
            )
            .help("choose another output folder"));
        }
        Ok(_) => {}
    }
    let mut names: Vec<String> = fs::read_dir(root)
        .and_then(|dir| {
            dir.map(|e| Ok(e?.file_name().to_string_lossy().into_owned()))
                .collect()
        })
        .map_err(|e: io::Error| unreadable(root, &e))?;
    names.sort();
    Ok(names)
}

fn unreadable(path: &Path, error: &io::Error) -> Diagnostic {
    Diagnostic::new(
        Code::E0702,
        format!("`{}` cannot be read: {error}", path.display()),
    )
    .help("check the path and its permissions")
}
