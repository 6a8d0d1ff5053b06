//! A conversation with the generated server, and what it costs.

use std::process::Command;

use serde_json::Value;

use super::tokens::{Counter, read};
use crate::crm;
use crate::failure::Result;
use crate::mcp::{Client, Era};

/// What calls cost.
#[derive(Debug, Clone, Copy, Default)]
pub struct Cost {
    /// Calls.
    pub calls: usize,
    /// Tokens of the calls and of what came back.
    pub tokens: usize,
}

/// A connection in a view.
pub struct Session<'c> {
    counter: &'c Counter,
    client: Client,
    /// What was spent so far.
    pub cost: Cost,
    /// All that a model has read.
    pub heard: String,
}

impl<'c> Session<'c> {
    /// Starts the generated server before a CRM, and opens the connection.
    ///
    /// # Errors
    /// When it does not answer.
    pub fn open(url: &str, view: &str, counter: &'c Counter) -> Result<Self> {
        let mut command = Command::new(crm::program(crm::PACKAGE));
        command.envs(crm::variables(url, crm::KEY, view));
        let mut client = Client::start(&mut command, Era::Legacy)?;
        client.open()?;
        Ok(Self {
            counter,
            client,
            cost: Cost::default(),
            heard: String::new(),
        })
    }

    /// What the view lists.
    ///
    /// # Errors
    /// When the server refuses.
    pub fn tools(&mut self) -> Result<Vec<Value>> {
        self.client.tools()
    }

    /// Calls a tool as a model would.
    ///
    /// # Errors
    /// When the server refuses the request itself.
    pub fn call(&mut self, tool: &str, arguments: &Value) -> Result<Value> {
        let result = self.once(tool, arguments)?;
        // The person says yes, and the model calls once more. Both calls cost.
        match confirm_token(&read(&result)) {
            Some(token) => {
                let mut arguments = arguments.clone();
                if let Some(arguments) = arguments.as_object_mut() {
                    arguments.insert("confirm_token".to_owned(), token.into());
                }
                self.once(tool, &arguments)
            }
            None => Ok(result),
        }
    }

    fn once(&mut self, tool: &str, arguments: &Value) -> Result<Value> {
        let result = self.client.call(tool, arguments)?;
        let text = read(&result);
        self.cost.calls += 1;
        self.cost.tokens += self.counter.call(tool, arguments) + self.counter.text(&text);
        self.heard.push_str(&text);
        self.heard.push('\n');
        Ok(result)
    }
}

/// The token that a preview gives.
fn confirm_token(text: &str) -> Option<String> {
    let rest = text.split("\"confirm_token\": \"").nth(1)?;
    rest.split('"').next().map(str::to_owned)
}

/// The data of a result.
pub fn data(result: &Value) -> &Value {
    result.get("structuredContent").unwrap_or(&Value::Null)
}

/// Whether a result says that the call failed.
pub fn is_refused(result: &Value) -> bool {
    result.get("isError") == Some(&Value::Bool(true))
}
