//! TOML to a tree of settings.

use std::ops::Range;
use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::Number;
use toml_edit::{Document, Item, TableLike, Value};

use super::tree::{Kind, Member, Place, Source, Tree, Trust};
use crate::diagnostics::{Code, Diagnostic};
use crate::text;

/// Longest configuration, in bytes.
const LONGEST: usize = 4 << 20;

/// Reads a configuration.
///
/// # Errors
/// When it is not TOML: what and where.
pub(crate) fn parse(name: &str, text: &str) -> Result<Tree, Box<Diagnostic>> {
    let source = Arc::new(Source {
        name: Arc::from(name),
        text: Some(Arc::from(text)),
        trust: Trust::Operator,
    });
    let at = |span: Option<Range<usize>>| Place {
        source: Arc::clone(&source),
        span: Some(span.unwrap_or(0..0)),
        pointer: None,
    };
    if text.len() > LONGEST {
        let message = format!("the configuration has more than {LONGEST} bytes");
        return Err(Box::new(at(None).finding(Code::E0920, message)));
    }
    let document = Document::parse(text).map_err(|error| {
        let message = text::line(error.message(), 300);
        Box::new(
            at(error.span())
                .finding(
                    Code::E0920,
                    format!("the configuration is not TOML: {message}"),
                )
                .help("see https://toml.io/en/v1.0.0"),
        )
    })?;
    Ok(table(document.as_table(), at(Some(0..0)), &at))
}

fn table(table: &dyn TableLike, place: Place, at: &dyn Fn(Option<Range<usize>>) -> Place) -> Tree {
    let mut members = IndexMap::new();
    for (key, item) in table.iter() {
        let key_place = at(table.key(key).and_then(toml_edit::Key::span));
        let tree = self::item(item, &key_place, at);
        members.insert(
            key.to_owned(),
            Member {
                key: key_place,
                tree,
            },
        );
    }
    Tree {
        place,
        kind: Kind::Table(members),
    }
}

fn item(item: &Item, key: &Place, at: &dyn Fn(Option<Range<usize>>) -> Place) -> Tree {
    // A dotted table has no extent of its own; its key has.
    let place = item
        .span()
        .map_or_else(|| key.clone(), |span| at(Some(span)));
    match item {
        Item::None => Tree {
            place,
            kind: Kind::Null,
        },
        Item::Value(value) => self::value(value, place, at),
        Item::Table(inner) => table(inner, place, at),
        Item::ArrayOfTables(tables) => {
            let items = tables.iter().map(|inner| {
                let place = inner
                    .span()
                    .map_or_else(|| place.clone(), |span| at(Some(span)));
                table(inner, place, at)
            });
            Tree {
                kind: Kind::List(items.collect()),
                place: place.clone(),
            }
        }
    }
}

fn value(value: &Value, place: Place, at: &dyn Fn(Option<Range<usize>>) -> Place) -> Tree {
    let kind = match value {
        Value::String(text) => Kind::Text(text.value().clone()),
        Value::Integer(number) => Kind::Number(Number::from(*number.value())),
        // JSON has no number for `nan` and `inf`.
        Value::Float(number) => Number::from_f64(*number.value())
            .map_or_else(|| Kind::Text(number.value().to_string()), Kind::Number),
        Value::Boolean(flag) => Kind::Flag(*flag.value()),
        Value::Datetime(time) => Kind::Text(time.value().to_string()),
        Value::Array(items) => Kind::List(
            items
                .iter()
                .map(|item| {
                    let place = item
                        .span()
                        .map_or_else(|| place.clone(), |span| at(Some(span)));
                    self::value(item, place, at)
                })
                .collect(),
        ),
        Value::InlineTable(inner) => return table(inner, place, at),
    };
    Tree { place, kind }
}
