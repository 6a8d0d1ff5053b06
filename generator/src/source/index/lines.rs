//! Offsets to lines and columns, and characters to bytes.

use crate::source::Position;

/// Where the lines of a text start.
#[derive(Debug)]
pub(super) struct Lines {
    text: Box<str>,
    starts: Vec<usize>,
}

impl Lines {
    pub(super) fn new(text: &str) -> Self {
        let newlines = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = std::iter::once(0)
            .chain(newlines.map(|(at, _)| at + 1))
            .collect();
        Self {
            text: text.into(),
            starts,
        }
    }

    /// The position of `start..end`; see [`Position::of`].
    pub(super) fn position(&self, start: usize, end: usize) -> Position {
        let line = self
            .starts
            .partition_point(|line| *line <= start)
            .saturating_sub(1);
        let line_start = self.starts.get(line).copied().unwrap_or_default();
        let rest = self.text.get(line_start..).unwrap_or_default();
        let place = Position::of(rest, start - line_start, end.max(start) - line_start);
        Position {
            start: place.start + line_start,
            end: place.end + line_start,
            line: line + place.line,
            column: place.column,
        }
    }
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
        let text = "a\n\nbä\r\nc😀d";
        let lines = Lines::new(text);
        for (at, _) in text.char_indices() {
            assert_eq!(
                lines.position(at, at + 1),
                Position::of(text, at, at + 1),
                "{at}"
            );
        }
    }
}
