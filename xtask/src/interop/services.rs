//! `demo-crm`, and the generated server over HTTP in front of it.

use std::io::{BufRead as _, BufReader};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::failure::{Context as _, Result};
use crate::process::Running;
use crate::{paths, process};

/// The generated package, and the prefix of its variables.
const PACKAGE: &str = "northlight-crm-mcp";
const PREFIX: &str = "NORTHLIGHT_CRM";

/// The processes; they end with this value.
#[derive(Debug)]
pub struct Services {
    /// Where the generated server listens.
    pub url: String,
    /// Tools that the generated server says it has.
    pub tools: usize,
    program: PathBuf,
    crm: String,
    _crm: Running,
    _server: Running,
}

impl Services {
    /// Builds both if need be, and starts them.
    ///
    /// # Errors
    /// When one does not come up.
    pub fn start(build: bool) -> Result<Self> {
        if build {
            process::run(
                Command::new("cargo")
                    .args([
                        "build",
                        "--quiet",
                        "--locked",
                        "--package",
                        "demo-crm",
                        "--package",
                        PACKAGE,
                    ])
                    .current_dir(paths::root()),
            )?;
        }
        let programs = paths::target().join("debug");
        let mut child = Command::new(programs.join("demo-crm"))
            .args(["--port", "0", "--rate-limit", "0"])
            .stdout(Stdio::piped())
            .spawn()
            .context("demo-crm")?;
        let output = child
            .stdout
            .take()
            .context("demo-crm has no standard output")?;
        let crm_process = Running(child);
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        let crm = line
            .trim()
            .rsplit(' ')
            .next()
            .unwrap_or_default()
            .to_owned();
        if !crm.starts_with("http://127.0.0.1:") {
            return Err(format!("demo-crm said {line:?}").into());
        }
        let program = programs.join(PACKAGE);
        let port = free_port()?;
        let address = format!("127.0.0.1:{port}");
        let mut command = Command::new(&program);
        command
            .args(["http", "--listen", &address])
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let server = Running(command.envs(variables(&crm)).spawn().context(PACKAGE)?);
        until_it_listens(&address)?;
        let mut command = Command::new(&program);
        command.args(["tools", "--json"]);
        let (output, _) = process::capture(command.envs(variables(&crm)))?;
        let listed: Value = serde_json::from_slice(&output.stdout)?;
        let list = listed
            .as_array()
            .or_else(|| listed.get("tools").and_then(Value::as_array));
        Ok(Self {
            url: format!("http://{address}/mcp"),
            tools: list.context("`tools --json` printed no list")?.len(),
            program,
            crm,
            _crm: crm_process,
            _server: server,
        })
    }

    /// The generated program, for clients that start it themselves.
    pub fn program(&self) -> &Path {
        &self.program
    }

    /// What the generated server reads from its environment.
    pub fn variables(&self) -> [(String, String); 3] {
        variables(&self.crm)
    }

    /// Puts that into the environment of a client, which hands it on.
    pub fn configure<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        command.envs(self.variables())
    }
}

fn variables(crm: &str) -> [(String, String); 3] {
    [
        // Clients have to cope with every tool.
        (format!("{PREFIX}_VIEW"), "all".to_owned()),
        (format!("{PREFIX}_BASE_URL"), crm.to_owned()),
        // The demo's administrator, whom everybody may know.
        (format!("{PREFIX}_API_KEY"), "demo-admin-key".to_owned()),
    ]
}

fn free_port() -> Result<u16> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?
        .local_addr()?
        .port())
}

fn until_it_listens(address: &str) -> Result<()> {
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(10) {
        if TcpStream::connect(address).is_ok() {
            return Ok(());
        }
        thread::sleep(Duration::from_millis(20));
    }
    Err(format!("{PACKAGE} does not listen on {address}").into())
}
