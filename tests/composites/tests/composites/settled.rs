//! Facts about operations that settings say, over a service that repeats what it is sent.

use mcpwright_tests::{Server, run};
use serde_json::{Value, json};

use crate::said;
use crate::stub::{Seen, Stub};

const KEY: &str = "sk_0123456789";

/// A service that repeats what it is sent.
fn stub() -> Stub {
    Stub::start(|seen: &Seen| (200, json!({"id": 1, "name": "Ada", "sent": seen.body})))
}

fn server(stub: &Stub) -> Server {
    stub.server("settled", &[("KEY_API_KEY", KEY)])
}

#[test]
fn no_result_repeats_what_is_concealed_and_the_service_gets_it() {
    let stub = stub();
    let mut server = server(&stub);
    let result = server.call(
        "create_client",
        json!({"name": "Ada", "pin": "open-sesame"}),
    );
    assert!(!result.to_string().contains("open-sesame"), "{result}");
    assert!(result.to_string().contains("[redacted]"), "{result}");
    let [asked] = stub.asked().try_into().unwrap();
    assert_eq!(asked.body, json!({"name": "Ada", "pin": "open-sesame"}));
    // A refusal does not repeat it either.
    let refused = server.call(
        "create_client",
        json!({"name": "Ada", "pin": "Open Sesame"}),
    );
    assert_eq!(refused["isError"], true);
    assert!(!said(&refused).contains("Open Sesame"), "{refused}");
    let through_records =
        json!({"entity": "customer", "data": {"name": "Ada", "pin": "open-sesame"}});
    let mut records = stub.server("settled", &[("KEY_API_KEY", KEY), ("VIEW", "records")]);
    let result = records.call("crm_create", through_records);
    assert!(said(&result).contains("[redacted]"), "{result}");
    assert!(!result.to_string().contains("open-sesame"), "{result}");
}

#[test]
fn entities_of_the_view_over_records_have_the_names_of_the_operator() {
    let stub = stub();
    let mut server = stub.server("settled", &[("KEY_API_KEY", KEY), ("VIEW", "records")]);
    let described = server.call("crm_describe", json!({"entity": "customer"}));
    assert!(said(&described).contains("customer"), "{described}");
    server.done("crm_get", json!({"entity": "customer", "id": 7}));
    assert_eq!(stub.asked()[0].line(), "GET /clients/7");
    let unknown = server.call("crm_get", json!({"entity": "client", "id": 7}));
    assert!(said(&unknown).contains("entities: customer"), "{unknown}");
}

/// Row G14.
#[test]
fn g14_a_key_of_another_kind_is_warned_of_and_not_shown() {
    for (key, warned) in [(KEY, false), ("pk_other_service", true)] {
        let stub = stub();
        let variables = [
            ("SYSTEM", "settled"),
            ("SETTLED_BASE_URL", stub.base()),
            ("SETTLED_KEY_API_KEY", key),
        ];
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let arguments = ["call", "get_client", "id=1"];
        let exit = run(crate::binary(), &arguments, &variables);
        let complaint = exit.err;
        assert_eq!(exit.code, 0, "{complaint}");
        let found = complaint.contains("SETTLED_KEY_API_KEY does not look like a key");
        assert_eq!(found, warned, "{complaint}");
        assert!(!complaint.contains(key), "{complaint}");
    }
}

/// Row D7.
#[test]
fn d7_each_call_has_an_idempotency_key_of_its_own_unless_settings_make_it_an_argument() {
    let stub = stub();
    let mut server = server(&stub);
    let listed = server.request("tools/list", json!({}));
    let tools = listed["tools"].as_array().unwrap();
    let arguments = |name: &str| {
        let tool = tools.iter().find(|tool| tool["name"] == name).unwrap();
        tool["inputSchema"]["properties"].clone()
    };
    assert!(arguments("create_client").get("idempotency_key").is_none());
    assert!(
        arguments("delete_client")
            .to_string()
            .to_lowercase()
            .contains("idempotency")
    );
    server.done("create_client", json!({"name": "Ada"}));
    server.done("create_client", json!({"name": "Grace"}));
    let keys: Vec<String> = stub
        .asked()
        .iter()
        .map(|seen| seen.field("idempotency-key").unwrap().to_owned())
        .collect();
    let [one, other] = keys.try_into().unwrap();
    assert_ne!(one, other);
    for key in [one, other] {
        let lengths: Vec<usize> = key.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12], "{key}");
    }
    // A dry run shows what every request has.
    let dry = server.call("create_client", json!({"name": "Eve", "dry_run": true}));
    let shown = mcpwright_tests::text(&dry).to_lowercase();
    assert!(shown.contains("\nidempotency-key: "), "{dry}");
    assert!(stub.asked().is_empty(), "nothing was sent");
    let missing = server.call("delete_client", json!({"id": 1}));
    assert_eq!(missing["isError"], true);
    assert!(stub.asked().is_empty());
}

