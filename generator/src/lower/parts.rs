//! Properties of form and multipart bodies (OpenAPI 3.2 §4.15, encoding object).

use super::body::RawBody;
use super::media::{self, Family};
use super::multipart::names_of;
use super::nested::{self, Asked};
use super::schema::{Additional, Shape, Shapes};
use super::transfer::{self, Transfer};
use crate::diagnostics::{Code, Diagnostic, Pointer, Sink};
use crate::ir::PartEncoding;
use crate::model::Node;
use crate::similar::misspelt;
use crate::text;

/// Content types of a list that are kept.
const MOST_TYPES: usize = 40;
/// Bytes of which nothing else is known.
const UNKNOWN: &str = "application/octet-stream";
/// Styles of a field.
const STYLES: [&str; 4] = ["form", "spaceDelimited", "pipeDelimited", "deepObject"];

impl<'a> RawBody<'a> {
    pub(super) fn encoding_of(&self, name: &str) -> Option<Node<'a>> {
        matches!(self.encoding, "form" | "multipart")
            .then(|| self.media.at(&["encoding", name]))
            .flatten()
    }

    /// Says which encodings belong to no property (OpenAPI 3.2 §4.14.1: the key "MUST exist in the schema
    /// as a property"), unless the schema leaves open what there is.
    pub(super) fn check_encodings(&self, shapes: &Shapes<'a>, sink: &mut Sink) {
        let encodings = self.media.get("encoding");
        let encodings = encodings.filter(|_| matches!(self.encoding, "form" | "multipart"));
        let (Some(encodings), false) = (
            encodings,
            matches!(self.shape.additional, Additional::Schema(_)),
        ) else {
            return;
        };
        let known = names_of(shapes, &self.shape);
        if known.is_empty() {
            return;
        }
        for (name, encoding) in encodings.entries() {
            if known.contains(name) {
                continue;
            }
            let shown = text::line(name, 60);
            let message = format!("`{shown}` in `encoding` is no property of the body; ignored");
            let near = misspelt(name, known.iter().copied(), 3)
                .map(|near| format!("did you mean `{}`?", text::line(near, 60)));
            let help = "write the name of a property, or remove it".to_owned();
            sink.push(
                Diagnostic::new(Code::E0225, message)
                    .at_key(&encoding.pointer)
                    .help(near.unwrap_or(help)),
            );
        }
    }

    /// How a property is sent in a form or multipart body. Schemas within it in whose place something else is
    /// asked for are added to `asked`.
    pub fn part(
        &self,
        name: &str,
        property: &Node<'a>,
        shape: &Shape<'a>,
        shapes: &Shapes<'a>,
        asked: &mut Asked,
    ) -> PartEncoding {
        let multipart = self.encoding == "multipart";
        if !multipart && self.encoding != "form" {
            return PartEncoding::Plain;
        }
        let encoding = self.encoding_of(name);
        let encoding = encoding.as_ref();
        let styled = encoding.and_then(style);
        // In forms, a style counts and the content type does not.
        if !multipart && let Some(styled) = styled {
            return styled;
        }
        let content_type = encoding.and_then(|e| e.str("contentType"));
        let items = shape.items.as_ref().filter(|_| shape.is_array());
        let items = items.map(|items| shapes.of(items));
        let one = items.as_ref().unwrap_or(shape);
        if multipart && let Some(transfer) = Transfer::of(one, encoding, shapes) {
            return transferred(transfer, content_type);
        }
        let single = content_type.and_then(single);
        let written = |asked: &mut Asked| {
            let value = nested::Value {
                content_type: single.as_deref()?,
                encoding,
                schema: property,
                name: Some(name),
            };
            each_nested(&value, shape, shapes, asked)
        };
        // The files in a list can be the parts of a body that is one part.
        if single.as_deref().is_some_and(is_multipart)
            && let Some(nested) = written(asked)
        {
            return nested;
        }
        if multipart && let Some(file) = file(shape, shapes, content_type) {
            return file;
        }
        if multipart && is_union_with_file(shape, shapes) {
            return PartEncoding::Any;
        }
        // Where a style counts, the content type does not (OpenAPI 3.1.1 §4.8.15.1.2); in 3.0, and in other
        // multipart bodies, a style does not.
        let is_form_data = Family::of(&self.media_type) == Family::Multipart;
        let styled = styled.filter(|_| !multipart || is_form_data);
        if let Some(styled) = &styled
            && !transfer::is_3_0(shapes)
        {
            return styled.clone();
        }
        match &single {
            Some(json) if media::is_json(json) => return PartEncoding::Json(json.clone()),
            Some(other) => {
                if let Some(nested) = written(asked) {
                    return nested;
                }
                if multipart || is_structured(one, shapes) {
                    return PartEncoding::Typed(other.clone());
                }
            }
            None => {}
        }
        if let Some(styled) = styled {
            return styled;
        }
        // Without a type and an encoding it is binary data (OpenAPI 3.2 §4.15.1.1), which documents mean
        // seldom: what is given decides.
        if multipart && shape.is_anything() {
            return PartEncoding::Any;
        }
        // What a union takes is sent by what it is: a text as text, an object as JSON.
        if multipart && shape.is_object() {
            return PartEncoding::Json("application/json".to_owned());
        }
        PartEncoding::Plain
    }
}

