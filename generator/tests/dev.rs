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
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

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
    if std::env::args().nth(1).as_deref() == Some("http") {
        let address = std::env::args().skip_while(|word| word != "--listen").nth(1).unwrap();
        for stream in std::net::TcpListener::bind(address).unwrap().incoming() {
            let stream = stream.unwrap();
            std::thread::spawn(move || {
                let mut answers = stream.try_clone().unwrap();
                for line in std::io::BufReader::new(stream).lines() {
                    if line.unwrap().is_empty() {
                        let body = format!("{tool} {}", std::process::id());
                        // At once: whoever reads takes what comes first.
                        let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
                        answers.write_all(answer.as_bytes()).unwrap();
                    }
                }
            });
        }
    }
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
        // Whatever it started, too.
        self.signal("KILL", true);
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
            .process_group(0)
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

    /// A signal, to it alone or to all that it started, as a terminal sends an interrupt.
    fn signal(&self, signal: &str, to_all: bool) {
        let sign = if to_all { "-" } else { "" };
        let whom = format!("{sign}{}", self.child.id());
        let _ = Command::new("kill")
            .args([&format!("-{signal}"), "--", &whom])
            .stderr(Stdio::null())
            .status();
    }

    /// Waits for its end; the exit code.
    fn end(&mut self) -> Option<i32> {
        until("it ends", || self.child.try_wait().unwrap().is_some());
        self.child.wait().unwrap().code()
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
    assert_eq!(dev.end(), Some(0));
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

/// Waits until something is so.
fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(
            begun.elapsed() < PATIENCE,
            "{what}: it does not come to that"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// The tool of the server at an address, and its process.
fn served(connection: &mut TcpStream) -> Option<(String, String)> {
    write!(connection, "GET / HTTP/1.1\r\n\r\n").ok()?;
    let mut said = [0; 200];
    let read = std::io::Read::read(connection, &mut said).ok()?;
    let said = String::from_utf8_lossy(&said[..read]).into_owned();
    let (_, body) = said.split_once("\r\n\r\n")?;
    let (tool, process) = body.split_once(' ')?;
    Some((tool.to_owned(), process.to_owned()))
}

fn runs(process: &str) -> bool {
    let asked = Command::new("kill")
        .args(["-0", process])
        .stderr(Stdio::null())
        .status();
    asked.unwrap().success()
}

/// `dev http` at an address of its own, and a connection to what it serves.
fn over_http(folder: &Path) -> (Dev, String, TcpStream) {
    let address = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .to_string();
    let dev = Dev::start(folder, &["dev", "http", "--listen", &address]);
    dev.says("serving");
    let mut connection = None;
    until("a server listens", || {
        connection = TcpStream::connect(&address).ok();
        connection.is_some()
    });
    (dev, address, connection.unwrap())
}

#[test]
fn over_http_the_next_server_is_at_the_same_address() {
    let folder = tempfile::tempdir().unwrap();
    let (mut dev, address, mut connection) = over_http(folder.path());
    let (tool, first) = served(&mut connection).unwrap();
    assert_eq!(tool, "listLeads");
    fs::write(folder.path().join("openapi.json"), "{\"openapi\": ").unwrap();
    dev.says("the server runs on as it was");
    // A client that stayed connected asks again.
    assert_eq!(served(&mut connection), Some((tool, first.clone())));
    fs::write(folder.path().join("openapi.json"), document("findLeads")).unwrap();
    dev.says("serving what changed");
    // Its connection ends with that server, and it finds the next one where it was.
    assert_eq!(served(&mut connection), None);
    let mut now = None;
    until("the next server listens", || {
        now = TcpStream::connect(&address)
            .ok()
            .and_then(|mut one| served(&mut one));
        now.is_some()
    });
    let (tool, second) = now.unwrap();
    assert_eq!(tool, "findLeads");
    assert!(!runs(&first) && runs(&second));
    dev.signal("INT", true);
    assert_eq!(dev.end(), Some(0));
    assert!(!runs(&second), "the server outlives it");
    assert!(
        TcpListener::bind(&address).is_ok(),
        "the address is not free"
    );
}

#[test]
fn whoever_ends_it_ends_the_server_too() {
    for (signal, to_all) in [("INT", true), ("INT", false), ("TERM", false)] {
        let folder = tempfile::tempdir().unwrap();
        let (mut dev, address, mut connection) = over_http(folder.path());
        let (_, process) = served(&mut connection).unwrap();
        dev.signal(signal, to_all);
        assert_eq!(dev.end(), Some(0), "{signal}");
        assert!(!runs(&process), "{signal}: the server outlives it");
        assert!(
            TcpListener::bind(&address).is_ok(),
            "{signal}: the address is not free"
        );
    }
}

fn get(host: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(host).unwrap();
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n"
    )
    .unwrap();
    let mut text = String::new();
    std::io::Read::read_to_string(&mut stream, &mut text).unwrap();
    text
}
