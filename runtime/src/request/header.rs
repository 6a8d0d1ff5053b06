//! Header fields and cookies from parameters (RFC 9110 §5, RFC 6265 §4.2).

use crate::json::Value;
use crate::operation::{Parameter, Style};

use super::encode::Encode;
use super::{RequestError, is_json, json_text, style};

/// Header fields that frame the message, carry credentials or say where it goes; some front ends take
/// method and path from the last five.
const RESERVED: [&str; 27] = [
    "accept",
    "accept-encoding",
    "authorization",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "cookie",
    "cookie2",
    "expect",
    "forwarded",
    "host",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "set-cookie",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "via",
    "x-http-method",
    "x-http-method-override",
    "x-method-override",
    "x-original-url",
    "x-rewrite-url",
];

/// Whether a header field never comes from an argument.
#[must_use]
pub fn is_reserved(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    RESERVED.contains(&name.as_str())
        || name.starts_with("x-forwarded-")
        || name.starts_with("proxy-")
}

/// Whether a parameter always says the method that is sent anyway, or one that changes nothing (RFC 9110
/// §9.2.1).
fn keeps_method(method: &str, parameter: &Parameter) -> bool {
    let name = parameter.name.to_ascii_lowercase();
    let is_override = name.starts_with("x-") && name.contains("method");
    let keeps = |value: &str| value == method || matches!(value, "GET" | "HEAD");
    is_override && parameter.constant.is_some_and(keeps)
}

pub(super) fn field(
    method: &str,
    parameter: &Parameter,
    value: &Value,
) -> Result<Option<(String, String)>, RequestError> {
    if is_reserved(parameter.name) && !keeps_method(method, parameter) {
        return Err(RequestError::new(
            parameter.argument,
            format!(
                "the header {} cannot be set through an argument; leave it out",
                parameter.name
            ),
        ));
    }
    let nothing = match value {
        Value::Array(items) => items.is_empty(),
        Value::Object(object) => object.is_empty(),
        _ => false,
    };
    if nothing && !is_json(parameter) {
        return Ok(None);
    }
    if !is_json(parameter) && has_loose_blank(value) {
        return Err(RequestError::new(
            parameter.argument,
            "has an item or a name with a blank at its start or end, which readers of header lists leave out; leave it out",
        ));
    }
    let text = if is_json(parameter) {
        ascii(&json_text(value))
    } else {
        style::expand(
            Style::Simple,
            parameter.explode,
            parameter.name,
            value,
            Encode::Plain,
        )
        .map_err(|clash| RequestError::new(parameter.argument, clash.told()))?
    };
    let text = text.trim_matches([' ', '\t']);
    if !text.chars().all(|c| matches!(c, ' '..='~' | '\t')) {
        return Err(RequestError::new(
            parameter.argument,
            "is sent in an HTTP header and may hold printable ASCII characters only, no line breaks",
        ));
    }
    Ok(Some((parameter.name.to_owned(), text.to_owned())))
}

/// Whether an item or a name has blanks around it, which are no part of it in a list (RFC 9110 §5.6.1).
fn has_loose_blank(value: &Value) -> bool {
    let blank = [' ', '\t'];
    let is_loose = |text: &str| text.starts_with(blank) || text.ends_with(blank);
    let is_loose_text = |value: &Value| value.as_str().is_some_and(is_loose);
    match value {
        Value::Array(items) => items.iter().any(is_loose_text),
        Value::Object(object) => object
            .iter()
            .any(|(name, value)| is_loose(name) || is_loose_text(value)),
        _ => false,
    }
}

/// JSON with every other character escaped, so that it fits into a header field or another charset.
pub(super) fn ascii(json: &str) -> String {
    let mut text = String::new();
    for c in json.chars() {
        if c.is_ascii() {
            text.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                text.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    text
}

/// `name=value` pairs. The style `cookie` sends values as they are, `form` percent-encodes them.
pub(super) fn cookies(parameter: &Parameter, value: &Value) -> Result<Vec<String>, RequestError> {
    let encode = if parameter.style == Style::Cookie {
        Encode::Plain
    } else {
        Encode::of(parameter, Encode::ReservedInCookie)
    };
    let style = if parameter.style == Style::Cookie {
        Style::Form
    } else {
        parameter.style
    };
    style::pairs(style, parameter.explode, parameter.name, value, encode)
        .map_err(|clash| RequestError::new(parameter.argument, clash.told()))?
        .into_iter()
        .map(|(name, text)| {
            let pair = format!("{name}={text}");
            // RFC 6265 §4.1.1 `cookie-octet`; the comma is what `form` joins arrays with.
            if pair.chars().all(|c| matches!(c, '!'..='~') && !matches!(c, ';' | '"' | '\\')) {
                Ok(pair)
            } else {
                Err(RequestError::new(
                    parameter.argument,
                    "is sent in a cookie and must not hold blanks, quotes, semicolons or characters beyond ASCII",
                ))
            }
        })
        .collect()
}
