//! Small checks of values that stand in schemas.

use regex_syntax::hir::{Hir, HirKind, Look};
use serde_json::Value;

use super::{Shape, Types};
use crate::text;

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

/// The limit or format of its schema that a default breaks, in words.
pub fn broken_limit(shape: &Shape<'_>, value: &Value) -> Option<String> {
    shape.keywords.iter().find_map(|(keyword, node)| {
        let fits = match value {
            Value::Number(number) => {
                let (number, limit) = (number.as_f64()?, node.value.as_f64());
                match *keyword {
                    "minimum" => limit? <= number,
                    "maximum" => limit? >= number,
                    "exclusiveMinimum" => limit? < number,
                    "exclusiveMaximum" => limit? > number,
                    _ => return None,
                }
            }
            Value::String(text) => match *keyword {
                "minLength" => node.value.as_u64()? <= text.chars().count() as u64,
                "maxLength" => node.value.as_u64()? >= text.chars().count() as u64,
                "format" => has_format(text, node.value.as_str()?),
                _ => return None,
            },
            Value::Array(items) => match *keyword {
                "minItems" => node.value.as_u64()? <= items.len() as u64,
                "maxItems" => node.value.as_u64()? >= items.len() as u64,
                _ => return None,
            },
            _ => return None,
        };
        let limit = text::line(&node.value.to_string(), 40);
        (!fits).then(|| format!("`{keyword}: {limit}`"))
    })
}

/// Whether a text has a format, as far as that is plain to see.
pub fn has_format(text: &str, format: &str) -> bool {
    let shape = |pattern: &str| {
        text.len() == pattern.len()
            && text
                .bytes()
                .zip(pattern.bytes())
                .all(|(byte, kind)| match kind {
                    b'9' => byte.is_ascii_digit(),
                    b'f' => byte.is_ascii_hexdigit(),
                    kind => byte == kind,
                })
    };
    match format {
        "date" => shape("9999-99-99"),
        "date-time" => {
            // RFC 3339 §5.6 allows a space for the `T`.
            let date = text.get(..10).map(|date| has_format(date, "date"));
            date == Some(true) && text.get(10..11).is_some_and(|t| "Tt ".contains(t))
        }
        "uuid" => shape("ffffffff-ffff-ffff-ffff-ffffffffffff"),
        "ipv4" => text.parse::<core::net::Ipv4Addr>().is_ok(),
        "ipv6" => text.parse::<core::net::Ipv6Addr>().is_ok(),
        "email" => text.contains('@'),
        _ => true,
    }
}

/// The lengths of texts that have a format, in characters, where they are known.
pub fn lengths_of(format: &str) -> Option<(u64, u64)> {
    Some(match format {
        "uuid" => (36, 36),
        "date" => (10, 10),
        // RFC 3339 §5.6; fractions of seconds may be long.
        "date-time" => (20, u64::MAX),
        "ipv4" => (7, 15),
        _ => return None,
    })
}

/// Whether no text matches a pattern, since it asks for the beginning behind something, or for the end before
/// something.
pub fn matches_nothing(pattern: &str) -> bool {
    is_usable_pattern(pattern)
        && regex_syntax::Parser::new()
            .parse(pattern)
            .is_ok_and(|hir| is_dead(&hir, 0, 0))
}

/// `before` and `after`: how much has to be there at least.
fn is_dead(hir: &Hir, before: usize, after: usize) -> bool {
    let least = |hir: &Hir| hir.properties().minimum_len();
    match hir.kind() {
        HirKind::Look(Look::Start) => before > 0,
        HirKind::Look(Look::End) => after > 0,
        HirKind::Capture(group) => is_dead(&group.sub, before, after),
        HirKind::Repetition(repeated) => repeated.min > 0 && is_dead(&repeated.sub, before, after),
        HirKind::Alternation(branches) => {
            branches.iter().all(|branch| is_dead(branch, before, after))
        }
        HirKind::Concat(parts) => {
            let lengths: Vec<usize> = parts.iter().map(|part| least(part).unwrap_or(0)).collect();
            let all = lengths
                .iter()
                .fold(0_usize, |sum, own| sum.saturating_add(*own));
            let mut known: usize = 0;
            parts.iter().zip(lengths).any(|(part, own)| {
                let left = all.saturating_sub(known).saturating_sub(own);
                let is_dead = is_dead(
                    part,
                    before.saturating_add(known),
                    after.saturating_add(left),
                );
                known = known.saturating_add(own);
                is_dead
            })
        }
        // A class of no characters has no length.
        _ => least(hir).is_none(),
    }
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

/// Why the runtime cannot check a pattern that others cannot read either; `None` for one that is too large.
pub fn pattern_fault(pattern: &str) -> Option<String> {
    if pattern.len() > 1_000 {
        return None;
    }
    match regex_syntax::Parser::new().parse(pattern) {
        Err(regex_syntax::Error::Parse(error)) => Some(error.kind().to_string()),
        Err(regex_syntax::Error::Translate(error)) => Some(error.kind().to_string()),
        _ => None,
    }
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
