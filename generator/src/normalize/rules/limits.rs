//! Boolean `exclusiveMinimum` and `exclusiveMaximum` of OpenAPI 3.0 → the numeric form
//! (JSON Schema 2020-12 validation §6.2.3 and §6.2.5).

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
            schemas
                .sink
                .push(Diagnostic::new(Code::E0514, message).at(&place));
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
    fn other_values_are_dropped_with_a_finding() {
        let (after, findings) = normalized(json!({"exclusiveMinimum": "0"}));
        assert_eq!(after, json!({}));
        assert_eq!(findings[0].code, Code::E0514);
        let place = findings[0].pointer.as_ref().unwrap();
        assert_eq!(place.as_str(), "/components/schemas/S/exclusiveMinimum");
    }
}
