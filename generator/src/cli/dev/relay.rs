//! What stands between a client on standard input and servers that follow each other: the client stays connected.

use indexmap::IndexMap;
use serde_json::{Value, json};

/// Identifier that an `initialize` has which the client did not send.
const OWN: &str = "mcpwright-dev";

/// What was said between the client and the server, as far as the next server has to know it.
#[derive(Debug, Default)]
pub struct Relay {
    /// The client's `initialize` and what it said when that was answered.
    initialize: Option<Value>,
    initialized: Option<Value>,
    /// Requests without an answer, by their identifiers as JSON.
    pending: IndexMap<String, Value>,
}

/// What happens when another server comes.
#[derive(Debug, Default, PartialEq)]
pub struct Swap {
    /// What the new server is told.
    pub to_server: Vec<Value>,
    /// What the client is told.
    pub to_client: Vec<Value>,
}

impl Relay {
    /// Notes a message of the client, which goes on to the server.
    pub fn client_says(&mut self, message: &Value) {
        let method = message
            .get("method")
            .and_then(Value::as_str)
            .unwrap_or_default();
        match (method, message.get("id")) {
            ("initialize", Some(_)) => self.initialize = Some(message.clone()),
            ("notifications/initialized", None) => self.initialized = Some(message.clone()),
            _ => {}
        }
        if let Some(id) = message.get("id").filter(|_| !method.is_empty()) {
            self.pending.insert(id.to_string(), message.clone());
        }
    }

    /// A message of the server as the client gets it; nothing for one that is not for the client.
    pub fn server_says(&mut self, mut message: Value) -> Option<Value> {
        if message.get("method").is_some() {
            return Some(message);
        }
        let id = message.get("id")?;
        if *id == OWN {
            return None;
        }
        let asked = self.pending.shift_remove(&id.to_string());
        let method = asked
            .as_ref()
            .and_then(|asked| asked.get("method"))
            .and_then(Value::as_str);
        // Its tools change while it is developed.
        if method == Some("initialize")
            && let Some(tools) = message
                .pointer_mut("/result/capabilities/tools")
                .and_then(Value::as_object_mut)
        {
            tools.insert("listChanged".to_owned(), Value::Bool(true));
        }
        Some(message)
    }

    /// Whether the server still works on something; subscriptions stay open as long as it runs.
    pub fn is_busy(&self) -> bool {
        self.pending.values().any(|asked| {
            asked.get("method").and_then(Value::as_str) != Some("subscriptions/listen")
        })
    }

    /// What is said when another server takes over.
    pub fn swap(&mut self) -> Swap {
        let mut swap = Swap::default();
        if let Some(initialize) = &self.initialize {
            let is_open = initialize
                .get("id")
                .is_some_and(|id| self.pending.contains_key(&id.to_string()));
            let mut again = initialize.clone();
            if !is_open && let Some(again) = again.as_object_mut() {
                again.insert("id".to_owned(), json!(OWN));
            }
            swap.to_server.push(again);
            swap.to_server.extend(self.initialized.clone());
        }
        let asked = std::mem::take(&mut self.pending);
        for (id, message) in asked {
            match message.get("method").and_then(Value::as_str) {
                Some("initialize") => {
                    self.pending.insert(id, message);
                }
                // The stream goes on, from the next server.
                Some("subscriptions/listen") => {
                    swap.to_server.push(message.clone());
                    self.pending.insert(id, message);
                }
                _ => swap.to_client.push(json!({
                    "jsonrpc": "2.0",
                    "id": message.get("id"),
                    "error": {"code": -32603, "message": "the server was built again while it worked on this; whether it was done is not known"},
                })),
            }
        }
        if self.initialized.is_some() {
            swap.to_client
                .push(json!({"jsonrpc": "2.0", "method": "notifications/tools/list_changed"}));
        }
        swap
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(id: u64, method: &str) -> Value {
        json!({"jsonrpc": "2.0", "id": id, "method": method, "params": {}})
    }

    #[test]
    fn the_next_server_is_introduced_and_the_client_hears_that_tools_changed() {
        let mut relay = Relay::default();
        relay.client_says(&ask(1, "initialize"));
        let answer = json!({"jsonrpc": "2.0", "id": 1, "result": {"capabilities": {"tools": {}}}});
        let answer = relay.server_says(answer).unwrap_or_default();
        assert_eq!(
            answer["result"]["capabilities"]["tools"]["listChanged"],
            true
        );
        let initialized = json!({"jsonrpc": "2.0", "method": "notifications/initialized"});
        relay.client_says(&initialized);
        relay.client_says(&ask(2, "tools/call"));
        relay.client_says(&ask(3, "subscriptions/listen"));
        assert!(relay.is_busy());
        let swap = relay.swap();
        let methods: Vec<&str> = swap
            .to_server
            .iter()
            .filter_map(|one| one["method"].as_str())
            .collect();
        assert_eq!(
            methods,
            [
                "initialize",
                "notifications/initialized",
                "subscriptions/listen"
            ]
        );
        assert_eq!(swap.to_client.len(), 2, "{swap:?}");
        assert_eq!(
            (
                &swap.to_client[0]["id"],
                &swap.to_client[0]["error"]["code"]
            ),
            (&json!(2), &json!(-32603))
        );
        assert_eq!(
            swap.to_client[1]["method"],
            "notifications/tools/list_changed"
        );
        assert!(!relay.is_busy());
        // The answer to the second introduction is for nobody.
        let own = json!({"jsonrpc": "2.0", "id": swap.to_server[0]["id"], "result": {}});
        assert_eq!(relay.server_says(own), None);
    }

    #[test]
    fn an_introduction_without_an_answer_is_made_again_as_it_was() {
        let mut relay = Relay::default();
        relay.client_says(&ask(1, "initialize"));
        let swap = relay.swap();
        assert_eq!(
            swap,
            Swap {
                to_server: vec![ask(1, "initialize")],
                to_client: Vec::new()
            }
        );
        assert!(
            relay
                .server_says(json!({"jsonrpc": "2.0", "id": 1, "result": {}}))
                .is_some()
        );
    }

    #[test]
    fn a_client_of_the_newer_era_is_not_introduced() {
        let mut relay = Relay::default();
        relay.client_says(&ask(1, "tools/list"));
        assert!(
            relay
                .server_says(json!({"jsonrpc": "2.0", "id": 1, "result": {}}))
                .is_some()
        );
        assert_eq!(relay.swap(), Swap::default());
    }
}
