//! Text of a document in Markdown.

use crate::text;

/// Text that stays in its table cell and is no code and no tag.
pub fn cell(text: &str) -> String {
    text::line(text, 300)
        .replace('|', "\\|")
        .replace('`', "'")
        .replace('<', "&lt;")
}
