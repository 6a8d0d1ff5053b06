//! Comparing and dividing JSON numbers without losing 64-bit integers in floats.

use std::cmp::Ordering;

use crate::json::{Number, Value};

/// Whether the number has no fractional part (JSON Schema 2020-12 validation §6.1.1: `1.0` is an integer).
pub(super) fn is_integer(number: &Number) -> bool {
    number.is_i64() || number.is_u64() || number.as_f64().is_some_and(|f| f.fract() == 0.0)
}

fn integer(number: &Number) -> Option<i128> {
    number
        .as_i64()
        .map(i128::from)
        .or_else(|| number.as_u64().map(i128::from))
}

fn float(number: &Number) -> f64 {
    number.as_f64().unwrap_or(f64::NAN)
}

pub(super) fn compare(a: &Number, b: &Number) -> Option<Ordering> {
    match (integer(a), integer(b)) {
        (Some(a), Some(b)) => Some(a.cmp(&b)),
        _ => float(a).partial_cmp(&float(b)),
    }
}

/// Whether `value` is a multiple of `step`, as decimals go: 0.3 is one of 0.1.
pub(super) fn is_multiple(value: &Number, step: &Number) -> bool {
    match (integer(value), integer(step)) {
        (_, Some(0)) => true,
        (Some(value), Some(step)) => value % step == 0,
        _ => {
            let quotient = float(value) / float(step);
            if !quotient.is_finite() {
                return false;
            }
            (quotient - quotient.round()).abs() <= 1e-9_f64.max(quotient.abs() * f64::EPSILON)
        }
    }
}

/// Equality of JSON values (JSON Schema 2020-12 core §4.2.2): `1` equals `1.0`, key order is nothing.
pub(super) fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => compare(a, b) == Some(Ordering::Equal),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|(key, a)| b.get(key).is_some_and(|b| equal(a, b)))
        }
        _ => a == b,
    }
}

/// A text that two values share if and only if they are [`equal`].
pub(super) fn key(value: &Value) -> String {
    match value {
        Value::Number(number) => match (integer(number), number.as_f64()) {
            (None, Some(float)) if float.fract() == 0.0 && float.abs() < 1e18 => {
                #[expect(
                    clippy::cast_possible_truncation,
                    reason = "a whole number below 10^18"
                )]
                let whole = float as i64;
                whole.to_string()
            }
            _ => number.to_string(),
        },
        Value::Array(items) => {
            let keys: Vec<String> = items.iter().map(key).collect();
            format!("[{}]", keys.join(","))
        }
        Value::Object(object) => {
            let mut keys: Vec<String> = object
                .iter()
                .map(|(name, value)| format!("{}:{}", Value::from(name.as_str()), key(value)))
                .collect();
            keys.sort_unstable();
            format!("{{{}}}", keys.join(","))
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn keys_tell_apart_what_is_not_equal() {
        let values = [
            json!(1),
            json!(1.0),
            json!("1"),
            json!(1.5),
            json!(-0.0),
            json!(0),
            json!(null),
            json!({"a": 1, "b": [2.0]}),
            json!({"b": [2], "a": 1.0}),
            json!({"a": 1}),
            json!([1, 2]),
            json!([[1], 2]),
            json!("[1,2]"),
            json!(true),
            json!(9_007_199_254_740_993_i64),
            json!(u64::MAX),
            json!(1e300),
        ];
        for a in &values {
            for b in &values {
                assert_eq!(key(a) == key(b), equal(a, b), "{a} {b}");
            }
        }
    }
}
