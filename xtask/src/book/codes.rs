//! Diagnostics: the table, and what `mcpwright explain` says of each.

use mcpwright::diagnostics::Code;

use super::{cell, head};

pub fn page() -> String {
    let mut text = head("Diagnostics", "`generator/src/diagnostics/codes`");
    text.push_str(
        "\n`mcpwright explain E0301` prints one of these. E01 is about the source, its syntax and budgets, E02 about \
         what is not OpenAPI, E03 references, E04 operations, parameters and names, E05 schemas, E06 security and \
         servers, E07 the output folder, E08 settings and the command line, E09 overlays, and what a reviewer should \
         look at. With `--strict`, warnings with a mark there are errors.\n\n\
         | code | severity | strict | what |\n|---|---|---|---|\n",
    );
    for code in Code::all() {
        let strict = if code.is_lossy() { "error" } else { "" };
        let (id, title) = (code.id(), cell(code.title()));
        let severity = format!("{:?}", code.severity()).to_lowercase();
        let anchor = anchor(code.explanation().lines().next().unwrap_or_default());
        text.push_str(&format!(
            "| [{id}](#{anchor}) | {severity} | {strict} | {title} |\n"
        ));
    }
    for code in Code::all() {
        text.push('\n');
        let mut fenced = false;
        for line in code.explanation().trim_end().lines() {
            if line.trim_start().starts_with("```") {
                fenced = !fenced;
            }
            // One level lower, so that the page has one title.
            match line.strip_prefix("# ").filter(|_| !fenced) {
                Some(title) => text.push_str(&format!("## {title}")),
                None if !fenced && line.starts_with("## ") => text.push_str(&format!("#{line}")),
                // Not commands of a page, but what a message is about.
                None => text.push_str(if line == "```sh" { "```text" } else { line }),
            }
            text.push('\n');
        }
    }
    text
}

/// The anchor of a heading, as mdBook and GitHub make it.
fn anchor(heading: &str) -> String {
    let words = heading.trim_start_matches(['#', ' ']).to_lowercase();
    let kept = words
        .chars()
        .filter(|c| c.is_alphanumeric() || [' ', '-', '_'].contains(c));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}
