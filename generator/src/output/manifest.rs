//! The list of files that the generator owns in an output folder.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Name of the list in the output folder.
pub const MANIFEST: &str = "mcpwright.manifest.json";

/// The files that the generator owns, with the hashes of what it wrote.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnedFiles {
    /// Version of the generator that wrote them.
    pub generator: String,
    /// Lower-case hexadecimal SHA-256 of the document.
    pub document_sha256: String,
    /// Path with `/`, relative to the folder, to the SHA-256 of its bytes.
    pub files: BTreeMap<String, String>,
}

impl OwnedFiles {
    /// The list for a set of files.
    pub fn of<'f>(
        generator: &str,
        document_sha256: &str,
        files: impl Iterator<Item = (&'f str, &'f str)>,
    ) -> Self {
        Self {
            generator: generator.to_owned(),
            document_sha256: document_sha256.to_owned(),
            files: files
                .map(|(path, text)| (path.to_owned(), hash(text.as_bytes())))
                .collect(),
        }
    }

    /// The list as text.
    pub fn to_text(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }
}

/// Lower-case hexadecimal SHA-256.
pub fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
