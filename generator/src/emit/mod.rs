//! From the IR to files: layout only, no decisions. Rust goes through tokens and is printed item by
//! item; manifests, README and the like go through `toml_edit` and templates.

mod answer;
#[cfg(feature = "cli")]
mod catalog;
mod composites;
mod crate_files;
mod embedded;
#[cfg(feature = "cli")]
mod guards;
mod listed;
mod manifest;
mod markdown;
mod module;
mod operations;
mod parallel;
mod prompts;
mod schema_text;
mod security;
mod servers;
mod settled;
mod skill;
mod tokens;
mod types;
mod xml;

use std::collections::BTreeMap;

#[cfg(feature = "cli")]
pub use catalog::{CATALOG, catalog};
pub use listed::{listed_operation, listed_schema};
pub use manifest::{Manifest, RuntimeSource, cargo_toml};
#[cfg(feature = "cli")]
pub(crate) use markdown::{cell, file};
pub use schema_text::schema_text;

use crate::ir::Api;
use module::Module;

/// Files of the output: path with `/`, relative to the output folder, to bytes.
pub type Files = BTreeMap<String, String>;

/// The Rust modules of an API, without saying where they are written to.
fn modules(api: &Api) -> Vec<Module> {
    let mut modules = vec![security::module(api)];
    modules.extend(servers::module(api));
    modules.extend(composites::module(api));
    modules.extend(prompts::module(api));
    modules.extend(operations::modules(api));
    modules.extend(types::modules(api));
    modules
}

/// The files of a crate.
pub fn crate_files(api: &Api, manifest: &Manifest) -> Files {
    crate_files::files(api, manifest, modules(api))
}

/// The skill: path in the crate, and text.
#[cfg(feature = "cli")]
pub fn skill(api: &Api) -> (String, String) {
    (skill::path(api), skill::skill(api))
}

/// One file that `include!` takes in (build scripts).
pub fn embedded_file(api: &Api) -> String {
    embedded::file(api, modules(api))
}

/// The code of one operation, as it is printed (for `explain`).
pub fn operation_code(api: &Api, tool: &str) -> String {
    let requirements = security::Requirements::of(api);
    let found = api
        .groups
        .iter()
        .find_map(|group| Some((group, group.operations.iter().find(|o| o.tool == tool)?)));
    let items = found
        .map(|(group, operation)| operations::items(api, &requirements, &group.title, operation));
    let code: module::Code = items.into_iter().flatten().collect();
    code.text().to_owned()
}
