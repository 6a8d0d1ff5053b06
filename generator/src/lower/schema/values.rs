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
    let own = Types::of(value);
    // An integer is a number, and `1.0` is an integer.
    shape.types.has(own) || (own == Types::INTEGER && shape.types.has(Types::NUMBER))
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
