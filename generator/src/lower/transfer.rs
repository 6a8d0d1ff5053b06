//! Parts whose text is encoded: `contentEncoding`, and `format: byte` in OpenAPI 3.0, which stand for a
//! header field `Content-Transfer-Encoding` (OpenAPI 3.2 §4.15.4.2, 3.0.4 §4.7.15.3).

use serde_json::Value;

use super::part_headers::only_value;
use super::schema::{Shape, Shapes};
use crate::http::is_token;
use crate::model::Node;

/// The header field.
pub(super) const FIELD: &str = "Content-Transfer-Encoding";

/// How the text of a part is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Transfer<'a> {
    /// Base64: files can be written so.
    Base64,
    /// Another encoding, which whoever calls has applied.
    Other(&'a str),
}

impl<'a> Transfer<'a> {
    /// What the schema of a part says, or else the header field of its encoding object.
    pub(super) fn of(
        shape: &Shape<'a>,
        encoding: Option<&Node<'a>>,
        shapes: &Shapes<'a>,
    ) -> Option<Self> {
        let is_text = shape.types.is_any() || shape.types.names() == ["string"];
        if !is_text || !shape.unions.is_empty() {
            return None;
        }
        let keyword = |name| {
            shape
                .keywords
                .get(name)
                .and_then(|node| node.value.as_str())
        };
        if let Some(named) = keyword("contentEncoding").map(str::trim) {
            return if named.eq_ignore_ascii_case("base64") {
                Some(Self::Base64)
            } else {
                is_token(named).then_some(Self::Other(named))
            };
        }
        let is_byte = keyword("format") == Some("byte") && is_3_0(shapes);
        (is_byte || is_base64_by_header(encoding, shapes)).then_some(Self::Base64)
    }
}

/// Whether the encoding object asks for base64 by its header field.
fn is_base64_by_header<'a>(encoding: Option<&Node<'a>>, shapes: &Shapes<'a>) -> bool {
    let headers = encoding.and_then(|encoding| encoding.get("headers"));
    let mut headers = headers.iter().flat_map(Node::entries);
    headers
        .find(|(name, _)| name.eq_ignore_ascii_case(FIELD))
        .and_then(|(_, header)| only_value(header, shapes.resolver(), shapes))
        .is_some_and(|value| value.trim().eq_ignore_ascii_case("base64"))
}

/// Whether the document is one of OpenAPI 3.0: from 3.1 on, `format` says nothing of the encoding (OpenAPI
/// 3.2 §4.14.4).
pub(super) fn is_3_0(shapes: &Shapes<'_>) -> bool {
    match shapes.resolver().root().value.get("openapi") {
        Some(Value::String(version)) => version.trim().starts_with("3.0"),
        Some(Value::Number(version)) => version.to_string().starts_with("3.0"),
        _ => false,
    }
}
