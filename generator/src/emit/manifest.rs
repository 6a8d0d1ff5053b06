//! The generated crate's `Cargo.toml`.

use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, Value, value};

use super::crate_files::GENERATOR;
use crate::ir::Api;
use crate::text;

/// Where the generated crate gets the runtime from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum RuntimeSource {
    /// Its source is written beside the generated code.
    #[default]
    Vendored,
    /// From the package registry, in the generator's own version.
    Registry,
    /// From a folder, relative to the generated crate.
    Path(String),
}

/// What the manifest says beside names.
#[derive(Debug, Clone, Default)]
pub struct Manifest {
    /// Where the runtime comes from.
    pub runtime: RuntimeSource,
    /// Whether the crate is a member of a workspace around it; otherwise it is one of its own.
    pub member: bool,
}

/// The manifest, through a TOML serializer: no document text is ever formatted into TOML.
pub fn cargo_toml(api: &Api, manifest: &Manifest) -> String {
    let mut toml = DocumentMut::new();
    let mut package = Table::new();
    package.insert("name", value(&api.package));
    package.insert("version", value("0.1.0"));
    package.insert("edition", value("2024"));
    package.insert("rust-version", value("1.88"));
    package.insert("publish", value(false));
    package.insert(
        "description",
        value(format!("MCP server for {}", text::line(&api.title, 80))),
    );
    package.insert("autobins", value(false));
    package.insert("autoexamples", value(false));
    package.insert("autobenches", value(false));
    package.insert("build", value(false));
    toml.insert("package", Item::Table(package));
    let mut lib = Table::new();
    lib.insert("path", value("src/lib.rs"));
    // Descriptions of the document become documentation; none of it may run as a test.
    lib.insert("doctest", value(false));
    toml.insert("lib", Item::Table(lib));
    let mut bin = Table::new();
    bin.insert("name", value(&api.package));
    bin.insert("path", value("src/main.rs"));
    bin.insert("doc", value(false));
    let mut bins = toml_edit::ArrayOfTables::new();
    bins.push(bin);
    toml.insert("bin", Item::ArrayOfTables(bins));
    let mut dependency = InlineTable::new();
    match &manifest.runtime {
        RuntimeSource::Vendored => dependency.insert("path", Value::from("mcpwright-runtime")),
        RuntimeSource::Registry => {
            dependency.insert("version", Value::from(format!("={GENERATOR}")))
        }
        RuntimeSource::Path(path) => dependency.insert("path", Value::from(path.as_str())),
    };
    dependency.insert("default-features", Value::from(false));
    let mut dependencies = Table::new();
    dependencies.insert("mcpwright-runtime", value(dependency));
    toml.insert("dependencies", Item::Table(dependencies));
    let mut features = Table::new();
    let list = |items: &[&str]| value(items.iter().copied().collect::<Array>());
    features.insert("default", list(&["http", "connect"]));
    features.insert("connect", list(&["mcpwright-runtime/connect"]));
    features.insert("http", list(&["mcpwright-runtime/http"]));
    features.insert("otel", list(&["mcpwright-runtime/otel"]));
    features.insert("redis", list(&["mcpwright-runtime/redis"]));
    toml.insert("features", Item::Table(features));
    let mut lints = Table::new();
    lints.set_implicit(true);
    let mut rust = Table::new();
    rust.insert("unsafe_code", value("forbid"));
    lints.insert("rust", Item::Table(rust));
    let mut clippy = Table::new();
    for lint in [
        "unwrap_used",
        "expect_used",
        "panic",
        "indexing_slicing",
        "print_stdout",
        "print_stderr",
        "dbg_macro",
        "todo",
    ] {
        clippy.insert(lint, value("deny"));
    }
    lints.insert("clippy", Item::Table(clippy));
    toml.insert("lints", Item::Table(lints));
    if !manifest.member {
        let mut profile = Table::new();
        profile.set_implicit(true);
        let mut release = Table::new();
        // The server waits for the service nearly all of its time; a small file starts sooner.
        release.insert("opt-level", value("s"));
        release.insert("overflow-checks", value(true));
        release.insert("codegen-units", value(1));
        release.insert("lto", value("thin"));
        release.insert("strip", value(true));
        profile.insert("release", Item::Table(release));
        // Nobody steps through the dependencies; without their tables the first build is sooner done.
        let mut dev = Table::new();
        dev.insert("debug", value("line-tables-only"));
        let mut others = Table::new();
        others.insert("debug", value(false));
        let mut packages = Table::new();
        packages.set_implicit(true);
        packages.insert("*", Item::Table(others));
        dev.insert("package", Item::Table(packages));
        profile.insert("dev", Item::Table(dev));
        toml.insert("profile", Item::Table(profile));
        toml.insert("workspace", Item::Table(Table::new()));
    }
    format!("# @generated by mcpwright {GENERATOR}. Do not edit.\n{toml}")
}
