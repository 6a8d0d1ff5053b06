//! Views treat tools beside the operations as others of their class and topic.

use serde_json::json;

use mcpwright_tests::{ADMIN, Crm, Server};

use crate::{binary, crm, crm_with, names, said};

const READS: [&str; 6] = [
    "search_everything",
    "count_records",
    "count_invoices",
    "get_records",
    "get_customers",
    "find_customer",
];
const WRITES: [&str; 3] = ["tag_ticket", "untag_ticket", "append_task_description"];

#[test]
fn they_are_listed_with_all_hints_and_what_they_call() {
    let (_crm, mut server) = crm();
    let listed = server.request("tools/list", json!({}));
    let tools = listed["tools"].as_array().unwrap();
    let tool = |name: &str| tools.iter().find(|tool| tool["name"] == name).unwrap();
    for name in READS.iter().chain(&WRITES) {
        let hints = &tool(name)["annotations"];
        assert_eq!(hints["readOnlyHint"], READS.contains(name), "{name}");
        assert_eq!(hints.as_object().unwrap().len(), 5, "{name}: {hints}");
        for called in tool(name)["_meta"]["dev.mcpwright/calls"]
            .as_array()
            .unwrap()
        {
            let called = called.as_str().unwrap();
            assert!(tools.iter().any(|tool| tool["name"] == called), "{called}");
        }
    }
    assert_eq!(tool("tag_ticket")["annotations"]["idempotentHint"], true);
    assert_eq!(
        tool("append_task_description")["annotations"]["idempotentHint"],
        false
    );
}

#[test]
fn read_only_lists_the_reads_and_refuses_the_writes() {
    let (crm, mut server) = crm_with("readonly/all");
    let listed = names(&mut server);
    assert!(
        READS
            .iter()
            .all(|name| listed.iter().any(|known| known == name))
    );
    assert!(
        WRITES
            .iter()
            .all(|name| listed.iter().all(|known| known != name))
    );
    let arguments = json!({"id": 1, "relation": "tag", "ids": ["vip"]});
    let result = server.call("tag_ticket", arguments);
    assert!(said(&result).starts_with("Permission denied: "), "{result}");
    assert_eq!(crm.json("/tickets/1")["tags"], json!(["login", "mail"]));
}

#[test]
fn toolsets_have_those_of_their_topic() {
    let (_crm, mut server) = crm_with("x/customers");
    let listed = names(&mut server);
    for name in ["find_customer", "get_customers", "list_customers"] {
        assert!(listed.iter().any(|known| known == name), "{name}");
    }
    assert!(listed.iter().all(|name| name != "search_everything"));
    let (_crm, mut server) = crm_with("x/general");
    let listed = names(&mut server);
    assert!(
        listed.iter().any(|name| name == "search_everything"),
        "{listed:?}"
    );
}

#[test]
fn the_core_has_the_search_over_everything() {
    let (_crm, mut server) = crm_with("core");
    let listed = names(&mut server);
    assert!(
        listed.iter().any(|name| name == "search_everything"),
        "{listed:?}"
    );
    assert!((12..=20).contains(&listed.len()), "{listed:?}");
}

#[test]
fn the_lean_view_finds_and_runs_them_by_class() {
    let (_crm, mut server) = crm_with("lean");
    let found = server.done("find_tools", json!({"query": "count invoices"}));
    let tools = found["tools"].as_array().unwrap();
    let count = tools.iter().find(|tool| tool["name"] == "count_invoices");
    assert_eq!(count.unwrap()["run_with"], "run_read", "{found}");
    let described = server.done("describe_tool", json!({"name": "tag_ticket"}));
    assert_eq!(described["risk"], "write", "{described}");
    let run = json!({"name": "count_invoices", "arguments": {}});
    assert!(server.done("run_read", run)["count"].is_number());
    let run =
        json!({"name": "tag_ticket", "arguments": {"id": 1, "relation": "tag", "ids": ["a"]}});
    let result = server.call("run_read", run);
    assert!(said(&result).contains("Call run_write"), "{result}");
}

#[test]
fn what_calls_a_tool_that_is_switched_off_is_off_too() {
    let crm = Crm::start();
    let mut variables = crm.variables(ADMIN);
    for (name, value) in [("VIEW", "all"), ("EXCLUDE_TOOLS", "update_ticket")] {
        variables.push((format!("NORTHLIGHT_CRM_{name}"), value.to_owned()));
    }
    let mut server = Server::start(binary(), &variables);
    let listed = names(&mut server);
    assert!(
        listed
            .iter()
            .all(|name| name != "tag_ticket" && name != "untag_ticket")
    );
    let arguments = json!({"id": 1, "relation": "tag", "ids": ["vip"]});
    let result = server.call("tag_ticket", arguments);
    assert!(
        said(&result).contains("switched tag_ticket off"),
        "{result}"
    );
    assert_eq!(crm.json("/tickets/1")["tags"], json!(["login", "mail"]));
}
