//! What a view prints can be copied into that view: the arguments of the next page, the properties to show, the
//! accepted example of a refused call. Rows D3, E1 and E3 of the behaviours, on a real CRM.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

use mcpwright_tests::{ADMIN, Crm, Server, example, text};
use serde_json::{Map, Value, json};

/// A view, how it lists, and how it changes a record with arguments that are wrong, or leaves out what is needed.
struct Row {
    view: &'static str,
    list: (&'static str, Value),
    wrong: Vec<(&'static str, Value)>,
}

fn rows() -> Vec<Row> {
    let tools = || Row {
        view: "all",
        list: ("list_customers", json!({"limit": 2})),
        wrong: vec![
            (
                "update_customer",
                json!({"customer_id": 1, "status": "gone"}),
            ),
            ("update_customer", json!({"customer_id": 1})),
            ("create_task", json!({"titel": "Call"})),
        ],
    };
    vec![
        tools(),
        Row {
            view: "core",
            ..tools()
        },
        Row {
            view: "lean",
            list: (
                "run_read",
                json!({"name": "list_customers", "arguments": {"limit": 2}}),
            ),
            wrong: vec![
                (
                    "run_write",
                    json!({"name": "update_customer", "arguments": {"customer_id": 1, "status": "gone"}}),
                ),
                (
                    "run_write",
                    json!({"name": "update_customer", "customer_id": 1}),
                ),
                ("run_write", json!({"name": "create_task", "titel": "Call"})),
            ],
        },
        Row {
            view: "records",
            list: ("crm_search", json!({"entity": "customers", "limit": 2})),
            wrong: vec![
                (
                    "crm_update",
                    json!({"entity": "customers", "id": 1, "data": {"status": "gone"}}),
                ),
                (
                    "crm_update",
                    json!({"entity": "customers", "id": 1, "data": {}}),
                ),
                (
                    "crm_create",
                    json!({"entity": "tasks", "data": {"titel": "Call"}}),
                ),
                ("crm_create", json!({"entity": "tasks", "titel": "Call"})),
            ],
        },
    ]
}

fn start(crm: &Crm, view: &str) -> Server {
    let mut variables = crm.variables(ADMIN);
    variables.push(("NORTHLIGHT_CRM_VIEW".to_owned(), view.to_owned()));
    Server::start(example(), &variables)
}

/// The arguments that a line prints, as they stand there: `page=2, limit=2`.
fn printed(text: &str, before: &str) -> Map<String, Value> {
    let (_, rest) = text
        .split_once(before)
        .unwrap_or_else(|| panic!("{before}: {text}"));
    let end = rest.find(['\n', ';', '.']).unwrap_or(rest.len());
    let pairs = rest[..end].trim_end_matches(']').split(", ");
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap();
            let value = serde_json::from_str(value).unwrap_or_else(|_| json!(value));
            (name.to_owned(), value)
        })
        .collect()
}

fn with(mut call: Value, more: Map<String, Value>) -> Value {
    call.as_object_mut().unwrap().extend(more);
    call
}

#[test]
fn d3_the_next_page_is_asked_for_with_what_the_page_before_says() {
    let crm = Crm::start();
    for Row { view, list, .. } in rows() {
        let mut server = start(&crm, view);
        let (tool, call) = list;
        let first = server.call(tool, call.clone());
        let next = printed(text(&first), "next: ");
        let second = server.call(tool, with(call, next.clone()));
        assert_ne!(second["isError"], true, "{view} {next:?}: {second}");
        assert_ne!(text(&first), text(&second), "{view} {next:?}");
        let third = printed(text(&second), "next: ");
        assert_ne!(next, third, "{view}");
    }
}

#[test]
fn c3_other_properties_are_asked_for_as_the_line_below_the_records_says() {
    let crm = Crm::start();
    for Row { view, list, .. } in rows() {
        let mut server = start(&crm, view);
        let (tool, call) = list;
        let usual = server.call(tool, call.clone());
        assert!(
            text(&usual).contains("more with fields=[…] or detail=full"),
            "{view}: {usual}"
        );
        for (name, value) in [
            ("fields", json!(["id", "vat_number"])),
            ("detail", json!("full")),
        ] {
            let more = Map::from_iter([(name.to_owned(), value)]);
            let result = server.call(tool, with(call.clone(), more));
            assert_ne!(result["isError"], true, "{view} {name}: {result}");
            assert!(
                text(&result).contains("vat_number"),
                "{view} {name}: {result}"
            );
        }
    }
}

