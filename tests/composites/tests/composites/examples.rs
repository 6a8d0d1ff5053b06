//! Rows B2: what a document gives as an example of a body is accepted.

use std::path::Path;

use serde_json::{Map, Value, json};

use crate::said;
use crate::stub::Stub;

/// Method and path of the operations with an example of their body, and the example.
fn examples(system: &str) -> Vec<(String, Value)> {
    let document = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../specs")
        .join(system)
        .join("openapi.yaml");
    let document: Value =
        serde_yaml::from_str(&std::fs::read_to_string(document).unwrap()).unwrap();
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let content = operation.pointer("/requestBody/content/application~1json");
            if let Some(example) = content.and_then(|content| content.get("example")) {
                found.push((format!("{} {path}", method.to_uppercase()), example.clone()));
            }
        }
    }
    found
}

/// Calls the tool of each with its example, and ids that fit, without sending anything.
pub fn are_accepted(system: &str, credential: (&str, &str), expected: usize) {
    let stub = Stub::start(|_| (200, json!({})));
    let mut server = stub.server(system, &[credential]);
    let listed = server.request("tools/list", json!({}));
    let tools = listed["tools"].as_array().unwrap();
    let examples = examples(system);
    assert_eq!(examples.len(), expected);
    for (operation, example) in examples {
        let tool = tools
            .iter()
            .find(|tool| tool["_meta"]["dev.mcpwright/operation"] == *operation)
            .unwrap_or_else(|| panic!("no tool for {operation}"));
        let mut arguments: Map<String, Value> = example.as_object().unwrap().clone();
        for name in operation.split(['{', '}']).skip(1).step_by(2) {
            let is_text = tool["inputSchema"]["properties"][name]["type"] == "string";
            let id = match is_text {
                true => json!("11111111-1111-4111-8111-111111111111"),
                false => json!(1),
            };
            arguments.insert(name.to_owned(), id);
        }
        arguments.insert("dry_run".to_owned(), json!(true));
        let text = said(&server.call(tool["name"].as_str().unwrap(), arguments.into()));
        assert!(
            text.starts_with("Dry run: nothing was sent."),
            "{operation}: {text}"
        );
        // All of it would be sent.
        for name in example.as_object().unwrap().keys() {
            assert!(
                text.contains(&format!("\"{name}\":")),
                "{operation}: {name} in {text}"
            );
        }
    }
    assert!(stub.asked().is_empty());
}
