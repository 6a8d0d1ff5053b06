//! The fields of form and multipart bodies (OpenAPI 3.2 §4.15), and form bodies themselves.

use crate::json::{Object, Value};
use crate::operation::{BodyField, BodyShape, PartEncoding};

use super::encode::{Encode, scalar, strict};
use super::file::{Upload, upload};
use super::{RequestError, style};

/// A field that is ready to be written; names and texts are encoded.
pub(super) enum Field {
    /// Text, with a media type if it has one of its own.
    Text {
        name: String,
        text: String,
        content_type: Option<&'static str>,
    },
    /// A file.
    File { name: String, upload: Upload },
}

/// The fields that the arguments give, in document order. Names and texts are encoded piece by piece,
/// since the delimiters between the pieces must stay as they are.
pub(super) fn fields(
    shape: &BodyShape,
    arguments: &Object,
    enc: Encode,
) -> Result<Vec<Field>, RequestError> {
    let mut found = Vec::new();
    let mut add = |name: &str, argument: &str, value: &Value, part| {
        found.extend(field(name, argument, value, part, enc)?);
        Ok(())
    };
    match shape {
        BodyShape::Whole { argument } => match arguments.get(*argument) {
            Some(Value::Object(object)) => {
                for (name, value) in object {
                    add(name, argument, value, PartEncoding::Plain)?;
                }
            }
            Some(Value::Null) | None => {}
            Some(_) => {
                return Err(RequestError::new(
                    argument,
                    "must be an object of form fields",
                ));
            }
        },
        BodyShape::Properties { fields, additional } => {
            for BodyField {
                name,
                argument,
                part,
            } in *fields
            {
                if let Some(value) = arguments.get(*argument) {
                    add(name, argument, value, *part)?;
                }
            }
            let further = arguments.get(*additional).and_then(Value::as_object);
            for (name, value) in further.into_iter().flatten() {
                if !fields.iter().any(|field| field.name == name) {
                    add(name, additional, value, PartEncoding::Plain)?;
                }
            }
        }
    }
    Ok(found)
}

fn field(
    name: &str,
    argument: &str,
    value: &Value,
    part: PartEncoding,
    enc: Encode,
) -> Result<Vec<Field>, RequestError> {
    let text = |value: &str, content_type| Field::Text {
        name: enc(name),
        text: enc(value),
        content_type,
    };
    let file = |value| {
        Ok(Field::File {
            name: enc(name),
            upload: upload(argument, value)?,
        })
    };
    match (part, value) {
        (PartEncoding::Json(content_type), value) => {
            Ok(vec![text(&value.to_string(), Some(content_type))])
        }
        (PartEncoding::File, Value::Array(items)) => items.iter().map(file).collect(),
        (PartEncoding::File, value) => Ok(vec![file(value)?]),
        (PartEncoding::Styled(style, explode), value) => {
            Ok(style::pairs(style, explode, name, value, enc)
                .into_iter()
                .map(|(name, text)| Field::Text {
                    name,
                    text,
                    content_type: None,
                })
                .collect())
        }
        (PartEncoding::Plain, Value::Array(items)) => {
            Ok(items.iter().map(|item| text(&scalar(item), None)).collect())
        }
        (PartEncoding::Plain, value) => Ok(vec![text(&scalar(value), None)]),
    }
}

/// `application/x-www-form-urlencoded`; blanks go as `%20`, which every decoder reads.
pub(super) fn encode(shape: &BodyShape, arguments: &Object) -> Result<Vec<u8>, RequestError> {
    let pairs: Vec<String> = fields(shape, arguments, strict)?
        .into_iter()
        .map(|field| match field {
            Field::Text { name, text, .. } => format!("{name}={text}"),
            Field::File { name, upload } => format!("{name}={}", bytes(&upload.data)),
        })
        .collect();
    Ok(pairs.join("&").into_bytes())
}

fn bytes(data: &[u8]) -> String {
    percent_encoding::percent_encode(data, percent_encoding::NON_ALPHANUMERIC).to_string()
}
