//! The query string.

use crate::json::Value;
use crate::operation::{BodyField, Parameter};

use super::encode::{Encode, query_name, query_string, scalar, strict};
use super::field::{Field, Target, field};
use super::{RequestError, is_json, json_text, style};
use crate::operation::Style;

/// The `name=value` pairs of a parameter, percent-encoded.
pub(super) fn pairs(parameter: &Parameter, value: &Value) -> Result<Vec<String>, RequestError> {
    let encode = Encode::of(parameter, Encode::ReservedInQuery);
    let declared = encode.text(parameter.name);
    let pairs = style::pairs(
        parameter.style,
        parameter.explode,
        parameter.name,
        value,
        encode,
    )
    .map_err(|clash| RequestError::new(parameter.argument, clash.told()))?;
    let written = pairs.into_iter().map(|(name, text)| {
        // Other names are keys of objects, which the document does not write out.
        if name == declared {
            format!("{}={text}", query_name(parameter.name))
        } else {
            format!("{name}={text}")
        }
    });
    Ok(written.collect())
}

/// The whole query string in one argument (OpenAPI 3.2 `in: querystring`): a form as an object, whose members
/// are written as in a body, or as it is, JSON, or a text of another kind (the style `simple`), which is percent-encoded.
pub(super) fn whole(parameter: &Parameter, value: &Value) -> Result<Vec<String>, RequestError> {
    if is_json(parameter) {
        return Ok(vec![strict(&json_text(value))]);
    }
    if parameter.style == Style::Simple {
        return Ok(vec![strict(&scalar(value))]);
    }
    match value {
        Value::Object(object) => {
            let mut found = Vec::new();
            for (name, value) in object {
                let own = parameter.fields.iter().find(|field| field.name == name);
                let own = own.unwrap_or(&BodyField::DEFAULT);
                for Field { name, data, .. } in
                    field(name, parameter.argument, value, own, Target::Form)?
                {
                    found.push(format!("{name}={}", String::from_utf8_lossy(&data)));
                }
            }
            Ok(found)
        }
        Value::String(text) if text.chars().any(char::is_control) => Err(RequestError::new(
            parameter.argument,
            "must not contain control characters",
        )),
        Value::String(text) => {
            let text = text.strip_prefix('?').unwrap_or(text);
            Ok(if text.is_empty() {
                Vec::new()
            } else {
                vec![query_string(text)]
            })
        }
        other => Ok(vec![strict(&json_text(other))]),
    }
}
