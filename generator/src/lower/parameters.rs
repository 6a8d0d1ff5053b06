//! Parameters (OpenAPI 3.2 §4.12): those of the path item and of the operation, merged by name and
//! place.

use std::collections::HashSet;

use super::media::{self, Family};
use super::nested::{self, Asked};
use super::parts::{asked_as_text, is_structured};

use super::path_query::{self, Merged};
use super::placeholders;
use super::schema::{Shape, Shapes};

use crate::diagnostics::{Code, Diagnostic, Severity, Sink};
use crate::http::{is_reserved_header, is_token};
use crate::ir::{BodyField, Part};
use crate::model::{Node, RawOperation};
use crate::names::Place;
use crate::text;

/// A parameter, read but not yet an argument.
#[derive(Debug, Clone)]
pub struct RawParameter<'a> {
    /// Wire name.
    pub name: String,
    /// `in`.
    pub location: &'static str,
    /// Style, or `json` for `content`.
    pub style: &'static str,
    /// `explode`.
    pub explode: bool,
    /// `allowReserved`.
    pub allow_reserved: bool,
    /// `required`.
    pub required: bool,
    /// Its description.
    pub description: Option<&'a str>,
    /// Its example.
    pub node: Node<'a>,
    /// Its entry in the list of parameters, which may be a reference to it.
    pub entry: Node<'a>,
    /// Its schema; `None` means any value (a string, for all that is known).
    pub schema: Option<Node<'a>>,
    /// The value that is always sent, where the path says it.
    pub fixed: Option<String>,
    /// The media type of a value that the caller writes.
    pub text_of: Option<String>,
    /// Of a query string that is a form: its members that are not sent plainly.
    pub fields: Vec<BodyField>,
    /// Schemas within it in whose place something else is asked for.
    pub nested: Asked,
}

impl RawParameter<'_> {
    /// Where it is sent, for naming.
    pub fn place(&self) -> Place {
        match self.location {
            "path" => Place::Path,
            "header" => Place::Header,
            "cookie" => Place::Cookie,
            _ => Place::Query,
        }
    }
}

/// Header parameters among them without which, where they are required, nothing can be called: the
/// standard does not say that they shall be ignored.
const NEEDED_HEADERS: [&str; 6] = [
    "cookie",
    "x-http-method",
    "x-http-method-override",
    "x-method-override",
    "x-original-url",
    "x-rewrite-url",
];

fn is_needed(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    NEEDED_HEADERS.contains(&name.as_str())
}

/// The method that a header puts in place of the operation's, if the document leaves no choice and it is
/// the operation's own or one that changes nothing (RFC 9110 §9.2.1).
fn harmless_override<'a>(
    name: &str,
    schema: Option<&Node<'a>>,
    method: &str,
    shapes: &Shapes<'a>,
) -> Option<String> {
    if !name.to_ascii_lowercase().contains("method") {
        return None;
    }
    let value = shapes.of(schema?).only_value()?;
    (value == method || matches!(value.as_str(), "GET" | "HEAD")).then_some(value)
}

/// Why a header parameter is ignored.
fn why_ignored(name: &str) -> &'static str {
    match name.to_ascii_lowercase().as_str() {
        "accept" | "content-type" => {
            "OpenAPI 3.2 §4.12.1: it comes from the media types of the body and the answers"
        }
        "x-http-method"
        | "x-http-method-override"
        | "x-method-override"
        | "x-original-url"
        | "x-rewrite-url" => "it would put another method or path in place of the operation's",
        "cookie" | "cookie2" | "set-cookie" => "cookies are parameters of their own, `in: cookie`",
        _ => "only the transport between client and service may set it",
    }
}

