//! Changes to files of settings that leave alone what they do not mean: comments, order, line ends and
//! all other entries stay as they are.
//!
//! A change is made to the file's value first. Then the text is brought to that value, key by key, by a
//! library that keeps the rest; and the new text is read again: what does not give the value that was meant
//! is not written.

mod endings;
mod jsonc;
mod toml;
mod yaml;

use std::fmt;

use super::table::Syntax;
use crate::json::{Object, Value};

/// Why a file is left as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum EditError {
    /// It is not in its syntax: line and column from 1, and what is wrong.
    Malformed(usize, usize, String),
    /// It holds something else where servers should stand.
    Unexpected(String),
    /// It cannot be changed without changing more than was meant.
    Tangled,
}

impl fmt::Display for EditError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(line, column, what) => {
                write!(f, "line {line}, column {column}: {what}")
            }
            Self::Unexpected(what) => f.write_str(what),
            Self::Tangled => f.write_str(
                "it cannot be changed without changing more than this server's entry; add what --print shows by hand",
            ),
        }
    }
}

/// The file's value.
///
/// # Errors
/// When it is malformed, or no object.
pub(crate) fn value(syntax: Syntax, text: &str) -> Result<Object, EditError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let value = match syntax {
        Syntax::Json | Syntax::Jsonc | Syntax::Json5 => jsonc::value(syntax, text)?,
        Syntax::Toml => toml::value(text)?,
        Syntax::Yaml => yaml::value(text)?,
    };
    match value {
        Value::Object(object) => Ok(object),
        _ => Err(EditError::Unexpected(
            "it holds no object at its top".to_owned(),
        )),
    }
}

/// The text with `change` made to its value.
///
/// # Errors
/// When it is malformed, when `change` refuses it, or when it cannot be changed.
pub(crate) fn rewrite(
    syntax: Syntax,
    text: &str,
    change: impl FnOnce(&mut Object) -> Result<(), EditError>,
) -> Result<String, EditError> {
    let (mark, text) = match text.strip_prefix('\u{feff}') {
        Some(rest) => ("\u{feff}", rest),
        None => ("", text),
    };
    let old = value(syntax, text)?;
    let mut wanted = old.clone();
    change(&mut wanted)?;
    if wanted == old {
        return Ok(format!("{mark}{text}"));
    }
    let new = match syntax {
        Syntax::Json | Syntax::Jsonc | Syntax::Json5 => jsonc::rewrite(syntax, text, &wanted)?,
        Syntax::Toml => toml::rewrite(text, &wanted)?,
        Syntax::Yaml => yaml::rewrite(text, &old, &wanted)?,
    };
    let new = endings::kept(text, &new);
    match value(syntax, &new) {
        Ok(read) if same(&read, &wanted) => Ok(format!("{mark}{new}")),
        _ => Err(EditError::Tangled),
    }
}

/// Whether two objects are the same but for the order of their keys.
fn same(a: &Object, b: &Object) -> bool {
    // Maps compare without order.
    a == b
}

/// The object that a path of keys leads to, made where it is missing.
///
/// # Errors
/// When something else stands on the way.
pub(crate) fn object_at<'a>(
    root: &'a mut Object,
    path: &[String],
) -> Result<&'a mut Object, EditError> {
    let mut object = root;
    for (depth, key) in path.iter().enumerate() {
        let below = object
            .entry(key.clone())
            .or_insert_with(|| Value::Object(Object::new()));
        if below.is_null() {
            *below = Value::Object(Object::new());
        }
        object = below.as_object_mut().ok_or_else(|| {
            let path = path.get(..=depth).unwrap_or_default().join(".");
            EditError::Unexpected(format!("`{path}` is no object"))
        })?;
    }
    Ok(object)
}

/// Line and column of a byte, from 1.
fn position(text: &str, byte: usize) -> (usize, usize) {
    let before = text.get(..byte).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
    (line, column)
}
