//! The styles of parameters (OpenAPI 3.2 §4.12.3, RFC 6570 §3.2).

use crate::json::{Object, Value};
use crate::operation::Style;

use super::encode::{Encode, scalar};

/// The value as one text, for styles without names: `simple`, `label`, `matrix`.
pub(super) fn expand(
    style: Style,
    explode: bool,
    name: &str,
    value: &Value,
    enc: Encode,
) -> String {
    match style {
        Style::Label => label(explode, value, enc),
        Style::Matrix => matrix(explode, &enc(name), value, enc),
        _ => simple(explode, value, enc),
    }
}

/// RFC 6570 §3.2.2 and §3.2.4.
fn simple(explode: bool, value: &Value, enc: Encode) -> String {
    match value {
        Value::Array(items) => joined(items, ",", enc),
        Value::Object(object) => members(object, if explode { "=" } else { "," }, ",", enc),
        other => enc(&scalar(other)),
    }
}

/// RFC 6570 §3.2.5.
fn label(explode: bool, value: &Value, enc: Encode) -> String {
    let text = match value {
        Value::Array(items) => joined(items, if explode { "." } else { "," }, enc),
        Value::Object(object) if explode => members(object, "=", ".", enc),
        Value::Object(object) => members(object, ",", ",", enc),
        other => enc(&scalar(other)),
    };
    format!(".{text}")
}

/// RFC 6570 §3.2.7: an empty value has no equals sign.
fn matrix(explode: bool, name: &str, value: &Value, enc: Encode) -> String {
    let pair = |name: &str, text: String| {
        if text.is_empty() {
            format!(";{name}")
        } else {
            format!(";{name}={text}")
        }
    };
    match value {
        Value::Array(items) if explode => items
            .iter()
            .map(|item| pair(name, enc(&scalar(item))))
            .collect(),
        Value::Array(items) => pair(name, joined(items, ",", enc)),
        Value::Object(object) if explode => object
            .iter()
            .map(|(key, value)| pair(&enc(key), enc(&scalar(value))))
            .collect(),
        Value::Object(object) => pair(name, members(object, ",", ",", enc)),
        other => pair(name, enc(&scalar(other))),
    }
}

/// The value as names and values, for styles with names: `form`, the delimited ones, `deepObject`.
/// Empty arrays and objects give nothing (RFC 6570 §2.3: undefined).
pub(super) fn pairs(
    style: Style,
    explode: bool,
    name: &str,
    value: &Value,
    enc: Encode,
) -> Vec<(String, String)> {
    let one = |text: String| vec![(enc(name), text)];
    let delimiter = match style {
        Style::SpaceDelimited => enc(" "),
        Style::PipeDelimited => enc("|"),
        Style::DeepObject => {
            let mut found = Vec::new();
            deep(name.to_owned(), value, &mut found);
            return found
                .into_iter()
                .map(|(name, text)| (enc(&name), enc(&text)))
                .collect();
        }
        Style::Json => return one(enc(&value.to_string())),
        _ => ",".to_owned(),
    };
    match value {
        Value::Array(items) if items.is_empty() => Vec::new(),
        Value::Object(object) if object.is_empty() => Vec::new(),
        Value::Array(items) if explode => items
            .iter()
            .map(|item| (enc(name), enc(&scalar(item))))
            .collect(),
        Value::Array(items) => one(joined(items, &delimiter, enc)),
        Value::Object(object) if explode => object
            .iter()
            .map(|(key, value)| (enc(key), enc(&scalar(value))))
            .collect(),
        Value::Object(object) => one(members(object, &delimiter, &delimiter, enc)),
        other => one(enc(&scalar(other))),
    }
}

/// `name[key][inner]=v`. The specification leaves arrays open; `name[]=v` for scalars and `name[0][key]=v`
/// for the rest is what the frameworks read that know brackets at all.
fn deep(name: String, value: &Value, found: &mut Vec<(String, String)>) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                deep(format!("{name}[{key}]"), value, found);
            }
        }
        Value::Array(items) => {
            let nested = items.iter().any(|item| item.is_object() || item.is_array());
            for (index, item) in items.iter().enumerate() {
                let step = if nested {
                    index.to_string()
                } else {
                    String::new()
                };
                deep(format!("{name}[{step}]"), item, found);
            }
        }
        other => found.push((name, scalar(other))),
    }
}

fn joined(items: &[Value], delimiter: &str, enc: Encode) -> String {
    items
        .iter()
        .map(|item| enc(&scalar(item)))
        .collect::<Vec<_>>()
        .join(delimiter)
}

fn members(object: &Object, equals: &str, delimiter: &str, enc: Encode) -> String {
    object
        .iter()
        .map(|(key, value)| format!("{}{equals}{}", enc(key), enc(&scalar(value))))
        .collect::<Vec<_>>()
        .join(delimiter)
}
