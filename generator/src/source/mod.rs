//! From bytes to a [`Document`]: a JSON value, strictly read, and places in its text.
//!
//! | file | subject |
//! |---|---|
//! | `reading.rs` | which format, size, encoding; puts the rest together |
//! | `tree.rs` | the strict visitor that both formats share: duplicates, depth, nodes |
//! | `json.rs`, `yaml.rs` | the two formats and their errors |
//! | `aliases.rs` | what YAML aliases would expand to, counted before anything is expanded |
//! | `numbers.rs` | numbers that lose digits, texts that were read as numbers |
//! | `index/` | where every node is in the text, built only when a place is asked for |

// A diagnostic is made at most once per reading, so its size does not matter.
#![allow(clippy::result_large_err)]

mod aliases;
mod budgets;
mod document;
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
