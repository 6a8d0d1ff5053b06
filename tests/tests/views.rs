//! Views of the generated example on a real CRM: rows A8, A9, A10, B6 and B7 of the behaviours.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

use std::collections::BTreeSet;

use mcpwright_tests::{ADMIN, Crm, Server, example, run, text};
use serde_json::{Value, json};

/// A CRM, and a server with a view of it.
fn start(view: &str) -> (Crm, Server) {
    let crm = Crm::start();
    let mut variables = crm.variables(ADMIN);
    variables.push(("NORTHLIGHT_CRM_VIEW".to_owned(), view.to_owned()));
    let server = Server::start(example(), &variables);
    (crm, server)
}

fn names(listed: &Value) -> Vec<&str> {
    let tools = listed["tools"].as_array().unwrap();
    tools
        .iter()
        .map(|tool| tool["name"].as_str().unwrap())
        .collect()
}

#[test]
fn a8_what_can_you_do_is_answered_by_topic() {
    for view in [
        "",
        "all",
        "lean",
        "records",
        "readonly",
        "x/invoices,customers",
    ] {
        let (_crm, mut server) = start(view);
        let said = server.request("server/discover", json!({}));
        let said = said["instructions"].as_str().unwrap();
        assert!(said.len() <= 2_000, "{view}: {} bytes", said.len());
        let (opener, index) = said.split_once('\n').unwrap();
        assert!(opener.chars().count() <= 512, "{view}: {opener}");
        // It stands alone: it ends with a sentence, and says what this is and how to go about it.
        assert!(opener.ends_with('.'), "{opener}");
        assert!(opener.starts_with("Northlight CRM"), "{opener}");
        assert!(opener.contains("never guess ids"), "{opener}");
        let topic = if view == "records" {
            "\n- invoices"
        } else {
            "\n- Invoices"
        };
        assert!(index.contains(topic), "{view}: {index}");
    }
}

#[test]
fn a8_no_topic_is_missing_from_the_index_of_all_tools() {
    let (_crm, mut server) = start("all");
    let listed = server.request("tools/list", json!({}));
    let said = server.request("server/discover", json!({}));
    let said = said["instructions"].as_str().unwrap();
    let groups: BTreeSet<&str> = listed["tools"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tool| tool["_meta"]["dev.mcpwright/group"].as_str().unwrap())
        .collect();
    for group in groups {
        assert!(said.contains(&format!("\n- {group}")), "{group}: {said}");
    }
}

/// The tools that find and run the others.
const LEAN: [&str; 5] = [
    "find_tools",
    "describe_tool",
    "run_read",
    "run_write",
    "run_destructive",
];

#[test]
fn a10_many_tools_become_a_core_that_is_small_and_the_same_every_time() {
    let (_crm, mut server) = start("");
    let first = server.request("tools/list", json!({}));
    let (finding, core): (Vec<&str>, Vec<&str>) = names(&first)
        .into_iter()
        .partition(|name| LEAN.contains(name));
    assert_eq!(finding, LEAN);
    assert!((12..=20).contains(&core.len()), "{core:?}");
    for tool in [
        "list_customers",
        "create_customer",
        "list_invoices",
        "create_invoice",
    ] {
        assert!(names(&first).contains(&tool), "{tool}: {:?}", names(&first));
    }
    for tool in first["tools"].as_array().unwrap() {
        assert!(!tool["name"].as_str().unwrap().starts_with("delete_"));
    }
    let (_crm, mut again) = start("core");
    assert_eq!(
        names(&again.request("tools/list", json!({}))),
        names(&first)
    );
    // What it hides is still there.
    let result = server.done("list_currencies", json!({}));
    assert!(result.to_string().contains("EUR"), "{result}");
    let said = server.request("server/discover", json!({}));
    assert!(
        said["instructions"]
            .as_str()
            .unwrap()
            .contains("find_tools finds the tool"),
        "{said}"
    );
    // And it is found from here.
    let found = server.done("find_tools", json!({"query": "list currencies"}));
    assert_eq!(found["tools"][0]["name"], "list_currencies", "{found}");
    let run = json!({"name": "list_currencies", "arguments": {}});
    let result = server.done("run_read", run);
    assert!(result.to_string().contains("EUR"), "{result}");
}

