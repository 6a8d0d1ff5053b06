//! Types that no tool uses are not part of a crate.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

use mcpwright::{Config, Generated};
use serde_json::{Value, json};

fn generate(paths: Value) -> Generated {
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "Leads", "version": "1"},
        "paths": paths,
    });
    Config::new()
        .spec_str("leads.json", &document.to_string())
        .generate()
        .unwrap_or_else(|error| panic!("{error}"))
}

/// The modules that `types` names have files, and those that have files are named.
fn modules_of_types(generated: &Generated) -> Vec<String> {
    let root = generated.files.get("src/types/mod.rs").map(String::as_str);
    let named: Vec<String> = root
        .unwrap_or_default()
        .lines()
        .filter_map(|line| Some(line.strip_prefix("pub mod ")?.strip_suffix(';')?.to_owned()))
        .collect();
    let mut files: Vec<&str> = generated
        .files
        .keys()
        .filter_map(|path| path.strip_prefix("src/types/")?.strip_suffix(".rs"))
        .filter(|stem| *stem != "mod")
        .collect();
    files.sort_unstable();
    assert_eq!(named, files);
    named
}

#[test]
fn a_type_that_no_tool_uses_leaves_no_module_without_a_name() {
    let answer = json!({"204": {"description": "ok"}});
    let levels = json!({"name": "level", "in": "query", "schema": {"enum": ["hot", "cold"]}});
    let used = json!({"get": {"tags": ["Leads"], "parameters": [levels], "responses": answer}});
    // An argument of which only the empty text is a value is whether it is given at all.
    let styles = json!({"name": "styles", "in": "query", "allowEmptyValue": true, "schema": {"type": "string", "enum": [""]}});
    let unused = json!({"get": {"tags": ["Map"], "parameters": [styles], "responses": answer}});
    let generated = generate(json!({"/leads": used, "/map": unused}));
    assert_eq!(modules_of_types(&generated), ["leads"]);
}
