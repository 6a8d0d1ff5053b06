//! Spans of JSON text.
//!
//! The text was read by a strict reader before, or was found malformed by it; so this scanner only
//! has to find the places and stops at the first thing that it does not know.

use std::borrow::Cow;

use super::build::{Builder, Kind, Node, Span};

/// The nodes of a JSON text.
pub(super) fn scan(text: &str) -> Vec<Node> {
    let bytes = text.as_bytes();
    let mut builder = Builder::default();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' | b',' | b':' => at += 1,
            b'{' | b'[' => {
                let kind = if *byte == b'{' {
                    Kind::Object
                } else {
                    Kind::Array
                };
                builder.node(
                    kind,
                    Span {
                        start: at,
                        end: at + 1,
                    },
                );
                at += 1;
            }
            b'}' | b']' => {
                at += 1;
                builder.close(at);
            }
            b'"' => {
                let end = string_end(bytes, at);
                let span = Span { start: at, end };
                if builder.wants_key() {
                    let raw = text.get(at..end).unwrap_or_default();
                    builder.key(&decoded(raw), span);
                } else {
                    builder.node(Kind::Quoted, span);
                }
                at = end;
            }
            _ => {
                let rest = bytes.get(at..).unwrap_or_default();
                let length = rest.iter().take_while(|byte| is_literal(**byte)).count();
                if length == 0 {
                    break;
                }
                builder.node(
                    Kind::Plain,
                    Span {
                        start: at,
                        end: at + length,
                    },
                );
                at += length;
            }
        }
    }
    builder.finish(at)
}

/// Whether a byte can be part of a number, `true`, `false` or `null`.
const fn is_literal(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')
}

/// The offset behind the closing quote of the string that starts at `start`.
fn string_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// The text of a string with its quotes.
fn decoded(raw: &str) -> Cow<'_, str> {
    let inner = raw
        .strip_prefix('"')
        .and_then(|raw| raw.strip_suffix('"'))
        .unwrap_or(raw);
    if !inner.contains('\\') {
        return Cow::Borrowed(inner);
    }
    serde_json::from_str(raw).map_or(Cow::Borrowed(inner), Cow::Owned)
}
