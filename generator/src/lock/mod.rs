//! `mcpwright.lock`: which tool each operation is, so that a changed document renames none (rule R1).
//!
//! | file | subject |
//! |---|---|
//! | `text.rs` | from TOML and back |
//! | `matching.rs` | which entry is about which operation |
//! | `changes.rs` | what a run added, removed and renamed |

mod changes;
mod matching;
mod text;

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::ir::Api;
use crate::names::is_tool_name;

pub use changes::Changes;
pub(crate) use matching::without_names;

/// Name of the lock beside the manifest of the generated crate.
pub const LOCK: &str = "mcpwright.lock";

/// The names of tools by operation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lock {
    /// In the order of path and method.
    entries: Vec<Entry>,
    /// Tools beside the operations, and the starts of the hashes of their argument schemas.
    composites: BTreeMap<String, String>,
}

/// An operation and its tool.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    path: String,
    method: String,
    /// Which part of the operation it is; empty for all of it.
    part: String,
    tool: String,
    /// operationId; empty for none.
    operation_id: String,
    /// Start of the SHA-256 of the argument schema.
    schema: String,
}

/// What a lock holds of a tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Held {
    pub(crate) tool: String,
    /// `METHOD /path`, with the part of an operation that is several tools; empty for tools beside them.
    pub(crate) operation: String,
    /// Start of the hash of its arguments.
    pub(crate) schema: String,
}

impl Lock {
    /// Every tool that it holds, those of operations first.
    pub(crate) fn held(&self) -> Vec<Held> {
        let operations = self.entries.iter().map(|entry| Held {
            tool: entry.tool.clone(),
            operation: format!("{} {} {}", entry.method, entry.path, entry.part)
                .trim_end()
                .to_owned(),
            schema: entry.schema.clone(),
        });
        let beside = self.composites.iter().map(|(tool, schema)| Held {
            tool: tool.clone(),
            operation: String::new(),
            schema: schema.clone(),
        });
        operations.chain(beside).collect()
    }

    /// The lock of what was generated.
    #[must_use]
    pub fn of(api: &Api) -> Self {
        let entries = api.operations().map(|operation| Entry {
            path: operation.path.clone(),
            method: operation.method.clone(),
            part: operation
                .variant
                .as_ref()
                .map(crate::ir::Variant::label)
                .unwrap_or_default(),
            tool: operation.tool.clone(),
            operation_id: operation.operation_id.clone(),
            schema: short_hash(&operation.input_schema.to_string()),
        });
        let mut entries: Vec<Entry> = entries.collect();
        entries.sort();
        let composites = api.composites.iter().map(|tool| {
            let hash = short_hash(&tool.input_schema.to_string());
            (tool.tool.clone(), hash)
        });
        Self {
            entries,
            composites: composites.collect(),
        }
    }

    /// Names that it has and that no tool can have (any more), in order.
    pub(crate) fn unusable(&self) -> Vec<&str> {
        let tools = self.entries.iter().map(|entry| entry.tool.as_str());
        tools.filter(|tool| !is_tool_name(tool, true)).collect()
    }
}

/// Enough of a hash to see that something changed.
fn short_hash(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
