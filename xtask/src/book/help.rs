//! What the programs say of themselves.

use super::{PACKAGE, head, said};
use crate::failure::Result;

/// Commands whose arguments, `--help` among them, go to another program.
const HANDED_OVER: [&str; 4] = ["connect", "disconnect", "tools", "call"];

/// The page of `mcpwright`.
pub fn generator() -> Result<String> {
    let text = head("The command `mcpwright`", "`mcpwright … --help`")
        + "\nManual pages are written by `mcpwright man --out DIR`, completions by `mcpwright completions SHELL`.\n";
    page(text, "mcpwright")
}

/// The page of a generated server.
pub fn server() -> Result<String> {
    let text = head("The generated server", "`northlight-crm-mcp … --help`")
        + "\nThe program of the crate that is generated for the demo CRM. Another crate's has its own name, and its \
           variables begin with its own prefix; those of credentials follow from the document's security schemes.\n";
    page(text, PACKAGE)
}

fn page(mut text: String, program: &str) -> Result<String> {
    let help = said(program, &["--help"], &[])?;
    let names: Vec<&str> = commands(&help).collect();
    section(&mut text, program, &help);
    for name in names {
        if program != PACKAGE && HANDED_OVER.contains(&name) {
            text.push_str(&format!(
                "\n## `{program} {name}`\n\nHanded over to the server of this folder: [its own `{name}`](server.md).\n"
            ));
            continue;
        }
        let help = said(program, &[name, "--help"], &[])?;
        section(&mut text, &format!("{program} {name}"), &help);
        for below in commands(&help) {
            let help = said(program, &[name, below, "--help"], &[])?;
            section(&mut text, &format!("{program} {name} {below}"), &help);
        }
    }
    Ok(text)
}

/// The commands that a help text lists.
fn commands(help: &str) -> impl Iterator<Item = &str> {
    let list = help.split("\nCommands:\n").nth(1).unwrap_or_default();
    let lines = list.lines().take_while(|line| !line.is_empty());
    let names = lines.filter_map(|line| {
        line.strip_prefix("  ")
            .filter(|rest| !rest.starts_with(' '))
    });
    names
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
}

fn section(text: &mut String, title: &str, help: &str) {
    let help: Vec<&str> = help.lines().map(str::trim_end).collect();
    text.push_str(&format!(
        "\n## `{title}`\n\n```text\n{}\n```\n",
        help.join("\n")
    ));
}
