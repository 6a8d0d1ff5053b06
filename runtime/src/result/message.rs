//! What a service says of an error, from the shapes in which services say it.

use super::readable::{first_lines, is_markup, markup_text, readable};
use crate::json::{Object, Value};
use crate::text::{cap, clean};
use crate::typed::Payload;

/// Characters of a service's own message.
const MESSAGE_LIMIT: usize = 1_500;
/// Messages of a list, and properties of an object, that are looked at.
const MAX_PARTS: usize = 20;

/// Keys under which a message stands, in the order in which they are told: RFC 9457 (`title`,
/// `detail`), RFC 6749 §5.2 (`error`, `error_description`), SOAP and Apigee (`faultstring`), Jira
/// (`errorMessages`), and what others call it. Case, `_` and `-` do not matter.
const MESSAGES: &[&str] = &[
    "fault",
    "faultstring",
    "title",
    "detail",
    "message",
    "msg",
    "error",
    "errordescription",
    "errormessage",
    "errormessages",
    "messages",
    "errormsg",
    "description",
    "reason",
];

/// Keys under which messages on single fields stand.
const FIELDS: &[&str] = &[
    "errors",
    "invalidparams",
    "violations",
    "fieldviolations",
    "details",
    "fields",
    "fielderrors",
];

/// What is for the service's developers alone.
const INTERNALS: &[&str] = &["stack", "stacktrace", "trace", "traceback", "debug"];

/// The service's own message, without invisible characters, in bounds.
pub(super) fn message(payload: &Payload) -> Option<String> {
    let text = match payload {
        Payload::Empty | Payload::File(_) => return None,
        Payload::Json(value) if is_nothing(value) => return None,
        Payload::Json(value) => from_json(value, 0).unwrap_or_else(|| without_internals(value)),
        Payload::Text(text) if is_markup(text) => markup_text(text),
        Payload::Text(text) => first_lines(text),
    };
    let text = clean(&text);
    let text = text.trim();
    (!text.is_empty()).then(|| cap(text, MESSAGE_LIMIT).into_owned())
}

/// What a body says in one of the shapes of messages; `None` if it has none of them.
pub(super) fn said(body: &Value) -> Option<String> {
    let text = from_json(body, 0)?;
    let text = clean(&text);
    let text = text.trim();
    (!text.is_empty()).then(|| cap(text, MESSAGE_LIMIT).into_owned())
}

/// A string, a list of messages, or an object with one of [`MESSAGES`] or [`FIELDS`]; also FastAPI's
/// `{loc, msg}` and an object of nothing but fields and their messages.
fn from_json(value: &Value, depth: usize) -> Option<String> {
    if depth > 8 {
        return None;
    }
    match value {
        Value::String(text) => {
            let text = readable(text);
            (!text.trim().is_empty()).then_some(text)
        }
        Value::Array(items) => {
            let lines: Vec<String> = items
                .iter()
                .take(MAX_PARTS)
                .filter_map(|item| from_json(item, depth + 1))
                .collect();
            (!lines.is_empty()).then(|| lines.join("; "))
        }
        Value::Object(object) => from_object(object, depth),
        _ => None,
    }
}

fn from_object(object: &Object, depth: usize) -> Option<String> {
    let known: Vec<(String, &Value)> = object
        .iter()
        .take(200)
        .filter(|(_, value)| !value.is_null())
        .map(|(key, value)| (fold(key), value))
        .collect();
    let get = |name: &str| known.iter().find(|(key, _)| key == name).map(|(_, v)| *v);
    let mut parts: Vec<String> = Vec::new();
    for key in MESSAGES {
        if let Some(text) = get(key).and_then(|value| from_json(value, depth + 1))
            && !parts.iter().any(|part| part.contains(&text))
        {
            parts.push(text);
        }
    }
    for key in FIELDS {
        if let Some(value) = get(key) {
            parts.extend(fields(value, depth + 1));
        }
    }
    if parts.is_empty()
        && !object.is_empty()
        && object.values().all(|v| v.is_array() || v.is_string())
    {
        parts = fields_of(object, depth + 1);
    }
    if parts.is_empty() {
        return None;
    }
    let text = parts.join("; ");
    let source = get("source").and_then(Value::as_object);
    let place = ["loc", "field", "name", "pointer", "path"]
        .iter()
        .find_map(|key| place(get(key)?))
        // JSON:API 1.1, "error objects".
        .or_else(|| {
            ["pointer", "parameter", "header"]
                .iter()
                .find_map(|key| place(source?.get(*key)?))
        });
    Some(match place.filter(|_| depth > 0) {
        Some(place) => format!("{place}: {text}"),
        None => text,
    })
}

