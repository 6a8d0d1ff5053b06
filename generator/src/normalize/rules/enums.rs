//! `enum` lists that cannot be used.

use serde_json::{Value, json};

use super::{Schema, Schemas, Site};
use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::source::Budget;

/// Gives the values the type of the schema: YAML reads `enum: [1, 2]` as numbers whatever `type` says.
/// A value that has no form in that type is dropped.
pub(super) fn mend_values(schema: &mut Schema, site: &Site<'_>, schemas: &mut Schemas<'_>) {
    let kinds = kinds(schema);
    if kinds.is_empty() || kinds == ["array"] && mend_items(schema, site, schemas) {
        return;
    }
    let nullable = ["nullable", "x-nullable"]
        .iter()
        .any(|key| schema.get(*key) == Some(&Value::Bool(true)));
    let Some(Value::Array(values)) = schema.get_mut("enum") else {
        return;
    };
    let says_null = nullable || kinds.iter().any(|kind| kind == "null");
    if !says_null && values.iter().any(Value::is_null) {
        let message = format!(
            "`null` is in the `enum` of {}, which cannot be null; left out",
            a(&kinds)
        );
        schemas.sink.push(
            Diagnostic::new(Code::E0516, message)
                .severity(Severity::Info)
                .at_key(&site.member("enum").pointer())
                .note("a value has to fit both `enum` and `type`")
                .help("remove it, or allow null: `type: [string, \"null\"]`, in OpenAPI 3.0 `nullable: true`"),
        );
    }
    let fits = |value: &Value| value.is_null() || kinds.iter().any(|kind| has_type(value, kind));
    let found: Vec<String> = values
        .iter()
        .filter(|value| !fits(value))
        .take(3)
        .map(|value| {
            format!(
                "`{}`",
                value.to_string().chars().take(40).collect::<String>()
            )
        })
        .collect();
    if found.is_empty() {
        return;
    }
    let mended: Vec<Value> = values
        .drain(..)
        .filter_map(|value| {
            if fits(&value) {
                Some(value)
            } else {
                kinds.iter().find_map(|kind| in_type(&value, kind))
            }
        })
        .collect();
    *values = mended;
    if values.is_empty() {
        schema.shift_remove("enum");
    }
    schemas.sink.push(
        Diagnostic::new(
            Code::E0516,
            format!("{} in the `enum` of {}", found.join(", "), a(&kinds)),
        )
        .at_key(&site.member("enum").pointer())
        .help("write the values in the type of the schema"),
    );
}

/// The same for the one value of `const`.
pub(super) fn mend_constant(schema: &mut Schema, site: &Site<'_>, schemas: &mut Schemas<'_>) {
    let kinds = kinds(schema);
    let Some(value) = schema.get("const").cloned() else {
        return;
    };
    let nullable = schema.get("nullable") == Some(&Value::Bool(true));
    let says_null = nullable || kinds.iter().any(|kind| kind == "null");
    let fits = if value.is_null() {
        says_null
    } else {
        kinds.iter().any(|kind| has_type(&value, kind))
    };
    if kinds.is_empty() || fits {
        return;
    }
    let shown: String = value.to_string().chars().take(40).collect();
    let mended = kinds.iter().find_map(|kind| in_type(&value, kind));
    let becomes = match &mended {
        Some(mended) => format!("read as `{mended}`"),
        None => "ignored".to_owned(),
    };
    let message = format!("`{shown}` is the `const` of {}; {becomes}", a(&kinds));
    schemas.sink.push(
        Diagnostic::new(Code::E0516, message)
            .at_key(&site.member("const").pointer())
            .help("write the value in the type of the schema"),
    );
    match mended {
        Some(mended) => schema.insert("const".to_owned(), mended),
        None => schema.shift_remove("const"),
    };
}

/// The types that a schema names.
fn kinds(schema: &Schema) -> Vec<String> {
    let names = match schema.get("type") {
        Some(Value::Array(names)) => names.as_slice(),
        Some(name) => std::slice::from_ref(name),
        None => &[],
    };
    names
        .iter()
        .filter_map(|name| name.as_str().map(str::to_owned))
        .collect()
}

/// Types in words.
fn a(kinds: &[String]) -> String {
    format!("a {}", kinds.join(" or "))
}

/// Beside `type: array`, a list of scalars is that of the items: no array could be among them.
fn mend_items(schema: &mut Schema, site: &Site<'_>, schemas: &mut Schemas<'_>) -> bool {
    let scalars = |values: &Vec<Value>| {
        !values.is_empty()
            && values
                .iter()
                .all(|value| !value.is_array() && !value.is_object() && !value.is_null())
    };
    let values = schema.get("enum").and_then(Value::as_array).cloned();
    let Some(values) = values.filter(scalars) else {
        return false;
    };
    match schema
        .entry("items")
        .or_insert_with(|| Value::Object(Schema::new()))
    {
        Value::Object(items) if items.contains_key("$ref") || items.contains_key("enum") => {
            let own = Value::Object(std::mem::take(items));
            items.insert("allOf".to_owned(), json!([own, {"enum": values}]));
        }
        Value::Object(items) => {
            items.insert("enum".to_owned(), Value::Array(values));
        }
        _ => return false,
    }
    schema.shift_remove("enum");
    schemas.sink.push(
        Diagnostic::new(
            Code::E0516,
            "the `enum` beside `type: array` lists values of its items",
        )
        .at_key(&site.member("enum").pointer())
        .help("move the `enum` into `items`"),
    );
    true
}

