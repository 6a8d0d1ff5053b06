//! Findings as text.

mod github;
mod human;
mod json;
mod place;
mod sarif;
mod visible;

pub use github::render_github;
pub use human::render_human;
#[cfg(feature = "cli")]
pub(crate) use json::json_finding;
pub use json::render_json;
pub use sarif::render_sarif;
#[cfg(feature = "cli")]
pub(crate) use sarif::{sarif_log, sarif_result};
#[cfg(feature = "cli")]
pub(crate) use visible::escaped;
pub(super) use visible::is_hidden;

/// How [`render_human`] writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RenderOptions {
    /// Write ANSI colours.
    pub color: bool,
    /// Width of the terminal in columns; longer source lines are cut around the marked place.
    pub width: usize,
    /// Write every finding in full instead of the first of each code.
    pub all: bool,
}

impl Default for RenderOptions {
    fn default() -> Self {
        Self {
            color: false,
            width: 100,
            all: false,
        }
    }
}