/// How a part is sent that has its place in a list: each value is one part, arrays too.
pub(super) fn by_type<'a>(
    encoding: Option<&Node<'a>>,
    schema: Option<&Node<'a>>,
    shape: &Shape<'a>,
    shapes: &Shapes<'a>,
    asked: &mut Asked,
) -> PartEncoding {
    let content_type = encoding.and_then(|e| e.str("contentType"));
    if let Some(transfer) = Transfer::of(shape, encoding, shapes) {
        return transferred(transfer, content_type);
    }
    if !shape.is_array()
        && let Some(file) = file(shape, shapes, content_type)
    {
        return file;
    }
    match content_type.and_then(single) {
        Some(json) if media::is_json(&json) => PartEncoding::Json(json),
        Some(other) => {
            let nested = schema.and_then(|schema| {
                let value = nested::Value {
                    content_type: &other,
                    encoding,
                    schema,
                    name: None,
                };
                value.body(shapes, asked)
            });
            nested.map_or(PartEncoding::Typed(other), |body| {
                PartEncoding::Whole(Box::new(body))
            })
        }
        None if is_union_with_file(shape, shapes) => PartEncoding::Any,
        None if shape.is_anything() => PartEncoding::Any,
        None if shape.is_object() || shape.is_array() => {
            PartEncoding::Json("application/json".to_owned())
        }
        // The default is by the type of the value: text for scalars (OpenAPI 3.2 §4.15.1.1).
        None => PartEncoding::Plain,
    }
}

fn is_multipart(content_type: &str) -> bool {
    matches!(
        Family::of(content_type),
        Family::Multipart | Family::OtherMultipart
    )
}

/// A property that is written as a body of its own: each item of an array for itself (OpenAPI 3.2 §4.14.5.1),
/// unless the items are the parts of a multipart body and cannot be bodies of parts themselves.
fn each_nested<'a>(
    value: &nested::Value<'_, 'a>,
    shape: &Shape<'a>,
    shapes: &Shapes<'a>,
    asked: &mut Asked,
) -> Option<PartEncoding> {
    let Some(items) = shape.items.as_ref().filter(|_| shape.is_array()) else {
        let body = value.body(shapes, asked).map(Box::new);
        // A list whose items are described by their places alone is one value.
        return body.map(if shape.is_array() {
            PartEncoding::Whole
        } else {
            PartEncoding::Each
        });
    };
    let item = shapes.of(items);
    if is_multipart(value.content_type) && !item.is_array() && !item.is_object() {
        return value
            .body(shapes, asked)
            .map(|body| PartEncoding::Whole(Box::new(body)));
    }
    let each = nested::Value {
        schema: items,
        ..*value
    };
    each.body(shapes, asked)
        .map(|body| PartEncoding::Each(Box::new(body)))
}

/// How a text is sent that is encoded. Its content type is that of the encoding object or else the default
/// of the standard; `contentMediaType` shall be ignored (OpenAPI 3.2 §4.15.4.2).
fn transferred(transfer: Transfer<'_>, content_type: Option<&str>) -> PartEncoding {
    match transfer {
        Transfer::Base64 => PartEncoding::Base64(
            content_type
                .and_then(list)
                .filter(|types| types != UNKNOWN && types != "*/*")
                .unwrap_or_default(),
        ),
        Transfer::Other(_) => PartEncoding::Typed(
            content_type
                .and_then(single)
                .unwrap_or_else(|| UNKNOWN.to_owned()),
        ),
    }
}

/// The schema of one part of a field: that of the items of an array.
pub(super) fn each<'a>(node: &Node<'a>, shapes: &Shapes<'a>) -> Node<'a> {
    let shape = shapes.of(node);
    let items = shape.items.clone().filter(|_| shape.is_array());
    items.unwrap_or_else(|| node.clone())
}

/// A schema in whose place something else is asked for, since its part is not sent as what it describes: a
/// file of which only the encoding says so, or text of a media type that is not written here.
pub(super) fn encoded<'a>(
    schema: &Node<'a>,
    part: &PartEncoding,
    shapes: &Shapes<'a>,
) -> Option<(Pointer, PartEncoding)> {
    let shape = shapes.of(schema);
    let stands = match part {
        PartEncoding::Typed(content_type) => {
            let is_text = shape.is_array() || is_structured(&shape, shapes);
            if is_text && !shapes.has_reported(Code::E0451, &schema.pointer) {
                shapes.report(asked_as_text("the part", content_type).at(&schema.pointer));
            }
            is_text
        }
        PartEncoding::Base64(_) => true,
        part => part.is_file(),
    };
    stands.then(|| (schema.pointer.clone(), part.clone()))
}

