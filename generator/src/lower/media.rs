//! Kinds of media types, for bodies and answers alike.

use crate::diagnostics::Sink;
use crate::model::{Node, Resolver};

/// The entries of `content`; each may be a reference (OpenAPI 3.2 §4.14). One that leads nowhere is
/// reported and left out.
pub fn entries<'a>(
    owner: &Node<'a>,
    resolver: Resolver<'a>,
    sink: &mut Sink,
) -> Vec<(&'a str, Node<'a>)> {
    let content = owner.get("content");
    let mut found = Vec::new();
    for (name, entry) in content.iter().flat_map(Node::entries) {
        match resolver.follow(entry) {
            Ok(entry) => found.push((name, entry)),
            Err(error) => sink.push(error.diagnostic(resolver)),
        }
    }
    found
}

/// How a media type writes a sequence of JSON texts (OpenAPI 3.2 §4.14.3): `lines` or `sequence`.
pub fn sequence_of(media: &str) -> Option<&'static str> {
    let lower = media.to_ascii_lowercase();
    match lower.split(';').next().unwrap_or_default().trim() {
        "application/jsonl"
        | "application/x-jsonl"
        | "application/ndjson"
        | "application/x-ndjson"
        | "application/jsonlines"
        | "application/x-jsonlines"
        | "application/json-lines"
        | "application/stream+json" => Some("lines"),
        "application/json-seq" => Some("sequence"),
        seq if seq.ends_with("+json-seq") => Some("sequence"),
        _ => None,
    }
}

/// Whether a media type is JSON.
pub fn is_json(media: &str) -> bool {
    matches!(Family::of(media), Family::Json | Family::LikeJson)
}

/// Whether a media type is of the type `text` (RFC 2046 §4.1).
pub fn is_text(media: &str) -> bool {
    let kind = media.trim().get(..5);
    kind.is_some_and(|kind| kind.eq_ignore_ascii_case("text/"))
}

/// What a media type is, in the order in which a body prefers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// `application/json`
    Json,
    /// Another media type that is JSON (`application/vnd.x+json`).
    LikeJson,
    /// `*/*` or `application/*`
    Any,
    /// `application/x-www-form-urlencoded`
    Form,
    /// `multipart/form-data`
    Multipart,
    /// XML.
    Xml,
    /// Text: plain, YAML, CSV, lines of JSON.
    Text,
    /// Another `multipart/…`
    OtherMultipart,
    /// Anything else.
    Bytes,
}

impl Family {
    /// The family of a media type, whose parameters do not matter.
    pub fn of(media: &str) -> Self {
        let lower = media.trim().to_ascii_lowercase();
        match lower.split(';').next().unwrap_or_default().trim() {
            "application/json" => Self::Json,
            "*/*" | "application/*" => Self::Any,
            "application/x-www-form-urlencoded" => Self::Form,
            "multipart/form-data" => Self::Multipart,
            json if ["+json", "/json", "/x-json"]
                .iter()
                .any(|end| json.ends_with(end)) =>
            {
                Self::LikeJson
            }
            xml if xml.ends_with("/xml") || xml.ends_with("+xml") => Self::Xml,
            text if text.starts_with("text/")
                || sequence_of(text).is_some()
                || ["yaml", "ndjson", "jsonl", "csv"]
                    .iter()
                    .any(|kind| text.contains(kind)) =>
            {
                Self::Text
            }
            multipart if multipart.starts_with("multipart/") => Self::OtherMultipart,
            _ => Self::Bytes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Family;

    #[test]
    fn media_types_have_a_family() {
        for (media, family) in [
            ("application/json; charset=utf-8", Family::Json),
            ("Application/Vnd.Api+JSON", Family::LikeJson),
            ("text/json", Family::LikeJson),
            ("application/x-json", Family::LikeJson),
            ("application/stream+json", Family::LikeJson),
            ("*/*", Family::Any),
            ("image/svg+xml", Family::Xml),
            ("text/xml", Family::Xml),
            ("application/x-ndjson", Family::Text),
            ("application/yaml", Family::Text),
            ("Application/JSON-Seq", Family::Text),
            ("application/geo+json-seq", Family::Text),
            ("application/x-jsonlines; charset=utf-8", Family::Text),
            ("multipart/mixed", Family::OtherMultipart),
            ("image/*", Family::Bytes),
        ] {
            assert_eq!(Family::of(media), family, "{media}");
        }
    }
}
