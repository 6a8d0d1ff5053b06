//! Calls of tools over HTTP (MCP 2026-07-28), each a request of its own.

use std::time::Duration;

use serde_json::{Value, json};

use crate::failure::{Context as _, Result};

/// Calls a tool at an address and gives its result.
///
/// # Errors
/// When no result comes: the server is gone, or nginx says so.
pub fn call(url: &str, tool: &str, arguments: &Value) -> Result<Value> {
    let meta = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    let params = json!({"name": tool, "arguments": arguments, "_meta": meta});
    let message = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params});
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(Duration::from_secs(20)))
        .http_status_as_error(false)
        .build()
        .into();
    let mut answer = agent
        .post(url)
        .header("Content-Type", "application/json")
        .header("Accept", "application/json, text/event-stream")
        .header("MCP-Protocol-Version", "2026-07-28")
        .header("Mcp-Method", "tools/call")
        .header("Mcp-Name", tool)
        .send(message.to_string())
        .context(tool)?;
    let status = answer.status();
    let text = answer.body_mut().read_to_string().context(tool)?;
    let value: Value = serde_json::from_str(&text).context(format!("{status}: {text}"))?;
    match value.get("result") {
        Some(result) => Ok(result.clone()),
        None => Err(format!("{status}: {text}").into()),
    }
}

/// Whether a result is an error.
pub fn is_error(result: &Value) -> bool {
    result.get("isError").and_then(Value::as_bool) == Some(true)
}

/// All of its texts.
pub fn text(result: &Value) -> String {
    let blocks = result.get("content").and_then(Value::as_array);
    let texts = blocks
        .into_iter()
        .flatten()
        .filter_map(|block| block.get("text")?.as_str());
    texts.collect::<Vec<_>>().join("\n")
}
