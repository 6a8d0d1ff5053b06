//! Where credentials stay, since none is written into a client's file.

use std::path::PathBuf;

use super::{machine, wrong};
use crate::cli::Stop;
use crate::connect::shape::Held;
use crate::connect::system::System;
use crate::connect::table::{Client, Refer};
use crate::connect::variables::Variable;
use crate::operation::Api;

/// A variable as the client sets it, and the file that has to be written for it.
pub(super) type Placed = ((String, Held), Option<(PathBuf, String)>);

/// How a client gets a variable.
///
/// # Errors
/// When it cannot have it without its secret in its file.
pub(super) fn place(
    api: &Api,
    client: &Client,
    variable: Variable,
    mode: &str,
    system: System,
) -> Result<Placed, Stop> {
    if !variable.is_secret {
        return Ok(((variable.name, Held::Text(variable.value)), None));
    }
    let has_no_file = variable.name == format!("{}_PROXY", api.env_prefix);
    if has_no_file && !variable.value.contains('@') {
        return Ok(((variable.name, Held::Text(variable.value)), None));
    }
    let can_refer = client.env != Refer::No;
    let refers = match mode {
        "reference" if !can_refer => {
            return Err(wrong(format!(
                "the file of {} cannot refer to variables; leave --secrets out, and {} stays in a file that only you can read",
                client.title, variable.name
            )));
        }
        "reference" => true,
        "file" => has_no_file && can_refer,
        // A program that is started from a menu does not see what a shell exports.
        _ => can_refer && (client.sees_shell || client.inputs.is_some() || has_no_file),
    };
    if refers {
        return Ok(((variable.name, Held::Reference), None));
    }
    if has_no_file {
        return Err(wrong(format!(
            "{} holds a password, which is not written into the file of {}; use a proxy that needs none",
            variable.name, client.title
        )));
    }
    let folder = machine(system).own(api.name);
    let folder = folder.ok_or_else(|| {
        wrong(format!(
            "there is no home folder (HOME) to keep {} in; set {0}_FILE to a file that holds it",
            variable.name
        ))
    })?;
    // As the system has it for which the entry is printed.
    let separator = if system == System::Windows { '\\' } else { '/' };
    let path = PathBuf::from(format!("{}{separator}{}", folder.display(), variable.name));
    let held = Held::Text(path.display().to_string());
    Ok((
        (format!("{}_FILE", variable.name), held),
        Some((path, variable.value)),
    ))
}

/// The files in which credentials of this server were kept.
pub(super) fn kept(api: &Api) -> Vec<PathBuf> {
    let Some(folder) = machine(System::HERE).own(api.name) else {
        return Vec::new();
    };
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let prefix = format!("{}_", api.env_prefix);
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| {
            let name = path.file_name().unwrap_or_default();
            path.is_file() && name.to_string_lossy().starts_with(&prefix)
        })
        .collect();
    files.sort();
    files
}
