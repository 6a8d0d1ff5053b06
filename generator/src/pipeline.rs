//! The stages in a row: source (with further files) → normalize → lower → (emit).

use std::path::PathBuf;

use serde_json::Value;

use crate::diagnostics::{Diagnostic, RenderOptions, Sink, render_human};
use crate::emit::Files;
use crate::ir;
use crate::library::Library;
use crate::lower::{Names, lower};
use crate::normalize::{normalize, upgrade};
use crate::output::{MANIFEST, OwnedFiles, WRITTEN_ONCE};
use crate::source::bundle::{Location, bundle};
use crate::source::{self, Budgets, Document, Origins};

/// What a run made.
#[derive(Debug)]
pub struct Generated {
    /// Path with `/`, relative to the output folder, to text.
    pub files: Files,
    /// What there is to say about it.
    pub report: Report,
    /// The IR that the files were made from.
    pub api: ir::Api,
}

/// What there is to say about a run.
#[derive(Debug)]
pub struct Report {
    /// Everything that was noticed.
    pub diagnostics: Vec<Diagnostic>,
    /// The document, to show places in it.
    pub document: Document,
}

/// A run that made nothing.
#[derive(Debug)]
pub struct Failed {
    /// Why; at least one is an error.
    pub diagnostics: Vec<Diagnostic>,
    /// The document, if it could be read.
    pub document: Option<Document>,
}

impl Failed {
    /// The diagnostics as people read them, without colour.
    pub fn to_text(&self) -> String {
        let options = RenderOptions {
            color: false,
            width: 100,
            all: false,
        };
        render_human(&self.diagnostics, self.document.as_ref(), &options)
    }
}

impl Generated {
    /// Adds the list of owned files, after everything else.
    pub(crate) fn list_owned_files(&mut self) {
        let owned = OwnedFiles::of(
            env!("CARGO_PKG_VERSION"),
            &self.api.document_sha256,
            self.files
                .iter()
                .map(|(path, text)| (path.as_str(), text.as_str()))
                .filter(|(path, _)| !WRITTEN_ONCE.contains(path)),
        );
        self.files.insert(MANIFEST.to_owned(), owned.to_text());
    }
}

/// What a run starts from.
#[derive(Debug)]
pub(crate) struct Input {
    /// The name under which the document is shown.
    pub name: String,
    /// The document.
    pub bytes: Vec<u8>,
    /// Where it is, as references see it.
    pub location: Location,
    /// Where it is on disk.
    pub path: Option<PathBuf>,
    /// The files that references may lead to.
    pub library: Library,
}

/// Reads a document and the files that it refers to.
fn read(input: &Input, budgets: &Budgets) -> Result<Document, Box<Failed>> {
    let mut document = source::read(&input.name, &input.bytes, budgets).map_err(|diagnostic| {
        Box::new(Failed {
            diagnostics: vec![diagnostic],
            document: None,
        })
    })?;
    document.path.clone_from(&input.path);
    let bundled = bundle(
        &mut document,
        input.location.clone(),
        &input.library,
        budgets,
    );
    match bundled {
        Ok(()) => Ok(document),
        Err(diagnostic) => Err(Box::new(Failed {
            diagnostics: vec![diagnostic],
            document: Some(document),
        })),
    }
}

/// Everything up to the IR.
pub(crate) fn run(
    input: &Input,
    names: &Names,
    budgets: &Budgets,
    mut sink: Sink,
) -> Result<Generated, Box<Failed>> {
    let mut document = read(input, budgets)?;
    for diagnostic in std::mem::take(&mut document.remarks) {
        sink.push(diagnostic);
    }
    // Places are looked up in the text, so that the value can be normalized without a copy of it.
    let mut value = std::mem::take(&mut document.value);
    let mut found = Sink::default();
    let moved = upgrade(&mut value, &mut found);
    for diagnostic in found.into_vec() {
        sink.push(document.settle(diagnostic));
    }
    document.moved = moved.unwrap_or_default();
    if let Err(diagnostic) = normalize(&mut value, budgets, &mut sink) {
        sink.push(diagnostic);
        return Err(Box::new(Failed {
            diagnostics: sink.into_vec(),
            document: Some(document),
        }));
    }
    let api = lower(&document, &value, names, budgets, &mut sink);
    match api {
        Some(api) if !sink.has_errors() => Ok(Generated {
            files: Files::new(),
            report: Report {
                diagnostics: sink.into_vec(),
                document,
            },
            api,
        }),
        _ => Err(Box::new(Failed {
            diagnostics: sink.into_vec(),
            document: Some(document),
        })),
    }
}

/// The document at each stage.
#[derive(Debug)]
pub struct Stages {
    /// As it was read.
    pub source: Value,
    /// Where nodes of the normalized document stand in the source, when they were moved.
    pub moved: Origins<()>,
    /// As normalization left it.
    pub normalized: Value,
    /// The IR.
    pub api: ir::Api,
}

/// Runs the stages and keeps what each made.
pub(crate) fn stages(
    input: &Input,
    names: &Names,
    budgets: &Budgets,
) -> Result<Stages, Box<Failed>> {
    let generated = run(input, names, budgets, Sink::default())?;
    let read = read(input, budgets)?;
    let mut normalized = read.value.clone();
    let moved = upgrade(&mut normalized, &mut Sink::default()).unwrap_or_default();
    let _ = normalize(&mut normalized, budgets, &mut Sink::default());
    Ok(Stages {
        source: read.value,
        moved,
        normalized,
        api: generated.api,
    })
}
