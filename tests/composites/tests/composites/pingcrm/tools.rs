//! What PingCRM's tools are, and what becomes of their arguments.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{MARIA, server};
use crate::names;
use crate::said;
use crate::stub::{Seen, Stub};
use crate::vendors::{Row, rows};

/// A service that gives no records, and takes everything.
fn stub() -> Stub {
    Stub::start(|seen: &Seen| match seen.method.as_str() {
        "GET" => (
            200,
            json!({"data": [], "error": null, "meta": {"total": 0}}),
        ),
        _ => (200, json!({"data": {"id": MARIA}, "error": null})),
    })
}

fn listed(stub: &Stub) -> Vec<Value> {
    let listed = server(stub).request("tools/list", json!({}));
    assert_eq!(listed.get("nextCursor"), None);
    listed["tools"].as_array().unwrap().clone()
}

fn groups(tools: &[Value]) -> BTreeSet<&str> {
    tools
        .iter()
        // One that is beside the operations may belong to none of them.
        .filter(|tool| tool["_meta"].get("dev.mcpwright/operation").is_some())
        .filter_map(|tool| tool["_meta"]["dev.mcpwright/group"].as_str())
        .collect()
}

#[test]
fn a7_tools_list_has_all_tools() {
    // 127 operations, of which eight are off, and three tools beside them.
    assert_eq!(listed(&stub()).len(), 127 - 8 + 3);
}

#[test]
fn a8_instructions_name_the_tags() {
    let stub = stub();
    let said = server(&stub).request("server/discover", json!({}));
    let said = said["instructions"].as_str().unwrap();
    let tools = listed(&stub);
    // Four tags have no tool, since their operations are off or have another tag besides.
    assert!(groups(&tools).len() >= 17, "{tools:?}");
    for group in groups(&tools) {
        let named = said.lines().any(|line| {
            let topic = line.strip_prefix("- ").unwrap_or_default();
            topic.split([' ', ':']).next().unwrap_or_default() == group
        });
        assert!(named, "{group}: {said}");
    }
}

#[test]
fn a10_toolset_of_two_tags() {
    let stub = stub();
    let all = listed(&stub);
    let of = |groups: [&str; 2]| -> Vec<String> {
        all.iter()
            .filter(|tool| {
                groups
                    .iter()
                    .any(|group| tool["_meta"]["dev.mcpwright/group"] == **group)
            })
            .map(|tool| tool["name"].as_str().unwrap().to_owned())
            .collect()
    };
    let wanted = of(["contacts", "suggestions"]);
    assert_eq!(wanted.len(), 50);
    let view = [("TOKEN", "t"), ("VIEW", "x/contacts,suggestions")];
    let mut found = names(&mut stub.server("pingcrm", &view));
    found.sort();
    let mut wanted = wanted;
    wanted.sort();
    assert_eq!(found, wanted);
}

#[test]
fn a13_read_only_has_the_six_read_tools() {
    let stub = stub();
    let only = [("TOKEN", "t"), ("READ_ONLY", "1")];
    let mut server = stub.server("pingcrm", &only);
    let listed = server.request("tools/list", json!({}));
    let tools = listed["tools"].as_array().unwrap();
    // 44 operations with GET, of which one is off, and three tools beside them.
    assert_eq!(tools.len(), 44 - 1 + 3);
    assert!(
        tools
            .iter()
            .all(|tool| tool["annotations"]["readOnlyHint"] == true)
    );
    for name in [
        "list_contacts",
        "get_contact",
        "list_interactions",
        "list_suggestions",
        "list_notifications",
        "get_dashboard_stats",
    ] {
        assert!(tools.iter().any(|tool| tool["name"] == name), "{name}");
    }
    // Hidden is not all: a write is refused.
    let refused = server.call("create_contact", json!({"full_name": "Ada"}));
    assert!(
        said(&refused).starts_with("Permission denied: "),
        "{refused}"
    );
    assert!(stub.asked().is_empty());
}

#[test]
fn a17_whoami_is_get_current_user() {
    let stub = stub();
    let mut server = server(&stub);
    let said = server.request("server/discover", json!({}));
    let said = said["instructions"].as_str().unwrap();
    assert!(
        said.contains("get_current_user says who you work for."),
        "{said}"
    );
    server.done("get_current_user", json!({}));
    let [asked] = stub.asked().try_into().unwrap();
    assert_eq!(asked.line(), "GET /api/v1/auth/me");
}

