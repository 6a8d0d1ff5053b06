//! Which tools there are, in which view.

use serde_json::{Value, json};

use super::{always, id, lines, server, view};
use crate::said;
use crate::stub::Stub;
use crate::vendors::{Row, rows};

fn nothing() -> Stub {
    always(200, json!({"error": false, "message": "ok", "id": id(1)}))
}

fn tools(server: &mut mcpwright_tests::Server) -> Vec<Value> {
    let mut listed = server.request("tools/list", json!({}));
    match listed["tools"].take() {
        Value::Array(tools) => tools,
        other => panic!("no tools in {other}"),
    }
}

fn names(server: &mut mcpwright_tests::Server) -> Vec<String> {
    let name = |tool: &Value| tool["name"].as_str().unwrap().to_owned();
    tools(server).iter().map(name).collect()
}

#[test]
fn a7_all_tools_are_at_mcp_all() {
    let stub = nothing();
    let all = names(&mut view(&stub, "all"));
    assert_eq!(all.len(), 333 + 3, "operations, and tools beside them");
    // A core lists the five tools that lead to all others beside its own (ADR 0032).
    let lean = names(&mut view(&stub, "lean"));
    let mut core = names(&mut view(&stub, ""));
    core.retain(|name| !lean.contains(name));
    assert!((12..=20).contains(&core.len()), "{core:?}");
}

#[test]
fn a8_instructions_stay_below_2000_bytes() {
    let stub = nothing();
    for name in [
        "all",
        "core",
        "lean",
        "records",
        "readonly",
        "x/Leads,Contacts",
    ] {
        let discovered = view(&stub, name).request("server/discover", json!({}));
        let instructions = discovered["instructions"].as_str().unwrap();
        assert!(
            (200..=2_000).contains(&instructions.len()),
            "{name}: {}",
            instructions.len()
        );
    }
}

#[test]
fn a9_the_eight_tools_have_their_names() {
    let stub = nothing();
    let listed = names(&mut view(&stub, "records"));
    let eight = [
        "crm_search",
        "crm_get",
        "crm_create",
        "crm_update",
        "crm_delete",
        "crm_action",
        "crm_describe",
        "list_actions",
    ];
    assert_eq!(listed, eight);
}

#[test]
fn a9_create_goes_to_the_operation() {
    let stub = nothing();
    let mut records = view(&stub, "records");
    for (entity, data, path) in [
        ("lead", json!({"title": "x"}), "/api/leads/"),
        ("account", json!({"name": "x"}), "/api/accounts/"),
        ("invoice", json!({"invoice_title": "x"}), "/api/invoices/"),
    ] {
        let result = records.call("crm_create", json!({"entity": entity, "data": data}));
        assert_ne!(result["isError"], true, "{result}");
        let [asked] = stub.asked().try_into().unwrap();
        assert_eq!(asked.line(), format!("POST {path}"));
        assert_eq!(asked.body, data);
    }
    // With the same checks.
    let wrong = json!({"entity": "lead", "data": {"title": "x", "status": "opne"}});
    let text = said(&records.call("crm_create", wrong));
    assert!(text.contains("Did you mean \"open\"?"), "{text}");
    assert!(lines(&stub).is_empty());
}

#[test]
fn a10_lean_is_five_tools() {
    let stub = nothing();
    let five = [
        "find_tools",
        "describe_tool",
        "run_read",
        "run_write",
        "run_destructive",
    ];
    assert_eq!(names(&mut view(&stub, "lean")), five);
    let topics = tools(&mut view(&stub, "x/Leads,Contacts"));
    assert!((20..60).contains(&topics.len()), "{}", topics.len());
    for tool in &topics {
        let operation = tool["_meta"]["dev.mcpwright/operation"]
            .as_str()
            .unwrap_or_default();
        assert!(
            operation.contains("/leads/") || operation.contains("/contacts/"),
            "{tool}"
        );
    }
}

#[test]
fn b1_a_long_enum_is_capped_in_text_not_in_the_schema() {
    let stub = nothing();
    let mut server = server(&stub);
    let listed = tools(&mut server);
    let create = listed
        .iter()
        .find(|tool| tool["name"] == "create_account")
        .unwrap();
    let country = &create["inputSchema"]["properties"]["country"];
    let said_of_it = country["description"].as_str().unwrap();
    assert!(
        said_of_it.starts_with("One of 250 values, e.g. AD, AE, AF"),
        "{country}"
    );
    // All of them are checked.
    for (code, accepted) in [("ZW", true), ("XX", false)] {
        let result = server.call("create_account", json!({"name": code, "country": code}));
        assert_eq!(result["isError"] == true, !accepted, "{result}");
        assert_eq!(lines(&stub).len(), usize::from(accepted));
    }
}

#[test]
fn b6_describe_lead_lists_status_values() {
    let stub = nothing();
    let described = view(&stub, "records").done("crm_describe", json!({"entity": "lead"}));
    let status = json!(["open", "working", "won", "recycled", "lost", ""]);
    assert_eq!(described["create"]["fields"]["status"]["enum"], status);
    let account = view(&stub, "records").done("crm_describe", json!({"entity": "account"}));
    let name = json!({"type": "string", "required": true});
    assert_eq!(account["create"]["fields"]["name"], name);
    assert!(lines(&stub).is_empty(), "it is the table of this server");
}

#[test]
fn b7_every_listed_action_has_a_route() {
    let stub = nothing();
    let known = names(&mut view(&stub, "all"));
    let listed = view(&stub, "records").done("list_actions", json!({}));
    let entities = listed["actions"].as_object().unwrap();
    let of = |entity: &str| -> Vec<&str> {
        let actions = entities[entity].as_array().unwrap().iter();
        actions
            .map(|action| action["action"].as_str().unwrap())
            .collect()
    };
    for (entity, words) in [
        (
            "invoice",
            ["send", "cancel", "duplicate", "mark_paid"].as_slice(),
        ),
        ("lead", &["move", "add_lead_comment"]),
    ] {
        for word in words {
            assert!(
                of(entity).contains(word),
                "{word} of {entity}: {:?}",
                of(entity)
            );
        }
    }
    let mut count = 0;
    for action in entities
        .values()
        .flat_map(|actions| actions.as_array().unwrap())
    {
        let tool = action["tool"].as_str().unwrap();
        assert!(known.iter().any(|name| name == tool), "{tool}");
        count += 1;
    }
    assert!(count > 40, "{count}");
    // And it is taken.
    let mut records = view(&stub, "records");
    let paid = json!({"entity": "invoice", "id": id(1), "action": "duplicate"});
    records.done("crm_action", paid);
    assert_eq!(
        lines(&stub),
        [format!("POST /api/invoices/{}/duplicate/", id(1))]
    );
}

/// What the vendor's document shows too.
pub(super) const ROWS: &[Row] = rows![
    a7_all_tools_are_at_mcp_all,
    a8_instructions_stay_below_2000_bytes,
    a9_the_eight_tools_have_their_names,
    a9_create_goes_to_the_operation,
    a10_lean_is_five_tools,
    b6_describe_lead_lists_status_values,
    b7_every_listed_action_has_a_route,
];
