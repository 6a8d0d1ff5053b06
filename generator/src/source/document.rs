//! A document that was read.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use serde_json::Value;

use super::index::Index;
use super::{File, Origins, Position};
use crate::diagnostics::{Diagnostic, Pointer, Refusal};

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
    /// The address that relative addresses in it start from, when it has one.
    pub(crate) base: Option<String>,
    /// The further files that references led to; their values were taken into `value`.
    pub parts: Vec<Document>,
    /// The overlays that were applied to `value`, in order.
    pub overlays: Vec<Document>,
    /// Where the nodes of `value` come from that are not where they are in the text.
    pub(crate) origins: Origins,
    /// Where nodes stood before a later stage moved them, in terms of `value`.
    pub(crate) moved: Origins,
    /// References that were not followed, by their text in `value`.
    pub(crate) refusals: HashMap<String, Refusal>,
    index: OnceLock<Arc<Index>>,
}

/// Where a node of a document comes from.
#[derive(Clone, Debug)]
pub struct Origin<'a> {
    /// The document itself, one of its parts, or an overlay.
    pub file: &'a Document,
    /// The node in that file.
    pub pointer: Pointer,
    /// An overlay removed the node, so that `pointer` is what held it.
    pub gone: bool,
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
            base: None,
            parts: Vec::new(),
            overlays: Vec::new(),
            origins: Origins::default(),
            moved: Origins::default(),
            refusals: HashMap::new(),
            index: OnceLock::new(),
        }
    }

    /// The file in which a node of the document stands, and its place there.
    #[must_use]
    pub fn origin(&self, pointer: &Pointer) -> Origin<'_> {
        let place = self.origins.find(&self.moved.find(pointer).pointer);
        let file = match place.file {
            File::Document => None,
            File::Part(number) => self.parts.get(number),
            File::Overlay(number) => self.overlays.get(number),
        };
        Origin {
            file: file.unwrap_or(self),
            pointer: place.pointer,
            gone: place.gone,
        }
    }

    /// Gives a finding its file and the place there, so that nodes that are moved later do not change
    /// what it is about. The text goes with it, since two files may have the same name.
    pub(crate) fn settle(&self, mut diagnostic: Diagnostic) -> Diagnostic {
        if diagnostic.document.is_none()
            && let Some(pointer) = &diagnostic.pointer
        {
            let origin = self.origin(pointer);
            diagnostic.at_key |= origin.gone;
            if diagnostic.position.is_none() {
                diagnostic.position = origin.file.locate(&origin.pointer, diagnostic.at_key);
                diagnostic.text = Some(Arc::clone(&origin.file.text));
            }
            diagnostic.document = Some(Arc::clone(&origin.file.name));
            diagnostic.pointer = Some(origin.pointer);
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
