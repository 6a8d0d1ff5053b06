//! Customermates.

use std::sync::OnceLock;

use mcpwright::ir::{Api, Risk};

use crate::{
    arguments_are_flat, destructive_tools_say_so, made, names_are_short, of, operations_are_tools,
    parents_come_first, reads_are_read_only, tool,
};

fn customermates() -> &'static Api {
    static API: OnceLock<Api> = OnceLock::new();
    API.get_or_init(|| made("customermates"))
}

#[test]
fn a1_47_operations_15_webhooks() {
    let api = customermates();
    operations_are_tools(api, 47, 0);
    // Counted apart.
    assert_eq!(api.composites.len(), 22);
    assert_eq!(api.webhooks.len(), 15);
}

#[test]
fn a2_const_unions_become_enums() {
    let api = customermates();
    arguments_are_flat(api);
    let create = tool(api, "create_contact").input_schema.to_string();
    assert!(!create.contains(r#""anyOf":[{"const""#), "{create}");
}

#[test]
fn a4_search_is_called_search() {
    let api = customermates();
    names_are_short(api);
    let search = tool(api, "search_contacts");
    assert_eq!(search.operation_id, "getContacts");
}

#[test]
fn a5_the_plural_says_many() {
    let api = customermates();
    assert_eq!(
        tool(api, "create_contacts").operation_id,
        "createManyContacts"
    );
    for operation in api.operations() {
        for prefix in ["bulk_", "batch_", "many_"] {
            assert!(!operation.tool.contains(prefix), "{}", operation.tool);
        }
    }
}

#[test]
fn a8_tools_are_of_six_groups() {
    assert_eq!(customermates().groups.len(), 6);
}

#[test]
fn a14_ids_come_first() {
    parents_come_first(customermates());
}

#[test]
fn b5_configuration_comes_first() {
    let api = customermates();
    let said = &tool(api, "search_deals").description;
    assert!(
        said.contains("Call first: `get_deal_configuration`."),
        "{said}"
    );
}

#[test]
fn b10_null_on_relations_is_refused() {
    let api = customermates();
    let refused = &tool(api, "update_contact").settled.null_refused;
    assert!(refused.contains(&"/dealIds".to_owned()), "{refused:?}");
}

#[test]
fn b23_100_items_at_most() {
    let api = customermates();
    let items = &tool(api, "create_contacts").input_schema["properties"]["contacts"];
    assert_eq!(items["maxItems"], 100);
}

#[test]
fn f1_delete_with_a_body_is_destructive() {
    let api = customermates();
    destructive_tools_say_so(api);
    let deletes = of(api, "DELETE");
    assert_eq!(deletes.len(), 10);
    assert!(deletes.iter().all(|one| one.risk == Risk::Destructive));
    assert_eq!(deletes.iter().filter(|one| one.body.is_some()).count(), 5);
}

#[test]
fn f3_searches_are_reads() {
    let api = customermates();
    reads_are_read_only(api);
    let searches = of(api, "POST");
    let searches = searches.iter().filter(|one| one.path.ends_with("/search"));
    let reads: Vec<bool> = searches.map(|one| one.hints.read_only).collect();
    assert_eq!(reads, [true; 6]);
}

#[test]
fn f4_nothing_is_open_world() {
    let api = customermates();
    assert!(api.operations().all(|one| !one.hints.open_world));
}
