//! Texts of documents as a model reads them: a description has few lines, each a paragraph. Texts from programs are
//! wrapped at some column, have their points on lines of their own, begin with their address, and tell their history.

use std::borrow::Cow;

use crate::names::{singular, words};
use crate::repeated::says_nothing_new;
use crate::text;

/// Lines of a description.
const LINES: usize = 5;
/// Paragraphs that are kept of what a document says beside the summary.
const PARAGRAPHS: usize = 3;
/// Longest first sentence that says enough by itself, in characters.
const FIRST: usize = 160;
/// What begins the lines that settings write.
const OWN_LINES: [&str; 2] = ["Call first: ", "See also: "];

/// A part of a text.
enum Block {
    Words(String),
    Points(Vec<String>),
    /// Headings, tables and code stay as they are.
    Other(String),
}

/// The first paragraphs of a text, a line each; a list is a line too. What is left out is marked.
pub fn paragraphs(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for block in blocks(&text::paragraphs(text, usize::MAX)) {
        match block {
            Block::Words(line) | Block::Other(line) => lines.push(line),
            Block::Points(points) => {
                let points: Vec<&str> = points.iter().map(|point| bare(point)).collect();
                let list = text::with_stop(&points.join("; "));
                match lines.last_mut().filter(|before| before.ends_with(':')) {
                    Some(before) => *before = format!("{before} {list}"),
                    None => lines.push(list),
                }
            }
        }
    }
    let is_more = lines.len() > PARAGRAPHS;
    lines.truncate(PARAGRAPHS);
    if let Some(last) = lines.last_mut().filter(|_| is_more) {
        *last = format!("{}…", last.trim_end_matches(['.', ':', ';', ',', ' ']));
    }
    lines.join("\n")
}

fn blocks(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut is_open = false;
    let mut is_code = false;
    for line in text.lines() {
        let is_fence = line
            .strip_prefix("```")
            .is_some_and(|rest| !rest.contains("```"));
        match blocks.last_mut() {
            Some(Block::Other(code)) if is_code => {
                code.push('\n');
                code.push_str(line);
            }
            _ if line.is_empty() => {}
            Some(Block::Other(table))
                if is_open && line.starts_with('|') && table.starts_with('|') =>
            {
                table.push('\n');
                table.push_str(line);
            }
            Some(Block::Points(points)) if point(line).is_some() => {
                points.extend(point(line).map(str::to_owned));
            }
            _ if is_fence || line.starts_with(['#', '|', '>']) => {
                blocks.push(Block::Other(line.to_owned()));
            }
            _ if point(line).is_some() => {
                let first = point(line).map(str::to_owned);
                blocks.push(Block::Points(first.into_iter().collect()));
            }
            // What is wrapped.
            Some(Block::Words(words)) if is_open => {
                words.push(' ');
                words.push_str(line);
            }
            Some(Block::Points(points)) if is_open => {
                if let Some(last) = points.last_mut() {
                    last.push(' ');
                    last.push_str(line);
                }
            }
            _ => blocks.push(Block::Words(line.to_owned())),
        }
        is_code ^= is_fence;
        is_open = !line.is_empty();
    }
    blocks
}

/// What a line of a list says: `- a`, `* a`, `• a`, `1. a`, `2) a`.
fn point(line: &str) -> Option<&str> {
    let marked = ["- ", "* ", "+ ", "• "];
    let marked = marked.iter().find_map(|mark| line.strip_prefix(mark));
    marked.or_else(|| {
        let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
        let is_numbered = rest.len() < line.len() && line.len() - rest.len() <= 2;
        let rest = rest.strip_prefix(". ").or_else(|| rest.strip_prefix(") "));
        rest.filter(|_| is_numbered)
    })
}

/// A point without what leads to the next one: `this, and`.
fn bare(point: &str) -> &str {
    let stops = ['.', ';', ',', ' '];
    let point = point.trim_end_matches(stops);
    let joint = point
        .strip_suffix(" and")
        .or_else(|| point.strip_suffix(" or"));
    joint.unwrap_or(point).trim_end_matches(stops)
}

