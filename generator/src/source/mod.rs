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

// A diagnostic is made at most once per reading, so its size does not matter.
#![allow(clippy::result_large_err)]

mod budgets;
mod document;
mod guard;
mod index;
mod json;
mod numbers;
mod position;
mod reading;
mod tree;
mod yaml;

pub use budgets::Budgets;
pub use document::{Document, Format};
pub use position::Position;
pub use reading::read;