/// All parameters of an operation in document order, path item first.
///
/// # Errors
/// When the operation cannot be called with what it declares: the reason, after a diagnostic.
pub fn read<'a>(
    raw: &RawOperation<'a>,
    segments: &[Vec<Part>],
    shapes: &Shapes<'a>,
    sink: &mut Sink,
) -> Result<Vec<RawParameter<'a>>, String> {
    let resolver = shapes.resolver();
    let mut merged = Merged::new();
    for owner in raw.path_items.iter().chain([&raw.node]) {
        let mut own: HashSet<(String, &'static str)> = HashSet::new();
        if let Some(list) = owner.get("parameters")
            && !(list.value.is_array() || list.value.is_null())
        {
            let reason = "its `parameters` are not a list";
            let message = format!("{} is left out: {reason}", raw.label());
            sink.push(
                Diagnostic::new(Code::E0405, message)
                    .at(&list.pointer)
                    .help("write a list of parameters, or remove the field"),
            );
            return Err(reason.to_owned());
        }
        for entry in owner.list("parameters") {
            let node = match resolver.follow(entry.clone()) {
                Ok(node) => node,
                Err(error) => {
                    let diagnostic = error.diagnostic(resolver);
                    let reason = diagnostic.message.clone();
                    sink.push(diagnostic);
                    return Err(format!("a parameter cannot be read: {reason}"));
                }
            };
            if let Some(target) = entry.reference()
                && node.get("name").is_none()
                && node.get("in").is_none()
            {
                let finding = wrong_kind(&entry, target, "a parameter");
                let reason = format!("a parameter cannot be read: {}", finding.message);
                sink.push(finding);
                return Err(reason);
            }
            let Some(parameter) = one(&node, entry, raw, shapes, sink)? else {
                continue;
            };
            // Names of headers have no case (RFC 9110 §5.1).
            let name = if parameter.location == "header" {
                parameter.name.to_ascii_lowercase()
            } else {
                parameter.name.clone()
            };
            let key = (name, parameter.location);
            if !own.insert(key.clone()) {
                sink.push(
                    Diagnostic::new(
                        Code::E0408,
                        format!(
                            "the {} parameter `{}` is declared twice",
                            key.1,
                            text::line(&key.0, 60)
                        ),
                    )
                    .at(&node.pointer)
                    .help("keep one of them; the last one counts"),
                );
            }
            // What the operation says overrides the path item, in the place of the path item's.
            merged.insert(key, parameter);
        }
    }
    path_query::take(raw, &mut merged, sink)?;
    one_query_string(&merged, sink);
    placeholders::check(raw, segments, &mut merged, sink)?;
    Ok(merged.into_values().collect())
}

/// A reference that leads to something else than stands in its place.
pub(super) fn wrong_kind(entry: &Node<'_>, target: &str, what: &str) -> Diagnostic {
    let message = format!("`{}` is not {what}", text::line(target, 120));
    Diagnostic::new(Code::E0304, message)
        .at(&entry.pointer.child("$ref"))
        .help(format!(
            "refer to {what} of `components`, or write it out here"
        ))
}

/// A query string is the whole query (OpenAPI 3.2 §4.12.1).
fn one_query_string(merged: &Merged<'_>, sink: &mut Sink) {
    let of = |place: &'static str| merged.values().filter(move |p| p.location == place);
    let Some(whole) = of("querystring").next() else {
        return;
    };
    let Some(other) = of("querystring").nth(1).or(of("query").next()) else {
        return;
    };
    let message = format!(
        "the query string `{}` stands beside the {} parameter `{}`",
        text::line(&whole.name, 60),
        other.location,
        text::line(&other.name, 60)
    );
    sink.push(
        Diagnostic::new(Code::E0217, message)
            .at(&whole.node.pointer)
            .help("keep either the query string or the single parameters"),
    );
}

