//! The path, built from segments alone.

use percent_encoding::percent_decode_str;

use crate::json::{Object, Value};
use crate::operation::{Location, OperationDef, Parameter, Part};

use super::encode::{Encode, scalar};
use super::{RequestError, defined, is_json, json_text, style};

/// Times that a value is percent-decoded to see what it hides. No server decodes as often, and each
/// round reads the whole value.
const MAX_ROUNDS: usize = 8;

/// The percent-encoded path of an operation, with a leading slash.
pub(super) fn path(operation: &OperationDef, arguments: &Object) -> Result<String, RequestError> {
    if operation.segments.is_empty() {
        return Ok("/".to_owned());
    }
    let mut path = String::new();
    for segment in operation.segments {
        path.push('/');
        let start = path.len();
        let mut last = "";
        for part in segment.0 {
            match part {
                Part::Literal(text) => path.push_str(text),
                Part::Parameter(name) => {
                    let parameter = find(operation, name)?;
                    last = parameter.argument;
                    path.push_str(&value(parameter, arguments)?);
                }
            }
        }
        // Values that are harmless alone may form a dot segment with what stands beside them.
        let built = path.get(start..).unwrap_or_default();
        if !last.is_empty() && dangerous(built).is_some() {
            return Err(RequestError::new(
                last,
                "would change the path of the request",
            ));
        }
    }
    Ok(path)
}

fn find(operation: &OperationDef, name: &str) -> Result<&'static Parameter, RequestError> {
    operation
        .parameters
        .iter()
        .find(|parameter| parameter.location == Location::Path && parameter.name == name)
        .ok_or_else(|| {
            RequestError::new(
                name,
                "is in the path template but no parameter of the operation",
            )
        })
}

fn value(parameter: &Parameter, arguments: &Object) -> Result<String, RequestError> {
    let value = arguments
        .get(parameter.argument)
        .and_then(|value| defined(parameter, value))
        .filter(|value| !value.is_null())
        .ok_or_else(|| RequestError::new(parameter.argument, "is required and missing"))?;
    let value = value.as_ref();
    let mut texts = Vec::new();
    leaves(value, &mut texts);
    if texts.iter().all(String::is_empty) {
        return Err(RequestError::new(
            parameter.argument,
            "must not be empty: it is part of the address of the record",
        ));
    }
    if let Some(why) = texts.iter().find_map(|text| dangerous(text)) {
        return Err(RequestError::new(
            parameter.argument,
            format!(
                "{why}; it is part of the address of the record and is sent as one path segment"
            ),
        ));
    }
    let encode = Encode::of(parameter, Encode::ReservedInPath);
    if is_json(parameter) {
        return Ok(encode.text(&json_text(value)));
    }
    style::expand(
        parameter.style,
        parameter.explode,
        parameter.name,
        value,
        encode,
    )
    .map_err(|clash| RequestError::new(parameter.argument, clash.told()))
}

/// Every text in a value, keys too.
fn leaves(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| leaves(item, texts)),
        Value::Object(object) => {
            for (key, value) in object {
                texts.push(key.clone());
                leaves(value, texts);
            }
        }
        other => texts.push(scalar(other)),
    }
}

/// Why a text could change the route: dot segments or control characters, however often it is
/// percent-decoded on its way.
fn dangerous(text: &str) -> Option<&'static str> {
    let mut text = text.to_owned();
    for _ in 0..MAX_ROUNDS {
        if text.chars().any(char::is_control) {
            return Some("must not contain control characters");
        }
        // Servers that know path parameters read `..;a` as `..` (RFC 3986 §3.3).
        if text.split(['/', '\\']).any(|piece| {
            let name = piece.split(';').next().unwrap_or_default();
            matches!(name.trim(), "." | "..")
        }) {
            return Some("must not be or contain the path segments \".\" or \"..\"");
        }
        let decoded = percent_decode_str(&text).decode_utf8_lossy().into_owned();
        if decoded.len() >= text.len() {
            return None;
        }
        text = decoded;
    }
    Some("must not be percent-encoded over and over")
}