/// Where an error is: a name, a pointer, or a list of steps.
fn place(value: &Value) -> Option<String> {
    match value {
        Value::String(place) if !place.is_empty() => Some(place.clone()),
        Value::Array(steps) if !steps.is_empty() => {
            let steps = steps.iter().take(MAX_PARTS).map(|step| {
                step.as_str()
                    .map_or_else(|| step.to_string(), str::to_owned)
            });
            Some(steps.collect::<Vec<String>>().join("."))
        }
        _ => None,
    }
}

/// Messages by field, or a list of messages.
fn fields(value: &Value, depth: usize) -> Vec<String> {
    match value {
        // One error where a list is usual.
        Value::Object(object)
            if object
                .keys()
                .any(|key| MESSAGES.contains(&fold(key).as_str())) =>
        {
            from_json(value, depth).into_iter().collect()
        }
        Value::Object(object) => fields_of(object, depth),
        other => from_json(other, depth).into_iter().collect(),
    }
}

fn fields_of(object: &Object, depth: usize) -> Vec<String> {
    let messages = object.iter().filter_map(|(key, value)| {
        (!INTERNALS.contains(&fold(key).as_str()))
            .then(|| Some(format!("{key}: {}", from_json(value, depth)?)))?
    });
    messages.take(MAX_PARTS).collect()
}

/// Whether a body says nothing: null, empty, or nothing but that; also as a text.
fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => matches!(text.trim(), "" | "null" | "None" | "undefined"),
        Value::Array(items) => items.iter().all(is_nothing),
        Value::Object(object) => object.values().all(is_nothing),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// A key without case, `_` and `-`.