/// Reads one parameter; `None` for one that is ignored.
fn one<'a>(
    node: &Node<'a>,
    entry: Node<'a>,
    raw: &RawOperation<'a>,
    shapes: &Shapes<'a>,
    sink: &mut Sink,
) -> Result<Option<RawParameter<'a>>, String> {
    let resolver = shapes.resolver();
    let malformed = |sink: &mut Sink, what: &str, help: &str| {
        sink.push(
            Diagnostic::new(Code::E0413, format!("a parameter {what}"))
                .at(&node.pointer)
                .help(help),
        );
    };
    let Some(name) = node.value.get("name").and_then(serde_json::Value::as_str) else {
        malformed(
            sink,
            "has no `name`; the operation is left out",
            "add `name: …`, as the service calls it",
        );
        return Err("a parameter has no name".to_owned());
    };
    let (location, usual) = match node.str("in") {
        Some("path") => ("path", "simple"),
        Some("query") => ("query", "form"),
        Some("querystring") => ("querystring", "form"),
        Some("header") => ("header", "simple"),
        Some("cookie") => ("cookie", "form"),
        _ => {
            malformed(
                sink,
                &format!(
                    "has no place that is known{}; the operation is left out",
                    node.str("in")
                        .map(|place| format!(" (`in: {}`)", text::line(place, 40)))
                        .unwrap_or_default()
                ),
                "write `in: path`, `query`, `querystring`, `header` or `cookie`; a body is `requestBody`",
            );
            return Err(format!(
                "the parameter `{}` has no place",
                text::line(name, 60)
            ));
        }
    };
    // `Authorization` is a credential, which the operation's schemes may lack (rule R2).
    let credential = name.eq_ignore_ascii_case("authorization");
    if location == "header" && is_needed(name) && node.bool("required") == Some(true) {
        return needed(name, node, entry, raw, shapes, sink).map(Some);
    }
    if location == "header" && is_reserved_header(name) && !credential {
        sink.push(
            Diagnostic::new(
                Code::E0409,
                format!("the header parameter `{}` is ignored", text::line(name, 60)),
            )
            .at(&node.pointer)
            .note(why_ignored(name))
            .help("nothing has to be done; remove the parameter if the finding is in the way"),
        );
        return Ok(None);
    }
    if location == "header" && !is_token(name) {
        let what = match node.bool("required") {
            Some(true) => "the operation",
            _ => "it",
        };
        let message = format!(
            "the parameter `{}` has a name that no header can have; {what} is left out",
            text::line(name, 60)
        );
        sink.push(
            Diagnostic::new(Code::E0413, message)
                .at(&node.pointer)
                .note("RFC 9110 §5.1: names of headers are letters, digits and `!#$%&'*+-.^_|~`")
                .help("correct the name, or the place (`in`)"),
        );
        return if node.bool("required") == Some(true) {
            Err(format!(
                "the header `{}` cannot be sent",
                text::line(name, 60)
            ))
        } else {
            Ok(None)
        };
    }
    let content = media::entries(node, resolver, sink).into_iter().next();
    let mut schema = match &content {
        Some((_, media)) => media.get("schema"),
        None => node.get("schema"),
    };
    if schema.is_none() && content.is_none() {
        sink.push(
            Diagnostic::new(
                Code::E0413,
                format!(
                    "the parameter `{}` has no schema; it is taken as text",
                    text::line(name, 60)
                ),
            )
            .at(&node.pointer)
            .severity(Severity::Warning)
            .help("add `schema: {type: string}`"),
        );
    }
    let family = content.as_ref().map(|(media, _)| Family::of(media));
    let json = matches!(family, Some(Family::Json | Family::LikeJson));
    let text_of = match &content {
        Some((media, _)) if location != "querystring" => {
            let media = text::line(media, 100);
            let shape = schema.as_ref().map(|schema| shapes.of(schema));
            let is_written = json || family == Some(Family::Any);
            let is_value = |shape: &Shape<'a>| shape.is_array() || is_structured(shape, shapes);
            (!is_written && shape.is_some_and(|shape| is_value(&shape))).then_some(media)
        }
        _ => None,
    };
    if let Some(media) = &text_of {
        let what = format!("the parameter `{}`", text::line(name, 60));
        sink.push(asked_as_text(&what, media).at(&node.pointer));
        schema = None;
    }
    // A query string of another type (OpenAPI 3.2 §4.12.6, `application/jsonpath`) is one text.
    let usual = match family {
        Some(Family::Text | Family::Xml | Family::Bytes) if location == "querystring" => "simple",
        _ => usual,
    };
    if let Some(style) = node.str("style")
        && !json
        && known_style(style, location).is_none()
    {
        sink.push(
            Diagnostic::new(
                Code::E0413,
                format!(
                    "the parameter `{}` has the style `{}`, which does not go with `in: {location}`",
                    text::line(name, 60),
                    text::line(style, 40)
                ),
            )
            .at(&node.pointer)
            .severity(Severity::Warning)
            .help(format!("it is sent in the style `{usual}`")),
        );
    }
    let deep = node.str("style") == Some("deepObject") && location == "query" && !json;
    let shape = schema.as_ref().filter(|_| deep).map(|s| shapes.of(s));
    let flat =
        shape.filter(|shape| !shape.is_object() && !shape.is_anything() && shape.unions.is_empty());
    if let Some(shape) = &flat {
        // Services that are known to ask for lists so agree on the form (ADR 0011).
        let (severity, sent) = if shape.is_array() {
            (Severity::Info, "[]")
        } else {
            (Severity::Warning, "")
        };
        let shown = text::line(name, 60);
        let message =
            format!("the parameter `{shown}` has the style `deepObject`, and is no object");
        let help =
            format!("it is sent as `{shown}{sent}=…`; write `style: {usual}` if that is wrong");
        let finding = Diagnostic::new(Code::E0218, message).at(&node.pointer);
        sink.push(finding.severity(severity).help(help));
    }
    let style = match (json, node.str("style")) {
        (true, _) => "json",
        (false, Some(style)) => known_style(style, location).unwrap_or(usual),
        (false, None) => usual,
    };
    let explode = node
        .bool("explode")
        .unwrap_or(matches!(style, "form" | "cookie"));
    let (fields, nested) = match (&content, &schema) {
        (Some((media, entry)), Some(schema))
            if location == "querystring" && family == Some(Family::Form) =>
        {
            nested::members(media, entry, schema, shapes)
        }
        _ => Default::default(),
    };
    Ok(Some(RawParameter {
        name: name.to_owned(),
        location,
        style,
        explode,
        allow_reserved: content.is_none() && node.bool("allowReserved") == Some(true),
        required: location == "path" || node.bool("required") == Some(true),
        description: node.str("description"),
        node: node.clone(),
        entry,
        schema,
        fixed: None,
        text_of,
        fields,
        nested,
    }))
}

