//! Entries of this server in the files of clients.

use std::path::{Path, PathBuf};

use super::secrets::{Bare, bare};
use super::{Finding, USAGE};
use crate::connect::edit;
use crate::connect::system::System;
use crate::connect::table::{CLIENTS, Client};
use crate::connect::{self, Owner};
use crate::json::Value;
use crate::operation::Api;

pub(super) fn check(api: &'static Api, findings: &mut Vec<Finding>) {
    let machine = crate::cli::connect::machine(System::HERE);
    let Ok(owner) = crate::cli::connect::owner(api, None) else {
        return;
    };
    let mut entries = 0;
    for client in CLIENTS.iter() {
        let patterns = client.user.get(machine.system.index());
        let user = patterns.and_then(|patterns| machine.place(patterns));
        // In a home folder both may be the same file.
        let absolute = |path: &Path| std::path::absolute(path).ok();
        let project = client.project.as_ref().map(PathBuf::from);
        let project = project.filter(|path| {
            let user = user.as_deref().and_then(absolute);
            absolute(path) != user
        });
        let files = [(user, ""), (project, " --scope project")];
        for (path, scope) in files {
            if let Some(path) = path {
                entries += file(api, client, &owner, &path, scope, findings);
            }
        }
    }
    if entries == 0 {
        findings.push(Finding::warning(
            "clients",
            "no client of this machine has this server",
            format!("{} connect", owner.program),
        ));
    }
}

/// Looks at one file of a client; how many entries of this server it has. `scope` is the option of `connect` that
/// leads to it.
fn file(
    api: &'static Api,
    client: &Client,
    owner: &Owner,
    path: &Path,
    scope: &str,
    findings: &mut Vec<Finding>,
) -> usize {
    let Some(syntax) = client.syntax else {
        return 0;
    };
    let text = match connect::file::read(path) {
        Ok(None) => return 0,
        Ok(Some(text)) => text,
        Err(line) => {
            findings.push(Finding::warning("clients", line, ""));
            return 0;
        }
    };
    let root = match edit::value(syntax, &text) {
        Ok(root) => root,
        Err(error) => {
            let shown = path.display();
            findings.push(Finding::fault(
                "clients",
                USAGE,
                format!("{shown} cannot be read by {}: {error}", client.title),
                format!("mend that place, or restore a backup: {shown}.backup-…"),
            ));
            return 0;
        }
    };
    let mut entries = 0;
    for (name, entry) in connect::found(&root, client).into_iter().flatten() {
        if !owner.owns(entry) && name != api.name {
            continue;
        }
        entries += 1;
        let named = if name == api.name {
            String::new()
        } else {
            format!(" --name {name}")
        };
        let again = format!("{} connect {}{named}{scope}", owner.program, client.id);
        let problems = problems(client, &again, name, entry);
        if problems.is_empty() {
            let line = format!("{} has it as {name}: {}", client.title, path.display());
            findings.push(Finding::well("clients", line));
        }
        findings.extend(problems);
    }
    entries
}

/// What is wrong with an entry.
fn problems(client: &Client, again: &str, name: &str, entry: &Value) -> Vec<Finding> {
    let mut found = Vec::new();
    let command = ["command", "cmd"]
        .iter()
        .find_map(|key| entry.get(*key)?.as_str());
    match command {
        Some(command) if Path::new(command).is_absolute() && !Path::new(command).is_file() => {
            found.push(Finding::fault(
                "clients",
                USAGE,
                format!("{} starts {command}, which is not there", client.title),
                again,
            ));
        }
        Some(_) => {}
        None if client.http.is_none() => found.push(Finding::fault(
            "clients",
            USAGE,
            format!("{} skips {name}: its file takes no address", client.title),
            again,
        )),
        None => {}
    }
    for Bare {
        name: key,
        is_foreign,
    } in bare(client, entry)
    {
        let says = if is_foreign {
            format!(
                "{key} of {name} is a reference that {} does not resolve: the server gets these very characters",
                client.title
            )
        } else {
            format!(
                "{key} of {name} stands in the file of {} as it is",
                client.title
            )
        };
        found.push(Finding::warning("secrets", says, again));
    }
    found
}
