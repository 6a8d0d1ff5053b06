//! Documents of one operation, and what was said of them.

use mcpwright::{Config, Generated};
use serde_json::{Value, json};

/// One operation `POST /leads` with these members, in a document with these components.
pub fn generate(operation: Value, components: Value) -> Generated {
    let mut post =
        json!({"operationId": "createLead", "responses": {"204": {"description": "ok"}}});
    let members = operation.as_object().unwrap().clone();
    post.as_object_mut().unwrap().extend(members);
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "Leads", "version": "1"},
        "paths": {"/leads": {"post": post}},
        "components": components,
    });
    Config::new()
        .spec_str("leads.json", &document.to_string())
        .generate()
        .unwrap_or_else(|error| panic!("{error}"))
}

/// The same with the whole of `paths`.
pub fn generate_paths(paths: Value, components: Value) -> Generated {
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "Leads", "version": "1"},
        "paths": paths,
        "components": components,
    });
    Config::new()
        .spec_str("leads.json", &document.to_string())
        .generate()
        .unwrap_or_else(|error| panic!("{error}"))
}

/// Messages and notes of the diagnostics of one code.
pub fn said(generated: &Generated, code: &str) -> Vec<String> {
    generated
        .report
        .diagnostics
        .iter()
        .filter(|d| d.code.to_string() == code)
        .map(|d| format!("{} {}", d.message, d.notes.join(" ")))
        .collect()
}

/// The arguments of the tool for one request body.
pub fn arguments(body: Value) -> Value {
    let generated = generate(json!({"requestBody": body}), json!({}));
    generated.api.groups[0].operations[0].input_schema["properties"].clone()
}

/// The arguments of each tool, and the codes with the places of what was said.
pub fn arguments_and_findings(generated: &Generated) -> (Vec<(String, Vec<String>)>, Vec<String>) {
    let tools = generated.api.operations().map(|o| {
        let properties = o.input_schema["properties"].as_object();
        let names = properties
            .into_iter()
            .flatten()
            .map(|(name, _)| name.clone());
        (o.tool.clone(), names.collect())
    });
    let found = generated.report.diagnostics.iter();
    let found = found.filter(|d| d.code.id() != "E0603").map(|d| {
        let place = d.pointer.as_ref().map(|p| p.as_str().to_owned());
        format!("{} {}", d.code.id(), place.unwrap_or_default())
    });
    (tools.collect(), found.collect())
}
