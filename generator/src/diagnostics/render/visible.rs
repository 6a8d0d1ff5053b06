//! Text of a document, made safe for a terminal.

use std::borrow::Cow;

/// Replaces what a terminal would act upon instead of showing: control characters, and the
/// invisible and bidirectional marks that make text look like something else. Tabs become four
/// spaces.
///
/// Line breaks stay where `lines` is set and become spaces elsewhere.
pub(super) fn visible(text: &str, lines: bool) -> Cow<'_, str> {
    if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' if lines => shown.push('\n'),
            '\n' | '\r' => shown.push(' '),
            '\t' => shown.push_str("    "),
            character if is_hidden(character) => shown.push('\u{fffd}'),
            character => shown.push(character),
        }
    }
    Cow::Owned(shown)
}

/// JSON with what a terminal would act upon as escapes. Such characters stand in texts only.
pub(crate) fn escaped(json: &str) -> Cow<'_, str> {
    let acts = |character: char| character != '\n' && is_hidden(character);
    if !json.contains(acts) {
        return Cow::Borrowed(json);
    }
    let mut shown = String::with_capacity(json.len());
    for character in json.chars() {
        if acts(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                shown.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            shown.push(character);
        }
    }
    Cow::Owned(shown)
}

/// Whether a character is shown as nothing, or changes how others are shown.
pub(in crate::diagnostics) fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_characters_are_shown_as_replaced() {
        for (text, shown) in [
            ("plain", "plain"),
            ("Büro 😀", "Büro 😀"),
            ("a\u{1b}[2Jb", "a\u{fffd}[2Jb"),
            ("a\u{9b}b\u{7f}", "a\u{fffd}b\u{fffd}"),
            ("\u{202e}live\u{200b}", "\u{fffd}live\u{fffd}"),
            ("a\tb\r\nc", "a    b  c"),
        ] {
            assert_eq!(visible(text, false), shown);
        }
        assert_eq!(visible("a\nb", true), "a\nb");
    }

    #[test]
    fn json_says_hidden_characters_as_escapes_and_means_the_same() {
        let value = serde_json::json!({"a\u{202e}": "b\u{9b}\u{7f}\u{e0041}\u{1b}", "c": ["ü\n"]});
        for json in [value.to_string(), format!("{value:#}\n")] {
            let shown = escaped(&json);
            assert!(!shown.contains(|c| c != '\n' && is_hidden(c)), "{shown}");
            assert_eq!(
                serde_json::from_str::<serde_json::Value>(&shown).unwrap(),
                value
            );
        }
    }
}
