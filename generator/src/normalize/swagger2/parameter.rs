//! Parameters, headers and fields of forms (2.0, Parameter Object, Header Object, Items Object).

use serde_json::{Value, json};

use super::{Object, Place, Upgrade};
use crate::diagnostics::{Code, Diagnostic, Pointer};

/// The members of a parameter that belong to its schema. `$ref` stays where it is.
const SCHEMA: [&str; 19] = [
    "type",
    "format",
    "items",
    "default",
    "maximum",
    "exclusiveMaximum",
    "minimum",
    "exclusiveMinimum",
    "maxLength",
    "minLength",
    "pattern",
    "maxItems",
    "minItems",
    "uniqueItems",
    "enum",
    "multipleOf",
    "x-nullable",
    "properties",
    "additionalProperties",
];

/// How the elements of an array are written: style and explode.
pub(super) type Style = (Option<&'static str>, bool);

/// Whether a parameter is a part of the body.
pub(super) fn is_body(parameter: &Value) -> bool {
    matches!(
        parameter.get("in").and_then(Value::as_str),
        Some("body" | "formData")
    )
}

impl Upgrade<'_> {
    /// A parameter that is not a part of the body.
    pub(super) fn parameter(&mut self, old: &Value, place: &Place) -> Value {
        let Value::Object(members) = old else {
            return old.clone();
        };
        if members.contains_key("$ref") {
            return old.clone();
        }
        let (mut new, schema) = split(members);
        let location = members
            .get("in")
            .and_then(Value::as_str)
            .unwrap_or_default();
        // A list that is written as in OpenAPI 3 has the style of OpenAPI 3.
        let is_newer = |key: &&str| new.contains_key(*key);
        let is_newer = ["schema", "style", "explode"].iter().any(is_newer);
        let type_of = |schema: &Value| schema.get("type").is_some_and(|kind| kind == "array");
        let is_list = schema.get("type").is_some_and(|kind| kind == "array")
            || new.get("schema").is_some_and(type_of);
        if is_list
            && (!is_newer || members.contains_key("collectionFormat"))
            && let Some((style, explode)) = self.style(members, location, &place.before)
        {
            new.extend(style.map(|style| ("style".to_owned(), style.into())));
            new.insert("explode".into(), explode.into());
        }
        self.inner_lists(members, &place.before);
        self.set_schema(&mut new, schema, place);
        Value::Object(new)
    }

    /// Says that lists in lists are not written as 2.0 has it: OpenAPI 3 has one style for the whole value.
    pub(super) fn inner_lists(&mut self, members: &Object, at: &Pointer) {
        let is_list = |value: &Value| value.get("type").is_some_and(|kind| kind == "array");
        if let Some(items) = members.get("items").filter(|items| is_list(items)) {
            let format = items.get("collectionFormat").and_then(Value::as_str);
            let at = at.child("items");
            let at = match format {
                Some(_) => at.child("collectionFormat"),
                None => at,
            };
            self.found.push(
                Diagnostic::new(
                    Code::E0350,
                    format!(
                        "the collectionFormat `{}` of lists in a list has no form in OpenAPI 3",
                        crate::text::line(format.unwrap_or("csv"), 40)
                    ),
                )
                .at(&at)
                .note("each inner list is sent as JSON")
                .help("describe the inner lists as strings in which the caller writes them"),
            );
        }
    }

    /// A header of a response.
    pub(super) fn header(&mut self, old: &Value, place: &Place) -> Value {
        let Value::Object(members) = old else {
            return old.clone();
        };
        self.note(place);
        let (mut new, schema) = split(members);
        self.set_schema(&mut new, schema, place);
        Value::Object(new)
    }

    fn set_schema(&mut self, new: &mut Object, schema: Object, place: &Place) {
        if new.contains_key("$ref") {
            return;
        }
        // What stands beside a schema is looked at with the other fields.
        if new.contains_key("schema") || new.contains_key("content") {
            new.extend(schema);
            return;
        }
        new.insert("schema".into(), schema.into());
        self.note(&Place {
            now: place.now.child("schema"),
            before: place.before.clone(),
        });
    }

    /// What a `collectionFormat` is in terms of styles (OpenAPI 3.2 §4.12.2); `None` where the usual
    /// style is meant.
    pub(super) fn style(
        &mut self,
        members: &Object,
        location: &str,
        at: &Pointer,
    ) -> Option<Style> {
        let format = members
            .get("collectionFormat")
            .and_then(Value::as_str)
            .unwrap_or("csv");
        let in_list = matches!(location, "query" | "formData");
        if let Some((style, explode)) = plain_style(format, location) {
            return Some((Some(style), explode));
        }
        match (format, in_list) {
            ("csv", _) => None,
            (other, _) => {
                let known = matches!(other, "multi" | "ssv" | "pipes" | "tsv");
                let reason = if known && !in_list {
                    format!("has no form in {}", crate::text::line(location, 20))
                } else if known {
                    "has no form in OpenAPI 3".to_owned()
                } else {
                    "is not known".to_owned()
                };
                self.found.push(
                    Diagnostic::new(
                        Code::E0350,
                        format!(
                            "the collectionFormat `{}` {reason}",
                            crate::text::line(other, 40)
                        ),
                    )
                    .at(&at.child("collectionFormat"))
                    .note("elements are sent with commas between them")
                    .help(if in_list {
                        "use csv, ssv, pipes or multi"
                    } else {
                        "use csv; only lists in a query or form are separated in other ways"
                    }),
                );
                in_list.then_some((Some("form"), false))
            }
        }
    }
}

/// The style and explode of a `collectionFormat` that says the same in OpenAPI 3.
pub(in super::super) fn plain_style(format: &str, location: &str) -> Option<(&'static str, bool)> {
    if !matches!(location, "query" | "formData") {
        return None;
    }
    Some(match format {
        "csv" => ("form", false),
        "multi" => ("form", true),
        "ssv" => ("spaceDelimited", false),
        "pipes" => ("pipeDelimited", false),
        _ => return None,
    })
}

/// The members of a parameter that stay with it, and those of its schema.
pub(in super::super) fn split(members: &Object) -> (Object, Object) {
    let (mut new, mut schema) = (Object::new(), Object::new());
    for (key, value) in members {
        if SCHEMA.contains(&key.as_str()) {
            let mut value = value.clone();
            if key == "items" {
                without_formats(&mut value);
            }
            schema.insert(key.clone(), value);
        } else {
            match key.as_str() {
                "collectionFormat" => {}
                "x-example" => {
                    new.insert("example".into(), value.clone());
                }
                "x-examples" => {
                    let first = value.as_object().and_then(|all| all.values().next());
                    new.extend(first.map(|first| ("example".to_owned(), first.clone())));
                }
                _ => {
                    new.insert(key.clone(), value.clone());
                }
            }
        }
    }
    let has_schema = ["schema", "content"]
        .iter()
        .any(|key| members.contains_key(*key));
    if schema.is_empty() && !has_schema {
        schema.insert("type".into(), json!("string"));
    }
    (new, schema)
}

/// Lists in lists have no style in OpenAPI 3; [`Upgrade::inner_lists`] says so.
fn without_formats(items: &mut Value) {
    if let Value::Object(members) = items {
        members.remove("collectionFormat");
        if let Some(inner) = members.get_mut("items") {
            without_formats(inner);
        }
    }
}
