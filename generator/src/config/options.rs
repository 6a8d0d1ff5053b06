//! Names, form of the crate, limits.

use std::path::Path;

use super::Config;
use crate::emit::RuntimeSource;
use crate::lower::Exclude;
use crate::source::{Budget, Budgets};

impl Config {
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

    /// Keeps the tool names of earlier runs: the text of the `mcpwright.lock` that they wrote.
    ///
    /// ```no_run
    /// # let text = "";
    /// // build.rs: let text = include_str!("mcpwright.lock");
    /// mcpwright::Config::new().spec("specs/crm.yaml").lock(text).compile()?;
    /// # Ok::<(), mcpwright::Error>(())
    /// ```
    #[must_use]
    pub fn lock(mut self, text: &str) -> Self {
        self.lock = Some(text.to_owned());
        self
    }

    /// Leaves `mcpwright.lock` out of the generated files, for those who keep it elsewhere.
    ///
    /// ```
    /// mcpwright::Config::new().lock_elsewhere(true);
    /// ```
    #[must_use]
    pub fn lock_elsewhere(mut self, elsewhere: bool) -> Self {
        self.lock_elsewhere = elsewhere;
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
        self.runtime_is_set = true;
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
        self.budgets_are_set = true;
        self
    }

    /// One limit for hostile documents, in place of what [`budgets`](Self::budgets) and settings say.
    ///
    /// ```
    /// use mcpwright::{Config, source::Budget};
    /// Config::new().budget(Budget::Bytes, 1 << 26);
    /// ```
    #[must_use]
    pub fn budget(mut self, budget: Budget, value: usize) -> Self {
        self.raised.push((budget, value));
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
}
