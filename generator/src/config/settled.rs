//! A configuration with what `mcpwright.toml` says filled in. What was set by hand counts more.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use super::{Config, Error, Spec, read_file};
use crate::diagnostics::{Code, Diagnostic};
use crate::emit::RuntimeSource;
use crate::pipeline::Failed;
use crate::settings::{Publisher, read};

impl Config {
    /// Takes settings as text, in the form of `mcpwright.toml`. Files that they name are relative to the
    /// folder that the run was started in.
    ///
    /// ```
    /// let document = r#"{
    ///     "openapi": "3.1.0",
    ///     "info": {"title": "Leads", "version": "1"},
    ///     "paths": {"/leads": {"get": {"operationId": "q1", "responses": {"200": {"description": "ok"}}}}}
    /// }"#;
    /// let settings = r#"
    /// [[operation]]
    /// select = "q1"
    /// name = "list_leads"
    /// "#;
    /// let config = mcpwright::Config::new().spec_str("leads.json", document).settings(settings);
    /// assert_eq!(config.generate()?.api.operations().next().unwrap().tool, "list_leads");
    /// # Ok::<(), mcpwright::Error>(())
    /// ```
    #[must_use]
    pub fn settings(mut self, text: &str) -> Self {
        self.settings = Some(Spec::Text {
            name: "mcpwright.toml".to_owned(),
            bytes: text.as_bytes().to_vec(),
        });
        self
    }

    /// Reads settings from a file. Files that they name are relative to its folder.
    ///
    /// ```no_run
    /// mcpwright::Config::new().settings_file("mcpwright.toml").compile()?;
    /// # Ok::<(), mcpwright::Error>(())
    /// ```
    #[must_use]
    pub fn settings_file(mut self, path: impl AsRef<Path>) -> Self {
        self.settings = Some(Spec::File(path.as_ref().to_path_buf()));
        self
    }

    /// The folder of the generated crate that settings name.
    ///
    /// # Errors
    /// When the settings cannot be used.
    pub fn output_folder(&self) -> Result<Option<PathBuf>, Error> {
        Ok(self.settled()?.folder.clone())
    }

    /// How the crate's manifest is to be.
    ///
    /// # Errors
    /// When the settings cannot be used.
    #[cfg(feature = "cli")]
    pub(crate) fn manifest(&self) -> Result<crate::emit::Manifest, Error> {
        Ok(self.settled()?.manifest.clone())
    }

    /// Most tokens that all tools may cost, where settings say it. The command line counts them.
    ///
    /// # Errors
    /// When the settings cannot be used.
    pub fn budget_tokens(&self) -> Result<Option<usize>, Error> {
        Ok(self.settled()?.names.settings.server.budget_tokens)
    }

    /// The document and the overlays that are files, as settings name them from the current folder.
    #[cfg(feature = "cli")]
    pub(crate) fn named_files(&self) -> Result<Vec<PathBuf>, Error> {
        let settled = self.settled()?;
        let all = settled.spec.iter().chain(&settled.overlays);
        Ok(all
            .filter_map(|spec| match spec {
                Spec::File(path) => Some(path.clone()),
                _ => None,
            })
            .collect())
    }

    /// What settings say of who publishes the server. Files are relative to the current folder.
    ///
    /// # Errors
    /// When the settings cannot be used.
    pub fn publisher(&self) -> Result<Publisher, Error> {
        let settled = self.settled()?;
        let mut publisher = settled.names.settings.publisher.clone();
        if let (Some(icon), Some(Spec::File(path))) = (&mut publisher.icon, &self.settings) {
            *icon = path.parent().unwrap_or(Path::new("")).join(&*icon);
        }
        publisher
            .base_url
            .clone_from(&settled.names.settings.server.base_url);
        Ok(publisher)
    }

    /// The same configuration with what its settings say.
    pub(super) fn settled(&self) -> Result<Cow<'_, Self>, Error> {
        let mut all = self.filled()?;
        if !all.raised.is_empty() {
            let this = all.to_mut();
            for (budget, value) in std::mem::take(&mut this.raised) {
                this.budgets.set(budget, value);
            }
        }
        Ok(all)
    }

    /// The same without single budgets.
    fn filled(&self) -> Result<Cow<'_, Self>, Error> {
        let Some(spec) = &self.settings else {
            return Ok(Cow::Borrowed(self));
        };
        let (name, bytes, folder) = match spec {
            Spec::Text { name, bytes } => (name.clone(), bytes.clone(), PathBuf::new()),
            // Settings are files of the operator, never of the network.
            Spec::Url(_) => return Ok(Cow::Borrowed(self)),
            Spec::File(path) => {
                let (name, bytes) = read_file(path)?;
                let folder = path.parent().unwrap_or(Path::new("")).to_path_buf();
                (name, bytes, folder)
            }
        };
        let refused = |diagnostics| {
            Error::Refused(Box::new(Failed {
                diagnostics,
                document: None,
            }))
        };
        let text = String::from_utf8(bytes).map_err(|_| {
            let message = format!("`{name}` is not UTF-8");
            refused(vec![Diagnostic::new(Code::E0920, message)])
        })?;
        let settings = read(&name, &text).map_err(refused)?;
        let mut all = self.clone();
        all.settings = None;
        if let (None, Some(path)) = (&all.spec, &settings.server.spec) {
            all.spec = Some(Spec::File(folder.join(path)));
        }
        if all.overlays.is_empty() {
            let paths = settings.server.overlays.iter();
            all.overlays = paths.map(|path| Spec::File(folder.join(path))).collect();
        }
        let fill = |own: &mut Option<String>, said: &Option<String>| {
            if own.is_none() {
                own.clone_from(said);
            }
        };
        fill(&mut all.names.server, &settings.server.name);
        fill(&mut all.names.package, &settings.server.package);
        if !all.budgets_are_set {
            for (budget, value) in &settings.server.budgets {
                all.budgets.set(*budget, *value);
            }
        }
        all.strict |= settings.server.strict == Some(true);
        if !all.runtime_is_set
            && let Some(source) = &settings.output.runtime
        {
            all.manifest.runtime = runtime(source).ok_or_else(|| {
                let message = format!("`output.runtime` of `{name}` is `{source}`");
                refused(vec![
                    Diagnostic::new(Code::E0922, message)
                        .help("write `vendored`, `registry` or `path=DIR`"),
                ])
            })?;
        }
        all.manifest.member |= settings.output.workspace_member == Some(true);
        all.folder = settings
            .output
            .folder
            .as_ref()
            .map(|path| folder.join(path));
        all.names.settings = settings;
        Ok(Cow::Owned(all))
    }
}

/// Where a generated crate gets the runtime from, as settings and flags write it.
pub(crate) fn runtime(text: &str) -> Option<RuntimeSource> {
    match text.split_once('=') {
        None if text == "vendored" => Some(RuntimeSource::Vendored),
        None if text == "registry" => Some(RuntimeSource::Registry),
        Some(("path", path)) if !path.is_empty() => Some(RuntimeSource::Path(path.to_owned())),
        _ => None,
    }
}
