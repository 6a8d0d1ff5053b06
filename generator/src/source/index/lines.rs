//! Offsets to lines and columns, and characters to bytes.

use crate::source::Position;

/// Where the lines of a text start, and how many characters are before a byte.
#[derive(Debug)]
pub(super) struct Lines {
    /// Byte offset of the start of each line.
    starts: Vec<usize>,
    /// Number of characters before every [`BLOCK`]th byte.
    characters: Vec<usize>,
    text: Box<str>,
}

/// Bytes between two counts of characters. A line can be as long as the document.
const BLOCK: usize = 1024;

impl Lines {
    pub(super) fn new(text: &str) -> Self {
        let newlines = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = std::iter::once(0)
            .chain(newlines.map(|(at, _)| at + 1))
            .collect();
        let mut characters = Vec::with_capacity(text.len() / BLOCK + 1);
        let mut before = 0;
        for block in text.as_bytes().chunks(BLOCK) {
            characters.push(before);
            before += count(block);
        }
        Self {
            starts,
            characters,
            text: text.into(),
        }
    }

    /// The position of `start..end`; agrees with [`Position::of`] at character boundaries.
    pub(super) fn position(&self, start: usize, end: usize) -> Position {
        let start = start.min(self.text.len());
        let end = end.clamp(start, self.text.len());
        let line = self.starts.partition_point(|line| *line <= start);
        let line_start = self
            .starts
            .get(line.saturating_sub(1))
            .copied()
            .unwrap_or_default();
        let column = self.characters_before(start) - self.characters_before(line_start) + 1;
        Position {
            start,
            end,
            line,
            column,
        }
    }

    fn characters_before(&self, offset: usize) -> usize {
        let block = offset / BLOCK;
        let bytes = self.text.as_bytes();
        match self.characters.get(block) {
            Some(before) => before + count(bytes.get(block * BLOCK..offset).unwrap_or_default()),
            // Behind the last, full block.
            None => self.text.chars().count(),
        }
    }
}

/// Number of characters that start in a piece of UTF-8.
fn count(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count()
}

/// Byte offsets of characters: the YAML scanner counts characters.
pub(in crate::source) struct CharOffsets<'t> {
    text: &'t str,
    /// Byte offset of every [`STEP`]th character; empty when all characters are single bytes.
    marks: Vec<usize>,
}

/// Characters between two marks.
const STEP: usize = 128;

impl<'t> CharOffsets<'t> {
    pub(in crate::source) fn new(text: &'t str) -> Self {
        let marks = if text.is_ascii() {
            Vec::new()
        } else {
            text.char_indices()
                .step_by(STEP)
                .map(|(at, _)| at)
                .collect()
        };
        Self { text, marks }
    }

    /// The byte offset of the character with this number; the end of the text if there is none.
    pub(in crate::source) fn byte(&self, character: usize) -> usize {
        if self.marks.is_empty() {
            return character.min(self.text.len());
        }
        let Some(mark) = self.marks.get(character / STEP) else {
            return self.text.len();
        };
        let rest = self.text.get(*mark..).unwrap_or_default();
        rest.char_indices()
            .nth(character % STEP)
            .map_or(self.text.len(), |(at, _)| mark + at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_become_bytes() {
        for text in ["", "plain ascii", &"aä😀\n".repeat(100)] {
            let offsets = CharOffsets::new(text);
            for (number, (at, _)) in text.char_indices().enumerate() {
                assert_eq!(offsets.byte(number), at);
            }
            assert_eq!(offsets.byte(usize::MAX), text.len());
        }
    }

    #[test]
    fn positions_agree_with_the_slow_way() {
        let long = "äb😀".repeat(400);
        let blocks = "x\n".repeat(512);
        for text in ["", "a\n\nbä\r\nc😀d", &long, &blocks] {
            let lines = Lines::new(text);
            for at in text.char_indices().map(|(at, _)| at).chain([text.len()]) {
                assert_eq!(lines.position(at, at), Position::of(text, at, at), "{at}");
            }
        }
    }
}
