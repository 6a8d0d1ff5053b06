//! Plain values that come in another form than the document says: PHP and SQL drivers send numbers as texts, and
//! an id that is left out for that is lost to whoever reads the structured copy alone.

use crate::json::{Number, Value};

/// Digits that every 64-bit number with a fraction keeps (IEEE 754, `DBL_DIG`).
const EXACT: usize = 15;

/// The same value in the form that a schema declares; `None` where it is not certain that it is the same.
pub(super) fn read_as(value: &Value, declared: &str) -> Option<Value> {
    match (declared, value) {
        ("integer" | "number", Value::String(text)) => {
            let number = number(text)?;
            let fits = declared == "number" || !number.is_f64();
            fits.then_some(Value::Number(number))
        }
        ("boolean", Value::String(text)) => match text.as_str() {
            "true" | "1" => Some(Value::Bool(true)),
            "false" | "0" => Some(Value::Bool(false)),
            _ => None,
        },
        ("boolean", Value::Number(number)) => match number.as_u64()? {
            0 => Some(Value::Bool(false)),
            1 => Some(Value::Bool(true)),
            _ => None,
        },
        ("string", Value::Number(_) | Value::Bool(_)) => Some(Value::String(value.to_string())),
        _ => None,
    }
}

/// Whether a value says that there is nothing, whatever is declared: null, an empty text for what is no text, and
/// the empty list that PHP writes for an empty object.
pub(super) fn says_nothing(value: &Value, declared: &str) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty() && declared != "string",
        Value::Array(items) => items.is_empty() && declared == "object",
        _ => false,
    }
}

/// The number that a text is, digit for digit: what begins with zeros is a code, and what has more digits than a
/// number keeps is left as it is.
fn number(text: &str) -> Option<Number> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_plain = digits
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.');
    // The grammar of JSON refuses `007`, `.5`, `5.` and `1.2.3`.
    let number: Number = serde_json::from_str(text).ok().filter(|_| is_plain)?;
    let count = digits.bytes().filter(u8::is_ascii_digit).count();
    (!number.is_f64() || text.contains('.') && count <= EXACT).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_value_is_read_in_another_form_only_where_nothing_of_it_is_lost() {
        for (declared, value, expected) in [
            ("integer", json!("7"), Some(json!(7))),
            ("integer", json!("-7"), Some(json!(-7))),
            ("integer", json!("0"), Some(json!(0))),
            (
                "integer",
                json!("18446744073709551615"),
                Some(json!(u64::MAX)),
            ),
            ("integer", json!("18446744073709551616"), None),
            ("integer", json!("007"), None),
            ("integer", json!("+7"), None),
            ("integer", json!(" 7"), None),
            ("integer", json!("7.0"), None),
            ("integer", json!("1e3"), None),
            ("integer", json!("-"), None),
            ("integer", json!(""), None),
            ("integer", json!("INV-7"), None),
            ("integer", json!(7.5), None),
            ("integer", json!(true), None),
            ("number", json!("117.50"), Some(json!(117.5))),
            ("number", json!("12"), Some(json!(12))),
            ("number", json!("-0.25"), Some(json!(-0.25))),
            ("number", json!("1.2.3"), None),
            ("number", json!(".5"), None),
            ("number", json!("NaN"), None),
            ("number", json!("1234567890.1234567"), None),
            ("number", json!("99999999999999999999999"), None),
            ("boolean", json!("false"), Some(json!(false))),
            ("boolean", json!("1"), Some(json!(true))),
            ("boolean", json!(0), Some(json!(false))),
            ("boolean", json!(2), None),
            ("boolean", json!("yes"), None),
            ("string", json!(26), Some(json!("26"))),
            ("string", json!(true), Some(json!("true"))),
            ("string", json!([1]), None),
            ("object", json!("7"), None),
            ("array", json!("7"), None),
        ] {
            assert_eq!(read_as(&value, declared), expected, "{value} as {declared}");
        }
    }

    #[test]
    fn what_is_empty_says_nothing_where_something_else_is_declared() {
        for (declared, value, expected) in [
            ("integer", json!(null), true),
            ("integer", json!(""), true),
            ("string", json!(""), false),
            ("object", json!([]), true),
            ("array", json!({}), false),
            ("object", json!([1]), false),
            ("integer", json!(false), false),
        ] {
            assert_eq!(
                says_nothing(&value, declared),
                expected,
                "{value} as {declared}"
            );
        }
    }
}
