//! The server, from its framing alone to all guards: each stage is asked for one thing more than the one before.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::json;

use super::client;
use crate::crm;
use crate::endpoint::Endpoint;
use crate::failure::{Context as _, Result};
use crate::ports;
use crate::process::Running;

/// What keys are hashed with.
const PEPPER: &str = "a-pepper-that-is-long-enough-and-is-for-this-run-alone";

/// A process, and what it is asked.
#[derive(Debug)]
pub struct Stage {
    /// In figures.
    pub name: &'static str,
    address: String,
    request: Vec<u8>,
    /// What the answer has to hold.
    expected: &'static str,
    process: std::rc::Rc<Process>,
}

/// A process, and the folder of its files.
#[derive(Debug)]
struct Process {
    running: Running,
    folder: Option<PathBuf>,
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Some(folder) = &self.folder {
            let _ = fs::remove_dir_all(folder);
        }
    }
}

impl Stage {
    /// As the system numbers it.
    pub fn process(&self) -> u32 {
        self.process.running.0.id()
    }

    /// Asks so many times on each of so many connections.
    ///
    /// # Errors
    /// When an answer is not the one that it has to be.
    pub fn ask(&self, connections: usize, requests: usize) -> Result<()> {
        client::ask(
            &self.address,
            &self.request,
            self.expected,
            connections,
            requests,
        )
        .context(self.name)
    }
}

/// Starts all; the reverse proxy first, the server with all guards last.
///
/// # Errors
/// When one does not come up.
pub fn start(proxy: &Path, program: &Path, service: &str) -> Result<Vec<Stage>> {
    let mut stages = vec![reverse(proxy, service)?];
    // The same server is asked for more and more.
    let (address, process) = serve(program, service, &[], &[], None)?;
    let caller = Endpoint::new(&format!("http://{address}/mcp"));
    let lead = caller.request("get_lead", &json!({"lead_id": 1}));
    let process = std::rc::Rc::new(process);
    for (name, request, expected) in [
        (
            "framing (server/discover)",
            discover(&address),
            "supportedVersions",
        ),
        (
            "a call that is refused (arguments checked)",
            caller.request("get_lead", &json!({"lead_id": "x"})),
            "\"isError\":true",
        ),
        ("a call (request, answer, text)", lead, "a lead"),
    ] {
        stages.push(Stage {
            name,
            address: address.clone(),
            request: request.into_bytes(),
            expected,
            process: std::rc::Rc::clone(&process),
        });
    }
    // One guard more each time.
    let folder = std::env::temp_dir().join(format!("mcpwright-bench-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let keys = folder.join("keys.json").display().to_string();
    let key = create_key(program, service, &keys)?;
    let log = |number: usize| folder.join(format!("{number}.jsonl")).display().to_string();
    let with_keys = [("KEYS", keys.as_str()), ("PEPPER", PEPPER)];
    let rate = ("CALLER_RATE", "100000/s");
    let logs = [log(1), log(2)];
    let admin = format!("127.0.0.1:{}", ports::free()?);
    let [first, second] = &logs;
    for (name, variables, options) in [
        ("the same with keys", vec![], vec![]),
        ("the same with keys, rate of callers", vec![rate], vec![]),
        (
            "the same with keys, rate, audit log",
            vec![rate, ("AUDIT", first.as_str())],
            vec![],
        ),
        (
            "a call with all guards (keys, rate, audit log, metrics)",
            vec![rate, ("AUDIT", second.as_str())],
            vec!["--admin-listen", admin.as_str()],
        ),
    ] {
        let variables = [&with_keys, variables.as_slice()].concat();
        let options = [&["--auth", "keys"], options.as_slice()].concat();
        let (address, process) = serve(program, service, &variables, &options, Some(&folder))?;
        let caller = Endpoint::new(&format!("http://{address}/mcp"));
        let caller = caller.with("Authorization", &format!("Bearer {key}"));
        let request = caller.request("get_lead", &json!({"lead_id": 1}));
        stages.push(Stage {
            name,
            address,
            request: request.into_bytes(),
            expected: "a lead",
            process: std::rc::Rc::new(process),
        });
    }
    Ok(stages)
}

fn reverse(program: &Path, service: &str) -> Result<Stage> {
    let mut command = Command::new(program);
    let command = command.arg(service).stdout(Stdio::piped());
    let mut child = command.spawn().context(program.display())?;
    let output = child.stdout.take().context("no standard output")?;
    let running = Running(child);
    let mut address = String::new();
    BufReader::new(output).read_line(&mut address)?;
    let address = address.trim().to_owned();
    let request =
        format!("GET /leads/1 HTTP/1.1\r\nHost: {address}\r\nAccept: application/json\r\n\r\n");
    Ok(Stage {
        name: "a reverse proxy",
        address,
        request: request.into_bytes(),
        expected: "a lead",
        process: std::rc::Rc::new(Process {
            running,
            folder: None,
        }),
    })
}

fn serve(
    program: &Path,
    service: &str,
    variables: &[(&str, &str)],
    options: &[&str],
    folder: Option<&Path>,
) -> Result<(String, Process)> {
    let address = format!("127.0.0.1:{}", ports::free()?);
    let mut command = Command::new(program);
    command.args(["http", "--listen", &address]).args(options);
    command.envs(crm::variables(service, crm::KEY, "all"));
    // As much as the service takes, and more than is asked for.
    for (name, value) in [("RATE", "100000/s"), ("RATE_BURST", "100000")]
        .iter()
        .chain(variables)
    {
        command.env(format!("{}_{name}", crm::PREFIX), value);
    }
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let running = Running(command.spawn().context(program.display())?);
    ports::until_one_listens(&address)?;
    let folder = folder.map(Path::to_path_buf);
    Ok((address, Process { running, folder }))
}

fn create_key(program: &Path, service: &str, keys: &str) -> Result<String> {
    let mut command = Command::new(program);
    command.args(["keys", "create", "--name", "bench", "--scope", "*:read"]);
    command.envs(crm::variables(service, crm::KEY, "all"));
    command.env(format!("{}_KEYS", crm::PREFIX), keys);
    command.env(format!("{}_PEPPER", crm::PREFIX), PEPPER);
    let output = command.output().context("keys create")?;
    let key = String::from_utf8(output.stdout)?;
    let key = key.trim();
    if key.is_empty() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    Ok(key.to_owned())
}

/// The least that MCP has.
fn discover(address: &str) -> String {
    let meta = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    let body =
        json!({"jsonrpc": "2.0", "id": 1, "method": "server/discover", "params": {"_meta": meta}});
    let body = body.to_string();
    format!(
        "POST /mcp HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\nMCP-Protocol-Version: 2026-07-28\r\nMcp-Method: server/discover\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}
