//! Header fields of the parts of multipart bodies (OpenAPI 3.2 §4.15.1, `headers`).

use serde_json::Value;

use super::body::RawBody;
use super::schema::{Shape, Shapes};
use super::transfer::{self, Transfer};
use crate::diagnostics::{Code, Diagnostic};
use crate::http::{is_reserved_header, is_token};
use crate::model::{Node, Resolver};
use crate::text;

impl<'a> RawBody<'a> {
    /// Header fields of the part of a property.
    pub fn part_headers(
        &self,
        name: &str,
        shape: &Shape<'a>,
        resolver: Resolver<'a>,
        shapes: &Shapes<'a>,
    ) -> Headers<'a> {
        if self.encoding != "multipart" {
            return Headers::default();
        }
        let encoding = self.encoding_of(name);
        let items = shape.items.as_ref().filter(|_| shape.is_array());
        let items = items.map(|items| shapes.of(items));
        let one = items.as_ref().unwrap_or(shape);
        headers_of(encoding.as_ref(), one, resolver, shapes)
    }

    /// Name and header fields of a part that has its place in a list; its `Content-Disposition` says the name.
    pub(super) fn positional_headers(
        &self,
        encoding: Option<&Node<'a>>,
        shape: &Shape<'a>,
        resolver: Resolver<'a>,
        shapes: &Shapes<'a>,
    ) -> (Option<String>, Vec<(String, String)>) {
        let headers = encoding.and_then(|e| e.get("headers"));
        let disposition = headers
            .iter()
            .flat_map(Node::entries)
            .find(|(header, _)| header.eq_ignore_ascii_case("content-disposition"))
            .and_then(|(_, node)| only_value(node, resolver, shapes));
        let name = disposition.and_then(|text| {
            let (_, rest) = text.split_once(" name=")?;
            let name = match rest.strip_prefix('"') {
                Some(quoted) => quoted.split('"').next()?,
                None => rest.split(';').next()?.trim(),
            };
            (!name.is_empty()).then(|| name.to_owned())
        });
        let headers = headers_of(encoding, shape, resolver, shapes);
        headers.refuse_free(shapes);
        (name, headers.fixed)
    }
}

/// The one value of a header of a part.
pub(super) fn only_value<'a>(
    header: Node<'a>,
    resolver: Resolver<'a>,
    shapes: &Shapes<'a>,
) -> Option<String> {
    let header = resolver.follow(header).ok()?;
    shapes
        .of(&header.get("schema")?)
        .only_value()
        .filter(|value| value.chars().all(|c| matches!(c, ' '..='~')))
}

/// The header fields of a part.
#[derive(Default)]
pub struct Headers<'a> {
    /// Those whose value the document fixes.
    pub fixed: Vec<(String, String)>,
    /// The others, with their Header Objects.
    pub free: Vec<(String, Node<'a>)>,
}

impl Headers<'_> {
    /// Reports those whose value nobody can give: a part has an argument for its header fields only if it has a
    /// name, and stands in the body itself.
    pub(super) fn refuse_free(&self, shapes: &Shapes<'_>) {
        for (header, node) in &self.free {
            refused(header, node, shapes);
        }
    }
}

fn refused(header: &str, node: &Node<'_>, shapes: &Shapes<'_>) {
    let message = format!("the part header `{}` is not sent", text::line(header, 60));
    shapes.report(
        Diagnostic::new(Code::E0420, message)
            .at_key(&node.pointer)
            .help("give it one value: a `const` or a `default`"),
    );
}

fn declared_twice(header: &str, other: &str, node: &Node<'_>, shapes: &Shapes<'_>) {
    let message = format!(
        "the part header `{}` is declared again as `{}`",
        text::line(header, 60),
        text::line(other, 60)
    );
    shapes.report(
        Diagnostic::new(Code::E0424, message)
            .at_key(&node.pointer)
            .help("keep one of them; the last one counts"),
    );
}

/// Base64 is said where the part is written, since files are encoded there.
fn headers_of<'a>(
    encoding: Option<&Node<'a>>,
    shape: &Shape<'a>,
    resolver: Resolver<'a>,
    shapes: &Shapes<'a>,
) -> Headers<'a> {
    let mut found = Headers::default();
    let transfer = Transfer::of(shape, encoding, shapes);
    if let Some(Transfer::Other(named)) = transfer {
        let named = (transfer::FIELD.to_owned(), named.to_owned());
        found.fixed.push(named);
    }
    let headers = encoding.and_then(|e| e.get("headers"));
    let all: Vec<_> = headers.iter().flat_map(Node::entries).collect();
    for (at, (header, node)) in all.iter().enumerate() {
        let (header, node) = (*header, node.clone());
        // Names of header fields have no case (RFC 9110 §5.1), and a field stands in a part once.
        let mut later = all.iter().skip(at + 1);
        if let Some((other, _)) = later.find(|(other, _)| other.eq_ignore_ascii_case(header)) {
            declared_twice(header, other, &node, shapes);
            continue;
        }
        let own = ["content-type", "content-disposition"];
        if own.iter().any(|own| header.eq_ignore_ascii_case(own))
            || transfer.is_some() && header.eq_ignore_ascii_case(transfer::FIELD)
        {
            continue;
        }
        let followed = resolver.follow(node.clone()).ok();
        let schema = followed.as_ref().and_then(|node| node.get("schema"));
        // A schema that no value fits says that the field is not sent.
        if schema.is_some_and(|schema| schema.value == &Value::Bool(false)) {
            continue;
        }
        match (only_value(node.clone(), resolver, shapes), followed) {
            (Some(value), _) if is_token(header) => found.fixed.push((header.to_owned(), value)),
            // What it says would have to be done, too.
            _ if header.eq_ignore_ascii_case(transfer::FIELD) => refused(header, &node, shapes),
            (None, Some(followed)) if is_token(header) && !is_reserved_header(header) => {
                found.free.push((header.to_owned(), followed));
            }
            _ => refused(header, &node, shapes),
        }
    }
    found
}
