//! Boolean `exclusiveMinimum` and `exclusiveMaximum` of OpenAPI 3.0 → the numeric form (JSON Schema
//! 2020-12 validation §6.2.3 and §6.2.5). A `multipleOf` that is not above 0 is dropped (§6.2.1), and so are limits that exclude each other.

use std::cmp::Ordering;

use serde_json::Value;

use super::{Schema, Schemas, Site};
use crate::diagnostics::{Code, Diagnostic};

/// `minimum: 0, exclusiveMinimum: true` → `exclusiveMinimum: 0`.
pub(super) fn exclusive_minimum(schema: &mut Schema, site: &Site<'_>, to: &mut Schemas<'_>) {
    numeric(schema, site, to, "exclusiveMinimum", "minimum");
}

/// `maximum: 9, exclusiveMaximum: true` → `exclusiveMaximum: 9`.
pub(super) fn exclusive_maximum(schema: &mut Schema, site: &Site<'_>, to: &mut Schemas<'_>) {
    numeric(schema, site, to, "exclusiveMaximum", "maximum");
}

/// `multipleOf: 0` → nothing; validators refuse the whole schema for it.
pub(super) fn multiple_of(schema: &mut Schema, site: &Site<'_>, to: &mut Schemas<'_>) {
    let keyword = "multipleOf";
    let Some(value) = schema.get(keyword) else {
        return;
    };
    if value.as_f64().is_some_and(|n| n > 0.0) {
        return;
    }
    let message = format!("`{keyword}` is `{value}`, which is not a number above 0; ignored");
    let place = site.member(keyword).pointer();
    to.sink.push(
        Diagnostic::new(Code::E0514, message)
            .at(&place)
            .help("write a number above 0, or remove it"),
    );
    schema.shift_remove(keyword);
}

/// Pairs of limits: the lower and the upper one, and whether they are themselves within.
const PAIRS: [(&str, &str, bool); 7] = [
    ("minimum", "maximum", true),
    ("exclusiveMinimum", "maximum", false),
    ("minimum", "exclusiveMaximum", false),
    ("exclusiveMinimum", "exclusiveMaximum", false),
    ("minLength", "maxLength", true),
    ("minItems", "maxItems", true),
    ("minProperties", "maxProperties", true),
];

/// `minimum: 5, maximum: 3` → nothing; no argument would ever be accepted.
pub(super) fn room(schema: &mut Schema, site: &Site<'_>, to: &mut Schemas<'_>) {
    for (lower, upper, inclusive) in PAIRS {
        let (Some(least), Some(most)) = (schema.get(lower), schema.get(upper)) else {
            continue;
        };
        let order = match (least.as_u64(), most.as_u64()) {
            (Some(least), Some(most)) => Some(least.cmp(&most)),
            _ => least
                .as_f64()
                .zip(most.as_f64())
                .and_then(|(least, most)| least.partial_cmp(&most)),
        };
        let is_empty = match order {
            Some(Ordering::Greater) => true,
            Some(Ordering::Equal) => !inclusive,
            Some(Ordering::Less) | None => false,
        };
        if is_empty {
            let message =
                format!("no value fits `{lower}: {least}` and `{upper}: {most}`; both are ignored");
            let place = site.member(upper).pointer();
            to.sink.push(
                Diagnostic::new(Code::E0519, message)
                    .at_key(&place)
                    .help("correct one of the two limits"),
            );
            schema.shift_remove(lower);
            schema.shift_remove(upper);
        }
    }
}

