//! Limits that leave no value (JSON Schema 2020-12 validation §6.2 to §6.5) are dropped: no argument would
//! ever be accepted.

use serde_json::Value;

use super::{Schema, Schemas, Site};
use crate::diagnostics::{Code, Diagnostic};
use crate::limits::{PAIRS, exclude, exclude_whole, is_beyond};

/// `minimum: 5, maximum: 3` → nothing.
pub(super) fn between(schema: &mut Schema, site: &Site<'_>, to: &mut Schemas<'_>) {
    let whole = is_whole(schema);
    for (lower, upper, inclusive) in PAIRS {
        let (Some(least), Some(most)) = (schema.get(lower), schema.get(upper)) else {
            continue;
        };
        let what = if exclude(least, most, inclusive) {
            "value"
        } else if whole && lower.ends_with("imum") && exclude_whole((lower, least), (upper, most)) {
            "whole number"
        } else {
            continue;
        };
        let message =
            format!("no {what} fits `{lower}: {least}` and `{upper}: {most}`; both are ignored");
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

/// `enum: [1, 2], minimum: 5` → `enum: [1, 2]`.
pub(super) fn of_values(schema: &mut Schema, site: &Site<'_>, to: &mut Schemas<'_>) {
    let (keyword, values) = match (schema.get("enum"), schema.get("const")) {
        (Some(Value::Array(values)), _) => ("enum", values.clone()),
        (None, Some(value)) => ("const", vec![value.clone()]),
        _ => return,
    };
    let limits = PAIRS.iter().flat_map(|(lower, upper, _)| [*lower, *upper]);
    for limit in limits {
        let Some(most) = schema.get(limit) else {
            continue;
        };
        let mut given = values.iter().filter(|value| !value.is_null()).peekable();
        if given.peek().is_some() && given.all(|value| is_beyond(value, limit, most)) {
            let message = format!("no value of `{keyword}` fits `{limit}: {most}`; it is ignored");
            let place = site.member(limit).pointer();
            to.sink.push(
                Diagnostic::new(Code::E0519, message)
                    .at_key(&place)
                    .help(format!("correct the limit or the values of `{keyword}`")),
            );
            schema.shift_remove(limit);
        }
    }
}

/// Whether all numbers that a schema takes are whole.
fn is_whole(schema: &Schema) -> bool {
    let is = |name: &Value| matches!(name.as_str(), Some("integer" | "null"));
    match schema.get("type") {
        Some(Value::Array(names)) => !names.is_empty() && names.iter().all(is),
        Some(name) => name == "integer",
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::normalized;
    use super::*;

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
    fn limits_between_which_no_whole_number_lies_are_dropped_for_integers() {
        let range = json!({"exclusiveMinimum": 4, "exclusiveMaximum": 5});
        for (kind, kept) in [
            (json!("integer"), false),
            (json!(["integer", "null"]), false),
            (json!("number"), true),
            (json!(["integer", "string"]), true),
        ] {
            let mut before = range.clone();
            before["type"] = kind.clone();
            let (after, findings) = normalized(before.clone());
            let expected = if kept { before } else { json!({"type": kind}) };
            assert_eq!(after, expected);
            let codes: Vec<_> = findings.iter().map(|f| f.code).collect();
            assert_eq!(
                codes,
                if kept { vec![] } else { vec![Code::E0519] },
                "{kind}"
            );
        }
    }

    #[test]
    fn a_limit_that_no_listed_value_is_within_is_dropped() {
        for (before, kept) in [
            (json!({"enum": [1, 2], "minimum": 5}), false),
            (json!({"enum": [1, 2, null], "minimum": 5}), false),
            (json!({"enum": [1, 7], "minimum": 5}), true),
            (json!({"enum": [1, "a"], "minimum": 5}), true),
            (json!({"enum": ["a", "b"], "minLength": 2}), false),
            (json!({"const": "abc", "maxLength": 2}), false),
            (json!({"const": "abc", "maxLength": 3}), true),
            (json!({"enum": [null], "minLength": 2}), true),
        ] {
            let (after, findings) = normalized(before.clone());
            let count = before.as_object().unwrap().len();
            let expected = if kept { count } else { count - 1 };
            assert_eq!(after.as_object().unwrap().len(), expected, "{before}");
            let codes: Vec<_> = findings.iter().map(|f| f.code).collect();
            assert_eq!(
                codes,
                if kept { vec![] } else { vec![Code::E0519] },
                "{before}"
            );
        }
    }
}
