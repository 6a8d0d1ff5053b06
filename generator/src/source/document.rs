//! A document that was read.

use std::sync::{Arc, OnceLock};

use serde_json::Value;

use super::Position;
use super::index::Index;
use crate::diagnostics::{Diagnostic, Pointer};

/// The language that a document is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// JSON (RFC 8259).
    Json,
    /// YAML 1.2.
    Yaml,
}

/// A document that was read: its value, its text, and where in the text each node is.
#[derive(Clone, Debug)]
pub struct Document {
    /// The name under which it is shown, usually a relative path.
    pub name: Arc<str>,
    /// The text without a byte order mark.
    pub text: Arc<str>,
    /// The language it is written in.
    pub format: Format,
    /// The content; objects keep the order of the document.
    pub value: Value,
    /// SHA-256 of the raw bytes, lower-case hexadecimal.
    pub sha256: String,
    /// Findings that did not stop the reading (numbers that lose digits and the like).
    pub remarks: Vec<Diagnostic>,
    index: OnceLock<Arc<Index>>,
}

impl Document {
    pub(super) fn new(
        name: &str,
        text: Arc<str>,
        format: Format,
        value: Value,
        sha256: String,
    ) -> Self {
        let (name, remarks, index) = (Arc::from(name), Vec::new(), OnceLock::new());
        Self {
            name,
            text,
            format,
            value,
            sha256,
            remarks,
            index,
        }
    }

    /// Where a node is in the text: its value, or with `key` its key (its value when it is an
    /// array element or the root).
    ///
    /// A node that is not in the text, for example one that a later stage added, is found at the
    /// key of its nearest ancestor that is. `None` only when the text cannot be scanned at all.
    /// The first call scans the whole text; further ones are cheap.
    #[must_use]
    pub fn locate(&self, pointer: &Pointer, key: bool) -> Option<Position> {
        self.index().locate(pointer, key)
    }

    pub(super) fn index(&self) -> &Index {
        self.index
            .get_or_init(|| Arc::new(Index::build(&self.text, self.format)))
    }
}
