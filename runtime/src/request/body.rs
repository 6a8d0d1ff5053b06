//! Request bodies (OpenAPI 3.2 §4.13).

use crate::json::{Object, Value, exact, place};
use crate::operation::{Body, BodyEncoding, BodyShape, OperationDef};

use super::encode::scalar;
use super::field::Target;
use super::file::{self, upload};
use super::header::ascii;
use super::{RequestBody, RequestError, form, media, multipart, xml};

/// The body that the arguments give; `None` when none of them belongs to it and none is required.
pub(super) fn body(
    operation: &OperationDef,
    arguments: &Object,
) -> Result<Option<RequestBody>, RequestError> {
    let Some(body) = &operation.body else {
        return Ok(None);
    };
    if !body.required && !is_given(&body.shape, arguments) {
        // A header field of a part that is not there would be lost.
        multipart::with_headers(operation, arguments, &mut [])?;
        return Ok(None);
    }
    let argument = match body.shape {
        BodyShape::Whole { argument } => argument,
        _ => "body",
    };
    let content_type = body.media_type.to_owned();
    let plain = |bytes| {
        Ok(Some(RequestBody {
            content_type: content_type.clone(),
            bytes,
        }))
    };
    match body.encoding {
        BodyEncoding::Json => {
            let text = exact::text(&value(body, arguments)?);
            plain(if charset(body.media_type).is_some() {
                in_charset(body.media_type, argument, ascii(&text))?
            } else {
                text.into_bytes()
            })
        }
        BodyEncoding::JsonLines => plain(sequence("", &value(body, arguments)?)),
        BodyEncoding::JsonSequence => plain(sequence("\u{1e}", &value(body, arguments)?)),
        BodyEncoding::Form => plain(match encoded(operation, body, arguments) {
            Some(form) => form,
            None => form::encode(operation, &body.shape, arguments)?,
        }),
        BodyEncoding::Multipart => {
            let mut fields = form::fields(operation, &body.shape, arguments, Target::Multipart)?;
            multipart::with_headers(operation, arguments, &mut fields)?;
            Ok(Some(multipart::encode(body.media_type, &fields)))
        }
        BodyEncoding::Xml(root) => {
            let charset = charset(body.media_type);
            let text = xml::document(root, &value(body, arguments)?, charset.as_deref())?;
            plain(in_charset(body.media_type, argument, text)?)
        }
        BodyEncoding::Text => {
            let text = match value(body, arguments)? {
                Value::Object(object) if object.is_empty() => String::new(),
                Value::Null => "null".to_owned(),
                other => scalar(&other),
            };
            plain(in_charset(body.media_type, argument, text)?)
        }
        BodyEncoding::Bytes | BodyEncoding::Base64 => bytes(body, arguments),
    }
}

fn is_given(shape: &BodyShape, arguments: &Object) -> bool {
    match shape {
        BodyShape::Whole { argument }
        | BodyShape::Members { argument, .. }
        | BodyShape::Items { argument, .. } => arguments.contains_key(*argument),
        BodyShape::Properties { fields, additional } => {
            arguments.contains_key(*additional)
                || fields
                    .iter()
                    .any(|field| arguments.contains_key(field.argument))
        }
    }
}

/// The `charset` of a media type, in lower case, unless it is UTF-8.
pub(super) fn charset(media_type: &str) -> Option<String> {
    let mut parameters = media_type.split(';').skip(1);
    let named = parameters.find_map(|one| {
        let (name, value) = one.split_once('=')?;
        let named = name.trim().eq_ignore_ascii_case("charset");
        named.then(|| value.trim().trim_matches('"').to_ascii_lowercase())
    })?;
    (!matches!(named.as_str(), "utf-8" | "utf8" | "")).then_some(named)
}

