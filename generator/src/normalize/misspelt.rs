//! Fields whose names are nearly those of the standard (OpenAPI 3.2 §4, JSON Schema 2020-12). Unknown
//! names are allowed in schemas, and seen in every other object; only one that is near a known one and
//! whose value could be the known one's is said.

use serde_json::{Map, Value, json};

use crate::diagnostics::{Code, Diagnostic, Sink, Site, json_path, remedy};
use crate::text;

/// What the value of a field looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Looks {
    Text,
    Flag,
    Number,
    List,
    Object,
    /// An object or a list.
    Several,
    /// A schema: an object or a boolean.
    Schema,
    /// A name or a list of names, or a flag that belongs to another place.
    Names,
    /// A list of texts.
    Texts,
    Anything,
    /// The name of the field is known, and no other is taken for it.
    Unlikely,
}

impl Looks {
    fn fits(self, value: &Value) -> bool {
        match self {
            Self::Text => value.is_string(),
            Self::Flag => {
                value.is_boolean()
                    || value
                        .as_str()
                        .is_some_and(|t| matches!(t, "true" | "false"))
            }
            Self::Number => value.is_number(),
            Self::List => value.is_array(),
            Self::Object => value.is_object(),
            Self::Several => value.is_object() || value.is_array(),
            Self::Schema => value.is_object() || value.is_boolean(),
            Self::Names => value.is_string() || value.is_array() || value.is_boolean(),
            Self::Texts => value.is_string() || value.is_array(),
            Self::Anything => !value.is_null(),
            Self::Unlikely => false,
        }
    }

    /// The value as the field has it, for a remedy; `None` where that is not plain.
    fn mended(self, value: &Value) -> Option<Value> {
        match (self, value) {
            (Self::Flag, Value::String(text)) => Some(json!(text == "true")),
            (Self::Texts, Value::String(_)) => Some(json!([value])),
            (Self::Names, Value::Bool(_)) | (Self::Several, Value::Object(_)) => None,
            _ => Some(value.clone()),
        }
    }
}

/// The field that a name is meant to be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Meant {
    name: &'static str,
    looks: Looks,
}

/// What a misspelt field is a member of.
#[derive(Clone, Copy)]
pub(super) struct Owner<'o> {
    pub(super) name: &'o str,
    /// Whether it may have members that the standard does not know.
    pub(super) is_open: bool,
}

/// A longer name is none that somebody mistyped.
const LONGEST: usize = 40;
/// Texts that a remedy repeats are at most as long, in bytes of JSON.
const REPEATED: usize = 400;

/// The field that a name is meant to be, if it is near one whose value could be this one.
pub(super) fn meant(
    key: &str,
    value: &Value,
    known: impl Iterator<Item = (&'static str, Looks)>,
) -> Option<Meant> {
    if key.len() > LONGEST || key.starts_with("x-") || key.starts_with("X-") {
        return None;
    }
    let written = plain(key);
    let is_word = key.starts_with(|c: char| c.is_ascii_alphabetic());
    let mut best: Option<(usize, Meant)> = None;
    for (name, looks) in known {
        if !looks.fits(value) {
            continue;
        }
        let meant = plain(name);
        let distance = if written == meant {
            0
        } else if is_word && is_number_of(&written, &meant) {
            1
        } else if is_word && !name.starts_with('$') {
            let most = match written.len().min(meant.len()) {
                0..=3 => continue,
                4..=6 => 1,
                _ => 2,
            };
            if written.len().abs_diff(meant.len()) > most {
                continue;
            }
            match strsim::damerau_levenshtein(&written, &meant) {
                distance if distance <= most => distance,
                _ => continue,
            }
        } else {
            continue;
        };
        if best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, Meant { name, looks }));
        }
    }
    best.map(|(_, meant)| meant)
}

/// A name without case and separators: `request_body` and `RequestBody` are `requestbody`.
fn plain(name: &str) -> String {
    let letters = name.chars().filter(|c| !matches!(c, '_' | '-' | ' ' | '$'));
    letters.map(|c| c.to_ascii_lowercase()).collect()
}

/// Whether one is the plural of the other.
fn is_number_of(one: &str, other: &str) -> bool {
    let plural = |one: &str, other: &str| {
        one.len() >= 3
            && (other.strip_suffix('s') == Some(one)
                || one
                    .strip_suffix('y')
                    .is_some_and(|stem| other.strip_suffix("ies") == Some(stem)))
    };
    plural(one, other) || plural(other, one)
}

