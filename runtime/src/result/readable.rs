//! Texts of errors without what is for developers or browsers.

use crate::text::cap;

/// Lines of a message in plain text.
const MAX_LINES: usize = 5;

/// A text in JSON without what is for developers or browsers: of a page of HTML its words, of a stack trace
/// what stands around it.
pub(super) fn readable(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let is_page = ["</", "<!doctype", "<br"]
        .iter()
        .any(|tag| lower.contains(tag));
    let start = ["<!doctype html", "<html", "<body"].into_iter();
    let start = start.filter_map(|tag| lower.find(tag)).min();
    match start {
        _ if is_page && is_markup(text) => markup_text(text),
        Some(at) if is_page => {
            let words = markup_text(text.get(at..).unwrap_or_default());
            let before = untraced(text.get(..at).unwrap_or_default());
            format!("{} {words}", before.trim()).trim().to_owned()
        }
        _ => untraced(text),
    }
}

fn untraced(text: &str) -> String {
    if is_traced(text) {
        first_lines(text)
    } else {
        text.to_owned()
    }
}

/// The first lines that are not those of a stack trace.
pub(super) fn first_lines(text: &str) -> String {
    // A trace's own lines are indented; the exception of a Python trace comes last, and what stands before a
    // trace within a text is what happened.
    let traced = is_traced(text);
    let lines = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .filter(|line| !traced || !(line.starts_with([' ', '\t']) || is_frame(line)))
        .filter(|line| !traced || !is_heading(line));
    lines.take(MAX_LINES).collect::<Vec<_>>().join("\n")
}

fn is_traced(text: &str) -> bool {
    text.contains("Traceback (most recent call last)") || text.lines().any(is_frame)
}

/// A line of a stack trace: of Java, JavaScript and .NET (`at …`), of PHP (`#0 …`), of Python (`File "…"`).
fn is_frame(line: &str) -> bool {
    let inner = line.trim_start();
    let is_indented = inner.len() < line.len();
    let number = inner
        .strip_prefix('#')
        .and_then(|rest| rest.split_once(' '));
    let is_php = number.is_some_and(|(number, rest)| {
        !number.is_empty()
            && number.bytes().all(|byte| byte.is_ascii_digit())
            && (rest.contains('/') || rest.contains('{') || rest.contains("()"))
    });
    is_indented && inner.starts_with("at ") || is_php || is_indented && inner.starts_with("File \"")
}

/// A line that only says that a trace follows.
fn is_heading(line: &str) -> bool {
    let line = line.trim().to_ascii_lowercase();
    line.starts_with("traceback")
        || matches!(line.as_str(), "stack trace:" | "stacktrace:" | "backtrace:")
}

/// HTML or XML.
pub(super) fn is_markup(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let tag = text
        .strip_prefix('<')
        .and_then(|rest| rest.chars().next())
        .is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '!' | '?'));
    tag && text.contains('>')
}

/// The words of HTML or XML, without scripts and styles.
pub(super) fn markup_text(markup: &str) -> String {
    // An error page says what it has to say early.
    let markup = cap(markup, 100_000);
    let lower = markup.to_ascii_lowercase();
    let mut text = String::new();
    let mut at = 0;
    while let Some(open) = lower.get(at..).and_then(|rest| rest.find('<')) {
        text.push_str(&unescape(markup.get(at..at + open).unwrap_or_default()));
        text.push(' ');
        at += open + 1;
        let tag = lower.get(at..).unwrap_or_default();
        if let Some(raw) = tag.strip_prefix("![cdata[") {
            let start = at + (tag.len() - raw.len());
            let end = raw.find("]]>").unwrap_or(raw.len());
            text.push_str(markup.get(start..start + end).unwrap_or_default());
            at = (start + end + 3).min(markup.len());
            continue;
        }
        let hidden = [("script", "</script"), ("style", "</style"), ("!--", "--")]
            .into_iter()
            .find(|(name, _)| tag.starts_with(name));
        if let Some((name, end)) = hidden {
            let inside = tag.get(name.len()..).unwrap_or_default();
            at += name.len() + inside.find(end).unwrap_or(inside.len());
        }
        let close = lower.get(at..).and_then(|rest| rest.find('>'));
        at = close.map_or(markup.len(), |close| at + close + 1);
    }
    text.push_str(&unescape(markup.get(at..).unwrap_or_default()));
    let words: Vec<&str> = text.split_whitespace().collect();
    cap(&words.join(" "), 300).into_owned()
}

/// The entities that occur in messages; `&amp;` last, so that nothing is undone twice.
fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&#39;", "'")
        .replace("&nbsp;", " ")
        .replace("&amp;", "&")
}
