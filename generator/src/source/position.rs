//! Places in a text.

/// A place in the text of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Position {
    /// Byte offset of the first byte.
    pub start: usize,
    /// Byte offset behind the last byte; equal to `start` for a place without extent.
    pub end: usize,
    /// Line of `start`, from 1.
    pub line: usize,
    /// Column of `start`, from 1, in characters.
    pub column: usize,
}

impl Position {
    /// The place `start..end` of `text`. Offsets beyond the text or inside a character are moved
    /// back to the nearest character boundary.
    #[must_use]
    pub fn of(text: &str, start: usize, end: usize) -> Self {
        let start = boundary(text, start);
        let end = boundary(text, end).max(start);
        let before = text.get(..start).unwrap_or_default();
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        let column = before
            .rsplit('\n')
            .next()
            .map_or(0, |line| line.chars().count())
            + 1;
        Self {
            start,
            end,
            line,
            column,
        }
    }
}

/// The nearest character boundary at or before `offset`.
fn boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_from_one_in_characters() {
        let text = "ä: 1\nöü: x";
        let at = text.find('x').unwrap();
        let position = Position::of(text, at, at + 1);
        assert_eq!((position.line, position.column), (2, 5));
        assert_eq!(Position::of(text, 0, 0).column, 1);
        // Inside `ä`, and far behind the end.
        assert_eq!(Position::of(text, 1, 1).start, 0);
        assert_eq!(Position::of(text, 999, 999).start, text.len());
    }
}
