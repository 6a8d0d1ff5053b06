//! What operations take, send, give and say.

use serde_json::{Value, json};

use super::{id, server};
use crate::said;
use crate::stub::{Seen, Stub};
use crate::vendors::{Row, rows};

/// A service with one answer for everything.
fn always(status: u16, body: Value) -> Stub {
    Stub::start(move |_: &Seen| (status, body.clone()))
}

/// 41 contacts in pages of the size that is asked for.
fn contacts() -> Stub {
    Stub::start(|seen: &Seen| {
        let size = seen.body["pagination"]["pageSize"].as_u64().unwrap_or(10);
        let page = seen.body["pagination"]["page"].as_u64().unwrap_or(1);
        let contact = json!({
            "id": id(1), "firstName": "Ada", "lastName": "Byron", "notes": "Likes *tea*.",
            "createdAt": "2026-01-02T03:04:05.000Z", "deals": [{"id": id(7), "name": "Shop"}],
        });
        let pages = 41_u64.div_ceil(size);
        let pagination = json!({"total": 41, "page": page, "pageSize": size, "totalPages": pages});
        match seen.method.as_str() {
            "POST" => (200, json!({"items": [contact], "pagination": pagination})),
            _ => (200, json!({"contact": contact, "customColumns": []})),
        }
    })
}

#[test]
fn c3_rows_have_id_and_name() {
    let stub = contacts();
    let mut result = server(&stub).call("search_contacts", json!({}));
    let text = said(&result);
    assert!(text.contains("items[1]{id,firstName,lastName}:"), "{text}");
    assert!(text.contains("1 of 41"), "{text}");
    assert!(!text.contains("Likes"), "{text}");
    let row = json!({"id": id(1), "firstName": "Ada", "lastName": "Byron"});
    assert_eq!(result["structuredContent"]["items"].take(), json!([row]));
}

#[test]
fn c4_get_has_relations() {
    let stub = contacts();
    let result = server(&stub).call("get_contact", json!({"id": id(1)}));
    let contact = &result["structuredContent"]["contact"];
    assert_eq!(contact["deals"][0]["name"], "Shop");
    assert_eq!(contact["notes"], "Likes *tea*.");
    let text = said(&result);
    assert!(
        text.contains("Shop") && text.contains("Likes *tea*."),
        "{text}"
    );
}

#[test]
fn c9_toon_and_structured_content_agree() {
    let stub = contacts();
    let mut server = server(&stub);
    let result = server.call("search_contacts", json!({"fields": ["id", "createdAt"]}));
    let row = &result["structuredContent"]["items"][0];
    let [id, made] = ["id", "createdAt"].map(|name| row[name].as_str().unwrap());
    let text = said(&result);
    assert!(text.contains("items[1]{id,createdAt}:"), "{text}");
    assert!(text.contains(id), "{text}");
    // As the vendor's server does: people's dates in the text, the service's in the copy.
    assert_eq!(made, "2026-01-02T03:04:05.000Z");
    assert!(
        text.contains("\"2 Jan 2026, 03:04 UTC\"") && !text.contains(made),
        "{text}"
    );
}

#[test]
fn b25_iso_stays_in_structured_content() {
    let stub = contacts();
    let result = server(&stub).call("get_contact", json!({"id": id(1)}));
    let made = &result["structuredContent"]["contact"]["createdAt"];
    assert_eq!(made, "2026-01-02T03:04:05.000Z");
    // The text has it as people write it (row C9).
    assert!(said(&result).contains("2 Jan 2026, 03:04 UTC"), "{result}");
}

#[test]
fn c10_a_null_contact_is_not_found() {
    let stub = always(200, json!({"contact": null, "customColumns": []}));
    let mut server = server(&stub);
    let result = server.call("get_contact", json!({"id": id(1)}));
    assert_eq!(result["isError"], true);
    let text = said(&result);
    assert!(
        text.starts_with("Not found: get_contact gave no record"),
        "{text}"
    );
    let shown = always(
        200,
        json!({"contact": {"id": id(1)}, "customColumns": null}),
    );
    super::server(&shown).done("get_contact", json!({"id": id(1)}));
}

