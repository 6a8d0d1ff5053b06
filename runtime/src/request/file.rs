//! File arguments: `{"filename": …, "content_type": …, "data_base64": …}` or `{"filename": …, "text": …}`.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

use crate::json::Value;

use super::RequestError;

const CONFIG: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, CONFIG);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, CONFIG);

/// A file to send.
pub(super) struct Upload {
    pub(super) filename: String,
    pub(super) content_type: Option<String>,
    pub(super) data: Vec<u8>,
}

/// The members of a file object.
const MEMBERS: [&str; 4] = ["filename", "content_type", "data_base64", "text"];

/// Whether a value is a file where something else could stand too.
pub(crate) fn is_file(value: &Value) -> bool {
    value.as_object().is_some_and(|object| {
        object.keys().all(|key| MEMBERS.contains(&key.as_str()))
            && (object.contains_key("data_base64")
                || object.contains_key("text")
                    && (object.contains_key("filename") || object.contains_key("content_type")))
    })
}

pub(super) fn upload(argument: &str, value: &Value) -> Result<Upload, RequestError> {
    let wrong = |message: &str| RequestError::new(argument, message);
    let Some(object) = value.as_object() else {
        return Err(wrong(
            "is a file: pass {\"filename\": \"a.pdf\", \"content_type\": \"application/pdf\", \"data_base64\": \"…\"} or {\"filename\": \"a.txt\", \"text\": \"…\"}",
        ));
    };
    let text = |key: &str| object.get(key).and_then(Value::as_str);
    let data = match (text("data_base64"), text("text")) {
        (Some(_), Some(_)) => {
            return Err(wrong(
                "has both data_base64 and text, which are the content in two ways; give one of them",
            ));
        }
        (Some(encoded), None) => {
            decode(encoded).ok_or_else(|| wrong("data_base64 is not valid base64 (RFC 4648 §4)"))?
        }
        (None, Some(text)) => text.as_bytes().to_vec(),
        (None, None) => return Err(wrong("needs data_base64 or text")),
    };
    let content_type = match text("content_type") {
        None => None,
        Some(named) if is_media_type(named) => Some(named.to_owned()),
        Some(_) => {
            return Err(wrong(
                "content_type is not a media type such as application/pdf",
            ));
        }
    };
    Ok(Upload {
        filename: text("filename").unwrap_or("file").to_owned(),
        content_type,
        data,
    })
}

/// The content of a file as base64 text (RFC 4648 §4).
pub(super) fn encoded(data: &[u8]) -> String {
    STANDARD.encode(data)
}

/// A text that is base64, with or without padding, as it is.
pub(super) fn base64(argument: &str, text: &str) -> Result<String, RequestError> {
    if decode(text).is_some() {
        return Ok(text.to_owned());
    }
    Err(RequestError::new(
        argument,
        "is not valid base64 (RFC 4648 §4); encode it, or give {\"filename\": \"a.txt\", \"text\": \"…\"}",
    ))
}

fn decode(encoded: &str) -> Option<Vec<u8>> {
    let compact: String = encoded
        .chars()
        .filter(|c| !c.is_ascii_whitespace())
        .collect();
    STANDARD
        .decode(&compact)
        .or_else(|_| URL_SAFE.decode(&compact))
        .ok()
}

fn is_media_type(text: &str) -> bool {
    text.split_once('/')
        .is_some_and(|(kind, rest)| !kind.is_empty() && !rest.is_empty())
        && text.chars().all(|c| matches!(c, ' '..='~'))
}
