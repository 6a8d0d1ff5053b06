//! Limits of values that exclude each other (JSON Schema 2020-12 validation §6.2 to §6.5).

use std::cmp::Ordering;

use serde_json::Value;

/// Pairs of limits: the lower and the upper one, and whether they are themselves within.
pub(crate) const PAIRS: [(&str, &str, bool); 7] = [
    ("minimum", "maximum", true),
    ("exclusiveMinimum", "maximum", false),
    ("minimum", "exclusiveMaximum", false),
    ("exclusiveMinimum", "exclusiveMaximum", false),
    ("minLength", "maxLength", true),
    ("minItems", "maxItems", true),
    ("minProperties", "maxProperties", true),
];

/// The order of two numbers.
pub(crate) fn compare(one: &Value, other: &Value) -> Option<Ordering> {
    let integer =
        |value: &Value| (value.as_i64().map(i128::from)).or(value.as_u64().map(i128::from));
    match (integer(one), integer(other)) {
        (Some(one), Some(other)) => Some(one.cmp(&other)),
        _ => one.as_f64()?.partial_cmp(&other.as_f64()?),
    }
}

/// Whether no value lies between a lower and an upper limit, which are themselves within or not.
pub(crate) fn exclude(lower: &Value, upper: &Value, inclusive: bool) -> bool {
    match compare(lower, upper) {
        Some(Ordering::Greater) => true,
        Some(Ordering::Equal) => !inclusive,
        Some(Ordering::Less) | None => false,
    }
}

/// Whether no whole number lies between two limits of numbers, by their keywords.
pub(crate) fn exclude_whole(lower: (&str, &Value), upper: (&str, &Value)) -> bool {
    // Every whole number up to here is a number of its own; beyond, limits are far apart anyway.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let exact = |value: &Value| value.as_f64().filter(|number| number.abs() < EXACT);
    let (Some(least), Some(most)) = (exact(lower.1), exact(upper.1)) else {
        return false;
    };
    let first = match lower.0 {
        "exclusiveMinimum" => least.floor() + 1.0,
        _ => least.ceil(),
    };
    let last = match upper.0 {
        "exclusiveMaximum" => most.ceil() - 1.0,
        _ => most.floor(),
    };
    first > last
}

/// Whether a value is beyond a limit. A limit of another type of values says nothing about it.
pub(crate) fn is_beyond(value: &Value, keyword: &str, limit: &Value) -> bool {
    let size = match value {
        Value::Number(_) if keyword.ends_with("imum") => value.clone(),
        Value::String(text) if keyword.ends_with("Length") => text.chars().count().into(),
        Value::Array(elements) if keyword.ends_with("Items") => elements.len().into(),
        Value::Object(members) if keyword.ends_with("Properties") => members.len().into(),
        _ => return false,
    };
    let inclusive = !keyword.starts_with("exclusive");
    match keyword {
        "minimum" | "exclusiveMinimum" | "minLength" | "minItems" | "minProperties" => {
            exclude(limit, &size, inclusive)
        }
        "maximum" | "exclusiveMaximum" | "maxLength" | "maxItems" | "maxProperties" => {
            exclude(&size, limit, inclusive)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_value_is_beyond_a_limit_of_its_own_type() {
        for (value, keyword, limit, beyond) in [
            (json!(4), "minimum", json!(5), true),
            (json!(5), "minimum", json!(5), false),
            (json!(5), "exclusiveMinimum", json!(5), true),
            (json!(5.5), "maximum", json!(5), true),
            (json!(5), "exclusiveMaximum", json!(5), true),
            (json!("4"), "minimum", json!(5), false),
            (json!("äöü"), "maxLength", json!(3), false),
            (json!("abcd"), "maxLength", json!(3), true),
            (json!([1]), "minItems", json!(2), true),
            (json!({"a": 1}), "maxProperties", json!(0), true),
            (json!(4), "minLength", json!(5), false),
            (json!(4), "multipleOf", json!(5), false),
        ] {
            assert_eq!(
                is_beyond(&value, keyword, &limit),
                beyond,
                "{value} {keyword}: {limit}"
            );
        }
    }

    #[test]
    fn whole_numbers_lie_between_or_not() {
        for (lower, upper, none) in [
            (
                ("exclusiveMinimum", json!(4)),
                ("exclusiveMaximum", json!(5)),
                true,
            ),
            (("minimum", json!(1.5)), ("maximum", json!(1.7)), true),
            (("minimum", json!(1.5)), ("maximum", json!(2)), false),
            (
                ("exclusiveMinimum", json!(1.5)),
                ("exclusiveMaximum", json!(2)),
                true,
            ),
            (
                ("exclusiveMinimum", json!(-1)),
                ("maximum", json!(0)),
                false,
            ),
            (
                ("exclusiveMinimum", json!(i64::MAX - 1)),
                ("maximum", json!(i64::MAX)),
                false,
            ),
        ] {
            let found = exclude_whole((lower.0, &lower.1), (upper.0, &upper.1));
            assert_eq!(found, none, "{lower:?} {upper:?}");
        }
    }
}