/// "Create an invoice for Acme Corp: 5 hours of dev work, and email it", by a client that carries five
/// tools along.
#[test]
fn a10_an_invoice_is_made_and_sent_through_the_lean_view() {
    let (crm, mut server) = start("lean");
    let mut run = |query: &str, runner: &str, arguments: Value| {
        let found = server.done("find_tools", json!({"query": query}));
        let tool = found["tools"][0].clone();
        assert_eq!(tool["run_with"], runner, "{query}: {found}");
        let run = json!({"name": tool["name"], "arguments": arguments});
        if runner != "run_destructive" {
            return server.done(runner, run);
        }
        let mut result = server.confirmed(runner, run);
        assert_ne!(result["isError"], true, "{query}: {result}");
        result["structuredContent"].take()
    };
    let found = run("list customers", "run_read", json!({"q": "acme corp"}));
    let customer = found["data"][0]["id"].clone();
    let items = run(
        "list items",
        "run_read",
        json!({"q": "dev work", "unit": ["hour"]}),
    );
    let lines = json!([{"item_id": items["data"][0]["id"], "quantity": "5"}]);
    let invoice = run(
        "create an invoice",
        "run_write",
        json!({"customer_id": customer, "due_date": "2026-12-05", "lines": lines}),
    );
    let sent = run(
        "email the invoice to the client",
        "run_destructive",
        json!({"invoice_id": invoice["id"]}),
    );
    assert_eq!(sent["invoice"]["status"], "sent", "{sent}");
    let seen = crm.json(&format!("/invoices/{}", invoice["id"]));
    assert_eq!(seen["total"], "475.00");
}

