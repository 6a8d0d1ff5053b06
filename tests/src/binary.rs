//! Programs of this workspace, built as a user builds them. Cargo does nothing when they are up to date.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The server generated from `specs/crm.yaml`.
#[must_use]
pub fn example() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| built("northlight-crm-mcp"))
}

/// The generator.
#[must_use]
pub fn mcpwright() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| there_or_built("mcpwright"))
}

/// The demo CRM, as a program.
#[must_use]
pub fn demo_crm() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| there_or_built("demo-crm"))
}

/// A program that CI has built with all others just before, or builds it: alone, its dependencies have other
/// features, and all of them would be compiled once more.
fn there_or_built(package: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let profile = test.parent().and_then(Path::parent).unwrap();
    let program = profile.join(format!("{package}{}", std::env::consts::EXE_SUFFIX));
    if std::env::var_os("CI").is_some() && program.is_file() {
        return program;
    }
    built(package)
}

/// Builds the program of a package that has its name.
fn built(package: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    // target/debug/deps/test
    let profile = test.parent().and_then(Path::parent).unwrap();
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut build = Command::new(env!("CARGO"));
    build
        .args(["build", "--quiet", "--package", package, "--bins"])
        .arg("--target-dir")
        .arg(profile.parent().unwrap())
        .current_dir(workspace);
    // What Cargo tells this test about itself would make build scripts run again, each time.
    for (name, _) in std::env::vars() {
        if [
            "CARGO_PKG_",
            "CARGO_MANIFEST_",
            "CARGO_BIN_",
            "CARGO_CRATE_",
        ]
        .iter()
        .any(|own| name.starts_with(own))
        {
            build.env_remove(name);
        }
    }
    if profile.ends_with("release") {
        build.arg("--release");
    }
    assert!(build.status().unwrap().success(), "{package} must build");
    profile.join(format!("{package}{}", std::env::consts::EXE_SUFFIX))
}
