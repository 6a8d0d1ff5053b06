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

/// Whether a pattern is one that the runtime cannot check and others can: it has look-around or
/// back-references.
pub fn is_told_pattern(pattern: &str) -> bool {
    use regex_syntax::ast::ErrorKind;
    let unsupported = |kind: &ErrorKind| {
        matches!(
            kind,
            ErrorKind::UnsupportedLookAround | ErrorKind::UnsupportedBackreference
        )
    };
    pattern.len() <= 1_000
        && regex_syntax::ast::parse::Parser::new()
            .parse(pattern)
            .is_err_and(|error| unsupported(error.kind()))
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
