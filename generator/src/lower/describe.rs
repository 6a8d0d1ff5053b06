//! What a model reads about a tool, and what a reviewer reads about an operation.

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
        .or_else(|| raw.node.str("description").map(|d| text::first_sentence(d, 160)))
        .filter(|s| !s.is_empty())
        .unwrap_or_else(|| title_of(&words(tool)))
}

/// The tool's description: purpose first, then what the document says, each once.
pub fn description(raw: &RawOperation<'_>, tool: &str, deprecated: bool) -> String {
    let summary = summary(raw, tool);
    let long = raw.node.str("description").map(|d| text::paragraphs(d, LONGEST)).unwrap_or_default();
    let mut out = String::new();
    if deprecated {
        out.push_str("Deprecated. ");
    }
    out.push_str(&summary);
    if !out.ends_with(['.', '!', '?', '…']) {
        out.push('.');
    }
    let same = text::line(&long, LONGEST);
    let known = same.trim_end_matches('.').eq_ignore_ascii_case(summary.trim_end_matches(['.', '…']));
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