#[test]
fn d3_next_arguments_are_nested() {
    let stub = contacts();
    let mut server = server(&stub);
    for (given, next) in [
        (
            json!({}),
            json!({"pagination": {"page": 2, "pageSize": 10}}),
        ),
        (
            json!({"pagination": {"page": 1, "pageSize": 25}, "searchTerm": "ada"}),
            json!({"pagination": {"page": 2, "pageSize": 25}}),
        ),
    ] {
        let first = server.call("search_contacts", given.clone());
        assert_eq!(first["structuredContent"]["_next"], next, "{first}");
        // Copied over what was given, it is a call that is accepted.
        let mut following = given;
        following["pagination"] = next["pagination"].clone();
        server.done("search_contacts", following);
        assert_eq!(stub.asked()[1].body["pagination"], next["pagination"]);
    }
    let last = json!({"pagination": {"page": 5, "pageSize": 10}});
    let last = server.done("search_contacts", last);
    assert_eq!(last.get("_next"), None, "{last}");
}

#[test]
fn d4_page_size_20_is_answered_with_the_four() {
    let stub = contacts();
    let given = json!({"pagination": {"page": 1, "pageSize": 20}});
    let text = said(&server(&stub).call("search_contacts", given));
    assert!(
        text.contains(
            "- /pagination/pageSize: 20 is not an allowed value. Allowed: 5, 10, 25, 100."
        ),
        "{text}"
    );
    assert!(stub.asked().is_empty());
}

#[test]
fn b8_absent_fields_are_not_sent() {
    let stub = always(200, json!({"id": id(1)}));
    let given = json!({"id": id(1), "lastName": "King"});
    server(&stub).done("update_contact", given);
    let [asked] = stub.asked().try_into().unwrap();
    assert_eq!(asked.line(), format!("PUT /v1/contacts/{}", id(1)));
    assert_eq!(asked.body, json!({"lastName": "King"}));
}

#[test]
fn b10_null_on_deal_ids_names_link_contacts() {
    let stub = always(200, json!({"id": id(1)}));
    let mut server = server(&stub);
    for (tool, given, place) in [
        (
            "update_contact",
            json!({"id": id(1), "dealIds": null}),
            "/dealIds",
        ),
        (
            "update_contacts",
            json!({"contacts": [{"id": id(1), "dealIds": null}]}),
            "/contacts/0/dealIds",
        ),
    ] {
        let text = said(&server.call(tool, given));
        assert!(
            text.contains(&format!("- {place}: null is refused here.")),
            "{text}"
        );
    }
    assert!(stub.asked().is_empty());
    let text = said(&server.call("update_contact", json!({"id": id(1), "dealIds": null})));
    assert!(
        text.contains("[] clears all of them; link_contacts and unlink_contacts"),
        "{text}"
    );
    // `[]` clears all, as it says.
    server.done("update_contact", json!({"id": id(1), "dealIds": []}));
    assert_eq!(stub.asked()[0].body, json!({"dealIds": []}));
}

#[test]
fn b11_null_notes_reach_the_wire() {
    let stub = always(200, json!({"id": id(1)}));
    let mut server = server(&stub);
    for (field, value) in [
        ("notes", Value::Null),
        (
            "customFieldValues",
            json!([{"columnId": id(4), "value": null}]),
        ),
    ] {
        server.done("update_contact", json!({"id": id(1), field: value}));
        assert_eq!(stub.asked()[0].body, json!({field: value}));
    }
}

