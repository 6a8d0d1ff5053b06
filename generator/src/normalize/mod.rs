//! Brings every document into the shape of OpenAPI 3.2 with JSON Schema 2020-12.
//!
//! The rules go by the structure that is there, not by the version that is declared, because real
//! documents mix dialects (`nullable` in 3.1, type arrays in 3.0). They change schemas in place:
//! no node is renamed, and none is moved but what becomes an element of a list, so that pointers into the
//! document stay good. Data (`example`, `default`, `enum`, `const`, `x-…`) is never touched, nor is a
//! property that happens to be called `nullable` or `type`.
//!
//! | file | subject |
//! |---|---|
//! | `version.rs` | is it OpenAPI, and which version |
//! | `swagger2/` | Swagger 2.0 in the shape of OpenAPI 3, before the rules |
//! | `fields/` | the fields of the objects around schemas |
//! | `behind.rs` | objects at unusual places that references lead to |
//! | `misspelt.rs` | fields whose names are nearly those of the standard |
//! | `walk.rs` | finds the schemas of a document |
//! | `schema.rs` | walks one schema and calls the rules |
//! | `rules/` | one rule per file |

// A diagnostic is made at most once per reading, so its size does not matter.
#![allow(clippy::result_large_err)]

mod behind;
mod fields;
mod misspelt;
mod rules;
mod schema;
mod swagger2;
mod version;
mod walk;

use serde_json::Value;

use crate::diagnostics::{Diagnostic, Sink};
use crate::source::{Budgets, Origins};

pub use swagger2::upgrade;
pub(crate) use swagger2::upgrade_own;
pub use version::Version;

/// Normalises a document in place and says which version it declares.
///
/// Findings about single schemas go to the sink. Running it twice changes nothing.
///
/// # Errors
///
/// E0201 when the root is not an object, E0202 when it is not an OpenAPI document, E0203 for a
/// Swagger version that [`upgrade`] did not know, E0204 for a version that is not known; the document is then unchanged.
pub fn normalize(
    document: &mut Value,
    budgets: &Budgets,
    sink: &mut Sink,
) -> Result<Version, Diagnostic> {
    normalize_noting(document, budgets, sink, &mut Origins::default())
}

/// The same, which notes the nodes that it moves beside those that were moved before.
///
/// # Errors
/// Those of [`normalize`].
pub(crate) fn normalize_noting(
    document: &mut Value,
    budgets: &Budgets,
    sink: &mut Sink,
    origins: &mut Origins,
) -> Result<Version, Diagnostic> {
    let version = version::detect(document, sink)?;
    let strays = behind::strays(document, budgets.ref_hops);
    let mut moved = Vec::new();
    let mut found = fields::Found {
        sink,
        moved: &mut moved,
    };
    fields::document(document, &strays, &mut found);
    swagger2::follow(document, &moved);
    for (now, before) in moved {
        let place = origins.find(&before);
        origins.note(&now, place);
    }
    walk::document(document, &strays, budgets, sink);
    Ok(version)
}
