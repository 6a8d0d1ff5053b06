//! What is wrong with a document, where, and what to do about it.
//!
//! Every stage pushes [`Diagnostic`]s into a [`Sink`] and goes on where it can. A diagnostic names
//! its place as a [`Pointer`] into the document; file, line and column are looked up only when it
//! is printed ([`render`]), because most diagnostics of a clean run are never printed at all.
//!
//! | file | subject |
//! |---|---|
//! | `codes.rs` | the one table of codes; its texts are `codes/E….md` |
//! | `pointer.rs` | JSON Pointers (RFC 6901) |
//! | `diagnostic.rs` | one finding |
//! | `refusal.rs` | why a reference is not followed: a finding whose place comes later |
//! | `sink.rs` | the findings of a run |
//! | `remedy.rs` | actions of an overlay that mend a finding |
//! | `site.rs` | where a walk is; becomes a pointer only for a diagnostic |
//! | `render/` | findings as text for people, as JSON lines, as GitHub annotations, as SARIF |

mod codes;
mod diagnostic;
mod pointer;
mod refusal;
pub(crate) mod remedy;
pub mod render;
mod sink;
mod site;

pub use codes::Code;
pub use diagnostic::{Diagnostic, Severity};
pub use pointer::Pointer;
pub use refusal::Refusal;
pub use remedy::json_path;
pub use render::{RenderOptions, render_github, render_human, render_json, render_sarif};
pub use sink::Sink;
pub(crate) use site::Site;
