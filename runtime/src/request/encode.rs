//! Percent-encoding (RFC 3986 §2).

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::json::Value;

/// Everything but unreserved characters.
const STRICT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Reserved characters stay that cannot end a path segment.
const RESERVED_IN_PATH: &AsciiSet = &STRICT
    .remove(b':')
    .remove(b'@')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=');

/// Reserved characters stay that cannot start another query parameter.
const RESERVED_IN_QUERY: &AsciiSet = &STRICT
    .remove(b':')
    .remove(b'@')
    .remove(b'!')
    .remove(b'$')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b',')
    .remove(b';')
    .remove(b'/')
    .remove(b'?');

/// The name of a query parameter as the document writes it: brackets and the like stay, which some
/// services read literally; what could end the name does not.
const QUERY_NAME: &AsciiSet = &STRICT
    .remove(b'[')
    .remove(b']')
    .remove(b':')
    .remove(b'@')
    .remove(b'!')
    .remove(b'$')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b',')
    .remove(b'/');

/// What a whole query string may hold (RFC 3986 §3.4), and `%`, since it is already encoded.
const QUERY_STRING: &AsciiSet = &RESERVED_IN_QUERY
    .remove(b'&')
    .remove(b'=')
    .remove(b'+')
    .remove(b'%');

/// How to encode the pieces of a value.
pub(super) type Encode = fn(&str) -> String;

pub(crate) fn strict(text: &str) -> String {
    utf8_percent_encode(text, STRICT).to_string()
}

pub(super) fn reserved_in_path(text: &str) -> String {
    around_triplets(text, RESERVED_IN_PATH)
}

pub(super) fn reserved_in_query(text: &str) -> String {
    around_triplets(text, RESERVED_IN_QUERY)
}

pub(super) fn query_name(text: &str) -> String {
    utf8_percent_encode(text, QUERY_NAME).to_string()
}

/// Reserved expansion (RFC 6570 §3.2.3): what is percent-encoded already stays, a lone `%` does not.
fn around_triplets(text: &str, set: &'static AsciiSet) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        let (before, from) = rest.split_at(at);
        out.extend(utf8_percent_encode(before, set));
        let digits = from.as_bytes().get(1..3);
        let triplet = digits.is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit));
        let (taken, after) = from.split_at(if triplet { 3 } else { 1 });
        if triplet {
            out.push_str(taken);
        } else {
            out.push_str("%25");
        }
        rest = after;
    }
    out.extend(utf8_percent_encode(rest, set));
    out
}

pub(super) fn query_string(text: &str) -> String {
    utf8_percent_encode(text, QUERY_STRING).to_string()
}

/// The text as it is.
pub(super) fn plain(text: &str) -> String {
    text.to_owned()
}

/// A scalar as text; an array or object, which no style covers at this depth, as JSON. Numbers keep
/// the digits that JSON gives them.
pub(super) fn scalar(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Number(number) => digits(number),
        other => other.to_string(),
    }
}

/// A number in digits alone: outside of JSON few readers know exponents.
fn digits(number: &serde_json::Number) -> String {
    let text = number.to_string();
    match number.as_f64() {
        Some(float) if text.contains(['e', 'E']) => float.to_string(),
        _ => text,
    }
}
