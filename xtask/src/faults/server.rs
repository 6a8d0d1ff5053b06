//! The generated server over HTTP, with many callers at a time.

use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::crm;
use crate::failure::{Context as _, Result};
use crate::ports;
use crate::process::Running;

/// The revision that is spoken.
const REVISION: &str = "2026-07-28";

/// A server; its process ends with this value.
#[derive(Debug)]
pub struct Server {
    url: String,
    _process: Running,
}

/// A caller of a server, with a connection of its own.
pub struct Caller<'s> {
    server: &'s Server,
    agent: ureq::Agent,
}

impl Server {
    /// Starts one before a service, with further variables.
    ///
    /// # Errors
    /// When it does not come up.
    pub fn start(base: &str, variables: &[(&str, &str)]) -> Result<Self> {
        let address = format!("127.0.0.1:{}", ports::free()?);
        let mut command = Command::new(crm::program(crm::PACKAGE));
        command.args(["http", "--listen", &address]);
        command.envs(crm::variables(base, crm::KEY, "all"));
        for (name, value) in variables {
            command.env(format!("{}_{name}", crm::PREFIX), value);
        }
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let process = Running(command.spawn().context(crm::PACKAGE)?);
        ports::until_one_listens(&address)?;
        Ok(Self {
            url: format!("http://{address}/mcp"),
            _process: process,
        })
    }

    /// One more caller.
    pub fn caller(&self) -> Caller<'_> {
        Caller {
            server: self,
            agent: ureq::Agent::new_with_defaults(),
        }
    }
}

impl Caller<'_> {
    /// Calls a tool and gives its result, errors of the tool included.
    ///
    /// # Errors
    /// When the server refuses the request.
    pub fn call(&self, tool: &str, arguments: &Value) -> Result<Value> {
        let meta = json!({
            "io.modelcontextprotocol/protocolVersion": REVISION,
            "io.modelcontextprotocol/clientCapabilities": {},
        });
        let params = json!({"name": tool, "arguments": arguments, "_meta": meta});
        let message = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params});
        let mut answer = self
            .agent
            .post(&self.server.url)
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, text/event-stream")
            .header("MCP-Protocol-Version", REVISION)
            .header("Mcp-Method", "tools/call")
            .header("Mcp-Name", tool)
            .send(message.to_string())
            .context(tool)?;
        let text = answer.body_mut().read_to_string().context(tool)?;
        let mut answer: Value = serde_json::from_str(&text).context(text)?;
        let result = answer.get_mut("result").map(Value::take);
        result.context(format!("no result in {answer}"))
    }
}
