//! `multipart/form-data` (RFC 7578), with a boundary that cannot occur in the parts.

use std::collections::HashSet;

use super::RequestBody;
use super::form::Field;

/// What every boundary begins with; sixteen hexadecimal digits follow.
const SERIES: &str = "mcpwright-boundary-";

pub(super) fn encode(fields: &[Field]) -> RequestBody {
    let boundary = boundary(fields);
    let mut bytes = Vec::new();
    for field in fields {
        bytes.extend_from_slice(format!("--{boundary}\r\n").as_bytes());
        let (name, filename, content_type, data, headers) = match field {
            Field::Text {
                name,
                text,
                content_type,
                headers,
            } => (name, None, *content_type, text.as_bytes(), *headers),
            Field::File {
                name,
                upload,
                headers,
            } => (
                name,
                Some(&upload.filename),
                Some(
                    upload
                        .content_type
                        .as_deref()
                        .unwrap_or("application/octet-stream"),
                ),
                upload.data.as_slice(),
                *headers,
            ),
        };
        let mut head = format!("Content-Disposition: form-data; name=\"{}\"", quoted(name));
        if let Some(filename) = filename {
            head += &format!("; filename=\"{}\"", quoted(filename));
        }
        head += "\r\n";
        if let Some(content_type) = content_type {
            head += &format!("Content-Type: {content_type}\r\n");
        }
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        bytes.extend_from_slice(head.as_bytes());
        bytes.extend_from_slice(b"\r\n");
        bytes.extend_from_slice(data);
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    RequestBody {
        content_type: format!("multipart/form-data; boundary={boundary}"),
        bytes,
    }
}

/// The first of a fixed series that occurs in no part. The parts are read once: their author may have
/// written many of the series into them.
fn boundary(fields: &[Field]) -> String {
    let mut taken = HashSet::new();
    for field in fields {
        let data = match field {
            Field::Text { text, .. } => text.as_bytes(),
            Field::File { upload, .. } => upload.data.as_slice(),
        };
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
