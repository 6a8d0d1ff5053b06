//! Reading, locating, normalising and diagnostics, on whole documents.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr
)]

mod arbitrary;
mod negative;
mod places;
mod rendering;

use std::path::PathBuf;

/// A folder beside or above the crate, or `None` (with a line on stderr) where it does not exist:
/// in the published crate, or on a machine without the real documents.
fn folder(relative: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(relative);
    if path.is_dir() {
        return Some(path);
    }
    eprintln!("skipped: there is no folder {relative}");
    None
}

/// The documents of a folder, by name.
fn documents(relative: &str) -> Vec<(String, Vec<u8>)> {
    let Some(folder) = folder(relative) else {
        return Vec::new();
    };
    let mut documents: Vec<(String, Vec<u8>)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|ending| ending == "json" || ending == "yaml")
        })
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read(path).unwrap())
        })
        .collect();
    documents.sort();
    documents
}
