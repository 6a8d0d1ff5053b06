//! The typed side of an operation: a struct per operation whose conversions are emitted as plain,
//! derive-free `#[inline]` code over the helpers in [`convert`], so that nobody pays compile time
//! for types that they do not use.

pub mod convert;
mod presence;

pub use convert::{DecodeError, FromJson, ToJson};
pub use presence::{Field, Nullable};

use crate::json::{Object, Value};
use crate::operation::OperationDef;

/// An operation as a Rust type: its fields are the tool's arguments.
pub trait Operation: Sized {
    /// The static description that the MCP path uses too.
    const DEF: &'static OperationDef;
    /// What a success answers.
    type Output: Output;

    /// The tool's arguments.
    fn to_arguments(&self) -> Object;

    /// Reads the tool's arguments.
    ///
    /// # Errors
    /// When an argument is missing or has another type.
    fn from_arguments(arguments: &Object) -> Result<Self, DecodeError>;
}

/// The body of a successful answer, before it gets a type.
#[derive(Debug, Clone, PartialEq)]
pub enum Payload {
    /// No body.
    Empty,
    /// A JSON body.
    Json(Value),
    /// A text body.
    Text(String),
    /// Any other body.
    File(File),
}

/// Bytes with their media type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// `Content-Type` of the answer.
    pub media_type: String,
    /// File name from `Content-Disposition`, if any.
    pub filename: Option<String>,
    /// The bytes.
    pub data: Vec<u8>,
}

/// What a successful answer decodes to.
pub trait Output: Sized {
    /// Decodes a payload.
    ///
    /// # Errors
    /// When the payload is of another kind or shape. Unknown properties never fail.
    fn from_payload(payload: Payload) -> Result<Self, DecodeError>;
}

impl<T: FromJson> Output for T {
    fn from_payload(payload: Payload) -> Result<Self, DecodeError> {
        match payload {
            Payload::Json(value) => T::from_json(&value),
            Payload::Empty => T::from_json(&Value::Null),
            Payload::Text(text) => T::from_json(&Value::String(text)),
            Payload::File(_) => Err(DecodeError::expected("JSON")),
        }
    }
}

impl Output for File {
    fn from_payload(payload: Payload) -> Result<Self, DecodeError> {
        match payload {
            Payload::File(file) => Ok(file),
            Payload::Text(text) => Ok(Self {
                media_type: "text/plain".to_owned(),
                filename: None,
                data: text.into_bytes(),
            }),
            Payload::Json(value) => Ok(Self {
                media_type: "application/json".to_owned(),
                filename: None,
                data: value.to_string().into_bytes(),
            }),
            Payload::Empty => Err(DecodeError::expected("a file")),
        }
    }
}

/// A JSON object whose values have one type; keys are sorted.
pub type Map<T> = std::collections::BTreeMap<String, T>;
