//! 2xx answers.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::around::nothing;
use super::caps::bounded;
use super::controls::Wish;
use super::shown::{Asked, json};
use super::structured::{complete, with_notes};
use super::unread::unread;
use super::{Content, ErrorKind, FILE_LIMIT, TOKEN_LIMIT, ToolResult, envelope, untrusted};
use crate::json::{Object, Value};
use crate::operation::{OperationDef, OutputKind};
use crate::text::{cap, clean};
use crate::typed::{File, Payload};

/// Multi-Status (RFC 4918 §13): what was asked for has several parts, each with a status of its own.
const MULTI_STATUS: u16 = 207;
/// No Content (RFC 9110 §15.3.5).
const NO_CONTENT: u16 = 204;
/// What is said of an answer in parts.
const IN_PARTS: &str = "HTTP 207: parts of this may have failed; look at each";

/// The result of an answer with a 2xx status. `schema` is the parsed output schema, if there is one.
#[must_use]
pub fn success(
    operation: &OperationDef,
    schema: Option<&Object>,
    status: u16,
    payload: Payload,
    asked: &Asked<'_>,
) -> ToolResult {
    let result = match payload {
        Payload::Empty => return empty(operation, schema, status, asked),
        Payload::Json(value) => {
            let failure = envelope::failure(operation, &value);
            if failure.is_none() && is_missing(operation, &value) {
                return missing(operation, status);
            }
            let result = if status == MULTI_STATUS {
                in_parts(operation, schema, value, asked)
            } else {
                json(operation, schema, value, asked)
            };
            return match failure {
                Some(reason) => disowned(status, &reason, result),
                None => result,
            };
        }
        Payload::Text(text) => {
            if let Some(unread) = unread(operation, schema, status, &text) {
                return unread;
            }
            let mut result = ToolResult::text(bounded(&clean(&text), asked.tokens));
            if untrusted::is_free_text(&text) {
                let note = format!("[{}.]", untrusted::NOTE);
                result.content.push(Content::Text(note));
            }
            result
        }
        Payload::File(found) => file(operation, found),
    };
    // Clients require structured content wherever an output schema is declared.
    complete(result, schema)
}

/// An answer of which a part may have failed: it is shown whole, since nobody knows where it says so.
fn in_parts(
    operation: &OperationDef,
    schema: Option<&Object>,
    value: Value,
    asked: &Asked<'_>,
) -> ToolResult {
    let said = match asked.clamped {
        Some(clamped) => format!("{clamped}. {IN_PARTS}"),
        None => IN_PARTS.to_owned(),
    };
    let whole = Wish {
        full: true,
        ..Wish::default()
    };
    let asked = Asked {
        wish: &whole,
        clamped: Some(&said),
        ..*asked
    };
    json(operation, schema, value, &asked)
}

/// Whether a record that was asked for by its id is null in its envelope, which is how some services say
/// that there is none (row C10).
fn is_missing(operation: &OperationDef, body: &Value) -> bool {
    let by_id = operation.path.trim_end_matches('/').ends_with('}');
    let place = operation
        .answer
        .filter(|plan| !plan.list && !plan.records.is_empty());
    operation.method == "GET"
        && by_id
        && place.is_some_and(|plan| body.pointer(plan.records) == Some(&Value::Null))
}

fn missing(operation: &OperationDef, status: u16) -> ToolResult {
    let tool = operation.tool;
    ToolResult::error(
        ErrorKind::NotFound,
        format!("Not found: {tool} gave no record for this id (HTTP {status})"),
    )
}

/// An answer whose body says that nothing came of the request, with the whole body, since a flag is no
/// standard.
fn disowned(status: u16, reason: &str, body: ToolResult) -> ToolResult {
    let text = format!(
        "Upstream error: {reason} (HTTP {status}, but the answer itself says that it is an error)\n{}",
        body.to_text()
    );
    ToolResult::error(ErrorKind::Upstream, text)
}

/// The result with what only header fields say: the state of a resource after HEAD, and where a record
/// is that an answer without a body tells of.
#[must_use]
pub(crate) fn with_fields(
    operation: &OperationDef,
    schema: Option<&Object>,
    mut result: ToolResult,
    reply: &[(String, String)],
) -> ToolResult {
    let names: &[&str] = if operation.method == "HEAD" {
        &[
            "content-type",
            "content-length",
            "last-modified",
            "etag",
            "link",
            "allow",
        ]
    } else {
        // Row C5: a record that was made is handed back with its address.
        &["location", "retry-after"]
    };
    let told: Vec<String> = reply
        .iter()
        .filter(|(name, _)| names.contains(&name.as_str()))
        .map(|(name, value)| format!("{name}: {}", cap(&clean(value), 300)))
        .collect();
    if let Some(Content::Text(text)) = result.content.first_mut().filter(|_| !told.is_empty()) {
        *text += &format!("\n[{}]", told.join("; "));
    }
    if told.is_empty() || result.error.is_some() {
        return result;
    }
    let told: Vec<&str> = told.iter().map(String::as_str).collect();
    with_notes(result, schema, &told)
}

