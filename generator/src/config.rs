//! What to generate from, and how: the one entry for the command line, build scripts and tests.

use std::fs;
use std::path::{Path, PathBuf};

use crate::diagnostics::{Code, Diagnostic, Sink};
use crate::emit::{self, Manifest, RuntimeSource};
use crate::library::Library;
use crate::lower::{Exclude, Names};
use crate::pipeline::{self, Generated, Input, Overlay};
use crate::source::bundle::Location;
use crate::source::{Budgets, Document};

/// The document or an overlay: read by the generator or given to it.
#[derive(Debug, Clone)]
enum Spec {
    File(PathBuf),
    Text { name: String, bytes: Vec<u8> },
}

impl Spec {
    /// What it holds, as an overlay.
    fn overlay(&self) -> Result<Overlay, Error> {
        let (name, bytes) = match self {
            Self::Text { name, bytes } => (name.clone(), bytes.clone()),
            Self::File(path) => read_file(path)?,
        };
        Ok(Overlay { name, bytes })
    }
}

/// A generator run, described.
///
/// ```
/// let document = r#"{
///     "openapi": "3.1.0",
///     "info": {"title": "Leads", "version": "1"},
///     "paths": {"/leads": {"get": {"operationId": "listLeads", "responses": {"200": {"description": "ok"}}}}}
/// }"#;
/// let generated = mcpwright::Config::new().spec_str("leads.json", document).generate()?;
/// assert!(generated.files.contains_key("src/operations/leads.rs"));
/// # Ok::<(), mcpwright::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Config {
    spec: Option<Spec>,
    overlays: Vec<Spec>,
    names: Names,
    manifest: Manifest,
    library: Library,
    budgets: Budgets,
    strict: bool,
    module: Option<String>,
    out_dir: Option<PathBuf>,
}

impl Config {
    /// A run without a document.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads the document from a file, JSON or YAML.
    ///
    /// ```no_run
    /// mcpwright::Config::new().spec("specs/crm.yaml").compile()?;
    /// # Ok::<(), mcpwright::Error>(())
    /// ```
    #[must_use]
    pub fn spec(mut self, path: impl AsRef<Path>) -> Self {
        self.spec = Some(Spec::File(path.as_ref().to_path_buf()));
        self
    }

    /// Takes the document as text; `name` is shown in messages and in generated files.
    #[must_use]
    pub fn spec_str(self, name: &str, text: &str) -> Self {
        self.spec_bytes(name, text.as_bytes())
    }

    /// Takes the document as bytes.
    #[must_use]
    pub fn spec_bytes(mut self, name: &str, bytes: &[u8]) -> Self {
        self.spec = Some(Spec::Text {
            name: name.to_owned(),
            bytes: bytes.to_vec(),
        });
        self
    }

    /// Applies an OpenAPI Overlay (1.0 or 1.1, JSON or YAML) to the document before anything else.
    /// May be called again: overlays are applied in order, each to the result of the one before.
    ///
    /// ```no_run
    /// mcpwright::Config::new()
    ///     .spec("specs/crm.yaml")
    ///     .overlay("specs/crm.overlay.yaml")
    ///     .compile()?;
    /// # Ok::<(), mcpwright::Error>(())
    /// ```
    #[must_use]
    pub fn overlay(mut self, path: impl AsRef<Path>) -> Self {
        self.overlays.push(Spec::File(path.as_ref().to_path_buf()));
        self
    }

    /// Applies an overlay that is given as text; `name` is shown in messages.
    ///
    /// ```
    /// let document = r#"{
    ///     "openapi": "3.1.0",
    ///     "info": {"title": "Leads", "version": "1"},
    ///     "paths": {"/leads": {"get": {"responses": {"200": {"description": "ok"}}}}}
    /// }"#;
    /// let overlay = r#"
    /// overlay: 1.1.0
    /// info: { title: Names, version: 1.0.0 }
    /// actions:
    ///   - target: $.paths['/leads'].get
    ///     update: { operationId: findLeads }
    /// "#;
    /// let generated = mcpwright::Config::new()
    ///     .spec_str("leads.json", document)
    ///     .overlay_str("names.overlay.yaml", overlay)
    ///     .generate()?;
    /// assert_eq!(generated.api.operations().next().unwrap().operation_id, "findLeads");
    /// # Ok::<(), mcpwright::Error>(())
    /// ```
    #[must_use]
    pub fn overlay_str(mut self, name: &str, text: &str) -> Self {
        self.overlays.push(Spec::Text {
            name: name.to_owned(),
            bytes: text.as_bytes().to_vec(),
        });
        self
    }

