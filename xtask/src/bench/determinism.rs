//! The same bytes from two runs in two working directories, as two processes.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::Documents;
use super::figure::Figure;
use crate::failure::{Context as _, Result};
use crate::{paths, process};

pub fn measure(documents: &Documents, build: bool) -> Result<Vec<Figure>> {
    if build {
        process::run(
            Command::new("cargo")
                .args(["build", "--quiet", "--locked", "--package", "mcpwright"])
                .current_dir(paths::root()),
        )?;
    }
    let generator = paths::target().join("debug/mcpwright");
    let mut figures = Vec::new();
    for document in [Some(Documents::demo()), documents.large()]
        .into_iter()
        .flatten()
    {
        let document = document.canonicalize().context(document.display())?;
        let name = document
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let scratch = paths::target().join("determinism").join(&name);
        if scratch.exists() {
            fs::remove_dir_all(&scratch)?;
        }
        let one = output(&generator, &document, &scratch.join("one"))?;
        let two = output(&generator, &document, &scratch.join("another/deeper"))?;
        let mut different: Vec<&PathBuf> = one
            .keys()
            .chain(two.keys())
            .filter(|path| one.get(*path) != two.get(*path))
            .collect();
        different.sort();
        different.dedup();
        for path in &different {
            println!("{name}: {} differs between two runs", path.display());
        }
        let count = u32::try_from(different.len()).unwrap_or(u32::MAX);
        let mut figure = Figure::bounded(
            format!(
                "determinism: files that differ, {name} ({} files)",
                one.len()
            ),
            f64::from(count),
            "",
            0.0,
        );
        figure.is_law = true;
        figures.push(figure);
    }
    Ok(figures)
}

/// Runs the generator in a folder of its own and reads everything that it wrote.
fn output(generator: &Path, document: &Path, folder: &Path) -> Result<BTreeMap<PathBuf, Vec<u8>>> {
    fs::create_dir_all(folder)?;
    process::run(
        Command::new(generator)
            .arg("generate")
            .arg(document)
            .args(["--out", "crate"])
            .current_dir(folder),
    )?;
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.join("crate")];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).context(next.display())? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let text = fs::read(&path)?;
                files.insert(path.strip_prefix(folder)?.to_path_buf(), text);
            }
        }
    }
    Ok(files)
}
