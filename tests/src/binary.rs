//! The binary of the generated example.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The server generated from `specs/crm.yaml`, built as a user builds it. Cargo does nothing when it
/// is up to date.
#[must_use]
pub fn example() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        let test = std::env::current_exe().unwrap();
        // target/debug/deps/test
        let profile = test.parent().and_then(Path::parent).unwrap();
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut build = Command::new(env!("CARGO"));
        build
            .args([
                "build",
                "--quiet",
                "--package",
                "northlight-crm-mcp",
                "--bins",
            ])
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
        assert!(
            build.status().unwrap().success(),
            "the generated example must build"
        );
        profile.join(format!(
            "northlight-crm-mcp{}",
            std::env::consts::EXE_SUFFIX
        ))
    })
}
