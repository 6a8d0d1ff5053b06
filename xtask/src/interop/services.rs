//! `demo-crm`, and the generated server over HTTP in front of it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::crm::{self, Crm, PACKAGE};
use crate::failure::{Context as _, Result};
use crate::ports;
use crate::process::{self, Running};

/// The processes; they end with this value.
#[derive(Debug)]
pub struct Services {
    /// Where the generated server listens.
    pub url: String,
    /// Tools that the generated server says it has.
    pub tools: usize,
    program: PathBuf,
    crm: Crm,
    _server: Running,
}

impl Services {
    /// Builds both if need be, and starts them.
    ///
    /// # Errors
    /// When one does not come up.
    pub fn start(build: bool) -> Result<Self> {
        if build {
            crm::build()?;
        }
        let crm = Crm::start(None)?;
        let program = crm::program(PACKAGE);
        let port = ports::free()?;
        let address = format!("127.0.0.1:{port}");
        let mut command = Command::new(&program);
        command
            .args(["http", "--listen", &address])
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let server = Running(command.envs(variables(&crm.url)).spawn().context(PACKAGE)?);
        ports::until_one_listens(&address)?;
        let mut command = Command::new(&program);
        command.args(["tools", "--json"]);
        let (output, _) = process::capture(command.envs(variables(&crm.url)))?;
        let listed: Value = serde_json::from_slice(&output.stdout)?;
        let list = listed
            .as_array()
            .or_else(|| listed.get("tools").and_then(Value::as_array));
        Ok(Self {
            url: format!("http://{address}/mcp"),
            tools: list.context("`tools --json` printed no list")?.len(),
            program,
            crm,
            _server: server,
        })
    }

    /// The generated program, for clients that start it themselves.
    pub fn program(&self) -> &Path {
        &self.program
    }

    /// Base URL of the CRM.
    pub fn crm_url(&self) -> &str {
        &self.crm.url
    }

    /// What the generated server reads from its environment.
    pub fn variables(&self) -> [(String, String); 3] {
        variables(&self.crm.url)
    }

    /// Puts that into the environment of a client, which hands it on.
    pub fn configure<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        command.envs(self.variables())
    }
}

/// Clients have to cope with every tool.
fn variables(url: &str) -> [(String, String); 3] {
    crm::variables(url, crm::KEY, "all")
}
