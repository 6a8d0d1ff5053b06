//! From where the image of a server is built: the folder that holds all that Cargo needs.

use std::fs;
use std::path::{Component, Path, PathBuf, absolute};

use crate::bundle::Source;
use crate::{Config, RuntimeSource};

/// The folder of the crate, or of the workspace that it is a member of.
///
/// # Errors
/// When the settings cannot be used.
pub fn folder(config: &Config, out: &Path) -> Result<PathBuf, crate::Error> {
    if !config.manifest()?.member {
        return Ok(out.to_owned());
    }
    let whole = absolute(out).unwrap_or_else(|_| out.to_owned());
    let mut above = whole.ancestors().skip(1);
    let root = above.find(|folder| {
        let text = fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
        let manifest = text.parse::<toml_edit::DocumentMut>();
        manifest.is_ok_and(|manifest| manifest.contains_key("workspace"))
    });
    Ok(match root {
        Some(root) => PathBuf::from(seen_from(Path::new("."), root)),
        None => out.to_owned(),
    })
}

/// Both paths that a Compose file needs, for a bundle in a folder.
pub fn source(folder: &Path, bundle: &Path) -> Source {
    let docker = bundle.join("docker");
    Source {
        dockerfile: seen_from(folder, &docker.join("Dockerfile")),
        folder: seen_from(&docker, folder),
    }
}

/// What stands in the way of an image: a runtime that is outside of the folder.
///
/// # Errors
/// When the settings cannot be used.
pub fn remark(config: &Config, out: &Path, folder: &Path) -> Result<Option<String>, crate::Error> {
    let RuntimeSource::Path(runtime) = &config.manifest()?.runtime else {
        return Ok(None);
    };
    let way = seen_from(folder, &out.join(runtime));
    let is_within = !way.starts_with("..") && !Path::new(&way).is_absolute();
    Ok((!is_within).then(|| {
        format!(
            "the image is built from {}, and the runtime is outside of it (`path={}`): generate with \
             `--runtime vendored` for it",
            folder.display(),
            crate::text::line(runtime, 200)
        )
    }))
}

/// The way from a folder to a path, with `/`; the whole path where none leads there, as between drives.
fn seen_from(folder: &Path, path: &Path) -> String {
    let (Some(folder), Some(path)) = (plain(folder), plain(path)) else {
        return written(path);
    };
    if folder.components().next() != path.components().next() {
        return written(&path);
    }
    let (mut from, mut to) = (folder.components().peekable(), path.components().peekable());
    while from.peek().is_some() && from.peek() == to.peek() {
        from.next();
        to.next();
    }
    let mut way: PathBuf = from.map(|_| Component::ParentDir).collect();
    way.extend(to);
    match written(&way) {
        empty if empty.is_empty() => ".".to_owned(),
        way => way,
    }
}

/// An absolute path without `.` and `..`.
fn plain(path: &Path) -> Option<PathBuf> {
    let mut plain = PathBuf::new();
    for component in absolute(path).ok()?.components() {
        match component {
            Component::ParentDir => {
                plain.pop();
            }
            Component::CurDir => {}
            other => plain.push(other),
        }
    }
    Some(plain)
}

fn written(path: &Path) -> String {
    path.display()
        .to_string()
        .replace(std::path::MAIN_SEPARATOR, "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compose_and_docker_find_each_other_wherever_the_bundle_is() {
        for (crate_folder, bundle, folder, dockerfile) in [
            (
                "acme-mcp",
                "bundle",
                "../../acme-mcp",
                "../bundle/docker/Dockerfile",
            ),
            (".", "bundle", "../..", "bundle/docker/Dockerfile"),
            (
                "a/b",
                "dist/x",
                "../../../a/b",
                "../../dist/x/docker/Dockerfile",
            ),
            ("a/../b", "./b/dist", "../..", "dist/docker/Dockerfile"),
            ("../up", "bundle", "../../../up", ""),
        ] {
            let made = source(Path::new(crate_folder), Path::new(bundle));
            assert_eq!(made.folder, folder, "{crate_folder} {bundle}");
            if !dockerfile.is_empty() {
                assert_eq!(made.dockerfile, dockerfile, "{crate_folder} {bundle}");
            }
        }
    }
}
