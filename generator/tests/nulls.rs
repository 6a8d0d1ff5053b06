//! Where null is a value that is sent: where the schema says so, and in a merge patch for each member
//! that can be removed (RFC 7396).

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

use mcpwright::ir::{Operation, Presence};
use mcpwright::{Config, Generated};
use serde_json::{Value, json};

fn generate(method: &str, operation: &Value) -> Generated {
    let mut operation = operation.clone();
    let object = operation.as_object_mut().unwrap();
    object.insert("operationId".to_owned(), json!("changeLead"));
    object.insert(
        "responses".to_owned(),
        json!({"204": {"description": "ok"}}),
    );
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "Leads", "version": "1"},
        "servers": [{"url": "https://crm.example.com"}],
        "paths": {"/leads": {method: operation}},
    });
    Config::new()
        .spec_str("leads.json", &document.to_string())
        .generate()
        .unwrap_or_else(|error| panic!("{error}"))
}

fn only(generated: &Generated) -> &Operation {
    &generated.api.groups[0].operations[0]
}

fn patch(media_type: &str, schema: &Value) -> Generated {
    let body = json!({"required": true, "content": {media_type: {"schema": schema}}});
    generate("patch", &json!({"requestBody": body}))
}

const MERGE: &str = "application/merge-patch+json";

#[test]
fn null_removes_every_member_of_a_merge_patch_that_need_not_be_there() {
    let line = json!({"type": "object", "properties": {"note": {"type": "string"}, "tax": {"type": ["number", "null"]}}});
    let schema = json!({
        "type": "object",
        "required": ["name", "nick"],
        "properties": {
            "name": {"type": "string"},
            "nick": {"type": ["string", "null"]},
            "phone": {"type": "string"},
            "id": {"type": "string", "readOnly": true},
            "address": {"type": "object", "required": ["city"], "properties": {
                "city": {"type": "string"}, "zip": {"type": "string"},
            }},
            "custom": {"type": "object", "additionalProperties": {"type": "string"}},
            // An array is replaced as a whole: a null in it is not the removal of anything.
            "lines": {"type": "array", "items": line},
        },
        "additionalProperties": {"type": "integer"},
    });
    let removable = [
        "/nick",
        "/phone",
        "/address",
        "/address/zip",
        "/custom",
        "/custom/*",
        "/lines",
        "/lines/*/tax",
        "/additional_fields/*",
    ];
    for media_type in [
        MERGE,
        "Application/Merge-Patch+JSON; charset=utf-8",
        "application/vnd.crm.merge-patch+json",
    ] {
        let generated = patch(media_type, &schema);
        let operation = only(&generated);
        assert_eq!(operation.nullable, removable, "{media_type}");
        // The type stays plain (ADR 0005), and the model is told.
        assert_eq!(
            operation.input_schema["properties"]["phone"],
            json!({"type": "string"})
        );
        assert!(
            operation.description.contains("`null` removes a field"),
            "{}",
            operation.description
        );
        let presence = |name: &str| {
            let mut fields = operation.fields.iter();
            fields.find(|field| field.name == name).unwrap().presence
        };
        assert_eq!(presence("name"), Presence::Required);
        assert_eq!(presence("nick"), Presence::Nullable);
        assert_eq!(presence("phone"), Presence::OptionalNullable);
    }
}

#[test]
fn null_removes_nothing_from_another_kind_of_body() {
    let schema = json!({"type": "object", "properties": {"phone": {"type": "string"}}});
    for media_type in ["application/json", "application/json-patch+json"] {
        let generated = patch(media_type, &schema);
        let operation = only(&generated);
        assert!(operation.nullable.is_empty(), "{media_type}");
        assert!(!operation.description.contains("null"), "{media_type}");
    }
}

#[test]
fn a_merge_patch_in_one_argument_can_remove_members_and_is_no_null_itself() {
    let form = |name: &str| json!({"type": "object", "required": ["kind"], "properties": {"kind": {"enum": [name]}, name: {"type": "string"}}});
    let generated = patch(MERGE, &json!({"oneOf": [form("a"), form("b")]}));
    assert_eq!(only(&generated).nullable, ["/body/a", "/body/b"]);
}

#[test]
fn null_is_a_value_in_parameters_whose_content_is_json() {
    let schema = json!({"type": ["object", "null"], "properties": {
        "owner": {"type": ["string", "null"]}, "city": {"type": "string"},
    }});
    let parameter = |rest: Value| {
        let mut parameter = json!({"name": "filter", "in": "query"});
        let members = rest.as_object().unwrap().clone();
        parameter.as_object_mut().unwrap().extend(members);
        generate("get", &json!({"parameters": [parameter]}))
    };
    let as_json = parameter(json!({"content": {"application/json": {"schema": schema}}}));
    assert_eq!(only(&as_json).nullable, ["/filter", "/filter/owner"]);
    assert_eq!(
        only(&as_json).fields[0].presence,
        Presence::OptionalNullable
    );
    // No style has a form for null (RFC 6570 §2.3).
    let styled = parameter(json!({"style": "deepObject", "schema": schema}));
    assert!(only(&styled).nullable.is_empty());
    assert_eq!(only(&styled).fields[0].presence, Presence::Optional);
}

