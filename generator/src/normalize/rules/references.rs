//! References in the place of a schema lead to schemas (OpenAPI 3.2 §4.23, §4.24).

use serde_json::Value;

use super::super::fields::is_no_schema;
use super::{Schema, Schemas, Site};
use crate::diagnostics::{Code, Diagnostic};
use crate::text;

/// Takes out a reference to an object of another kind, whose members would be read as keywords.
pub(super) fn to_schema(schema: &mut Schema, site: &Site<'_>, schemas: &mut Schemas<'_>) {
    let Some(Value::String(target)) = schema.get("$ref") else {
        return;
    };
    if !is_no_schema(target) {
        return;
    }
    let message = format!("`{}` is not a schema", text::line(target, 120));
    schemas.sink.push(
        Diagnostic::new(Code::E0304, message)
            .at(&site.member("$ref").pointer())
            .note("any value is accepted here, and the service decides")
            .help("refer to a schema of `components`, or write it out here"),
    );
    schema.shift_remove("$ref");
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::normalized;
    use crate::diagnostics::Code;

    #[test]
    fn a_reference_to_something_else_is_taken_out_and_said() {
        for (target, kept) in [
            ("#", false),
            ("#/components/schemas", false),
            ("#/info", false),
            ("#/components/schemas/S", true),
            ("#/x-schemas/S", true),
        ] {
            let before = json!({"items": {"$ref": target}});
            let (after, findings) = normalized(before.clone());
            let expected = if kept { before } else { json!({"items": {}}) };
            assert_eq!(after, expected, "{target}");
            let codes: Vec<_> = findings.iter().map(|f| f.code).collect();
            let expected = if kept { vec![] } else { vec![Code::E0304] };
            assert_eq!(codes, expected, "{target}");
        }
    }
}
