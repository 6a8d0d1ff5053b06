//! YAML.

use std::str::FromStr as _;

use yaml_edit::{
    Document, Mapping, MappingBuilder, SequenceBuilder, YamlBuilder, YamlError, YamlFile,
};

use super::EditError;
use crate::json::{Number, Object, Value};

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

/// The value of a text; that of an empty one is an empty object. What edits YAML is lenient, so that it can
/// keep what it does not understand: a strict parser says whether this is YAML, and what it holds.
pub(super) fn value(text: &str) -> Result<Value, EditError> {
    let read: serde_yaml::Value = match serde_yaml::from_str(text) {
        Ok(read) => read,
        // It says of several documents that there are several, and not where.
        Err(error) => {
            document(&parse(text)?)?;
            let at = error.location();
            let (line, column) = at.map_or((1, 1), |at| (at.line(), at.column()));
            // Behind its words stands the place, again.
            let what = error.to_string();
            let what = what.split(" at line ").next().unwrap_or_default();
            return Err(EditError::Malformed(line, column, what.to_owned()));
        }
    };
    document(&parse(text)?)?;
    Ok(match read {
        serde_yaml::Value::Null => Value::Object(Object::new()),
        read => of(read),
    })
}

fn of(value: serde_yaml::Value) -> Value {
    use serde_yaml::Value as Yaml;
    match value {
        Yaml::Null => Value::Null,
        Yaml::Bool(value) => Value::Bool(value),
        Yaml::Number(number) => {
            let whole = number.as_i64().map(Value::from);
            let whole = whole.or_else(|| number.as_u64().map(Value::from));
            let any = whole.or_else(|| Number::from_f64(number.as_f64()?).map(Value::Number));
            any.unwrap_or_else(|| Value::from(number.to_string()))
        }
        Yaml::String(text) => Value::from(text),
        Yaml::Sequence(items) => items.into_iter().map(of).collect(),
        Yaml::Mapping(mapping) => {
            let entries = mapping.into_iter();
            let entries = entries.map(|(key, value)| (key_of(key), of(value)));
            Value::Object(entries.collect())
        }
        // Tags are only compared.
        Yaml::Tagged(tagged) => {
            let mut object = Object::new();
            object.insert(tagged.tag.to_string(), of(tagged.value));
            Value::Object(object)
        }
    }
}

fn key_of(key: serde_yaml::Value) -> String {
    match of(key) {
        Value::String(text) => text,
        other => other.to_string(),
    }
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
