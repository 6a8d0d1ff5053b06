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
    utf8_percent_encode(text, RESERVED_IN_PATH).to_string()
}

pub(super) fn reserved_in_query(text: &str) -> String {
    utf8_percent_encode(text, RESERVED_IN_QUERY).to_string()
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
        other => other.to_string(),
    }
}