/// A text in the charset that its media type names: UTF-16 (RFC 2781), else ASCII is the same in all that are in
/// use, and Latin 1 is the first 256 characters.
pub(super) fn in_charset(
    media_type: &str,
    argument: &str,
    text: String,
) -> Result<Vec<u8>, RequestError> {
    let Some(charset) = charset(media_type) else {
        return Ok(text.into_bytes());
    };
    let units = text.encode_utf16();
    match charset.as_str() {
        // Without a mark it would be big-endian, which not every reader knows.
        "utf-16" => {
            let marked = std::iter::once(0xFEFF).chain(units);
            return Ok(marked.flat_map(u16::to_be_bytes).collect());
        }
        "utf-16be" => return Ok(units.flat_map(u16::to_be_bytes).collect()),
        "utf-16le" => return Ok(units.flat_map(u16::to_le_bytes).collect()),
        _ if text.is_ascii() => return Ok(text.into_bytes()),
        _ => {}
    }
    let is_latin = matches!(charset.as_str(), "iso-8859-1" | "latin1" | "latin-1" | "l1");
    let bytes: Option<Vec<u8>> = text
        .chars()
        .map(|c| u8::try_from(u32::from(c)).ok())
        .collect();
    bytes.filter(|_| is_latin).ok_or_else(|| {
        RequestError::new(
            argument,
            format!(
                "is sent as {charset} and has characters that cannot be written so; leave them out"
            ),
        )
    })
}

/// The items of a list, each as JSON on a line of its own (RFC 7464 §2.2). JSON as it is written here has no
/// line breaks.
fn sequence(before: &str, value: &Value) -> Vec<u8> {
    let items = match value {
        Value::Array(items) => items.as_slice(),
        other => std::slice::from_ref(other),
    };
    let lines = items
        .iter()
        .map(|item| format!("{before}{}\n", exact::text(item)));
    lines.collect::<String>().into_bytes()
}

/// The body as one JSON value.
fn value(body: &Body, arguments: &Object) -> Result<Value, RequestError> {
    match body.shape {
        BodyShape::Whole { argument }
        | BodyShape::Members { argument, .. }
        | BodyShape::Items { argument, .. } => Ok(arguments
            .get(argument)
            .cloned()
            .unwrap_or_else(|| Value::Object(Object::new()))),
        BodyShape::Properties { fields, additional } => {
            let mut object = Object::new();
            for field in fields {
                if let Some(value) = arguments.get(field.argument) {
                    object.insert(field.name.to_owned(), value.clone());
                }
            }
            let further = arguments.get(additional).and_then(Value::as_object);
            for (name, value) in further.into_iter().flatten() {
                form::is_further(fields, additional, name)?;
                object.insert(name.clone(), value.clone());
            }
            Ok(Value::Object(object))
        }
    }
}

/// A form that is given as one text, where the document asks for one: whoever calls has encoded it. Where the
/// body has fields that are not for callers, it must be given field by field.
fn encoded(operation: &OperationDef, body: &Body, arguments: &Object) -> Option<Vec<u8>> {
    let BodyShape::Whole { argument } = body.shape else {
        return None;
    };
    match arguments.get(argument) {
        Some(Value::String(text))
            if !hides(operation, argument) && exact::digits(text).is_none() =>
        {
            Some(text.clone().into_bytes())
        }
        _ => None,
    }
}

/// Whether something in an argument is not sent.
fn hides(operation: &OperationDef, argument: &str) -> bool {
    let mut hidden = operation.read_only.iter();
    hidden.any(|place| place::steps(place).next().as_deref() == Some(argument))
}

fn bytes(body: &Body, arguments: &Object) -> Result<Option<RequestBody>, RequestError> {
    let argument = match body.shape {
        BodyShape::Whole { argument }
        | BodyShape::Members { argument, .. }
        | BodyShape::Items { argument, .. } => argument,
        BodyShape::Properties { fields, .. } => fields.first().map_or("", |field| field.argument),
    };
    let Some(value) = arguments.get(argument) else {
        return Err(RequestError::new(argument, "is required and missing"));
    };
    let is_base64 = body.encoding == BodyEncoding::Base64;
    if let Value::String(text) = value
        && is_base64
    {
        return Ok(Some(RequestBody {
            content_type: body.media_type.to_owned(),
            bytes: file::base64(argument, text)?.into_bytes(),
        }));
    }
    let mut file = upload(argument, value)?;
    let content_type = if body.media_type.contains('*') {
        let named = file
            .content_type
            .take()
            .or_else(|| media::by_name(&file.filename).map(str::to_owned));
        match named {
            Some(named) if media::fits(body.media_type, &named) => named,
            _ => {
                return Err(RequestError::new(
                    argument,
                    format!(
                        "needs a content_type, a media type of the kind {}",
                        body.media_type
                    ),
                ));
            }
        }
    } else {
        body.media_type.to_owned()
    };
    let (content_type, data) = file.written(argument, content_type)?;
    Ok(Some(RequestBody {
        content_type,
        bytes: if is_base64 {
            file::encoded(&data).into_bytes()
        } else {
            data
        },
    }))
}