    /// Gives a further file as text, which references may lead to before anything is looked for on
    /// disk. The name is its path as the document's own name is one: with the document
    /// `api/crm.yaml`, its `$ref: lead.yaml` is the file `api/lead.yaml`.
    ///
    /// ```
    /// let document = r#"{
    ///     "openapi": "3.1.0",
    ///     "info": {"title": "Leads", "version": "1"},
    ///     "paths": {"/leads": {"$ref": "leads.yaml"}}
    /// }"#;
    /// let leads = "get: {operationId: listLeads, responses: {'200': {description: ok}}}";
    /// let config = mcpwright::Config::new().spec_str("crm.json", document).file("leads.yaml", leads);
    /// assert_eq!(config.generate()?.api.operations().count(), 1);
    /// # Ok::<(), mcpwright::Error>(())
    /// ```
    #[must_use]
    pub fn file(mut self, name: &str, text: &str) -> Self {
        let bytes = text.as_bytes().to_vec();
        self.library.memory.insert(name.to_owned(), bytes);
        self
    }

    /// The folder that relative references cannot leave; the folder of the document if not given.
    /// For a document that is no file, references start from it.
    ///
    /// ```
    /// mcpwright::Config::new().spec("api/crm.yaml").ref_root(".");
    /// ```
    #[must_use]
    pub fn ref_root(mut self, folder: impl AsRef<Path>) -> Self {
        self.library.root = Some(folder.as_ref().to_path_buf());
        self
    }

    /// The file that stands for an address in references. An address that ends in `/` stands for
    /// everything below it, and the file is a folder then. The network is never asked.
    ///
    /// ```
    /// mcpwright::Config::new().ref_map("https://crm.example.com/schemas/", "schemas/");
    /// ```
    #[must_use]
    pub fn ref_map(mut self, url: &str, file: impl AsRef<Path>) -> Self {
        let file = file.as_ref().to_path_buf();
        self.library.map.push((url.to_owned(), file));
        self
    }

    /// Name of the server in MCP, `^[a-z][a-z0-9-]{0,15}$`; from `info.title` if not given. Environment
    /// variables are named after it.
    ///
    /// ```
    /// mcpwright::Config::new().server_name("acme-crm");
    /// ```
    #[must_use]
    pub fn server_name(mut self, name: &str) -> Self {
        self.names.server = Some(name.to_owned());
        self
    }

    /// Name of the Cargo package; `<server>-mcp` if not given.
    ///
    /// ```
    /// mcpwright::Config::new().package_name("acme-crm-mcp");
    /// ```
    #[must_use]
    pub fn package_name(mut self, name: &str) -> Self {
        self.names.package = Some(name.to_owned());
        self
    }

    /// Leaves operations out, with the reason that reports show. The selector is an operationId,
    /// `METHOD /path` or `tag:NAME`; one that matches nothing is an error.
    ///
    /// ```
    /// mcpwright::Config::new().exclude("tag:Internal", "not for agents");
    /// ```
    #[must_use]
    pub fn exclude(mut self, selector: &str, reason: &str) -> Self {
        self.names.exclude.push(Exclude {
            selector: selector.to_owned(),
            reason: reason.to_owned(),
        });
        self
    }

    /// Where the generated crate gets the runtime from; vendored if not given.
    ///
    /// ```
    /// use mcpwright::{Config, RuntimeSource};
    /// Config::new().runtime(RuntimeSource::Path("../runtime".to_owned()));
    /// ```
    #[must_use]
    pub fn runtime(mut self, source: RuntimeSource) -> Self {
        self.manifest.runtime = source;
        self
    }

    /// Makes the crate a member of the workspace around it, instead of a workspace of its own.
    ///
    /// ```
    /// mcpwright::Config::new().workspace_member(true);
    /// ```
    #[must_use]
    pub fn workspace_member(mut self, member: bool) -> Self {
        self.manifest.member = member;
        self
    }

    /// Treats everything that was skipped or guessed as an error.
    ///
    /// ```
    /// mcpwright::Config::new().strict(true);
    /// ```
    #[must_use]
    pub fn strict(mut self, strict: bool) -> Self {
        self.strict = strict;
        self
    }

