//! Percent-encoding (RFC 3986 §2).

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::json::{Value, exact};
use crate::operation::{Parameter, Style};

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

/// Reserved characters stay that a cookie can hold and that do not end it (RFC 6265 §4.1.1).
const RESERVED_IN_COOKIE: &AsciiSet = &STRICT
    .remove(b':')
    .remove(b'/')
    .remove(b'?')
    .remove(b'#')
    .remove(b'[')
    .remove(b']')
    .remove(b'@')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b'=');

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

/// How the pieces of a value are encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encode {
    /// Everything but unreserved characters.
    Strict,
    /// Reserved characters stay that cannot end a path segment.
    ReservedInPath,
    /// Reserved characters stay that cannot start another query parameter.
    ReservedInQuery,
    /// Reserved characters stay that a cookie can hold.
    ReservedInCookie,
    /// Nothing: headers, cookies, parts.
    Plain,
}

/// A character of a value that would be read as a delimiter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Clash(pub(super) char);

impl Encode {
    /// How the value of a parameter is encoded; `reserved` is for one with `allowReserved`, which is a field of
    /// those with `schema`, not of those with `content` (OpenAPI 3.2 §4.12.2).
    pub(super) fn of(parameter: &Parameter, reserved: Self) -> Self {
        if parameter.allow_reserved && parameter.style != Style::Json {
            reserved
        } else {
            Self::Strict
        }
    }

    /// A text.
    pub(super) fn text(self, text: &str) -> String {
        match self {
            Self::Strict => strict(text),
            Self::ReservedInPath => around_triplets(text, RESERVED_IN_PATH),
            Self::ReservedInQuery => around_triplets(text, RESERVED_IN_QUERY),
            Self::ReservedInCookie => around_triplets(text, RESERVED_IN_COOKIE),
            Self::Plain => text.to_owned(),
        }
    }

    /// A text between delimiters, which must not be read as one of them. Reserved characters are
    /// percent-encoded then, whatever else is left as it is (RFC 3986 §2.2).
    pub(super) fn piece(self, text: &str, delimiters: &[char]) -> Result<String, Clash> {
        let mut written = self.text(text);
        for delimiter in delimiters {
            let encoded = strict(delimiter.encode_utf8(&mut [0; 4]));
            if self == Self::Plain {
                if text.contains(*delimiter) {
                    return Err(Clash(*delimiter));
                }
            } else if matches!(delimiter, ',' | ';' | '=') {
                written = written.replace(*delimiter, &encoded);
            } else if text.contains(*delimiter)
                || (self != Self::Strict
                    && written.to_ascii_uppercase().contains(&triplet(*delimiter)))
            {
                // Blanks and bars are percent-encoded where they delimit too, and an encoded dot is the same
                // as a dot (RFC 3986 §6.2.2.2): nothing tells them apart.
                return Err(Clash(*delimiter));
            }
        }
        Ok(written)
    }
}

impl Clash {
    /// What is wrong, and what would be right.
    pub(super) fn told(self) -> String {
        let what = match self.0 {
            '[' | ']' => return "has a name that is empty or holds brackets; leave it out, since the names in it stand in brackets here".to_owned(),
            ' ' => "a blank".to_owned(),
            '.' => "a dot".to_owned(),
            ',' => "a comma".to_owned(),
            other => format!("`{other}`"),
        };
        format!(
            "has an item or a name with {what} in it, which separates the items here and cannot be escaped; leave it out"
        )
    }
}

/// The percent-encoding of an ASCII character, whether it needs one or not.
fn triplet(c: char) -> String {
    format!("%{:02X}", u32::from(c))
}

pub(crate) fn strict(text: &str) -> String {
    utf8_percent_encode(text, STRICT).to_string()
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

/// A scalar as text; an array or object, which no style covers at this depth, as JSON. Numbers keep
/// the digits that JSON gives them.
pub(super) fn scalar(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => exact::digits(text).unwrap_or(text).to_owned(),
        Value::Number(number) => digits(number),
        other => exact::text(other),
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
