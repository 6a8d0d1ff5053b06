//! Entries of this server in the files of clients.

use std::path::Path;

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
        let (Some(syntax), Some(patterns)) =
            (client.syntax, client.user.get(machine.system.index()))
        else {
            continue;
        };
        let Some(path) = machine.place(patterns) else {
            continue;
        };
        let text = match connect::file::read(&path) {
            Ok(None) => continue,
            Ok(Some(text)) => text,
            Err(line) => {
                findings.push(Finding::warning("clients", line, ""));
                continue;
            }
        };
        let root = match edit::value(syntax, &text) {
            Ok(root) => root,
            Err(error) => {
                findings.push(Finding::fault(
                    "clients",
                    USAGE,
                    format!(
                        "{} cannot be read by {}: {error}",
                        path.display(),
                        client.title
                    ),
                    format!(
                        "mend that place, or restore a backup: {}.backup-…",
                        path.display()
                    ),
                ));
                continue;
            }
        };
        for (name, entry) in connect::found(&root, client).into_iter().flatten() {
            if owner.owns(entry) || name == api.name {
                entries += 1;
                let problems = problems(api, client, &owner, name, entry);
                if problems.is_empty() {
                    let line = format!("{} has it as {name}: {}", client.title, path.display());
                    findings.push(Finding::well("clients", line));
                }
                findings.extend(problems);
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

/// What is wrong with an entry.
fn problems(api: &Api, client: &Client, owner: &Owner, name: &str, entry: &Value) -> Vec<Finding> {
    let mut found = Vec::new();
    let again = {
        let named = if name == api.name {
            String::new()
        } else {
            format!(" --name {name}")
        };
        format!("{} connect {}{named}", owner.program, client.id)
    };
    let command = ["command", "cmd"]
        .iter()
        .find_map(|key| entry.get(*key)?.as_str());
    match command {
        Some(command) if Path::new(command).is_absolute() && !Path::new(command).is_file() => {
            found.push(Finding::fault(
                "clients",
                USAGE,
                format!("{} starts {command}, which is not there", client.title),
                &again,
            ));
        }
        Some(_) => {}
        None if client.http.is_none() => found.push(Finding::fault(
            "clients",
            USAGE,
            format!("{} skips {name}: its file takes no address", client.title),
            &again,
        )),
        None => {}
    }
    for (key, value) in secrets(entry) {
        if !connect::is_reference(value) {
            found.push(Finding::warning(
                "secrets",
                format!(
                    "{key} of {name} stands in the file of {} as it is",
                    client.title
                ),
                &again,
            ));
        }
    }
    found
}

/// Values of an entry that should not stand there: of variables and header fields with the name of a secret.
fn secrets(entry: &Value) -> Vec<(&str, &str)> {
    let like = [
        "key",
        "token",
        "secret",
        "password",
        "authorization",
        "cookie",
    ];
    let mut found = Vec::new();
    for place in ["env", "envs", "headers", "http_headers"] {
        let fields = entry.get(place).and_then(Value::as_object);
        for (key, value) in fields.into_iter().flatten() {
            let lower = key.to_lowercase();
            let is_path =
                lower.ends_with("_file") || lower.ends_with("_url") || lower.ends_with("_hours");
            let is_secret = !is_path && like.iter().any(|word| lower.contains(word));
            if let Some(value) = value
                .as_str()
                .filter(|value| is_secret && !value.is_empty())
            {
                found.push((key.as_str(), value));
            }
        }
    }
    found
}
