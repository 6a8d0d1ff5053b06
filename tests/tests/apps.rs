//! MCP Apps (issue group H): what hosts that show HTML get from a generated server, and that nothing changes for the
//! others. The views themselves are tried in a browser (`cargo xtask interop apps`).

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may fail loudly"
)]

use mcpwright_tests::{Crm, STAFF, Server, example, text};
use serde_json::{Value, json};

const MEDIA_TYPE: &str = "text/html;profile=mcp-app";

fn server(more: &[(&str, &str)]) -> (Crm, Server) {
    let crm = Crm::start();
    let mut variables = crm.variables(STAFF);
    for (name, value) in more {
        variables.push(((*name).to_owned(), (*value).to_owned()));
    }
    let server = Server::start(example(), &variables);
    (crm, server)
}

fn meta_of<'a>(tools: &'a Value, name: &str) -> &'a Value {
    let all = tools["tools"].as_array().unwrap();
    &all.iter().find(|tool| tool["name"] == name).unwrap()["_meta"]
}

/// What is said of a resource that there is not.
fn refused(server: &mut Server, uri: &str) -> String {
    server.begin("resources/read", json!({"uri": uri}));
    let answer = server.receive();
    let said = answer["error"]["message"].as_str();
    said.unwrap_or_else(|| panic!("{answer}")).to_owned()
}

#[test]
fn each_kind_of_tool_names_the_view_that_shows_its_results() {
    let (_crm, mut server) = server(&[("NORTHLIGHT_CRM_VIEW", "all")]);
    let tools = server.request("tools/list", json!({}));
    for (tool, view) in [
        ("list_items", Some("table")),
        ("list_invoices", Some("chart")),
        ("get_invoice", Some("card")),
        ("create_invoice", Some("card")),
        ("update_invoice", Some("card")),
        ("delete_invoice", Some("approval")),
        ("send_invoice", Some("approval")),
        // A file is shown by the client.
        ("download_invoice_pdf", None),
    ] {
        let uri = view.map(|view| format!("ui://northlight-crm/{view}"));
        assert_eq!(
            meta_of(&tools, tool)["ui"]["resourceUri"],
            json!(uri),
            "{tool}"
        );
    }
}

#[test]
fn a_tool_names_the_one_that_reads_what_it_is_about() {
    let (_crm, mut server) = server(&[("NORTHLIGHT_CRM_VIEW", "all")]);
    let tools = server.request("tools/list", json!({}));
    for (tool, reading) in [
        (
            "list_invoices",
            json!({"tool": "get_invoice", "arguments": {}, "id": "invoice_id"}),
        ),
        (
            "send_invoice",
            json!({"tool": "get_invoice", "arguments": {"invoice_id": "invoice_id"}}),
        ),
        (
            "delete_invoice",
            json!({"tool": "get_invoice", "arguments": {"invoice_id": "invoice_id"}}),
        ),
        ("get_invoice", Value::Null),
        ("create_invoice", Value::Null),
    ] {
        assert_eq!(
            meta_of(&tools, tool)["dev.mcpwright/reading"],
            reading,
            "{tool}"
        );
    }
}

#[test]
fn views_are_resources_that_ask_for_no_other_origin() {
    let (_crm, mut server) = server(&[("NORTHLIGHT_CRM_VIEW", "all")]);
    let listed = server.request("resources/list", json!({}));
    let views: Vec<&Value> = listed["resources"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|resource| resource["mimeType"] == MEDIA_TYPE)
        .collect();
    assert_eq!(views.len(), 4, "{listed}");
    for view in views {
        let read = server.request("resources/read", json!({"uri": view["uri"]}));
        let content = &read["contents"][0];
        assert_eq!(content["mimeType"], MEDIA_TYPE);
        assert_eq!(content["uri"], view["uri"]);
        assert_eq!(content["_meta"]["ui"]["csp"], json!({}));
        let document = content["text"].as_str().unwrap();
        assert!(document.starts_with("<!doctype html>"), "{document:.80}");
        assert!(document.len() < 60_000);
    }
    let none = refused(&mut server, "ui://northlight-crm/other");
    assert!(none.contains("there is no resource"), "{none}");
}

/// A view of reads names no view for approval: nothing there asks.
#[test]
fn only_views_that_tools_name_are_listed() {
    let (_crm, mut server) = server(&[("NORTHLIGHT_CRM_READ_ONLY", "1")]);
    let listed = server.request("resources/list", json!({}));
    let uris = listed.to_string();
    assert!(uris.contains("ui://northlight-crm/chart"), "{uris}");
    assert!(!uris.contains("ui://northlight-crm/approval"), "{uris}");
}

/// What a person approves with need not be read out of a text that is for models, and it is the same token.
#[test]
fn a_call_that_was_shown_carries_what_confirms_it() {
    let (crm, mut server) = server(&[]);
    let mut arguments = json!({"invoice_id": 12, "message": "Thank you."});
    let shown = server.call("send_invoice", arguments.clone());
    let confirm = &shown["_meta"]["dev.mcpwright/confirm"];
    assert_eq!(confirm["seconds"], 300, "{shown}");
    let token = confirm["token"].as_str().unwrap();
    assert!(text(&shown).contains(token));
    arguments["confirm_token"] = json!(token);
    let done = server.call("send_invoice", arguments);
    assert_ne!(done["isError"], true, "{done}");
    assert_eq!(done["_meta"]["dev.mcpwright/confirm"], Value::Null);
    assert_eq!(crm.json("/invoices/12")["status"], "sent");
}

#[test]
fn an_operator_switches_views_off() {
    let (_crm, mut server) =
        server(&[("NORTHLIGHT_CRM_VIEW", "all"), ("NORTHLIGHT_CRM_APPS", "0")]);
    let tools = server.request("tools/list", json!({}));
    assert!(!tools.to_string().contains("ui://"));
    let listed = server.request("resources/list", json!({}));
    assert!(!listed.to_string().contains("ui://"));
    refused(&mut server, "ui://northlight-crm/card");
}

/// The tools over records have views too.
#[test]
fn tools_of_the_records_view_name_views() {
    let (_crm, mut server) = server(&[("NORTHLIGHT_CRM_VIEW", "records")]);
    let tools = server.request("tools/list", json!({}));
    for (tool, view) in [
        ("crm_search", json!("ui://northlight-crm/table")),
        ("crm_get", json!("ui://northlight-crm/card")),
        ("crm_delete", json!("ui://northlight-crm/approval")),
        ("crm_describe", Value::Null),
    ] {
        assert_eq!(meta_of(&tools, tool)["ui"]["resourceUri"], view, "{tool}");
    }
    for (tool, reading) in [
        (
            "crm_search",
            json!({"tool": "crm_get", "arguments": {"entity": "entity", "within": "within"}, "id": "id"}),
        ),
        (
            "crm_delete",
            json!({"tool": "crm_get", "arguments": {"entity": "entity", "id": "id", "within": "within"}}),
        ),
        ("crm_get", Value::Null),
    ] {
        assert_eq!(
            meta_of(&tools, tool)["dev.mcpwright/reading"],
            reading,
            "{tool}"
        );
    }
}
