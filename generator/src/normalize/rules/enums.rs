//! `enum` lists that cannot be used.

use serde_json::Value;

use super::{Schema, Schemas, Site};
use crate::diagnostics::{Code, Diagnostic};

/// Drops an `enum` that is empty, no list, or longer than the budget.
pub(super) fn check(schema: &mut Schema, site: &Site<'_>, schemas: &mut Schemas<'_>) {
    let finding = match schema.get("enum") {
        Some(Value::Array(values)) if values.is_empty() => Diagnostic::new(
            Code::E0512,
            "the `enum` is empty and would allow no value; ignored",
        ),
        Some(Value::Array(values)) if values.len() > schemas.enum_values => {
            let (found, most) = (values.len(), schemas.enum_values);
            let message =
                format!("the `enum` has {found} values; at most {most} are read; ignored");
            Diagnostic::new(Code::E0513, message)
                .help("raise the budget `enum_values` if the document is trusted")
        }
        None | Some(Value::Array(_)) => return,
        Some(_) => Diagnostic::new(Code::E0512, "the `enum` is not a list; ignored"),
    };
    schemas
        .sink
        .push(finding.at_key(&site.member("enum").pointer()));
    schema.shift_remove("enum");
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::normalized;
    use super::*;

    #[test]
    fn useless_enums_are_dropped_with_a_finding() {
        let long: Vec<u32> = (0..10_001).collect();
        for (value, code) in [
            (json!([]), Code::E0512),
            (json!("a"), Code::E0512),
            (json!(long), Code::E0513),
        ] {
            let (after, findings) = normalized(json!({"type": "string", "enum": value}));
            assert_eq!(after, json!({"type": "string"}));
            assert_eq!(findings[0].code, code);
        }
        let kept = json!({"enum": [null]});
        assert_eq!(normalized(kept.clone()), (kept, vec![]));
    }
}