/// A text without the operation's own address before it: ``POST /leads/: adds a lead``. No model calls addresses. That of
/// another operation is what the text is about, and stays. Nothing is left of what is an address alone.
pub fn without_address<'t>(text: &'t str, method: &str, path: &str) -> Cow<'t, str> {
    let whole = Cow::Borrowed(text);
    let bare = text.trim_start_matches(['`', '*', ' ', '\n']);
    let rest = bare.get(..method.len()).zip(bare.get(method.len()..));
    let Some((_, rest)) = rest.filter(|(own, _)| *own == method) else {
        return whole;
    };
    let Some(address) = rest.strip_prefix(' ').filter(|rest| rest.starts_with('/')) else {
        return whole;
    };
    let end = address.find(|c: char| c.is_whitespace() || c == '`');
    if !is_of(
        end.map_or(address, |end| address.get(..end).unwrap_or_default()),
        path,
    ) {
        return whole;
    }
    let said = end.and_then(|end| address.get(end..)).unwrap_or_default();
    let is_joint = |c: char| c.is_whitespace() || "`*:,.;-–—".contains(c);
    let said = said.trim_start_matches(is_joint);
    let mut letters = said.chars();
    match letters.next() {
        Some(first) => Cow::Owned(first.to_uppercase().chain(letters).collect()),
        None => Cow::Borrowed(""),
    }
}

/// Whether an address is that of a path, which may be written from the server's root or from the document's.
fn is_of(address: &str, path: &str) -> bool {
    let segments = |text: &str| -> Vec<String> {
        let bare = text.split(['?', '#']).next().unwrap_or_default();
        let bare = bare.trim_end_matches([':', ',', ';']);
        let segments = bare.split('/').filter(|segment| !segment.is_empty());
        // However a variable is written.
        let plain = |segment: &str| match segment.starts_with(['{', '<', ':', '[']) {
            true => "{}".to_owned(),
            false => segment.trim_end_matches(['.', '*']).to_lowercase(),
        };
        segments.map(plain).collect()
    };
    let (address, path) = (segments(address), segments(path));
    // The root ends in every path.
    let ends = |whole: &[String], part: &[String]| !part.is_empty() && whole.ends_with(part);
    address == path || ends(&address, &path) || ends(&path, &address)
}

/// Whether the first sentence of a text says all that a summary says, and more: `Update Profile`, `Update the
/// authenticated user's profile.`
pub fn is_said_by(summary: &str, text: &str) -> bool {
    let sentence = text::first_sentence(text.lines().next().unwrap_or_default(), usize::MAX);
    let verb = words(summary).into_iter().next();
    let said: Vec<String> = words(&sentence).iter().map(|word| singular(word)).collect();
    let is_said = |verb: &String| said.contains(&singular(verb));
    sentence.chars().count() <= FIRST
        && verb.as_ref().is_some_and(is_said)
        && says_nothing_new(summary, &sentence)
}