/// A header parameter without which nothing can be called: a constant, or a reason to leave the operation
/// out.
fn needed<'a>(
    name: &str,
    node: &Node<'a>,
    entry: Node<'a>,
    raw: &RawOperation<'a>,
    shapes: &Shapes<'a>,
    sink: &mut Sink,
) -> Result<RawParameter<'a>, String> {
    let schema = node.get("schema");
    let shown = text::line(name, 60);
    let Some(value) = harmless_override(name, schema.as_ref(), &raw.method, shapes) else {
        let reason = format!("it asks for the header `{shown}`, which no argument can set");
        sink.push(
            Diagnostic::new(
                Code::E0492,
                format!("{} is left out: {reason}", raw.label()),
            )
            .at(&node.pointer)
            .help("set `required: false` if it can be called without the header"),
        );
        return Err(reason);
    };
    sink.push(
        Diagnostic::new(
            Code::E0422,
            format!("the header parameter `{shown}` is always sent as `{value}`"),
        )
        .at(&node.pointer),
    );
    Ok(RawParameter {
        name: name.to_owned(),
        location: "header",
        style: "simple",
        explode: false,
        allow_reserved: false,
        required: true,
        description: node.str("description"),
        node: node.clone(),
        entry,
        schema,
        fixed: Some(value),
        text_of: None,
        fields: Vec::new(),
        nested: Vec::new(),
    })
}

/// The styles that a place allows (OpenAPI 3.2 §4.12.2.3).
fn known_style(style: &str, location: &str) -> Option<&'static str> {
    let allowed: &[&'static str] = match location {
        "path" => &["simple", "label", "matrix"],
        "query" => &["form", "spaceDelimited", "pipeDelimited", "deepObject"],
        "header" => &["simple"],
        "cookie" => &["form", "cookie"],
        _ => &[],
    };
    allowed.iter().find(|s| **s == style).copied()
}
