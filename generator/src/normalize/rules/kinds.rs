//! Keywords whose value is of another kind than JSON Schema 2020-12 has it: mended where what is meant is
//! plain, and taken out where not.

use serde_json::{Number, Value};

use super::super::fields::{flag, kind_of};
use super::{Schema, Schemas, Site};
use crate::diagnostics::{Code, Diagnostic};
use crate::text;

/// Looks at the keywords of one schema.
pub(in super::super) fn mend(schema: &mut Schema, site: &Site<'_>, schemas: &mut Schemas<'_>) {
    let mut gone: Vec<String> = Vec::new();
    for (keyword, value) in schema.iter_mut() {
        let keep = match keyword.as_str() {
            "description" | "title" | "format" | "pattern" | "$ref" | "contentEncoding"
            | "contentMediaType" => match value {
                Value::Number(_) | Value::Bool(_) if keyword != "$ref" => {
                    *value = Value::String(value.to_string());
                    true
                }
                value => said(value.is_string(), keyword, "a text", value, site, schemas),
            },
            "readOnly" | "writeOnly" | "deprecated" | "uniqueItems" | "nullable" => {
                let is_flag =
                    value.is_boolean() || flag(value, keyword, &site.member(keyword), schemas.sink);
                said(is_flag, keyword, "true or false", value, site, schemas)
            }
            // Anything else is said where the schema is used.
            "additionalProperties" | "unevaluatedProperties" | "items" | "unevaluatedItems" => {
                if value.is_string() {
                    flag(value, keyword, &site.member(keyword), schemas.sink);
                }
                !value.is_null()
            }
            "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties"
            | "maxProperties" => limit(value, true, keyword, site, schemas),
            "minimum" | "maximum" => limit(value, false, keyword, site, schemas),
            "properties" | "patternProperties" | "dependentSchemas" | "$defs" | "definitions"
            | "discriminator" => said(
                value.is_object(),
                keyword,
                "an object",
                value,
                site,
                schemas,
            ),
            "allOf" | "anyOf" | "oneOf" | "prefixItems" => {
                said(value.is_array(), keyword, "a list", value, site, schemas)
            }
            _ => true,
        };
        if !keep {
            gone.push(keyword.clone());
        }
    }
    for keyword in gone {
        schema.shift_remove(&keyword);
    }
}

/// Says that a keyword is of the wrong kind unless it fits; null is not there, but for a reference,
/// without which nothing is left of what was meant.
fn said(
    fits: bool,
    keyword: &str,
    expected: &str,
    value: &Value,
    site: &Site<'_>,
    schemas: &mut Schemas<'_>,
) -> bool {
    if !fits && (!value.is_null() || keyword == "$ref") {
        let message = format!(
            "`{keyword}` of a schema is {}, not {expected}; ignored",
            kind_of(value)
        );
        let place = site.member(keyword).pointer();
        let finding = Diagnostic::new(Code::E0210, message).at(&place);
        let help = format!("write {expected}, or remove it");
        schemas.sink.push(finding.help(help));
    }
    fits
}

/// A limit is a number, for lengths a whole one that is not below 0; one that is written as a text is
/// read.
fn limit(
    value: &mut Value,
    whole: bool,
    keyword: &str,
    site: &Site<'_>,
    schemas: &mut Schemas<'_>,
) -> bool {
    let fits = |value: &Value| {
        if whole {
            value.is_u64()
        } else {
            value.is_number()
        }
    };
    if fits(value) {
        return true;
    }
    let (read, is_text) = match &*value {
        Value::Null => return false,
        Value::String(text) => (text.trim().parse::<Number>().ok().map(Value::Number), true),
        // `5.0` is a whole number.
        Value::Number(number) => (whole_of(number).map(Value::from), false),
        _ => (None, false),
    };
    let read = read.filter(fits);
    let message = match &read {
        Some(read) if is_text => format!("`{keyword}` is a text; read as {read}"),
        Some(_) => String::new(),
        None => format!(
            "`{keyword}` is `{}`, which is no such limit; ignored",
            text::line(value.as_str().unwrap_or(&value.to_string()), 40)
        ),
    };
    if !message.is_empty() {
        let place = site.member(keyword).pointer();
        let help = match (&read, whole) {
            (Some(read), _) => format!("write `{keyword}: {read}`, without quotes"),
            (None, true) => "write a whole number that is not below 0, or remove it".to_owned(),
            (None, false) => "write a number, or remove it".to_owned(),
        };
        let finding = Diagnostic::new(Code::E0514, message).at(&place);
        schemas.sink.push(finding.help(help));
    }
    match read {
        Some(read) => {
            *value = read;
            true
        }
        None => false,
    }
}

/// The whole number that a float is.
fn whole_of(number: &Number) -> Option<u64> {
    let float = number.as_f64()?;
    (float.fract() == 0.0).then(|| format!("{float:.0}").parse().ok())?
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::normalized;
    use super::*;

    #[test]
    fn what_is_meant_is_read_and_the_rest_taken_out_with_a_word() {
        let text = json!({"type": "string"});
        for (before, after, code) in [
            (json!({"description": 5}), json!({"description": "5"}), None),
            (json!({"description": ["a"]}), json!({}), Some(Code::E0210)),
            (json!({"description": null}), json!({}), None),
            (
                json!({"readOnly": "true"}),
                json!({"readOnly": true}),
                Some(Code::E0211),
            ),
            (
                json!({"writeOnly": "no"}),
                json!({"writeOnly": false}),
                Some(Code::E0211),
            ),
            (json!({"deprecated": 1}), json!({}), Some(Code::E0210)),
            (
                json!({"type": "string", "nullable": "true"}),
                json!({"type": ["string", "null"]}),
                Some(Code::E0211),
            ),
            (
                json!({"additionalProperties": "false"}),
                json!({"additionalProperties": false}),
                Some(Code::E0211),
            ),
            (
                json!({"minLength": "5"}),
                json!({"minLength": 5}),
                Some(Code::E0514),
            ),
            (json!({"minLength": 5.0}), json!({"minLength": 5}), None),
            (json!({"minLength": -1}), json!({}), Some(Code::E0514)),
            (json!({"maximum": "many"}), json!({}), Some(Code::E0514)),
            (json!({"maximum": 1.5}), json!({"maximum": 1.5}), None),
            (json!({"properties": [text]}), json!({}), Some(Code::E0210)),
            (json!({"allOf": {"a": {}}}), json!({}), Some(Code::E0210)),
            (json!({"$ref": 5}), json!({}), Some(Code::E0210)),
            (json!({"$ref": null}), json!({}), Some(Code::E0210)),
            // Names of properties are no keywords.
            (
                json!({"properties": {"readOnly": {}}}),
                json!({"properties": {"readOnly": {}}}),
                None,
            ),
        ] {
            let (found, findings) = normalized(before.clone());
            assert_eq!(found, after, "{before}");
            let codes: Vec<Code> = findings.iter().map(|finding| finding.code).collect();
            assert_eq!(codes, code.into_iter().collect::<Vec<_>>(), "{before}");
        }
    }
}
