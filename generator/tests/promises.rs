//! What a document asks of requests, tool schemas ask for too, however the document says it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

use mcpwright::ir::Operation;
use mcpwright::{Config, Generated};
use serde_json::{Value, json};

/// `/leads` with one operation that has these members.
fn generate(method: &str, mut members: Value) -> Generated {
    members["operationId"] = json!("doLeads");
    members["responses"] = json!({"204": {"description": "ok"}});
    let get = json!({"operationId": "other", "responses": {"204": {"description": "ok"}}});
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "Leads", "version": "1"},
        "servers": [{"url": "https://crm.example.com"}],
        "paths": {"/leads": {method: members}, "/others": {"get": get}},
    });
    Config::new()
        .spec_str("leads.json", &document.to_string())
        .generate()
        .unwrap_or_else(|error| panic!("{error}"))
}

fn leads(generated: &Generated) -> Option<&Operation> {
    generated.api.operations().find(|one| one.path == "/leads")
}

fn schema(method: &str, members: Value) -> Value {
    leads(&generate(method, members))
        .unwrap()
        .input_schema
        .clone()
}

fn body(media: &str, schema: &Value) -> Value {
    json!({"requestBody": {"required": true, "content": {media: {"schema": schema}}}})
}

#[test]
fn names_that_are_required_and_not_declared_have_to_be_given() {
    let inner =
        json!({"type": "object", "required": ["x"], "properties": {"y": {"type": "integer"}}});
    let made = schema(
        "post",
        body(
            "application/json",
            &json!({"required": ["name", "in"], "properties": {"in": inner}}),
        ),
    );
    assert_eq!(made["required"], json!(["in", "name"]));
    assert_eq!(made["properties"]["in"]["required"], json!(["x"]));
    assert!(
        made["properties"]["in"]["properties"]["x"]
            .get("type")
            .is_none()
    );
}

#[test]
fn a_name_that_another_part_declares_keeps_its_schema() {
    let declares = json!({"properties": {"a": {"type": "integer"}}});
    for whole in [
        json!({"type": "object", "required": ["a"], "oneOf": [declares, {"properties": {"b": {}}}]}),
        json!({"type": "object", "properties": {"a": {"type": "integer"}},
            "oneOf": [{"type": "object", "required": ["a"]}, {"properties": {"b": {}}}]}),
    ] {
        let made = schema("post", body("application/json", &whole));
        let text = made.to_string();
        assert!(!text.contains("but not what it is"), "{text}");
        assert!(text.contains(r#""required":["a"]"#), "{text}");
    }
}

#[test]
fn what_is_required_and_puts_nothing_on_the_wire_when_empty_is_not_empty() {
    let array = json!({"type": "array", "items": {"type": "string"}});
    let object = json!({"type": "object", "properties": {"a": {}}});
    for (schema_of, required, keyword, expected) in [
        (&array, true, "minItems", json!(1)),
        (&array, false, "minItems", Value::Null),
        (&object, true, "minProperties", json!(1)),
    ] {
        let parameter =
            json!({"name": "p", "in": "query", "required": required, "schema": schema_of});
        let made = schema("get", json!({"parameters": [parameter]}));
        assert_eq!(made["properties"]["p"][keyword], expected, "{schema_of}");
    }
    let form = json!({"type": "object", "required": ["p"], "properties": {"p": array}});
    for (media, expected) in [
        ("application/x-www-form-urlencoded", json!(1)),
        ("application/json", Value::Null),
    ] {
        let made = schema("post", body(media, &form));
        assert_eq!(made["properties"]["p"]["minItems"], expected, "{media}");
    }
    let made = schema("post", body("multipart/form-data", &json!({})));
    let made = &made["properties"]["body"];
    assert_eq!(
        (&made["type"], &made["minProperties"]),
        (&json!("object"), &json!(1))
    );
}

#[test]
fn a_body_with_a_least_number_of_properties_asks_for_as_many_arguments() {
    let update = json!({"type": "object", "minProperties": 1, "properties": {"a": {}, "b": {}}});
    let id = |required: bool| json!({"name": "id", "in": "query", "required": required, "schema": {"type": "string"}});
    let mut members = body("application/json", &update);
    assert_eq!(schema("patch", members.clone())["minProperties"], 1);
    members["parameters"] = json!([id(true)]);
    assert_eq!(schema("patch", members.clone())["minProperties"], 2);
    // Where something else is optional, the number of arguments says nothing of the body.
    members["parameters"] = json!([id(false)]);
    let made = schema("patch", members);
    assert_eq!(made.get("minProperties"), None);
    assert_eq!(made["properties"]["body"]["minProperties"], 1);
    let open = json!({"type": "object", "minProperties": 1, "properties": {"a": {}}, "additionalProperties": true});
    let made = schema("patch", body("application/json", &open));
    assert_eq!(made["properties"]["additional_fields"]["minProperties"], 1);
    // A required name is enough.
    let named = json!({"type": "object", "minProperties": 1, "required": ["a"], "properties": {"a": {}, "b": {}}});
    assert_eq!(
        schema("patch", body("application/json", &named)).get("minProperties"),
        None
    );
}

#[test]
fn patterns_that_cannot_be_checked_are_told() {
    let text = json!({"type": "string", "pattern": "^(?!-)[a-z-]+$"});
    let parameter = json!({"name": "p", "in": "query", "description": "A domain", "schema": text});
    let made = schema("get", json!({"parameters": [parameter]}));
    let expected = json!({
        "description": "A domain. Matches `^(?!-)[a-z-]+$`.",
        "type": "string",
        "x-pattern": "^(?!-)[a-z-]+$",
    });
    assert_eq!(made["properties"]["p"], expected);
}

#[test]
fn headers_that_no_argument_can_set_are_constant_or_leave_the_operation_out() {
    let header = |name: &str, schema: Value, required: bool| json!({"parameters": [{"name": name, "in": "header", "required": required, "schema": schema}]});
    let get = json!({"type": "string", "enum": ["GET"]});
    let delete = json!({"type": "string", "enum": ["DELETE"]});
    for (method, members, constant) in [
        (
            "post",
            header("X-HTTP-Method-Override", get.clone(), true),
            Some(Some("GET")),
        ),
        (
            "patch",
            header("X-Method-Override", json!({"const": "PATCH"}), true),
            Some(Some("PATCH")),
        ),
        ("post", header("X-HTTP-Method-Override", delete, true), None),
        (
            "post",
            header("X-HTTP-Method-Override", json!({"type": "string"}), true),
            None,
        ),
        ("post", header("X-Original-URL", get.clone(), true), None),
        (
            "get",
            header("Cookie", json!({"type": "string"}), true),
            None,
        ),
        (
            "get",
            header("Cookie", json!({"type": "string"}), false),
            Some(None),
        ),
        (
            "get",
            header("Accept", json!({"type": "string"}), true),
            Some(None),
        ),
    ] {
        let generated = generate(method, members.clone());
        let sent = leads(&generated).map(|one| {
            let parameter = one.parameters.first();
            parameter.and_then(|one| one.constant.as_deref())
        });
        assert_eq!(sent, constant, "{method} {members}");
        let left_out = generated
            .api
            .exclusions
            .iter()
            .any(|one| one.path == "/leads");
        assert_eq!(left_out, constant.is_none(), "{method} {members}");
    }
}
