//! What fields of a parameter or header say together (OpenAPI 3.2 §4.12, §4.21).

use serde_json::Value;

use super::super::swagger2::{plain_style, split};
use super::Object;
use crate::diagnostics::{Code, Diagnostic, Sink, Site};
use crate::text;

/// A parameter: its schema stands in `schema`, or in `content`, and not in both.
pub(super) fn check(parameter: &mut Object, site: &Site<'_>, sink: &mut Sink) {
    either(parameter, "the parameter", site, sink);
    outside(parameter, site, sink);
}

/// The same for a header.
pub(super) fn check_header(header: &mut Object, site: &Site<'_>, sink: &mut Sink) {
    either(header, "the header", site, sink);
    outside(header, site, sink);
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
