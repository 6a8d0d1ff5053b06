//! Answers with a 2xx status whose body says that nothing came of the request: Slack's `ok`, JSend,
//! GraphQL, envelopes of `data` and `error`, and the `success` and `error` flags of many others (ADR 0014).

use super::message::said;
use crate::json::{Object, Value};
use crate::operation::OperationDef;

/// Keys of JSend, of which a failure has no others; a record with a status of its own has.
const JSEND: [&str; 4] = ["status", "message", "code", "data"];
/// Keys of an envelope whose `data` is null exactly if its `error` says why.
const EITHER: [&str; 3] = ["data", "error", "meta"];

/// Keys of an envelope whose boolean `status` says whether it worked; a record has others.
const FLAGGED: [&str; 12] = [
    "status",
    "message",
    "msg",
    "error",
    "errors",
    "code",
    "status_code",
    "statusCode",
    "error_code",
    "data",
    "result",
    "results",
];

/// What a body says of its failure; `None` for what may be data. Three things have to come together: a
/// flag, a reason, and nothing that was asked for.
pub(crate) fn failure(operation: &OperationDef, body: &Value) -> Option<String> {
    let Value::Object(object) = body else {
        return None;
    };
    let is_empty = |key: &&str| match object.get(*key) {
        None | Some(Value::Null) => true,
        Some(Value::Array(items)) => items.is_empty(),
        Some(Value::Object(inner)) => inner.is_empty(),
        Some(_) => false,
    };
    let nothing = ["data", "result", "results", "id"].iter().all(is_empty);
    if nothing && (is_flagged(object) || has_failed(operation, object)) {
        said(body)
    } else {
        None
    }
}

fn is_flagged(object: &Object) -> bool {
    let is = |key: &str, flag: bool| object.get(key) == Some(&Value::Bool(flag));
    let status = object.get("status").and_then(Value::as_str);
    let jsend = matches!(status, Some("error" | "fail"))
        && object.keys().all(|key| JSEND.contains(&key.as_str()));
    let errors = object.get("errors").and_then(Value::as_array);
    // GraphQL (October 2021 §7.1): `errors`, `data` and `extensions` alone.
    let graphql = errors.is_some_and(|errors| !errors.is_empty())
        && object
            .keys()
            .all(|key| matches!(key.as_str(), "errors" | "data" | "extensions"));
    // A record may have an `error` in words, and is no envelope with `data` that is null.
    let either = object.get("data") == Some(&Value::Null)
        && object.contains_key("error")
        && object.keys().all(|key| EITHER.contains(&key.as_str()));
    is("ok", false) || is("success", false) || is("error", true) || jsend || graphql || either
}

