//! What a service says of an error, from the shapes in which services say it.

use crate::json::{Object, Value};
use crate::text::{cap, clean};
use crate::typed::Payload;

/// Characters of a service's own message.
const MESSAGE_LIMIT: usize = 1_500;
/// Lines of a message in plain text.
const MAX_LINES: usize = 5;
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
        Value::String(text) => (!text.trim().is_empty()).then(|| text.clone()),
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

/// The first lines that are not those of a stack trace.
fn first_lines(text: &str) -> String {
    // A trace's own lines are indented; the exception of a Python trace comes last.
    let traced = text.contains("\n\tat ") || text.contains("\n    at ");
    let python = text
        .trim_start()
        .starts_with("Traceback (most recent call last)");
    let lines = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .filter(|line| !(traced || python) || !line.starts_with([' ', '\t']))
        .filter(|line| !python || !line.starts_with("Traceback"));
    lines.take(MAX_LINES).collect::<Vec<_>>().join("\n")
}

/// HTML or XML.
fn is_markup(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let tag = text
        .strip_prefix('<')
        .and_then(|rest| rest.chars().next())
        .is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '!' | '?'));
    tag && text.contains('>')
}

/// The words of HTML or XML, without scripts and styles.
fn markup_text(markup: &str) -> String {
    // An error page says what it has to say early.
    let markup = cap(markup, 100_000);
    let lower = markup.to_ascii_lowercase();
    let mut text = String::new();
    let mut at = 0;
    while let Some(open) = lower.get(at..).and_then(|rest| rest.find('<')) {
        text.push_str(&unescape(markup.get(at..at + open).unwrap_or_default()));
        text.push(' ');
        at += open + 1;
        let tag = lower.get(at..).unwrap_or_default();
        if let Some(raw) = tag.strip_prefix("![cdata[") {
            let start = at + (tag.len() - raw.len());
            let end = raw.find("]]>").unwrap_or(raw.len());
            text.push_str(markup.get(start..start + end).unwrap_or_default());
            at = (start + end + 3).min(markup.len());
            continue;
        }
        let hidden = [("script", "</script"), ("style", "</style"), ("!--", "--")]
            .into_iter()
            .find(|(name, _)| tag.starts_with(name));
        if let Some((name, end)) = hidden {
            let inside = tag.get(name.len()..).unwrap_or_default();
            at += name.len() + inside.find(end).unwrap_or(inside.len());
        }
        let close = lower.get(at..).and_then(|rest| rest.find('>'));
        at = close.map_or(markup.len(), |close| at + close + 1);
    }
    text.push_str(&unescape(markup.get(at..).unwrap_or_default()));
    let words: Vec<&str> = text.split_whitespace().collect();
    cap(&words.join(" "), 300).into_owned()
}

/// The entities that occur in messages; `&amp;` last, so that nothing is undone twice.
fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&#39;", "'")
        .replace("&nbsp;", " ")
        .replace("&amp;", "&")
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
        ] {
            assert_eq!(
                message(&Payload::Json(body.clone())).as_deref(),
                Some(expected),
                "{body}"
            );
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
