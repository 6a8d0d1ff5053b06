//! Answers that are other than the document says they are: what they say reaches a model in both forms, and what
//! they do not say is told.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use mcpwright_runtime::json::Object;
use mcpwright_runtime::operation::*;
use mcpwright_runtime::result::{Asked, Format, ToolResult, success};
use mcpwright_runtime::typed::Payload;
use serde_json::{Value, json};

const LIST: OperationDef = OperationDef {
    tool: "list_invoices",
    path: "/invoices",
    accept: &["application/json"],
    answer: Some(Answer {
        records: "/data",
        list: true,
        columns: &["id", "number", "status"],
        selectable: true,
        ..Answer::DEFAULT
    }),
    ..OperationDef::DEFAULT
};

const CREATE: OperationDef = OperationDef {
    tool: "create_invoice",
    method: "POST",
    path: "/invoices",
    accept: &["application/json"],
    risk: Risk::Write,
    hints: Hints {
        read_only: false,
        destructive: false,
        idempotent: false,
        open_world: false,
    },
    answer: Some(Answer {
        records: "/data",
        ..Answer::DEFAULT
    }),
    ..OperationDef::DEFAULT
};

fn object(value: Value) -> Object {
    value.as_object().unwrap().clone()
}

/// The schema of one invoice, or of a list of them, in `data`.
fn schema(is_list: bool) -> Object {
    let one = json!({"type": "object", "properties": {"id": {"type": "integer"}, "number": {"type": "string"},
        "status": {"type": "integer"}, "due": {"type": "string"}}});
    let data = match is_list {
        true => json!({"type": "array", "items": one}),
        false => one,
    };
    object(json!({"type": "object", "properties": {"data": data}}))
}

fn shown(operation: &OperationDef, status: u16, payload: Payload) -> ToolResult {
    let asked = Asked {
        format: Format::Markdown,
        ..Asked::default()
    };
    let schema = schema(operation.answer.unwrap().list);
    success(operation, Some(&schema), status, payload, &asked)
}

/// Row C1.
#[test]
fn c1_numbers_that_come_as_texts_stand_in_both_forms() {
    let row = json!({"id": "7", "number": 26, "status": "4"});
    let listed = shown(&LIST, 200, Payload::Json(json!({"data": [row]})));
    assert!(listed.to_text().contains("|7|26|4|"), "{listed:?}");
    let structured = listed.structured.unwrap();
    assert_eq!(structured, json!({"data": [{"id": 7, "number": "26", "status": 4}]}));
    let made = shown(&CREATE, 201, Payload::Json(json!({"data": {"id": "26"}})));
    assert_eq!(made.structured, Some(json!({"data": {"id": 26}})));
}

/// Row C1.
#[test]
fn c1_what_the_structured_copy_cannot_have_is_said_in_both_forms() {
    let body = json!({"data": {"id": 7, "status": "overdue"}});
    let made = shown(&CREATE, 201, Payload::Json(body));
    let said = "The answer differs from the service's own description; left out of the structured copy: /data/status: expected integer, got string";
    assert_eq!(
        made.to_text(),
        format!("{{\"id\":7,\"status\":\"overdue\"}}\n[{said}]")
    );
    assert_eq!(
        made.structured,
        Some(json!({"data": {"id": 7}, "_notes": [said]}))
    );
}
