//! PingCRM.

use std::sync::OnceLock;

use mcpwright::ir::{Api, Risk};

use crate::{
    arguments_are_flat, destructive_tools_say_so, hints_are_set, made, names_are_short,
    operations_are_tools, parents_come_first, reads_are_read_only, tool,
};

fn pingcrm() -> &'static Api {
    static API: OnceLock<Api> = OnceLock::new();
    API.get_or_init(|| made("pingcrm"))
}

#[test]
fn a1_127_operations_8_off_with_reasons() {
    operations_are_tools(pingcrm(), 127, 8);
}

#[test]
fn a2_null_branches_do_not_reach_the_schema() {
    let api = pingcrm();
    arguments_are_flat(api);
    for operation in api.operations() {
        let schema = operation.input_schema.to_string();
        assert!(!schema.contains(r#"{"type":"null"}"#), "{}", operation.tool);
    }
}

#[test]
fn a4_long_fastapi_ids_become_short_names() {
    let api = pingcrm();
    names_are_short(api);
    let long = api.operations().filter(|one| one.operation_id.len() > 64);
    assert!(long.count() >= 16);
    assert_eq!(tool(api, "merge_contacts").method, "POST");
}

#[test]
fn a13_the_vendors_six_reads_are_among_ours() {
    let api = pingcrm();
    for name in [
        "list_contacts",
        "get_contact",
        "list_interactions",
        "list_suggestions",
        "list_notifications",
        "get_dashboard_stats",
    ] {
        assert!(tool(api, name).hints.read_only, "{name}");
    }
}

#[test]
fn a14_contact_id_comes_first() {
    parents_come_first(pingcrm());
}

#[test]
fn a19_dashboard_is_an_operation() {
    let api = pingcrm();
    let stats = tool(api, "get_dashboard_stats");
    assert_eq!(stats.path, "/api/v1/contacts/stats");
}

#[test]
fn b18_warm_is_sent_as_active() {
    let api = pingcrm();
    let score = &tool(api, "list_contacts").input_schema["properties"]["score"]["enum"];
    assert!(score.to_string().contains("warm"), "{score}");
    assert!(!score.to_string().contains("active"), "{score}");
}

#[test]
fn e7_ids_are_uuids() {
    let api = pingcrm();
    let id = &tool(api, "get_contact").input_schema["properties"]["contact_id"];
    assert_eq!(id["format"], "uuid");
}

#[test]
fn f1_merges_are_destructive() {
    let api = pingcrm();
    destructive_tools_say_so(api);
    assert_eq!(tool(api, "merge_contacts").risk, Risk::Destructive);
}

#[test]
fn f4_hints_are_set() {
    let api = pingcrm();
    reads_are_read_only(api);
    hints_are_set(api);
}