/// Row B10: a list of related records takes null for no clear word in an update. What is no such list, or no
/// update, or where null means something by definition, keeps it.
#[test]
fn b10_null_on_lists_of_related_records_is_refused_in_updates() {
    let list = |items: Value| json!({"type": ["array", "null"], "items": items});
    let uuid = || json!({"type": "string", "format": "uuid"});
    let schema = json!({"type": "object", "properties": {
        "dealIds": list(json!({"type": "string"})),
        "tag_ids": list(json!({"type": "integer"})),
        "reviewers": {"anyOf": [{"type": "array", "items": uuid()}, {"type": "null"}]},
        "leads": list(json!({"type": "integer"})),
        "assigned_to": list(json!({"type": "integer"})),
        "records": {"type": "array", "items": {"type": "object", "properties": {
            "ownerIds": list(uuid()), "note": {"type": ["string", "null"]},
        }}},
        "services": list(json!({"type": "object", "required": ["leadId"], "properties": {
            "leadId": uuid(), "quantity": {"type": "number"},
        }})),
        "owners": list(json!({"type": "object", "required": ["id"], "properties": {"id": uuid()}})),
        // What their objects name is no record of this service, or not said by id.
        "taxes": list(json!({"type": "object", "required": ["countyId"], "properties": {"countyId": uuid()}})),
        "steps": list(json!({"type": "object", "properties": {"id": uuid(), "text": {"type": "string"}}})),
        // No ids, or never null.
        "scores": list(json!({"type": "integer"})),
        "labels": list(json!({"type": "string"})),
        "userIds": {"type": "array", "items": uuid()},
        "dealId": {"type": ["string", "null"], "format": "uuid"},
    }});
    let related = [
        "/dealIds",
        "/tag_ids",
        "/reviewers",
        "/leads",
        "/assigned_to",
        "/records/*/ownerIds",
        "/services",
        "/owners",
    ];
    for (method, media_type, is_refused) in [
        ("patch", "application/json", true),
        ("put", "application/json", true),
        ("post", "application/json", false),
        ("patch", MERGE, false),
    ] {
        let body = json!({"required": true, "content": {media_type: {"schema": schema}}});
        let generated = generate(method, &json!({"requestBody": body}));
        let operation = only(&generated);
        let refused = &operation.settled.null_refused;
        let presence = operation.fields.iter().find(|one| one.name == "dealIds");
        let codes = generated.report.diagnostics.iter();
        let told = codes.filter(|one| one.code.id() == "E0530").count();
        if is_refused {
            assert_eq!(refused, &related, "{method} {media_type}");
            assert_eq!(presence.unwrap().presence, Presence::Optional);
            assert_eq!(
                operation.nullable,
                [
                    "/records/*/note",
                    "/taxes",
                    "/steps",
                    "/scores",
                    "/labels",
                    "/dealId"
                ]
            );
        } else {
            assert!(refused.is_empty(), "{method} {media_type}: {refused:?}");
            assert_eq!(presence.unwrap().presence, Presence::OptionalNullable);
        }
        assert_eq!(told, usize::from(is_refused), "{method} {media_type}");
    }
}

/// Row B11: the operator knows what null does there.
#[test]
fn b11_settings_undo_what_was_inferred_of_null() {
    let schema = json!({"type": "object", "properties": {
        "dealIds": {"type": ["array", "null"], "items": {"type": "string"}},
    }});
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "Leads", "version": "1"},
        "servers": [{"url": "https://crm.example.com"}],
        "paths": {"/leads": {"put": {
            "operationId": "changeLead",
            "requestBody": {"required": true, "content": {"application/json": {"schema": schema}}},
            "responses": {"204": {"description": "ok"}},
        }}},
    });
    for (policy, refused, sent) in [
        ("clear", vec![], vec!["/dealIds".to_owned()]),
        ("omit", vec![], vec![]),
        ("reject", vec!["/dealIds".to_owned()], vec![]),
    ] {
        let settings = format!(
            "[[operation]]\nselect = \"changeLead\"\n[operation.fields.dealIds]\nnull = \"{policy}\"\n"
        );
        let generated = Config::new()
            .spec_str("leads.json", &document.to_string())
            .settings(&settings)
            .generate()
            .unwrap();
        let operation = only(&generated);
        assert_eq!(operation.settled.null_refused, refused, "{policy}");
        assert_eq!(operation.nullable, sent, "{policy}");
    }
}
