//! PingCRM.

use std::sync::OnceLock;

use mcpwright::ir::{Api, Risk};
use serde_json::json;

use crate::{
    arguments_are_flat, calls_first, destructive_tools_say_so, hints_are_set, made,
    made_of_the_real_document, named_tools_exist, names_are_short, operations_are_tools,
    parents_come_first, prompts, reads_are_read_only, tool,
};

fn pingcrm() -> &'static Api {
    static API: OnceLock<Api> = OnceLock::new();
    API.get_or_init(|| made("pingcrm"))
}

/// The rows that the vendor's own document is enough for hold of it too.
#[test]
fn the_vendors_document_shows_the_same_rows() {
    let Some(api) = made_of_the_real_document("pingcrm", "pingcrm.json", &[]) else {
        return;
    };
    operations_are_tools(&api, 127, 8);
    arguments_are_flat(&api);
    names_are_short(&api);
    parents_come_first(&api);
    for name in VENDORS_READS {
        assert!(tool(&api, name).hints.read_only, "{name}");
    }
    // Of the last argument that document says nothing.
    for (name, argument, words) in WORDS.into_iter().take(3) {
        let listed = &tool(&api, name).input_schema["properties"][argument]["enum"];
        assert_eq!(*listed, json!(words), "{name}");
    }
    let id = &tool(&api, "get_contact").input_schema["properties"]["contact_id"];
    assert_eq!(id["format"], "uuid");
    destructive_tools_say_so(&api);
    reads_are_read_only(&api);
    hints_are_set(&api);
    for name in ["send_message", "enrich_contact"] {
        assert_eq!(tool(&api, name).risk, Risk::Outward, "{name}");
    }
    assert!(named_tools_exist(&api) > 3);
    assert_eq!(prompts(&api), PROMPTS);
}

/// Three of the settings, and three that the document shows.
const PROMPTS: [&str; 6] = [
    "keep_in_touch",
    "prepare_meeting",
    "note_conversation",
    "review_contact",
    "plan_my_day",
    "clean_up_duplicates",
];

#[test]
fn h13_the_days_work_has_prompts() {
    assert_eq!(prompts(pingcrm()), PROMPTS);
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

/// What the vendor's own MCP server can do.
const VENDORS_READS: [&str; 6] = [
    "list_contacts",
    "get_contact",
    "list_interactions",
    "list_suggestions",
    "list_notifications",
    "get_dashboard_stats",
];

#[test]
fn a13_the_vendors_six_reads_are_among_ours() {
    let api = pingcrm();
    for name in VENDORS_READS {
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

/// Arguments with the words that they take.
const WORDS: [(&str, &str, &[&str]); 4] = [
    ("list_contacts", "score", &["strong", "warm", "cold"]),
    ("list_contact_ids", "score", &["strong", "warm", "cold"]),
    ("list_contacts", "priority", &["high", "medium", "low"]),
    (
        "send_message",
        "channel",
        &["email", "telegram", "twitter", "whatsapp"],
    ),
];

#[test]
fn b1_score_and_priority_list_their_words() {
    let api = pingcrm();
    for (name, argument, words) in WORDS {
        let property = &tool(api, name).input_schema["properties"][argument];
        assert_eq!(property["enum"], json!(words), "{name}");
        // Nor does the text have a word that is not among them.
        let said = property["description"].as_str().unwrap_or_default();
        assert!(
            !said.contains("active") && !said.contains("dormant"),
            "{said}"
        );
    }
}

#[test]
fn b5_prerequisites_name_existing_tools() {
    let api = pingcrm();
    assert!(named_tools_exist(api) > 3);
    for (name, before) in [
        ("merge_contacts", "find_contact_duplicates"),
        ("delete_2nd_tier_contacts", "count_2nd_tier_contacts"),
        ("send_message", "compose_message"),
    ] {
        calls_first(api, name, &[before]);
    }
}

#[test]
fn b15_tags_replace() {
    let said = &tool(pingcrm(), "update_contact").description;
    let warning = "WARNING: REPLACES the whole list: emails, phones, tags.";
    assert!(said.contains(warning), "{said}");
}

#[test]
fn b25_dates_are_explained() {
    let api = pingcrm();
    let when = &tool(api, "create_interaction").input_schema["properties"]["occurred_at"];
    assert_eq!(when["format"], "date-time");
    for name in ["date_from", "date_to", "interaction_from", "interaction_to"] {
        let said = &tool(api, "list_contacts").input_schema["properties"][name]["description"];
        assert!(
            said.as_str().unwrap().contains("YYYY-MM-DD"),
            "{name}: {said}"
        );
    }
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

#[test]
fn f10_consequences_are_in_the_description() {
    let api = pingcrm();
    for (name, expected) in [
        ("merge_contacts", "its interactions move to the first"),
        ("merge_identity_match", "One of the two contacts is gone."),
        // As the document says it.
        ("scan_identities", "certain ones are merged at once."),
        ("generate_mcp_key", "every client that uses it"),
        ("delete_account", "There is no way back."),
    ] {
        let said = &tool(api, name).description;
        assert!(said.contains(expected), "{name}: {said}");
    }
}
