//! PerfexAPI.

use std::sync::OnceLock;

use mcpwright::ir::{Api, Risk};
use serde_json::json;

use crate::{
    arguments_are_flat, destructive_tools_say_so, hints_are_set, made, names_are_short, of,
    operations_are_tools, parents_come_first, reads_are_read_only, tool,
};

fn perfex() -> &'static Api {
    static API: OnceLock<Api> = OnceLock::new();
    API.get_or_init(|| made("perfex"))
}

#[test]
fn a1_171_operations_are_171_tools() {
    let api = perfex();
    operations_are_tools(api, 171, 0);
    // Counted apart.
    assert_eq!(api.composites.len(), 5);
}

#[test]
fn a2_arguments_are_one_flat_object() {
    let api = perfex();
    arguments_are_flat(api);
    let update = &tool(api, "update_task").input_schema["properties"];
    assert!(update.get("taskId").is_some() && update.get("name").is_some());
}

#[test]
fn a4_names_without_an_operation_id_come_from_the_path() {
    let api = perfex();
    names_are_short(api);
    assert_eq!(tool(api, "list_contract_types").operation_id, "");
}

#[test]
fn a8_tools_are_of_19_groups() {
    assert_eq!(perfex().groups.len(), 19);
}

#[test]
fn a14_parent_ids_come_first() {
    parents_come_first(perfex());
}

#[test]
fn b8_an_update_requires_no_field() {
    let api = perfex();
    let schema = &tool(api, "update_customer").input_schema;
    assert_eq!(schema["required"], json!(["customerId"]));
}

#[test]
fn b15_a_replacing_array_is_warned_of() {
    let api = perfex();
    let said = &tool(api, "update_invoice").description;
    assert!(said.to_lowercase().contains("replace"), "{said}");
}

#[test]
fn b25_dates_say_their_format() {
    let api = perfex();
    let schema = &tool(api, "create_invoice").input_schema["properties"];
    assert_eq!(schema["duedate"]["format"], "date");
}

#[test]
fn b28_every_step_from_a_sentence_to_a_sent_invoice_is_a_tool() {
    let api = perfex();
    assert!(api.composites.iter().any(|one| one.tool == "find_customer"));
    for name in ["list_items", "create_invoice"] {
        assert_ne!(tool(api, name).risk, Risk::Outward);
    }
    assert_eq!(tool(api, "send_invoice").risk, Risk::Outward);
}

#[test]
fn c10_data_is_unwrapped() {
    let api = perfex();
    let answer = tool(api, "get_invoice").answer.as_ref().unwrap();
    assert_eq!(answer.records, "/data");
}

#[test]
fn d1_limits_are_100_at_most() {
    let api = perfex();
    for name in ["list_invoices", "list_customers", "list_tickets"] {
        let paging = tool(api, name).answer.as_ref().unwrap().paging.as_ref();
        let size = paging.unwrap().size.as_ref().unwrap();
        assert_eq!(size.max, 100, "{name}");
    }
}

#[test]
fn f1_deletes_are_destructive() {
    let api = perfex();
    destructive_tools_say_so(api);
    let deletes = of(api, "DELETE");
    assert_eq!(deletes.len(), 21);
    assert!(deletes.iter().all(|one| one.risk == Risk::Destructive));
}

#[test]
fn f3_reads_are_read_only() {
    let api = perfex();
    reads_are_read_only(api);
    let reads = of(api, "GET");
    assert_eq!(reads.len(), 86);
    assert!(reads.iter().all(|one| one.risk == Risk::Read));
}

#[test]
fn f4_hints_are_set() {
    hints_are_set(perfex());
}

#[test]
fn f6_what_reaches_others_is_outward() {
    let api = perfex();
    for name in [
        "send_invoice",
        "send_estimate",
        "send_proposal",
        "add_ticket_reply",
    ] {
        assert_eq!(tool(api, name).risk, Risk::Outward, "{name}");
    }
}

#[test]
fn f10_consequences_are_in_the_description() {
    let api = perfex();
    let said = &tool(api, "convert_lead").description;
    assert!(said.contains("A customer and its primary contact are made"));
}