#[test]
fn b12_other_columns_stay() {
    let stub = always(200, json!({"id": id(1)}));
    let one = json!([{"columnId": id(4), "value": "blue"}]);
    let given = json!({"id": id(1), "customFieldValues": one});
    server(&stub).done("update_contact", given);
    // One column is sent, and the service keeps the others, as its document says.
    let [asked] = stub.asked().try_into().unwrap();
    assert_eq!(asked.body, json!({"customFieldValues": one}));
}

#[test]
fn b16_the_configuration_is_named() {
    let stub = always(400, json!("Invalid value for column Budget"));
    let given = json!({"id": id(1), "customFieldValues": [{"columnId": id(4), "value": "x"}]});
    let text = said(&server(&stub).call("update_contact", given));
    assert!(
        text.contains(
            "The column has another type than the value: the configuration of the entity lists"
        ),
        "{text}"
    );
}

#[test]
fn b23_101_contacts_are_refused() {
    let stub = always(200, json!([]));
    let mut server = server(&stub);
    let many = |count: usize| {
        let contact = json!({"firstName": "Ada", "lastName": "Byron"});
        json!({"contacts": vec![contact; count]})
    };
    for (count, expected) in [
        (101, "/contacts: expected at most 100 items, got 101"),
        (0, "/contacts: expected at least 1 item"),
    ] {
        let text = said(&server.call("create_contacts", many(count)));
        assert!(text.contains(expected), "{text}");
    }
    assert!(stub.asked().is_empty());
    server.call("create_contacts", many(100));
    assert_eq!(
        stub.asked()[0].body["contacts"].as_array().unwrap().len(),
        100
    );
}

#[test]
fn e2_the_prefix_is_not_doubled() {
    for (status, body, expected) in [
        (
            400,
            "Validation error: no such field",
            "Validation error: no such field (HTTP 400)",
        ),
        (
            400,
            "validation error:no such field",
            "Validation error: no such field (HTTP 400)",
        ),
        (
            400,
            "No such field",
            "Validation error: No such field (HTTP 400)",
        ),
        (
            400,
            "Validation errors",
            "Validation error: Validation errors (HTTP 400)",
        ),
        (
            403,
            "Permission denied",
            "Permission denied: Permission denied (HTTP 403)",
        ),
    ] {
        let stub = always(status, json!(body));
        let result = server(&stub).call("get_contact", json!({"id": id(1)}));
        assert!(said(&result).starts_with(expected), "{result}");
    }
}

