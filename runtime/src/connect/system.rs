//! Where the files of clients stand, on each system.

use std::path::{Path, PathBuf};

use super::own;

/// An operating system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum System {
    /// Linux, and what is like it.
    Linux,
    /// macOS.
    MacOs,
    /// Windows.
    Windows,
}

impl System {
    /// The one that this program was built for.
    pub(crate) const HERE: Self = if cfg!(windows) {
        Self::Windows
    } else if cfg!(target_os = "macos") {
        Self::MacOs
    } else {
        Self::Linux
    };

    /// The one with a name: `linux`, `macos` or `windows`; else that of this program.
    pub(crate) fn named(name: &str) -> Self {
        match name {
            "linux" => Self::Linux,
            "macos" => Self::MacOs,
            "windows" => Self::Windows,
            _ => Self::HERE,
        }
    }

    /// Its place in tables.
    pub(crate) const fn index(self) -> usize {
        match self {
            Self::Linux => 0,
            Self::MacOs => 1,
            Self::Windows => 2,
        }
    }

    /// A pattern for people who are not at the machine: its folders as that system's people write them. None
    /// for one that a variable of the client stands for.
    #[cfg(any(feature = "http", test))]
    pub(crate) fn shown(self, pattern: &str) -> Option<String> {
        let (root, rest) = pattern.strip_prefix('{')?.split_once('}')?;
        let windows = self == Self::Windows;
        let root = match root {
            "home" if windows => "%USERPROFILE%",
            "home" => "~",
            "config" => "~/.config",
            "appdata" => "%APPDATA%",
            "localappdata" => "%LOCALAPPDATA%",
            _ => return None,
        };
        let path = format!("{root}{rest}");
        Some(if windows {
            path.replace('/', "\\")
        } else {
            path
        })
    }

    const fn separator(self) -> char {
        match self {
            Self::Windows => '\\',
            Self::Linux | Self::MacOs => '/',
        }
    }
}

/// What has to be known of a machine to find files on it.
pub(crate) struct Machine<'a> {
    /// Its system.
    pub(crate) system: System,
    /// Variables of the environment.
    pub(crate) variable: &'a dyn Fn(&str) -> Option<String>,
    /// Names in a folder; none where there is no such folder.
    pub(crate) names: &'a dyn Fn(&str) -> Vec<String>,
    /// Whether there is such a file.
    pub(crate) is_file: &'a dyn Fn(&str) -> bool,
}

/// The names in a folder of this machine.
pub(crate) fn names(folder: &str) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect()
}

/// Whether there is such a file on this machine.
pub(crate) fn is_file(path: &str) -> bool {
    Path::new(path).is_file()
}

impl Machine<'_> {
    /// The first of these patterns that leads somewhere: one whose variable is set or whose `*` stands for a
    /// folder that is there counts at once, of the others the first whose file is there, or the first.
    pub(crate) fn place(&self, patterns: &[String]) -> Option<PathBuf> {
        let mut plain = Vec::new();
        for pattern in patterns {
            let Some(path) = self.root(pattern) else {
                continue;
            };
            if path.contains('*') {
                if let Some(path) = self.matching(&path) {
                    return Some(PathBuf::from(path));
                }
            } else if is_variable(pattern) {
                return Some(PathBuf::from(path));
            } else {
                plain.push(path);
            }
        }
        let there = plain.iter().position(|path| (self.is_file)(path));
        plain
            .into_iter()
            .nth(there.unwrap_or_default())
            .map(PathBuf::from)
    }

    /// The folder of a server's own.
    pub(crate) fn own(&self, server: &str) -> Option<PathBuf> {
        let system = match self.system {
            System::Linux => "linux",
            System::MacOs => "macos",
            System::Windows => "windows",
        };
        own::folder(system, self.variable, server).map(PathBuf::from)
    }

    /// The pattern with the folder that it begins with, and the system's separators.
    fn root(&self, pattern: &str) -> Option<String> {
        let (root, rest) = pattern.strip_prefix('{')?.split_once('}')?;
        let get = |name: &str| (self.variable)(name).filter(|value| !value.trim().is_empty());
        let windows = self.system == System::Windows;
        let home = || get(if windows { "USERPROFILE" } else { "HOME" });
        let below_home = |path: &str| home().map(|home| format!("{home}/{path}"));
        let root = match root {
            "home" => home()?,
            "config" => get("XDG_CONFIG_HOME").or_else(|| below_home(".config"))?,
            "appdata" => get("APPDATA").or_else(|| below_home("AppData/Roaming"))?,
            "localappdata" => get("LOCALAPPDATA").or_else(|| below_home("AppData/Local"))?,
            name => get(name)?,
        };
        let path = format!("{root}{rest}");
        Some(if windows {
            path.replace('/', "\\")
        } else {
            path
        })
    }

    /// The path with a folder that is there in place of its `*`.
    fn matching(&self, path: &str) -> Option<String> {
        let separator = self.system.separator();
        let star = path.find('*')?;
        let (before, after) = (path.get(..star)?, path.get(star + 1..)?);
        let (folder, begin) = before.rsplit_once(separator)?;
        let (end, below) = after.split_once(separator).unwrap_or((after, ""));
        let mut found: Vec<String> = (self.names)(folder)
            .into_iter()
            .filter(|name| name.starts_with(begin) && name.ends_with(end))
            .map(|name| format!("{folder}{separator}{name}{separator}{below}"))
            .collect();
        found.sort();
        let there = found.iter().position(|path| (self.is_file)(path));
        found.into_iter().nth(there.unwrap_or_default())
    }
}

