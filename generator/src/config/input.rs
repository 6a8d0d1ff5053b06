//! What is read before the pipeline starts.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Config, Error};
use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::library::{Library, without_query};
use crate::pipeline::{Input, Overlay};
use crate::source::bundle::{Loader as _, Location};
use crate::source::{Budget, Budgets};

/// The document or an overlay: read by the generator or given to it.
#[derive(Debug, Clone)]
pub(super) enum Spec {
    File(PathBuf),
    Text {
        name: String,
        bytes: Vec<u8>,
    },
    /// What stands for an address.
    Url(String),
}

impl Spec {
    /// The name under which it is shown, and what it holds.
    fn load(&self, library: &Library, budgets: &Budgets) -> Result<(String, Vec<u8>), Error> {
        match self {
            Self::Text { name, bytes } => Ok((name.clone(), bytes.clone())),
            Self::File(path) => read_file(path),
            Self::Url(url) => {
                let loaded = library.load(&Location::Url(url.clone()), budgets.bytes);
                let loaded = loaded.map_err(|refusal| {
                    let mut diagnostic = refusal.diagnostic();
                    if diagnostic.code == Code::E0109 {
                        diagnostic = diagnostic.help(budgets.remedy(Budget::Bytes, None));
                    }
                    // Nothing can be made without the document.
                    diagnostic.severity = Severity::Error;
                    Error::of(diagnostic)
                })?;
                Ok((without_query(url).to_owned(), loaded.bytes))
            }
        }
    }
}

impl Config {
    pub(super) fn read(&self) -> Result<Input, Error> {
        let mut library = self.library.clone();
        let Some(spec) = &self.spec else {
            return Err(Error::of(
                Diagnostic::new(Code::E0801, "no document was named")
                    .help("name a file, or `-` for standard input"),
            ));
        };
        let (location, path) = match spec {
            Spec::Text { name, .. } => (Location::of_name(name), None),
            Spec::Url(url) => (Location::Url(url.clone()), None),
            Spec::File(path) => {
                let location = match &library.root {
                    Some(root) => below_root(path, root)?,
                    None => {
                        library.root = Some(path.parent().unwrap_or(Path::new("")).to_path_buf());
                        Location::of_name(&file_name(path))
                    }
                };
                (location, Some(path.clone()))
            }
        };
        let (name, bytes) = spec.load(&library, &self.budgets)?;
        let overlays: Result<_, Error> = self
            .overlays
            .iter()
            .map(|overlay| {
                let (name, bytes) = overlay.load(&library, &self.budgets)?;
                Ok(Overlay { name, bytes })
            })
            .collect();
        Ok(Input {
            name,
            bytes,
            location,
            path,
            overlays: overlays?,
            library,
        })
    }
}

/// The name under which a file is shown, and its bytes.
pub(super) fn read_file(path: &Path) -> Result<(String, Vec<u8>), Error> {
    let name = path.display().to_string();
    match fs::read(path) {
        Ok(bytes) => Ok((name, bytes)),
        Err(error) => Err(Error::of(
            Diagnostic::new(Code::E0116, format!("`{name}` cannot be read: {error}"))
                .help("check the path and its permissions"),
        )),
    }
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

/// Where a document is, seen from the folder that references are held in.
fn below_root(path: &Path, root: &Path) -> Result<Location, Error> {
    let real = |path: &Path| {
        let path = if path.as_os_str().is_empty() {
            Path::new(".")
        } else {
            path
        };
        fs::canonicalize(path)
    };
    let folder = path.parent().unwrap_or(Path::new(""));
    let relative = real(folder).ok().zip(real(root).ok());
    let relative = relative
        .as_ref()
        .and_then(|(folder, root)| folder.strip_prefix(root).ok());
    let Some(relative) = relative else {
        return Err(Error::of(
            Diagnostic::new(
                Code::E0801,
                format!(
                    "`{}` is not below the folder `{}` that references are held in",
                    path.display(),
                    root.display()
                ),
            )
            .help("name a folder with `--ref-root` that holds the document and all its parts"),
        ));
    };
    let place = relative.join(file_name(path));
    Ok(Location::of_name(&place.to_string_lossy()))
}
