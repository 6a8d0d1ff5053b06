//! The stages in a row: source (with further files) → overlay → review → normalize → lower → (emit).

use std::path::PathBuf;

use serde_json::Value;

use crate::diagnostics::{Code, Diagnostic, Pointer, RenderOptions, Sink, render_human};
use crate::emit::Files;
use crate::ir;
use crate::library::Library;
use crate::lock::{Changes, Lock};
use crate::lower::{Names, lower};
use crate::normalize::{normalize_noting, upgrade, upgrade_own};
use crate::output::{MANIFEST, OwnedFiles, WRITTEN_ONCE};
use crate::overlay;
use crate::review::{Review, review};
use crate::source::bundle::{Bundler, Location};
use crate::source::{self, Budgets, Document, File, Origins};

/// Largest document, in bytes of JSON, that a server carries.
const MOST_SERVED: usize = 2 << 20;

/// What a run made.
#[derive(Debug)]
pub struct Generated {
    /// Path with `/`, relative to the output folder, to text.
    pub files: Files,
    /// What there is to say about it.
    pub report: Report,
    /// The IR that the files were made from.
    pub api: ir::Api,
    /// The names of its tools, to be kept.
    pub lock: Lock,
    /// What has changed since the lock that was given; nothing without one.
    pub changes: Changes,
}

/// What there is to say about a run.
#[derive(Debug)]
pub struct Report {
    /// Everything that was noticed.
    pub diagnostics: Vec<Diagnostic>,
    /// The document, to show places in it.
    pub document: Document,
    /// What a reviewer should know of it.
    pub review: Review,
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
    /// Adds `CATALOG.md`, with what each tool costs.
    #[cfg(feature = "cli")]
    pub(crate) fn add_catalog(&mut self, cost: &dyn Fn(&str) -> usize) {
        let text = crate::emit::catalog(&self.api, cost);
        self.files.insert(crate::emit::CATALOG.to_owned(), text);
        self.list_owned_files();
    }

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
    /// The overlays, in order.
    pub overlays: Vec<Overlay>,
}

