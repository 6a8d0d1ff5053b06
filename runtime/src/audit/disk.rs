//! The file of a log, behind a trait so that tests can let every step fail.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

/// What a log does to its file.
pub(super) trait Disk: Send {
    /// Opens the current file, which is made if there is none, and gives its length.
    fn open(&mut self) -> io::Result<u64>;

    /// The last bytes of the current file, at most so many.
    fn tail(&mut self, most: u64) -> io::Result<Vec<u8>>;

    /// The last bytes of the newest file that was put aside; none if there is none.
    fn tail_aside(&mut self, most: u64) -> io::Result<Option<Vec<u8>>>;

    /// Adds bytes at the end of the current file.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Cuts the current file: what was added and not acknowledged goes.
    fn cut(&mut self, length: u64) -> io::Result<()>;

    /// Waits until everything is on the disk.
    fn sync(&mut self) -> io::Result<()>;

    /// Puts the current file aside, under a name with the next number, and gives that name. The next file
    /// begins with [`Disk::open`].
    fn put_aside(&mut self) -> io::Result<String>;
}

/// A file, and beside it those that were put aside: `audit.jsonl`, `audit.jsonl.000001`, …
#[derive(Debug)]
pub(super) struct FileDisk {
    path: PathBuf,
    file: Option<File>,
}

impl FileDisk {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, file: None }
    }

    fn file(&mut self) -> io::Result<&mut File> {
        let closed = || io::Error::other("the file is not open");
        self.file.as_mut().ok_or_else(closed)
    }

    /// Waits until the names in the folder are on the disk.
    fn sync_folder(&self) -> io::Result<()> {
        sync_folder(&self.path)
    }
}

/// Waits until the names in the folder of a file are on the disk.
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    // Windows has no such thing.
    if cfg!(unix) {
        File::open(folder(path))?.sync_all()?;
    }
    Ok(())
}

impl Disk for FileDisk {
    fn open(&mut self) -> io::Result<u64> {
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            // Nobody else has to read who did what.
            options.mode(0o600);
        }
        let file = options.open(&self.path)?;
        let length = file.metadata()?.len();
        self.file = Some(file);
        self.sync_folder()?;
        Ok(length)
    }

    fn tail(&mut self, most: u64) -> io::Result<Vec<u8>> {
        tail(self.file()?, most)
    }

    fn tail_aside(&mut self, most: u64) -> io::Result<Option<Vec<u8>>> {
        match aside(&self.path)?.last() {
            Some((_, path)) => tail(&mut File::open(path)?, most).map(Some),
            None => Ok(None),
        }
    }

    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file()?.write_all(bytes)
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.file()?.set_len(length)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.file()?.sync_data()
    }

    fn put_aside(&mut self) -> io::Result<String> {
        let last = aside(&self.path)?.last().map_or(0, |(number, _)| *number);
        let mut name = self.path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{:06}", last.saturating_add(1)));
        let path = self.path.with_file_name(&name);
        // Windows renames no file that is open.
        self.file = None;
        fs::rename(&self.path, path)?;
        self.sync_folder()?;
        Ok(name.to_string_lossy().into_owned())
    }
}

fn tail(file: &mut File, most: u64) -> io::Result<Vec<u8>> {
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(most)))?;
    let mut bytes = Vec::new();
    file.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The folder of a file.
pub(super) fn folder(path: &Path) -> &Path {
    let parent = path.parent().filter(|parent| *parent != Path::new(""));
    parent.unwrap_or(Path::new("."))
}

/// The files that were put aside for one, with their numbers, oldest first.
pub(super) fn aside(path: &Path) -> io::Result<Vec<(u64, PathBuf)>> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let mut found = Vec::new();
    for entry in fs::read_dir(folder(path))? {
        let entry = entry?;
        let other = entry.file_name();
        let number = other
            .to_str()
            .and_then(|other| other.strip_prefix(&*name)?.strip_prefix('.'))
            .filter(|digits| digits.len() >= 6 && digits.bytes().all(|byte| byte.is_ascii_digit()));
        if let Some(number) = number.and_then(|digits| digits.parse().ok()) {
            found.push((number, entry.path()));
        }
    }
    found.sort_unstable();
    Ok(found)
}
