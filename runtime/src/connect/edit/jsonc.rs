//! JSON, with or without comments.

use jsonc_parser::ParseOptions;
use jsonc_parser::cst::{CstArray, CstInputValue, CstObject, CstRootNode};

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

fn parse(syntax: Syntax, text: &str) -> Result<CstRootNode, EditError> {
    CstRootNode::parse(text, &options(syntax)).map_err(|error| {
        let what = error.kind().to_string();
        EditError::Malformed(error.line_display(), error.column_display(), what)
    })
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
