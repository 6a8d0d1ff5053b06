//! Success answers (OpenAPI 3.2 §4.16, §4.17): which one a tool's output is described by.

use super::media::{self, Family};
use super::schema::{Shapes, output};
use super::types::{Direction, TypeBuilder};
use crate::diagnostics::Sink;
use crate::http::Status;
use crate::ir::{OutputKind, TypeRef};
use crate::model::{Node, RawOperation, Resolver};
use crate::names::pascal;
use serde_json::Value;

/// What a success carries.
#[derive(Debug)]
pub struct Success<'a> {
    /// Media types of all success answers, JSON first.
    pub accept: Vec<String>,
    /// Kind of the one that counts.
    pub kind: OutputKind,
    /// Its schema, relaxed.
    pub schema: Option<Value>,
    /// Its type.
    pub ty: TypeRef,
    /// Its schema as the document has it, if it is JSON.
    pub body: Option<Node<'a>>,
}

/// Looks at the 2xx answers: one with JSON counts most, then text, then bytes.
pub fn read<'a>(
    raw: &RawOperation<'a>,
    tool: &str,
    resolver: Resolver<'a>,
    shapes: &Shapes<'a>,
    types: &mut TypeBuilder<'_, 'a>,
    sink: &mut Sink,
) -> Success<'a> {
    let mut media: Vec<(String, Node<'a>)> = Vec::new();
    let mut any_success = false;
    // An answer that is declared where a reference leads nowhere may carry anything.
    let mut dangling = false;
    let mut responses: Vec<(Status, Node<'a>)> = raw
        .node
        .get("responses")
        .iter()
        .flat_map(Node::entries)
        .filter_map(|(key, node)| Some((Status::of(key)?, node)))
        .collect();
    responses.sort_by_key(|(status, _)| success_rank(*status));
    let has_2xx = responses.iter().any(|(status, _)| status.is_success());
    for (status, node) in responses {
        if !(status.is_success() || (status == Status::Default && !has_2xx)) {
            continue;
        }
        any_success |= status.is_success();
        match resolver.follow(node) {
            Ok(node) => {
                let declared = node.get("content").iter().flat_map(Node::entries).count();
                let found = media::entries(&node, resolver, sink);
                dangling |= found.len() < declared;
                media.extend(found.into_iter().map(|(m, n)| (m.to_owned(), n)));
            }
            Err(error) => {
                dangling = true;
                sink.push(error.diagnostic(resolver));
            }
        }
    }
    let mut accept: Vec<String> = Vec::new();
    for (name, _) in &media {
        let clean = name.trim().to_ascii_lowercase();
        if is_header_value(&clean) && clean.contains('/') && !accept.contains(&clean) {
            accept.push(clean);
        }
    }
    accept.sort_by_key(|m| rank(m));
    media.sort_by_key(|(m, _)| rank(m));
    let Some((name, node)) = media.into_iter().next() else {
        let (kind, ty) = if any_success && !dangling {
            (OutputKind::Empty, TypeRef::Unit)
        } else {
            (OutputKind::Wrapped, TypeRef::Json)
        };
        return Success {
            accept,
            kind,
            schema: None,
            ty,
            body: None,
        };
    };
    // The items of a sequence are read one by one, and are a list (OpenAPI 3.2 §4.14.3).
    let is_sequence = media::sequence_of(&name).is_some();
    let rank = if is_sequence { 1 } else { rank(&name) };
    match rank {
        0 | 1 => {
            let schema = node.get("schema");
            let schema = schema.filter(|one| !is_sequence || shapes.of(one).is_array());
            let Some(schema) = schema else {
                return Success {
                    accept,
                    kind: OutputKind::Wrapped,
                    schema: None,
                    ty: TypeRef::Json,
                    body: None,
                };
            };
            let shape = shapes.of(&schema);
            if shape.is_binary() && Family::of(&name) == Family::Any {
                return Success {
                    accept,
                    kind: OutputKind::Binary,
                    schema: None,
                    ty: TypeRef::File,
                    body: None,
                };
            }
            if shape.is_anything() {
                return Success {
                    accept,
                    kind: OutputKind::Wrapped,
                    schema: None,
                    ty: TypeRef::Json,
                    body: None,
                };
            }
            let (relaxed, object) = output::output_schema(shapes, &schema);
            let ty = types
                .of(
                    &schema,
                    &format!("{}Output", pascal(tool, 0)),
                    Direction::Out,
                )
                .0;
            let kind = if object {
                OutputKind::Json
            } else {
                OutputKind::Wrapped
            };
            Success {
                accept,
                kind,
                schema: Some(relaxed),
                ty,
                body: Some(schema),
            }
        }
        2 => Success {
            accept,
            kind: OutputKind::Text,
            schema: None,
            ty: TypeRef::String,
            body: None,
        },
        _ => Success {
            accept,
            kind: OutputKind::Binary,
            schema: None,
            ty: TypeRef::File,
            body: None,
        },
    }
}

const fn success_rank(status: Status) -> u8 {
    match status {
        Status::Code(200) => 0,
        Status::Code(201) => 1,
        Status::Code(202) => 2,
        Status::Code(_) => 3,
        Status::Range(_) => 4,
        Status::Default => 5,
    }
}

/// JSON first, then text, then bytes.
fn rank(media: &str) -> u8 {
    match Family::of(media) {
        Family::Json => 0,
        Family::LikeJson | Family::Any => 1,
        Family::Text | Family::Xml => 2,
        _ => 3,
    }
}

fn is_header_value(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic() || b == b' ')
}