fn numeric(
    schema: &mut Schema,
    site: &Site<'_>,
    schemas: &mut Schemas<'_>,
    exclusive: &str,
    inclusive: &str,
) {
    match schema.get(exclusive) {
        None | Some(Value::Number(_)) => {}
        Some(Value::Bool(true)) if schema.get(inclusive).is_some_and(Value::is_number) => {
            let limit = schema.shift_remove(inclusive);
            if let (Some(slot), Some(limit)) = (schema.get_mut(exclusive), limit) {
                *slot = limit;
            }
        }
        // Without a limit beside it the flag says nothing (JSON Schema draft 4 §5.1.2).
        Some(Value::Bool(_)) => {
            schema.shift_remove(exclusive);
        }
        Some(other) => {
            let message = format!("`{exclusive}` is `{other}`, which is not a number; ignored");
            let place = site.member(exclusive).pointer();
            schemas.sink.push(
                Diagnostic::new(Code::E0514, message)
                    .at(&place)
                    .help("write the limit itself as a number"),
            );
            schema.shift_remove(exclusive);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::normalized;
    use super::*;

    #[test]
    fn exclusive_limits_become_numbers() {
        for (before, after) in [
            (
                json!({"minimum": 0, "exclusiveMinimum": true}),
                json!({"exclusiveMinimum": 0}),
            ),
            (
                json!({"exclusiveMaximum": true, "maximum": 1.5}),
                json!({"exclusiveMaximum": 1.5}),
            ),
            (
                json!({"minimum": 0, "exclusiveMinimum": false}),
                json!({"minimum": 0}),
            ),
            (json!({"exclusiveMinimum": true}), json!({})),
            (
                json!({"exclusiveMinimum": 3}),
                json!({"exclusiveMinimum": 3}),
            ),
        ] {
            assert_eq!(normalized(before.clone()), (after, vec![]), "{before}");
        }
    }

    #[test]
    fn a_multiple_of_nothing_is_dropped_with_a_finding() {
        for (value, kept) in [
            (json!(0), false),
            (json!(-1), false),
            (json!("2"), false),
            (json!(0.01), true),
        ] {
            let (after, findings) = normalized(json!({"multipleOf": value}));
            assert_eq!(after.get("multipleOf").is_some(), kept, "{value}");
            let codes: Vec<_> = findings.iter().map(|f| f.code).collect();
            assert_eq!(codes.contains(&Code::E0514), !kept, "{value}");
        }
    }

    #[test]
    fn limits_that_leave_no_value_are_dropped_with_a_finding() {
        for (before, kept) in [
            (json!({"minimum": 5, "maximum": 3}), false),
            (json!({"minimum": 5, "maximum": 5}), true),
            (
                json!({"minimum": 18446744073709551615_u64, "maximum": 18446744073709551614_u64}),
                false,
            ),
            (json!({"minimum": -1.5, "maximum": -1.6}), false),
            (json!({"minimum": -1, "maximum": 1}), true),
            (json!({"exclusiveMinimum": 5, "maximum": 5}), false),
            (json!({"exclusiveMinimum": 5, "exclusiveMaximum": 5}), false),
            (json!({"exclusiveMinimum": 4, "exclusiveMaximum": 5}), true),
            (json!({"minLength": 3, "maxLength": 2}), false),
            (json!({"minItems": 1, "maxItems": 0}), false),
            (json!({"minProperties": 2, "maxProperties": 1}), false),
        ] {
            let (after, findings) = normalized(before.clone());
            assert_eq!(
                after,
                if kept { before.clone() } else { json!({}) },
                "{before}"
            );
            let codes: Vec<_> = findings.iter().map(|f| f.code).collect();
            assert_eq!(
                codes,
                if kept { vec![] } else { vec![Code::E0519] },
                "{before}"
            );
        }
        // As OpenAPI 3.0 writes it.
        let (after, findings) =
            normalized(json!({"minimum": 5, "exclusiveMinimum": true, "maximum": 5}));
        assert_eq!((after, findings.len()), (json!({}), 1));
    }

    #[test]
    fn other_values_are_dropped_with_a_finding() {
        let (after, findings) = normalized(json!({"exclusiveMinimum": "0"}));
        assert_eq!(after, json!({}));
        assert_eq!(findings[0].code, Code::E0514);
        let place = findings[0].pointer.as_ref().unwrap();
        assert_eq!(place.as_str(), "/components/schemas/S/exclusiveMinimum");
    }
}