fn has_type(value: &Value, kind: &str) -> bool {
    match kind {
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "number" => value.is_number(),
        "integer" => value.as_f64().is_some_and(|n| n.fract() == 0.0),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "null" => value.is_null(),
        _ => true,
    }
}

/// The same value in another type, if it has an obvious form there.
fn in_type(value: &Value, kind: &str) -> Option<Value> {
    let converted = match (kind, value) {
        ("string", Value::Number(_) | Value::Bool(_)) => Value::String(value.to_string()),
        ("number" | "integer" | "boolean", Value::String(text)) => {
            serde_json::from_str(text.trim()).ok()?
        }
        _ => return None,
    };
    has_type(&converted, kind).then_some(converted)
}

/// Drops an `enum` that is empty, no list, or longer than the budget.
pub(super) fn check(schema: &mut Schema, site: &Site<'_>, schemas: &mut Schemas<'_>) {
    let finding = match schema.get("enum") {
        Some(Value::Array(values)) if values.is_empty() => Diagnostic::new(
            Code::E0512,
            "the `enum` is empty and would allow no value; ignored",
        )
        .help("list the values, or remove `enum`"),
        Some(Value::Array(values)) if values.len() > schemas.budgets.enum_values => {
            let (found, most) = (values.len(), schemas.budgets.enum_values);
            let message =
                format!("the `enum` has {found} values; at most {most} are read; ignored");
            Diagnostic::new(Code::E0513, message)
                .help(schemas.budgets.remedy(Budget::EnumValues, Some(found)))
        }
        None | Some(Value::Array(_)) => return,
        Some(_) => Diagnostic::new(Code::E0512, "the `enum` is not a list; ignored")
            .help("write a list of values: `enum: [a, b]`"),
    };
    schemas
        .sink
        .push(finding.at_key(&site.member("enum").pointer()));
    schema.shift_remove("enum");
}

#[cfg(test)]
mod tests {
    use super::super::normalized;
    use super::*;

    #[test]
    fn a_constant_of_another_type_is_read_in_the_type_of_the_schema_or_dropped() {
        for (kind, value, after) in [
            (json!("string"), json!(5), Some(json!("5"))),
            (json!(["string", "null"]), json!(5), Some(json!("5"))),
            (json!("integer"), json!("5"), Some(json!(5))),
            (json!("integer"), json!("x"), None),
            (json!("string"), json!(null), None),
            (json!("object"), json!("x"), None),
        ] {
            let (mended, findings) = normalized(json!({"type": kind, "const": value}));
            assert_eq!(mended.get("const"), after.as_ref(), "{kind} {value}");
            assert_eq!(findings[0].code, Code::E0516);
        }
        for kept in [
            json!({"type": "integer", "const": 5.0}),
            json!({"type": ["string", "null"], "const": null}),
            json!({"const": null}),
        ] {
            assert_eq!(normalized(kept.clone()), (kept, vec![]));
        }
    }

    #[test]
    fn null_among_the_values_of_a_type_that_is_never_null_is_said() {
        for (schema, said) in [
            (json!({"type": "string", "enum": ["a", null]}), true),
            (
                json!({"type": ["string", "integer"], "enum": ["a", null]}),
                true,
            ),
            (
                json!({"type": ["string", "null"], "enum": ["a", null]}),
                false,
            ),
            (
                json!({"type": "string", "nullable": true, "enum": ["a", null]}),
                false,
            ),
            (json!({"enum": ["a", null]}), false),
            (json!({"type": "string", "enum": ["a"]}), false),
        ] {
            let (_, findings) = normalized(schema.clone());
            let found: Vec<_> = findings.iter().map(|f| (f.code, f.severity)).collect();
            let expected = said.then_some((Code::E0516, Severity::Info));
            assert_eq!(found, Vec::from_iter(expected), "{schema}");
        }
    }

    #[test]
    fn values_of_several_types_are_of_one_of_them() {
        let (mended, findings) = normalized(json!({"type": ["string", "null"], "enum": [1, null]}));
        assert_eq!(mended["enum"], json!(["1", null]));
        assert_eq!(findings[0].code, Code::E0516);
        let kept = json!({"type": ["string", "integer"], "enum": [1, "a"]});
        assert_eq!(normalized(kept.clone()), (kept, vec![]));
    }

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
        for (kind, before, after) in [
            (
                "string",
                json!([1, true, "x", null]),
                json!(["1", "true", "x", null]),
            ),
            ("integer", json!(["1", 2, "x", 1.5]), json!([1, 2])),
            ("boolean", json!(["true", false]), json!([true, false])),
            ("number", json!(["1.5"]), json!([1.5])),
        ] {
            let (mended, findings) = normalized(json!({"type": kind, "enum": before}));
            assert_eq!(mended["enum"], after, "{kind}");
            assert_eq!(findings[0].code, Code::E0516);
        }
        let items = json!({"type": "array", "items": {"type": "string"}, "enum": ["a", "b"]});
        let (mended, findings) = normalized(items);
        assert_eq!(
            mended,
            json!({"type": "array", "items": {"type": "string", "enum": ["a", "b"]}})
        );
        assert_eq!(findings[0].code, Code::E0516);
        let kept = json!({"type": "array", "items": {}, "enum": [["a"]]});
        assert_eq!(normalized(kept.clone()), (kept, vec![]));
        let kept = json!({"enum": [null]});
        assert_eq!(normalized(kept.clone()), (kept, vec![]));
    }
}