/// A description of so few lines that `added` further ones can follow: the paragraphs of the document are joined, none
/// is lost.
pub fn in_few_lines(description: &str, added: usize) -> String {
    let mut lines: Vec<String> = description.lines().map(str::to_owned).collect();
    // Rows and code are no paragraphs.
    if lines
        .iter()
        .any(|line| line.starts_with('|') || line.starts_with("```"))
    {
        return description.to_owned();
    }
    let most = LINES.saturating_sub(added).max(1);
    while lines.len() > most {
        let is_own = |line: &String| OWN_LINES.iter().any(|own| line.starts_with(own));
        let Some(at) = lines
            .iter()
            .rposition(|line| !is_own(line))
            .filter(|at| *at > 0)
        else {
            break;
        };
        let line = lines.remove(at);
        if let Some(before) = lines.get_mut(at.saturating_sub(1)) {
            *before = format!("{} {line}", text::with_stop(before));
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paragraph_is_a_line_and_so_is_a_list() {
        for (text, expected) in [
            (
                "One sentence\nthat is wrapped.",
                "One sentence that is wrapped.",
            ),
            ("First.\n\nSecond,\nwrapped.\n", "First.\nSecond, wrapped."),
            (
                "Which:\n\n* a token whose owner\n  is gone, and\n* an old one.\n\nNeither is shown.",
                "Which: a token whose owner is gone; an old one.\nNeither is shown.",
            ),
            (
                "- **sent**: done\n- **open**: not yet\n",
                "**sent**: done; **open**: not yet.",
            ),
            (
                "1. first\n2) second\n2026. A year.",
                "first; second 2026. A year.",
            ),
            ("a\n\nb\n\nc.\n\nd", "a\nb\nc…"),
            (
                "# Title\nWords\nmore\n| a | b |",
                "# Title\nWords more\n| a | b |",
            ),
            (
                "See:\n```\n- a\n\nb\n```\nMore.",
                "See:\n```\n- a\n\nb\n```\nMore.",
            ),
            (
                "Which:\n| id | name |\n|---|---|\n| 1 | Open |\n| 2 | Won |\n\nMore.",
                "Which:\n| id | name |\n|---|---|\n| 1 | Open |\n| 2 | Won |\nMore.",
            ),
            ("```a```\nWords\nmore.", "```a``` Words more."),
            ("", ""),
        ] {
            assert_eq!(paragraphs(text), expected, "{text}");
        }
    }

    #[test]
    fn an_address_before_the_words_is_left_out() {
        for (text, path, expected) in [
            (
                "GET /api/cases/watching/\n\nReturns the cases.",
                "/cases/watching/",
                "Returns the cases.",
            ),
            (
                "GET /v2/leads replaces this endpoint.",
                "/v1/leads",
                "GET /v2/leads replaces this endpoint.",
            ),
            ("GET /leads/<int:pk>: one", "/api/leads/{id}", "One"),
            ("GET /a/leads: all", "/b/leads", "GET /a/leads: all"),
            (
                "``GET /time/unbilled/?account=<uuid>`` — list entries.",
                "/time/unbilled/",
                "List entries.",
            ),
            ("GET /leads: all leads", "/leads", "All leads"),
            ("GET /leads: all leads", "/", "GET /leads: all leads"),
            ("GET / the root", "/", "The root"),
            ("GET /leads", "/leads", ""),
            ("`GET /api/leads/<pk>/`.", "/leads/{id}", ""),
            ("POST /leads: a new one", "/leads", "POST /leads: a new one"),
            ("GET the leads", "/leads", "GET the leads"),
            ("GE", "/leads", "GE"),
            ("GET /größe: Öl", "/größe", "Öl"),
        ] {
            assert_eq!(without_address(text, "GET", path), expected, "{text}");
        }
    }

    #[test]
    fn a_summary_that_the_first_sentence_says_is_known() {
        for (summary, text, expected) in [
            ("Update Profile", "Update the user's profile. Now.", true),
            ("Sync Gmail", "Dispatch a background Gmail sync.", true),
            ("Create a lead", "Sends the lead.", false),
            ("Make a lead", "Sends the lead.", false),
            ("Update lead", "Update leads and\ncontacts.", true),
            ("Update lead note", "Update leads and\nnotes.", false),
            ("", "Update.", false),
        ] {
            assert_eq!(is_said_by(summary, text), expected, "{summary}");
        }
    }

    #[test]
    fn paragraphs_are_joined_where_lines_follow() {
        let text = "Update.\nOnly some.\nLists too.\nCall first: `a`.\nSee also: `b`.";
        for (added, expected) in [
            (0, text),
            (
                1,
                "Update.\nOnly some. Lists too.\nCall first: `a`.\nSee also: `b`.",
            ),
            (
                2,
                "Update. Only some. Lists too.\nCall first: `a`.\nSee also: `b`.",
            ),
            (
                9,
                "Update. Only some. Lists too.\nCall first: `a`.\nSee also: `b`.",
            ),
        ] {
            assert_eq!(in_few_lines(text, added), expected, "{added}");
        }
    }
}
