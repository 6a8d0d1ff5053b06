//! Text from a document, made fit to be read by people and models.
//!
//! Spec text is hostile: invisible and bidirectional characters are removed wherever text goes on
//! (rules T9 and G2), and whatever is cut says so.

pub mod pointer;

/// Removes control, invisible, bidirectional and tag characters; line ends become `\n`.
pub fn visible(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' => {
                if chars.peek() != Some(&'\n') {
                    clean.push('\n');
                }
            }
            '\n' => clean.push('\n'),
            '\t' => clean.push(' '),
            c if is_hidden(c) => {}
            c => clean.push(c),
        }
    }
    clean
}

/// Characters that a reader does not see but a compiler or a model does.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{fe00}'..='\u{fe0f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

/// One line: white space folded, hidden characters gone, at most `cap` characters.
pub fn line(text: &str, cap: usize) -> String {
    let folded = visible(text)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    cut(&folded, cap)
}

/// `5 tools`, `1 tool`.
pub fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

/// How many tools there are for how many operations; `of its API` can follow. `covered`: how many of them
/// are tools, where one may be several.
pub fn coverage(tools: usize, covered: usize, operations: usize) -> String {
    let count = counted(tools, "tool");
    match (tools, operations) {
        (1, 1) => format!("{count}, for the one operation"),
        (tools, all) if tools == all && covered == all => {
            format!("{count}, one for each operation")
        }
        (_, 1) if covered == 1 => format!("{count}, for the one operation"),
        (_, all) if covered == all => format!("{count}, for all {all} operations"),
        (_, all) => format!("{count}, for {covered} of the {all} operations"),
    }
}

/// Paragraphs kept, everything else folded, at most `cap` characters.
pub fn paragraphs(text: &str, cap: usize) -> String {
    let clean = visible(text);
    let mut lines: Vec<String> = Vec::new();
    for raw in clean.lines() {
        let folded = raw.split_whitespace().collect::<Vec<_>>().join(" ");
        if folded.is_empty() && lines.last().is_none_or(String::is_empty) {
            continue;
        }
        lines.push(folded);
    }
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    cut(&lines.join("\n"), cap)
}

/// Cuts at a word border and marks the cut.
pub fn cut(text: &str, cap: usize) -> String {
    if text.chars().count() <= cap {
        return text.to_owned();
    }
    let head: String = text.chars().take(cap.saturating_sub(1)).collect();
    let head = match head.rfind(char::is_whitespace) {
        Some(at) if at > head.len() / 2 => head.get(..at).unwrap_or(&head),
        _ => &head,
    };
    format!(
        "{}…",
        head.trim_end_matches([' ', ',', ';', ':', '.', '\n'])
    )
}

/// The first sentence of a text.
pub fn first_sentence(text: &str, cap: usize) -> String {
    let line = line(text, usize::MAX);
    let end = line
        .char_indices()
        .find(|(at, c)| {
            *c == '.'
                && line
                    .get(at.saturating_add(1)..)
                    .is_none_or(|rest| rest.is_empty() || rest.starts_with(' '))
        })
        .map(|(at, _)| at);
    cut(end.and_then(|at| line.get(..at)).unwrap_or(&line), cap)
}

/// Undoes percent-encoding (RFC 3986 §2.1), as texts (RFC 6901 §6) and paths have it; `None` when
/// what comes out is no text.
pub fn percent_decode(text: &str) -> Option<String> {
    if !text.contains('%') {
        return Some(text.to_owned());
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let hex = [rest.next()?, rest.next()?];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&hex).ok()?, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

/// The text as a sentence that another one can follow.
pub fn with_stop(text: &str) -> String {
    if text.ends_with(['.', '!', '?', '…']) {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}

#[cfg(test)]
mod tests {
    use super::{coverage, cut, first_sentence, line, paragraphs, visible};

    #[test]
    fn hidden_characters_are_removed() {
        for (text, expected) in [
            (
                "a\u{202e}b\u{200b}c\u{feff}d\u{e0041}e\u{0}f\u{9b}g",
                "abcdefg",
            ),
            ("a\rb\r\nc\td", "a\nb\nc d"),
            ("naïve 🦀", "naïve 🦀"),
        ] {
            assert_eq!(visible(text), expected);
        }
    }

    #[test]
    fn long_text_is_cut_at_a_word_and_marked() {
        assert_eq!(cut("one two three", 9), "one two…");
        assert_eq!(cut("one two", 9), "one two");
        assert_eq!(cut("äöüäöüäöü", 4), "äöü…");
        assert_eq!(line(" a \n\n b ", 10), "a b");
        assert_eq!(paragraphs("a\n\n\n  b  c\n\n", 99), "a\n\nb c");
        assert_eq!(
            first_sentence("Lists v1.2 things. And more.", 99),
            "Lists v1.2 things"
        );
    }

    #[test]
    fn tools_are_counted_as_people_count() {
        for (tools, covered, operations, expected) in [
            (1, 1, 1, "1 tool, for the one operation"),
            (2, 1, 1, "2 tools, for the one operation"),
            (5, 5, 5, "5 tools, one for each operation"),
            (5, 4, 5, "5 tools, for 4 of the 5 operations"),
            (6, 5, 5, "6 tools, for all 5 operations"),
            (1, 1, 7, "1 tool, for 1 of the 7 operations"),
            (5, 5, 7, "5 tools, for 5 of the 7 operations"),
        ] {
            assert_eq!(coverage(tools, covered, operations), expected);
        }
    }
}
