//! What several test files share: the command, folders, and walks over generated text.

#![allow(dead_code, unused_imports, reason = "each test file uses a part of it")]

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{fs, thread};

mod findings;
pub mod server;
mod tokens;

pub use findings::refused;
pub use tokens::flat;

/// The repository.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A document of the repository.
pub fn spec(name: &str) -> PathBuf {
    repository().join("specs").join(name)
}

/// What a run of the command said.
#[derive(Debug)]
pub struct Said {
    /// Exit code; a signal is a failed test.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

/// Runs `mcpwright` in a folder, away from the settings of whoever runs the tests.
pub fn mcpwright(folder: &Path, arguments: &[&str]) -> Said {
    mcpwright_with(folder, arguments, &[], "")
}

/// The same, with variables and standard input.
pub fn mcpwright_with(
    folder: &Path,
    arguments: &[&str],
    variables: &[(&str, &str)],
    input: &str,
) -> Said {
    let mut child = command(folder, arguments)
        .envs(variables.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut pipe = child.stdin.take().unwrap();
    let input = input.to_owned();
    let writer = thread::spawn(move || {
        // A command that does not read its input closes it, which is fine.
        let _ = pipe.write_all(input.as_bytes());
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    Said {
        code: output.status.code().expect("no signal ends the command"),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// The command, not yet started.
pub fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mcpwright"));
    command.current_dir(folder).args(arguments);
    for (name, _) in std::env::vars() {
        if name.starts_with("MCPWRIGHT_") || name.starts_with("CLICOLOR") || name == "NO_COLOR" {
            command.env_remove(name);
        }
    }
    command.env("COLUMNS", "100");
    command
}

/// Every file below a folder with its bytes, folders with none: two listings are equal only if
/// nothing was touched.
pub fn listing(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    collect(folder, "", &mut all);
    all
}

fn collect(folder: &Path, prefix: &str, all: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let kind = entry.file_type().unwrap();
        if kind.is_symlink() {
            let target = fs::read_link(entry.path()).unwrap();
            all.insert(name, target.to_string_lossy().into_owned().into_bytes());
        } else if kind.is_dir() {
            all.insert(format!("{name}/"), Vec::new());
            collect(&entry.path(), &format!("{name}/"), all);
        } else {
            all.insert(name, fs::read(entry.path()).unwrap());
        }
    }
}

/// The Rust files below a folder.
pub fn rust_files(folder: &Path) -> Vec<(String, String)> {
    listing(folder)
        .into_iter()
        .filter(|(name, _)| name.ends_with(".rs"))
        .map(|(name, bytes)| (name, String::from_utf8(bytes).unwrap()))
        .collect()
}
