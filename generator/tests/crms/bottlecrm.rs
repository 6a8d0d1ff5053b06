//! BottleCRM.

use std::sync::OnceLock;

use mcpwright::ir::{Api, Risk};

use crate::{
    arguments_are_flat, calls_first, destructive_tools_say_so, hints_are_set, made,
    made_of_the_real_document, named_tools_exist, names_are_short, of, operations_are_tools,
    parents_come_first, prompts, reads_are_read_only, tool,
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
fn a2_blank_and_null_enums_are_folded() {
    let api = bottlecrm();
    let create = &tool(api, "create_lead").input_schema["properties"];
    let status = serde_json::json!(["open", "working", "won", "recycled", "lost", ""]);
    assert_eq!(create["status"]["enum"], status);
    assert_eq!(
        create["rating"]["enum"],
        serde_json::json!(["HOT", "WARM", "COLD", ""])
    );
    for name in ["status", "source", "rating", "industry", "country"] {
        for union in ["oneOf", "anyOf"] {
            assert!(
                create[name].get(union).is_none(),
                "{name}: {}",
                create[name]
            );
        }
    }
    // Of the three types of the body JSON is taken.
    let body = tool(api, "create_lead").body.as_ref().unwrap();
    assert_eq!(body.media_type, "application/json");
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
fn a19_dashboards_are_operations() {
    let api = bottlecrm();
    for (name, path) in [
        ("get_dashboard", "/api/dashboard/"),
        ("get_dashboard_today", "/api/dashboard/today/"),
        ("get_invoice_dashboard", "/api/invoices/reports/dashboard/"),
    ] {
        let dashboard = tool(api, name);
        assert_eq!(
            (dashboard.path.as_str(), dashboard.risk),
            (path, Risk::Read)
        );
    }
}

#[test]
fn b5_assigned_to_says_where_ids_come_from() {
    let api = bottlecrm();
    for name in [
        "create_lead",
        "create_opportunity",
        "create_case",
        "create_task",
    ] {
        let said = &tool(api, name).description;
        assert!(
            said.contains("Call first: `list_teams_and_users`."),
            "{name}: {said}"
        );
    }
    for (commit, preview) in [
        ("commit_cases_import", "preview_cases_import"),
        ("commit_contacts_import", "preview_contacts_import"),
    ] {
        let said = &tool(api, commit).description;
        assert!(
            said.contains(&format!("Call first: `{preview}`.")),
            "{said}"
        );
        tool(api, preview);
    }
}

#[test]
fn b25_dates_are_explained() {
    let api = bottlecrm();
    for (name, property) in [
        ("create_task", "due_date"),
        ("create_opportunity", "closed_on"),
    ] {
        let date = &tool(api, name).input_schema["properties"][property];
        assert_eq!(date["format"], "date", "{name}");
        assert!(
            date["description"]
                .as_str()
                .is_some_and(|said| !said.is_empty()),
            "{date}"
        );
    }
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
    // These set fields; what is there after the second call was there after the first.
    for name in [
        "patch_lead",
        "patch_case",
        "patch_task",
        "patch_opportunity",
    ] {
        let patch = tool(api, name);
        assert_eq!(patch.method, "PATCH");
        assert!(patch.hints.idempotent && patch.hints.destructive, "{name}");
    }
}

#[test]
fn f6_what_reaches_others_is_outward() {
    let api = bottlecrm();
    for name in ["send_invoice", "send_estimate"] {
        assert_eq!(tool(api, name).risk, Risk::Outward, "{name}");
    }
}

#[test]
fn f10_consequences_are_in_the_description() {
    let api = bottlecrm();
    for (name, consequence) in [
        (
            "patch_lead",
            "With status converted an account, a contact and an opportunity are made.",
        ),
        (
            "cancel_invoice",
            "A cancelled invoice cannot be opened again.",
        ),
        (
            "mark_invoice_paid",
            "A payment over what is still due is recorded.",
        ),
        ("rotate_org_api_key", "The key until now stops working."),
        ("send_invoice", "The customer gets an e-mail."),
        ("bulk_delete_cases", "There is no way back."),
    ] {
        let said = &tool(api, name).description;
        assert_eq!(said.matches(consequence).count(), 1, "{name}: {said}");
    }
}

#[test]
fn h13_the_days_work_has_prompts() {
    let expected = [
        "create_and_send_invoice",
        "chase_overdue_invoices",
        "digest_leads",
        "triage_cases",
    ];
    assert_eq!(prompts(bottlecrm())[..4], expected);
}

/// What needs nothing of this project's own document: names, classes, hints, texts.
#[test]
fn the_vendors_document_shows_the_same_rows() {
    let overlays = ["overlay.yaml", "vendor.overlay.yaml"];
    let Some(api) = made_of_the_real_document("bottlecrm", "bottlecrm-31.yaml", &overlays) else {
        return;
    };
    operations_are_tools(&api, 355, 22);
    arguments_are_flat(&api);
    names_are_short(&api);
    parents_come_first(&api);
    assert_eq!(tool(&api, "add_lead_comment").path, "/api/leads/{id}/");
    for name in [
        "get_dashboard",
        "get_dashboard_today",
        "get_invoice_dashboard",
    ] {
        assert_eq!(tool(&api, name).risk, Risk::Read);
    }
    for name in [
        "create_lead",
        "create_opportunity",
        "create_case",
        "create_task",
    ] {
        calls_first(&api, name, &["list_teams_and_users"]);
    }
    let limit = &tool(&api, "list_leads").input_schema["properties"]["limit"];
    assert_eq!(limit["maximum"], 50);
    destructive_tools_say_so(&api);
    reads_are_read_only(&api);
    hints_are_set(&api);
    for name in ["send_invoice", "send_estimate"] {
        assert_eq!(tool(&api, name).risk, Risk::Outward, "{name}");
    }
    assert!(named_tools_exist(&api) > 4);
    prompts(&api);
}
