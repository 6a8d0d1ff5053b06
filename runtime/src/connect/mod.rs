//! Clients of MCP and their files of settings: what stands in them for a server, where they are, and how
//! they are changed without touching anything else (ADR 0058).

mod change;
mod diff;
pub(crate) mod edit;
pub(crate) mod file;
pub(crate) mod link;
mod mask;
pub(crate) mod own;
pub(crate) mod shape;
pub(crate) mod system;
pub(crate) mod table;
pub(crate) mod variables;
pub(crate) mod way;

pub(crate) use change::{Owner, connected, disconnected, entry, found, gone};
pub(crate) use diff::diff;