    /// Limits for hostile documents.
    ///
    /// ```
    /// use mcpwright::{Config, source::Budgets};
    /// Config::new().budgets(Budgets { bytes: 1 << 20, ..Budgets::default() });
    /// ```
    #[must_use]
    pub fn budgets(mut self, budgets: Budgets) -> Self {
        self.budgets = budgets;
        self
    }

    /// In a build script: name of the file in `OUT_DIR`, without `.rs`; the stem of the document's
    /// file name if not given.
    ///
    /// ```
    /// mcpwright::Config::new().module("crm");
    /// ```
    #[must_use]
    pub fn module(mut self, name: &str) -> Self {
        self.module = Some(name.to_owned());
        self
    }

    /// In a build script: folder for the generated file instead of `OUT_DIR`.
    ///
    /// ```
    /// mcpwright::Config::new().out_dir("src/generated");
    /// ```
    #[must_use]
    pub fn out_dir(mut self, folder: impl AsRef<Path>) -> Self {
        self.out_dir = Some(folder.as_ref().to_path_buf());
        self
    }

    /// Generates the files of a crate. With [`Config::spec_str`] this touches no file system.
    ///
    /// # Errors
    /// When the document cannot be used; the error holds every diagnostic.
    pub fn generate(&self) -> Result<Generated, Error> {
        let mut run = self.run()?;
        run.files = emit::crate_files(&run.api, &self.manifest);
        if self.manifest.runtime == RuntimeSource::Vendored {
            let runtime = crate::embedded::runtime_files().map_err(|error| {
                Error::Message(format!(
                    "the runtime that this tool carries cannot be read: {error}"
                ))
            })?;
            run.files.extend(
                runtime
                    .into_iter()
                    .map(|(path, text)| (format!("mcpwright-runtime/{path}"), text)),
            );
        }
        run.list_owned_files();
        Ok(run)
    }

    /// Generates the one file that `include!` takes in.
    ///
    /// # Errors
    /// When the document cannot be used; the error holds every diagnostic.
    pub fn generate_embedded(&self) -> Result<Generated, Error> {
        let mut run = self.run()?;
        let text = emit::embedded_file(&run.api);
        let module = self.module_name(&run.report.document.name);
        run.files.insert(format!("{module}.rs"), text);
        Ok(run)
    }

    /// For build scripts: generates one file into `OUT_DIR`, tells Cargo when to run again, and shows
    /// warnings. Take it in with `mcpwright_runtime::include_generated!("<stem of the document>")`.
    ///
    /// ```no_run
    /// // build.rs
    /// fn main() -> Result<(), mcpwright::Error> {
    ///     mcpwright::Config::new().spec("specs/crm.yaml").compile()
    /// }
    /// ```
    ///
    /// # Errors
    /// When the document cannot be used or the file cannot be written.
    pub fn compile(&self) -> Result<(), Error> {
        for spec in self.spec.iter().chain(&self.overlays) {
            if let Spec::File(path) = spec {
                cargo_says(&format!("rerun-if-changed={}", path.display()));
            }
        }
        let out_dir = match &self.out_dir {
            Some(folder) => folder.clone(),
            None => std::env::var_os("OUT_DIR").map(PathBuf::from).ok_or_else(|| {
                Error::Message(
                    "OUT_DIR is not set: `compile` is for build scripts; elsewhere set `out_dir` or call `generate`"
                        .to_owned(),
                )
            })?,
        };
        let generated = self.generate_embedded();
        let document = match &generated {
            Ok(generated) => Some(&generated.report.document),
            Err(Error::Refused(failed)) => failed.document.as_ref(),
            Err(Error::Message(_)) => None,
        };
        let parts = document.map(|document| document.parts.as_slice());
        for path in parts
            .into_iter()
            .flatten()
            .filter_map(|part: &Document| part.path.as_ref())
        {
            cargo_says(&format!("rerun-if-changed={}", path.display()));
        }
        let generated = generated?;
        for diagnostic in generated.report.diagnostics.iter() {
            if diagnostic.severity == crate::diagnostics::Severity::Warning {
                cargo_says(&format!(
                    "warning={}: {}",
                    diagnostic.code.id(),
                    diagnostic.message.replace('\n', " ")
                ));
            }
        }
        for (name, text) in &generated.files {
            let path = out_dir.join(name);
            // An unchanged file keeps its time stamp, and nothing is built again.
            if fs::read(&path).is_ok_and(|current| current == text.as_bytes()) {
                continue;
            }
            fs::create_dir_all(&out_dir)
                .and_then(|()| fs::write(&path, text))
                .map_err(|error| Error::Message(format!("{}: {error}", path.display())))?;
        }
        Ok(())
    }

