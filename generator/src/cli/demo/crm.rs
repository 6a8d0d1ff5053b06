//! The demo CRM as a child process that ends with the demo.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Port that a client's configuration can rely on.
pub const USUAL_PORT: u16 = 8787;

/// Base URL on the usual port.
pub fn usual_base_url() -> String {
    format!("http://127.0.0.1:{USUAL_PORT}/api/v1")
}

/// A running CRM.
#[derive(Debug)]
pub struct Crm {
    child: Child,
    /// Where its API is.
    pub base_url: String,
}

impl Crm {
    /// Starts the CRM; port 0 takes any free one.
    pub fn start(binary: &Path, port: u16) -> Result<Self, String> {
        let mut child = Command::new(binary)
            .args(["--port", &port.to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .map_err(|e| format!("{} cannot be started: {e}", binary.display()))?;
        let mut line = String::new();
        if let Some(stdout) = child.stdout.take() {
            // It says one line, once it can be reached.
            let _ = BufReader::new(stdout).read_line(&mut line);
        }
        let base_url = line
            .split_whitespace()
            .find(|word| word.starts_with("http://"))
            .map(str::to_owned);
        match base_url {
            Some(base_url) => Ok(Self { child, base_url }),
            None => {
                let _ = child.kill();
                let _ = child.wait();
                Err(format!(
                    "the CRM did not start on port {port}; is the port in use?"
                ))
            }
        }
    }
}

impl Drop for Crm {
    fn drop(&mut self) {
        // It may have ended by itself; either way nothing of it stays behind.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
