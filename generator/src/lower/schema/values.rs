//! Small checks of values that stand in schemas.

use serde_json::Value;

use super::{Shape, Types};

/// Whether a default has the type that its schema asks for.
pub fn default_fits(shape: &Shape<'_>, value: &Value) -> bool {
    if value.is_null() {
        return false;
    }
    if let Some(values) = &shape.values {
        return values.contains(&value);
    }
    if shape.types.is_any() {
        return true;
    }
    let own = match value {
        Value::Object(_) => Types::OBJECT,
        Value::Array(_) => Types::ARRAY,
        Value::String(_) => Types::STRING,
        Value::Bool(_) => Types::BOOLEAN,
        Value::Number(n) if n.is_f64() && n.as_f64().is_some_and(|f| f.fract() != 0.0) => {
            Types::NUMBER
        }
        Value::Number(_) => {
            return shape.types.has(Types::NUMBER) || shape.types.has(Types::INTEGER);
        }
        Value::Null => return false,
    };
    shape.types.has(own)
}

/// Whether the runtime can check a pattern: it uses the `regex` crate, which has no look-around and
/// no back-references.
pub fn is_usable_pattern(pattern: &str) -> bool {
    pattern.len() <= 1_000
        && regex_syntax::ParserBuilder::new()
            .nest_limit(50)
            .build()
            .parse(pattern)
            .is_ok()
}
