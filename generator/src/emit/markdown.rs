//! Markdown files, and text of a document in them.

use minijinja::{Environment, Value, context};

use crate::ir::Exclusion;
use crate::text;

/// A file from one of our templates. They are tested; should one fail, the file says so under the name of
/// its subject instead of the run.
pub fn file(template: &str, subject: &str, values: Value) -> String {
    let rendered = Environment::new().render_str(template, values);
    let text = rendered.unwrap_or_else(|error| format!("# {subject}\n\n{error}\n"));
    format!("{}\n", text.trim_end())
}

/// The operations that are no tools, for the tables that list them.
pub fn left_out(exclusions: &[Exclusion]) -> Vec<Value> {
    let row = |exclusion: &Exclusion| {
        context! {
            method => cell(&exclusion.method),
            path => cell(&exclusion.path),
            reason => cell(&exclusion.reason),
        }
    };
    exclusions.iter().map(row).collect()
}

/// Text that stays in its table cell and is no code and no tag.
pub fn cell(text: &str) -> String {
    text::line(text, 300)
        .replace('|', "\\|")
        .replace('`', "'")
        .replace('<', "&lt;")
}
