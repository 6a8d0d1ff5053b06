//! JSON, with or without comments.

use std::borrow::Cow;
use std::collections::HashSet;

use jsonc_parser::ParseOptions;
use jsonc_parser::cst::{CstArray, CstInputValue, CstNode, CstObject, CstRootNode};

use super::EditError;
use crate::connect::table::Syntax;
use crate::json::{Object, Value};

fn options(syntax: Syntax) -> ParseOptions {
    let comments = syntax != Syntax::Json;
    let json5 = syntax == Syntax::Json5;
    ParseOptions {
        allow_comments: comments,
        allow_trailing_commas: comments,
        allow_loose_object_property_names: json5,
        allow_missing_commas: false,
        allow_single_quoted_strings: json5,
        allow_hexadecimal_numbers: json5,
        allow_unary_plus_numbers: json5,
        allow_bare_decimal_point_numbers: json5,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: json5,
    }
}

/// What edits JSON is lenient. JSON and JSON with comments have to be that for a strict parser, too, and no
/// object may have a key twice: programs do not agree on which of them counts.
fn parse(syntax: Syntax, text: &str) -> Result<CstRootNode, EditError> {
    let root = CstRootNode::parse(text, &options(syntax)).map_err(|error| {
        let what = error.kind().to_string();
        EditError::Malformed(error.line_display(), error.column_display(), what)
    })?;
    let Some(value) = root.value() else {
        return Ok(root);
    };
    let plain = match syntax {
        Syntax::Json => Some(Cow::Borrowed(text)),
        Syntax::Jsonc => Some(Cow::Owned(plain(text))),
        _ => None,
    };
    if let Some(plain) = plain
        && let Err(error) = serde_json::from_str::<Value>(&plain)
    {
        let what = error.to_string();
        let what = what.split(" at line ").next().unwrap_or_default();
        return Err(EditError::Malformed(
            error.line(),
            error.column(),
            what.to_owned(),
        ));
    }
    match twice(&value) {
        Some(key) => Err(EditError::Unexpected(format!("it has `{key}` twice"))),
        None => Ok(root),
    }
}

/// The text with blanks for comments and for commas behind the last item: every place stays where it is.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut comma = None;
    let mut rest = text.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        let next = rest.peek().map(|(_, next)| *next);
        match (c, next) {
            ('"', _) => {
                comma = None;
                out.push(c);
                let mut is_escaped = false;
                for (_, c) in rest.by_ref() {
                    out.push(c);
                    match c {
                        _ if is_escaped => is_escaped = false,
                        '\\' => is_escaped = true,
                        '"' => break,
                        _ => {}
                    }
                }
            }
            ('/', Some('/')) => {
                let line = text.get(at..).and_then(|text| text.lines().next());
                blank(&mut out, line.unwrap_or_default());
                let end = at + line.map_or(0, str::len);
                while rest.next_if(|(at, _)| *at < end).is_some() {}
            }
            ('/', Some('*')) => {
                let body = text.get(at + 2..).unwrap_or_default();
                let length = body.find("*/").map_or(body.len(), |end| end + 2) + 2;
                blank(&mut out, text.get(at..at + length).unwrap_or_default());
                while rest.next_if(|(next, _)| *next < at + length).is_some() {}
            }
            (',', _) => {
                comma = Some(out.len());
                out.push(c);
            }
            (']' | '}', _) => {
                if let Some(at) = comma.take() {
                    out.replace_range(at..=at, " ");
                }
                out.push(c);
            }
            (c, _) => {
                if !c.is_whitespace() {
                    comma = None;
                }
                out.push(c);
            }
        }
    }
    out
}

/// Blanks in place of a comment.
fn blank(out: &mut String, comment: &str) {
    out.extend(comment.chars().map(|c| if c == '\n' { c } else { ' ' }));
}

/// A key that some object has twice.
fn twice(value: &CstNode) -> Option<String> {
    if let Some(object) = value.as_object() {
        let mut keys = HashSet::new();
        for property in object.properties() {
            let key = property.decoded_name().unwrap_or_default();
            if !keys.insert(key.clone()) {
                return Some(key);
            }
            let below = property.value().and_then(|below| twice(&below));
            if below.is_some() {
                return below;
            }
        }
        return None;
    }
    let items = value.as_array()?.elements();
    items.iter().find_map(twice)
}

/// The value of a text; that of an empty one is an empty object.
pub(super) fn value(syntax: Syntax, text: &str) -> Result<Value, EditError> {
    let root = parse(syntax, text)?;
    if root.value().is_none() {
        return Ok(Value::Object(Object::new()));
    }
    root.to_serde_value().ok_or(EditError::Tangled)
}

/// The text brought to a value.
pub(super) fn rewrite(syntax: Syntax, text: &str, wanted: &Object) -> Result<String, EditError> {
    let root = parse(syntax, text)?;
    let was_empty = root.value().is_none();
    let object = root.object_value_or_set();
    bring(&object, wanted);
    let mut text = root.to_string();
    if was_empty && !text.ends_with('\n') {
        text.push('\n');
    }
    Ok(text)
}

fn bring(object: &CstObject, wanted: &Object) {
    for property in object.properties() {
        let name = property.decoded_name();
        if !name.is_some_and(|name| wanted.contains_key(&name)) {
            property.remove();
        }
    }
    for (key, value) in wanted {
        let Some(property) = object.get(key) else {
            object.append(key, input(value));
            continue;
        };
        let old = property.to_serde_value();
        if old.as_ref() == Some(value) {
            continue;
        }
        match (value, property.object_value(), property.array_value()) {
            (Value::Object(wanted), Some(below), _) => bring(&below, wanted),
            (Value::Array(wanted), _, Some(below)) => bring_items(&below, wanted),
            _ => property.set_value(input(value)),
        }
    }
}

/// Removes the items that are not wanted, and appends those that are new.
fn bring_items(array: &CstArray, wanted: &[Value]) {
    let mut kept = Vec::new();
    for element in array.elements() {
        match element.to_serde_value() {
            Some(value) if wanted.contains(&value) && !kept.contains(&value) => kept.push(value),
            _ => element.remove(),
        }
    }
    for value in wanted {
        if !kept.contains(value) {
            array.append(input(value));
        }
    }
}

fn input(value: &Value) -> CstInputValue {
    match value {
        Value::Null => CstInputValue::Null,
        Value::Bool(value) => CstInputValue::Bool(*value),
        Value::Number(number) => CstInputValue::Number(number.to_string()),
        Value::String(text) => CstInputValue::String(text.clone()),
        Value::Array(items) => CstInputValue::Array(items.iter().map(input).collect()),
        Value::Object(object) => {
            let properties = object.iter();
            let properties = properties.map(|(key, value)| (key.clone(), input(value)));
            CstInputValue::Object(properties.collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_last_commas_become_blanks() {
        for (text, expected) in [
            ("{\"a\": 1, // x\n}", "{\"a\": 1      \n}"),
            ("[1, /* ]\n */ 2,]", "[1,     \n    2 ]"),
            ("\"a // \\\" , ]\"", "\"a // \\\" , ]\""),
            ("[1,,]", "[1, ]"),
            ("{/*", "{  "),
        ] {
            assert_eq!(plain(text), expected, "{text}");
        }
    }
}
