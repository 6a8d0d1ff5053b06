//! What descriptions say of a tool beyond the document.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

use mcpwright::Config;
use serde_json::{Value, json};

fn description(method: &str, summary: &str, tags: Value) -> String {
    let body = json!({"type": "object", "properties": {"name": {"type": "string"}, "tags": tags}});
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "Leads", "version": "1"},
        "paths": {"/leads": {method: {
            "summary": summary,
            "requestBody": {"content": {"application/json": {"schema": body}}},
            "responses": {"204": {"description": "ok"}},
        }}},
    });
    let config = Config::new().spec_str("leads.json", &document.to_string());
    let generated = config.generate().unwrap_or_else(|error| panic!("{error}"));
    generated.api.groups[0].operations[0].description.clone()
}

#[test]
fn f2_what_is_destructive_says_so_first_and_once() {
    let tags = json!({"type": "string"});
    for (method, summary, expected) in [
        ("delete", "Delete a lead", "IRREVERSIBLE: Delete a lead."),
        ("post", "Create a lead", "Create a lead."),
        ("patch", "Change a lead", "Change a lead."),
        ("delete", "Deletes permanently", "Deletes permanently."),
    ] {
        assert_eq!(description(method, summary, tags.clone()), expected);
    }
    let long = description("delete", &"word ".repeat(600), tags);
    assert!(long.starts_with("IRREVERSIBLE: word"), "{long}");
    assert!(long.chars().count() <= 1_024);
}

#[test]
fn b15_a_list_that_an_update_replaces_is_warned_of() {
    let list = |description: &str| json!({"type": "array", "items": {"type": "string"}, "description": description});
    for (method, tags, warned) in [
        ("patch", list(""), true),
        ("put", list("Words"), true),
        ("put", list("Replaces all tags."), false),
        ("post", list(""), false),
        ("patch", json!({"type": "string"}), false),
    ] {
        let text = description(method, "Change a lead", tags.clone());
        let warning = "\nWARNING: REPLACES the whole list: tags.";
        assert_eq!(text.ends_with(warning), warned, "{method} {tags}: {text}");
    }
}
