//! Which documents there are.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::{Context as _, Result};

/// The documents of a folder, by name.
///
/// # Errors
/// When there is none.
pub fn find(folder: &Path, only: Option<&str>) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).context(folder.display())? {
        let path = entry?.path();
        let is_document = path
            .extension()
            .is_some_and(|kind| kind == "json" || kind == "yaml" || kind == "yml");
        let is_wanted = only.is_none_or(|part| path.to_string_lossy().contains(part));
        if is_document && is_wanted {
            found.push(path);
        }
    }
    if found.is_empty() {
        return Err(format!("{}: no such document", folder.display()).into());
    }
    found.sort();
    Ok(found)
}
