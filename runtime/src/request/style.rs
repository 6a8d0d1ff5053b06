//! The styles of parameters (OpenAPI 3.2 §4.12.3, RFC 6570 §3.2). A delimiter in a value is encoded, or
//! refused where it cannot be: reading a value back by its style gives the value.

use crate::json::{Object, Value, exact};
use crate::operation::Style;

use super::encode::{Clash, Encode, scalar};

/// The value as one text, for styles without names: `simple`, `label`, `matrix`.
pub(super) fn expand(
    style: Style,
    explode: bool,
    name: &str,
    value: &Value,
    enc: Encode,
) -> Result<String, Clash> {
    match style {
        Style::Label => label(explode, value, enc),
        Style::Matrix => matrix(explode, &enc.text(name), value, enc),
        _ => simple(explode, value, enc),
    }
}

/// RFC 6570 §3.2.2 and §3.2.4.
fn simple(explode: bool, value: &Value, enc: Encode) -> Result<String, Clash> {
    match value {
        Value::Array(items) => joined(items, ',', enc),
        Value::Object(object) => members(object, if explode { '=' } else { ',' }, ',', enc),
        other => Ok(enc.text(&scalar(other))),
    }
}

/// RFC 6570 §3.2.5.
fn label(explode: bool, value: &Value, enc: Encode) -> Result<String, Clash> {
    let text = match value {
        Value::Array(items) => joined(items, if explode { '.' } else { ',' }, enc)?,
        Value::Object(object) if explode => members(object, '=', '.', enc)?,
        Value::Object(object) => members(object, ',', ',', enc)?,
        other => enc.text(&scalar(other)),
    };
    Ok(format!(".{text}"))
}

/// RFC 6570 §3.2.7: an empty value has no equals sign.
fn matrix(explode: bool, name: &str, value: &Value, enc: Encode) -> Result<String, Clash> {
    let pair = |name: &str, text: String| {
        if text.is_empty() {
            format!(";{name}")
        } else {
            format!(";{name}={text}")
        }
    };
    // A semicolon starts another name.
    let one = |value: &Value| enc.piece(&scalar(value), &[';']);
    match value {
        Value::Array(items) if explode => items
            .iter()
            .map(|item| Ok(pair(name, one(item)?)))
            .collect(),
        Value::Array(items) => Ok(pair(name, joined(items, ',', enc)?.replace(';', "%3B"))),
        Value::Object(object) if explode => object
            .iter()
            .map(|(key, value)| Ok(pair(&enc.piece(key, &[';', '='])?, one(value)?)))
            .collect(),
        Value::Object(object) => {
            let text = members(object, ',', ',', enc)?;
            Ok(pair(name, text.replace(';', "%3B")))
        }
        other => Ok(pair(name, one(other)?)),
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
) -> Result<Vec<(String, String)>, Clash> {
    let one = |text: String| Ok(vec![(enc.text(name), text)]);
    let delimiter = match style {
        Style::SpaceDelimited => ' ',
        Style::PipeDelimited => '|',
        Style::DeepObject => {
            let mut found = Vec::new();
            deep(name.to_owned(), value, enc, &mut found)?;
            let encoded = found
                .into_iter()
                .map(|(name, text)| (enc.text(&name), enc.text(&text)));
            return Ok(encoded.collect());
        }
        Style::Json => return one(enc.text(&exact::text(value))),
        _ => ',',
    };
    match value {
        Value::Array(items) if items.is_empty() => Ok(Vec::new()),
        Value::Object(object) if object.is_empty() => Ok(Vec::new()),
        Value::Array(items) if explode => Ok(items
            .iter()
            .map(|item| (enc.text(name), enc.text(&scalar(item))))
            .collect()),
        Value::Array(items) => one(joined(items, delimiter, enc)?),
        Value::Object(object) if explode => object
            .iter()
            .map(|(key, value)| Ok((enc.piece(key, &['='])?, enc.text(&scalar(value)))))
            .collect(),
        Value::Object(object) => one(members(object, delimiter, delimiter, enc)?),
        other => one(enc.text(&scalar(other))),
    }
}

/// `name[key][inner]=v`. The specification leaves arrays open; `name[]=v` for scalars and `name[0][key]=v`
/// for the rest is what the frameworks read that know brackets at all.
fn deep(
    name: String,
    value: &Value,
    enc: Encode,
    found: &mut Vec<(String, String)>,
) -> Result<(), Clash> {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                // `a][b` would be a level more, and no name a list.
                if key.is_empty() {
                    return Err(Clash('['));
                }
                enc.piece(key, &['[', ']'])?;
                deep(format!("{name}[{key}]"), value, enc, found)?;
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
                deep(format!("{name}[{step}]"), item, enc, found)?;
            }
        }
        other => found.push((name, scalar(other))),
    }
    Ok(())
}

/// A delimiter between pieces.
fn written(delimiter: char, enc: Encode) -> String {
    match delimiter {
        ' ' | '|' => enc.text(delimiter.encode_utf8(&mut [0; 4])),
        other => other.to_string(),
    }
}

fn joined(items: &[Value], delimiter: char, enc: Encode) -> Result<String, Clash> {
    let pieces: Result<Vec<String>, Clash> = items
        .iter()
        .map(|item| enc.piece(&scalar(item), &[delimiter]))
        .collect();
    Ok(pieces?.join(&written(delimiter, enc)))
}

fn members(object: &Object, equals: char, delimiter: char, enc: Encode) -> Result<String, Clash> {
    let between = written(equals, enc);
    let pieces: Result<Vec<String>, Clash> = object
        .iter()
        .map(|(key, value)| {
            let key = enc.piece(key, &[equals, delimiter])?;
            let value = enc.piece(&scalar(value), &[delimiter])?;
            Ok(format!("{key}{between}{value}"))
        })
        .collect();
    Ok(pieces?.join(&written(delimiter, enc)))
}
