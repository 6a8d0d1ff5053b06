//! `multipart/form-data` (RFC 7578), with a boundary that cannot occur in the parts.

use super::RequestBody;
use super::form::Field;

pub(super) fn encode(fields: &[Field]) -> RequestBody {
    let boundary = boundary(fields);
    let mut bytes = Vec::new();
    for field in fields {
        bytes.extend_from_slice(format!("--{boundary}\r\n").as_bytes());
        let (name, filename, content_type, data) = match field {
            Field::Text {
                name,
                text,
                content_type,
            } => (name, None, *content_type, text.as_bytes()),
            Field::File { name, upload } => (
                name,
                Some(&upload.filename),
                Some(
                    upload
                        .content_type
                        .as_deref()
                        .unwrap_or("application/octet-stream"),
                ),
                upload.data.as_slice(),
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

/// The first of a fixed series that occurs in no part.
fn boundary(fields: &[Field]) -> String {
    let mut number = 0_u64;
    loop {
        let candidate = format!("mcpwright-boundary-{number:016x}");
        let taken = fields.iter().any(|field| match field {
            Field::Text { text, .. } => text.contains(&candidate),
            Field::File { upload, .. } => contains(&upload.data, candidate.as_bytes()),
        });
        if !taken {
            return candidate;
        }
        number = number.wrapping_add(1);
    }
}

fn contains(data: &[u8], needle: &[u8]) -> bool {
    data.windows(needle.len()).any(|window| window == needle)
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
