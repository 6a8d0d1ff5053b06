//! Checks one value against the kind of its field.

use rusqlite::types::Value as Cell;
use serde_json::Value;

use super::{Field, Kind, Mode, error, is_date, normalised, path, read_object};
use crate::decimal;
use crate::problem::FieldError;

/// The value for the database, or `None` after adding to `errors`.
pub fn value(kind: &Kind, value: &Value, at: &str, errors: &mut Vec<FieldError>) -> Option<Cell> {
    let before = errors.len();
    let cell = match kind {
        Kind::Text(..)
        | Kind::Email
        | Kind::Letters(_)
        | Kind::Enum(_)
        | Kind::Decimal(..)
        | Kind::Date => match value.as_str() {
            Some(text) => string(kind, text, at, errors),
            None => return fail(errors, at, "type", "must be a string"),
        },
        Kind::Bool => match value.as_bool() {
            Some(value) => Some(Cell::Integer(i64::from(value))),
            None => return fail(errors, at, "type", "must be true or false"),
        },
        Kind::Integer(min, max) => match integer(value) {
            None => return fail(errors, at, "type", "must be a whole number"),
            Some(n) if n < i128::from(*min) || n > i128::from(*max) => {
                return fail(
                    errors,
                    at,
                    "range",
                    format!("must be between {min} and {max}"),
                );
            }
            Some(n) => i64::try_from(n).ok().map(Cell::Integer),
        },
        Kind::Ref(_) => match integer(value) {
            None => return fail(errors, at, "type", "must be the id of a record"),
            Some(n) if n < 1 => return fail(errors, at, "range", "must be at least 1"),
            Some(n) => match i64::try_from(n) {
                Ok(id) => Some(Cell::Integer(id)),
                Err(_) => return fail(errors, at, "range", "must fit into 64 bits"),
            },
        },
        Kind::Words(words) => list(value, &Kind::Enum(words), 20, at, errors),
        Kind::Labels => list(value, &Kind::Text(1, 40), 20, at, errors),
        Kind::Emails => list(value, &Kind::Email, 10, at, errors),
        Kind::Map => map(value, at, errors),
        Kind::Object(fields) => object(fields, value, at, errors),
        Kind::List(fields, min, max) => objects(fields, value, (*min, *max), at, errors),
        Kind::Variant(variants) => variant(variants, value, at, errors),
    };
    if errors.len() == before { cell } else { None }
}

fn string(kind: &Kind, text: &str, at: &str, errors: &mut Vec<FieldError>) -> Option<Cell> {
    let keep = || Some(Cell::Text(text.to_owned()));
    match kind {
        Kind::Text(min, max) => {
            let length = text.chars().count();
            if length < *min || length > *max {
                let message = format!("must have {min} to {max} characters");
                return fail(errors, at, "length", message);
            }
            keep()
        }
        Kind::Email if is_email(text) => keep(),
        Kind::Email => fail(errors, at, "format", "must be an e-mail address"),
        Kind::Letters(n) if text.len() == *n && text.bytes().all(|b| b.is_ascii_uppercase()) => {
            keep()
        }
        Kind::Letters(n) => fail(errors, at, "format", format!("must be {n} capital letters")),
        Kind::Enum(words) if words.contains(&text) => keep(),
        Kind::Enum(words) => fail(
            errors,
            at,
            "enum",
            format!("must be one of {}", words.join(", ")),
        ),
        Kind::Decimal(min, max) => match decimal::parse(text, *max) {
            Some(value) if value >= *min => Some(Cell::Integer(value)),
            _ => fail(
                errors,
                at,
                "format",
                format!(
                    "must be a decimal string between {} and {} such as \"95.00\"",
                    decimal::format(*min),
                    decimal::format(*max)
                ),
            ),
        },
        Kind::Date if is_date(text) => keep(),
        _ => fail(errors, at, "format", "must be a date like 2026-11-21"),
    }
}

/// Whole numbers as JSON Schema sees them: `5` and `5.0` are both integers.
fn integer(value: &Value) -> Option<i128> {
    let number = value.as_number()?;
    if let Some(n) = number.as_i64() {
        return Some(i128::from(n));
    }
    if let Some(n) = number.as_u64() {
        return Some(i128::from(n));
    }
    let float = number.as_f64()?;
    // Casting saturates, which is right here: the range check follows.
    #[allow(clippy::cast_possible_truncation)]
    (float.fract() == 0.0).then_some(float as i128)
}

fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let atom = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b);
    let label = |part: &str| {
        !part.is_empty()
            && part.len() <= 63
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !part.starts_with('-')
            && !part.ends_with('-')
    };
    text.len() <= 254
        && local.len() <= 64
        && local
            .split('.')
            .all(|part| !part.is_empty() && part.bytes().all(atom))
        && domain.contains('.')
        && domain.split('.').all(label)
}

fn list(
    value: &Value,
    kind: &Kind,
    max: usize,
    at: &str,
    errors: &mut Vec<FieldError>,
) -> Option<Cell> {
    let Some(items) = value.as_array() else {
        return fail(errors, at, "type", "must be a list");
    };
    if items.len() > max {
        return fail(
            errors,
            at,
            "length",
            format!("must have at most {max} entries"),
        );
    }
    for (index, item) in items.iter().enumerate() {
        self::value(kind, item, &format!("{at}[{index}]"), errors);
    }
    Some(Cell::Text(value.to_string()))
}

fn map(value: &Value, at: &str, errors: &mut Vec<FieldError>) -> Option<Cell> {
    let Some(object) = value.as_object() else {
        return fail(errors, at, "type", "must be an object of names and texts");
    };
    if object.len() > 50 {
        return fail(errors, at, "length", "must have at most 50 entries");
    }
    for (name, item) in object {
        self::value(&Kind::Text(0, 500), item, &path(at, name), errors);
    }
    Some(Cell::Text(value.to_string()))
}

fn object(fields: &[Field], value: &Value, at: &str, errors: &mut Vec<FieldError>) -> Option<Cell> {
    read_object(fields, value, Mode::Create, at, errors);
    let kept = normalised(fields, value.as_object()?);
    Some(Cell::Text(Value::Object(kept).to_string()))
}

fn objects(
    fields: &[Field],
    value: &Value,
    (min, max): (usize, usize),
    at: &str,
    errors: &mut Vec<FieldError>,
) -> Option<Cell> {
    let Some(items) = value.as_array() else {
        return fail(errors, at, "type", "must be a list");
    };
    if items.len() < min || items.len() > max {
        return fail(
            errors,
            at,
            "length",
            format!("must have {min} to {max} entries"),
        );
    }
    for (index, item) in items.iter().enumerate() {
        read_object(
            fields,
            item,
            Mode::Create,
            &format!("{at}[{index}]"),
            errors,
        );
    }
    Some(Cell::Text(value.to_string()))
}

fn variant(
    variants: &[(&'static str, &'static [Field])],
    value: &Value,
    at: &str,
    errors: &mut Vec<FieldError>,
) -> Option<Cell> {
    let tag = value.get("type").and_then(Value::as_str);
    let Some((_, fields)) = variants.iter().find(|(name, _)| Some(*name) == tag) else {
        let names: Vec<&str> = variants.iter().map(|(name, _)| *name).collect();
        let message = format!("must be one of {}", names.join(", "));
        return fail(errors, &path(at, "type"), "enum", message);
    };
    object(fields, value, at, errors)
}

fn fail(
    errors: &mut Vec<FieldError>,
    at: &str,
    code: &'static str,
    message: impl Into<String>,
) -> Option<Cell> {
    errors.push(error(at, code, message));
    None
}
