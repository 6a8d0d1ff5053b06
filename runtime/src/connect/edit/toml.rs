//! TOML.

use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, TableLike, Value as Toml};

use super::{EditError, position};
use crate::json::{Number, Object, Value};

fn parse(text: &str) -> Result<DocumentMut, EditError> {
    text.parse::<DocumentMut>().map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        let (line, column) = position(text, at);
        let what = error.message().lines().next().unwrap_or_default();
        EditError::Malformed(line, column, what.to_owned())
    })
}

/// The value of a text.
pub(super) fn value(text: &str) -> Result<Value, EditError> {
    Ok(Value::Object(object(parse(text)?.as_table())))
}

fn object(table: &dyn TableLike) -> Object {
    let entries = table.iter();
    let entries = entries.filter(|(_, item)| !item.is_none());
    entries
        .map(|(key, item)| (key.to_owned(), of_item(item)))
        .collect()
}

fn of_item(item: &Item) -> Value {
    match item {
        Item::None => Value::Null,
        Item::Value(value) => of_value(value),
        Item::Table(table) => Value::Object(object(table)),
        Item::ArrayOfTables(tables) => {
            let tables = tables.iter();
            tables.map(|table| Value::Object(object(table))).collect()
        }
    }
}

fn of_value(value: &Toml) -> Value {
    match value {
        Toml::String(text) => Value::from(text.value().as_str()),
        Toml::Integer(number) => Value::from(*number.value()),
        Toml::Float(number) => {
            let number = *number.value();
            Number::from_f64(number).map_or_else(|| Value::from(number.to_string()), Value::Number)
        }
        Toml::Boolean(value) => Value::from(*value.value()),
        Toml::Datetime(time) => Value::from(time.value().to_string()),
        Toml::Array(items) => items.iter().map(of_value).collect(),
        Toml::InlineTable(table) => Value::Object(object(table)),
    }
}

/// The text brought to a value.
pub(super) fn rewrite(text: &str, wanted: &Object) -> Result<String, EditError> {
    let mut document = parse(text)?;
    bring(document.as_table_mut(), wanted, 0);
    Ok(document.to_string())
}

fn bring(table: &mut dyn TableLike, wanted: &Object, depth: usize) {
    let keys: Vec<String> = table.iter().map(|(key, _)| key.to_owned()).collect();
    for key in keys {
        if !wanted.contains_key(&key) {
            table.remove(&key);
        }
    }
    for (key, value) in wanted {
        match table.get_mut(key) {
            Some(item) if of_item(item) == *value => {}
            Some(item) => match (value, item.as_table_like_mut()) {
                (Value::Object(wanted), Some(below)) => {
                    bring(below, wanted, depth + 1);
                    // One that nothing stands below any more would be gone without a line of its own.
                    if let Some(table) = item.as_table_mut().filter(|table| table.is_empty()) {
                        table.set_implicit(false);
                    }
                }
                _ => *item = made(key, value, depth),
            },
            None => {
                table.insert(key, made(key, value, depth));
            }
        }
    }
}

/// Sections for what people read as such, `[mcp_servers.crm]` and `[mcp_servers.crm.env]`; the rest in a line.
fn made(key: &str, value: &Value, depth: usize) -> Item {
    match value {
        Value::Object(object) if depth < 2 || key == "env" => {
            let mut table = Table::new();
            table.set_implicit(depth == 0);
            for (key, value) in object {
                table.insert(key, made(key, value, depth + 1));
            }
            Item::Table(table)
        }
        _ => inline(value).map_or(Item::None, Item::Value),
    }
}

fn inline(value: &Value) -> Option<Toml> {
    Some(match value {
        // TOML has none.
        Value::Null => return None,
        Value::Bool(value) => Toml::from(*value),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(number), _) => Toml::from(number),
            (None, number) => Toml::from(number?),
        },
        Value::String(text) => Toml::from(text.as_str()),
        Value::Array(items) => {
            let items = items.iter().filter_map(inline);
            Toml::Array(items.collect::<Array>())
        }
        Value::Object(object) => {
            let mut table = InlineTable::new();
            for (key, value) in object {
                if let Some(value) = inline(value) {
                    table.insert(key, value);
                }
            }
            Toml::InlineTable(table)
        }
    })
}
