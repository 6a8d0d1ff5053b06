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

/// Values of an entry that should not stand there: of variables and header fields with the name of a secret,
/// and addresses with a password, wherever they stand.
fn secrets(entry: &Value) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let fields = entry.as_object();
    for (place, value) in fields.into_iter().flatten() {
        match value {
            Value::String(text) if has_password(text) => {
                found.push((place.as_str(), text.as_str()))
            }
            Value::Array(items) => {
                let texts = items.iter().filter_map(Value::as_str);
                let with = texts.filter(|text| has_password(text));
                found.extend(with.map(|text| (place.as_str(), text)));
            }
            Value::Object(below) => {
                let is_fields =
                    ["env", "envs", "headers", "http_headers"].contains(&place.as_str());
                let texts = below.iter();
                let texts = texts.filter_map(|(key, value)| Some((key.as_str(), value.as_str()?)));
                found.extend(texts.filter(|(key, value)| {
                    has_password(value) || is_fields && !value.is_empty() && is_secret(key)
                }));
            }
            _ => {}
        }
    }
    found
}

/// Whether what has a name is a secret.
fn is_secret(name: &str) -> bool {
    let like = [
        "key",
        "token",
        "secret",
        "password",
        "authorization",
        "cookie",
    ];
    let name = name.to_lowercase();
    let is_place = ["_file", "_url", "_hours", "_keys"]
        .iter()
        .any(|end| name.ends_with(end));
    !is_place && like.iter().any(|word| name.contains(word))
}

/// Whether a text has an address with a user and a password in it, such as that of a proxy or a store.
fn has_password(text: &str) -> bool {
    text.match_indices("://").any(|(at, _)| {
        let rest = text.get(at + 3..).unwrap_or_default();
        let authority = rest.split(['/', '?', '#', ' ']).next().unwrap_or_default();
        let user = authority.rsplit_once('@').map(|(user, _)| user);
        user.and_then(|user| user.split_once(':'))
            .is_some_and(|(_, password)| !password.is_empty() && !connect::is_reference(password))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::json;

    #[test]
    fn secrets_are_found_wherever_they_stand() {
        let entry = json!({
            "command": "x",
            "args": ["stdio", "--proxy", "http://u:args-pw@proxy"],
            "url": "https://u:url-pw@crm.example.com/mcp",
            "env": {
                "X_STATE_URL": "redis://:state-pw@store/0",
                "X_PROXY": "http://u:proxy-pw@proxy:8080",
                "X_TOKEN": "t",
                "X_TOKEN_URL": "https://id.example.com/token?a=b:c@d",
                "X_TOKEN_FILE": "/home/ann/t",
                "X_IDEMPOTENCY_KEYS": "all",
                "X_BASE_URL": "https://crm.example.com/a:b@c",
            },
        });
        let found = secrets(&entry);
        let keys: Vec<&str> = found.iter().map(|(key, _)| *key).collect();
        assert_eq!(keys, ["args", "url", "X_STATE_URL", "X_PROXY", "X_TOKEN"]);
    }
}
