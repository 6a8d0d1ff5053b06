//! What a document says of the answers of an operation in which settings name places.

use serde_json::json;

use super::media;
use super::schema::{Shapes, declared};
use crate::diagnostics::Sink;
use crate::http::Status;
use crate::ir::Declared;
use crate::model::{Node, RawOperation, Resolver};

/// `body`: the schema of the body of a success.
pub(super) fn of<'a>(
    raw: &RawOperation<'a>,
    body: Option<&Node<'a>>,
    resolver: Resolver<'a>,
    shapes: &Shapes<'a>,
) -> Declared {
    let mut errors = Vec::new();
    for (key, node) in raw.node.get("responses").iter().flat_map(Node::entries) {
        let refuses = Status::of(key).is_some_and(|status| !status.is_success());
        if !refuses {
            continue;
        }
        // What is wrong with them was said where they were read for other ends, or matters to nobody.
        let node = resolver.follow(node).ok();
        let media = node.map(|node| media::entries(&node, resolver, &mut Sink::default()));
        let schemas = media.into_iter().flatten().map(|(name, entry)| {
            let schema = entry.get("schema").filter(|_| media::is_json(name));
            schema.map_or_else(|| json!({}), |schema| declared(shapes, &schema))
        });
        // Of several media types nobody knows which one comes.
        let schemas: Vec<_> = schemas.collect();
        let schema = match schemas.as_slice() {
            [only] => only.clone(),
            _ => json!({}),
        };
        errors.push((key.to_owned(), schema));
    }
    Declared {
        answer: body.map(|body| declared(shapes, body)),
        errors,
    }
}
