//! `Config::compile`, as a build script calls it: in a process whose standard output Cargo reads.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use mcpwright::Config;

/// Set in the process that plays the build script; it is started by the tests below.
const DOCUMENT: &str = "MCPWRIGHT_TEST_BUILD_SCRIPT";
const OVERLAY: &str = "MCPWRIGHT_TEST_OVERLAY";

#[test]
fn plays_a_build_script() {
    if let Some(document) = std::env::var_os(DOCUMENT) {
        // `main` of a build script exits with 1 when it returns an error.
        let mut config = Config::new().spec(document);
        if let Some(overlay) = std::env::var_os(OVERLAY) {
            config = config.overlay(overlay);
        }
        if let Err(error) = config.compile() {
            println!("refused: {error}");
            std::process::exit(1);
        }
    }
}

fn build(folder: &Path, document: &str) -> Output {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "plays_a_build_script", "--nocapture"])
        .current_dir(folder)
        .env(DOCUMENT, document)
        .env("OUT_DIR", folder.join("out"))
        .stderr(Stdio::null())
        .output()
        .unwrap()
}

const TEXT: &str = "openapi: 3.1.0\ninfo: {title: T, version: \"1\"}\npaths:\n  /a: {get: {tags: [A], responses: {}}}\n  /b/{id}: {get: {responses: {}}}\n";

#[test]
fn cargo_is_told_when_to_build_again_and_shown_warnings() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("my crm.yaml"), TEXT).unwrap();
    let output = build(folder.path(), "my crm.yaml");
    assert!(output.status.success());
    let said = String::from_utf8(output.stdout).unwrap();
    let directives: Vec<&str> = said
        .lines()
        .filter_map(|line| line.find("cargo::").map(|at| &line[at..]))
        .collect();
    assert_eq!(directives[0], "cargo::rerun-if-changed=my crm.yaml");
    assert!(
        directives
            .iter()
            .any(|line| line.starts_with("cargo::warning=E0401: ")),
        "{said}"
    );
    let text = fs::read_to_string(folder.path().join("out/my_crm.rs")).unwrap();
    assert!(syn::parse_file(&text).is_ok());
    // `include!` takes no inner attributes.
    assert!(!text.contains("#!["));
}

#[test]
fn an_overlay_is_applied_and_watched() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("crm.yaml"), TEXT).unwrap();
    let overlay = "overlay: 1.0.0\ninfo: {title: T, version: '1'}\nactions:\n- target: $.paths['/a'].get\n  update: {operationId: findEverything}\n";
    fs::write(folder.path().join("crm.overlay.yaml"), overlay).unwrap();
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "plays_a_build_script", "--nocapture"])
        .current_dir(folder.path())
        .env(DOCUMENT, "crm.yaml")
        .env(OVERLAY, "crm.overlay.yaml")
        .env("OUT_DIR", folder.path().join("out"))
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{said}");
    for file in ["crm.yaml", "crm.overlay.yaml"] {
        let directive = format!("cargo::rerun-if-changed={file}\n");
        assert!(said.contains(&directive), "{said}");
    }
    let text = fs::read_to_string(folder.path().join("out/crm.rs")).unwrap();
    assert!(text.contains("FindEverything"));
}

#[test]
fn an_unchanged_file_keeps_its_time_and_a_changed_document_replaces_it() {
    let folder = tempfile::tempdir().unwrap();
    let (document, out) = (
        folder.path().join("crm.yaml"),
        folder.path().join("out/crm.rs"),
    );
    fs::write(&document, TEXT).unwrap();
    assert!(build(folder.path(), "crm.yaml").status.success());
    let old = fs::metadata(&out).unwrap().modified().unwrap();
    assert!(build(folder.path(), "crm.yaml").status.success());
    assert_eq!(fs::metadata(&out).unwrap().modified().unwrap(), old);
    fs::write(&document, TEXT.replace("/a:", "/other:")).unwrap();
    assert!(build(folder.path(), "crm.yaml").status.success());
    assert!(fs::read_to_string(&out).unwrap().contains("\"/other\""));
}

#[test]
fn a_document_that_cannot_be_used_fails_the_build_and_is_watched_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("crm.yaml"), "openapi: 9.0.0\n").unwrap();
    for document in ["crm.yaml", "nowhere.yaml"] {
        let output = build(folder.path(), document);
        assert_eq!(output.status.code(), Some(1));
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(
            said.contains(&format!("cargo::rerun-if-changed={document}")),
            "{said}"
        );
        assert!(said.contains("refused: error[E0"), "{said}");
    }
    assert!(!folder.path().join("out").exists());
}
