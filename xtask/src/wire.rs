//! Texts on the wire.

/// Without percent-encoding.
pub fn decoded(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let code = tail
            .get(..2)
            .filter(|_| first == b'%')
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(code.unwrap_or(first));
        rest = if code.is_some() {
            tail.get(2..).unwrap_or_default()
        } else {
            tail
        };
    }
    bytes
}

/// The same as text.
pub fn text(encoded: &str) -> String {
    String::from_utf8_lossy(&decoded(encoded)).into_owned()
}

/// The pairs of a query string or form, still encoded.
pub fn pairs(query: &str) -> Vec<(String, String)> {
    let parts = query.split('&').filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            (text(&name.replace('+', "%20")), value.replace('+', "%20"))
        })
        .collect()
}

/// A part of a multipart body.
#[derive(Debug)]
pub struct Part {
    /// Name of the field; empty for a part without one.
    pub name: String,
    /// Its own media type.
    pub content_type: Option<String>,
    /// Its bytes as text.
    pub text: String,
}

/// The parts of a multipart body (RFC 2046 §5.1, RFC 7578).
pub fn parts(content_type: &str, body: &[u8]) -> Option<Vec<Part>> {
    let (_, boundary) = content_type.split_once("boundary=")?;
    let body = String::from_utf8_lossy(body);
    let delimiter = format!("--{}", boundary.trim_matches('"'));
    let mut found = Vec::new();
    let mut pieces = body.split(delimiter.as_str());
    pieces.next();
    for piece in pieces {
        if piece.starts_with("--") {
            return Some(found);
        }
        let piece = piece.strip_prefix("\r\n")?;
        let (head, content) = match piece.strip_prefix("\r\n") {
            Some(content) => ("", content),
            None => piece.split_once("\r\n\r\n")?,
        };
        let field = |name: &str| {
            head.lines().find_map(|line| {
                let (own, value) = line.split_once(':')?;
                own.eq_ignore_ascii_case(name)
                    .then(|| value.trim().to_owned())
            })
        };
        let disposition = field("content-disposition").unwrap_or_default();
        let name = disposition
            .split_once(" name=\"")
            .and_then(|(_, name)| name.split('"').next());
        found.push(Part {
            name: text(name.unwrap_or_default()),
            content_type: field("content-type"),
            text: content.strip_suffix("\r\n")?.to_owned(),
        });
    }
    None
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_segment_is_decoded_once() {
        assert_eq!(super::decoded("a%2Fb%2525%"), b"a/b%25%");
    }
}
