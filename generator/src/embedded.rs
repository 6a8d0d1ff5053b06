//! Sources that the tool carries with it.

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// Manifest of the runtime.
pub static RUNTIME_MANIFEST: &str = include_str!("../embedded/runtime/manifest.toml");

/// The runtime as a crate of its own: path to text. Dev-dependencies are left out, since only the
/// runtime's own repository has its tests.
///
/// # Errors
/// When the carried manifest is not TOML.
pub fn runtime_files() -> Result<Vec<(String, String)>, toml_edit::TomlError> {
    let mut files = vec![(
        "Cargo.toml".to_owned(),
        without_dev_dependencies(RUNTIME_MANIFEST)?,
    )];
    files.push((
        "README.md".to_owned(),
        "# mcpwright-runtime\n\nThe runtime's source, as the generator carries it.\n".to_owned(),
    ));
    files.extend(
        RUNTIME
            .iter()
            .map(|(path, text)| ((*path).to_owned(), (*text).to_owned())),
    );
    Ok(files)
}

/// A manifest less what only tests and examples need.
///
/// # Errors
/// When it is not TOML.
pub fn without_dev_dependencies(manifest: &str) -> Result<String, toml_edit::TomlError> {
    let mut manifest: toml_edit::DocumentMut = manifest.parse()?;
    for key in ["dev-dependencies", "example", "test", "bench"] {
        manifest.remove(key);
    }
    Ok(manifest.to_string())
}

/// Manifest of the demo CRM.
#[cfg(feature = "cli")]
pub static DEMO_CRM_MANIFEST: &str = include_str!("../embedded/demo-crm/manifest.toml");

/// OpenAPI document of the demo CRM.
#[cfg(feature = "cli")]
pub static DEMO_CRM_DOCUMENT: &str = include_str!("../embedded/crm.yaml");

/// Versions of all packages that this tool was tested with.
#[cfg(feature = "cli")]
pub static LOCK: &str = include_str!("../embedded/packages.lock");
