//! Whether a value is one that a schema of arguments accepts (JSON Schema 2020-12), with a third answer: that
//! it cannot be told here. The server checks by its own rules, which generated tests compare; what is doubtful
//! is no example.

use regex::{Regex, RegexBuilder};
use serde_json::{Map, Value};

/// Steps of one check, and levels of a value.
const STEPS: usize = 5_000;
const DEEPEST: usize = 32;
/// Bytes of a compiled pattern.
const LARGEST_PATTERN: usize = 100_000;

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is accepted.
    Fits,
    /// It is refused at this place, a JSON Pointer.
    Refused(String),
    /// A keyword is not known here, or it takes too long to tell.
    Unknown,
}

/// Whether the arguments of a call are accepted.
pub(super) fn check(root: &Value, value: &Value) -> Verdict {
    let mut check = Check {
        root,
        left: STEPS,
        path: String::new(),
        refused: None,
    };
    match check.value(root, value, 0) {
        Some(true) => Verdict::Fits,
        Some(false) => Verdict::Refused(check.refused.unwrap_or_default()),
        None => Verdict::Unknown,
    }
}

struct Check<'a> {
    root: &'a Value,
    left: usize,
    path: String,
    /// Where the last thing was refused.
    refused: Option<String>,
}

/// All of them hold; one that is known not to counts for more than one that is not known.
fn all(verdicts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut whole = Some(true);
    for verdict in verdicts {
        match verdict {
            Some(true) => {}
            Some(false) => return Some(false),
            None => whole = None,
        }
    }
    whole
}

impl<'a> Check<'a> {
    fn value(&mut self, schema: &'a Value, value: &Value, depth: usize) -> Option<bool> {
        self.left = self.left.checked_sub(1)?;
        if depth > DEEPEST {
            return None;
        }
        let schema = match schema {
            Value::Bool(accepts) => return self.told(Some(*accepts)),
            Value::Object(schema) => schema,
            _ => return None,
        };
        let mut whole = Some(true);
        for (keyword, said) in schema {
            match self.keyword(schema, keyword, said, value, depth) {
                Some(true) => {}
                Some(false) => return self.told(Some(false)),
                None => whole = None,
            }
        }
        whole
    }

    /// Notes the deepest place.
    fn told(&mut self, verdict: Option<bool>) -> Option<bool> {
        if verdict == Some(false) && self.refused.is_none() {
            self.refused = Some(self.path.clone());
        }
        verdict
    }

    fn below(
        &mut self,
        step: &str,
        schema: &'a Value,
        value: &Value,
        depth: usize,
    ) -> Option<bool> {
        let before = self.path.len();
        self.path.push('/');
        self.path.push_str(step);
        let verdict = self.value(schema, value, depth.saturating_add(1));
        self.path.truncate(before);
        verdict
    }

    /// One keyword; those that say nothing about a value of this type hold.
    fn keyword(
        &mut self,
        schema: &'a Map<String, Value>,
        keyword: &str,
        said: &'a Value,
        value: &Value,
        depth: usize,
    ) -> Option<bool> {
        match keyword {
            "title" | "description" | "default" | "examples" | "deprecated" | "readOnly"
            | "writeOnly" | "contentEncoding" | "contentMediaType" | "$defs" => Some(true),
            // A pattern that is told and not checked.
            "x-pattern" => None,
            "$ref" => {
                let place = said.as_str()?.strip_prefix('#')?;
                let target = self.root.pointer(place)?;
                self.value(target, value, depth.saturating_add(1))
            }
            "type" => is_of_type(said, value),
            "const" => Some(said == value),
            "enum" => Some(said.as_array()?.contains(value)),
            "allOf" => {
                let mut whole = Some(true);
                for part in said.as_array()? {
                    match self.value(part, value, depth.saturating_add(1)) {
                        Some(true) => {}
                        Some(false) => return Some(false),
                        None => whole = None,
                    }
                }
                whole
            }
            "anyOf" => self.some_of(said, value, depth).map(|n| n > 0),
            "oneOf" => self.some_of(said, value, depth).map(|n| n == 1),
            "not" => {
                let before = self.refused.clone();
                let verdict = self.value(said, value, depth.saturating_add(1));
                self.refused = before;
                verdict.map(|held| !held)
            }
            _ => match value {
                Value::String(text) => of_text(keyword, said, text),
                Value::Number(number) => of_number(keyword, said, number.as_f64()?),
                Value::Array(items) => self.of_array(schema, keyword, said, items, depth),
                Value::Object(object) => self.of_object(schema, keyword, said, object, depth),
                _ => is_of_other_types(keyword),
            },
        }
    }

