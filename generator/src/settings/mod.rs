//! Settings: `mcpwright.toml`, and `x-mcp` in the document, in one vocabulary.
//!
//! Pure: text and values in, facts and findings out. `config.rs` and the command line find the file.
//!
//! | file | subject |
//! |---|---|
//! | `tree.rs` | values that know where they stand |
//! | `toml.rs` | TOML to such values |
//! | `shape.rs`, `vocabulary` | every key, and what its value looks like |
//! | `check.rs` | values against the vocabulary |
//! | `schema.rs` | the vocabulary as JSON Schema, for editors |
//! | `read.rs` | a checked file to entries |
//! | `facts.rs` | what entries say about an operation, typed |
//! | `select.rs` | which operations an entry is about |
//! | `merge.rs` | several entries about one operation |
//! | `mentions.rs` | names of tools in settings |
//! | `effect` | what facts change in the IR |
//! | `composite` | tools beside the operations |
//! | `publisher.rs` | who publishes the server |
//! | `prompts.rs` | prompts of the operator's own, and which others there are |

mod check;
mod composite;
mod effect;
mod facts;
mod mentions;
mod merge;
mod prompts;
mod publisher;
mod read;
mod schema;
mod select;
mod shape;
mod toml;
mod tree;
mod vocabulary;

pub use publisher::{InboundAuth, Publisher};
pub use schema::json_schema;

pub(crate) use effect::share_words;
pub(crate) use merge::{Configured, Said};
pub(crate) use read::{Examples, Settings, read, said_by_document};
pub(crate) use select::Target;
pub(crate) use tree::{Place, Trust};

/// What vendor extension holds settings in a document.
pub(crate) const EXTENSION: &str = "x-mcp";
