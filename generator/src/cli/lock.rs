//! The file that keeps the names of tools.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::{fs, io};

use super::arguments::SpecArguments;
use crate::Config;
use crate::lock::LOCK;

/// Where the lock is, and whether it is a file of its own outside the output folder.
pub struct LockFile {
    path: PathBuf,
    own: bool,
}

impl LockFile {
    /// The lock of a crate in `out`, or the one that was named.
    pub fn of(spec: &SpecArguments, out: &Path) -> Self {
        match &spec.lock {
            Some(path) => Self {
                path: path.clone(),
                own: true,
            },
            None => Self {
                path: out.join(LOCK),
                own: false,
            },
        }
    }

    /// What it holds, if it is there.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    pub fn read(&self) -> Result<Option<String>, String> {
        match fs::read_to_string(&self.path) {
            Ok(text) => Ok(Some(text)),
            Err(error)
                if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) =>
            {
                Ok(None)
            }
            Err(error) => Err(self.failed("read", &error)),
        }
    }

    /// The configuration with the names that were read.
    pub fn apply(&self, config: Config, text: Option<&str>) -> Config {
        let config = config.lock_elsewhere(self.own);
        match text {
            Some(text) => config.lock(text),
            None => config,
        }
    }

    /// Writes it, if it is not among the generated files.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn save(&self, text: &str) -> Result<(), String> {
        if !self.own || fs::read(&self.path).is_ok_and(|now| now == text.as_bytes()) {
            return Ok(());
        }
        // In one step, so that nobody finds half of it.
        let mut beside = self.path.clone().into_os_string();
        beside.push(".new");
        let beside = PathBuf::from(beside);
        fs::write(&beside, text)
            .and_then(|()| fs::rename(&beside, &self.path))
            .map_err(|error| self.failed("written", &error))
    }

    /// Whether it is what was generated, for a file outside the output folder.
    pub fn is_current(&self, text: &str) -> bool {
        !self.own || fs::read(&self.path).is_ok_and(|now| now == text.as_bytes())
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn failed(&self, what: &str, error: &io::Error) -> String {
        format!("{} cannot be {what}: {error}", self.path.display())
    }
}
