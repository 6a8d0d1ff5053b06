//! A document that was read.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use serde_json::Value;

use super::index::Index;
use super::{Origins, Position, Refusal};
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
    /// Where it is on disk, when it was read from there.
    pub path: Option<PathBuf>,
    /// The further files that references led to; their values were taken into `value`.
    pub parts: Vec<Document>,
    /// Where the nodes of `value` come from that stood in a part.
    pub(super) taken_in: Origins<usize>,
    /// Where nodes stood before a stage moved them, in terms of `value` as it was read.
    pub(crate) moved: Origins<()>,
    /// References that were not followed, by their text in `value`.
    pub(crate) refusals: HashMap<String, Refusal>,
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
        Self {
            name: Arc::from(name),
            text,
            format,
            value,
            sha256,
            remarks: Vec::new(),
            path: None,
            parts: Vec::new(),
            taken_in: Origins::default(),
            moved: Origins::default(),
            refusals: HashMap::new(),
            index: OnceLock::new(),
        }
    }

    /// The file in which a node of the document stands, and its place there.
    #[must_use]
    pub fn origin(&self, pointer: &Pointer) -> (&Self, Pointer) {
        let before = self.moved.find(pointer).map(|((), before)| before);
        let pointer = before.unwrap_or_else(|| pointer.clone());
        match self.taken_in.find(&pointer) {
            // Number 0 is the document itself.
            Some((file, pointer)) => {
                let part = file.checked_sub(1).and_then(|part| self.parts.get(part));
                (part.unwrap_or(self), pointer)
            }
            None => (self, pointer),
        }
    }

    /// Names the file and the place there of a finding, so that nodes that are moved later do not
    /// change what it is about.
    pub(crate) fn settle(&self, mut diagnostic: Diagnostic) -> Diagnostic {
        if diagnostic.document.is_none()
            && let Some(pointer) = &diagnostic.pointer
        {
            let (file, pointer) = self.origin(pointer);
            diagnostic.pointer = Some(pointer);
            diagnostic.document = Some(Arc::clone(&file.name));
        }
        diagnostic
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
