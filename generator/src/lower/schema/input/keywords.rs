//! Assertions on single values, examples and defaults.

use indexmap::IndexSet;
use serde_json::{Map, Value, json};

use super::super::{
    Shape, Types, broken_limit, default_fits, has_format, is_told_pattern, is_usable_pattern,
    lengths_of, matches_nothing, pattern_fault,
};
use super::diet::{is_machine_bound, is_telling, tell_values};
use super::{InputSchemas, say};
use crate::diagnostics::{Code, Diagnostic, json_path, remedy};
use crate::model::Node;

/// Formats that the runtime checks or that tell a model what to write.
const FORMATS: [&str; 14] = [
    "date",
    "date-time",
    "time",
    "duration",
    "email",
    "uri",
    "url",
    "uri-reference",
    "uuid",
    "hostname",
    "ipv4",
    "ipv6",
    "byte",
    "password",
];

impl<'a> InputSchemas<'_, 'a> {
    /// Assertions that apply to values of `types`.
    pub(super) fn scalar_keywords(
        &self,
        schema: &mut Map<String, Value>,
        shape: &Shape<'a>,
        types: Types,
    ) {
        for (keyword, node) in &shape.keywords {
            if !applies(keyword, shape, types)
                || contradicts(keyword, node, shape)
                || self.leaves_nothing(keyword, node, shape)
            {
                continue;
            }
            let listed = match (*keyword, &shape.values) {
                ("pattern", None) if types == Types::STRING => listed(node.value),
                _ => None,
            };
            if let Some(values) = listed {
                schema.insert("enum".to_owned(), json!(values));
                tell_values(schema);
            } else if self.is_kept(keyword, node) {
                schema.insert((*keyword).to_owned(), node.value.clone());
            } else if *keyword == "pattern" && node.value.as_str().is_some_and(is_told_pattern) {
                schema.insert(TOLD_PATTERN.to_owned(), node.value.clone());
                tell_pattern(schema);
            }
        }
        for (keyword, node) in &shape.further {
            if applies(keyword, shape, types)
                && !self.leaves_nothing(keyword, node, shape)
                && self.is_kept(keyword, node)
            {
                with_part(schema, json!({*keyword: node.value}));
            }
        }
        // The name that OpenAPI 3.0 has for it; models know it.
        let base64 = shape
            .keywords
            .get("contentEncoding")
            .and_then(|node| node.value.as_str())
            .is_some_and(|e| e.eq_ignore_ascii_case("base64"));
        if base64 && !schema.contains_key("format") && applies("format", shape, types) {
            schema.insert("format".to_owned(), json!("byte"));
        }
    }

    /// Whether an assertion is checked here. What is not checked is told, or reported.
    fn is_kept(&self, keyword: &str, node: &Node<'a>) -> bool {
        let kept = match keyword {
            "pattern" => node.value.as_str().is_some_and(|pattern| {
                let usable = is_usable_pattern(pattern);
                if !usable {
                    self.report_pattern(pattern, node);
                }
                usable
            }),
            "format" => node.value.as_str().is_some_and(|f| FORMATS.contains(&f)),
            "contentMediaType" | "contentEncoding" => false,
            "uniqueItems" => node.value.as_bool() == Some(true),
            "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties"
            | "maxProperties" => node.value.is_u64(),
            // Validators refuse the whole schema for a `multipleOf` that is not above 0.
            "multipleOf" => node.value.as_f64().is_some_and(|n| n > 0.0),
            _ => node.value.is_number(),
        };
        kept && !is_machine_bound(keyword, node.value)
    }

    /// Whether no text is left by a pattern, or by a format beside limits; says so.
    fn leaves_nothing(&self, keyword: &str, node: &Node<'a>, shape: &Shape<'a>) -> bool {
        let (Some(text), "pattern" | "format") = (node.value.as_str(), keyword) else {
            return false;
        };
        let limit = |keyword: &str| shape.keywords.get(keyword)?.value.as_u64();
        let excluded = if keyword == "pattern" {
            matches_nothing(text).then(|| "no text matches this pattern; it is ignored".to_owned())
        } else {
            lengths_of(text).and_then(|(least, most)| {
                let broken = limit("minLength").is_some_and(|limit| limit > most)
                    || limit("maxLength").is_some_and(|limit| limit < least);
                broken.then(|| {
                    format!("no `{text}` has the length that is asked for; the format is ignored")
                })
            })
        };
        let Some(message) = excluded else {
            return false;
        };
        let place = &node.pointer;
        self.shapes.report(
            Diagnostic::new(Code::E0527, message)
                .at(place)
                .help(format!("correct the {keyword}, or remove it"))
                .overlay(remedy::remove(&json_path(place))),
        );
        true
    }

    fn report_pattern(&self, pattern: &str, node: &Node<'a>) {
        let (becomes, note, help) = if is_told_pattern(pattern) {
            (
                "told in the description",
                "look-around and back-references are not supported; the service still checks it"
                    .to_owned(),
                "write a pattern without them, or leave it out",
            )
        } else if let Some(fault) = pattern_fault(pattern) {
            (
                "dropped",
                format!("as a regular expression it has a fault: {fault}"),
                "correct the pattern, or leave it out",
            )
        } else {
            (
                "dropped",
                "it is too long or too deep; the service still checks it".to_owned(),
                "write a shorter pattern, or leave it out",
            )
        };
        let message = format!("this pattern cannot be checked here and is {becomes}");
        self.shapes.report(
            Diagnostic::new(Code::E0502, message)
                .at(&node.pointer)
                .note(note)
                .help(help)
                .overlay(remedy::remove(&json_path(&node.pointer))),
        );
    }

    /// A default that fits, or else an example.
    pub(super) fn example_and_default(&self, schema: &mut Map<String, Value>, shape: &Shape<'a>) {
        if let Some(default) = &shape.default
            && !default.value.is_null()
        {
            let broken = if default_fits(shape, default.value) {
                broken_limit(shape, default.value)
            } else {
                Some("its own schema".to_owned())
            };
            match broken {
                None => {
                    schema.insert("default".to_owned(), default.value.clone());
                }
                Some(what) => self.shapes.report(
                    Diagnostic::new(
                        Code::E0503,
                        format!("the default does not fit {what} and is dropped"),
                    )
                    .at(&default.pointer)
                    .help("correct the default or the schema"),
                ),
            }
        }
        if let Some(example) = shape.example
            && shape.values.is_none()
            && is_telling(example, schema)
            && example.as_str().is_some_and(|s| s.len() <= 60)
            && default_fits(shape, example)
        {
            schema.insert("examples".to_owned(), json!([example]));
        }
    }
}