/// Says that a member is meant to be another one.
pub(super) fn finding(
    members: &Map<String, Value>,
    (key, meant): (&str, Meant),
    owner: Owner<'_>,
    site: &Site<'_>,
) -> Option<Diagnostic> {
    let Meant { name, looks } = meant;
    let is_there = members.contains_key(name);
    // Where other names are allowed, one beside the right one is likely on purpose, unless only its
    // letters differ in case.
    if is_there && owner.is_open && !key.eq_ignore_ascii_case(name) {
        return None;
    }
    // White space is what is wrong with some.
    let shown = text::cut(&text::visible(key).replace('\n', " "), 60);
    let at = site.member(key).pointer();
    let message = format!("`{shown}` is no field of {}; ignored", owner.name);
    let finding = Diagnostic::new(Code::E0220, message).at_key(&at).help(
        match (is_there, key.trim() == name) {
            (true, _) => format!("`{name}` is there too: move what is meant into it"),
            (false, true) => format!("write `{name}` without white space around it"),
            (false, false) => format!("did you mean `{name}`?"),
        },
    );
    let value = members.get(key)?;
    let mended = looks
        .mended(value)
        .filter(|value| !is_there && value.to_string().len() <= REPEATED);
    Some(match mended {
        Some(value) => finding.overlay(format!(
            "{}\n{}",
            remedy::update(&json_path(&site.pointer()), &json!({ name: value })),
            remedy::remove(&json_path(&at))
        )),
        None => finding,
    })
}

/// Keywords of schemas, in order, with what their values look like. Those that a tool loses nothing
/// without are not taken for what somebody meant.
const SCHEMA: [(&str, Looks); 66] = [
    ("$anchor", Looks::Unlikely),
    ("$comment", Looks::Unlikely),
    ("$defs", Looks::Object),
    ("$dynamicAnchor", Looks::Unlikely),
    ("$dynamicRef", Looks::Unlikely),
    ("$id", Looks::Unlikely),
    ("$ref", Looks::Text),
    ("$schema", Looks::Unlikely),
    ("$vocabulary", Looks::Unlikely),
    ("additionalItems", Looks::Unlikely),
    ("additionalProperties", Looks::Schema),
    ("allOf", Looks::List),
    ("anyOf", Looks::List),
    ("const", Looks::Anything),
    ("contains", Looks::Unlikely),
    ("contentEncoding", Looks::Text),
    ("contentMediaType", Looks::Text),
    ("contentSchema", Looks::Unlikely),
    ("default", Looks::Anything),
    ("definitions", Looks::Unlikely),
    ("dependencies", Looks::Unlikely),
    ("dependentRequired", Looks::Object),
    ("dependentSchemas", Looks::Object),
    ("deprecated", Looks::Flag),
    ("description", Looks::Text),
    ("discriminator", Looks::Object),
    ("else", Looks::Unlikely),
    ("enum", Looks::List),
    ("example", Looks::Unlikely),
    ("examples", Looks::Unlikely),
    ("exclusiveMaximum", Looks::Number),
    ("exclusiveMinimum", Looks::Number),
    ("externalDocs", Looks::Unlikely),
    ("format", Looks::Text),
    ("id", Looks::Unlikely),
    ("if", Looks::Unlikely),
    ("items", Looks::Schema),
    ("maxContains", Looks::Unlikely),
    ("maxItems", Looks::Number),
    ("maxLength", Looks::Number),
    ("maxProperties", Looks::Number),
    ("maximum", Looks::Number),
    ("minContains", Looks::Unlikely),
    ("minItems", Looks::Number),
    ("minLength", Looks::Number),
    ("minProperties", Looks::Number),
    ("minimum", Looks::Number),
    ("multipleOf", Looks::Number),
    ("not", Looks::Unlikely),
    ("nullable", Looks::Flag),
    ("oneOf", Looks::List),
    ("pattern", Looks::Text),
    ("patternProperties", Looks::Object),
    ("prefixItems", Looks::List),
    ("properties", Looks::Object),
    ("propertyNames", Looks::Schema),
    ("readOnly", Looks::Flag),
    ("required", Looks::Names),
    ("then", Looks::Unlikely),
    ("title", Looks::Unlikely),
    ("type", Looks::Names),
    ("unevaluatedItems", Looks::Unlikely),
    ("unevaluatedProperties", Looks::Unlikely),
    ("uniqueItems", Looks::Flag),
    ("writeOnly", Looks::Flag),
    ("xml", Looks::Object),
];

