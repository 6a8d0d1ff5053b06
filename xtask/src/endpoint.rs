//! Calls of tools over HTTP (MCP 2026-07-28), each a request of its own.

use std::fmt::Write as _;
use std::time::Duration;

use serde_json::{Value, json};

use crate::failure::{Context as _, Result};

/// The revision that is spoken.
const REVISION: &str = "2026-07-28";
/// Longest wait for an answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// A caller of a server, with connections of its own.
#[derive(Debug)]
pub struct Endpoint {
    url: String,
    agent: ureq::Agent,
    /// Fields of its own in each request.
    fields: Vec<(String, String)>,
}

impl Endpoint {
    /// A caller of the server at an address.
    pub fn new(url: &str) -> Self {
        let agent = ureq::Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .http_status_as_error(false)
            .build();
        Self {
            url: url.to_owned(),
            agent: agent.into(),
            fields: Vec::new(),
        }
    }

    /// It sends this field, too.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Calls a tool and gives its result, errors of the tool included.
    ///
    /// # Errors
    /// When no result comes: the server is gone, or refuses the request.
    pub fn call(&self, tool: &str, arguments: &Value) -> Result<Value> {
        let (status, text) = self.answer(tool, arguments)?;
        let value: Value = serde_json::from_str(&text).context(format!("{status}: {text}"))?;
        match value.get("result") {
            Some(result) => Ok(result.clone()),
            None => Err(format!("{status}: {text}").into()),
        }
    }

    /// Calls a tool and gives the status and the body of the answer, whatever they are.
    ///
    /// # Errors
    /// When no answer comes.
    pub fn answer(&self, tool: &str, arguments: &Value) -> Result<(u16, String)> {
        let mut request = self.agent.post(&self.url);
        for (name, value) in self.head(tool) {
            request = request.header(name, value);
        }
        let mut answer = request.send(message(tool, arguments)).context(tool)?;
        let status = answer.status().as_u16();
        Ok((status, answer.body_mut().read_to_string().context(tool)?))
    }

    /// The request of a call as it stands on the connection, for those who do with it what no client does.
    pub fn request(&self, tool: &str, arguments: &Value) -> String {
        let body = message(tool, arguments);
        let rest = self.url.strip_prefix("http://").unwrap_or(&self.url);
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        let mut request = format!("POST /{path} HTTP/1.1\r\nHost: {host}\r\n");
        for (name, value) in self.head(tool) {
            let _ = write!(request, "{name}: {value}\r\n");
        }
        let _ = write!(request, "Content-Length: {}\r\n\r\n{body}", body.len());
        request
    }

    fn head<'a>(&'a self, tool: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let own = self.fields.iter();
        [
            ("Content-Type", "application/json"),
            ("Accept", "application/json, text/event-stream"),
            ("MCP-Protocol-Version", REVISION),
            ("Mcp-Method", "tools/call"),
            ("Mcp-Name", tool),
        ]
        .into_iter()
        .chain(own.map(|(name, value)| (name.as_str(), value.as_str())))
    }
}

fn message(tool: &str, arguments: &Value) -> String {
    let meta = json!({
        "io.modelcontextprotocol/protocolVersion": REVISION,
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    let params = json!({"name": tool, "arguments": arguments, "_meta": meta});
    json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}).to_string()
}

/// Calls a tool of a server once.
///
/// # Errors
/// As [`Endpoint::call`].
pub fn call(url: &str, tool: &str, arguments: &Value) -> Result<Value> {
    Endpoint::new(url).call(tool, arguments)
}

/// Whether a result is an error.
pub fn is_error(result: &Value) -> bool {
    result.get("isError").and_then(Value::as_bool) == Some(true)
}

/// All texts of a result.
pub fn text(result: &Value) -> String {
    let blocks = result.get("content").and_then(Value::as_array);
    let texts = blocks
        .into_iter()
        .flatten()
        .filter_map(|block| block.get("text")?.as_str());
    texts.collect::<Vec<_>>().join("\n")
}