/// Whether a pattern begins with a variable by which people say where the file is.
fn is_variable(pattern: &str) -> bool {
    let mut letters = pattern.trim_start_matches('{').chars();
    letters.next().is_some_and(|c| c.is_ascii_uppercase())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use crate::connect::table::{CLIENTS, Client};

    /// A Windows machine with these folders of packages and this file.
    fn windows(packages: &[&str], file: &str) -> String {
        let variable = |name: &str| {
            let value = match name {
                "USERPROFILE" => r"C:\Users\ann",
                "APPDATA" => r"C:\Users\ann\AppData\Roaming",
                "LOCALAPPDATA" => r"C:\Users\ann\AppData\Local",
                _ => return None,
            };
            Some(value.to_owned())
        };
        let names = |folder: &str| {
            assert_eq!(folder, r"C:\Users\ann\AppData\Local\Packages");
            packages.iter().map(|name| (*name).to_owned()).collect()
        };
        let machine = Machine {
            system: System::Windows,
            variable: &variable,
            names: &names,
            is_file: &|path| path == file,
        };
        let client = Client::find("claude-desktop").unwrap();
        let place = machine.place(&client.user[System::Windows.index()]);
        place.unwrap().display().to_string()
    }

    #[test]
    fn claude_desktop_as_a_package_reads_the_file_of_its_package() {
        let old = r"C:\Users\ann\AppData\Roaming\Claude\claude_desktop_config.json";
        let packaged = r"C:\Users\ann\AppData\Local\Packages\Claude_pzs8sxrjxfjjc\LocalCache\Roaming\Claude\claude_desktop_config.json";
        assert_eq!(windows(&[], ""), old);
        assert_eq!(windows(&["Microsoft.Notes_x"], old), old);
        // Even while only the file of the old installer is there, which it no longer reads.
        let packages = ["Microsoft.Notes_x", "Claude_pzs8sxrjxfjjc"];
        assert_eq!(windows(&packages, old), packaged);
    }

    #[test]
    fn of_several_files_the_one_that_is_there_counts_and_a_variable_before_all() {
        let client = Client::find("mcporter").unwrap();
        let place = |there: &str| {
            let machine = Machine {
                system: System::Linux,
                variable: &|name| (name == "HOME").then(|| "/home/ann".to_owned()),
                names: &|_| Vec::new(),
                is_file: &|path| path == there,
            };
            machine.place(&client.user[0]).unwrap()
        };
        let with_comments = "/home/ann/.mcporter/mcporter.jsonc";
        assert_eq!(place(with_comments), Path::new(with_comments));
        assert_eq!(place(""), Path::new("/home/ann/.mcporter/mcporter.json"));
        let codex = Client::find("codex").unwrap();
        let machine = Machine {
            system: System::MacOs,
            variable: &|name| {
                Some(
                    if name == "CODEX_HOME" {
                        "/c"
                    } else {
                        "/home/ann"
                    }
                    .to_owned(),
                )
            },
            names: &|_| Vec::new(),
            is_file: &|_| true,
        };
        let place = machine.place(&codex.user[1]).unwrap();
        assert_eq!(place, Path::new("/c/config.toml"));
    }

    #[test]
    fn every_place_can_be_shown_to_who_is_elsewhere() {
        for client in CLIENTS.iter() {
            for system in [System::Linux, System::MacOs, System::Windows] {
                let patterns = &client.user[system.index()];
                let shown: Vec<String> = patterns
                    .iter()
                    .filter_map(|one| system.shown(one))
                    .collect();
                assert!(patterns.is_empty() || !shown.is_empty(), "{}", client.id);
                assert!(
                    shown.iter().all(|path| !path.contains(['{', '}'])),
                    "{shown:?}"
                );
            }
        }
        let shown = System::Windows.shown("{appdata}/Claude/x.json");
        assert_eq!(shown.as_deref(), Some(r"%APPDATA%\Claude\x.json"));
        assert_eq!(
            System::Linux.shown("{config}/x").as_deref(),
            Some("~/.config/x")
        );
        assert_eq!(System::Linux.shown("{CODEX_HOME}/x"), None);
    }

    #[test]
    fn without_a_home_there_is_no_place() {
        for system in [System::Linux, System::MacOs, System::Windows] {
            let machine = Machine {
                system,
                variable: &|_| None,
                names: &|_| Vec::new(),
                is_file: &|_| false,
            };
            for client in CLIENTS.iter() {
                assert_eq!(machine.place(&client.user[system.index()]), None);
            }
            assert_eq!(machine.own("x"), None);
        }
    }
}
