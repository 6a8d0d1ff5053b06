//! Each rule of the argument check in one table, and the standard's own judgement as an oracle.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod forms;
mod large;
mod messages;
mod oracle;
mod wire_names;

use mcpwright_runtime::arguments::{Nulls, check_with};
use mcpwright_runtime::json::{Object, Value};
use serde_json::json;

fn object(value: Value) -> Object {
    match value {
        Value::Object(object) => object,
        other => panic!("{other} is no object"),
    }
}

/// Checks `{"v": value}` against a schema for `v`; gives the value or the first message.
fn check(schema: Value, value: Value) -> Result<Value, String> {
    let root = object(
        json!({"type": "object", "properties": {"v": schema}, "additionalProperties": false}),
    );
    check_with(&root, Nulls::At(&[]), object(json!({"v": value})))
        .map(|object| object.get("v").cloned().unwrap_or_default())
        .map_err(|problems| format!("{} {}", problems[0].pointer, problems[0].message))
}
