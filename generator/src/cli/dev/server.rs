//! The server that runs now, over HTTP or behind the relay.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::relay::Relay;

/// Time for calls that are being worked on when another server comes.
const PATIENCE: Duration = Duration::from_secs(5);

/// What the threads of the relay share.
#[derive(Debug, Default)]
struct Shared {
    relay: Relay,
    /// Standard input of the server that runs now.
    input: Option<ChildStdin>,
    /// Which server that is: what an earlier one still says is for nobody.
    number: usize,
    /// Whether the client went.
    closed: bool,
}

/// The server that runs now. It ends when this is dropped.
#[derive(Debug)]
pub struct Running {
    child: Option<Child>,
    shared: Option<Arc<Mutex<Shared>>>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop();
    }
}

fn held(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Running {
    /// None yet. With `relays`, the client is on standard input and output.
    pub fn new(relays: bool) -> Self {
        let shared = relays.then(|| {
            let shared = Arc::new(Mutex::new(Shared::default()));
            let other = Arc::clone(&shared);
            std::thread::spawn(move || from_client(&other));
            shared
        });
        Self {
            child: None,
            shared,
        }
    }

    /// Whether the client went.
    pub fn is_closed(&self) -> bool {
        self.shared
            .as_deref()
            .is_some_and(|shared| held(shared).closed)
    }

    /// The exit code of a server that ended by itself, once.
    pub fn ended(&mut self) -> Option<u8> {
        let status = self.child.as_mut()?.try_wait().ok()??;
        self.child = None;
        Some(crate::cli::project::code(status))
    }

    fn stop(&mut self) {
        if let Some(shared) = self.shared.as_deref() {
            held(shared).input = None;
        }
        if let Some(mut child) = self.child.take() {
            if self.shared.is_some() {
                // It ends by itself once nobody talks to it.
                let begun = Instant::now();
                while begun.elapsed() < Duration::from_secs(1)
                    && matches!(child.try_wait(), Ok(None))
                {
                    std::thread::sleep(Duration::from_millis(20));
                }
            }
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Puts a server in the place of the one that runs.
    ///
    /// # Errors
    /// When it cannot be started; then none runs.
    pub fn start(&mut self, mut server: Command) -> std::io::Result<()> {
        let Some(shared) = self.shared.clone() else {
            self.stop();
            self.child = Some(server.stdin(Stdio::null()).spawn()?);
            return Ok(());
        };
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE && held(&shared).relay.is_busy() && self.child.is_some() {
            std::thread::sleep(Duration::from_millis(20));
        }
        let is_first = {
            let mut held = held(&shared);
            held.number = held.number.saturating_add(1);
            held.number == 1
        };
        self.stop();
        let mut child = server
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let (input, output) = (child.stdin.take(), child.stdout.take());
        self.child = Some(child);
        let mut held = held(&shared);
        let swap = if is_first && !held.relay.is_busy() {
            super::relay::Swap::default()
        } else {
            held.relay.swap()
        };
        held.input = input;
        for message in &swap.to_server {
            tell_server(&mut held, message);
        }
        for message in &swap.to_client {
            tell_client(message);
        }
        let number = held.number;
        drop(held);
        if let Some(output) = output {
            let shared = Arc::clone(&shared);
            std::thread::spawn(move || {
                for line in BufReader::new(output).lines().map_while(Result::ok) {
                    let Ok(message) = serde_json::from_str::<Value>(&line) else {
                        continue;
                    };
                    let mut held = super::server::held(&shared);
                    if held.number != number {
                        return;
                    }
                    if let Some(message) = held.relay.server_says(message) {
                        tell_client(&message);
                    }
                }
            });
        }
        Ok(())
    }
}

fn tell_server(shared: &mut Shared, message: &Value) {
    if let Some(input) = &mut shared.input {
        // One that has ended is noticed elsewhere.
        let _ = writeln!(input, "{message}").and_then(|()| input.flush());
    }
}

fn tell_client(message: &Value) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{message}").and_then(|()| out.flush());
}

/// Takes what the client says to the server, until it goes. What it says while there is none waits as a request
/// does that has no answer.
fn from_client(shared: &Mutex<Shared>) {
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        let Ok(message) = serde_json::from_str::<Value>(&line) else {
            continue;
        };
        while held(shared).input.is_none() {
            std::thread::sleep(Duration::from_millis(20));
        }
        let mut held = held(shared);
        held.relay.client_says(&message);
        tell_server(&mut held, &message);
    }
    held(shared).closed = true;
}
