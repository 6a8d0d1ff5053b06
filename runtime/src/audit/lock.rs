//! One process writes a log. Hosts start servers twice, and people use two hosts: a process that finds
//! the log taken has one of its own beside it.

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// Logs beside each other.
const MOST: usize = 64;

/// Where the logs of a name are: `audit.jsonl`, `audit-2.jsonl`, …
pub(super) fn places(path: &Path) -> impl Iterator<Item = PathBuf> + '_ {
    (1..=MOST).map(move |number| {
        if number == 1 {
            return path.to_owned();
        }
        let mut name: OsString = path.file_stem().unwrap_or_default().to_owned();
        name.push(format!("-{number}"));
        if let Some(extension) = path.extension() {
            name.push(".");
            name.push(extension);
        }
        path.with_file_name(name)
    })
}

/// Takes the first log that no other process has, for as long as the file that is given is open.
pub(super) fn take(path: &Path) -> io::Result<(PathBuf, File)> {
    for place in places(path) {
        if let Some(lock) = lock(&place)? {
            return Ok((place, lock));
        }
    }
    Err(io::Error::other(format!(
        "{MOST} other processes write it already"
    )))
}

/// The lock of a file that is changed in a moment: waits for it, five seconds at most.
#[cfg(feature = "http")]
pub(crate) fn beside(path: &Path) -> io::Result<File> {
    waited(|| lock(path))
}

/// The lock of a folder whose files are changed in a moment: waits for it, five seconds at most. It leaves no
/// file behind: other programs have locks of their own beside theirs.
#[cfg(feature = "connect")]
pub(crate) fn of_folder(folder: &Path) -> io::Result<File> {
    waited(|| exclusive(open_folder(folder)))
}

#[cfg(all(feature = "connect", unix))]
fn open_folder(folder: &Path) -> io::Result<File> {
    File::open(folder)
}

/// A folder cannot be opened for oneself alone here; a file in it that goes with its last handle can.
#[cfg(all(feature = "connect", windows))]
fn open_folder(folder: &Path) -> io::Result<File> {
    use std::os::windows::fs::OpenOptionsExt as _;
    /// `FILE_FLAG_DELETE_ON_CLOSE`
    const GOES: u32 = 0x0400_0000;
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    options
        .custom_flags(GOES)
        .open_as_lock(&folder.join(".mcpwright-connect.lock"))
}

#[cfg(any(feature = "http", feature = "connect"))]
fn waited(take: impl Fn() -> io::Result<Option<File>>) -> io::Result<File> {
    for _ in 0..500 {
        if let Some(lock) = take()? {
            return Ok(lock);
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    Err(io::Error::other("another process is changing it"))
}

/// The lock of a log; none if another process has it.
fn lock(path: &Path) -> io::Result<Option<File>> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".lock");
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    exclusive(options.open_as_lock(&path.with_file_name(name)))
}

/// How a lock file is opened: where files can be opened for oneself alone, that is the lock.
trait OpenAsLock {
    fn open_as_lock(&mut self, path: &Path) -> io::Result<File>;
}

impl OpenAsLock for OpenOptions {
    #[cfg(unix)]
    fn open_as_lock(&mut self, path: &Path) -> io::Result<File> {
        use std::os::unix::fs::OpenOptionsExt as _;
        self.mode(0o600).open(path)
    }

    #[cfg(windows)]
    fn open_as_lock(&mut self, path: &Path) -> io::Result<File> {
        use std::os::windows::fs::OpenOptionsExt as _;
        self.share_mode(0).open(path)
    }
}

#[cfg(unix)]
fn exclusive(opened: io::Result<File>) -> io::Result<Option<File>> {
    use rustix::fs::{FlockOperation, flock};
    use rustix::io::Errno;
    let file = opened?;
    match flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(Some(file)),
        Err(Errno::WOULDBLOCK) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

#[cfg(windows)]
fn exclusive(opened: io::Result<File>) -> io::Result<Option<File>> {
    /// `ERROR_SHARING_VIOLATION`
    const TAKEN: i32 = 32;
    match opened {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.raw_os_error() == Some(TAKEN) => Ok(None),
        Err(error) => Err(error),
    }
}