/// The result of a custom tool: a text as it is, other JSON as an operation's answer.
#[must_use]
pub fn custom(value: Value) -> ToolResult {
    match value {
        Value::String(text) => ToolResult::text(bounded(&clean(&text), TOKEN_LIMIT)),
        other => json(&OperationDef::DEFAULT, None, other, &Asked::default()),
    }
}

/// An answer without a body. Of a write it says that it is done (row C5). A read has got nothing of what it asked for,
/// and no flag may hide that (row E9).
fn empty(
    operation: &OperationDef,
    schema: Option<&Object>,
    status: u16,
    asked: &Asked<'_>,
) -> ToolResult {
    let is_promised = matches!(operation.output, OutputKind::Json | OutputKind::Wrapped)
        && !operation.accept.is_empty()
        && operation.method != "HEAD";
    if operation.writes() || !is_promised {
        let done = ToolResult::text(format!("{{\"status\":{status},\"done\":true}}"));
        return complete(done, schema);
    }
    let is_list = operation.answer.is_some_and(|plan| plan.list);
    // Some services say so that nothing was found (RFC 9110 §15.3.5).
    let sentence = if is_list && status == NO_CONTENT {
        let nothing = nothing(operation, asked.arguments);
        format!("{nothing} The service sent no content (HTTP {status}).")
    } else {
        format!(
            "The service sent an empty answer (HTTP {status}), so nothing is known of what was asked for."
        )
    };
    with_notes(ToolResult::text(sentence.clone()), schema, &[&sentence])
}

fn file(operation: &OperationDef, file: File) -> ToolResult {
    let essence = file
        .media_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    let name = file.filename.unwrap_or_else(|| operation.tool.to_owned());
    let size = file.data.len();
    // A text whose charset is not read here is bytes; its reader needs to know the charset.
    let media_type = if essence.starts_with("text/") {
        cap(&clean(&file.media_type), 100).into_owned()
    } else {
        essence.clone()
    };
    let about = format!("{name}: {media_type}, {size} bytes");
    if size > FILE_LIMIT {
        return ToolResult::text(format!(
            "{about}. It is larger than the {FILE_LIMIT} bytes that a result may carry, so it is not included."
        ));
    }
    let data = STANDARD.encode(&file.data);
    let content = match essence.split('/').next() {
        Some("image") => Content::Image {
            media_type: essence,
            data,
        },
        Some("audio") => Content::Audio {
            media_type: essence,
            data,
        },
        _ => {
            let encoded =
                percent_encoding::utf8_percent_encode(&name, percent_encoding::NON_ALPHANUMERIC);
            Content::Blob {
                uri: format!("result://{}/{encoded}", operation.tool),
                media_type,
                data,
            }
        }
    };
    ToolResult {
        content: vec![Content::Text(about), content],
        structured: None,
        error: None,
        question: None,
        confirm: None,
        fate: None,
        problems: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_without_a_body_tells_what_its_fields_say() {
        let fields: Vec<(String, String)> = [
            ("content-length", "7"),
            ("location", "/jobs/7"),
            ("etag", "\"a\u{202e}b\""),
            ("set-cookie", "s=secret"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
        for (method, expected) in [
            (
                "HEAD",
                "{\"status\":200,\"done\":true}\n[content-length: 7; etag: \"ab\"]",
            ),
            (
                "POST",
                "{\"status\":200,\"done\":true}\n[location: /jobs/7]",
            ),
        ] {
            let operation = OperationDef {
                method,
                ..OperationDef::DEFAULT
            };
            let result = success(&operation, None, 200, Payload::Empty, &Asked::default());
            let told = with_fields(&operation, None, result, &fields);
            assert_eq!(told.to_text(), expected);
        }
    }

    #[test]
    fn where_a_record_is_stands_in_both_forms() {
        let operation = OperationDef {
            method: "POST",
            ..OperationDef::DEFAULT
        };
        let fields = [("location".to_owned(), "/jobs/7".to_owned())];
        let told = |schema: Value| {
            let Value::Object(schema) = schema else {
                return None;
            };
            let body = Payload::Json(serde_json::json!({"id": 7}));
            let result = success(&operation, Some(&schema), 201, body, &Asked::default());
            with_fields(&operation, Some(&schema), result, &fields).structured
        };
        for (schema, expected) in [
            (
                serde_json::json!({"type": "object"}),
                serde_json::json!({"id": 7, "_notes": ["location: /jobs/7"]}),
            ),
            // It has no place for them.
            (
                serde_json::json!({"type": "object", "additionalProperties": {"type": "integer"}}),
                serde_json::json!({"id": 7}),
            ),
        ] {
            assert_eq!(told(schema), Some(expected));
        }
    }
}
