//! Packs the sources that the command-line tool carries: the runtime (for `--runtime vendored`) and
//! the demo CRM (for `mcpwright demo`). `embedded/` holds links into the repository; in the published
//! package they are files.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?);
    let out = PathBuf::from(env::var("OUT_DIR").map_err(io::Error::other)?);
    let mut text = String::new();
    for (name, folder) in [("RUNTIME", "runtime"), ("DEMO_CRM", "demo-crm")] {
        let folder = root.join("embedded").join(folder);
        let mut files = Vec::new();
        collect(&folder.join("src"), "src", &mut files)?;
        files.sort();
        let cfg = if name == "RUNTIME" {
            ""
        } else {
            "#[cfg(feature = \"cli\")]\n"
        };
        let _ = writeln!(
            text,
            "/// Path and text of each file.\n{cfg}pub static {name}: &[(&str, &str)] = &["
        );
        for (path, file) in files {
            let _ = writeln!(
                text,
                "    ({path:?}, include_str!({:?})),",
                file.display().to_string()
            );
        }
        text.push_str("];\n");
        println!("cargo::rerun-if-changed={}", folder.join("src").display());
    }
    println!("cargo::rerun-if-changed=build.rs");
    fs::write(out.join("embedded.rs"), text)
}

fn collect(folder: &Path, prefix: &str, files: &mut Vec<(String, PathBuf)>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        let name = format!("{prefix}/{}", entry.file_name().to_string_lossy());
        if path.is_dir() {
            collect(&path, &name, files)?;
        } else if path.extension().is_some_and(|e| {
            ["rs", "sql", "json", "css", "js"]
                .iter()
                .any(|kind| e == *kind)
        }) {
            files.push((name, path));
        }
    }
    Ok(())
}
