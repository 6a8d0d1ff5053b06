//! The form of the text of results (settings, and `<PREFIX>_FORMAT`, which counts more).

/// How records are written in the text of a result. `structuredContent` is the same in all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// Lists as tables, other answers as compact JSON.
    #[default]
    Markdown,
    /// Compact JSON.
    Json,
    /// Token-Oriented Object Notation.
    Toon,
    /// Lists as CSV (RFC 4180), other answers as compact JSON.
    Csv,
}

impl Format {
    /// The names of all formats.
    pub const NAMES: [&'static str; 4] = ["markdown", "json", "toon", "csv"];

    /// The format with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name.trim().to_ascii_lowercase().as_str() {
            "markdown" => Some(Self::Markdown),
            "json" => Some(Self::Json),
            "toon" => Some(Self::Toon),
            "csv" => Some(Self::Csv),
            _ => None,
        }
    }
}
