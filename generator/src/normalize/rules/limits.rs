//! Boolean `exclusiveMinimum` and `exclusiveMaximum` of OpenAPI 3.0 → the numeric form (JSON Schema
//! 2020-12 validation §6.2.3 and §6.2.5). A `multipleOf` that is not above 0 is dropped (§6.2.1).

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
    fn other_values_are_dropped_with_a_finding() {
        let (after, findings) = normalized(json!({"exclusiveMinimum": "0"}));
        assert_eq!(after, json!({}));
        assert_eq!(findings[0].code, Code::E0514);
        let place = findings[0].pointer.as_ref().unwrap();
        assert_eq!(place.as_str(), "/components/schemas/S/exclusiveMinimum");
    }
}
