//! From bytes to a [`Document`]: a JSON value, strictly read, and places in its text.
//!
//! | file | subject |
//! |---|---|
//! | `reading.rs` | which format, size, encoding; puts the rest together |
//! | `tree.rs` | the strict visitor that both formats share: duplicates, depth, nodes |
//! | `json.rs`, `yaml.rs` | the two formats and their errors |
//! | `guard.rs` | YAML that would exhaust the machine, found before it is read |
//! | `numbers.rs` | numbers that lose digits, texts that were read as numbers |
//! | `index/` | where every node is in the text, built only when a place is asked for |
//! | `bundle/` | documents of several files, made one |
//! | `origins.rs` | where nodes that other files and overlays gave, or that were moved, stood before |

// A diagnostic is made at most once per reading, so its size does not matter.
#![allow(clippy::result_large_err)]

mod budgets;
pub(crate) mod bundle;
mod document;
mod guard;
mod index;
mod json;
mod numbers;
mod origins;
mod position;
mod reading;
mod tree;
mod yaml;

pub use budgets::{Budget, Budgets};
pub use document::{Document, Format, Origin};
pub(crate) use numbers::DIGITS;
pub use origins::Origins;
pub(crate) use origins::{Branch, File, Place};
pub use position::Position;
pub use reading::read;
pub(crate) use reading::sha256;
