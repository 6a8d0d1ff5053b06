//! `type` values that are misspelt, come from another language, or are no type at all.

use serde_json::Value;

use super::{Schema, Schemas, Site};
use crate::diagnostics::{Code, Diagnostic};

/// The types of JSON Schema (2020-12 validation §6.1.1).
const KNOWN: [&str; 7] = [
    "string", "integer", "number", "boolean", "array", "object", "null",
];

/// What other names stand for: lower-case name, type, format. An empty type means "any".
const OTHER: &[(&str, &str, &str)] = &[
    ("any", "", ""),
    ("mixed", "", ""),
    ("unknown", "", ""),
    ("bool", "boolean", ""),
    ("byte", "string", "byte"),
    ("binary", "string", "binary"),
    ("char", "string", ""),
    ("date", "string", "date"),
    ("date-time", "string", "date-time"),
    ("datetime", "string", "date-time"),
    ("decimal", "number", ""),
    ("dict", "object", ""),
    ("dictionary", "object", ""),
    ("double", "number", "double"),
    ("email", "string", "email"),
    ("enum", "string", ""),
    ("file", "string", "binary"),
    ("float", "number", "float"),
    ("guid", "string", "uuid"),
    ("hash", "object", ""),
    ("id", "string", ""),
    ("int", "integer", ""),
    ("int32", "integer", "int32"),
    ("int64", "integer", "int64"),
    ("json", "object", ""),
    ("list", "array", ""),
    ("long", "integer", "int64"),
    ("map", "object", ""),
    ("nil", "null", ""),
    ("none", "null", ""),
    ("numeric", "number", ""),
    ("password", "string", "password"),
    ("short", "integer", ""),
    ("str", "string", ""),
    ("text", "string", ""),
    ("time", "string", "time"),
    ("timestamp", "string", "date-time"),
    ("uri", "string", "uri"),
    ("url", "string", "uri"),
    ("uuid", "string", "uuid"),
];

/// Mends `type`; a list of one type becomes that type.
pub(super) fn mend(schema: &mut Schema, site: &Site<'_>, schemas: &mut Schemas<'_>) {
    match schema.get("type") {
        Some(Value::String(name)) if KNOWN.contains(&name.as_str()) => {}
        Some(Value::String(name)) => {
            let name = name.clone();
            // `string|null` and `string,null` are meant as lists.
            let parts: Vec<&str> = name.split(['|', ',']).map(str::trim).collect();
            let mut found = Found::default();
            parts.iter().for_each(|part| found.add(part));
            report(&format!("`{name}`"), &found, site, schemas);
            found.write(schema);
        }
        Some(Value::Array(names)) => {
            let known = |name: &Value| name.as_str().is_some_and(|name| KNOWN.contains(&name));
            let repeats =
                |at: usize, name: &Value| names.iter().take(at).any(|other| other == name);
            let clean = names
                .iter()
                .enumerate()
                .all(|(at, name)| known(name) && !repeats(at, name));
            if clean && names.len() > 1 {
                return;
            }
            let mut found = Found::default();
            for name in names {
                match name {
                    Value::String(name) => found.add(name),
                    // `type: [string, null]` in YAML.
                    Value::Null => found.add("null"),
                    _ => found.unknown = true,
                }
            }
            if !clean || names.is_empty() {
                report(
                    &Value::Array(names.clone()).to_string(),
                    &found,
                    site,
                    schemas,
                );
            }
            found.write(schema);
        }
        // `type: null` in YAML without quotes.
        Some(Value::Null) => {
            let mut found = Found::default();
            found.add("null");
            report("`null` without quotes", &found, site, schemas);
            found.write(schema);
        }
        Some(_) => {
            report("not a text", &Found::default(), site, schemas);
            schema.shift_remove("type");
        }
        None => {}
    }
}

/// What a list of names stands for.
#[derive(Default)]
struct Found {
    types: Vec<&'static str>,
    format: &'static str,
    any: bool,
    unknown: bool,
}

