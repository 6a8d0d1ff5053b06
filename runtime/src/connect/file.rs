//! The file of another program: read, kept beside, and written in one step.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

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
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(said(error)),
    }
    fs::read_to_string(path).map(Some).map_err(said)
}

/// Writes a file in one step, after the old one was kept beside it; gives the path of that. A link is
/// followed, so that it stays one. The permissions stay; a new file is its owner's alone.
///
/// # Errors
/// One line that says why nothing was written, such as that another program has written it meanwhile.
pub(crate) fn replace(
    path: &Path,
    old: Option<&str>,
    new: &str,
    stamp: &str,
) -> Result<Option<PathBuf>, String> {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let said = |error: io::Error| format!("{} cannot be written: {error}", path.display());
    let (Some(folder), Some(name)) = (path.parent(), path.file_name().and_then(|n| n.to_str()))
    else {
        return Err(format!("{} names no file", path.display()));
    };
    fs::create_dir_all(folder).map_err(said)?;
    if read(&path)?.as_deref() != old {
        return Err(format!(
            "{} was changed by another program meanwhile; nothing was written, try again",
            path.display()
        ));
    }
    let kept = match old {
        Some(_) => {
            let kept = folder.join(format!("{name}.backup-{stamp}"));
            fs::copy(&path, &kept)
                .map_err(|error| format!("{} cannot be written: {error}", kept.display()))?;
            Some(kept)
        }
        None => None,
    };
    let draft = folder.join(format!(".{name}.{}.new", std::process::id()));
    let written = private(&draft, new).and_then(|()| {
        if old.is_some() {
            fs::set_permissions(&draft, fs::metadata(&path)?.permissions())?;
        }
        fs::rename(&draft, &path)
    });
    if let Err(error) = written {
        let _ = fs::remove_file(&draft);
        return Err(said(error));
    }
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
