//! File arguments: `{"filename": …, "content_type": …, "data_base64": …}` or `{"filename": …, "text": …}`.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

use crate::json::Value;

use super::RequestError;
use super::body::in_charset;

const CONFIG: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, CONFIG);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, CONFIG);

/// A file to send.
pub(super) struct Upload<'a> {
    pub(super) filename: String,
    pub(super) content_type: Option<String>,
    content: Content<'a>,
}

/// What a file argument gives.
enum Content<'a> {
    Bytes(Vec<u8>),
    Text(&'a str),
}

impl Upload<'_> {
    /// The media type and the bytes. A text is written in the charset that the media type names. Where that names
    /// none, it goes as UTF-8, and says so where readers would take it for another (US-ASCII is the default of
    /// `text/plain`, RFC 2046 §4.1.2).
    pub(super) fn written(
        self,
        argument: &str,
        content_type: String,
    ) -> Result<(String, Vec<u8>), RequestError> {
        let text = match self.content {
            Content::Bytes(bytes) => return Ok((content_type, bytes)),
            Content::Text(text) => text,
        };
        let is_text = content_type
            .get(..5)
            .is_some_and(|kind| kind.eq_ignore_ascii_case("text/"));
        let says_none = !has_charset(&content_type);
        let bytes = in_charset(&content_type, argument, text.to_owned())?;
        let content_type = match is_text && says_none && !text.is_ascii() {
            true => content_type + "; charset=utf-8",
            false => content_type,
        };
        Ok((content_type, bytes))
    }
}

fn has_charset(media_type: &str) -> bool {
    media_type.split(';').skip(1).any(|parameter| {
        let name = parameter.split('=').next().unwrap_or_default();
        name.trim().eq_ignore_ascii_case("charset")
    })
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

pub(super) fn upload<'a>(argument: &str, value: &'a Value) -> Result<Upload<'a>, RequestError> {
    let wrong = |message: &str| RequestError::new(argument, message);
    let Some(object) = value.as_object() else {
        return Err(wrong(
            "is a file: pass {\"filename\": \"a.pdf\", \"content_type\": \"application/pdf\", \"data_base64\": \"…\"} or {\"filename\": \"a.txt\", \"text\": \"…\"}",
        ));
    };
    let text = |key: &str| object.get(key).and_then(Value::as_str);
    let content = match (text("data_base64"), text("text")) {
        (Some(_), Some(_)) => {
            return Err(wrong(
                "has both data_base64 and text, which are the content in two ways; give one of them",
            ));
        }
        (Some(encoded), None) => Content::Bytes(
            decode(encoded)
                .ok_or_else(|| wrong("data_base64 is not valid base64 (RFC 4648 §4)"))?,
        ),
        (None, Some(text)) => Content::Text(text),
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
        content,
    })
}

/// The content of a file as base64 text (RFC 4648 §4).
pub(super) fn encoded(data: &[u8]) -> String {
    STANDARD.encode(data)
}

/// A text that is base64, as it is; one without padding, or in the alphabet for URLs (RFC 4648 §5), in the form
/// that `base64` names.
pub(super) fn base64(argument: &str, text: &str) -> Result<String, RequestError> {
    if let Some(data) = decode(text) {
        let compact = compact(text);
        let is_standard = compact.len().is_multiple_of(4) && !compact.contains(['-', '_']);
        return Ok(match is_standard {
            true => text.to_owned(),
            false => encoded(&data),
        });
    }
    Err(RequestError::new(
        argument,
        "is not valid base64 (RFC 4648 §4); encode it, or give {\"filename\": \"a.txt\", \"text\": \"…\"}",
    ))
}

fn decode(encoded: &str) -> Option<Vec<u8>> {
    let compact = compact(encoded);
    STANDARD
        .decode(&compact)
        .or_else(|_| URL_SAFE.decode(&compact))
        .ok()
}

/// Base64 without the line breaks that RFC 2045 §6.8 puts in.
fn compact(encoded: &str) -> String {
    let letters = encoded.chars().filter(|c| !c.is_ascii_whitespace());
    letters.collect()
}

fn is_media_type(text: &str) -> bool {
    text.split_once('/')
        .is_some_and(|(kind, rest)| !kind.is_empty() && !rest.is_empty())
        && text.chars().all(|c| matches!(c, ' '..='~'))
}
