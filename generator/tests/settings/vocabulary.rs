//! The published JSON Schema, and that nothing in it is unknown to the reader.

use std::fs;

use serde_json::{Map, Value, json};

use crate::generate;
use crate::support::repository;

#[test]
fn the_published_schema_is_that_of_the_reader() {
    let path = repository().join("docs/mcpwright.schema.json");
    let schema = format!("{:#}\n", mcpwright::settings::json_schema());
    if std::env::var_os("INSTA_UPDATE").is_some_and(|update| update == "always") {
        fs::write(&path, &schema).unwrap();
    }
    assert!(
        fs::read_to_string(&path).unwrap() == schema,
        "docs/mcpwright.schema.json is old: `mcpwright schema > docs/mcpwright.schema.json`"
    );
}

/// A value for each key of a schema.
fn sample(schema: &Value) -> Value {
    if let Some(words) = schema.get("enum") {
        return words[0].clone();
    }
    if let Some(branches) = schema.get("anyOf").and_then(Value::as_array) {
        return sample(branches.last().unwrap());
    }
    match schema.get("type").and_then(Value::as_str) {
        Some("object") => {
            let mut object = Map::new();
            for (name, inner) in schema
                .get("properties")
                .and_then(Value::as_object)
                .into_iter()
                .flatten()
            {
                object.insert(name.clone(), sample(inner));
            }
            if let Some(inner) = schema.get("additionalProperties").filter(|a| a.is_object()) {
                object.insert("any".to_owned(), sample(inner));
            }
            Value::Object(object)
        }
        Some("array") => json!([sample(&schema["items"])]),
        Some("integer") => json!(1),
        Some("boolean") => json!(true),
        _ => json!("/text"),
    }
}

fn toml(value: &Value) -> String {
    match value {
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(toml).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(members) => {
            let members: Vec<String> = members
                .iter()
                .map(|(key, value)| format!("{key:?} = {}", toml(value)))
                .collect();
            format!("{{ {} }}", members.join(", "))
        }
        other => other.to_string(),
    }
}

#[test]
fn every_key_of_the_schema_is_read_and_typed() {
    let mut settings = sample(&mcpwright::settings::json_schema());
    // The reader finds no fault in the kinds of values; what they mean for this document is another matter.
    settings["operation"][0]["select"] = json!("getLead");
    settings["output"]["runtime"] = json!("registry");
    settings["server"]["base_url"] = json!("https://crm.example.com");
    settings["operation"][0]["base_url"] = json!("https://crm.example.com");
    settings["views"]["records"]["prefix"] = json!("leads");
    settings["server"]["name"] = json!("leads");
    settings["server"]["package"] = json!("leads");
    for (name, budget) in settings["server"]["budgets"].as_object_mut().unwrap() {
        *budget = json!(if name == "depth" { 100 } else { 1_000_000 });
    }
    for (key, value) in settings["bundle"].as_object_mut().unwrap() {
        *value = match key.as_str() {
            "name" => json!("com.example/leads"),
            "version" => json!("1.0.0"),
            "email" => json!("leads@example.com"),
            "image" => json!("ghcr.io/example/leads"),
            "auth" | "category" => continue,
            _ => json!("https://crm.example.com"),
        };
    }
    // Files that are not there would be missed first.
    settings["server"]
        .as_object_mut()
        .unwrap()
        .remove("overlays");
    let text: Vec<String> = settings
        .as_object()
        .unwrap()
        .iter()
        .map(|(key, value)| format!("{key} = {}\n", toml(value)))
        .collect();
    let said = generate(&text.concat())
        .err()
        .map(|error| error.to_string())
        .unwrap_or_default();
    for line in said.lines().filter(|line| line.starts_with("error")) {
        assert!(
            !line.contains("E0920") && !line.contains("E0921") && !line.contains("E0922"),
            "{line}"
        );
    }
    assert!(
        said.contains("E0926"),
        "it got as far as the operation: {said}"
    );
}
