//! Byte order marks within YAML texts.
//!
//! The reader passes over U+FEFF at the start of a line and takes it for a letter elsewhere. The
//! scanner that places come from refuses it, so it sees another character in its stead, of which
//! the text has none.

use std::borrow::Cow;

const MARK: char = '\u{feff}';
/// Private use (Unicode §23.5): YAML allows them and gives them no meaning.
const LETTERS: std::ops::RangeInclusive<char> = '\u{e000}'..='\u{f8ff}';

/// A text as the scanner is shown it: with as many characters, and no marks.
pub(in crate::source) struct Shown<'t> {
    text: Cow<'t, str>,
    letter: Option<char>,
}

impl<'t> Shown<'t> {
    pub(in crate::source) fn new(text: &'t str) -> Self {
        if !text.contains(MARK) {
            let text = Cow::Borrowed(text);
            return Self { text, letter: None };
        }
        // A text that has all of them is no document that anybody writes; one of them is as good.
        let letter = LETTERS.into_iter().find(|c| !text.contains(*c));
        let letter = letter.unwrap_or(*LETTERS.start());
        let mut before = '\n';
        let shown = text.chars().map(|c| {
            let starts_line = matches!(std::mem::replace(&mut before, c), '\n' | '\r');
            match c {
                MARK if starts_line => ' ',
                MARK => letter,
                other => other,
            }
        });
        Self {
            text: Cow::Owned(shown.collect()),
            letter: Some(letter),
        }
    }

    pub(in crate::source) fn text(&self) -> &str {
        &self.text
    }

    /// A scalar as the reader has it.
    pub(super) fn restore<'s>(&self, scalar: &'s str) -> Cow<'s, str> {
        match self.letter {
            Some(letter) if scalar.contains(letter) => {
                Cow::Owned(scalar.replace(letter, MARK.encode_utf8(&mut [0; 4])))
            }
            _ => Cow::Borrowed(scalar),
        }
    }
}
