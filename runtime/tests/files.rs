//! Files by path, which the operator switches on with a folder.
#![cfg(unix)]
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod common;

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use common::process::{Server, command, modern, text};
use common::upstream;
use serde_json::{Value, json};

/// A folder with a file in it, links, and a secret beside it; gone once it is dropped.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let all =
            std::env::temp_dir().join(format!("mcpwright-files-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&all);
        let own = all.join("own");
        fs::create_dir_all(own.join("a")).unwrap();
        fs::create_dir_all(all.join("own-not")).unwrap();
        fs::write(own.join("a/ä b.pdf"), "%PDF").unwrap();
        fs::write(own.join("large"), vec![b'x'; (10 << 20) + 1]).unwrap();
        fs::write(all.join("secret.txt"), "secret").unwrap();
        fs::write(all.join("own-not/secret.txt"), "secret").unwrap();
        symlink("a/ä b.pdf", own.join("inside.pdf")).unwrap();
        symlink("../secret.txt", own.join("outside.txt")).unwrap();
        symlink("..", own.join("up")).unwrap();
        symlink(all.join("own-not"), own.join("beside")).unwrap();
        symlink("loop", own.join("loop")).unwrap();
        let made = std::process::Command::new("mkfifo")
            .arg(own.join("pipe"))
            .status();
        assert!(made.unwrap().success());
        Self(all)
    }

    fn own(&self) -> PathBuf {
        self.0.join("own")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn server(base: &str, files: Option<&Path>) -> Server {
    let files = files.map(|files| files.to_str().unwrap().to_owned());
    let mut variables = vec![("FIX_BASE_URL", base), ("FIX_TOKEN", "t")];
    variables.extend(files.as_deref().map(|files| ("FIX_FILES_DIR", files)));
    Server::start(&variables)
}

fn upload(file: Value) -> Value {
    json!({"title": "T", "file": file})
}

#[tokio::test]
async fn files_of_the_folder_are_sent_with_their_name_and_media_type() {
    let folder = Folder::new("sent");
    let (base, ledger) = upstream::start().await;
    let mut server = server(&base, Some(&folder.own()));
    for (file, expected) in [
        (
            json!({"path": "a/ä b.pdf"}),
            "filename=\"ä b.pdf\"\r\nContent-Type: application/pdf\r\n\r\n%PDF",
        ),
        (
            json!({"path": "./inside.pdf"}),
            "filename=\"inside.pdf\"\r\nContent-Type: application/pdf\r\n\r\n%PDF",
        ),
        (
            json!({"path": "inside.pdf", "filename": "b", "content_type": "a/b"}),
            "filename=\"b\"\r\nContent-Type: a/b\r\n\r\n%PDF",
        ),
        // Content can still be given.
        (
            json!({"filename": "c.txt", "text": "x"}),
            "filename=\"c.txt\"\r\nContent-Type: text/plain\r\n\r\nx",
        ),
    ] {
        let result = server.call("upload_document", upload(file.clone())).await;
        assert_eq!(result["isError"], false, "{file}: {result}");
        let body = String::from_utf8(ledger.last().body.to_vec()).unwrap();
        assert!(body.contains(expected), "{file}: {body}");
    }
}

#[tokio::test]
async fn nothing_outside_of_the_folder_is_read() {
    let folder = Folder::new("jail");
    let (base, ledger) = upstream::start().await;
    let mut server = server(&base, Some(&folder.own()));
    let absolute = folder.0.join("secret.txt");
    let inside = folder.own().join("inside.pdf");
    for (path, said) in [
        ("../secret.txt", "relative"),
        ("a/../../secret.txt", "relative"),
        ("a/../inside.pdf", "relative"),
        (absolute.to_str().unwrap(), "relative"),
        (inside.to_str().unwrap(), "relative"),
        ("", "relative"),
        ("a\0b", "relative"),
        ("outside.txt", "no file"),
        ("up/secret.txt", "no file"),
        ("up/own/inside.pdf", ""),
        ("beside/secret.txt", "no file"),
        ("loop", "no file"),
        ("missing.pdf", "no file"),
        ("a", "no regular file"),
        (".", "no regular file"),
        ("pipe", "no regular file"),
        ("large", "10 MiB"),
    ] {
        let result = server
            .call("upload_document", upload(json!({"path": path})))
            .await;
        // A link out and back in leads to a file of the folder.
        if said.is_empty() {
            assert_eq!(result["isError"], false, "{path}: {result}");
            continue;
        }
        assert_eq!(result["isError"], true, "{path}: {result}");
        let told = text(&result);
        assert!(
            told.starts_with("Validation error: /file: ") && told.contains(said),
            "{path}: {told}"
        );
        assert!(
            !told.contains(folder.0.to_str().unwrap()) || path.starts_with('/'),
            "{path}: {told}"
        );
    }
    let all: Vec<u8> = ledger.last().body.to_vec();
    assert_eq!(ledger.count(), 1);
    assert!(!String::from_utf8_lossy(&all).contains("secret"));
}

#[tokio::test]
async fn paths_are_offered_and_taken_only_where_the_operator_names_a_folder() {
    let folder = Folder::new("off");
    let (base, ledger) = upstream::start().await;
    let mut off = server(&base, None);
    let result = off
        .call("upload_document", upload(json!({"path": "inside.pdf"})))
        .await;
    let told = text(&result);
    assert!(
        told.contains("FIX_FILES_DIR") && told.contains("data_base64"),
        "{told}"
    );
    assert_eq!(ledger.count(), 0);
    let offered = |tools: &Value| {
        let tools = tools["tools"].as_array().unwrap();
        let upload = tools
            .iter()
            .find(|tool| tool["name"] == "upload_document")
            .unwrap();
        upload["inputSchema"]["properties"]["file"]["properties"]
            .get("path")
            .is_some()
    };
    let tools = off.request(modern(1, "tools/list", json!({}))).await["result"].clone();
    assert!(!offered(&tools), "{tools}");
    let mut on = server(&base, Some(&folder.own()));
    let tools = on.request(modern(1, "tools/list", json!({}))).await["result"].clone();
    assert!(offered(&tools), "{tools}");
}

#[tokio::test]
async fn a_folder_that_is_none_is_refused_at_the_start() {
    let folder = Folder::new("start");
    for path in [
        folder.own().join("inside.pdf"),
        folder.own().join("missing"),
    ] {
        let path = path.to_str().unwrap();
        let run = command(&[
            ("FIX_BASE_URL", "http://127.0.0.1:9"),
            ("FIX_TOKEN", "t"),
            ("FIX_FILES_DIR", path),
        ]);
        let run = { run }.output().await.unwrap();
        let said = String::from_utf8_lossy(&run.stderr);
        assert!(
            !run.status.success() && said.contains("FIX_FILES_DIR"),
            "{path}: {said}"
        );
    }
}
