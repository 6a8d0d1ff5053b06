//! What a model reads about a tool, and what a reviewer reads about an operation.

use std::collections::HashMap;

use crate::model::RawOperation;
use crate::names::{title as title_of, words};
use crate::text;

/// Longest tool description, in characters (OpenAI and Azure cut there).
const LONGEST: usize = 1_024;

/// Display name of a tool: the summary if it is short, else the name's words.
pub fn title(raw: &RawOperation<'_>, tool: &str) -> String {
    match raw.node.str("summary").map(|s| text::line(s, 80)) {
        Some(summary) if !summary.is_empty() && !summary.ends_with('…') => {
            summary.trim_end_matches('.').to_owned()
        }
        _ => title_of(&words(tool)),
    }
}

/// First line of the documentation.
pub fn summary(raw: &RawOperation<'_>, tool: &str) -> String {
    raw.node
        .str("summary")
        .map(|s| text::line(s, 160))
        .filter(|s| !s.is_empty())
        .or_else(|| {
            raw.node
                .str("description")
                .map(|d| text::first_sentence(d, 160))
        })
        .filter(|s| !s.is_empty())
        .unwrap_or_else(|| title_of(&words(tool)))
}

/// Replaces operationIds in backticks by the names of their tools: a model knows no other names.
pub fn with_tool_names(text: &str, tools: &HashMap<&str, &str>) -> String {
    let mut out = String::with_capacity(text.len());
    for (i, piece) in text.split('`').enumerate() {
        if i > 0 {
            out.push('`');
        }
        out.push_str(if i % 2 == 1 {
            tools.get(piece).copied().unwrap_or(piece)
        } else {
            piece
        });
    }
    out
}

/// The tool's description: purpose first, then what the document says, each once.
pub fn description(raw: &RawOperation<'_>, tool: &str, deprecated: bool) -> String {
    let summary = summary(raw, tool);
    let long = raw
        .node
        .str("description")
        .map(|d| text::paragraphs(d, LONGEST))
        .unwrap_or_default();
    let mut out = String::new();
    if deprecated {
        out.push_str("Deprecated. ");
    }
    out.push_str(&summary);
    if !out.ends_with(['.', '!', '?', '…']) {
        out.push('.');
    }
    let same = text::line(&long, LONGEST);
    let known = same
        .trim_end_matches('.')
        .eq_ignore_ascii_case(summary.trim_end_matches(['.', '…']));
    if !long.is_empty() && !known {
        if let Some(rest) = same.strip_prefix(summary.trim_end_matches(['.', '…'])) {
            // The description starts with the summary: say it once.
            let rest = rest.trim_start_matches(['.', ' ']);
            if !rest.is_empty() && !summary.ends_with('…') {
                out.push('\n');
                out.push_str(rest);
            } else if summary.ends_with('…') {
                out = long;
            }
        } else {
            out.push('\n');
            out.push_str(&long);
        }
    }
    text::cut(&out, LONGEST)
}

#[cfg(test)]
mod tests {
    use super::with_tool_names;

    #[test]
    fn operation_ids_in_backticks_become_tool_names() {
        let tools = [("sendInvoice", "send_invoice")].into();
        for (text, expected) in [
            ("Use `sendInvoice`.", "Use `send_invoice`."),
            ("sendInvoice and `x` `", "sendInvoice and `x` `"),
        ] {
            assert_eq!(with_tool_names(text, &tools), expected);
        }
    }
}
