//! Values without parts: numbers within their limits, one of several, and what is given in the type of a schema.

use serde_json::{Map, Number, Value};

use super::make::At;
use super::words as told;
use crate::lower::schema::{Shape, Types, default_fits};
use crate::names::words;

/// What a schema has where no more is made: the least that has its type.
pub(super) fn least(shape: &Shape<'_>) -> Value {
    if shape.nullable || shape.is_null() {
        return Value::Null;
    }
    match shape.types.names().first() {
        Some(&"object") => Value::Object(Map::new()),
        Some(&"array") => Value::Array(Vec::new()),
        Some(&"integer" | &"number") => Value::from(0),
        Some(&"boolean") => Value::Bool(false),
        _ => Value::String(String::new()),
    }
}

pub(super) fn of_enum(shape: &Shape<'_>, values: &[&Value], at: &At) -> Value {
    let default = shape.default.as_ref().map(|node| node.value);
    let first = shape
        .example
        .or(default)
        .filter(|value| at.first && values.contains(value));
    let picked = || values.get(at.seed.below(values.len())).copied();
    first.or_else(picked).cloned().unwrap_or(Value::Null)
}

/// Some of what may be null is, but never what says which record it is.
pub(super) fn is_sometimes_null(shape: &Shape<'_>, at: &At) -> bool {
    let name = words(&at.name);
    let last = name.last().map(String::as_str).unwrap_or_default();
    shape.nullable
        // Many documents say twice that an enumerated value may be null, or do not count it among them.
        && shape.values.is_none()
        && !shape.has_forms()
        && !at.first
        && !matches!(
            last,
            "id" | "uuid" | "name" | "title" | "email" | "status" | "number"
        )
        && at.seed.of("null").below(5) == 0
}

/// What is given, in the type of a schema: texts hold numbers, and numbers are written as texts.
pub(super) fn cast(shape: &Shape<'_>, given: &Value) -> Option<Value> {
    let types = shape.types;
    if types.is_any() && !shape.null_only || default_fits(shape, given) {
        let has_room = shape
            .values
            .as_ref()
            .is_none_or(|values| values.contains(&given));
        return has_room.then(|| given.clone());
    }
    match given {
        Value::String(text) if types.has(Types::INTEGER) => {
            text.trim().parse::<i64>().ok().map(Value::from)
        }
        Value::String(text) if types.has(Types::NUMBER) => text
            .trim()
            .parse::<f64>()
            .ok()
            .and_then(Number::from_f64)
            .map(Value::Number),
        Value::String(text) if types.has(Types::BOOLEAN) => {
            text.parse::<bool>().ok().map(Value::Bool)
        }
        Value::Number(number) if types.has(Types::STRING) => {
            Some(Value::String(number.to_string()))
        }
        Value::Number(number) if types.has(Types::NUMBER) => Some(Value::Number(number.clone())),
        Value::Bool(flag) if types.has(Types::STRING) => Some(Value::String(flag.to_string())),
        _ => None,
    }
}

fn limits(shape: &Shape<'_>) -> (Option<f64>, Option<f64>) {
    let limit = |keyword: &str| shape.keywords.get(keyword)?.value.as_f64();
    let step = limit("multipleOf").unwrap_or(1.0);
    (
        limit("minimum").or_else(|| Some(limit("exclusiveMinimum")? + step)),
        limit("maximum").or_else(|| Some(limit("exclusiveMaximum")? - step)),
    )
}

/// A number in hundredths within the limits of its schema, as what has this name usually is.
fn hundredths(shape: &Shape<'_>, at: &At) -> f64 {
    let (from, to, step) = told::range(&words(&at.name));
    let (least, most) = limits(shape);
    let steps = to.saturating_sub(from).saturating_mul(100) / step.max(1);
    let picked = usize::try_from(steps).unwrap_or(1).saturating_add(1);
    let picked = i64::try_from(at.seed.below(picked)).unwrap_or_default();
    let usual = from
        .saturating_mul(100)
        .saturating_add(picked.saturating_mul(step));
    // Hundredths of what people count in are exact.
    #[allow(clippy::cast_precision_loss, reason = "below 2^53")]
    let mut number = usual as f64 / 100.0;
    if let Some(least) = least.filter(|least| number < *least) {
        number = least;
    }
    if let Some(most) = most.filter(|most| number > *most) {
        number = most;
    }
    number
}

pub(super) fn integer(shape: &Shape<'_>, at: &At) -> Value {
    let number = hundredths(shape, at);
    let (least, most) = limits(shape);
    let multiple = shape
        .keywords
        .get("multipleOf")
        .and_then(|node| node.value.as_i64())
        .filter(|n| *n > 0)
        .unwrap_or(1);
    #[allow(clippy::cast_possible_truncation, reason = "saturates")]
    let whole = number.trunc() as i64;
    let mut whole = whole - whole.rem_euclid(multiple);
    #[allow(clippy::cast_precision_loss, reason = "only compared")]
    if least.is_some_and(|least| (whole as f64) < least) {
        whole = whole.saturating_add(multiple);
    }
    #[allow(clippy::cast_precision_loss, reason = "only compared")]
    if most.is_some_and(|most| (whole as f64) > most) {
        whole = whole.saturating_sub(multiple);
    }
    Value::from(whole)
}

pub(super) fn number(shape: &Shape<'_>, at: &At) -> Value {
    let number = hundredths(shape, at);
    let step = shape
        .keywords
        .get("multipleOf")
        .and_then(|node| node.value.as_f64())
        .filter(|step| *step >= 0.01);
    let number = match step {
        Some(step) => (number / step).floor() * step,
        None => number,
    };
    if number.fract() == 0.0 && number.abs() < 1e15 {
        #[allow(clippy::cast_possible_truncation, reason = "within 2^53")]
        return Value::from(number as i64);
    }
    let rounded = (number * 100.0).round() / 100.0;
    Number::from_f64(rounded).map_or(Value::from(0), Value::Number)
}
