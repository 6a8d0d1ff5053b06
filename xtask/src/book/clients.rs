//! MCP clients: where their files are, and what `connect` puts there.

use std::fs;

use serde_json::Value;

use super::{PACKAGE, cell, head, said};
use crate::crm::PREFIX;
use crate::failure::{Context as _, Result};
use crate::paths;

/// The data file.
const SOURCE: &str = "runtime/src/connect/clients.json";
const SYSTEMS: [(&str, &str); 3] = [
    ("linux", "Linux"),
    ("macos", "macOS"),
    ("windows", "Windows"),
];

pub fn page() -> Result<String> {
    let file = fs::read_to_string(paths::root().join(SOURCE)).context(SOURCE)?;
    let data: Value = serde_json::from_str(&file).context(SOURCE)?;
    let mut text = head(
        "Clients and their files",
        &format!("`{SOURCE}` and `connect --print`"),
    );
    text.push_str(&format!(
        "\nWhat `northlight-crm-mcp connect CLIENT` writes, on Linux for a person called Ann, with \
         `{PREFIX}_BASE_URL=https://crm.example.com/api`; and with `--url https://mcp.example.com/mcp --auth keys` \
         for a server that runs already. `{{config}}`, `{{home}}` and so on are the folders of the system; the first \
         file that is there is taken. No secret is in any of them. Formats were compared with what the vendors say \
         in {}.\n",
        word(&data, "verified")
    ));
    for client in data
        .get("clients")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        one(client, &mut text)?;
    }
    Ok(text)
}

fn one(client: &Value, text: &mut String) -> Result<()> {
    let id = word(client, "id");
    text.push_str(&format!("\n## {}\n\n", word(client, "title")));
    text.push_str(&format!(
        "`connect {id}`, last compared {} with <{}>.\n",
        word(client, "verified"),
        word(client, "source")
    ));
    if let Some(user) = client.get("user") {
        text.push_str("\n| system | file |\n|---|---|\n");
        for (key, name) in SYSTEMS {
            let places = user
                .get(key)
                .and_then(Value::as_array)
                .into_iter()
                .flatten();
            let places: Vec<String> = places
                .filter_map(Value::as_str)
                .map(|at| format!("`{}`", cell(at)))
                .collect();
            text.push_str(&format!("| {name} | {} |\n", places.join(", else ")));
        }
        if let Some(project) = client.get("project").and_then(Value::as_str) {
            text.push_str(&format!("| `--scope project` | `{project}` |\n"));
        }
    }
    let variables = [
        (format!("{PREFIX}_BASE_URL"), "https://crm.example.com/api"),
        (format!("{PREFIX}_API_KEY"), "not-printed"),
    ];
    let variables: Vec<(&str, &str)> = variables
        .iter()
        .map(|(name, value)| (name.as_str(), *value))
        .collect();
    let print = |more: &[&str]| {
        let arguments = [&["connect", id, "--print"], more].concat();
        said(PACKAGE, &arguments, &variables)
    };
    if client.get("stdio").is_some() {
        fenced(client, &print(&[])?, text);
    } else if let Some(why) = client.get("no_stdio").and_then(Value::as_str) {
        text.push_str(&format!("\nNot over stdio: {why}.\n"));
    }
    let url = ["--url", "https://mcp.example.com/mcp", "--auth"];
    if let Ok(entry) = print(&[&url[..], &["keys"]].concat()) {
        text.push_str("\nOver HTTP:\n");
        fenced(client, &entry, text);
    } else {
        text.push_str("\nOver HTTP it takes `--auth oauth` or `none`, and no key in a header:\n");
        fenced(client, &print(&[&url[..], &["oauth"]].concat())?, text);
    }
    if let Some(after) = client.get("after").and_then(Value::as_str) {
        text.push_str(&format!("\nThen: {after}\n"));
    }
    Ok(())
}

fn fenced(client: &Value, entry: &str, text: &mut String) {
    // Steps for a person are no file.
    let language = if entry.starts_with("In ") {
        "text"
    } else {
        word(client, "syntax")
    };
    // The program stands where it was built.
    let here = crate::crm::program(PACKAGE);
    let entry = entry.replace(
        &*here.to_string_lossy(),
        "/usr/local/bin/northlight-crm-mcp",
    );
    text.push_str(&format!("\n```{language}\n{entry}\n```\n"));
}

fn word<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or("text")
}
