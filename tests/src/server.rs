//! A generated server as a process, spoken to over its standard input and output.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// Time in which an answer has to come.
const PATIENCE: Duration = Duration::from_secs(20);

/// A server that a host has started. It ends when this is dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    input: Option<ChildStdin>,
    output: Receiver<String>,
    last_id: i64,
}

fn command(binary: &Path, arguments: &[&str], variables: &[(String, String)]) -> Command {
    let mut command = Command::new(binary);
    command
        .args(arguments)
        // Nothing of the environment of whoever runs the tests.
        .env_clear()
        .envs(variables.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    command
}

impl Server {
    /// Starts a server.
    #[must_use]
    pub fn start(binary: &Path, variables: &[(String, String)]) -> Self {
        let mut child = command(binary, &[], variables).spawn().unwrap();
        let input = child.stdin.take();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let (sender, output) = channel();
        std::thread::spawn(move || {
            while let Some(Ok(line)) = lines.next() {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Self {
            child,
            input,
            output,
            last_id: 0,
        }
    }

    /// The id of its process.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends a message.
    pub fn send(&mut self, message: &Value) {
        let input = self.input.as_mut().unwrap();
        writeln!(input, "{message}").unwrap();
        input.flush().unwrap();
    }

    /// The next message.
    pub fn receive(&mut self) -> Value {
        let line = self
            .output
            .recv_timeout(PATIENCE)
            .expect("an answer in time");
        serde_json::from_str(&line).expect("standard output carries JSON only")
    }

    /// Closes its standard input and waits for its end.
    pub fn finish(mut self) {
        drop(self.input.take());
        let _ = self.child.wait();
    }

    /// Sends a request of MCP 2026-07-28 without waiting, and gives its id.
    pub fn begin(&mut self, method: &str, mut params: Value) -> i64 {
        self.last_id += 1;
        params["_meta"] = json!({
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {},
        });
        let id = self.last_id;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
        id
    }

    /// The result of a request.
    pub fn request(&mut self, method: &str, params: Value) -> Value {
        let id = self.begin(method, params);
        let mut answer = self.receive();
        assert_eq!(answer["id"], id, "{answer}");
        assert!(answer.get("result").is_some(), "no result: {answer}");
        answer["result"].take()
    }

    /// The result of a tool.
    pub fn call(&mut self, tool: &str, arguments: Value) -> Value {
        self.request("tools/call", json!({"name": tool, "arguments": arguments}))
    }

    /// The result of a tool that shows what it would do first, after somebody agreed.
    pub fn confirmed(&mut self, tool: &str, mut arguments: Value) -> Value {
        let preview = self.call(tool, arguments.clone());
        let token = text(&preview).split("\"confirm_token\": \"").nth(1);
        let token = token.and_then(|rest| rest.split('"').next());
        arguments["confirm_token"] = token.unwrap_or_else(|| panic!("{tool}: {preview}")).into();
        self.call(tool, arguments)
    }

    /// The structured content of a tool that succeeds.
    pub fn done(&mut self, tool: &str, arguments: Value) -> Value {
        let mut result = self.call(tool, arguments);
        assert_ne!(result["isError"], true, "{tool}: {result}");
        result["structuredContent"].take()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The text of a result.
#[must_use]
pub fn text(result: &Value) -> &str {
    result["content"][0]["text"]
        .as_str()
        .unwrap_or_else(|| panic!("no text in {result}"))
}

/// What a process that ended said.
#[derive(Debug)]
pub struct Exit {
    /// Exit code.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
    /// How long it took.
    pub time: Duration,
}

/// Runs a process to its end. Its standard input stays open all the while, as a host keeps it.
#[must_use]
pub fn run(binary: &Path, arguments: &[&str], variables: &[(String, String)]) -> Exit {
    let begun = Instant::now();
    let mut child = command(binary, arguments, variables)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let input = child.stdin.take();
    let mut errors = child.stderr.take().unwrap();
    let errors = std::thread::spawn(move || {
        let mut err = String::new();
        errors.read_to_string(&mut err).unwrap();
        err
    });
    let mut out = String::new();
    child
        .stdout
        .take()
        .unwrap()
        .read_to_string(&mut out)
        .unwrap();
    let code = child.wait().unwrap().code().expect("no signal");
    drop(input);
    Exit {
        code,
        out,
        err: errors.join().unwrap(),
        time: begun.elapsed(),
    }
}