#[test]
fn e3_two_problems_one_answer() {
    let stub = always(200, json!({"id": id(1)}));
    let text = said(&server(&stub).call("create_deal", json!({"organizationIds": ["acme"]})));
    for part in [
        "- /name: is required and missing",
        "- /organizationIds/0: expected a UUID, got \"acme\"",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert!(stub.asked().is_empty());
}

#[test]
fn e4_a_bare_string_is_the_message() {
    for (status, prefix) in [
        (400, "Validation error"),
        (401, "Auth error"),
        (403, "Permission denied"),
        (500, "Upstream error"),
    ] {
        let stub = always(status, json!("What the service said"));
        let result = server(&stub).call("get_contact", json!({"id": id(1)}));
        assert_eq!(result["isError"], true);
        let expected = format!("{prefix}: What the service said (HTTP {status})");
        assert!(said(&result).starts_with(&expected), "{result}");
    }
}

#[test]
fn e6_the_configuration_is_named() {
    let stub = always(400, json!("Unknown filter field color"));
    let filters = json!([{"field": "color", "operator": "equals", "value": "red"}]);
    let text = said(&server(&stub).call("search_contacts", json!({"filters": filters})));
    assert!(
        text.contains(
            "The configuration of the entity lists the fields and the operators that each takes."
        ),
        "{text}"
    );
}

#[test]
fn f7_the_preview_names_tool_and_ids() {
    let stub = always(200, json!([id(1), id(2)]));
    let mut server = server(&stub);
    let given = json!({"ids": [id(1), id(2)]});
    let text = said(&server.call("delete_contacts", given.clone()));
    for part in [
        "(delete_contacts)",
        "DELETE /v1/contacts/many",
        &id(1),
        &id(2),
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert!(stub.asked().is_empty());
    let done = server.confirmed("delete_contacts", given.clone());
    assert_ne!(done["isError"], true, "{done}");
    let [asked] = stub.asked().try_into().unwrap();
    assert_eq!(
        (asked.line().as_str(), asked.body),
        ("DELETE /v1/contacts/many", given)
    );
}

#[test]
fn a17_whoami_is_get_current_user() {
    let stub = always(200, json!({"id": id(1), "email": "ada@example.com"}));
    let mut server = server(&stub);
    let instructions = server.request("server/discover", json!({}))["instructions"].take();
    let instructions = instructions.as_str().unwrap();
    assert!(
        instructions.contains("get_current_user says who you work for."),
        "{instructions}"
    );
    server.done("get_current_user", json!({}));
    assert_eq!(stub.asked()[0].line(), "GET /v1/users/me");
}

#[test]
fn a10_toolset_deals_has_nine_operations() {
    let stub = always(200, json!({}));
    let key = "a".repeat(64);
    let mut server = stub.server("customermates", &[("API_KEY", &key), ("VIEW", "x/deals")]);
    let listed = server.request("tools/list", json!({}));
    let tools = listed["tools"].as_array().unwrap();
    let is_operation = |tool: &&Value| tool["_meta"].get("dev.mcpwright/operation").is_some();
    let operations: Vec<&str> = tools
        .iter()
        .filter(is_operation)
        .map(|tool| tool["_meta"]["dev.mcpwright/operation"].as_str().unwrap())
        .collect();
    assert_eq!(operations.len(), 9, "{operations:?}");
    assert!(
        operations.iter().all(|one| one.contains(" /v1/deals")),
        "{operations:?}"
    );
    assert!(
        tools.len() > 9,
        "link, unlink, append and count are beside them"
    );
}

#[test]
fn a8_instructions_name_six_groups() {
    let stub = always(200, json!({}));
    let discovered = server(&stub).request("server/discover", json!({}));
    let instructions = discovered["instructions"].as_str().unwrap();
    for group in [
        "contacts",
        "organizations",
        "deals",
        "services",
        "tasks",
        "users",
    ] {
        assert!(
            instructions.contains(&format!("\n- {group}: ")),
            "{group}: {instructions}"
        );
    }
}

#[test]
fn f13_instructions_say_ask_first() {
    let stub = always(200, json!({}));
    let discovered = server(&stub).request("server/discover", json!({}));
    let opener: String = discovered["instructions"]
        .as_str()
        .unwrap()
        .chars()
        .take(512)
        .collect();
    for part in [
        "never guess ids",
        "Ask the person before anything is deleted, sent or paid.",
    ] {
        assert!(opener.contains(part), "{part} in {opener}");
    }
}

/// What the vendor's document shows too.
pub(super) const ROWS: &[Row] = rows![
    c3_rows_have_id_and_name,
    c4_get_has_relations,
    c9_toon_and_structured_content_agree,
    b25_iso_stays_in_structured_content,
    c10_a_null_contact_is_not_found,
    d3_next_arguments_are_nested,
    d4_page_size_20_is_answered_with_the_four,
    b8_absent_fields_are_not_sent,
    b10_null_on_deal_ids_names_link_contacts,
    b11_null_notes_reach_the_wire,
    b12_other_columns_stay,
    b16_the_configuration_is_named,
    b23_101_contacts_are_refused,
    e2_the_prefix_is_not_doubled,
    e3_two_problems_one_answer,
    e4_a_bare_string_is_the_message,
    e6_the_configuration_is_named,
    f7_the_preview_names_tool_and_ids,
    a17_whoami_is_get_current_user,
    a10_toolset_deals_has_nine_operations,
    a8_instructions_name_six_groups,
    f13_instructions_say_ask_first,
];
