//! The files that references of a document may lead to: texts in memory, the folder of the document,
//! and files that stand for addresses. The only place where a document makes the generator open a
//! file.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::diagnostics::{Code, Refusal};
use crate::source::bundle::{Loaded, Loader, Location};

/// Gets files from the network, where the user allowed that.
pub(crate) trait Fetch: std::fmt::Debug + Send + Sync {
    /// The file at an address; at most one byte more than `most`.
    fn fetch(&self, url: &str, most: usize) -> Result<Vec<u8>, Refusal>;

    /// One line for each file that was fetched.
    #[cfg(feature = "cli")]
    fn fetched(&self) -> Vec<String>;
}

/// What may be read, and from where.
#[derive(Debug, Clone, Default)]
pub(crate) struct Library {
    /// Texts by name or address.
    pub(crate) memory: BTreeMap<String, Vec<u8>>,
    /// The folder that relative references are held in, as it was named.
    pub(crate) root: Option<PathBuf>,
    /// Addresses, and the files that stand for them.
    pub(crate) map: Vec<(String, PathBuf)>,
    /// For addresses that no file stands for.
    pub(crate) fetch: Option<Arc<dyn Fetch>>,
}

impl Library {
    /// A text that was given under the name of a location.
    fn in_memory(&self, name: &str, most: usize) -> Option<Result<Loaded, Refusal>> {
        let bytes = self.memory.get(name)?;
        if bytes.len() > most {
            return Some(Err(too_large(name)));
        }
        Some(Ok(Loaded {
            name: name.to_owned(),
            bytes: bytes.clone(),
            path: None,
        }))
    }

    /// The file for an address: of all keys that fit, the longest. A key that ends in `/` stands
    /// for everything below it.
    fn mapped<'u>(&self, url: &'u str) -> Option<(&Path, &'u str)> {
        self.map
            .iter()
            .filter_map(|(key, file)| {
                let rest = url.strip_prefix(key.as_str())?;
                let fits = rest.is_empty() || key.ends_with('/');
                fits.then_some((key.len(), file.as_path(), rest))
            })
            .max_by_key(|(length, _, _)| *length)
            .map(|(_, file, rest)| (file, rest))
    }

    /// What the network gives for an address that no file stands for.
    fn fetched(&self, url: &str, most: usize) -> Result<Loaded, Refusal> {
        let Some(network) = &self.fetch else {
            let message = format!("`{url}` is on the network, which is not asked");
            return Err(Refusal::new(Code::E0303, message).help(format!(
                "download it and say which file stands for it: `--ref-map {url}=FILE`; \
                 or let it be fetched: `--allow-fetch {}`",
                host(url)
            )));
        };
        let bytes = network.fetch(url, most)?;
        if bytes.len() > most {
            return Err(too_large(url));
        }
        Ok(Loaded {
            name: without_query(url).to_owned(),
            bytes,
            path: None,
        })
    }
}

/// An address without its query, where keys can stand.
pub(crate) fn without_query(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or_default()
}

/// The host of an address, with its port.
fn host(url: &str) -> &str {
    let (_, rest) = url.split_once("://").unwrap_or_default();
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

impl Loader for Library {
    fn stands_for(&self, url: &str) -> bool {
        self.memory.contains_key(url) || self.mapped(url).is_some()
    }

    fn has_folder(&self) -> bool {
        self.root.is_some() || !self.memory.is_empty()
    }

    fn load(&self, location: &Location, most: usize) -> Result<Loaded, Refusal> {
        match location {
            Location::File(path) => {
                if let Some(loaded) = self.in_memory(path, most) {
                    return loaded;
                }
                match &self.root {
                    Some(root) => open(root, path, most),
                    None if self.memory.is_empty() => Err(Refusal::new(
                        Code::E0303,
                        format!("`{path}` cannot be looked for: the document is not in a folder"),
                    )
                    .help("name the folder that relative references start from: `--ref-root DIR`")),
                    None => Err(absent(path).help(
                        "give it with `Config::file`, under the name that the reference has seen from the document",
                    )),
                }
            }
            Location::Url(url) => {
                if let Some(loaded) = self.in_memory(url, most) {
                    return loaded;
                }
                let Some((file, rest)) = self.mapped(url) else {
                    return self.fetched(url, most);
                };
                if let Some(loaded) = self.in_memory(&file.to_string_lossy(), most) {
                    return loaded;
                }
                if rest.is_empty() {
                    // The operator named this very file.
                    return read(file, &file.display().to_string(), most);
                }
                let outside = || {
                    Refusal::new(
                        Code::E0341,
                        format!("`{url}` leads out of the folder that stands for it"),
                    )
                };
                let base = Location::File("document".to_owned());
                let path = base.join(rest).map_err(|_| outside())?;
                open(file, path.as_str(), most)
            }
        }
    }
}

/// Opens a file below a folder. Symbolic links are followed as far as they stay in it.
fn open(root: &Path, path: &str, most: usize) -> Result<Loaded, Refusal> {
    let root = if root.as_os_str().is_empty() {
        Path::new(".")
    } else {
        root
    };
    let shown = root.join(path);
    let name = shown.display().to_string();
    let name = name.strip_prefix("./").unwrap_or(&name);
    let folder = fs::canonicalize(root).map_err(|_| absent(&root.display().to_string()))?;
    let real = fs::canonicalize(&shown).map_err(|error| {
        absent(name)
            .note(error.to_string())
            .help("correct the path; it starts from the folder of the file with the reference")
    })?;
    if !real.starts_with(&folder) {
        return Err(Refusal::new(
            Code::E0341,
            format!("`{name}` leads out of the folder of the document through a symbolic link"),
        )
        .help(
            "put the file itself there, or name a folder that holds both with `--ref-root DIR`",
        ));
    }
    read(&real, name, most)
}

/// Reads a file, unless it is something else.
fn read(path: &Path, name: &str, most: usize) -> Result<Loaded, Refusal> {
    let unreadable = |error: std::io::Error| {
        absent(name)
            .note(error.to_string())
            .help("check the path and its permissions")
    };
    // Asked before it is opened: opening a pipe would wait for its writer.
    let kind = fs::metadata(path).map_err(unreadable)?;
    if !kind.is_file() {
        let what = if kind.is_dir() {
            "a folder"
        } else {
            "a device or pipe"
        };
        return Err(
            Refusal::new(Code::E0340, format!("`{name}` is {what}, not a file"))
                .help("refer to a file, JSON or YAML"),
        );
    }
    if usize::try_from(kind.len()).map_or(true, |length| length > most) {
        return Err(too_large(name));
    }
    let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(limit).read_to_end(&mut bytes))
        .map_err(unreadable)?;
    if bytes.len() > most {
        return Err(too_large(name));
    }
    Ok(Loaded {
        name: name.to_owned(),
        bytes,
        path: Some(path.to_path_buf()),
    })
}

fn absent(name: &str) -> Refusal {
    Refusal::new(Code::E0340, format!("`{name}` cannot be read"))
}

fn too_large(name: &str) -> Refusal {
    Refusal::new(
        Code::E0109,
        format!("with `{name}` the files of the document are larger than what is read"),
    )
}
