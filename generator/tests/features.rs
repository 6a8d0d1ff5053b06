//! One tiny document per feature: what is generated from it, and what is said about it.
//!
//! Each snapshot is reviewed; `cargo insta review` shows what changed.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::fs;
use std::path::{Path, PathBuf};

use mcpwright::diagnostics::{RenderOptions, render_human};
use mcpwright::{Config, RuntimeSource};

fn specs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs")
}

/// The generated modules in one text. Manifests are the same for all and stand in one snapshot only.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let generated = Config::new()
        .spec_str(&name, &text)
        .runtime(RuntimeSource::Registry)
        .generate()
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut out = String::new();
    for (file, text) in &generated.files {
        let module = file.starts_with("src/")
            && !matches!(
                file.as_str(),
                "src/main.rs" | "src/custom.rs" | "src/lib.rs"
            );
        if module {
            // The first line carries a hash, which says nothing here.
            let body = text.split_once('\n').map_or("", |(_, rest)| rest);
            out.push_str(&format!("── {file}\n{body}\n"));
        }
    }
    let options = RenderOptions {
        color: false,
        width: 100,
        all: true,
    };
    let said = render_human(
        &generated.report.diagnostics,
        Some(&generated.report.document),
        &options,
    );
    out.push_str(&format!("── diagnostics\n{said}"));
    for exclusion in &generated.api.exclusions {
        out.push_str(&format!(
            "left out: {} {}: {}\n",
            exclusion.method, exclusion.path, exclusion.reason
        ));
    }
    out
}

#[test]
fn each_feature_generates_what_was_reviewed() {
    let mut documents: Vec<PathBuf> = fs::read_dir(specs().join("features"))
        .unwrap()
        .flat_map(|version| fs::read_dir(version.unwrap().path()).unwrap())
        .map(|file| file.unwrap().path())
        .collect();
    documents.sort();
    assert!(documents.len() >= 13, "the feature documents are missing");
    for document in documents {
        let version = document
            .parent()
            .unwrap()
            .file_name()
            .unwrap()
            .to_string_lossy();
        let feature = document.file_stem().unwrap().to_string_lossy();
        insta::assert_snapshot!(format!("{version}-{feature}"), code(&document));
    }
}

#[test]
fn the_files_around_the_modules_are_what_was_reviewed() {
    let text = fs::read_to_string(specs().join("features/3.1/names.yaml")).unwrap();
    for (case, runtime, member) in [
        ("vendored", RuntimeSource::Vendored, false),
        ("registry", RuntimeSource::Registry, false),
        ("member", RuntimeSource::Path("../runtime".to_owned()), true),
    ] {
        let generated = Config::new()
            .spec_str("names.yaml", &text)
            .runtime(runtime)
            .workspace_member(member)
            .generate()
            .unwrap();
        let mut out = String::new();
        for (file, text) in &generated.files {
            if file == "Cargo.toml"
                || (case == "registry"
                    && matches!(
                        file.as_str(),
                        "README.md"
                            | "src/lib.rs"
                            | "src/main.rs"
                            | "tests/coverage.rs"
                            | "src/custom.rs"
                    ))
            {
                out.push_str(&format!("── {file}\n{text}\n"));
            } else if !file.starts_with("mcpwright-runtime/") {
                out.push_str(&format!("── {file}\n"));
            }
        }
        insta::assert_snapshot!(format!("crate-{case}"), out);
    }
}