fn fold(key: &str) -> String {
    key.chars()
        .filter(|c| !matches!(c, '_' | '-'))
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

fn without_internals(value: &Value) -> String {
    let Value::Object(object) = value else {
        return value.to_string();
    };
    let kept = object
        .iter()
        .filter(|(key, _)| !INTERNALS.contains(&fold(key).as_str()))
        .map(|(key, value)| (key.clone(), value.clone()));
    Value::Object(kept.collect()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn messages_from_the_usual_shapes() {
        for (body, expected) in [
            (json!("no"), "no"),
            (json!({"detail": "gone"}), "gone"),
            (json!({"message": "bad"}), "bad"),
            (json!({"error": "bad"}), "bad"),
            (json!({"error": {"code": 7, "message": "bad"}}), "bad"),
            (
                json!({"errors": {"email": ["is taken", "is odd"], "name": ["is short"]}}),
                "email: is taken; is odd; name: is short",
            ),
            (
                json!({"message": "Invalid", "errors": [{"field": "a", "message": "x"}]}),
                "Invalid; a: x",
            ),
            (
                json!({"detail": [{"loc": ["body", "age"], "msg": "too small", "type": "t"}]}),
                "body.age: too small",
            ),
            (
                json!({"type": "about:blank", "title": "Conflict", "status": 409, "detail": "number in use"}),
                "Conflict; number in use",
            ),
            (
                json!({"email": ["Enter a valid email."]}),
                "email: Enter a valid email.",
            ),
            (
                json!({"type": "https://e.example/p", "title": "Invalid", "errors": [
                    {"detail": "must be positive", "pointer": "#/age"}, {"detail": "unknown", "name": "color"}]}),
                "Invalid; #/age: must be positive; color: unknown",
            ),
            (
                json!({"errors": [{"status": "422", "title": "Invalid", "detail": "is short", "source": {"pointer": "/data/attributes/name"}},
                    {"detail": "is odd", "source": {"parameter": "sort"}}]}),
                "/data/attributes/name: Invalid; is short; sort: is odd",
            ),
            (
                json!({"data": null, "errors": [{"message": "no such field", "path": ["customer", 0, "x"], "extensions": {"code": "BAD"}}]}),
                "customer.0.x: no such field",
            ),
            (json!({"errors": ["one", "two"]}), "one; two"),
            (
                json!({"error": "invalid_grant", "error_description": "expired"}),
                "invalid_grant; expired",
            ),
            (
                json!({"error": {"code": 400, "message": "Bad", "status": "INVALID_ARGUMENT", "details": [
                    {"@type": "t", "fieldViolations": [{"field": "name", "description": "is empty"}]}]}}),
                "Bad; name: is empty",
            ),
            (
                json!({"__type": "ValidationException", "Message": "too long"}),
                "too long",
            ),
            (
                json!({"errorMessages": ["No project."], "errors": {"summary": "is required"}}),
                "No project.; summary: is required",
            ),
            (
                json!({"fault": {"faultstring": "Spike arrest", "detail": {"errorcode": "policies"}}}),
                "Spike arrest; errorcode: policies",
            ),
            (
                json!({"ok": false, "error": "channel_not_found"}),
                "channel_not_found",
            ),
            (json!({"code": 5, "stack": "at f (x.js:1)"}), "{\"code\":5}"),
            // Row E4: pages and traces in strings.
            (
                json!({"message": "<!DOCTYPE html><html><body><h1>Server Error</h1><script>x</script></body></html>"}),
                "Server Error",
            ),
            (
                json!({"error": "Upstream said: <html><body><h1>502</h1></body></html>"}),
                "Upstream said: 502",
            ),
            (
                json!({"message": "TypeError: x is undefined\n    at f (/srv/app/a.js:3:5)\n    at g (/srv/app/b.js:1:1)"}),
                "TypeError: x is undefined",
            ),
            (
                json!({"detail": "Failed.\nTraceback (most recent call last):\n  File \"/srv/a.py\", line 1, in f\n    f(x)\nValueError: no"}),
                "Failed.\nValueError: no",
            ),
            (
                json!({"message": "Boom\nStack trace:\n#0 /var/www/b.php(3): f()\n#1 {main}"}),
                "Boom",
            ),
            (
                json!({"message": "<email> is required\n1\n2\n3\n4\n#5 is gone"}),
                "<email> is required\n1\n2\n3\n4\n#5 is gone",
            ),
        ] {
            assert_eq!(
                message(&Payload::Json(body.clone())).as_deref(),
                Some(expected),
                "{body}"
            );
        }
    }

    #[test]
    fn a_body_that_says_nothing_is_no_reason() {
        for body in [
            json!(null),
            json!("null"),
            json!({}),
            json!([]),
            json!({"message": null, "errors": []}),
            json!({"error": " "}),
        ] {
            assert_eq!(message(&Payload::Json(body.clone())), None, "{body}");
        }
    }

    #[test]
    fn messages_from_text() {
        let of = |text: &str| message(&Payload::Text(text.to_owned()));
        for (text, expected) in [
            (
                "<!DOCTYPE html><html><head><style>p{}</style><title>502 Bad&nbsp;Gateway</title></head><body><script>x<y</script><p>nginx</p></body></html>",
                Some("502 Bad Gateway nginx"),
            ),
            (
                "<?xml version=\"1.0\"?><!-- x --><Error><Code>NoSuchKey</Code><Message>It&apos;s gone.</Message></Error>",
                Some("NoSuchKey It's gone."),
            ),
            (
                "<soap:Envelope><soap:Body><soap:Fault><faultstring><![CDATA[Bad <id>]]></faultstring></soap:Fault></soap:Body></soap:Envelope>",
                Some("Bad <id>"),
            ),
            ("a < b", Some("a < b")),
            ("<nothing", Some("<nothing")),
            ("a\u{202e}b", Some("ab")),
            (
                "java.lang.Boom: no\n\tat a.b(C.java:1)\n\tat a.c(C.java:2)\nCaused by: nothing",
                Some("java.lang.Boom: no\nCaused by: nothing"),
            ),
            (
                "Traceback (most recent call last):\n  File \"a.py\", line 1, in f\n    f(x)\nValueError: no",
                Some("ValueError: no"),
            ),
            ("1\n2\n\n3\n4\n5\n6", Some("1\n2\n3\n4\n5")),
            (" \n", None),
        ] {
            assert_eq!(of(text).as_deref(), expected, "{text}");
        }
        assert_eq!(message(&Payload::Empty), None);
        assert_eq!(
            of(&"x".repeat(5_000)).map(|text| text.chars().count()),
            Some(1_501)
        );
        let page = format!("<html>{}sorry", "<SCRIPT>x</script>".repeat(5_000));
        assert_eq!(markup_text(&page), "sorry");
    }
}