/// The values of a pattern that only lists some, `^(name|created)$`: as a list they are told, and what is nearly one of
/// them is mended.
fn listed(pattern: &Value) -> Option<Vec<&str>> {
    let whole = pattern.as_str()?;
    let is_literal = |c: char| c.is_ascii_alphanumeric() || "_- :".contains(c);
    let inner = whole.strip_prefix('^')?.strip_suffix('$')?;
    let values: Option<Vec<&str>> = match inner.strip_prefix('(') {
        Some(group) => {
            let group = group.strip_prefix("?:").unwrap_or(group);
            Some(group.strip_suffix(')')?.split('|').collect())
        }
        None => {
            let each = whole.split('|');
            each.map(|one| one.strip_prefix('^')?.strip_suffix('$'))
                .collect()
        }
    };
    let values: IndexSet<&str> = values?.into_iter().collect();
    let are_literals = values
        .iter()
        .all(|value| !value.is_empty() && value.chars().all(is_literal));
    (values.len() > 1 && are_literals).then(|| values.into_iter().collect())
}

/// Whether a format is none of the values that are listed: a list says all, and formats are annotations (JSON
/// Schema validation §7.2.1).
fn contradicts(keyword: &str, node: &Node<'_>, shape: &Shape<'_>) -> bool {
    let (Some(values), Some(format), "format") = (&shape.values, node.value.as_str(), keyword)
    else {
        return false;
    };
    let mut texts = values.iter().filter_map(|value| value.as_str());
    texts.any(|text| !has_format(text, format))
}

/// The keyword of a pattern that is not checked: tool lists leave it out, and the description says it.
pub const TOLD_PATTERN: &str = "x-pattern";

/// Says the pattern that is not checked in the description.
pub fn tell_pattern(schema: &mut Map<String, Value>) {
    let Some(pattern) = schema.get(TOLD_PATTERN).and_then(Value::as_str) else {
        return;
    };
    let told = format!("Matches `{pattern}`.");
    say(schema, &told);
}

/// Adds a schema that holds beside the one that is there.
pub(super) fn with_part(schema: &mut Map<String, Value>, part: Value) {
    let parts = schema.entry("allOf").or_insert_with(|| json!([]));
    if let Some(parts) = parts.as_array_mut() {
        parts.push(part);
    }
}

/// Whether an assertion can apply to the types at all; a `pattern` on an integer is noise.
fn applies(keyword: &str, shape: &Shape<'_>, types: Types) -> bool {
    let on = match keyword {
        "pattern" | "minLength" | "maxLength" | "format" => Types::STRING,
        "minItems" | "maxItems" | "uniqueItems" => {
            return types == Types::ARRAY || (types.is_any() && shape.is_array());
        }
        "minProperties" | "maxProperties" => {
            return types == Types::OBJECT || (types.is_any() && shape.is_object());
        }
        _ => return types.has(Types::NUMBER) || types.has(Types::INTEGER),
    };
    types.is_any() || types.has(on)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::listed;

    #[test]
    fn a_pattern_of_literals_is_a_list_of_them() {
        for (pattern, expected) in [
            (
                "^(score|created|name)$",
                Some(vec!["score", "created", "name"]),
            ),
            ("^(?:last-name|-name)$", Some(vec!["last-name", "-name"])),
            ("^asc$|^desc$", Some(vec!["asc", "desc"])),
            ("^(a|b|a)$", Some(vec!["a", "b"])),
            // Others match as well, or something else.
            ("(asc|desc)", None),
            ("^asc|desc$", None),
            ("^(asc|desc)", None),
            ("^(a|b)(c|d)$", None),
            ("^(a|b)|(c|d)$", None),
            ("^(a.|b)$", None),
            ("^(a|b*)$", None),
            ("^(|a)$", None),
            ("^(?i:a|b)$", None),
            ("^(a)$", None),
            ("^$", None),
            ("", None),
        ] {
            assert_eq!(listed(&json!(pattern)), expected, "{pattern}");
        }
        assert_eq!(listed(&json!(7)), None);
    }
}
