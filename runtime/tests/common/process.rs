//! The example server as a process: what a host starts.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

/// The example beside this test binary. A plain `cargo test` builds it; before `--test NAME` run
/// `cargo build --example fixture`.
pub fn binary() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let profile = test.parent().unwrap().parent().unwrap();
    profile
        .join("examples")
        .join(format!("fixture{}", std::env::consts::EXE_SUFFIX))
}

/// A command with nothing of this environment but what the loader needs.
pub fn command(variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(binary());
    command
        .env_clear()
        .envs(variables.iter().copied())
        .kill_on_drop(true);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

pub struct Server {
    pub child: Child,
    pub input: Option<ChildStdin>,
    pub output: Lines<BufReader<ChildStdout>>,
}

impl Server {
    pub fn start(variables: &[(&str, &str)]) -> Self {
        let mut child = command(variables).spawn().unwrap();
        let input = child.stdin.take();
        let output = BufReader::new(child.stdout.take().unwrap()).lines();
        Self {
            child,
            input,
            output,
        }
    }

    /// A server whose every operation has a credential.
    pub fn with_credentials(base: &str) -> Self {
        Self::start(&[
            ("FIX_BASE_URL", base),
            ("FIX_TOKEN", "token-canary"),
            ("FIX_KEY", "key-canary"),
            ("FIX_QUERY_KEY", "query canary&"),
            ("FIX_COOKIE", "cookie-canary"),
            ("FIX_USERNAME", "ann"),
            ("FIX_PASSWORD", "pw-canary"),
            ("FIX_TIMEOUT_SECONDS", "30"),
            ("FIX_MAX_RESPONSE_BYTES", "200000"),
        ])
    }

    pub async fn send(&mut self, line: &str) {
        let input = self.input.as_mut().unwrap();
        input.write_all(line.as_bytes()).await.unwrap();
        input.write_all(b"\n").await.unwrap();
        input.flush().await.unwrap();
    }

    pub async fn receive(&mut self) -> Value {
        let line = tokio::time::timeout(Duration::from_secs(40), self.output.next_line())
            .await
            .expect("an answer in time")
            .unwrap()
            .expect("an answer before the end");
        serde_json::from_str(&line).expect("standard output carries JSON only")
    }

    pub async fn request(&mut self, message: Value) -> Value {
        self.send(&message.to_string()).await;
        self.receive().await
    }

    /// Calls a tool that needs a confirmation, and again with the token of the first call.
    pub async fn confirmed(&mut self, tool: &str, mut arguments: Value) -> Value {
        let preview = self.call(tool, arguments.clone()).await;
        arguments["confirm_token"] = json!(token(&preview));
        self.call(tool, arguments).await
    }

    /// Calls a tool in the modern era and gives the result.
    pub async fn call(&mut self, tool: &str, arguments: Value) -> Value {
        let answer = self
            .request(modern(
                7,
                "tools/call",
                json!({"name": tool, "arguments": arguments}),
            ))
            .await;
        answer
            .get("result")
            .unwrap_or_else(|| panic!("no result in {answer}"))
            .clone()
    }
}

/// Waits for something that happens elsewhere.
pub async fn wait_for(condition: impl Fn() -> bool) {
    for _ in 0..2_000 {
        if condition() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("it did not happen in 40 s");
}

/// Sends SIGTERM.
pub fn terminate(child: &Child) {
    signal(child, "-TERM");
}

/// Sends a signal, named as `kill` wants it.
pub fn signal(child: &Child, name: &str) {
    let pid = child.id().unwrap().to_string();
    std::process::Command::new("kill")
        .args([name, &pid])
        .status()
        .unwrap();
}

/// Waits for the process to end by itself, without an error.
pub async fn ends_well(child: &mut Child) {
    let status = tokio::time::timeout(Duration::from_secs(40), child.wait())
        .await
        .expect("the end in time")
        .unwrap();
    assert!(status.success(), "{status}");
}

/// A modern request with its `_meta`.
pub fn modern(id: i64, method: &str, mut params: Value) -> Value {
    params["_meta"] = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params})
}

/// The token that a preview gives.
pub fn token(preview: &Value) -> String {
    let text = text(preview);
    let token = text.split("\"confirm_token\": \"").nth(1);
    let token = token.and_then(|rest| rest.split('"').next());
    token
        .unwrap_or_else(|| panic!("no token in {text}"))
        .to_owned()
}

/// The text of a result.
pub fn text(result: &Value) -> &str {
    result["content"][0]["text"]
        .as_str()
        .unwrap_or_else(|| panic!("no text in {result}"))
}