    /// How many forms a value has; `None` where that cannot be told of one of them.
    fn some_of(&mut self, forms: &'a Value, value: &Value, depth: usize) -> Option<usize> {
        let before = self.refused.clone();
        let mut found = 0_usize;
        for form in forms.as_array()? {
            let held = self.value(form, value, depth.saturating_add(1))?;
            found = found.saturating_add(usize::from(held));
        }
        self.refused = before;
        Some(found)
    }

    fn of_array(
        &mut self,
        schema: &'a Map<String, Value>,
        keyword: &str,
        said: &'a Value,
        items: &[Value],
        depth: usize,
    ) -> Option<bool> {
        let first = || schema.get("prefixItems").and_then(Value::as_array);
        match keyword {
            "minItems" => Some(items.len() as u64 >= said.as_u64()?),
            "maxItems" => Some(items.len() as u64 <= said.as_u64()?),
            "uniqueItems" => {
                // Objects with the same members are equal, in whatever order they stand (JSON Schema §4.2.2).
                let is_new = |(index, item): (usize, &Value)| {
                    !items.iter().take(index).any(|one| one == item)
                };
                Some(*said != Value::Bool(true) || items.iter().enumerate().all(is_new))
            }
            "prefixItems" => {
                let pairs = said.as_array()?.iter().zip(items).enumerate();
                let mut verdicts = Vec::new();
                for (index, (schema, item)) in pairs {
                    verdicts.push(self.below(&index.to_string(), schema, item, depth));
                }
                all(verdicts.into_iter())
            }
            "items" => {
                let skipped = first().map_or(0, Vec::len);
                let mut verdicts = Vec::new();
                for (index, item) in items.iter().enumerate().skip(skipped) {
                    verdicts.push(self.below(&index.to_string(), said, item, depth));
                }
                all(verdicts.into_iter())
            }
            _ => is_of_other_types(keyword),
        }
    }

    fn of_object(
        &mut self,
        schema: &'a Map<String, Value>,
        keyword: &str,
        said: &'a Value,
        object: &Map<String, Value>,
        depth: usize,
    ) -> Option<bool> {
        match keyword {
            "minProperties" => Some(object.len() as u64 >= said.as_u64()?),
            "maxProperties" => Some(object.len() as u64 <= said.as_u64()?),
            "required" => {
                let mut names = said.as_array()?.iter().filter_map(Value::as_str);
                Some(names.all(|name| object.contains_key(name)))
            }
            "properties" => {
                let known = said.as_object()?;
                let mut verdicts = Vec::new();
                for (name, value) in object {
                    if let Some(schema) = known.get(name) {
                        verdicts.push(self.below(name, schema, value, depth));
                    }
                }
                all(verdicts.into_iter())
            }
            "additionalProperties" => {
                let known = schema.get("properties").and_then(Value::as_object);
                let mut verdicts = Vec::new();
                for (name, value) in object {
                    if !known.is_some_and(|known| known.contains_key(name)) {
                        verdicts.push(self.below(name, said, value, depth));
                    }
                }
                all(verdicts.into_iter())
            }
            "propertyNames" => {
                let mut verdicts = Vec::new();
                for name in object.keys() {
                    let name = Value::from(name.as_str());
                    verdicts.push(self.value(said, &name, depth.saturating_add(1)));
                }
                all(verdicts.into_iter())
            }
            "dependentRequired" => {
                let mut groups = said.as_object()?.iter();
                Some(groups.all(|(name, needed)| {
                    let mut needed = needed.as_array().into_iter().flatten();
                    !object.contains_key(name)
                        || needed.all(|one| one.as_str().is_some_and(|n| object.contains_key(n)))
                }))
            }
            _ => is_of_other_types(keyword),
        }
    }
}

/// Keywords of types that the value has not; others are not known.
fn is_of_other_types(keyword: &str) -> Option<bool> {
    const KNOWN: [&str; 24] = [
        "minLength",
        "maxLength",
        "pattern",
        "format",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
        "items",
        "prefixItems",
        "minItems",
        "maxItems",
        "uniqueItems",
        "properties",
        "required",
        "additionalProperties",
        "propertyNames",
        "minProperties",
        "maxProperties",
        "dependentRequired",
        "dependentSchemas",
        "unevaluatedProperties",
        "patternProperties",
    ];
    const OF_OBJECTS: [&str; 3] = [
        "dependentSchemas",
        "unevaluatedProperties",
        "patternProperties",
    ];
    (KNOWN.contains(&keyword) && !OF_OBJECTS.contains(&keyword)).then_some(true)
}

