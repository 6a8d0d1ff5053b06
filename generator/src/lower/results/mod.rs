//! How the answers of an operation are shown: where the records stand, which properties a list shows, how
//! pages are asked for (ADR 0022). Decided from names and types alone, so that the same document gives
//! the same server.

mod columns;
mod envelope;
mod paging;
mod spots;
mod told;
mod unsure;

use serde_json::Value;

use super::arguments::Argument;
use super::schema::{Shape, Shapes, Types};
use crate::ir;
use crate::model::Node;
use crate::names::{singular, words};

pub(super) use unsure::unsure;

/// Properties above which a caller can choose what is shown. Fewer are shown all.
const MANY: usize = 8;
/// Levels below a record in which secrets are looked for.
const DEEPEST: usize = 3;

/// Whether the document marks anything as secret: most do not, and then there is nothing to look for.
pub(super) fn has_secrets(value: &Value) -> bool {
    match value {
        Value::Object(members) => {
            members.get("writeOnly") == Some(&Value::Bool(true))
                || members.get("format").and_then(Value::as_str) == Some("password")
                || members.values().any(has_secrets)
        }
        Value::Array(items) => items.iter().any(has_secrets),
        _ => false,
    }
}

/// Decides how an answer with this schema is shown; `None` where there is nothing to decide. `has_secrets`
/// is what [`has_secrets`] says of the document.
pub(super) fn plan<'a>(
    shapes: &Shapes<'a>,
    body: &Node<'a>,
    tool: &str,
    reads: bool,
    has_secrets: bool,
    arguments: &[Argument<'a>],
) -> Option<ir::Answer> {
    let root = shapes.of(body);
    let nouns = nouns(tool);
    let found = envelope::records(shapes, &root, &nouns);
    let many = reads && found.record.properties.len() > MANY;
    let mut secrets = Vec::new();
    if has_secrets {
        collect_secrets(shapes, &found.record, DEEPEST, &mut secrets);
    }
    let columns = if found.list && many {
        columns::columns(shapes, &found.record, &nouns, &secrets)
    } else {
        Vec::new()
    };
    let answer = ir::Answer {
        // A list without columns has nothing to choose from.
        selectable: many && (!found.list || !columns.is_empty()),
        columns,
        secrets,
        paging: if found.list {
            let found = Some((found.records.as_str(), &found.record));
            paging::paging(shapes, &root, found, arguments)
        } else {
            None
        },
        list: found.list,
        records: found.records,
        ..ir::Answer::default()
    };
    // Where nothing can be chosen, an envelope around a record is as good as the record.
    if !answer.list && !answer.selectable && answer.secrets.is_empty() {
        return None;
    }
    (answer != ir::Answer::default()).then_some(answer)
}

/// What is known of an answer without a schema: how its pages are asked for. Without an argument that gets the
/// next page no size is sent by itself: what it cuts off could not be asked for.
pub(super) fn unknown<'a>(shapes: &Shapes<'a>, arguments: &[Argument<'a>]) -> Option<ir::Answer> {
    let mut paging = paging::paging(shapes, &Shape::default(), None, arguments)?;
    if let Some(size) = &mut paging.size {
        size.send &= !paging.position.is_empty();
    }
    Some(ir::Answer {
        paging: Some(paging),
        ..ir::Answer::default()
    })
}

/// The words of a tool's name, in the singular.
fn nouns(tool: &str) -> Vec<String> {
    words(tool).iter().map(|word| singular(word)).collect()
}

/// A name without case and separators.
fn plain(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

/// Names of what the document marks as secret in an answer. `writeOnly` says that it is not sent (JSON
/// Schema 2020-12 Validation §9.4), `format: password` that it is not shown (OpenAPI Format Registry).
fn collect_secrets<'a>(
    shapes: &Shapes<'a>,
    record: &Shape<'a>,
    levels: usize,
    found: &mut Vec<String>,
) {
    for (name, node) in &record.properties {
        let shape = shapes.of(node);
        let format = shape.keywords.get("format").and_then(|n| n.value.as_str());
        let text = shape.types.is_any() || shape.types.has(Types::STRING);
        if shape.write_only && text || format == Some("password") {
            if !found.iter().any(|known| known == name) {
                found.push((*name).to_owned());
            }
            continue;
        }
        let inner = match &shape.items {
            Some(items) => shapes.of(items),
            None => shape,
        };
        if levels > 0 && inner.is_object() {
            collect_secrets(shapes, &inner, levels - 1, found);
        }
    }
}
