//! The crate of a document that holds all hostile texts is compiled, tested and documented without a
//! warning, and nothing of the texts runs.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

use mcpwright::{Config, RuntimeSource, output};

use crate::places;
use crate::support::{listing, repository};

fn cargo(folder: &Path, arguments: &[&str]) -> String {
    let mut cargo = Command::new(env!("CARGO"));
    // What Cargo tells this test about itself would make build scripts run again, each time.
    for (name, _) in env::vars() {
        if [
            "CARGO_PKG_",
            "CARGO_MANIFEST_",
            "CARGO_BIN_",
            "CARGO_CRATE_",
        ]
        .iter()
        .any(|own| name.starts_with(own))
        {
            cargo.env_remove(name);
        }
    }
    // The workspace's own target folder, and no flags: what the crate needs is compiled once for all who build a
    // generated crate there.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let output = cargo
        .args(arguments)
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", target)
        .env("RUSTDOCFLAGS", "-D warnings")
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env("CARGO_TERM_COLOR", "never")
        .output()
        .unwrap();
    let text = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(output.status.success(), "cargo {arguments:?}:\n{text}");
    let warned = text.lines().any(|line| line.starts_with("warning"));
    assert!(!warned, "cargo {arguments:?}:\n{text}");
    text
}

#[test]
fn a_crate_full_of_hostile_text_compiles_and_runs_none_of_it() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("hostile");
    let runtime = fs::canonicalize(repository().join("runtime")).unwrap();
    let generated = Config::new()
        .spec_str("api.json", &places::combined().to_string())
        .server_name("hostile")
        .runtime(RuntimeSource::Path(runtime.to_string_lossy().into_owned()))
        .generate()
        .unwrap();
    let options = output::WriteOptions {
        force: true,
        ..output::WriteOptions::default()
    };
    output::write(&folder, &generated.files, options).unwrap();
    // The versions that the workspace was tested with.
    fs::copy(repository().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    let before: Vec<String> = listing(&folder).into_keys().collect();

    let said = cargo(&folder, &["test", "--quiet"]);
    assert!(said.contains("2 passed"), "{said}");
    let said = cargo(&folder, &["test", "--quiet", "--doc"]);
    assert!(
        !said.contains("passed; ") || said.contains("0 passed"),
        "{said}"
    );
    cargo(&folder, &["doc", "--quiet", "--no-deps", "--lib"]);

    let after: Vec<String> = listing(&folder).into_keys().collect();
    assert_eq!(before, after, "something was written beside the crate");
}