#[test]
fn b2_examples_validate() {
    crate::examples::are_accepted("pingcrm", ("TOKEN", "t"), 10);
}

#[test]
fn b8_absent_fields_are_not_sent() {
    let stub = stub();
    let mut server = server(&stub);
    server.done(
        "update_contact",
        json!({"contact_id": MARIA, "company": "Acme"}),
    );
    let [asked] = stub.asked().try_into().unwrap();
    assert_eq!(asked.body, json!({"company": "Acme"}));
}

#[test]
fn b9_null_on_tags_is_refused_with_the_remedy() {
    let stub = stub();
    let mut server = server(&stub);
    for field in ["emails", "phones", "tags"] {
        let result = server.call("update_contact", json!({"contact_id": MARIA, field: null}));
        let text = said(&result);
        assert!(
            text.contains(&format!("/{field}: null is refused here.")),
            "{text}"
        );
        assert!(
            text.contains("Leave it out to keep what is there, or give [] to clear it."),
            "{text}"
        );
    }
    assert!(stub.asked().is_empty());
    // Row B11: null clears a text, and an empty list the tags.
    let arguments = json!({"contact_id": MARIA, "notes": null, "tags": []});
    server.done("update_contact", arguments);
    let [asked] = stub.asked().try_into().unwrap();
    assert_eq!(asked.body, json!({"notes": null, "tags": []}));
}

#[test]
fn b18_hot_is_refused_with_the_words() {
    let stub = stub();
    let mut server = server(&stub);
    for tool in ["list_contacts", "list_contact_ids"] {
        let text = said(&server.call(tool, json!({"score": "hot"})));
        assert!(
            text.contains("Allowed: \"strong\", \"warm\", \"cold\""),
            "{text}"
        );
        assert!(stub.asked().is_empty());
        for (word, value) in [
            ("warm", "active"),
            ("COLD", "dormant"),
            ("strong", "strong"),
        ] {
            server.done(tool, json!({"score": word}));
            let [asked] = stub.asked().try_into().unwrap();
            assert!(
                asked.uri.contains(&format!("score={value}")),
                "{}",
                asked.uri
            );
        }
    }
}

#[test]
fn b20_defaults_are_said_and_not_sent() {
    let stub = stub();
    let mut server = server(&stub);
    let tools = listed(&stub);
    let list = tools
        .iter()
        .find(|tool| tool["name"] == "list_contacts")
        .unwrap();
    let defaults = &list["inputSchema"]["properties"];
    for (name, value) in [
        ("page", json!(1)),
        ("page_size", json!(20)),
        ("sort", json!("score")),
    ] {
        assert_eq!(defaults[name]["default"], value, "{name}");
    }
    server.done("list_contacts", json!({}));
    let [asked] = stub.asked().try_into().unwrap();
    // But for the size of a page, which settings say.
    assert_eq!(asked.uri, "/api/v1/contacts?page_size=20");
}

#[test]
fn b23_an_empty_bulk_update_is_refused() {
    let stub = stub();
    let mut server = server(&stub);
    let text = said(&server.call("bulk_update_contacts", json!({"contact_ids": []})));
    assert!(
        text.contains("/contact_ids: expected at least 1 item, got 0."),
        "{text}"
    );
    assert!(stub.asked().is_empty());
    server.done(
        "bulk_update_contacts",
        json!({"contact_ids": [MARIA], "add_tags": ["vip"]}),
    );
    let [asked] = stub.asked().try_into().unwrap();
    assert_eq!(
        asked.body,
        json!({"contact_ids": [MARIA], "add_tags": ["vip"]})
    );
}

#[test]
fn b24_null_for_every_optional_parameter() {
    let stub = stub();
    let mut server = server(&stub);
    let mut nulls = 0;
    for tool in listed(&stub) {
        let operation = tool["_meta"]["dev.mcpwright/operation"].as_str();
        if !operation.is_some_and(|operation| operation.starts_with("GET ")) {
            continue;
        }
        let required: Vec<&Value> = tool["inputSchema"]["required"]
            .as_array()
            .into_iter()
            .flatten()
            .collect();
        let mut arguments = json!({});
        for name in tool["inputSchema"]["properties"]
            .as_object()
            .into_iter()
            .flat_map(|all| all.keys())
        {
            let needed = required.iter().any(|required| **required == **name);
            nulls += usize::from(!needed);
            arguments[name] = if needed { json!(MARIA) } else { json!(null) };
        }
        let name = tool["name"].as_str().unwrap();
        let result = server.call(name, arguments);
        assert_ne!(result["isError"], true, "{name}: {result}");
        let [asked] = stub.asked().try_into().unwrap();
        assert!(!asked.uri.contains("null"), "{}", asked.uri);
    }
    assert!(nulls > 60, "{nulls}");
}

