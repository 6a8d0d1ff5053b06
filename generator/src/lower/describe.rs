//! What a model reads about a tool, and what a reviewer reads about an operation.

use super::brief;
use super::shared_text::said;
use crate::model::RawOperation;
use crate::names::{readable, title as title_of, words};
use crate::repeated::{names_a_thing, says_nothing_new};
use crate::text;

/// Longest tool description, in characters (OpenAI and Azure cut there).
pub const LONGEST: usize = 1_024;

/// Display name of a tool: the summary if it is short, else the name's words.
pub fn title(raw: &RawOperation<'_>, tool: &str) -> String {
    match said(raw, "summary").map(|s| text::line(&s, 80)) {
        Some(summary) if !summary.is_empty() && !summary.ends_with('…') => {
            summary.trim_end_matches('.').to_owned()
        }
        _ => of_name(raw, tool),
    }
}

/// What the name of a tool says in words.
fn of_name(raw: &RawOperation<'_>, tool: &str) -> String {
    title_of(&words(readable(tool, &raw.method, raw.path)))
}

/// Whether the document has no word about what an operation does.
pub fn is_silent(raw: &RawOperation<'_>) -> bool {
    let says = |key: &str| {
        let text = said(raw, key);
        text.is_some_and(|text| !text.trim().is_empty())
    };
    !says("summary") && !says("description")
}

/// First line of the documentation.
pub fn summary(raw: &RawOperation<'_>, tool: &str) -> String {
    said(raw, "summary")
        .map(|s| text::line(&s, 160))
        .filter(|s| !s.is_empty())
        .or_else(|| {
            let own = brief::paragraphs(&said(raw, "description")?);
            own.lines()
                .next()
                .map(|line| text::first_sentence(line, 160))
        })
        .filter(|s| !s.is_empty())
        .unwrap_or_else(|| {
            let words = of_name(raw, tool);
            // Names of tools have ASCII letters only: of `/日本` nothing is left.
            match raw.path.is_ascii() {
                true => words,
                false => format!("{words}: {}", text::line(&raw.label(), 120)),
            }
        })
}

/// Replaces operationIds in backticks by the names of their tools: a model knows no other names.
/// `tool` gives the tool of an operationId.
pub fn with_tool_names<'a>(text: &str, tool: &impl Fn(&str) -> Option<&'a str>) -> String {
    let mut out = String::with_capacity(text.len());
    for (i, piece) in text.split('`').enumerate() {
        if i > 0 {
            out.push('`');
        }
        out.push_str(if i % 2 == 1 {
            tool(piece).unwrap_or(piece)
        } else {
            piece
        });
    }
    out
}

/// The tool's description: purpose first, then what the document says, each once; last what it says of
/// a body (`of_body`) that is no argument of its own.
pub fn description(
    raw: &RawOperation<'_>,
    tool: &str,
    deprecated: bool,
    of_body: &[&str],
) -> String {
    let summary = summary(raw, tool);
    let long = said(raw, "description")
        .map(|d| text::cut(&brief::paragraphs(&d), LONGEST))
        .unwrap_or_default();
    let mark = if deprecated { "Deprecated. " } else { "" };
    let mut all = format!("{mark}{}", joined(&summary, &long));
    for said in of_body {
        add_new(&mut all, &text::line(said, 300));
    }
    text::cut(&all, LONGEST)
}

/// Adds the sentences that say something new, if they fit.
fn add_new(all: &mut String, said: &str) {
    let known = text::line(all, usize::MAX).to_ascii_lowercase();
    let new: Vec<&str> = said
        .split_inclusive(". ")
        .map(|sentence| sentence.trim_end().trim_end_matches(['.', '…']))
        .filter(|sentence| !known.contains(&sentence.to_ascii_lowercase()))
        .filter(|sentence| !says_nothing_new(sentence, all) && !names_a_thing(sentence))
        .collect();
    let mut new = new.join(". ");
    if new.is_empty() {
        return;
    }
    if !new.ends_with(['!', '?']) {
        new.push('.');
    }
    let room = LONGEST.saturating_sub(all.chars().count());
    if new.chars().count() < room {
        all.push('\n');
        all.push_str(&new);
    }
}

/// Summary and description, without saying the same twice.
fn joined(summary: &str, long: &str) -> String {
    let stop = if summary.ends_with(['.', '!', '?', '…']) {
        ""
    } else {
        "."
    };
    let same = text::line(long, LONGEST);
    let bare = summary.trim_end_matches(['.', '…']);
    if long.is_empty() || same.trim_end_matches('.').eq_ignore_ascii_case(bare) {
        return format!("{summary}{stop}");
    }
    // The description starts with the summary, which was cut: it alone says everything.
    if summary.ends_with('…') && same.starts_with(bare) {
        return long.to_owned();
    }
    // It starts with the summary as a sentence of its own: say that once.
    match long.strip_prefix(bare) {
        Some(rest) if rest.starts_with(['.', '!', '?', '\n']) => {
            let rest = rest.trim_start_matches(['.', '!', '?', '\n', ' ']);
            format!("{summary}{stop}\n{rest}")
        }
        // Or it goes on in the same sentence, which says more.
        Some(rest) if rest.starts_with([' ', ',', ':']) && !bare.is_empty() => long.to_owned(),
        // Or its first sentence says the same in more words.
        _ if brief::is_said_by(bare, long) => long.to_owned(),
        _ => format!("{summary}{stop}\n{long}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, add_new, joined, with_tool_names};

    #[test]
    fn what_is_said_of_a_body_is_added_if_it_is_new_and_fits() {
        let long = "x".repeat(LONGEST);
        for (all, said, expected) in [
            (
                "Update.",
                "Only what is given changes",
                "Update.\nOnly what is given changes.",
            ),
            ("Update a\nlead.", "A LEAD.", "Update a\nlead."),
            ("Update.", "", "Update."),
            (
                "Create. The rest is as usual.",
                "A new one. The rest is as usual. Mails are sent.",
                "Create. The rest is as usual.\nMails are sent.",
            ),
            (&long, "More.", &long),
        ] {
            let mut text = all.to_owned();
            add_new(&mut text, said);
            assert_eq!(text, expected, "{said}");
        }
    }

    #[test]
    fn summary_and_description_say_things_once() {
        for (summary, description, expected) in [
            ("List leads", "", "List leads."),
            ("List leads", "list leads.", "List leads."),
            ("List leads", "Newest first.", "List leads.\nNewest first."),
            ("Get user", "Get users by id.", "Get users by id."),
            (
                "Get user",
                "Shows users by id.",
                "Get user.\nShows users by id.",
            ),
            (
                "Create a user",
                "Create a user. It needs a name.",
                "Create a user.\nIt needs a name.",
            ),
            (
                "Create a user",
                "Create a user with a name.",
                "Create a user with a name.",
            ),
            ("Long…", "Long and more.\nStill.", "Long and more.\nStill."),
        ] {
            assert_eq!(joined(summary, description), expected, "{description}");
        }
    }

    #[test]
    fn operation_ids_in_backticks_become_tool_names() {
        let tool = |id: &str| (id == "sendInvoice").then_some("send_invoice");
        for (text, expected) in [
            ("Use `sendInvoice`.", "Use `send_invoice`."),
            ("sendInvoice and `x` `", "sendInvoice and `x` `"),
        ] {
            assert_eq!(with_tool_names(text, &tool), expected);
        }
    }
}
