//! The operator's page: who has the operator's credential sees keys, the audit log and live traffic, and nobody else
//! does, whatever page they are on. `cargo xtask interop page` looks at it in a browser.
#![cfg(feature = "http")]
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod audit;
#[path = "../common/mod.rs"]
mod common;
mod keys;
mod live;
mod sign_in;

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use common::http::{Http, post, raw};
use common::process::command;
use common::upstream;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

const KEY: &str = "operator-credential-of-this-test-0123456789";
const PEPPER: &str = "0123456789abcdef0123456789abcdef";

/// A server with an admin address, and a folder that goes with the value.
struct Operated {
    server: Http,
    admin: String,
    folder: PathBuf,
}

impl Operated {
    /// With an audit log, and keys of callers.
    async fn start(name: &str) -> Self {
        Self::with(name, &["AUDIT", "KEYS", "ADMIN_KEY"]).await
    }

    async fn with(name: &str, parts: &[&str]) -> Self {
        let folder = format!("mcpwright-operator-{}-{name}", std::process::id());
        let folder = std::env::temp_dir().join(folder);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let (base, _) = upstream::start().await;
        let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
        let (audit, keys) = (path("audit.jsonl"), path("keys.json"));
        let mut variables = vec![("FIX_BASE_URL", base.as_str()), ("FIX_TOKEN", "t")];
        let mut options = vec!["--admin-listen", "127.0.0.1:0"];
        for part in parts {
            match *part {
                "AUDIT" => variables.push(("FIX_AUDIT", &audit)),
                "ADMIN_KEY" => variables.push(("FIX_ADMIN_KEY", KEY)),
                _ => {
                    variables.extend([("FIX_KEYS", keys.as_str()), ("FIX_PEPPER", PEPPER)]);
                    options.extend(["--auth", "keys"]);
                    let mut create = command(&variables);
                    create.args(["keys", "create", "--name", "first", "--scope", "*:*"]);
                    let made = create.output().await.unwrap();
                    assert!(made.status.success(), "{made:?}");
                    fs::write(path("first.key"), made.stdout).unwrap();
                }
            }
        }
        let (server, admin) = start(&variables, &options).await;
        Self {
            server,
            admin,
            folder,
        }
    }

    fn first_key(&self) -> String {
        let key = fs::read_to_string(self.folder.join("first.key")).unwrap();
        key.trim().to_owned()
    }

    /// A request as it is; head in small letters, and body.
    async fn send(
        &self,
        method: &str,
        path: &str,
        fields: &str,
        body: &str,
    ) -> (u16, String, String) {
        let host = if fields.contains("Host:") {
            String::new()
        } else {
            format!("Host: {}\r\n", self.admin)
        };
        let request = format!(
            "{method} {path} HTTP/1.1\r\n{host}Connection: close\r\n{fields}Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let mut stream = TcpStream::connect(&self.admin).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, head.to_lowercase(), body.to_owned())
    }

    /// What the page asks for.
    async fn get(&self, path: &str) -> Value {
        let (status, _, body) = self.send("GET", path, &signed(KEY), "").await;
        assert_eq!(status, 200, "{path}: {body}");
        serde_json::from_str(&body).unwrap_or_else(|_| panic!("{path}: {body}"))
    }

    async fn change(&self, path: &str, body: &Value) -> (u16, Value) {
        let fields = format!(
            "{}Origin: http://{}\r\nContent-Type: application/json\r\n",
            signed(KEY),
            self.admin
        );
        let (status, _, body) = self.send("POST", path, &fields, &body.to_string()).await;
        (status, serde_json::from_str(&body).unwrap())
    }

    /// A call of a tool, by a client of some name.
    async fn call(&self, key: &str, client: &str, tool: &str, arguments: Value) -> u16 {
        let body = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {
        "name": tool, "arguments": arguments, "_meta": {
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {},
            "io.modelcontextprotocol/clientInfo": {"name": client, "version": "1"},
        }}});
        let fields = if key.is_empty() {
            String::new()
        } else {
            signed(key)
        };
        let address = &self.server.address;
        let request = post(address, "tools/call", &fields, &body.to_string());
        raw(address, &request).await.0
    }

    /// The table, once it has as many lines: records wait for others, and for the thread that writes them.
    async fn table(&self, lines: usize) -> (String, String) {
        let begin = Instant::now();
        loop {
            let (status, head, table) = self.send("GET", "/api/audit.csv", &signed(KEY), "").await;
            assert_eq!(status, 200, "{table}");
            if table.lines().count() >= lines {
                return (head, table);
            }
            assert!(begin.elapsed() < Duration::from_secs(20), "{table}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// The records, once there are as many calls.
    async fn records(&self, calls: usize) -> Vec<Value> {
        let begin = Instant::now();
        loop {
            let found = self.get("/api/audit").await;
            let records = found["records"].as_array().unwrap().clone();
            if records.len() >= calls {
                return records;
            }
            assert!(begin.elapsed() < Duration::from_secs(20), "{found}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Drop for Operated {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Starts the server on ports that the system chooses, and gives its admin address too.
async fn start(variables: &[(&str, &str)], options: &[&str]) -> (Http, String) {
    let mut command = command(variables);
    command.args(["http", "--listen", "127.0.0.1:0"]);
    let mut child = command.args(options).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let mut said = String::new();
    let mut serving = async |what: &str| loop {
        let line = lines.next_line().await.unwrap();
        let line = line.unwrap_or_else(|| panic!("it ended: {said}"));
        if let Some((before, address)) = line.split_once(" at http://")
            && before.contains(what)
        {
            let address = address.split('/').next().unwrap();
            break address.trim().to_owned();
        }
        said.push_str(&line);
    };
    let admin = serving("serving health and metrics").await;
    let address = serving("serving MCP").await;
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    (Http { child, address }, admin)
}

fn signed(key: &str) -> String {
    format!("Authorization: Bearer {key}\r\n")
}