#[test]
fn an_operation_has_the_address_and_the_further_scheme_that_settings_say() {
    let (main, reports) = (stub(), stub());
    let more = [
        ("KEY_API_KEY", KEY),
        ("REPORTS_BASE_URL", reports.base()),
        ("OFFICE_API_KEY", "o1"),
    ];
    let mut server = main.server("settled", &more);
    server.done("get_report", json!({}));
    assert!(main.asked().is_empty());
    let [asked] = reports.asked().try_into().unwrap();
    assert_eq!(asked.line(), "GET /report");
    assert_eq!(asked.field("x-office"), Some("o1"));
    assert_eq!(asked.field("x-key"), None);
}

#[test]
fn a_long_enum_is_a_resource_and_not_in_the_list_of_tools() {
    let stub = stub();
    let mut server = server(&stub);
    let tools = server.request("tools/list", json!({}));
    assert!(!tools.to_string().contains("u27"), "{tools}");
    let listed = server.request("resources/list", json!({}));
    let all = listed["resources"].as_array().unwrap();
    // Views for hosts of MCP Apps are resources, too.
    let is_data = |one: &&Value| one["mimeType"] == "application/json";
    let data: Vec<&Value> = all.iter().filter(is_data).collect();
    let [resource] = data.as_slice() else {
        panic!("{listed}");
    };
    assert_eq!(resource["uri"], "settled://enums/unit");
    let read = server.request("resources/read", json!({"uri": "settled://enums/unit"}));
    let text = read["contents"][0]["text"].as_str().unwrap();
    assert!(
        text.starts_with(r#"{"total":27,"values":["u01","#),
        "{text}"
    );
    assert!(text.ends_with(r#""u27"]}"#), "{text}");
}

/// Clients with these columns; other requests are answered with what they send.
fn with_columns(columns: Value) -> Stub {
    Stub::start(move |seen: &Seen| match seen.method.as_str() {
        "GET" => (200, json!({"id": 7, "columns": columns})),
        _ => (200, json!({"id": 7, "sent": seen.body})),
    })
}

#[test]
fn b12_items_that_are_not_given_stay_in_a_list_that_an_update_replaces() {
    let stub = with_columns(json!([
        {"columnId": "size", "value": "L", "label": "Size"},
        {"columnId": "tone", "value": "warm", "label": "Tone"},
    ]));
    let mut server = server(&stub);
    let given = json!([{"columnId": "tone", "value": null}, {"columnId": "area", "value": "DE"}]);
    server.done("update_client", json!({"id": 7, "columns": given}));
    let [read, written] = stub.asked().try_into().unwrap();
    assert_eq!(read.line(), "GET /clients/7");
    assert_eq!(written.line(), "PUT /clients/7");
    // What only answers have is not sent back.
    let expected = json!({"columns": [
        {"columnId": "size", "value": "L"},
        {"columnId": "tone", "value": null},
        {"columnId": "area", "value": "DE"},
    ]});
    assert_eq!(written.body, expected);
    // A list that is not given is not asked for, and an empty one clears.
    server.done("update_client", json!({"id": 7, "name": "Ada"}));
    server.done("update_client", json!({"id": 7, "columns": []}));
    let asked = stub.asked();
    let bodies: Vec<&Value> = asked.iter().map(|seen| &seen.body).collect();
    assert_eq!(bodies, [&json!({"name": "Ada"}), &json!({"columns": []})]);
}

#[test]
fn b12_nothing_is_written_where_the_list_before_is_not_known() {
    for (columns, said_of_it) in [
        (json!("hidden"), "has no such list"),
        (json!({"size": "L"}), "has no such list"),
    ] {
        let stub = with_columns(columns);
        let mut server = server(&stub);
        let arguments = json!({"id": 7, "columns": [{"columnId": "size", "value": "M"}]});
        let result = server.call("update_client", arguments);
        assert_eq!(result["isError"], true);
        let text = said(&result);
        assert!(
            text.contains(said_of_it) && text.ends_with("Nothing was written."),
            "{text}"
        );
        assert_eq!(stub.asked().len(), 1, "{text}");
    }
    // Null is no list yet.
    let stub = with_columns(Value::Null);
    let arguments = json!({"id": 7, "columns": [{"columnId": "size", "value": "M"}]});
    server(&stub).done("update_client", arguments.clone());
    assert_eq!(
        stub.asked()[1].body,
        json!({"columns": arguments["columns"]})
    );
    // Whoever switched the reading off has switched off what needs it.
    let variables = [("KEY_API_KEY", KEY), ("EXCLUDE_TOOLS", "get_client")];
    let listed = crate::names(&mut stub.server("settled", &variables));
    assert_eq!(
        listed,
        [
            "list_clients",
            "create_client",
            "delete_client",
            "get_report"
        ]
    );
}
