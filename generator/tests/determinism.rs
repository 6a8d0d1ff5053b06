//! The same document gives the same bytes, wherever, however and how often it is generated from
//! (rule G7).

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test may fail loudly"
)]

mod support;

use std::collections::BTreeMap;
use std::fs;

use mcpwright::{Config, Files, RuntimeSource};
use support::{listing, mcpwright, mcpwright_with, spec};

/// Files without the name of the document, which is all that may differ.
fn without_name(files: &BTreeMap<String, Vec<u8>>, name: &str) -> BTreeMap<String, String> {
    files
        .iter()
        // Holds hashes of the others.
        .filter(|(path, _)| *path != "mcpwright.manifest.json")
        .map(|(path, bytes)| {
            let text = String::from_utf8(bytes.clone()).unwrap();
            // The runtime's source says nothing of the document, and speaks of standard input.
            let is_runtime = path.starts_with("mcpwright-runtime/");
            let text = if is_runtime {
                text
            } else {
                text.replace(name, "DOCUMENT")
            };
            (path.clone(), text)
        })
        .collect()
}

#[test]
fn two_runs_in_two_folders_write_the_same_bytes() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let text = fs::read(spec("crm.yaml")).unwrap();
    for folder in [&one, &two] {
        fs::write(folder.path().join("crm.yaml"), &text).unwrap();
    }
    let absolute = two.path().join("crm.yaml");
    for (folder, document, variables) in [
        (&one, "crm.yaml", vec![("LANG", "C"), ("TZ", "UTC")]),
        (
            &two,
            absolute.to_str().unwrap(),
            vec![("LANG", "tr_TR.UTF-8"), ("TZ", "Asia/Tokyo"), ("HOME", "/")],
        ),
    ] {
        let said = mcpwright_with(
            folder.path(),
            &["generate", document, "--out", "out"],
            &variables,
            "",
        );
        assert_eq!(said.code, 0, "{}", said.err);
    }
    let first = listing(&one.path().join("out"));
    assert!(first.len() > 40);
    // Nothing of the machine is in it, and the folder of the document is not either.
    let here = one.path().to_string_lossy().into_owned();
    assert!(
        first
            .values()
            .all(|bytes| !String::from_utf8_lossy(bytes).contains(&here))
    );
    assert_eq!(first, listing(&two.path().join("out")));
}

#[test]
fn a_document_from_standard_input_differs_in_its_name_only() {
    let folder = tempfile::tempdir().unwrap();
    let document = spec("features/3.1/names.yaml");
    let text = fs::read_to_string(&document).unwrap();
    let said = mcpwright(
        folder.path(),
        &["generate", document.to_str().unwrap(), "--out", "file"],
    );
    assert_eq!(said.code, 0, "{}", said.err);
    let said = mcpwright_with(
        folder.path(),
        &["generate", "-", "--out", "pipe"],
        &[],
        &text,
    );
    assert_eq!(said.code, 0, "{}", said.err);
    let file = without_name(&listing(&folder.path().join("file")), "names.yaml");
    let pipe = without_name(&listing(&folder.path().join("pipe")), "stdin");
    assert_eq!(
        file.keys().collect::<Vec<_>>(),
        pipe.keys().collect::<Vec<_>>()
    );
    for (path, text) in file {
        assert!(pipe[&path] == text, "{path} differs");
    }
}

#[test]
fn line_ends_of_the_document_change_nothing_but_its_hash() {
    let text = fs::read_to_string(spec("features/3.1/schemas.yaml")).unwrap();
    let crlf = text.replace('\n', "\r\n");
    let normal = generate(&text, RuntimeSource::Registry);
    for (path, text) in generate(&crlf, RuntimeSource::Registry) {
        if path != "mcpwright.manifest.json" {
            let body = |text: &str| {
                text.lines()
                    .filter(|l| !l.contains("sha256"))
                    .collect::<Vec<_>>()
                    .join("\n")
            };
            assert_eq!(body(&normal[&path]), body(&text), "{path}");
        }
    }
}

#[test]
fn one_process_generates_the_same_again_and_on_other_threads() {
    let text = fs::read_to_string(spec("crm.yaml")).unwrap();
    let first = generate(&text, RuntimeSource::Vendored);
    let other = std::thread::scope(|scope| {
        scope
            .spawn(|| generate(&text, RuntimeSource::Vendored))
            .join()
            .unwrap()
    });
    assert!(first == other);
}

fn generate(text: &str, runtime: RuntimeSource) -> Files {
    Config::new()
        .spec_str("a.yaml", text)
        .runtime(runtime)
        .generate()
        .unwrap()
        .files
}

#[cfg(unix)]
/// Set in the process that [`generating_from_text_needs_no_file_system`] starts.
const ALONE: &str = "MCPWRIGHT_TEST_WITHOUT_FILES";

#[cfg(unix)]
#[test]
fn generating_from_text_needs_no_file_system() {
    let document = r#"{"openapi":"3.1.0","info":{"title":"T","version":"1"},"paths":{"/a":{"get":{"responses":{"204":{"description":"ok"}}}}}}"#;
    if std::env::var_os(ALONE).is_some() {
        // The folder that this process works in is gone: any relative path would fail.
        assert!(std::env::current_dir().is_err());
        assert!(generate(document, RuntimeSource::Vendored).len() > 10);
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let gone = folder.path().join("gone");
    fs::create_dir(&gone).unwrap();
    // The shell removes the folder that it stands in, and becomes this test in a process of its own.
    let test = std::env::current_exe().unwrap();
    let status = std::process::Command::new("sh")
        .args([
            "-c",
            r#"rmdir "$PWD" && exec "$0" --exact generating_from_text_needs_no_file_system"#,
        ])
        .arg(&test)
        .current_dir(&gone)
        .env(ALONE, "1")
        .stdout(std::process::Stdio::null())
        .status()
        .unwrap();
    assert!(status.success());
}