/// Whether values are objects, or may be.
pub(super) fn is_structured<'a>(shape: &Shape<'a>, shapes: &Shapes<'a>) -> bool {
    let mut branches = shape.unions.iter().flatten();
    shape.is_object() || branches.any(|branch| !shapes.of(branch).is_scalar())
}

/// What is said where a value has to be written by the caller.
pub(super) fn asked_as_text(what: &str, content_type: &str) -> Diagnostic {
    let message = format!("{what} is asked for as text of the type `{content_type}`");
    Diagnostic::new(Code::E0451, message)
        .help("write `application/json` if the service takes it, and the tool takes values")
}

/// Whether values are files: bytes, or several of them.
fn is_file<'a>(shape: &Shape<'a>, shapes: &Shapes<'a>) -> bool {
    let items = shape.items.as_ref().filter(|_| shape.is_array());
    shape.is_binary() || items.is_some_and(|items| shapes.of(items).is_binary())
}

/// Whether an encoding makes a file of what the schema says nothing about, or of its text: 3.1 and later
/// describe binary data without a `type` (OpenAPI 3.2 §4.14.4).
fn is_file_of(shape: &Shape<'_>, content_type: Option<&str>) -> bool {
    let is_bytes = |content_type: &str| {
        content_type.contains('/') && !media::is_json(content_type) && !media::is_text(content_type)
    };
    // XML, YAML and forms are texts, where the schema says text.
    let is_text = |content_type: &str| {
        let mut types = content_type.split(',').map(Family::of);
        types.all(|family| matches!(family, Family::Xml | Family::Text | Family::Form))
    };
    content_type.filter(|one| is_bytes(one)).is_some_and(|one| {
        shape.is_anything() || shape.types.names() == ["string"] && !is_text(one)
    })
}

/// Whether a branch of a union is a file.
fn is_union_with_file<'a>(shape: &Shape<'a>, shapes: &Shapes<'a>) -> bool {
    let items = shape.items.as_ref().filter(|_| shape.is_array());
    let items = items.map(|items| shapes.of(items));
    std::iter::once(shape)
        .chain(items.as_ref())
        .flat_map(|shape| shape.unions.iter().flatten())
        .any(|branch| is_file(&shapes.of(branch), shapes))
}

/// A property that is a file, or several: one part for each.
fn file<'a>(
    shape: &Shape<'a>,
    shapes: &Shapes<'a>,
    content_type: Option<&str>,
) -> Option<PartEncoding> {
    let items = shape.items.as_ref().filter(|_| shape.is_array());
    let items = items.map(|items| shapes.of(items));
    let binary = std::iter::once(shape)
        .chain(items.as_ref())
        .find(|s| s.is_binary());
    let mut each = std::iter::once(shape).chain(items.as_ref());
    if binary.is_none() && !each.any(|s| is_file_of(s, content_type)) {
        return None;
    }
    let media = binary.and_then(|s| s.keywords.get("contentMediaType")?.value.as_str());
    let content_type = content_type
        .or(media)
        .and_then(list)
        .filter(|c| c != UNKNOWN && c != "*/*");
    Some(content_type.map_or(PartEncoding::File, PartEncoding::FileOf))
}

/// The content types of a list, in which ranges may stand (OpenAPI 3.2 §4.15.1).
fn list(content_types: &str) -> Option<String> {
    let types: Vec<String> = content_types
        .split(',')
        .filter(|one| one.contains('/'))
        .map(|one| text::line(one.trim(), 100))
        .take(MOST_TYPES)
        .collect();
    (!types.is_empty()).then(|| types.join(", "))
}

/// The first content type of a list that is no range.
fn single(content_types: &str) -> Option<String> {
    let mut types = content_types.split(',').map(str::trim);
    let first = types.find(|one| one.contains('/') && !one.contains('*'))?;
    Some(text::line(first, 100))
}

/// A style, given by any of its three keywords.
fn style(encoding: &Node<'_>) -> Option<PartEncoding> {
    let named = encoding.str("style");
    let named = named.and_then(|name| STYLES.into_iter().find(|style| *style == name));
    let explode = encoding.bool("explode");
    let reserved = encoding.bool("allowReserved");
    if named.is_none() && explode.is_none() && reserved.is_none() {
        return None;
    }
    let style = named.unwrap_or("form");
    let explode = explode.unwrap_or(style == "form");
    Some(if reserved == Some(true) {
        PartEncoding::Reserved(style, explode)
    } else {
        PartEncoding::Styled(style, explode)
    })
}