/// Whether `status` is false beside nothing but what envelopes have, and is not what was asked about or set.
fn has_failed(operation: &OperationDef, object: &Object) -> bool {
    let is_envelope = object.get("status") == Some(&Value::Bool(false))
        && object.keys().all(|key| FLAGGED.contains(&key.as_str()));
    if !is_envelope {
        return false;
    }
    let declared = |schema: &str| -> Option<Object> {
        let schema: Object = serde_json::from_str(schema).ok()?;
        schema.get("properties")?.as_object().cloned()
    };
    // An update of a status gives it back.
    let is_set = declared(operation.input_schema).is_some_and(|all| all.contains_key("status"))
        || operation.tool.split('_').any(|word| word == "status");
    // A read that gives nothing else asks for it.
    let is_read = !operation.writes()
        && declared(operation.output_schema).is_some_and(|all| {
            let others = ["data", "result", "results", "error", "errors"];
            all.contains_key("status")
                && all.keys().all(|key| FLAGGED.contains(&key.as_str()))
                && !others.iter().any(|key| all.contains_key(*key))
        });
    !is_set && !is_read
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_failure_has_a_flag_a_reason_and_no_data() {
        for (body, expected) in [
            (
                json!({"ok": false, "error": "channel_not_found"}),
                Some("channel_not_found"),
            ),
            (
                json!({"success": false, "message": "No such lead"}),
                Some("No such lead"),
            ),
            (
                json!({"error": true, "message": "No such lead", "data": null}),
                Some("No such lead"),
            ),
            (
                json!({"error": true, "msg": "No", "data": [], "meta": {"page": 1}}),
                Some("No"),
            ),
            (
                json!({"status": "error", "message": "Broken", "code": 7}),
                Some("Broken"),
            ),
            (
                json!({"errors": [{"message": "Bad field"}], "data": null}),
                Some("Bad field"),
            ),
            (
                json!({"success": false, "errors": {"name": ["is taken"]}}),
                Some("name: is taken"),
            ),
            (
                json!({"data": null, "error": "Still counting", "meta": null}),
                Some("Still counting"),
            ),
            (
                json!({"data": null, "error": {"code": 7, "message": "Broken"}}),
                Some("Broken"),
            ),
            // Data, whatever its words.
            (json!({"data": null, "error": null, "meta": null}), None),
            (json!({"data": null, "error": ""}), None),
            (json!({"data": {"id": 1}, "error": "partly"}), None),
            (json!({"data": null, "error": "none", "job": 7}), None),
            (json!({"success": true, "message": "Saved"}), None),
            (json!({"success": false}), None),
            (
                json!({"ok": false, "error": "partly", "data": [{"id": 1}]}),
                None,
            ),
            (
                json!({"id": 5, "success": false, "message": "Bounced"}),
                None,
            ),
            (
                json!({"status": "error", "message": "Broken", "job": 7}),
                None,
            ),
            (json!({"status": "active", "message": "Hi"}), None),
            (json!({"error": "a description", "message": "x"}), None),
            (
                json!({"errors": [{"message": "x"}], "data": {"lead": {}}}),
                None,
            ),
            (json!({"errors": [], "data": null}), None),
            (json!({"errors": [{"message": "x"}], "checked": 5}), None),
            (json!([{"ok": false, "error": "x"}]), None),
            (json!("ok"), None),
        ] {
            let found = failure(&OperationDef::DEFAULT, &body);
            assert_eq!(found.as_deref(), expected, "{body}");
        }
    }

    #[test]
    fn a_status_that_is_false_is_a_failure_unless_it_is_what_was_asked_about() {
        use crate::operation::{Hints, Risk};

        const GET: OperationDef = OperationDef {
            tool: "get_customer",
            output_schema: r#"{"type":"object","properties":{"status":{"type":"boolean"},"message":{"type":"string"},"data":{"type":"object"}}}"#,
            ..OperationDef::DEFAULT
        };
        const HEALTH: OperationDef = OperationDef {
            tool: "get_health",
            output_schema: r#"{"type":"object","properties":{"status":{"type":"boolean"},"message":{"type":"string"}}}"#,
            ..OperationDef::DEFAULT
        };
        const DELETE: OperationDef = OperationDef {
            tool: "delete_customer",
            risk: Risk::Destructive,
            hints: Hints {
                read_only: false,
                ..Hints::READ
            },
            ..HEALTH
        };
        const UPDATE: OperationDef = OperationDef {
            tool: "update_task",
            input_schema: r#"{"type":"object","properties":{"status":{"type":"boolean"}}}"#,
            ..DELETE
        };
        const CHANGE: OperationDef = OperationDef {
            tool: "change_task_status",
            ..DELETE
        };
        let no = json!({"status": false, "message": "Customer not found"});
        for (operation, body, expected) in [
            (GET, no.clone(), true),
            (
                GET,
                json!({"status": false, "error": "No", "data": []}),
                true,
            ),
            (GET, json!({"status": false}), false),
            (GET, json!({"status": true, "message": "Found"}), false),
            (
                GET,
                json!({"status": false, "message": "Archived", "name": "Acme"}),
                false,
            ),
            (
                GET,
                json!({"status": false, "message": "x", "data": {"id": 1}}),
                false,
            ),
            (GET, json!({"status": 0, "message": "x"}), false),
            (HEALTH, no.clone(), false),
            (DELETE, no.clone(), true),
            (UPDATE, no.clone(), false),
            (CHANGE, no, false),
        ] {
            let found = failure(&operation, &body);
            assert_eq!(found.is_some(), expected, "{}: {body}", operation.tool);
        }
    }
}