impl Found {
    fn add(&mut self, name: &str) {
        let lower = name.trim().to_ascii_lowercase();
        let known = KNOWN
            .iter()
            .find(|known| **known == lower)
            .map(|known| (*known, ""));
        let other = || {
            OTHER
                .iter()
                .find(|(other, ..)| *other == lower)
                .map(|(_, t, f)| (*t, *f))
        };
        match known.or_else(other) {
            Some(("", _)) => self.any = true,
            Some((name, format)) => {
                if !self.types.contains(&name) {
                    self.types.push(name);
                }
                if self.format.is_empty() {
                    self.format = format;
                }
            }
            None => self.unknown = true,
        }
    }

    /// Whether the schema ends up without a type.
    fn is_open(&self) -> bool {
        self.any || self.types.is_empty()
    }

    fn write(self, schema: &mut Schema) {
        if self.is_open() {
            schema.shift_remove("type");
            return;
        }
        let value = match self.types.as_slice() {
            [one] => Value::from(*one),
            many => Value::from(many.to_vec()),
        };
        schema.insert("type".to_owned(), value);
        if !self.format.is_empty() && !schema.contains_key("format") {
            schema.insert("format".to_owned(), self.format.into());
        }
    }
}

fn report(written: &str, found: &Found, site: &Site<'_>, schemas: &mut Schemas<'_>) {
    let read_as = if found.is_open() {
        "ignored, so that any value is allowed".to_owned()
    } else {
        let format = if found.format.is_empty() {
            String::new()
        } else {
            format!(" with format `{}`", found.format)
        };
        format!("read as `{}`{format}", found.types.join("`, `"))
    };
    let message = format!("the type is {written}; {read_as}");
    let mut finding = Diagnostic::new(Code::E0510, message).at(&site.member("type").pointer());
    if found.unknown {
        finding = finding.help(format!("the types are: {}", KNOWN.join(", ")));
    } else {
        finding = finding.help(match found.types.as_slice() {
            [] => "remove `type`, or name one".to_owned(),
            [only] => format!("write `type: {only}`"),
            several => format!("write `type: [{}]`", several.join(", ")),
        });
    }
    schemas.sink.push(finding);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::normalized;
    use super::*;

    #[test]
    fn names_of_types_are_mended_with_a_finding() {
        for (before, after) in [
            (json!({"type": "String"}), json!({"type": "string"})),
            (json!({"type": "int"}), json!({"type": "integer"})),
            (
                json!({"type": "float"}),
                json!({"type": "number", "format": "float"}),
            ),
            (
                json!({"type": "float", "format": "double"}),
                json!({"type": "number", "format": "double"}),
            ),
            (
                json!({"type": "file"}),
                json!({"type": "string", "format": "binary"}),
            ),
            (
                json!({"type": "date"}),
                json!({"type": "string", "format": "date"}),
            ),
            (json!({"type": "any"}), json!({})),
            (json!({"type": "Lead"}), json!({})),
            (
                json!({"type": "string|null"}),
                json!({"type": ["string", "null"]}),
            ),
            (
                json!({"type": ["String", "null"]}),
                json!({"type": ["string", "null"]}),
            ),
            (
                json!({"type": ["string", null]}),
                json!({"type": ["string", "null"]}),
            ),
            (
                json!({"type": ["string", "string"]}),
                json!({"type": "string"}),
            ),
            (json!({"type": []}), json!({})),
            (json!({"type": null}), json!({"type": "null"})),
            (json!({"type": {"type": "string"}}), json!({})),
        ] {
            let (found, findings) = normalized(before.clone());
            assert_eq!(found, after, "{before}");
            assert_eq!(findings.len(), 1, "{before}");
            assert_eq!(findings[0].code, Code::E0510);
        }
    }

    #[test]
    fn good_types_stay_and_lists_of_one_are_unwrapped() {
        for (before, after) in [
            (json!({"type": ["string"]}), json!({"type": "string"})),
            (
                json!({"type": ["string", "null"]}),
                json!({"type": ["string", "null"]}),
            ),
            (
                json!({"type": "string", "format": "binary"}),
                json!({"type": "string", "format": "binary"}),
            ),
            (
                json!({"properties": {"type": {"type": "string"}}}),
                json!({"properties": {"type": {"type": "string"}}}),
            ),
        ] {
            assert_eq!(normalized(before.clone()), (after, vec![]), "{before}");
        }
    }
}