/// Looks at the keywords of a schema.
pub(super) fn schema(schema: &Map<String, Value>, site: &Site<'_>, sink: &mut Sink) {
    let owner = Owner {
        name: "a schema",
        is_open: true,
    };
    for (key, value) in schema {
        let is_known = SCHEMA
            .binary_search_by(|(name, _)| (*name).cmp(key))
            .is_ok();
        if is_known {
            continue;
        }
        if let Some(meant) = meant(key, value, SCHEMA.iter().copied()) {
            sink.extend(finding(schema, (key, meant), owner, site));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_are_in_order() {
        assert!(SCHEMA.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }

    #[test]
    fn a_name_that_is_near_a_keyword_and_holds_what_it_could_is_said() {
        for (key, value, expected) in [
            ("requried", json!(["a"]), Some("required")),
            ("requried", json!(true), Some("required")),
            ("property", json!({"a": {}}), Some("properties")),
            ("Properties", json!({}), Some("properties")),
            ("proprties", json!({}), Some("properties")),
            ("readonly", json!(true), Some("readOnly")),
            ("read_only", json!(true), Some("readOnly")),
            ("ref", json!("#/components/schemas/A"), Some("$ref")),
            ("Type", json!("string"), Some("type")),
            ("types", json!(["string"]), Some("type")),
            ("minLenght", json!(3), Some("minLength")),
            ("min_length", json!(3), Some("minLength")),
            ("oneof", json!([]), Some("oneOf")),
            ("item", json!({}), Some("items")),
            ("enums", json!([1]), Some("enum")),
            // A value that it could not have.
            ("property", json!("name"), None),
            ("items_", json!("x"), None),
            ("ref", json!(5), None),
            ("requried", json!(null), None),
            // Nothing is lost without them, or they are something else.
            ("exmaple", json!("x"), None),
            ("x-type", json!("string"), None),
            ("X-Type", json!("string"), None),
            ("defs", json!([]), None),
            ("optional", json!(true), None),
            ("value", json!(1), None),
            ("min", json!(1), None),
            ("schema", json!("x"), None),
            ("_type", json!(1), None),
            ("enumNames", json!(["a"]), None),
        ] {
            let members = json!({ key: value });
            let mut sink = Sink::new();
            schema(members.as_object().unwrap(), &Site::ROOT, &mut sink);
            let found: Vec<_> = sink
                .into_vec()
                .into_iter()
                .map(|f| f.help.unwrap())
                .collect();
            let expected: Vec<_> = expected
                .into_iter()
                .map(|name| format!("did you mean `{name}`?"))
                .collect();
            assert_eq!(found, expected, "{key}: {value}");
        }
    }

    #[test]
    fn a_remedy_has_the_value_as_the_field_has_it() {
        for (looks, value, expected) in [
            (Looks::Texts, json!("a"), Some(json!(["a"]))),
            (Looks::Texts, json!(["a"]), Some(json!(["a"]))),
            (Looks::Flag, json!("true"), Some(json!(true))),
            (Looks::Flag, json!(false), Some(json!(false))),
            (Looks::Names, json!("string"), Some(json!("string"))),
            (Looks::Names, json!(true), None),
            (Looks::Several, json!({"a": {}}), None),
            (Looks::Several, json!([]), Some(json!([]))),
        ] {
            assert_eq!(looks.mended(&value), expected, "{looks:?}: {value}");
        }
    }

    #[test]
    fn white_space_is_shown_as_it_stands() {
        let members = json!({"get ": {}});
        let meant = Meant {
            name: "get",
            looks: Looks::Object,
        };
        let owner = Owner {
            name: "a path",
            is_open: false,
        };
        let found = finding(
            members.as_object().unwrap(),
            ("get ", meant),
            owner,
            &Site::ROOT,
        );
        let found = found.unwrap();
        assert_eq!(found.message, "`get ` is no field of a path; ignored");
        assert_eq!(
            found.help.as_deref(),
            Some("write `get` without white space around it")
        );
    }

    #[test]
    fn beside_the_right_name_only_another_case_is_said() {
        for (key, count) in [("Properties", 1), ("property", 0)] {
            let members = json!({ key: {}, "properties": {} });
            let mut sink = Sink::new();
            schema(members.as_object().unwrap(), &Site::ROOT, &mut sink);
            assert_eq!(sink.len(), count, "{key}");
        }
    }
}