/// An overlay as it was given.
#[derive(Clone, Debug)]
pub(crate) struct Overlay {
    /// What messages call it.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// Reads a document, takes in the files that it refers to, and applies its overlays.
///
/// # Errors
/// When the document is not to be used: the sink says why, for the document as far as it was read.
fn read(
    input: &Input,
    overlays: &[Overlay],
    budgets: &Budgets,
    sink: &mut Sink,
) -> Result<Document, Option<Box<Document>>> {
    let mut document = match source::read(&input.name, &input.bytes, budgets) {
        Ok(document) => document,
        Err(diagnostic) => {
            sink.push(diagnostic);
            return Err(None);
        }
    };
    document.path.clone_from(&input.path);
    document.base = base(&document.value, &input.location);
    // They are about the text, whatever becomes of the nodes.
    for remark in std::mem::take(&mut document.remarks) {
        sink.push(document.settle(remark));
    }
    let location = input.location.clone();
    let mut bundler = Bundler::new(&document, location, &input.library, budgets);
    let mut bundled = bundler.bundle(&mut document);
    if bundled.is_ok() && !overlays.is_empty() {
        apply(&mut document, overlays, budgets, sink);
        if !sink.has_errors() {
            // What an overlay added may refer to files too.
            bundled = bundler.bundle(&mut document);
        }
    }
    bundler.finish(&mut document);
    sink.extend(std::mem::take(&mut document.remarks));
    let failed = bundled.is_err();
    sink.extend(bundled.err());
    // What an overlay was to mend would only be complained about.
    if failed || sink.has_errors() && !overlays.is_empty() {
        return Err(Some(Box::new(document)));
    }
    Ok(document)
}

/// The address that relative addresses of a document start from (OpenAPI 3.2 §4.1.2.2, RFC 3986 §5.1):
/// what it says itself, or where it came from.
fn base(document: &Value, location: &Location) -> Option<String> {
    let own = document.get("$self").and_then(Value::as_str);
    let base = match own {
        Some(own) => location.join(own).ok()?,
        None => location.clone(),
    };
    match base {
        Location::Url(url) => Some(url),
        Location::File(_) => None,
    }
}

/// Reads the overlays and, if all can be read, applies them.
fn apply(document: &mut Document, overlays: &[Overlay], budgets: &Budgets, sink: &mut Sink) {
    let mut read = Vec::with_capacity(overlays.len());
    for overlay in overlays {
        match source::read(&overlay.name, &overlay.bytes, budgets) {
            Ok(overlay) => read.push(overlay),
            Err(diagnostic) => sink.push(diagnostic),
        }
    }
    if !sink.has_errors() {
        overlay::apply(document, read, budgets, sink);
    }
}

/// A document as it is read: its IR, and the form that the IR was made from.
#[cfg(feature = "cli")]
#[derive(Debug)]
pub struct Described {
    /// The IR.
    pub api: ir::Api,
    /// The normalized document.
    pub document: Value,
    /// References in a row that are followed.
    pub(crate) ref_hops: usize,
    /// Schemas and properties that are looked at.
    pub(crate) schemas: usize,
}

/// The same, kept for who acts by it.
#[cfg(feature = "cli")]
pub(crate) fn described(
    input: &Input,
    names: &Names,
    budgets: &Budgets,
) -> Result<Described, Box<Failed>> {
    let (generated, document) = keeping(input, names, budgets, Sink::default())?;
    Ok(Described {
        api: generated.api,
        document,
        ref_hops: budgets.ref_hops,
        schemas: budgets.schemas,
    })
}

/// Everything up to the IR.
pub(crate) fn run(
    input: &Input,
    names: &Names,
    budgets: &Budgets,
    sink: Sink,
) -> Result<Generated, Box<Failed>> {
    keeping(input, names, budgets, sink).map(|(generated, _)| generated)
}

/// The same, with the normalized document.
fn keeping(
    input: &Input,
    names: &Names,
    budgets: &Budgets,
    mut sink: Sink,
) -> Result<(Generated, Value), Box<Failed>> {
    let mut document = match read(input, &input.overlays, budgets, &mut sink) {
        Ok(document) => document,
        Err(document) => {
            return Err(Box::new(Failed {
                diagnostics: sink.into_vec(),
                document: document.map(|document| *document),
            }));
        }
    };
    let mut found = Sink::default();
    let review = review(&document.value, &mut found);
    for diagnostic in found.into_vec() {
        sink.push(document.settle(diagnostic));
    }
    let served = names.serves_document().then(|| document.value.to_string());
    // Places are looked up in the text, so that the value can be normalized without a copy of it.
    let mut value = std::mem::take(&mut document.value);
    let mut found = Sink::default();
    let is_older = value.get("openapi").is_none();
    let is_own = |place: &Pointer| !matches!(document.origins.find(place).file, File::Part(_));
    let moved = upgrade_own(&mut value, &is_own, &mut found);
    for diagnostic in found.into_vec() {
        sink.push(document.settle(diagnostic));
    }
    document.moved = moved.unwrap_or_default();
    let normalized = normalize_noting(&mut value, budgets, &mut sink, &mut document.moved);
    if let Err(diagnostic) = normalized {
        sink.push(diagnostic);
        return Err(Box::new(Failed {
            diagnostics: sink.into_vec(),
            document: Some(document),
        }));
    }
    let mut api = lower(&document, &value, names, budgets, &mut sink);
    if let (Some(api), Some(served)) = (&mut api, served) {
        if served.len() > MOST_SERVED {
            let message = format!(
                "the document has {} bytes as JSON; at most {MOST_SERVED} are served",
                served.len()
            );
            let help =
                "leave `server.serve_document` out, or take out what is not needed with an overlay";
            sink.push(Diagnostic::new(Code::E0418, message).help(help));
        }
        api.document = Some(served);
    }
    // Overlays are applied to the document as it was before, which has another shape.
    sink.without_overlays(|place| is_older || document.moved.touches(place));
    match api {
        Some(api) if !sink.has_errors() => {
            let lock = Lock::of(&api);
            let generated = Generated {
                files: Files::new(),
                report: Report {
                    diagnostics: sink.into_vec(),
                    document,
                    review,
                },
                changes: names
                    .lock
                    .as_ref()
                    .map(|before| lock.since(before))
                    .unwrap_or_default(),
                lock,
                api,
            };
            Ok((generated, value))
        }
        _ => Err(Box::new(Failed {
            diagnostics: sink.into_vec(),
            document: Some(document),
        })),
    }
}

/// The document at each stage.
#[derive(Debug)]
pub struct Stages {
    /// As it was read, with the files that it refers to.
    pub source: Value,
    /// As the overlays left it; `None` without overlays.
    pub overlaid: Option<Value>,
    /// Where nodes of the normalized document stand in the source, when they were moved.
    pub moved: Origins,
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
    // Nothing is refused that was not refused above.
    let again = |overlays: &[Overlay]| {
        read(input, overlays, budgets, &mut Sink::default())
            .map(|document| document.value)
            .unwrap_or_default()
    };
    let source = again(&[]);
    let overlaid = (!input.overlays.is_empty()).then(|| again(&input.overlays));
    let mut normalized = overlaid.as_ref().unwrap_or(&source).clone();
    // What was taken in from other files only changes what is said.
    let mut moved = upgrade(&mut normalized, &mut Sink::default()).unwrap_or_default();
    let _ = normalize_noting(&mut normalized, budgets, &mut Sink::default(), &mut moved);
    Ok(Stages {
        source,
        overlaid,
        moved,
        normalized,
        api: generated.api,
    })
}
