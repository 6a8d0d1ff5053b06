//! Names of tools in the texts of a document.

use mcpwright::{Config, Generated};
use serde_json::{Value, json};

use super::support::said;

/// A list of leads of which this is said, beside an operation that is left out.
fn config(members: Value) -> Config {
    let mut list = json!({
        "operationId": "listLeads",
        "responses": {"200": {"description": "ok"}},
        "security": [{"oauth": ["list_everything"]}],
    });
    list.as_object_mut()
        .unwrap()
        .extend(members.as_object().unwrap().clone());
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "Leads", "version": "1"},
        "paths": {"/leads": {
            "get": list,
            "delete": {"operationId": "purgeLeads", "responses": {"204": {"description": "gone"}}},
        }},
        "components": {"securitySchemes": {"oauth": {"type": "oauth2", "flows": {"clientCredentials": {
            "tokenUrl": "https://crm.example.com/token",
            "scopes": {"list_everything": "All lists."},
        }}}}},
    });
    Config::new()
        .spec_str("leads.json", &document.to_string())
        .exclude("purgeLeads", "not for agents")
}

fn generate(members: Value) -> Generated {
    config(members)
        .generate()
        .unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn a_name_that_is_no_tool_is_said_to_be_none_wherever_it_stands() {
    let parameter = json!({
        "name": "q", "in": "query", "description": "Before purgeLeads.",
        "schema": {"type": "string", "examples": ["not `purgeLeads`"]},
    });
    let generated = generate(json!({
        "summary": "List what purgeLeads leaves",
        "description": "See `purgeLeads` and `list_customers`.",
        "parameters": [parameter],
    }));
    let operation = generated.api.operations().next().unwrap();
    assert_eq!(
        operation.title,
        "List what purgeLeads (no tool here) leaves"
    );
    let text = &operation.description;
    assert!(text.contains("`purgeLeads` (no tool here)"), "{text}");
    assert!(text.contains("`list_customers` (no tool here)"), "{text}");
    let shown = operation.input_schema["properties"]["q"].to_string();
    assert!(
        shown.contains("Before purgeLeads (no tool here)."),
        "{shown}"
    );
    assert!(!shown.contains("examples"), "{shown}");
    assert_eq!(said(&generated, "E0427").len(), 2);
}

#[test]
fn words_that_only_look_like_tools_are_left_alone() {
    let parameter = json!({
        "name": "list_by", "in": "query", "schema": {"type": "string", "enum": ["list_newest"]},
    });
    let generated = generate(json!({
        "description": "`list_by` may be `list_newest`; it needs `list_everything`, and sends `lead_created`.",
        "parameters": [parameter],
    }));
    assert_eq!(said(&generated, "E0427"), Vec::<String>::new());
    let operation = generated.api.operations().next().unwrap();
    assert!(!operation.description.contains("no tool here"));
}

#[test]
fn a_strict_build_fails_where_a_text_names_what_is_no_tool() {
    for (text, codes) in [
        ("Then `purgeLeads`.", &["E0427"][..]),
        ("Then `list_lead`.", &["E0427"]),
        ("Then `list_customers`.", &["E0427"]),
        ("As `list_leads` does.", &[]),
    ] {
        let built = config(json!({"description": text})).strict(true).generate();
        let found = match built {
            Ok(_) => Vec::new(),
            Err(error) => vec![error.to_string()],
        };
        assert_eq!(found.len(), codes.len(), "{text}: {found:?}");
        for (found, code) in found.iter().zip(codes) {
            assert!(found.contains(code), "{text}: {found}");
        }
    }
}
