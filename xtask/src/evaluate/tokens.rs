//! What a model reads and writes, in o200k tokens: those that the generator counts.

use serde_json::Value;
use tiktoken_rs::CoreBPE;

use crate::failure::Result;

/// Counts tokens.
pub struct Counter(CoreBPE);

impl Counter {
    /// With the vocabulary `o200k_base`.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn new() -> Result<Self> {
        Ok(Self(tiktoken_rs::o200k_base()?))
    }

    /// A text.
    pub fn text(&self, text: &str) -> usize {
        self.0.encode_ordinary(text).len()
    }

    /// Listed tools: names, descriptions and input schemas. Titles and hints are for clients.
    pub fn tools(&self, tools: &[Value]) -> usize {
        let of = |tool: &Value| {
            let text = |key: &str| tool.get(key).and_then(Value::as_str).unwrap_or_default();
            let schema = tool.get("inputSchema").map(Value::to_string);
            self.text(text("name"))
                + self.text(text("description"))
                + self.text(&schema.unwrap_or_default())
        };
        tools.iter().map(of).sum()
    }

    /// A call as a model writes it.
    pub fn call(&self, tool: &str, arguments: &Value) -> usize {
        self.text(tool) + self.text(&arguments.to_string())
    }
}

/// A result as a model reads it: its texts, and what is linked.
pub fn read(result: &Value) -> String {
    let parts = result.get("content").and_then(Value::as_array);
    let part = |part: &Value| match part.get("text").and_then(Value::as_str) {
        Some(text) => text.to_owned(),
        None => part.to_string(),
    };
    let parts: Vec<String> = parts.into_iter().flatten().map(part).collect();
    parts.join("\n")
}