#[test]
fn e3_the_example_of_a_refused_call_is_accepted_by_the_same_tool() {
    let crm = Crm::start();
    for Row { view, wrong, .. } in rows() {
        let mut server = start(&crm, view);
        for (tool, call) in wrong {
            let refused = server.call(tool, call.clone());
            assert_eq!(refused["isError"], true, "{view} {call}: {refused}");
            let said = text(&refused);
            let (_, example) = said
                .split_once("Accepted is, for example: ")
                .unwrap_or_else(|| panic!("{view} {tool} {call}: {said}"));
            let example: Value = serde_json::from_str(example).unwrap();
            let result = server.call(tool, example.clone());
            let said = text(&result);
            assert!(
                result["isError"] != true || !said.starts_with("Validation error: "),
                "{view} {tool} {example}: {said}"
            );
        }
    }
}

#[test]
fn e1_an_argument_beside_those_of_a_view_is_taken_in_or_told_where_it_belongs() {
    let crm = Crm::start();
    let mut server = start(&crm, "lean");
    let inside = json!({"name": "list_customers", "arguments": {"limit": 1}});
    let beside = json!({"name": "list_customers", "limit": 1});
    let inside = server.call("run_read", inside);
    assert_eq!(text(&server.call("run_read", beside)), text(&inside));
    let unknown = json!({"name": "get_customer", "colour": "red"});
    let refused = server.call("run_read", unknown);
    let said = text(&refused);
    assert!(said.contains("Valid: name, arguments"), "{said}");
    assert!(
        said.contains(r#"{"name":"get_customer","arguments":{"customer_id":1}}"#),
        "{said}"
    );
    // Two different values are no mistake that could be mended here.
    let both = json!({"name": "list_customers", "limit": 1, "arguments": {"limit": 2}});
    assert_eq!(server.call("run_read", both)["isError"], true);
}

/// Rows E1 and E6: whoever calls `crm_update` knows no `update_customer`, and no argument of it by its place there.
#[test]
fn e6_errors_of_the_records_view_name_its_own_tools_and_arguments() {
    let crm = Crm::start();
    let mut server = start(&crm, "records");
    for (tool, call, place) in [
        (
            "crm_update",
            json!({"entity": "customers", "id": 1, "data": {"status": "gone"}}),
            "/data/status",
        ),
        (
            "crm_update",
            json!({"entity": "customers", "id": "Acme", "data": {"status": "active"}}),
            "/id",
        ),
        (
            "crm_search",
            json!({"entity": "customers", "filters": {"sort": "size"}}),
            "/filters/sort",
        ),
        (
            "crm_get",
            json!({"entity": "customers", "id": "Acme"}),
            "/id",
        ),
    ] {
        let refused = server.call(tool, call.clone());
        let said = text(&refused);
        let first = format!(
            "Validation error: 1 problem in the arguments of {tool}; nothing was sent.\n- {place}: "
        );
        assert!(said.starts_with(&first), "{call}: {said}");
        assert!(!said.contains("update_customer"), "{said}");
    }
}

/// Row B6: what an object has in it, and which forms a value has.
#[test]
fn b6_fields_of_objects_are_described() {
    let crm = Crm::start();
    let mut server = start(&crm, "records");
    let described = server.call("crm_describe", json!({"entity": "invoices"}));
    let fields = &described["structuredContent"]["create"]["fields"];
    let lines = &fields["lines"];
    assert_eq!(lines["type"], "array", "{described}");
    assert_eq!(lines["items"]["quantity"]["required"], true, "{lines}");
    let units = json!(["hour", "day", "piece", "month", "flat"]);
    assert_eq!(lines["items"]["unit"]["enum"], units, "{lines}");
}
