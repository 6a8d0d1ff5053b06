//! A scripted MCP client on stdio: a line out, a line in.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::failure::{Context as _, Failure, Result};
use crate::process::Running;

/// Longest wait for an answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// The two eras of MCP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Era {
    /// Opens with `initialize` (2025-11-25).
    Legacy,
    /// Says its revision in every request (2026-07-28).
    Modern,
}

/// A server process and the way to it.
#[derive(Debug)]
pub struct Client {
    process: Running,
    input: ChildStdin,
    lines: Receiver<(Instant, String)>,
    heard: Instant,
    complaints: Arc<Mutex<String>>,
    era: Era,
    id: u64,
}

impl Client {
    /// Starts a server. Nothing is sent.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(command: &mut Command, era: Era) -> Result<Self> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .context(format!("{command:?}"))?;
        let input = child.stdin.take().context("no standard input")?;
        let output = child.stdout.take().context("no standard output")?;
        let mut errors = child.stderr.take().context("no standard error")?;
        let (sender, lines) = channel();
        thread::spawn(move || {
            for line in BufReader::new(output)
                .lines()
                .map_while(std::io::Result::ok)
            {
                if sender.send((Instant::now(), line)).is_err() {
                    break;
                }
            }
        });
        let complaints = Arc::new(Mutex::new(String::new()));
        let heard = Arc::clone(&complaints);
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count) = errors.read(&mut buffer) {
                let Some(bytes) = buffer.get(..count).filter(|bytes| !bytes.is_empty()) else {
                    break;
                };
                let text = String::from_utf8_lossy(bytes);
                heard
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push_str(&text);
            }
        });
        Ok(Self {
            process: Running(child),
            input,
            lines,
            heard: Instant::now(),
            complaints,
            era,
            id: 0,
        })
    }

    /// The process, as the system numbers it.
    pub fn process_id(&self) -> u32 {
        self.process.0.id()
    }

    /// When the last line from the server was there, before it was parsed.
    pub fn heard(&self) -> Instant {
        self.heard
    }

    /// `initialize` and `notifications/initialized`, or `server/discover`; gives the server's answer.
    ///
    /// # Errors
    /// When the server refuses, or answers for another revision.
    pub fn open(&mut self) -> Result<Value> {
        match self.era {
            Era::Legacy => {
                let client = json!({"name": "xtask", "version": "0"});
                let params = json!({"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": client});
                let answer = self.request("initialize", params)?;
                if answer.get("protocolVersion").and_then(Value::as_str) != Some("2025-11-25") {
                    return Err(format!("initialize answered {answer}").into());
                }
                self.send(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"}))?;
                Ok(answer)
            }
            Era::Modern => {
                let answer = self.request("server/discover", json!({}))?;
                let versions = answer.get("supportedVersions").and_then(Value::as_array);
                if !versions.is_some_and(|all| all.iter().any(|one| one == "2026-07-28")) {
                    return Err(format!("server/discover answered {answer}").into());
                }
                Ok(answer)
            }
        }
    }

    /// All tools.
    ///
    /// # Errors
    /// When the server refuses.
    pub fn tools(&mut self) -> Result<Vec<Value>> {
        let mut answer = self.request("tools/list", json!({}))?;
        match answer.get_mut("tools").map(Value::take) {
            Some(Value::Array(tools)) => Ok(tools),
            _ => Err(format!("tools/list answered {answer}").into()),
        }
    }

    /// Calls a tool and gives its result, errors of the tool included.
    ///
    /// # Errors
    /// When the server refuses the request.
    pub fn call(&mut self, tool: &str, arguments: &Value) -> Result<Value> {
        self.request("tools/call", json!({"name": tool, "arguments": arguments}))
    }

    fn request(&mut self, method: &str, mut params: Value) -> Result<Value> {
        self.id = self.id.saturating_add(1);
        if let (Era::Modern, Some(params)) = (self.era, params.as_object_mut()) {
            let meta = json!({
                "io.modelcontextprotocol/protocolVersion": "2026-07-28",
                "io.modelcontextprotocol/clientCapabilities": {},
            });
            params.insert("_meta".to_owned(), meta);
        }
        self.send(&json!({"jsonrpc": "2.0", "id": self.id, "method": method, "params": params}))?;
        loop {
            let line = match self.lines.recv_timeout(PATIENCE) {
                Ok((heard, line)) => {
                    self.heard = heard;
                    line
                }
                Err(RecvTimeoutError::Timeout) => return Err(self.lost(method, "no answer")),
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(self.lost(method, "the server ended"));
                }
            };
            let mut message: Value = serde_json::from_str(&line)
                .context(format!("not JSON on standard output: {line}"))?;
            if message.get("id").and_then(Value::as_u64) != Some(self.id) {
                continue;
            }
            return match message.get_mut("result").map(Value::take) {
                Some(result) => Ok(result),
                None => Err(format!("{method}: {message}").into()),
            };
        }
    }

    fn send(&mut self, message: &Value) -> Result<()> {
        let sent = self
            .input
            .write_all(format!("{message}\n").as_bytes())
            .and_then(|()| self.input.flush());
        sent.map_err(|error| self.lost("send", &error.to_string()))
    }

    /// A failure with what the server said on standard error.
    fn lost(&self, method: &str, why: &str) -> Failure {
        // What it said last may still be on its way.
        thread::sleep(Duration::from_millis(50));
        let said = self
            .complaints
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        format!("{method}: {why}; standard error: {:?}", said.trim()).into()
    }
}
