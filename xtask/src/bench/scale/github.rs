//! GitHub's REST description: about 12 MB and 1,200 operations.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::super::figure::{Figure, least};
use super::{MEGABYTE, cost};
use crate::failure::{Context as _, Result};
use crate::process;

/// The npm package that carries it, pinned: figures of different documents say nothing.
const PACKAGE: &str = "@octokit/openapi@23.0.2";

/// The document in the package's archive.
const MEMBER: &str = "package/generated/api.github.com.json";

/// Rounds of parsing, formatting and generating.
const ROUNDS: usize = 5;

pub fn measure(program: &Path, folder: &Path) -> Result<Vec<Figure>> {
    let Some(document) = document(folder)? else {
        return Ok(Vec::new());
    };
    println!("scale: GitHub's REST description");
    let cost = cost(program, &document, ROUNDS)?;
    let fastest = |index: usize| {
        let column: Vec<f64> = cost
            .rounds
            .iter()
            .filter_map(|round| round.get(index).copied())
            .collect();
        least(&column)
    };
    let (parse, format, generate) = (fastest(0), fastest(1), fastest(2));
    let name = |what: &str| format!("scale: GitHub ({} tools), {what}", cost.tools);
    Ok(vec![
        Figure::bounded(
            name("total / (parse + format), fastest of each"),
            generate / (parse + format),
            "x",
            2.0,
        ),
        Figure::shown(name("parse into a value"), parse, "s"),
        Figure::shown(name("format the output"), format, "s"),
        Figure::shown(name("total"), generate, "s"),
        Figure::bounded(name("peak memory"), cost.peak / MEGABYTE, "MB", 400.0),
    ])
}

/// The document, downloaded once. `None` without a network, after saying so.
fn document(folder: &Path) -> Result<Option<PathBuf>> {
    let document = folder.join(MEMBER);
    if document.is_file() {
        return Ok(Some(document));
    }
    println!("scale: downloading {PACKAGE}");
    let mut npm = Command::new("npm");
    npm.args(["pack", "--silent", "--pack-destination"])
        .arg(folder);
    let output = match process::capture(npm.arg(PACKAGE).current_dir(folder)) {
        Ok((output, _)) => output,
        Err(failure) => {
            println!("skipped: {PACKAGE} cannot be downloaded: {failure}");
            return Ok(None);
        }
    };
    let said = String::from_utf8_lossy(&output.stdout);
    let archive = said.lines().last().context("npm named no archive")?;
    let archive = folder.join(archive.trim());
    process::run(
        Command::new("tar")
            .arg("-xzf")
            .arg(&archive)
            .arg("-C")
            .arg(folder)
            .arg(MEMBER),
    )?;
    fs::remove_file(&archive).context(archive.display())?;
    Ok(Some(document))
}
