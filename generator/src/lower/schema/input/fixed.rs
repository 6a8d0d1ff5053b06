//! Schemas that stand in no document: files, and names that are required without a schema.

use serde_json::{Value, json};

use super::DESCRIPTION;
use crate::text;

/// What is said about a name that is required and not declared: any value is accepted (JSON Schema
/// validation §6.5.3 asks for the name alone).
pub const UNDECLARED: &str =
    "The document of the API says that this is required, but not what it is.";

/// The schema of such a name when nothing else is known.
pub fn undeclared_schema() -> Value {
    json!({"description": UNDECLARED})
}

/// The argument that stands for a body of bytes, which has no name. It asks for a media type where the
/// document leaves it open (`image/*`).
pub fn bytes_schema(description: Option<&str>, media_type: &str) -> Value {
    let own = description
        .map(|d| text::line(d, DESCRIPTION))
        .filter(|d| !d.is_empty());
    let how = "The content: give either `text` or `data_base64`.";
    let mut schema = json!({
        "description": own.map_or_else(|| how.to_owned(), |own| format!("{} {how}", text::with_stop(&own))),
        "type": "object",
        "properties": {
            "data_base64": {"type": "string"},
            "text": {"type": "string"},
        },
        "minProperties": 1,
        "additionalProperties": false,
    });
    if media_type.contains('*')
        && let Some(object) = schema.as_object_mut()
    {
        let kind = format!("A media type of the kind `{media_type}`.");
        let mut named = json!({"type": "string", "description": kind});
        let example = match media_type.split('/').next() {
            Some("image") => Some("image/png"),
            Some("audio") => Some("audio/mpeg"),
            Some("video") => Some("video/mp4"),
            Some("application" | "*") => Some("application/pdf"),
            _ => None,
        };
        if let (Some(example), Some(named)) = (example, named.as_object_mut()) {
            named.insert("examples".to_owned(), json!([example]));
        }
        if let Some(properties) = object.get_mut("properties").and_then(Value::as_object_mut) {
            properties.insert("content_type".to_owned(), named);
        }
        object.insert("required".to_owned(), json!(["content_type"]));
        object.insert("minProperties".to_owned(), json!(2));
    }
    schema
}

/// The argument that stands for a file.
pub fn file_schema(description: Option<&str>) -> Value {
    let own = description
        .map(|d| text::line(d, DESCRIPTION))
        .filter(|d| !d.is_empty());
    let how = "A file: give `filename` and either `text` or `data_base64`.";
    json!({
        "description": own.map_or_else(|| how.to_owned(), |own| format!("{} {how}", text::with_stop(&own))),
        "type": "object",
        "properties": {
            "filename": {"type": "string"},
            "content_type": {"type": "string", "examples": ["application/pdf"]},
            "data_base64": {"type": "string"},
            "text": {"type": "string"},
        },
        "required": ["filename"],
        "additionalProperties": false,
    })
}

/// The argument that stands for base64 text, which a file can take the place of.
pub fn base64_schema(description: Option<&str>) -> Value {
    let own = description
        .map(|d| text::line(d, DESCRIPTION))
        .filter(|d| !d.is_empty());
    let how = "Base64 text, or a file.";
    json!({
        "description": own.map_or_else(|| how.to_owned(), |own| format!("{} {how}", text::with_stop(&own))),
        "anyOf": [{"type": "string", "format": "byte"}, file_schema(None)],
    })
}

/// The argument that stands for a body of base64 text. A text says no media type, so it is not asked for where
/// the document leaves that open.
pub fn base64_body_schema(description: Option<&str>, media_type: &str) -> Value {
    if media_type.contains('*') {
        return bytes_schema(description, media_type);
    }
    let mut schema = base64_schema(description);
    let content = bytes_schema(None, media_type);
    if let Some(forms) = schema.get_mut("anyOf") {
        *forms = json!([{"type": "string", "format": "byte"}, content]);
    }
    schema
}

/// What a model reads about a body of text.
pub fn kind_of_text(media_type: &str) -> String {
    match media_type {
        "text/plain" => "Plain text, sent as it is.".to_owned(),
        other => format!("Text of the type `{other}`, sent as it is."),
    }
}

/// The argument that stands for text which the caller writes.
pub fn text_schema(description: Option<&str>, content_type: &str) -> Value {
    let own = description
        .map(|d| text::line(d, DESCRIPTION))
        .filter(|d| !d.is_empty());
    let kind = kind_of_text(content_type);
    json!({
        "description": own.map_or_else(|| kind.clone(), |own| format!("{} {kind}", text::with_stop(&own))),
        "type": "string",
    })
}