#[test]
fn e7_expected_a_uuid() {
    let stub = stub();
    let mut server = server(&stub);
    for (tool, arguments, place) in [
        ("get_contact", json!({"contact_id": "maria"}), "/contact_id"),
        ("get_organization", json!({"org_id": 7}), "/org_id"),
        // Row T9: no part of a path.
        (
            "get_contact",
            json!({"contact_id": "../auth/me"}),
            "/contact_id",
        ),
    ] {
        let text = said(&server.call(tool, arguments));
        assert!(
            text.contains(&format!("{place}: expected a UUID, got ")),
            "{text}"
        );
    }
    assert!(stub.asked().is_empty());
}

/// A call of a client that can ask a person; gives the result.
fn asking(server: &mut mcpwright_tests::Server, mut params: Value, id: u32) -> Value {
    params["_meta"] = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {"elicitation": {}},
    });
    server.send(&json!({"jsonrpc": "2.0", "id": id, "method": "tools/call", "params": params}));
    server.receive()["result"].take()
}

#[test]
fn f5_the_account_is_not_deleted_without_a_person() {
    let stub = stub();
    let mut server = server(&stub);
    for (index, (tool, line)) in [
        ("delete_account", "DELETE /api/v1/auth/me"),
        (
            "delete_2nd_tier_contacts",
            "DELETE /api/v1/contacts/2nd-tier",
        ),
    ]
    .into_iter()
    .enumerate()
    {
        // A client that cannot ask gets no token that a model could use by itself.
        let refused = server.call(tool, json!({}));
        assert_eq!(refused["isError"], true);
        assert!(
            said(&refused).contains("wants a person to be asked"),
            "{refused}"
        );
        assert!(!said(&refused).contains("confirm_token"), "{refused}");
        let id = 900 + u32::try_from(index).unwrap() * 10;
        let call = json!({"name": tool, "arguments": {}});
        let question = asking(&mut server, call.clone(), id);
        assert_eq!(question["resultType"], "input_required", "{question}");
        let message = &question["inputRequests"]["confirm"]["params"]["message"];
        assert!(message.as_str().unwrap().contains(line), "{message}");
        assert!(stub.asked().is_empty());
        let mut answered = call;
        answered["requestState"] = question["requestState"].clone();
        answered["inputResponses"] =
            json!({"confirm": {"action": "accept", "content": {"confirm": true}}});
        let done = asking(&mut server, answered, id + 1);
        assert_ne!(done["isError"], true, "{done}");
        let [asked] = stub.asked().try_into().unwrap();
        assert_eq!(asked.line(), line);
    }
}

#[test]
fn f6_a_message_is_previewed() {
    let stub = stub();
    let mut server = server(&stub);
    for (tool, arguments, shown) in [
        (
            "send_message",
            json!({"contact_id": MARIA, "channel": "email", "message": "See you at ten."}),
            "- message: See you at ten.",
        ),
        ("enrich_contact", json!({"contact_id": MARIA}), MARIA),
    ] {
        let text = said(&server.call(tool, arguments.clone()));
        assert!(
            text.contains("reaches people outside") && text.contains(shown),
            "{text}"
        );
        assert!(stub.asked().is_empty());
        let done = server.confirmed(tool, arguments);
        assert_ne!(done["isError"], true, "{done}");
        assert_eq!(stub.asked().len(), 1);
    }
}

/// What the vendor's document shows too.
pub(super) const ROWS: &[Row] = rows![
    a7_tools_list_has_all_tools,
    a8_instructions_name_the_tags,
    a10_toolset_of_two_tags,
    a13_read_only_has_the_six_read_tools,
    a17_whoami_is_get_current_user,
    b2_examples_validate,
    b8_absent_fields_are_not_sent,
    b9_null_on_tags_is_refused_with_the_remedy,
    b18_hot_is_refused_with_the_words,
    b20_defaults_are_said_and_not_sent,
    b24_null_for_every_optional_parameter,
    e7_expected_a_uuid,
    f5_the_account_is_not_deleted_without_a_person,
    f6_a_message_is_previewed,
];
