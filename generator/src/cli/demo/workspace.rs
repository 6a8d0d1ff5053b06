//! The folder of the demo: a Cargo workspace with the generated server, its runtime and the CRM.

use std::fs;
use std::path::{Path, PathBuf};

use crate::cli::build;
use crate::cli::generate::summary;
use crate::cli::project::cargo;
use crate::cli::terminal::Terminal;
use crate::embedded::{
    DEMO_CRM, DEMO_CRM_DOCUMENT, DEMO_CRM_MANIFEST, LOCK, runtime_files, without_dev_dependencies,
};
use crate::emit::Files;
use crate::ir::Api;
use crate::output::{WriteOptions, write as write_owned};
use crate::{Config, RuntimeSource};

/// Writes the workspace; what is there already and right is left alone, so that Cargo builds nothing
/// twice.
pub fn write(dir: &Path, terminal: &Terminal) -> Result<Api, String> {
    let generated = Config::new()
        .spec_str("crm.yaml", DEMO_CRM_DOCUMENT)
        .runtime(RuntimeSource::Path("../mcpwright-runtime".to_owned()))
        .workspace_member(true)
        .generate()
        .map_err(|e| e.to_string())?;
    let api = generated.api;
    let mut around: Files = Files::new();
    around.insert("crm.yaml".to_owned(), DEMO_CRM_DOCUMENT.to_owned());
    around.insert("Cargo.toml".to_owned(), manifest(&api.package));
    let runtime = runtime_files().map_err(|e| e.to_string())?;
    around.extend(
        runtime
            .into_iter()
            .map(|(path, text)| (format!("mcpwright-runtime/{path}"), text)),
    );
    let crm = without_dev_dependencies(DEMO_CRM_MANIFEST).map_err(|e| e.to_string())?;
    around.insert("demo-crm/Cargo.toml".to_owned(), crm);
    around.extend(
        DEMO_CRM
            .iter()
            .map(|(path, text)| (format!("demo-crm/{path}"), (*text).to_owned())),
    );
    for folder in ["mcpwright-runtime/src", "demo-crm/src"] {
        remove_others(dir, &dir.join(folder), &around)?;
    }
    for (path, text) in &around {
        put(&dir.join(path), text)?;
    }
    // The versions that this tool was tested with; Cargo drops what it does not need.
    if !dir.join("Cargo.lock").exists() {
        put(&dir.join("Cargo.lock"), LOCK)?;
    }
    write_owned(
        &dir.join(&api.package),
        &generated.files,
        WriteOptions {
            force: true,
            dry_run: false,
        },
    )
    .map_err(|d| {
        d.iter()
            .map(|d| d.message.clone())
            .collect::<Vec<_>>()
            .join("; ")
    })?;
    terminal.say(format!("   {}", summary(&api, terminal)));
    terminal.say(format!(
        "   {} is typed Rust, made to be read: {}",
        api.package,
        dir.join(&api.package).join("src/operations").display()
    ));
    Ok(api)
}

fn manifest(package: &str) -> String {
    format!(
        "[workspace]\nresolver = \"3\"\nmembers = [\"{package}\", \"mcpwright-runtime\", \"demo-crm\"]\n\n\
         [profile.dev]\ndebug = false\nincremental = false\n"
    )
}

fn put(path: &Path, text: &str) -> Result<(), String> {
    if fs::read(path).is_ok_and(|current| current == text.as_bytes()) {
        return Ok(());
    }
    let fail = |e: std::io::Error| format!("{}: {e}", path.display());
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(fail)?;
    }
    fs::write(path, text).map_err(fail)
}

/// Takes out what an older tool wrote: a module that is a folder now would be there twice.
fn remove_others(dir: &Path, folder: &Path, files: &Files) -> Result<(), String> {
    let fail = |e: std::io::Error| format!("{}: {e}", folder.display());
    let Ok(entries) = fs::read_dir(folder) else {
        return Ok(());
    };
    for entry in entries {
        let entry = entry.map_err(fail)?;
        let path = entry.path();
        if entry.file_type().map_err(fail)?.is_dir() {
            remove_others(dir, &path, files)?;
            continue;
        }
        let own = path.strip_prefix(dir).unwrap_or(&path).to_string_lossy();
        if !files.contains_key(own.replace('\\', "/").as_str()) {
            fs::remove_file(&path).map_err(fail)?;
        }
    }
    Ok(())
}

/// Where Cargo puts a program.
pub fn binary(dir: &Path, name: &str) -> PathBuf {
    dir.join("target/debug")
        .join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

/// Builds the workspace and shows what is being compiled.
pub fn build(dir: &Path, terminal: &Terminal) -> Result<(), String> {
    if !binary(dir, "demo-crm").exists() {
        terminal.say("   the first time this compiles about 200 crates (one to three minutes); later it takes seconds");
    }
    let mut command = cargo();
    command
        .arg("build")
        .arg("--manifest-path")
        .arg(dir.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(dir.join("target"));
    let done = build::build(&mut command, None, terminal)?;
    terminal.say(format!("   {} built ({done})", terminal.tick()));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_of_an_older_tool_go_and_nothing_else() {
        let dir = std::env::temp_dir().join(format!("mcpwright-others-{}", std::process::id()));
        let source = dir.join("mcpwright-runtime/src");
        let files: Files = [
            ("mcpwright-runtime/src/turn/mod.rs", ""),
            ("Cargo.toml", ""),
        ]
        .map(|(path, text)| (path.to_owned(), text.to_owned()))
        .into();
        for path in [
            "mcpwright-runtime/src/turn/mod.rs",
            "mcpwright-runtime/src/turn.rs",
            "target/x",
        ] {
            assert_eq!(put(&dir.join(path), "x"), Ok(()));
        }
        assert_eq!(remove_others(&dir, &source, &files), Ok(()));
        assert!(!source.join("turn.rs").exists());
        assert!(source.join("turn/mod.rs").exists() && dir.join("target/x").exists());
        assert!(fs::remove_dir_all(&dir).is_ok());
    }
}
