//! The clients that are known, and which of them know this server.

use super::{edit, machine};
use crate::connect;
use crate::connect::system::{Machine, System};
use crate::connect::table::{CLIENTS, Client};
use crate::json::Object;
use crate::operation::Api;

/// A line for each client.
pub(super) fn list(api: &Api) -> String {
    let machine = machine(System::HERE);
    let width = CLIENTS.iter().map(|client| client.id.len()).max();
    let width = width.unwrap_or_default();
    let mut lines: Vec<String> = CLIENTS
        .iter()
        .map(|client| {
            format!(
                "{:width$}  {:14}  {}",
                client.id,
                client.title,
                state(api, client, &machine)
            )
        })
        .collect();
    lines.push(format!(
        "{} clients; formats compared with their vendors' in {}",
        CLIENTS.len(),
        CLIENTS
            .iter()
            .map(|client| client.verified.as_str())
            .min()
            .unwrap_or_default()
    ));
    lines.join("\n")
}

fn state(api: &Api, client: &Client, machine: &Machine<'_>) -> String {
    let Some(syntax) = client.syntax else {
        return "by hand, with --url".to_owned();
    };
    let path = client.user.get(machine.system.index());
    let Some(path) = path.and_then(|patterns| machine.place(patterns)) else {
        return "no home folder".to_owned();
    };
    let shown = path.display();
    match connect::file::read(&path) {
        Ok(None) => format!("-  {shown}"),
        Err(line) => line,
        Ok(Some(text)) => match edit::value(syntax, &text) {
            Err(error) => format!("malformed  {shown}: {error}"),
            Ok(root) if has(&root, api, client) => format!("connected  {shown}"),
            Ok(_) => format!("there  {shown}"),
        },
    }
}

fn has(root: &Object, api: &Api, client: &Client) -> bool {
    connect::found(root, client).is_some_and(|servers| servers.contains_key(api.name))
}
