//! What fields of a parameter or header say together (OpenAPI 3.2 §4.12, §4.21).

use serde_json::{Value, json};

use super::super::swagger2::{plain_style, split};
use super::Object;
use crate::diagnostics::{Code, Diagnostic, Sink, Site, json_path, remedy};
use crate::text;

/// Where parameters are (OpenAPI 3.2 §4.12.1).
const PLACES: [&str; 5] = ["path", "query", "querystring", "header", "cookie"];

/// A parameter: its schema stands in `schema`, or in `content`, and not in both.
pub(super) fn check(parameter: &mut Object, site: &Site<'_>, sink: &mut Sink) {
    place(parameter, site, sink);
    either(parameter, "the parameter", site, sink);
    outside(parameter, site, sink);
}

/// The same for a header.
pub(super) fn check_header(header: &mut Object, site: &Site<'_>, sink: &mut Sink) {
    either(header, "the header", site, sink);
    outside(header, site, sink);
}

/// `in: Query` and `in: qurey` are the place that they are nearest to.
fn place(parameter: &mut Object, site: &Site<'_>, sink: &mut Sink) {
    let Some(Value::String(written)) = parameter.get_mut("in") else {
        return;
    };
    let Some(meant) = nearest(written) else {
        return;
    };
    let message = format!("`in: {}` is read as `in: {meant}`", text::line(written, 40));
    let at = site.member("in").pointer();
    let remedy = remedy::update(&json_path(&site.pointer()), &json!({ "in": meant }));
    let finding = Diagnostic::new(Code::E0230, message).at(&at);
    sink.push(finding.help(format!("write `in: {meant}`")).overlay(remedy));
    meant.clone_into(written);
}

/// The place that is meant by one that is none.
fn nearest(written: &str) -> Option<&'static str> {
    if PLACES.contains(&written) || written.len() > 20 {
        return None;
    }
    let plain = written
        .trim()
        .to_ascii_lowercase()
        .replace(['_', '-', ' '], "");
    let distance = |place: &&str| strsim::damerau_levenshtein(&plain, place);
    let near = PLACES.into_iter().min_by_key(distance)?;
    (distance(&near) <= near.len() / 4).then_some(near)
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

/// `type` and its like beside `name` and `in`, as Swagger 2.0 has them.
fn outside(parameter: &mut Object, site: &Site<'_>, sink: &mut Sink) {
    if parameter.contains_key("schema") || parameter.contains_key("content") {
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
