//! Edits to a document: OpenAPI Overlay 1.0 and 1.1, applied before everything else.
//!
//! An overlay is read like a document, under the same budgets, and is as little trusted. What it
//! adds keeps its place: a diagnostic about it shows the overlay's file and line.
//!
//! | file | subject |
//! |---|---|
//! | `read.rs` | the Overlay Object and its actions |
//! | `path.rs` | JSONPath (RFC 9535): scanning, and what a query may cost |
//! | `target.rs` | the nodes that an action is about |
//! | `query.rs` | queries for others than overlays |
//! | `apply.rs` | update, copy and remove, within the budgets |

// A diagnostic is made at most once per finding, so its size does not matter.
#![allow(clippy::result_large_err)]

mod apply;
mod path;
mod query;
mod read;
mod target;

pub(crate) use query::{Query, QueryRefusal};

use std::sync::Arc;

use crate::diagnostics::{Diagnostic, Pointer, Sink};
use crate::source::{Budgets, Document, sha256};

/// Applies overlays to a document, one after the other.
///
/// What is wrong with an overlay goes to the sink; after an error the document is not to be used.
pub(crate) fn apply(
    document: &mut Document,
    overlays: Vec<Document>,
    budgets: &Budgets,
    sink: &mut Sink,
) {
    if overlays.is_empty() {
        return;
    }
    for (number, overlay) in overlays.iter().enumerate() {
        sink.extend(overlay.remarks.iter().map(|remark| {
            let remark = remark.clone();
            match remark.pointer.clone() {
                Some(pointer) => at(remark, overlay, &pointer),
                None => remark.document(&overlay.name),
            }
        }));
        let Some(actions) = read::actions(overlay, sink) else {
            continue;
        };
        let mut run = apply::Run::new(document, overlay, number, budgets);
        for action in &actions {
            if let Err(diagnostic) = run.action(action, sink) {
                sink.push(diagnostic);
                break;
            }
        }
    }
    // The hash in generated files stands for everything that they were made from.
    let hashes = overlays.iter().map(|overlay| overlay.sha256.as_str());
    document.sha256 = sha256(
        std::iter::once(document.sha256.as_str())
            .chain(hashes)
            .collect::<Vec<_>>()
            .join("\n")
            .as_bytes(),
    );
    document.overlays = overlays;
}

/// Places a finding in an overlay's text. The text goes with it, since the overlay may have the
/// name of the document.
fn at(mut diagnostic: Diagnostic, overlay: &Document, pointer: &Pointer) -> Diagnostic {
    diagnostic.position = overlay.locate(pointer, diagnostic.at_key);
    diagnostic.text = Some(Arc::clone(&overlay.text));
    diagnostic.pointer = Some(pointer.clone());
    diagnostic.document(&overlay.name)
}
