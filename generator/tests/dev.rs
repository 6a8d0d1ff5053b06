//! `mcpwright dev`: the client stays connected while the server behind it is built again.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod support;

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};
use support::command;

/// Time in which something has to happen; builds of others take turns with this one's.
const PATIENCE: Duration = Duration::from_secs(90);

/// A server whose one tool is called as the document's first operation is. `dev` does not care what is in a server, so
/// that this one is compiled in a second.
const SERVER: &str = r##"
use std::io::{BufRead as _, Write as _};
const DOCUMENT: &str = include_str!(env!("DOCUMENT"));
fn main() {
    let tool = DOCUMENT.split("\"operationId\":\"").nth(1).unwrap().split('"').next().unwrap();
    for line in std::io::stdin().lock().lines() {
        let line = line.unwrap();
        let Some(rest) = line.split("\"id\":").nth(1) else { continue };
        let id = rest.split([',', '}']).next().unwrap();
        let base = std::env::var("ACME_CRM_BASE_URL").unwrap_or_default();
        let said = format!("{} {:?} {}", std::process::id(), std::env::args().nth(1), base);
        println!("{{\"jsonrpc\":\"2.0\",\"id\":{id},\"result\":{{\"capabilities\":{{\"tools\":{{}}}},\"tool\":{tool:?},\"said\":{said:?}}}}}");
        std::io::stdout().flush().unwrap();
    }
}
"##;

/// Stands for Cargo: says where things are built, and builds the server above.
const CARGO: &str = r#"#!/bin/sh
set -e
case "$1" in
metadata) printf '{"target_directory": "%s/target"}' "$HERE" ;;
build)
    mkdir -p "$HERE/target/debug"
    printf '   Compiling acme-crm-mcp v0.1.0\n' >&2
    exec "$RUSTC_OF_TEST" --edition 2024 "$HERE/server.rs" -o "$HERE/target/debug/acme-crm-mcp" ;;
esac
"#;

fn document(operation: &str) -> String {
    json!({"openapi": "3.1.0", "info": {"title": "Acme CRM", "version": "1"},
        "paths": {"/leads": {"get": {"operationId": operation, "responses": {"200": {"description": "ok"}}}}}})
    .to_string()
}

struct Dev {
    child: Child,
    out: Receiver<Value>,
    err: Receiver<String>,
}

impl Drop for Dev {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Dev {
    fn start(folder: &Path, arguments: &[&str]) -> Self {
        fs::write(folder.join("openapi.json"), document("listLeads")).unwrap();
        fs::write(folder.join("server.rs"), SERVER).unwrap();
        fs::write(
            folder.join("mcpwright.toml"),
            "[server]\nspec = \"openapi.json\"\nname = \"acme-crm\"\n[output]\nfolder = \"acme-crm-mcp\"\n",
        )
        .unwrap();
        let cargo = folder.join("cargo.sh");
        fs::write(&cargo, CARGO).unwrap();
        fs::set_permissions(&cargo, fs::Permissions::from_mode(0o755)).unwrap();
        let rustc = Path::new(env!("CARGO")).with_file_name("rustc");
        let mut child = command(folder, arguments)
            .env("CARGO", &cargo)
            .env("HERE", folder)
            .env("RUSTC_OF_TEST", rustc)
            .env("DOCUMENT", folder.join("openapi.json"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (to_out, out) = channel();
        let (to_err, err) = channel();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        std::thread::spawn(move || {
            lines
                .map_while(Result::ok)
                .try_for_each(|line| to_out.send(serde_json::from_str(&line).unwrap()))
        });
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        std::thread::spawn(move || {
            lines
                .map_while(Result::ok)
                .try_for_each(|line| to_err.send(line))
        });
        Self { child, out, err }
    }

    fn says(&self, what: &str) {
        let mut all = Vec::new();
        while !all.last().is_some_and(|line: &String| line.contains(what)) {
            match self.err.recv_timeout(PATIENCE) {
                Ok(line) => all.push(line),
                Err(_) => panic!("never said {what:?}: {all:#?}"),
            }
        }
    }

    fn send(&mut self, message: &Value) {
        writeln!(self.child.stdin.as_mut().unwrap(), "{message}").unwrap();
    }

    fn next(&self) -> Value {
        self.out.recv_timeout(PATIENCE).expect("a message")
    }

    fn ask(&mut self, id: u64, method: &str) -> Value {
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method}));
        let answer = self.next();
        assert_eq!(answer["id"], id, "{answer}");
        answer["result"].clone()
    }
}

#[test]
fn a_client_on_standard_input_stays_while_the_server_changes() {
    let folder = tempfile::tempdir().unwrap();
    let mut dev = Dev::start(folder.path(), &["dev", "stdio"]);
    // A client does not wait for the first build.
    let hello = dev.ask(1, "initialize");
    assert_eq!(
        hello["capabilities"]["tools"]["listChanged"], true,
        "{hello}"
    );
    dev.send(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"}));
    assert_eq!(dev.ask(2, "tools/list")["tool"], "listLeads");
    dev.says("serving");
    // A broken edit changes nothing but what is said.
    fs::write(folder.path().join("openapi.json"), "{\"openapi\": ").unwrap();
    dev.says("the server runs on as it was");
    assert_eq!(dev.ask(3, "tools/list")["tool"], "listLeads");
    fs::write(folder.path().join("openapi.json"), document("findLeads")).unwrap();
    dev.says("serving what changed");
    let told = dev.next();
    assert_eq!(told["method"], "notifications/tools/list_changed", "{told}");
    assert_eq!(dev.ask(4, "tools/list")["tool"], "findLeads");
    // It ends with its client.
    drop(dev.child.stdin.take());
    let ended = std::time::Instant::now();
    while dev.child.try_wait().unwrap().is_none() {
        assert!(ended.elapsed() < PATIENCE, "it does not end");
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(dev.child.try_wait().unwrap().unwrap().success());
}

#[test]
fn with_a_mock_the_server_is_led_to_it_and_to_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let mut dev = Dev::start(folder.path(), &["dev", "--mock", "stdio"]);
    let said = dev.ask(1, "tools/list")["said"]
        .as_str()
        .unwrap()
        .to_owned();
    let url = said.split(' ').nth(2).unwrap();
    let host = url
        .strip_prefix("http://")
        .unwrap_or_else(|| panic!("{said}"));
    assert!(host.starts_with("127.0.0.1:"), "{said}");
    let answer = get(host, "/leads");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

fn get(host: &str, path: &str) -> String {
    let mut stream = std::net::TcpStream::connect(host).unwrap();
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n"
    )
    .unwrap();
    let mut text = String::new();
    std::io::Read::read_to_string(&mut stream, &mut text).unwrap();
    text
}
