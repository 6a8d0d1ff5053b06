//! BottleCRM.

use std::sync::OnceLock;

use mcpwright::ir::{Api, Risk};

use crate::{
    arguments_are_flat, destructive_tools_say_so, hints_are_set, made, names_are_short, of,
    operations_are_tools, parents_come_first, reads_are_read_only, tool,
};

fn bottlecrm() -> &'static Api {
    static API: OnceLock<Api> = OnceLock::new();
    API.get_or_init(|| made("bottlecrm"))
}

#[test]
fn a1_355_operations_22_off_with_reasons() {
    operations_are_tools(bottlecrm(), 355, 22);
}

#[test]
fn a2_arguments_are_one_flat_object() {
    arguments_are_flat(bottlecrm());
}

#[test]
fn a4_post_on_a_record_is_a_comment() {
    let api = bottlecrm();
    names_are_short(api);
    assert_eq!(tool(api, "add_lead_comment").path, "/api/leads/{id}/");
}

#[test]
fn a14_parent_ids_come_first() {
    parents_come_first(bottlecrm());
}

#[test]
fn a15_the_native_search_is_used() {
    let api = bottlecrm();
    let search = tool(api, "search_everything");
    assert!(search.input_schema["properties"].get("q").is_some());
}

#[test]
fn d1_limits_are_50_at_most() {
    let api = bottlecrm();
    let limit = &tool(api, "list_leads").input_schema["properties"]["limit"];
    assert_eq!(limit["maximum"], 50);
}

#[test]
fn f1_bulk_delete_is_destructive() {
    let api = bottlecrm();
    destructive_tools_say_so(api);
    let bulk = of(api, "POST");
    let bulk: Vec<_> = bulk
        .iter()
        .filter(|one| one.path.ends_with("/bulk/delete/"))
        .collect();
    assert!(!bulk.is_empty());
    assert!(bulk.iter().all(|one| one.risk == Risk::Destructive));
}

#[test]
fn f4_three_sets_of_hints() {
    let api = bottlecrm();
    reads_are_read_only(api);
    hints_are_set(api);
}

#[test]
fn f6_what_reaches_others_is_outward() {
    let api = bottlecrm();
    for name in ["send_invoice", "send_estimate"] {
        assert_eq!(tool(api, name).risk, Risk::Outward, "{name}");
    }
}