fn is_of_type(said: &Value, value: &Value) -> Option<bool> {
    // A whole number in the form of a float: one with more digits than 64 bits hold, which are lost here.
    let is_whole = value
        .as_f64()
        .is_some_and(|number| value.is_f64() && number.fract() == 0.0);
    let is = |kind: &str| match kind {
        "string" => Some(value.is_string()),
        "integer" if is_whole => None,
        "integer" => Some(value.is_i64() || value.is_u64()),
        "number" => Some(value.is_number()),
        "boolean" => Some(value.is_boolean()),
        "array" => Some(value.is_array()),
        "object" => Some(value.is_object()),
        "null" => Some(value.is_null()),
        _ => Some(false),
    };
    match said {
        Value::String(kind) => is(kind),
        Value::Array(kinds) => {
            let verdicts: Vec<Option<bool>> =
                kinds.iter().filter_map(Value::as_str).map(is).collect();
            let unknown = || verdicts.contains(&None).then_some(None);
            let known = verdicts.contains(&Some(true)).then_some(Some(true));
            known.or_else(unknown).unwrap_or(Some(false))
        }
        _ => Some(false),
    }
}

fn of_text(keyword: &str, said: &Value, text: &str) -> Option<bool> {
    let length = text.chars().count() as u64;
    match keyword {
        "minLength" => Some(length >= said.as_u64()?),
        "maxLength" => Some(length <= said.as_u64()?),
        "pattern" => {
            let mut rule = RegexBuilder::new(said.as_str()?);
            let rule = rule.size_limit(LARGEST_PATTERN).build().ok()?;
            Some(rule.is_match(text))
        }
        "format" => has_format(said.as_str()?, text),
        _ => is_of_other_types(keyword),
    }
}

/// The formats that servers check: `Some(true)` for what everybody takes for one, `None` for what a server
/// takes and others may not.
fn has_format(format: &str, text: &str) -> Option<bool> {
    let is = |pattern: &str| Regex::new(pattern).is_ok_and(|shape| shape.is_match(text));
    let (usual, possible) = match format {
        "date" => (is_date(text), false),
        "date-time" => {
            let has_day = text.get(..10).is_some_and(is_date);
            let usual = r"^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$";
            let leap = r"^.{10}[Tt]\d\d:\d\d:(60|[0-5]\d)(\.\d+)?([Zz]|[+-]\d\d:\d\d)$";
            (has_day && is(usual), has_day && is(leap))
        }
        "uuid" => (
            is("^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"),
            false,
        ),
        // RFC 5322 §3.2.3: what an atom consists of.
        "email" => (
            is(
                r"^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@([A-Za-z0-9][A-Za-z0-9-]*\.)+[A-Za-z]{2,}$",
            ),
            is(r"^[^\s@.][^\s]*@[^\s@.-][^\s@]*$"),
        ),
        // With an authority, or without one: `urn:`, `mailto:`, `tel:` (RFC 3986 §3).
        "uri" => (
            is(
                r"^[A-Za-z][A-Za-z0-9+.-]*://[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,4})?([/?#][!-~]*)?$",
            ) || is(r"^(urn|mailto|tel|sms|news|data|tag|did|geo):[!-~]+$"),
            is(r"^[A-Za-z][A-Za-z0-9+.-]*:[^\s]+$"),
        ),
        _ => (true, true),
    };
    match (usual, possible) {
        (true, _) => Some(true),
        (false, true) => None,
        (false, false) => Some(false),
    }
}

/// RFC 3339 §5.6 `full-date`; no 29 February.
fn is_date(text: &str) -> bool {
    let pattern = r"^[0-9]{4}-((0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31)$";
    let year = || {
        text.strip_suffix("-02-29")?
            .parse::<u32>()
            .ok()
            .filter(|_| text.len() == 10)
    };
    let is_leap = |year: u32| {
        year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
    };
    Regex::new(pattern).is_ok_and(|shape| shape.is_match(text)) || year().is_some_and(is_leap)
}

