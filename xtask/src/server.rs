//! The program generated for `demo-crm`, as a server over HTTP.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::crm;
use crate::endpoint::Endpoint;
use crate::failure::{Context as _, Result};
use crate::ports;
use crate::process::Running;

/// A server; its process ends with this value.
#[derive(Debug)]
pub struct Server {
    /// The URL of its endpoint.
    pub url: String,
    process: Running,
}

impl Server {
    /// Starts one before a service, as the administrator of the demo, with further variables.
    ///
    /// # Errors
    /// When it does not come up.
    pub fn start(base: &str, variables: &[(&str, &str)]) -> Result<Self> {
        let mut command = command(&crm::program(crm::PACKAGE));
        command.envs(crm::variables(base, crm::KEY, "all"));
        Self::listening(command, variables)
    }

    /// Starts one that each caller gives a credential of its own (`--auth passthrough`).
    ///
    /// # Errors
    /// When it does not come up.
    pub fn passing_through(base: &str, variables: &[(&str, &str)]) -> Result<Self> {
        let mut command = command(&crm::program(crm::PACKAGE));
        command.args(["--auth", "passthrough"]);
        let base = [("BASE_URL", base), ("VIEW", "all")];
        Self::listening(command, &[&base, variables].concat())
    }

    fn listening(mut command: Command, variables: &[(&str, &str)]) -> Result<Self> {
        let address = format!("127.0.0.1:{}", ports::free()?);
        command.args(["--listen", &address]);
        for (name, value) in variables {
            command.env(format!("{}_{name}", crm::PREFIX), value);
        }
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let process = Running(command.spawn().context(crm::PACKAGE)?);
        ports::until_one_listens(&address)?;
        Ok(Self {
            url: format!("http://{address}/mcp"),
            process,
        })
    }

    /// One more caller.
    pub fn caller(&self) -> Endpoint {
        Endpoint::new(&self.url)
    }

    /// The process, as the system numbers it.
    pub fn process_id(&self) -> u32 {
        self.process.0.id()
    }
}

fn command(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.arg("http");
    command
}
