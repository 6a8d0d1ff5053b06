//! What settings change in results: what is never shown, and what is added to errors.

use super::message::message;
use super::secrets::REDACTED;
use super::{Content, ToolResult};
use crate::json::place::steps;
use crate::json::{Object, Value};
use crate::operation::Settled;
use crate::typed::Payload;
use crate::upstream::Reply;

/// Takes out of an answer what is never shown. Arrays on the way are passed through, and `*` is any index or name.
pub(crate) fn redact(settled: &Settled, value: &mut Value) {
    for place in settled.redact {
        let steps: Vec<String> = steps(place).collect();
        redact_at(&steps, value);
    }
}

fn redact_at(steps: &[String], value: &mut Value) {
    if let Value::Array(items) = value
        && let [first, rest @ ..] = steps
    {
        for item in items {
            // Whether `*` means the items or the names in them is open; what is never shown is hidden for both.
            if first == "*" {
                redact_at(rest, item);
            }
            redact_at(steps, item);
        }
        return;
    }
    match steps {
        [] if !value.is_null() => *value = Value::from(REDACTED),
        [first, rest @ ..] if first == "*" => {
            let inner = value.as_object_mut().into_iter();
            inner
                .flat_map(Object::values_mut)
                .for_each(|inner| redact_at(rest, inner));
        }
        [first, rest @ ..] => {
            if let Some(inner) = value.get_mut(first) {
                redact_at(rest, inner);
            }
        }
        [] => {}
    }
}

/// Adds the advice that fits a refusal of the service.
pub(crate) fn advised(settled: &Settled, mut result: ToolResult, reply: &Reply) -> ToolResult {
    if settled.advice.is_empty() {
        return result;
    }
    let said = message(&reply.payload).unwrap_or_default().to_lowercase();
    let there = |place: &str| match &reply.payload {
        Payload::Json(value) => value.pointer(place).is_some(),
        _ => false,
    };
    for advice in settled.advice {
        let fits = advice.null_at.is_empty()
            && (advice.status == 0 || advice.status == reply.status)
            && advice.body.is_none_or(there)
            && said.contains(advice.contains);
        if fits {
            add(&mut result, advice.text);
        }
    }
    result
}

fn add(result: &mut ToolResult, line: &str) {
    let first = result.content.iter_mut().find_map(|content| match content {
        Content::Text(text) => Some(text),
        _ => None,
    });
    match first {
        // A text may be JSON, which a line behind it would break.
        Some(text) if result.error.is_some() => {
            text.push('\n');
            text.push_str(line);
        }
        _ => result.content.push(Content::Text(line.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_never_shown_is_taken_out_of_records_and_lists() {
        let settled = Settled {
            redact: &["/data/hash", "/hash"],
            ..Settled::NONE
        };
        for (mut answer, shown) in [
            (
                json!({"data": {"hash": "x", "id": 1}}),
                json!({"data": {"hash": "[redacted]", "id": 1}}),
            ),
            (
                json!({"data": [{"hash": 7}, {"hash": null}]}),
                json!({"data": [{"hash": "[redacted]"}, {"hash": null}]}),
            ),
            (json!([{"hash": {"a": 1}}]), json!([{"hash": "[redacted]"}])),
            (json!({"hashes": "x"}), json!({"hashes": "x"})),
        ] {
            redact(&settled, &mut answer);
            assert_eq!(answer, shown);
        }
    }

    #[test]
    fn a_star_is_any_index_or_name() {
        let settled = Settled {
            redact: &["/data/*/hash"],
            ..Settled::NONE
        };
        let hidden = json!({"hash": "[redacted]", "id": 1});
        for (given, shown) in [
            (json!([{"hash": "x", "id": 1}]), json!([hidden])),
            (json!({"k": {"hash": "x", "id": 1}}), json!({"k": hidden})),
            (
                json!([{"k": {"hash": "x", "id": 1}}]),
                json!([{"k": hidden}]),
            ),
            (
                json!({"k": [{"hash": "x", "id": 1}]}),
                json!({"k": [hidden]}),
            ),
            (json!({"hash": "x"}), json!({"hash": "x"})),
            (json!(5), json!(5)),
        ] {
            let mut answer = json!({"data": given, "hash": 1});
            redact(&settled, &mut answer);
            assert_eq!(answer, json!({"data": shown, "hash": 1}));
        }
    }
}
