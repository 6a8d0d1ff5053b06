//! YAML.

use std::str::FromStr as _;

use yaml_edit::{
    Document, Mapping, MappingBuilder, SequenceBuilder, YamlBuilder, YamlError, YamlFile, YamlNode,
};

use super::EditError;
use crate::json::{Object, Value};

fn parse(text: &str) -> Result<YamlFile, EditError> {
    YamlFile::from_str(text).map_err(|error| match error {
        YamlError::Parse {
            message,
            line,
            column,
        } => {
            // Behind its first sentence, the message repeats itself.
            let what = message.split(". ").next().unwrap_or_default().to_owned();
            EditError::Malformed(line.unwrap_or(1), column.unwrap_or(1), what)
        }
        _ => EditError::Tangled,
    })
}

fn document(file: &YamlFile) -> Result<Option<Document>, EditError> {
    let mut documents = file.documents();
    let first = documents.next();
    match documents.next() {
        None => Ok(first),
        Some(_) => Err(EditError::Unexpected(
            "it holds several YAML documents".to_owned(),
        )),
    }
}

/// The value of a text; that of an empty one is an empty object.
pub(super) fn value(text: &str) -> Result<Value, EditError> {
    let file = parse(text)?;
    let Some(document) = document(&file)? else {
        return Ok(Value::Object(Object::new()));
    };
    if let Some(mapping) = document.as_mapping() {
        return Ok(Value::Object(object(&mapping)));
    }
    if document.as_sequence().is_some() {
        return Ok(Value::Array(Vec::new()));
    }
    let is_empty = document.as_scalar().is_none_or(|scalar| scalar.is_null());
    Ok(if is_empty {
        Value::Object(Object::new())
    } else {
        Value::Null
    })
}

fn object(mapping: &Mapping) -> Object {
    let entries = mapping.iter();
    entries
        .map(|(key, value)| (key_of(&key), of_node(&value)))
        .collect()
}

fn key_of(key: &YamlNode) -> String {
    match key.as_scalar() {
        Some(scalar) => scalar.as_string(),
        None => key.to_string(),
    }
}

fn of_node(node: &YamlNode) -> Value {
    if let Some(mapping) = node.as_mapping() {
        return Value::Object(object(mapping));
    }
    if let Some(items) = node.as_sequence() {
        return items.values().map(|item| of_node(&item)).collect();
    }
    let Some(scalar) = node.as_scalar() else {
        // Tags and aliases, which are only compared.
        return Value::from(node.to_string());
    };
    if scalar.is_quoted() || scalar.is_block() {
        return Value::from(scalar.as_string());
    }
    if scalar.is_null() {
        return Value::Null;
    }
    if let Some(value) = node.to_bool() {
        return Value::from(value);
    }
    if let Some(number) = node.to_i64() {
        return Value::from(number);
    }
    Value::from(scalar.as_string())
}

/// The text brought to a value.
pub(super) fn rewrite(text: &str, old: &Object, wanted: &Object) -> Result<String, EditError> {
    let file = parse(text)?;
    if let Some(mapping) = document(&file)?.and_then(|document| document.as_mapping()) {
        bring(&mapping, old, wanted);
        return Ok(file.to_string());
    }
    // Comments alone, or nothing.
    let mut new = text.to_owned();
    if !new.is_empty() && !new.ends_with('\n') {
        new.push('\n');
    }
    let mapping = mapping(wanted).build_document().to_string();
    new.push_str(mapping.trim_start_matches('\n'));
    if !new.ends_with('\n') {
        new.push('\n');
    }
    Ok(new)
}

fn bring(mapping: &Mapping, old: &Object, wanted: &Object) {
    for key in old.keys().filter(|key| !wanted.contains_key(*key)) {
        mapping.remove(key.as_str());
    }
    for (key, value) in wanted {
        let before = old.get(key);
        if before == Some(value) {
            continue;
        }
        match (value, before, mapping.get_mapping(key.as_str())) {
            (Value::Object(wanted), Some(Value::Object(old)), Some(below)) if !old.is_empty() => {
                bring(&below, old, wanted);
            }
            _ => set(mapping, key, value),
        }
    }
}

fn set(target: &Mapping, key: &str, value: &Value) {
    match value {
        Value::Null => target.set(key, yaml_edit::ScalarValue::null()),
        Value::Bool(value) => target.set(key, *value),
        Value::Number(number) => match number.as_i64() {
            Some(number) => target.set(key, number),
            None => target.set(key, number.as_f64().unwrap_or_default()),
        },
        Value::String(text) => target.set(key, text.as_str()),
        Value::Array(items) => {
            if let Some(items) = sequence(items).build_document().as_sequence() {
                target.set(key, items);
            }
        }
        Value::Object(object) => {
            if let Some(below) = mapping(object).build_document().as_mapping() {
                target.set(key, below);
            }
        }
    }
}

fn mapping(object: &Object) -> MappingBuilder {
    let mut builder = MappingBuilder::new();
    for (key, value) in object {
        builder = match value {
            Value::Null => builder.pair(key, yaml_edit::ScalarValue::null()),
            Value::Bool(value) => builder.pair(key, *value),
            Value::Number(number) => match number.as_i64() {
                Some(number) => builder.pair(key, number),
                None => builder.pair(key, number.as_f64().unwrap_or_default()),
            },
            Value::String(text) => builder.pair(key, text.as_str()),
            Value::Array(items) => builder.insert_sequence(key, sequence(items)),
            Value::Object(below) => builder.insert_mapping(key, mapping(below)),
        };
    }
    builder
}

fn sequence(items: &[Value]) -> SequenceBuilder {
    let mut builder = YamlBuilder::sequence();
    for item in items {
        builder = match item {
            Value::Null => builder.item(yaml_edit::ScalarValue::null()),
            Value::Bool(value) => builder.item(*value),
            Value::Number(number) => match number.as_i64() {
                Some(number) => builder.item(number),
                None => builder.item(number.as_f64().unwrap_or_default()),
            },
            Value::String(text) => builder.item(text.as_str()),
            Value::Array(items) => builder.insert_sequence(sequence(items)),
            Value::Object(object) => builder.insert_mapping(mapping(object)),
        };
    }
    builder
}
