//! The file of another program: read, kept beside, and written in one step.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::own;

/// Largest file that is read.
const LARGEST: u64 = 64 << 20;

/// The text of a file; none where there is none.
///
/// # Errors
/// One line that says why it cannot be read.
pub(crate) fn read(path: &Path) -> Result<Option<String>, String> {
    let said = |error: io::Error| format!("{} cannot be read: {error}", path.display());
    match fs::metadata(path) {
        Ok(found) if !found.is_file() => return Err(format!("{} is no file", path.display())),
        Ok(found) if found.len() > LARGEST => {
            return Err(format!("{} is larger than 64 MiB", path.display()));
        }
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return match fs::read_link(path) {
                Ok(target) => Err(format!(
                    "{} is a link to {}, which is not there; make that file, or remove the link",
                    path.display(),
                    target.display()
                )),
                Err(_) => Ok(None),
            };
        }
        Err(error) => return Err(said(error)),
    }
    fs::read_to_string(path).map(Some).map_err(said)
}

/// What became of a file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Changed {
    /// It was as it should be already.
    Nothing,
    /// It was written; the path of the old one, if there was one.
    Written(Option<PathBuf>),
}

/// Changes a file in one step: `change` makes the new text of the old one, which is kept beside it. A link is
/// followed, so that it stays one. The permissions stay; a new file is its owner's alone. Two that change
/// files of a folder wait for each other, so that each sees what the other has written.
///
/// # Errors
/// What `change` says, or one line that says why nothing was written, such as that another program writes it
/// at the same time.
pub(crate) fn change(
    path: &Path,
    stamp: &str,
    change: impl FnOnce(Option<&str>) -> Result<String, String>,
) -> Result<Changed, String> {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let said = |error: io::Error| format!("{} cannot be written: {error}", path.display());
    let (Some(folder), Some(name)) = (path.parent(), path.file_name().and_then(|n| n.to_str()))
    else {
        return Err(format!("{} names no file", path.display()));
    };
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    fs::create_dir_all(folder).map_err(said)?;
    let _lock = crate::audit::lock_folder(folder).map_err(said)?;
    let old = read(&path)?;
    let new = change(old.as_deref())?;
    if old.as_deref() == Some(new.as_str()) {
        return Ok(Changed::Nothing);
    }
    if old.is_some() {
        writable(&path)?;
    }
    let kept = match old {
        Some(_) => Some(keep(&path, folder, name, stamp)?),
        None => None,
    };
    let draft = folder.join(format!(".{name}.{}.new", std::process::id()));
    let written = private(&draft, &new).and_then(|()| {
        if old.is_some() {
            fs::set_permissions(&draft, fs::metadata(&path)?.permissions())?;
        }
        Ok(())
    });
    // Programs that do not wait for the lock are seen at the last moment.
    let outcome = match (written.map_err(said), read(&path)) {
        (Err(line), _) | (_, Err(line)) => Err(line),
        (Ok(()), Ok(now)) if now != old => Err(format!(
            "{} was changed by another program meanwhile; nothing was written, try again",
            path.display()
        )),
        (Ok(()), Ok(_)) => fs::rename(&draft, &path).map_err(said),
    };
    if let Err(line) = outcome {
        let _ = fs::remove_file(&draft);
        return Err(line);
    }
    Ok(Changed::Written(kept))
}

/// That a file may be written: one that somebody protects is not replaced by another.
fn writable(path: &Path) -> Result<(), String> {
    let is_protected = fs::metadata(path).is_ok_and(|found| found.permissions().readonly());
    if is_protected || OpenOptions::new().write(true).open(path).is_err() {
        return Err(format!(
            "{} is write-protected; it was left as it was. Make it writable and try again, or add what --print shows by hand",
            path.display()
        ));
    }
    Ok(())
}

/// Copies a file beside itself, under a name that nothing has yet.
fn keep(path: &Path, folder: &Path, name: &str, stamp: &str) -> Result<PathBuf, String> {
    let mut kept = folder.join(format!("{name}.backup-{stamp}"));
    let mut number = 1;
    while kept.exists() {
        number += 1;
        kept = folder.join(format!("{name}.backup-{stamp}-{number}"));
    }
    fs::copy(path, &kept)
        .map_err(|error| format!("{} cannot be written: {error}", kept.display()))?;
    Ok(kept)
}

/// Writes a secret into a file of its owner's alone, in a folder of its owner's alone.
///
/// # Errors
/// One line that says why it cannot be written.
pub(crate) fn keep_secret(path: &Path, secret: &str) -> Result<(), String> {
    let said = |error: io::Error| format!("{} cannot be written: {error}", path.display());
    if let Some(folder) = path.parent() {
        folder_of_ones_own(folder).map_err(said)?;
    }
    let draft = path.with_extension(format!("{}.new", std::process::id()));
    let written = private(&draft, secret).and_then(|()| fs::rename(&draft, path));
    if let Err(error) = written {
        let _ = fs::remove_file(&draft);
        return Err(said(error));
    }
    Ok(())
}

/// Notes for which origin the credential in a file was given.
///
/// # Errors
/// One line that says why it cannot be written.
pub(crate) fn bind_secret(path: &Path, origin: &str) -> Result<(), String> {
    let said = |error: io::Error| format!("{} cannot be written: {error}", path.display());
    let (Some(folder), Some(variable)) = (path.parent(), path.file_name().and_then(|n| n.to_str()))
    else {
        return Ok(());
    };
    let _lock = crate::audit::lock_folder(folder).map_err(said)?;
    let place = folder.join(own::ORIGINS);
    let text = read(&place)?.unwrap_or_default();
    keep_secret(&place, &own::with(&text, variable, origin))
}

fn folder_of_ones_own(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// A new file that only its owner reads, on the disk when this returns.
fn private(path: &Path, text: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file: File = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
