//! The document, its overlays, and the files that it may lead to.

use std::path::Path;
#[cfg(feature = "cli")]
use std::sync::Arc;

use super::{Config, Spec};
#[cfg(feature = "cli")]
use crate::library::Fetch;

impl Config {
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

    /// Takes the document that an address stands for, which starts with `https://` or `http://`; its
    /// relative references start from that address. The file comes from [`Config::file`] or
    /// [`Config::ref_map`]: only the command line can fetch, with `--allow-fetch`.
    ///
    /// ```
    /// let document = r#"{
    ///     "openapi": "3.1.0",
    ///     "info": {"title": "Leads", "version": "1"},
    ///     "paths": {"/leads": {"$ref": "leads.yaml"}}
    /// }"#;
    /// let leads = "get: {operationId: listLeads, responses: {'200': {description: ok}}}";
    /// let config = mcpwright::Config::new()
    ///     .spec_url("https://crm.example.com/api/openapi.json")
    ///     .file("https://crm.example.com/api/openapi.json", document)
    ///     .file("https://crm.example.com/api/leads.yaml", leads);
    /// assert_eq!(config.generate()?.api.operations().count(), 1);
    /// # Ok::<(), mcpwright::Error>(())
    /// ```
    #[must_use]
    pub fn spec_url(mut self, url: &str) -> Self {
        self.spec = Some(Spec::Url(url.to_owned()));
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
    /// `api/crm.yaml`, its `$ref: lead.yaml` is the file `api/lead.yaml`. An address as the name gives
    /// the file that the address stands for.
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

    /// How addresses are fetched that no file stands for.
    #[cfg(feature = "cli")]
    pub(crate) fn fetch(mut self, fetch: Arc<dyn Fetch>) -> Self {
        self.library.fetch = Some(fetch);
        self
    }

    /// What was fetched, a line each.
    #[cfg(feature = "cli")]
    pub(crate) fn fetched(&self) -> Vec<String> {
        self.library
            .fetch
            .as_ref()
            .map(|fetch| fetch.fetched())
            .unwrap_or_default()
    }
}
