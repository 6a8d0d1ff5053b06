//! PerfexAPI.

use std::sync::OnceLock;

use mcpwright::Config;
use mcpwright::ir::{Api, Risk};
use serde_json::json;

use crate::{
    arguments_are_flat, calls_first, destructive_tools_say_so, hints_are_set, made,
    made_of_the_real_document, named_tools_exist, names_are_short, of, operations_are_tools,
    parents_come_first, prompts, reads_are_read_only, support, tool,
};

fn perfex() -> &'static Api {
    static API: OnceLock<Api> = OnceLock::new();
    API.get_or_init(|| made("perfex"))
}

/// The rows that need no answer schema hold of the reconstructed document too.
#[test]
fn the_reconstructed_document_shows_the_same_rows() {
    let overlays = ["overlay.yaml", "vendor.overlay.yaml"];
    let Some(api) = made_of_the_real_document("perfex", "perfexapi-reconstructed.json", &overlays)
    else {
        return;
    };
    operations_are_tools(&api, 171, 0);
    assert_eq!(api.composites.len(), 5);
    let listed = &tool(&api, "list_invoices").input_schema["properties"]["status"]["enum"];
    assert!(listed.to_string().contains("overdue"), "{listed}");
    arguments_are_flat(&api);
    names_are_short(&api);
    assert_eq!(api.groups.len(), 19);
    parents_come_first(&api);
    assert_eq!(
        tool(&api, "update_customer").input_schema["required"],
        json!(["customerId"])
    );
    for (name, words) in WORDS {
        // That document has no list of values for some, and an empty one for none in others.
        let status = &tool(&api, name).input_schema["properties"]["status"]["enum"];
        if let Some(listed) = status.as_array() {
            let listed: Vec<_> = listed.iter().filter(|word| **word != "").collect();
            assert_eq!(json!(listed), json!(words), "{name}");
        }
    }
    for name in ["list_invoices", "list_customers", "list_tickets"] {
        let paging = tool(&api, name).answer.as_ref().unwrap().paging.as_ref();
        assert_eq!(paging.unwrap().size.as_ref().unwrap().max, 100, "{name}");
    }
    destructive_tools_say_so(&api);
    reads_are_read_only(&api);
    hints_are_set(&api);
    assert_eq!((of(&api, "DELETE").len(), of(&api, "GET").len()), (21, 86));
    assert!(
        of(&api, "DELETE")
            .iter()
            .all(|one| one.risk == Risk::Destructive)
    );
    for name in OUTWARD {
        assert_eq!(tool(&api, name).risk, Risk::Outward, "{name}");
    }
    assert!(named_tools_exist(&api) > 15);
    assert!(prompts(&api).contains(&"create_and_send_invoice"));
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
fn a3_dotted_names_equal_the_operation_ids() {
    let generated = Config::new()
        .spec(support::spec("perfex").join("openapi.yaml"))
        .settings("[names]\nstyle = \"dotted\"\n")
        .generate();
    let api = generated.unwrap().api;
    let named = api.operations().filter(|one| !one.operation_id.is_empty());
    let named: Vec<_> = named.collect();
    assert_eq!(named.len(), 160);
    for operation in named {
        assert_eq!(operation.tool, operation.operation_id);
    }
    assert_eq!(tool(&api, "leads.create").method, "POST");
    // The others have names of the same form.
    assert!(api.operations().all(|one| one.tool.contains('.')));
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

/// Tools with a status, and its words in the order of the service's numbers.
const WORDS: [(&str, &[&str]); 4] = [
    (
        "list_invoices",
        &[
            "unpaid",
            "paid",
            "partially paid",
            "overdue",
            "cancelled",
            "draft",
        ],
    ),
    (
        "list_projects",
        &[
            "not started",
            "in progress",
            "on hold",
            "finished",
            "cancelled",
        ],
    ),
    (
        "list_tasks",
        &[
            "not started",
            "awaiting feedback",
            "testing",
            "in progress",
            "complete",
        ],
    ),
    (
        "list_estimates",
        &["draft", "sent", "declined", "accepted", "expired"],
    ),
];

#[test]
fn b1_statuses_are_listed_with_words() {
    let api = perfex();
    for (name, words) in WORDS {
        let status = &tool(api, name).input_schema["properties"]["status"]["enum"];
        assert_eq!(*status, json!(words), "{name}");
    }
}

/// Once, in the schema: a sentence of the description would say it again (ADR 0023). The catalogue has what is
/// required in bold, before the rest.
#[test]
fn b3_required_and_optional_are_said() {
    let schema = &tool(perfex(), "create_invoice").input_schema;
    let required = schema["required"].as_array().unwrap();
    let wanted = ["date", "currency", "subtotal", "total", "clientId"];
    assert_eq!(required.len(), wanted.len());
    assert!(wanted.iter().all(|name| required.contains(&json!(name))));
    assert_eq!(schema["properties"].as_object().unwrap().len(), 5 + 6);
    let folder = tempfile::tempdir().unwrap();
    let document = support::spec("perfex").join("openapi.yaml");
    let arguments = ["generate", document.to_str().unwrap(), "--out", "made"];
    let said = support::mcpwright(folder.path(), &arguments);
    assert_eq!(said.code, 0, "{}", said.err);
    let catalogue = std::fs::read_to_string(folder.path().join("made/CATALOG.md")).unwrap();
    let line = catalogue
        .lines()
        .find(|line| line.contains("`create_invoice`"));
    let line = line.unwrap();
    let bold: Vec<&str> = line.split("**").skip(1).step_by(2).collect();
    assert_eq!(bold.len(), wanted.len(), "{line}");
    assert!(wanted.iter().all(|name| bold.contains(name)), "{line}");
}

#[test]
fn b5_prerequisites_name_existing_tools() {
    let api = perfex();
    assert!(named_tools_exist(api) > 15);
    for (name, before) in [
        ("create_invoice", &["find_customer", "list_currencies"][..]),
        ("create_lead", &["list_lead_statuses", "list_lead_sources"]),
        (
            "create_ticket",
            &["list_departments", "list_ticket_priorities"],
        ),
        ("create_payment", &["list_payment_modes"]),
        ("create_expense", &["list_expense_categories"]),
        ("create_contract", &["list_contract_types"]),
    ] {
        calls_first(api, name, before);
    }
    let said = &tool(api, "create_invoice").description;
    assert!(
        said.contains("See also: `send_invoice`, `create_payment`."),
        "{said}"
    );
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

const OUTWARD: [&str; 4] = [
    "send_invoice",
    "send_estimate",
    "send_proposal",
    "add_ticket_reply",
];

#[test]
fn f6_what_reaches_others_is_outward() {
    let api = perfex();
    for name in OUTWARD {
        assert_eq!(tool(api, name).risk, Risk::Outward, "{name}");
    }
}

#[test]
fn f10_consequences_are_in_the_description() {
    let api = perfex();
    let said = &tool(api, "convert_lead").description;
    // As the document says it, and once.
    assert_eq!(said.matches("customer and its primary contact").count(), 1);
}

#[test]
fn h13_the_days_work_has_prompts() {
    let expected = [
        "create_and_send_invoice",
        "chase_overdue_invoices",
        "digest_leads",
        "triage_tickets",
        "review_customer",
        "review_project",
        "renew_contracts",
    ];
    assert_eq!(prompts(perfex()), expected);
}