    /// The stages of a run, for `explain`.
    ///
    /// # Errors
    /// When the document cannot be used.
    pub fn stages(&self) -> Result<pipeline::Stages, Error> {
        let input = self.read()?;
        pipeline::stages(&input, &self.names, &self.budgets).map_err(Error::Refused)
    }

    fn run(&self) -> Result<Generated, Error> {
        let input = self.read()?;
        self.check_names()?;
        let mut sink = Sink::default();
        if self.strict {
            sink.make_strict();
        }
        pipeline::run(&input, &self.names, &self.budgets, sink).map_err(Error::Refused)
    }

    fn check_names(&self) -> Result<(), Error> {
        let refuse = |what: &str, name: &str, rule: &str| {
            Err(Error::of(
                Diagnostic::new(
                    Code::E0801,
                    format!("`{}` is no {what}", crate::text::line(name, 60)),
                )
                .help(rule.to_owned()),
            ))
        };
        if let Some(name) = &self.names.server {
            let valid = name.len() <= 16
                && name.starts_with(|c: char| c.is_ascii_lowercase())
                && name
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
            if !valid {
                return refuse(
                    "server name",
                    name,
                    "1 to 16 characters: a-z, 0-9 and `-`, starting with a letter",
                );
            }
        }
        if let Some(name) = &self.names.package {
            let valid = name.len() <= 64
                && name.starts_with(|c: char| c.is_ascii_lowercase())
                && name.bytes().all(|b| {
                    b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_'
                });
            if !valid {
                return refuse(
                    "package name",
                    name,
                    "1 to 64 characters: a-z, 0-9, `-` and `_`, starting with a letter",
                );
            }
        }
        Ok(())
    }

    fn read(&self) -> Result<Input, Error> {
        let mut library = self.library.clone();
        let overlays: Result<_, Error> = self.overlays.iter().map(Spec::overlay).collect();
        match &self.spec {
            None => Err(Error::of(
                Diagnostic::new(Code::E0801, "no document was named")
                    .help("name a file, or `-` for standard input"),
            )),
            Some(Spec::Text { name, bytes }) => Ok(Input {
                location: Location::of_name(name),
                name: name.clone(),
                bytes: bytes.clone(),
                path: None,
                library,
                overlays: overlays?,
            }),
            Some(Spec::File(path)) => {
                let location = match &library.root {
                    Some(root) => below_root(path, root)?,
                    None => {
                        library.root = Some(path.parent().unwrap_or(Path::new("")).to_path_buf());
                        Location::of_name(&file_name(path))
                    }
                };
                let (name, bytes) = read_file(path)?;
                Ok(Input {
                    name,
                    bytes,
                    location,
                    path: Some(path.clone()),
                    library,
                    overlays: overlays?,
                })
            }
        }
    }

    fn module_name(&self, document: &str) -> String {
        self.module.clone().unwrap_or_else(|| {
            let stem = Path::new(document)
                .file_stem()
                .map(|s| s.to_string_lossy().into_owned());
            crate::names::snake(&stem.unwrap_or_default(), 0)
        })
    }
}

/// The name under which a file is shown, and its bytes.
fn read_file(path: &Path) -> Result<(String, Vec<u8>), Error> {
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

/// Directives for Cargo go to standard output.
#[allow(
    clippy::print_stdout,
    reason = "a build script talks to Cargo on standard output"
)]
fn cargo_says(directive: &str) {
    println!("cargo::{directive}");
}

/// Why nothing was generated.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The document was refused.
    #[error("{}", .0.to_text())]
    Refused(Box<pipeline::Failed>),
    /// Something around it failed.
    #[error("{0}")]
    Message(String),
}

impl Error {
    fn of(diagnostic: Diagnostic) -> Self {
        Self::Refused(Box::new(pipeline::Failed {
            diagnostics: vec![diagnostic],
            document: None,
        }))
    }
}
