//! Answers of operations, before they become HTTP.

use serde_json::Value;

/// An answer.
#[derive(Debug, Clone)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Media type of the body; empty when there is none.
    pub media_type: String,
    /// The body.
    pub body: Vec<u8>,
    /// Path of a new record, below the base URL.
    pub location: Option<String>,
    /// File name for downloads.
    pub filename: Option<String>,
    /// Whether this is an earlier answer, given again.
    pub replayed: bool,
}

impl Reply {
    /// 200 with JSON.
    pub fn ok(body: impl Into<Value>) -> Self {
        Self::json(200, body)
    }

    /// 201 with JSON and the place of the new record.
    pub fn created(body: impl Into<Value>, location: String) -> Self {
        Self {
            location: Some(location),
            ..Self::json(201, body)
        }
    }

    /// JSON with a status.
    pub fn json(status: u16, body: impl Into<Value>) -> Self {
        Self {
            status,
            media_type: "application/json".to_owned(),
            body: body.into().to_string().into_bytes(),
            location: None,
            filename: None,
            replayed: false,
        }
    }

    /// 204.
    pub fn no_content() -> Self {
        Self {
            media_type: String::new(),
            body: Vec::new(),
            ..Self::json(204, Value::Null)
        }
    }

    /// A file to download.
    pub fn file(media_type: &str, filename: &str, body: Vec<u8>) -> Self {
        Self {
            media_type: media_type.to_owned(),
            filename: Some(filename.to_owned()),
            body,
            ..Self::json(200, Value::Null)
        }
    }

    /// An earlier answer.
    pub fn replayed(status: u16, location: Option<String>, body: String) -> Self {
        let body = body.into_bytes();
        Self {
            body,
            location,
            replayed: true,
            ..Self::json(status, Value::Null)
        }
    }
}
