//! Small files that are written anew as a whole: whoever reads one sees the old one or the new one.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use crate::json::Value;

/// Puts a new file in the place of one, whole or not at all.
///
/// # Errors
/// When the new one cannot be written, or the old one belongs to somebody else; then that stays.
pub(crate) fn replace(path: &Path, value: &Value) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".new-{}", std::process::id()));
    let new = path.with_file_name(name);
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut file = options.open(&new)?;
    let written = keep_owner(path, &file)
        .and_then(|()| file.write_all(format!("{value:#}\n").as_bytes()))
        .and_then(|()| file.sync_all());
    drop(file);
    let replaced = written.and_then(|()| fs::rename(&new, path));
    if replaced.is_err() {
        let _ = fs::remove_file(&new);
    }
    replaced?;
    // What was replaced (a key that was revoked, say) must not come back with the power.
    crate::audit::sync_folder(path)
}

/// Gives a new file the mode and the owner of the one that it replaces: whoever makes a key as another user must
/// not lock the server out.
#[cfg(unix)]
fn keep_owner(old: &Path, new: &fs::File) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt as _, fchown};
    let was = match fs::metadata(old) {
        Ok(was) => was,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    let is = new.metadata()?;
    if (was.uid(), was.gid()) != (is.uid(), is.gid()) {
        fchown(new, Some(was.uid()), Some(was.gid())).map_err(|error| {
            let text = format!("the file belongs to another user, who has to do this ({error})");
            io::Error::new(error.kind(), text)
        })?;
    }
    new.set_permissions(was.permissions())
}

#[cfg(not(unix))]
fn keep_owner(_: &Path, _: &fs::File) -> io::Result<()> {
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

    use super::*;
    use crate::json::json;

    #[test]
    fn a_file_keeps_its_owner_and_its_mode_when_it_is_replaced() {
        let folder = std::env::temp_dir().join(format!("mcpwright-owner-{}", std::process::id()));
        let _ = fs::create_dir_all(&folder);
        let path = folder.join("keys.json");
        assert!(replace(&path, &json!({})).is_ok());
        let of = |path: &Path| {
            let found = fs::metadata(path).map(|found| (found.mode() & 0o777, found.uid()));
            found.unwrap_or_default()
        };
        assert_eq!(of(&path).0, 0o600, "nobody else's business at first");
        let _ = fs::set_permissions(&path, fs::Permissions::from_mode(0o640));
        // Only root can give it to somebody else.
        let is_given = std::os::unix::fs::chown(&path, Some(12_345), None).is_ok();
        let before = of(&path);
        assert_eq!(is_given, before.1 == 12_345);
        assert!(replace(&path, &json!({"keys": []})).is_ok());
        assert_eq!(of(&path), before);
        assert_eq!(fs::read_dir(&folder).map(Iterator::count).ok(), Some(1));
        let _ = fs::remove_dir_all(&folder);
    }
}
