//! What is fuzzed, as functions from bytes: each panics when a law is broken and returns otherwise.
//!
//! | target | from | to | law |
//! |---|---|---|---|
//! | [`read`] | bytes | a document | no panic; every node has a place in the text |
//! | [`generate`] | a document | files | the laws of `generator/tests/hostile` |
//! | [`names`] | texts in every place that gives a name | files | the same, and no operation is lost |
//! | [`request`] | an operation and a value | a URL | the route law of `runtime/src/request` |

mod document;
mod naming;
mod route;

#[path = "../../generator/tests/hostile/laws.rs"]
mod laws;
mod support;

pub use document::{generate, read};
pub use naming::names;
pub use route::request;

/// The targets by name, for the replay of what was kept.
pub const TARGETS: [(&str, fn(&[u8])); 4] = [
    ("read", read),
    ("generate", generate),
    ("names", names),
    ("request", request),
];