#[test]
fn a9_records_are_found_made_changed_and_deleted() {
    let (crm, mut server) = start("records");
    let found = server.done(
        "crm_search",
        json!({"entity": "customer", "query": "acme corp"}),
    );
    assert_eq!(found["data"][0]["name"], "Acme Corp", "{found}");
    let page = server.done(
        "crm_search",
        json!({"entity": "contacts", "limit": 2, "offset": 2}),
    );
    assert_eq!(page["meta"]["page"], 2, "{page}");
    assert_eq!(page["meta"]["limit"], 2, "{page}");
    let odd = server.call(
        "crm_search",
        json!({"entity": "contacts", "limit": 2, "offset": 3}),
    );
    assert!(text(&odd).contains("no multiple"), "{odd}");

    let data = json!({"name": "Views Ltd", "email": "views@example.com"});
    let made = server.done("crm_create", json!({"entity": "customers", "data": data}));
    let id = made["id"].clone();
    let changed = server.done(
        "crm_update",
        json!({"entity": "customers", "id": id, "data": {"name": "Views & Sons"}}),
    );
    assert_eq!(changed["name"], "Views & Sons");
    let shown = server.done("crm_get", json!({"entity": "customers", "id": id}));
    assert_eq!(shown["name"], "Views & Sons");
    let gone = server.confirmed("crm_delete", json!({"entity": "customers", "id": id}));
    assert_ne!(gone["isError"], true, "{gone}");
    let gone = server.call("crm_get", json!({"entity": "customers", "id": id}));
    assert!(text(&gone).starts_with("Not found: "), "{gone}");

    // Records inside of others.
    let lines = json!([{"description": "Work", "quantity": "1", "unit_price": "10.00"}]);
    let data = json!({"customer_id": 1, "due_date": "2026-12-05", "lines": lines});
    let invoice = server.done("crm_create", json!({"entity": "invoices", "data": data}));
    let missing = server.call("crm_search", json!({"entity": "invoices_payments"}));
    assert!(
        text(&missing).contains(r#"{"within": {"invoice_id": …}}"#),
        "{missing}"
    );
    let within = json!({"invoice_id": invoice["id"]});
    let none = server.done(
        "crm_search",
        json!({"entity": "invoices_payments", "within": within}),
    );
    assert!(none.to_string().contains("[]"), "{none}");

    let send = json!({"entity": "invoices", "id": invoice["id"], "action": "send", "params": {}});
    let sent = server.confirmed("crm_action", send);
    let sent = &sent["structuredContent"];
    assert_eq!(sent["invoice"]["status"], "sent");
    assert_eq!(
        crm.json(&format!("/invoices/{}", invoice["id"]))["status"],
        "sent"
    );
    let unknown = server.call(
        "crm_action",
        json!({"entity": "invoices", "id": 1, "action": "sent"}),
    );
    assert!(text(&unknown).contains("did you mean send?"), "{unknown}");
}

#[test]
fn b6_fields_have_types_and_valid_values() {
    let (_crm, mut server) = start("records");
    let shown = server.done("crm_describe", json!({"entity": "invoices"}));
    let status = &shown["search"]["fields"]["status"];
    assert!(
        status["enum"].as_array().unwrap().contains(&json!("paid")),
        "{shown}"
    );
    let customer = &shown["create"]["fields"]["customer_id"];
    assert_eq!(
        (&customer["type"], &customer["required"]),
        (&json!("integer"), &json!(true))
    );
    assert!(
        shown["update"]["fields"].get("invoice_id").is_none(),
        "the id is no field"
    );
}

#[test]
fn b7_actions_come_from_the_paths() {
    let (_crm, mut server) = start("records");
    let listed = server.done("list_actions", json!({}));
    let actions = |entity: &str| -> BTreeSet<String> {
        let actions = listed["actions"][entity].as_array();
        let name = |action: &Value| action["action"].as_str().unwrap().to_owned();
        actions.into_iter().flatten().map(name).collect()
    };
    for (entity, action) in [
        ("invoices", "send"),
        ("invoices", "cancel"),
        ("invoices", "lines"),
        ("invoices", "payments"),
        ("leads", "convert"),
        ("leads", "bulk"),
        ("tasks", "complete"),
        ("tickets", "close"),
        ("contracts", "activate"),
        ("contracts", "renew"),
        ("projects", "invoice_timesheets"),
        ("staff", "deactivate"),
        ("customers", "replace"),
    ] {
        assert!(
            actions(entity).contains(action),
            "{entity} {action}: {listed}"
        );
    }
    let one = server.done("list_actions", json!({"entity": "lead"}));
    assert_eq!(one["actions"]["leads"], listed["actions"]["leads"]);
}

/// Nothing is out of reach of the eight tools.
#[test]
fn a9_every_operation_belongs_to_an_entity() {
    let (_crm, mut server) = start("records");
    let all = server.done("crm_describe", json!({}));
    let mut reached = BTreeSet::new();
    for entity in all["entities"].as_object().unwrap().keys() {
        let shown = server.done("crm_describe", json!({"entity": entity}));
        for (place, value) in shown.as_object().unwrap() {
            let tools = match place.as_str() {
                "entity" => continue,
                "actions" => value.as_array().unwrap().clone(),
                _ => vec![value.clone()],
            };
            let name = |tool: &Value| tool["tool"].as_str().unwrap().to_owned();
            reached.extend(tools.iter().map(name));
        }
    }
    let exit = run(example(), &["tools", "--json"], &[]);
    let tools: Vec<Value> = serde_json::from_str(&exit.out).unwrap();
    let name = |tool: &Value| tool["name"].as_str().unwrap().to_owned();
    assert_eq!(reached, tools.iter().map(name).collect());
}

#[test]
fn the_views_are_small() {
    for (view, tools, tokens) in [("lean", 5, 700), ("records", 8, 1_200)] {
        let (_crm, mut server) = start(view);
        let listed = server.request("tools/list", json!({}));
        assert_eq!(names(&listed).len(), tools);
        let said = server.request("server/discover", json!({}));
        let carried: usize = listed["tools"]
            .as_array()
            .unwrap()
            .iter()
            .map(|tool| {
                let parts = ["name", "description", "inputSchema"];
                parts
                    .map(|part| tool[part].to_string().len())
                    .iter()
                    .sum::<usize>()
            })
            .sum();
        // Four bytes make a token, about.
        assert!(carried / 4 <= tokens, "{view}: {} tokens", carried / 4);
        assert!(said["instructions"].as_str().unwrap().len() / 4 <= 500);
    }
}
