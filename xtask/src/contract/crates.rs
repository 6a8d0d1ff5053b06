//! Whether the crates that were generated compile, with warnings as errors: all in one workspace, so
//! that the runtime and what it needs are built once, and by one run of Cargo.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::corpus;
use super::crew::Outcome;
use super::document::{Failure, Figures};
use crate::failure::{Context as _, Result};
use crate::workshop::{Workshop, write_crate};

/// Lines of a compiler's message that are kept.
const LINES: usize = 8;
/// Characters of a document's name that are kept in that of its crate; a digest tells the rest apart.
const NAME: usize = 48;

/// The workspace, and how many documents' crates go into it.
#[derive(Debug)]
pub struct Crates {
    workshop: Workshop,
    most: usize,
}

/// The documents whose crates are compiled, and where these are written.
#[derive(Debug)]
pub struct Chosen {
    folder: PathBuf,
    documents: BTreeSet<PathBuf>,
}

impl Chosen {
    /// Writes the crate of a document if it is one of them.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, document: &Path, files: &BTreeMap<String, String>) -> Result<()> {
        if self.documents.contains(document) {
            write_crate(&self.folder.join(package(document)), files)?;
        }
        Ok(())
    }
}

impl Crates {
    /// For the first `most` documents.
    ///
    /// # Errors
    /// When the workspace cannot be written.
    pub fn new(most: usize) -> Result<Self> {
        Ok(Self {
            workshop: Workshop::new("contract-crates", "dev")?,
            most,
        })
    }

    /// Which of the documents are meant.
    pub fn among(&self, documents: &[PathBuf]) -> Chosen {
        Chosen {
            folder: self.workshop.folder().to_path_buf(),
            documents: documents.iter().take(self.most).cloned().collect(),
        }
    }

    /// Compiles the crates of the documents that were loaded, and notes what became of each.
    ///
    /// # Errors
    /// When Cargo fails for another reason than a crate.
    pub fn check(mut self, documents: &[PathBuf], outcomes: &mut [Outcome<Figures>]) -> Result<()> {
        let mut waiting: BTreeMap<String, &mut Figures> = BTreeMap::new();
        for (document, outcome) in documents.iter().zip(outcomes).take(self.most) {
            if let Outcome::Done(figures) = outcome
                && figures.refused.is_none()
            {
                let package = package(document);
                self.workshop.add(package.clone());
                waiting.insert(package, figures);
            }
        }
        self.workshop.prepare(&["check"])?;
        let arguments = [
            "check",
            "--workspace",
            "--keep-going",
            "--message-format=json",
        ];
        let output = self
            .workshop
            .command(&arguments)
            .output()
            .context("cargo check")?;
        let mut faults: BTreeMap<String, String> = BTreeMap::new();
        for line in String::from_utf8_lossy(&output.stdout).lines() {
            if let Some((package, message)) = fault(line) {
                faults.entry(package).or_insert(message);
            }
        }
        if !output.status.success() && !faults.keys().any(|name| waiting.contains_key(name)) {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
        }
        for (package, figures) in waiting {
            let fault = faults.remove(&package);
            figures.compiles = Some(fault.is_none());
            figures.failures.extend(fault.map(|detail| Failure {
                operation: package,
                plan: String::new(),
                kind: "does not compile",
                detail,
            }));
        }
        Ok(())
    }
}

/// The package of a document's crate.
pub fn package(document: &Path) -> String {
    let name = corpus::name(document);
    let words = name.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let start: String = words.join("-").chars().take(NAME).collect();
    let start = start.to_ascii_lowercase();
    let start = start.trim_end_matches('-');
    let digest = Sha256::digest(&name);
    let digest: String = digest.iter().take(3).map(|b| format!("{b:02x}")).collect();
    format!("api-{start}-{digest}")
}

/// The package and the text of an error, if that is what a line of Cargo's messages says.
fn fault(line: &str) -> Option<(String, String)> {
    let message: Value = serde_json::from_str(line).ok()?;
    let text = |pointer: &str| message.pointer(pointer).and_then(Value::as_str);
    if text("/reason") != Some("compiler-message") || text("/message/level") != Some("error") {
        return None;
    }
    let manifest = Path::new(text("/manifest_path")?);
    let package = manifest
        .parent()?
        .file_name()?
        .to_string_lossy()
        .into_owned();
    let shown: Vec<&str> = text("/message/rendered")?.lines().take(LINES).collect();
    Some((package, shown.join(" ")))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{fault, package};

    #[test]
    fn packages_are_named_after_documents() {
        for (document, expected) in [
            ("/elsewhere/crm.yaml", "api-crm-"),
            ("/elsewhere/A/1.0 Ä.json", "api-1-0-"),
        ] {
            let package = package(Path::new(document));
            assert!(package.starts_with(expected), "{package}");
            assert_eq!(package.len(), expected.len() + 6);
        }
        let long = |end| package(Path::new(&format!("/{}{end}.json", "x".repeat(99))));
        assert_ne!(long("a"), long("b"));
        assert!(long("a").len() <= 64);
    }

    #[test]
    fn errors_are_told_from_other_messages_of_cargo() {
        let line = |level: &str| {
            format!(
                r#"{{"reason":"compiler-message","manifest_path":"/w/api-a/Cargo.toml","message":{{"level":"{level}","rendered":"no\nway"}}}}"#
            )
        };
        let expected = Some(("api-a".to_owned(), "no way".to_owned()));
        assert_eq!(fault(&line("error")), expected);
        assert_eq!(fault(&line("note")), None);
        assert_eq!(
            fault(r#"{"reason":"build-finished","success":false}"#),
            None
        );
        assert_eq!(fault("not JSON"), None);
    }
}