fn of_number(keyword: &str, said: &Value, number: f64) -> Option<bool> {
    match keyword {
        "minimum" => Some(number >= said.as_f64()?),
        "maximum" => Some(number <= said.as_f64()?),
        "exclusiveMinimum" => Some(number > said.as_f64()?),
        "exclusiveMaximum" => Some(number < said.as_f64()?),
        "multipleOf" => {
            let step = said.as_f64()?;
            // Of fractions only decimal arithmetic tells.
            let is_plain = step.fract() == 0.0 && step > 0.0 && number.abs() < 1e15;
            is_plain.then(|| number % step == 0.0)
        }
        _ => is_of_other_types(keyword),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_accepted_refused_and_unknown() {
        let line = json!({"type": "object", "properties": {"n": {"type": "integer", "minimum": 1}},
            "required": ["n"], "additionalProperties": false});
        let schema = json!({"type": "object", "$defs": {"Line": line}, "properties": {
            "lines": {"type": "array", "items": {"$ref": "#/$defs/Line"}, "minItems": 1},
            "kind": {"enum": ["a", "b"]},
            "day": {"type": "string", "format": "date"},
            "code": {"type": "string", "pattern": "^[A-Z]{2}$"},
            "any": {"anyOf": [{"type": "string", "maxLength": 2}, {"type": "integer"}]},
            "step": {"type": "number", "multipleOf": 0.01},
            "look": {"type": "string", "pattern": "^(?!a)"},
            "odd": {"if": {}, "then": false},
        }});
        let refused = |place: &str| Verdict::Refused(place.to_owned());
        for (call, expected) in [
            (json!({}), Verdict::Fits),
            (
                json!({"lines": [{"n": 1}], "kind": "a", "day": "2026-02-28", "code": "DE", "any": 5}),
                Verdict::Fits,
            ),
            (json!({"lines": []}), refused("/lines")),
            (
                json!({"lines": [{"n": 1}, {"n": 0}]}),
                refused("/lines/1/n"),
            ),
            (json!({"lines": [{}]}), refused("/lines/0")),
            (json!({"lines": [{"n": 1, "x": 1}]}), refused("/lines/0/x")),
            (json!({"kind": "c"}), refused("/kind")),
            (json!({"day": "2026-02-30"}), refused("/day")),
            (json!({"code": "de"}), refused("/code")),
            (json!({"any": "long"}), refused("/any")),
            (json!({"any": "ok"}), Verdict::Fits),
            (json!({"any": 1e22}), Verdict::Unknown),
            (json!({"any": 1.5}), refused("/any")),
            (json!({"step": 0.05}), Verdict::Unknown),
            (json!({"look": "b"}), Verdict::Unknown),
            (json!({"odd": 1}), Verdict::Unknown),
            // What is known to be wrong is.
            (json!({"odd": 1, "kind": "c"}), refused("/kind")),
        ] {
            assert_eq!(check(&schema, &call), expected, "{call}");
        }
    }

    #[test]
    fn formats_are_no_wider_than_those_of_servers_and_what_is_doubtful_is_not_wrong() {
        for (format, text, fits) in [
            ("date", "2026-12-31", Some(true)),
            ("date", "2026-04-31", Some(false)),
            ("date", "2026-1-1", Some(false)),
            ("date-time", "2026-12-05T14:30:00Z", Some(true)),
            ("date-time", "2026-12-05T14:30:00+02:00", Some(true)),
            ("date-time", "2026-12-05 14:30", Some(false)),
            ("uuid", "3fa85f64-5717-4562-b3fc-2c963f66afa6", Some(true)),
            ("uuid", "7", Some(false)),
            ("email", "billing@acme.example", Some(true)),
            ("email", "a@b", None),
            ("email", "o'neil@acme.example", Some(true)),
            ("email", "\"a b\"@acme.example", Some(false)),
            ("email", "anna@müller.example", None),
            ("email", "anna", Some(false)),
            ("date-time", "2026-12-05t14:30:00z", None),
            (
                "uri",
                "urn:ietf:params:scim:schemas:core:2.0:User",
                Some(true),
            ),
            ("uri", "mailto:ann@acme.example", Some(true)),
            ("uri", "https://acme.example:8443?x=1", Some(true)),
            ("uri", "https://acme.example/ü", None),
            ("uri", "/relative", Some(false)),
            ("uri", "https://acme.example/a?b=c", Some(true)),
            ("uri", "acme.example", Some(false)),
            ("currency", "anything", Some(true)),
        ] {
            assert_eq!(has_format(format, text), fits, "{format} {text}");
        }
    }

    #[test]
    fn a_schema_that_leads_to_itself_has_an_end() {
        let schema = json!({"allOf": [{"$ref": "#"}, {"$ref": "#"}]});
        assert_eq!(check(&schema, &json!({})), Verdict::Unknown);
    }
}
