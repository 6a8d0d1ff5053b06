//! `multipart/form-data` (RFC 7578) and other multipart bodies (RFC 2046 §5.1), with a boundary that
//! cannot occur in the parts.

use std::collections::HashSet;

use super::field::Field;
use super::{RequestBody, RequestError, defined, header};
use crate::json::Object;
use crate::operation::OperationDef;

/// What every boundary begins with; sixteen hexadecimal digits follow.
const SERIES: &str = "mcpwright-boundary-";

/// A body of the media type; parts without a name have none (encoding by position).
pub(super) fn encode(media_type: &str, fields: &[Field]) -> RequestBody {
    let boundary = boundary(fields);
    let mut bytes = Vec::new();
    for field in fields {
        bytes.extend_from_slice(format!("--{boundary}\r\n").as_bytes());
        let Field {
            name,
            filename,
            content_type,
            data,
            ..
        } = field;
        let mut head = disposition(name, filename.as_deref());
        if let Some(content_type) = content_type {
            head += &format!("Content-Type: {content_type}\r\n");
        } else if name.is_empty() && !data.is_ascii() {
            // Beyond forms, text is US-ASCII unless a part says otherwise (RFC 2046 §5.1.1).
            head += "Content-Type: text/plain; charset=utf-8\r\n";
        }
        if field.is_base64 {
            head += "Content-Transfer-Encoding: base64\r\n";
        }
        for (name, value) in field.headers {
            head += &format!("{name}: {value}\r\n");
        }
        for (name, value) in &field.given {
            head += &format!("{name}: {value}\r\n");
        }
        bytes.extend_from_slice(head.as_bytes());
        bytes.extend_from_slice(b"\r\n");
        bytes.extend_from_slice(data);
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    RequestBody {
        content_type: with_boundary(media_type, &boundary),
        bytes,
    }
}

/// Puts the header fields that arguments give into their parts.
///
/// # Errors
/// When a value fits into no header field, one that its part needs is missing, or there is no such part.
pub(super) fn with_headers(
    operation: &OperationDef,
    arguments: &Object,
    fields: &mut [Field],
) -> Result<(), RequestError> {
    for (part, parameter) in operation.part_headers {
        let wrong = |message: String| RequestError::new(parameter.argument, message);
        let value = arguments.get(parameter.argument);
        let value = value.and_then(|value| defined(parameter, value));
        let line = match &value {
            Some(value) => header::field(operation.method, parameter, value)?,
            None => None,
        };
        let mut parts = fields
            .iter_mut()
            .filter(|field| field.name == *part)
            .peekable();
        let has_part = parts.peek().is_some();
        match line {
            Some(line) if has_part => parts.for_each(|field| field.given.push(line.clone())),
            Some(_) => {
                return Err(wrong(format!(
                    "belongs to the part {part}, which is not given; give that too, or leave this out"
                )));
            }
            None if has_part && parameter.required => {
                return Err(wrong(format!(
                    "is missing, and the part {part}, which is given, needs it"
                )));
            }
            None => {}
        }
    }
    Ok(())
}

/// The media type with the boundary in place of one that the document has.
fn with_boundary(media_type: &str, boundary: &str) -> String {
    let mut pieces = media_type.split(';').map(str::trim);
    let essence = pieces.next().unwrap_or_default();
    let kept = pieces.filter(|piece| {
        let name = piece.split('=').next().unwrap_or_default().trim();
        !name.is_empty() && !name.eq_ignore_ascii_case("boundary")
    });
    let kept: String = kept.map(|piece| format!("; {piece}")).collect();
    format!("{essence}{kept}; boundary={boundary}")
}

/// The line that names a part, if it has a name.
fn disposition(name: &str, filename: Option<&str>) -> String {
    let named = (!name.is_empty()).then(|| format!("form-data; name=\"{}\"", quoted(name)));
    let filename = filename.map(|filename| format!("; filename=\"{}\"", quoted(filename)));
    match (named, filename) {
        (None, None) => String::new(),
        (Some(named), filename) => {
            format!(
                "Content-Disposition: {named}{}\r\n",
                filename.unwrap_or_default()
            )
        }
        (None, Some(filename)) => format!("Content-Disposition: attachment{filename}\r\n"),
    }
}

/// The first of a fixed series that occurs in no part. The parts are read once: their author may have
/// written many of the series into them.
fn boundary(fields: &[Field]) -> String {
    let mut taken = HashSet::new();
    for field in fields {
        let data = &field.data;
        let starts = data.iter().enumerate().filter(|(_, byte)| **byte == b'm');
        taken.extend(starts.filter_map(|(at, _)| number(data.get(at..)?)));
    }
    let free = (0_u64..).find(|number| !taken.contains(number));
    format!("{SERIES}{:016x}", free.unwrap_or_default())
}

/// The number of the boundary at the front of the data.
fn number(data: &[u8]) -> Option<u64> {
    let digits = data.strip_prefix(SERIES.as_bytes())?.get(..16)?;
    u64::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

/// As the WHATWG form submission algorithm escapes names; other controls are dropped.
fn quoted(text: &str) -> String {
    text.replace('"', "%22")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
        .chars()
        .filter(|c| !c.is_control())
        .collect()
}
