//! What fields of a parameter or header say together (OpenAPI 3.2 §4.12, §4.21).

use serde_json::{Value, json};

use super::super::swagger2::{plain_style, split};
use super::Object;
use crate::diagnostics::{Code, Diagnostic, Pointer, Sink, Site, json_path, remedy};
use crate::similar::misspelt;
use crate::text;

/// Where parameters are (OpenAPI 3.2 §4.12.1).
const PLACES: [&str; 5] = ["path", "query", "querystring", "header", "cookie"];

/// Keywords of schemas that are no fields of parameters or headers.
const KEYWORDS: [&str; 19] = [
    "type",
    "format",
    "items",
    "enum",
    "default",
    "nullable",
    "pattern",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minItems",
    "maxItems",
    "uniqueItems",
    "properties",
    "additionalProperties",
];

/// A parameter: its schema stands in `schema`, or in `content`, and not in both.
pub(super) fn check(parameter: &mut Object, site: &Site<'_>, sink: &mut Sink) {
    sink.extend(misspelt_place(parameter, &site.pointer(), &PLACES));
    either(parameter, "the parameter", site, sink);
    one_media_type(parameter, "the parameter", site, sink);
    outside(parameter, site, sink);
}

/// The same for a header.
pub(super) fn check_header(header: &mut Object, site: &Site<'_>, sink: &mut Sink) {
    either(header, "the header", site, sink);
    one_media_type(header, "the header", site, sink);
    outside(header, site, sink);
}

/// `in: Query` and `in: qurey` are the place that they are nearest to.
pub(in super::super) fn misspelt_place(
    parameter: &mut Object,
    at: &Pointer,
    places: &[&'static str],
) -> Option<Diagnostic> {
    let Some(Value::String(written)) = parameter.get_mut("in") else {
        return None;
    };
    let meant = place_meant(written, places)?;
    let message = format!("`in: {}` is read as `in: {meant}`", text::line(written, 40));
    meant.clone_into(written);
    let remedy = remedy::update(&json_path(at), &json!({ "in": meant }));
    let finding = Diagnostic::new(Code::E0230, message).at(&at.child("in"));
    Some(finding.help(format!("write `in: {meant}`")).overlay(remedy))
}

/// The place that is meant by one that is none.
pub(in super::super) fn place_meant(
    written: &str,
    places: &[&'static str],
) -> Option<&'static str> {
    if places.contains(&written) {
        return None;
    }
    misspelt(written, places.iter().copied(), 3)
}

/// `schema` beside `content`: one of them has to count.
fn either(parameter: &mut Object, what: &str, site: &Site<'_>, sink: &mut Sink) {
    let content = parameter.get("content").and_then(Value::as_object);
    let Some(content) = content.filter(|_| parameter.contains_key("schema")) else {
        return;
    };
    let (kept, gone) = if content.is_empty() {
        ("schema", "content")
    } else {
        ("content", "schema")
    };
    let name = parameter.get("name").and_then(Value::as_str);
    let name = name.map(|name| format!(" `{}`", text::line(name, 60)));
    let message = format!(
        "{what}{} has both `schema` and `content`; `{kept}` counts",
        name.unwrap_or_default()
    );
    sink.push(
        Diagnostic::new(Code::E0213, message)
            .at_key(&site.member(gone).pointer())
            .help(format!("remove `{gone}`, or `{kept}` if that one is meant")),
    );
    parameter.shift_remove(gone);
}

/// A parameter or header has one media type.
fn one_media_type(parameter: &Object, what: &str, site: &Site<'_>, sink: &mut Sink) {
    let content = parameter.get("content").and_then(Value::as_object);
    let mut types = content.into_iter().flat_map(Object::keys);
    let (Some(first), Some(second)) = (types.next(), types.next()) else {
        return;
    };
    let name = parameter.get("name").and_then(Value::as_str);
    let name = name.map(|name| format!(" `{}`", text::line(name, 60)));
    let message = format!(
        "{what}{} has several media types; `{}` counts",
        name.unwrap_or_default(),
        text::line(first, 60)
    );
    sink.push(
        Diagnostic::new(Code::E0228, message)
            .at_key(&site.member("content").member(second).pointer())
            .help("keep the one that the service reads"),
    );
}

/// `type` and its like beside `name` and `in`, as Swagger 2.0 has them.
fn outside(parameter: &mut Object, site: &Site<'_>, sink: &mut Sink) {
    if parameter.contains_key("schema") {
        return beside(parameter, site, sink);
    }
    if parameter.contains_key("content") {
        return;
    }
    let says_type = ["type", "items", "enum", "format"]
        .iter()
        .any(|key| parameter.contains_key(*key));
    if !says_type {
        return;
    }
    let (mut new, schema) = split(parameter);
    let first = schema.keys().next().cloned().unwrap_or_default();
    let location = parameter.get("in").and_then(Value::as_str);
    if schema.get("type").is_some_and(|kind| kind == "array")
        && let Some(format) = parameter.get("collectionFormat").and_then(Value::as_str)
        && let Some((style, explode)) = plain_style(format, location.unwrap_or_default())
    {
        new.insert("style".to_owned(), style.into());
        new.insert("explode".to_owned(), explode.into());
    }
    let message =
        format!("`{first}` of a parameter stands outside its `schema`; read as a part of it");
    sink.push(
        Diagnostic::new(Code::E0214, message)
            .at_key(&site.member(&first).pointer())
            .note("Swagger 2.0 has it so; OpenAPI 3 has `schema`")
            .help(format!("write `schema: {{ {first}: … }}`")),
    );
    new.insert("schema".to_owned(), Value::Object(schema));
    *parameter = new;
}

/// Keywords beside the schema that they belong into. What the schema says itself counts.
fn beside(parameter: &mut Object, site: &Site<'_>, sink: &mut Sink) {
    let outside: Vec<&str> = KEYWORDS
        .into_iter()
        .filter(|key| parameter.contains_key(*key))
        .collect();
    for key in outside {
        let Some(value) = parameter.shift_remove(key) else {
            continue;
        };
        let Some(Value::Object(schema)) = parameter.get_mut("schema") else {
            return;
        };
        let becomes = match schema.get(key) {
            Some(own) if *own == value => continue,
            Some(_) => format!("ignored, since `schema` has a `{key}` too"),
            None => {
                schema.insert(key.to_owned(), value);
                "read as a part of it".to_owned()
            }
        };
        let message = format!("`{key}` of a parameter stands outside its `schema`; {becomes}");
        sink.push(
            Diagnostic::new(Code::E0214, message)
                .at_key(&site.member(key).pointer())
                .help(format!("move `{key}` into `schema`")),
        );
    }
}
