//! Texts: what has such a name usually is, within the limits of its schema.

use serde_json::Value;

use super::super::seed::uuid;
use super::super::words as told;
use super::{At, Maker};
use crate::lower::schema::{Shape, has_format};
use crate::names::words;

/// Characters of a text that are made up because a schema asks for them.
const LONGEST: usize = 1_000;

impl<'a> Maker<'_, 'a> {
    /// A number that is written as a text, with as many digits as its pattern asks for: `3.5` as `3.50`.
    pub(super) fn as_written(&self, shape: &Shape<'_>, value: Value) -> Value {
        let pattern = shape
            .keywords
            .get("pattern")
            .and_then(|node| node.value.as_str());
        let (Some(pattern), Value::String(text)) = (pattern, &value) else {
            return value;
        };
        let Some(pattern) = self.seen.pattern(pattern) else {
            return value;
        };
        if pattern.matches(text) {
            return value;
        }
        let Ok(number) = text.parse::<f64>() else {
            return value;
        };
        let mut written = (0..=4_usize).map(|digits| format!("{number:.digits$}"));
        let found = written.find(|text| pattern.matches(text));
        found.map_or(value, Value::String)
    }

    /// A text as what has this name usually is, within the limits of its schema.
    pub(super) fn text(&self, shape: &Shape<'_>, at: &At) -> String {
        let keyword = |name: &str| shape.keywords.get(name).map(|node| node.value);
        let limit = |name: &str, other: usize| {
            let limit = keyword(name).and_then(Value::as_u64);
            limit
                .and_then(|limit| usize::try_from(limit).ok())
                .unwrap_or(other)
        };
        let (least, most) = (limit("minLength", 0), limit("maxLength", usize::MAX));
        let name = words(&at.name);
        let format = keyword("format")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let made = match format {
            "date" => told::day(&name, at.seed),
            "date-time" => told::moment(&name, at.seed),
            "time" => format!("{}Z", told::time(at.seed)),
            "uuid" | "guid" => uuid(at.seed),
            "email" | "idn-email" => told::text("email", &at.kind, at.seed, at.record),
            "uri" | "url" | "iri" | "uri-reference" | "iri-reference" => {
                told::text("url", &at.kind, at.seed, at.record)
            }
            "hostname" | "idn-hostname" => "crm.example.com".to_owned(),
            "ipv4" => told::text("ip", &at.kind, at.seed, at.record),
            "ipv6" => "2001:db8::1".to_owned(),
            "duration" => "PT1H".to_owned(),
            "decimal" => told::money(at.seed),
            "byte" => "bWNwd3JpZ2h0".to_owned(),
            "json-pointer" => "/name".to_owned(),
            "regex" => "^[a-z]+$".to_owned(),
            _ => match keyword("contentEncoding").and_then(Value::as_str) {
                Some("base64" | "base64url") => "bWNwd3JpZ2h0".to_owned(),
                _ if most == 2 && name.iter().any(|word| word.starts_with("country")) => {
                    told::country_code(at.seed)
                }
                _ => told::text(&at.name, &at.kind, at.seed, at.record),
            },
        };
        let made = match made.chars().count() {
            longer if longer > most && format.is_empty() => made
                .chars()
                .take(most)
                .collect::<String>()
                .trim_end()
                .to_owned(),
            _ => made,
        };
        let pattern = keyword("pattern").and_then(Value::as_str);
        let pattern = pattern.and_then(|pattern| self.seen.pattern(pattern));
        let length = made.chars().count();
        let fits_pattern = pattern
            .as_ref()
            .is_none_or(|pattern| pattern.matches(&made));
        if length >= least && length <= most && fits_pattern && has_format(&made, format) {
            return made;
        }
        if let Some(found) = pattern.and_then(|pattern| pattern.made(least, most, at.seed)) {
            return found;
        }
        let missing = least.min(LONGEST).saturating_sub(length);
        made.chars()
            .chain(std::iter::repeat_n('a', missing))
            .collect()
    }
}
