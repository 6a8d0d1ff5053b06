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
