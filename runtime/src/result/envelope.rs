//! Answers with a 2xx status whose body says that nothing came of the request: Slack's `ok`, JSend,
//! GraphQL, envelopes of `data` and `error`, and the `success` and `error` flags of many others (ADR 0014).

use super::message::said;
use crate::json::{Object, Value};

/// Keys of JSend, of which a failure has no others; a record with a status of its own has.
const JSEND: [&str; 4] = ["status", "message", "code", "data"];
/// Keys of an envelope whose `data` is null exactly if its `error` says why.
const EITHER: [&str; 3] = ["data", "error", "meta"];

/// What a body says of its failure; `None` for what may be data. Three things have to come together: a
/// flag, a reason, and nothing that was asked for.
pub(crate) fn failure(body: &Value) -> Option<String> {
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
    if nothing && is_flagged(object) {
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
            assert_eq!(failure(&body).as_deref(), expected, "{body}");
        }
    }
}
