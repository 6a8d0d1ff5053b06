//! Field tables: every resource states its fields once, and bodies are checked, stored and
//! written out by that table. All errors of a body are reported together.

use rusqlite::types::Value as Cell;
use serde_json::{Map, Value};

use crate::problem::{FieldError, Problem};
use crate::{clock, decimal};

mod check;

/// Highest amount or rate in hundredths: 999,999.99. Keeps every sum far inside 64 bits.
pub const MAX_MONEY: i64 = 99_999_999;
/// Highest quantity in hundredths: 9,999.99.
pub const MAX_QUANTITY: i64 = 999_999;

/// What values a field takes.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// Text of a length between the two numbers, in characters.
    Text(usize, usize),
    /// An e-mail address.
    Email,
    /// Upper-case letters, exactly so many: countries and currencies.
    Letters(usize),
    /// One of these words.
    Enum(&'static [&'static str]),
    /// A whole number in a range.
    Integer(i64, i64),
    /// A decimal string with up to two places, between these hundredths.
    Decimal(i64, i64),
    /// True or false.
    Bool,
    /// A day.
    Date,
    /// The id of a record in this table.
    Ref(&'static str),
    /// A list of some of these words.
    Words(&'static [&'static str]),
    /// A list of up to 20 short texts.
    Labels,
    /// A list of up to 10 e-mail addresses.
    Emails,
    /// A map of up to 50 names to texts.
    Map,
    /// An object with these fields.
    Object(&'static [Field]),
    /// A list of objects, of a length between the two numbers.
    List(&'static [Field], usize, usize),
    /// An object whose `type` selects its fields.
    Variant(&'static [(&'static str, &'static [Field])]),
}

/// Who writes a field, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Set by the server.
    ReadOnly,
    /// Must be sent; never null.
    Required,
    /// May be left out or null.
    Optional,
    /// May be left out, then the server finds a value; never null.
    Auto,
    /// May be left out, then takes this JSON text; never null.
    Default(&'static str),
}

/// One field of a resource.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Name in JSON and of the column.
    pub name: &'static str,
    /// Values it takes.
    pub kind: Kind,
    /// Who writes it.
    pub rule: Rule,
    /// Can be set when the record is made, not later.
    pub fixed: bool,
}

impl Field {
    /// The same field, but only for new records.
    pub const fn fixed(mut self) -> Self {
        self.fixed = true;
        self
    }
}

/// A field that the server sets.
pub const fn ro(name: &'static str, kind: Kind) -> Field {
    Field {
        name,
        kind,
        rule: Rule::ReadOnly,
        fixed: false,
    }
}

/// A field that must be sent.
pub const fn req(name: &'static str, kind: Kind) -> Field {
    Field {
        name,
        kind,
        rule: Rule::Required,
        fixed: false,
    }
}

/// A field that may be absent or null.
pub const fn opt(name: &'static str, kind: Kind) -> Field {
    Field {
        name,
        kind,
        rule: Rule::Optional,
        fixed: false,
    }
}

/// A field that the server fills when it is absent.
pub const fn auto(name: &'static str, kind: Kind) -> Field {
    Field {
        name,
        kind,
        rule: Rule::Auto,
        fixed: false,
    }
}

/// A field with a default, given as JSON text.
pub const fn def(name: &'static str, kind: Kind, json: &'static str) -> Field {
    Field {
        name,
        kind,
        rule: Rule::Default(json),
        fixed: false,
    }
}

/// A number that the server sets.
pub const COUNT: Kind = Kind::Integer(i64::MIN, i64::MAX);
/// An amount that the server sets.
pub const AMOUNT: Kind = Kind::Decimal(i64::MIN, i64::MAX);
/// A text that the server sets.
pub const STRING: Kind = Kind::Text(0, usize::MAX);

/// How a body is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// A new record: absent fields take their default.
    Create,
    /// The whole record again: absent fields take their default.
    Replace,
    /// Some fields: absent ones stay, null clears.
    Patch,
}

/// Checked values, ready for the database.
#[derive(Debug, Clone, Default)]
pub struct Values(pub Vec<(&'static str, Cell)>);

impl Values {
    /// The value of a field, if it was sent or defaulted.
    pub fn get(&self, name: &str) -> Option<&Cell> {
        self.0
            .iter()
            .find(|(n, _)| *n == name)
            .map(|(_, cell)| cell)
    }

    /// A whole number, if the field has one.
    pub fn int(&self, name: &str) -> Option<i64> {
        match self.get(name) {
            Some(Cell::Integer(value)) => Some(*value),
            _ => None,
        }
    }

    /// A text, if the field has one.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.get(name) {
            Some(Cell::Text(value)) => Some(value),
            _ => None,
        }
    }

    /// JSON kept as text: lists, maps and objects.
    pub fn json(&self, name: &str) -> Value {
        self.text(name)
            .and_then(|t| serde_json::from_str(t).ok())
            .unwrap_or(Value::Null)
    }

    /// Sets a value.
    pub fn set(&mut self, name: &'static str, value: impl Into<Cell>) {
        self.take(name);
        self.0.push((name, value.into()));
    }

    /// Takes a value out: for fields that are not columns.
    pub fn take(&mut self, name: &str) -> Option<Cell> {
        let at = self.0.iter().position(|(n, _)| *n == name)?;
        Some(self.0.remove(at).1)
    }
}

/// Checks a body against a field table.
pub fn read(fields: &[Field], body: &Value, mode: Mode) -> Result<Values, Problem> {
    let mut errors = Vec::new();
    let values = read_object(fields, body, mode, "", &mut errors);
    if errors.is_empty() {
        Ok(values)
    } else {
        Err(Problem::invalid(errors))
    }
}

fn read_object(
    fields: &[Field],
    body: &Value,
    mode: Mode,
    at: &str,
    errors: &mut Vec<FieldError>,
) -> Values {
    let mut values = Values::default();
    let Some(object) = body.as_object() else {
        let field = if at.is_empty() { "body" } else { at };
        errors.push(error(field, "type", "must be a JSON object"));
        return values;
    };
    for key in object.keys() {
        match fields.iter().find(|f| f.name == key) {
            None => errors.push(error(&path(at, key), "unknown", unknown(fields))),
            Some(field) if field.rule == Rule::ReadOnly => {
                errors.push(error(&path(at, key), "read_only", "is set by the server"));
            }
            Some(field) if field.fixed && mode != Mode::Create => {
                errors.push(error(
                    &path(at, key),
                    "read_only",
                    "cannot be changed later",
                ));
            }
            Some(_) => {}
        }
    }
    for field in fields.iter().filter(|f| f.rule != Rule::ReadOnly) {
        if field.fixed && mode != Mode::Create {
            continue;
        }
        let here = path(at, field.name);
        let cell = match (object.get(field.name), field.rule) {
            (None, _) if mode == Mode::Patch => continue,
            (None, Rule::Required) => {
                errors.push(error(&here, "required", "is required"));
                continue;
            }
            (None, Rule::Default(json)) => {
                let value = serde_json::from_str(json).unwrap_or(Value::Null);
                check::value(&field.kind, &value, &here, errors)
            }
            (None | Some(Value::Null), Rule::Optional) => Some(Cell::Null),
            (Some(value), _) => check::value(&field.kind, value, &here, errors),
            (None, Rule::ReadOnly | Rule::Auto) => continue,
        };
        if let Some(cell) = cell {
            values.0.push((field.name, cell));
        }
    }
    values
}

/// A column's value as JSON.
pub fn to_json(kind: &Kind, cell: Cell) -> Value {
    match (kind, cell) {
        (_, Cell::Null) => Value::Null,
        (Kind::Bool, Cell::Integer(value)) => Value::Bool(value != 0),
        (Kind::Decimal(..), Cell::Integer(value)) => Value::String(decimal::format(value)),
        (_, Cell::Integer(value)) => value.into(),
        (
            Kind::Words(_)
            | Kind::Labels
            | Kind::Emails
            | Kind::Map
            | Kind::Object(_)
            | Kind::List(..)
            | Kind::Variant(_),
            Cell::Text(text),
        ) => serde_json::from_str(&text).unwrap_or(Value::Null),
        (_, Cell::Text(text)) => Value::String(text),
        (_, Cell::Real(value)) => Value::from(value),
        (_, Cell::Blob(_)) => Value::Null,
    }
}

/// Makes a field error.
pub fn error(field: &str, code: &'static str, message: impl Into<String>) -> FieldError {
    FieldError {
        field: field.to_owned(),
        code,
        message: message.into(),
    }
}

fn unknown(fields: &[Field]) -> String {
    let known: Vec<&str> = fields
        .iter()
        .filter(|f| f.rule != Rule::ReadOnly)
        .map(|f| f.name)
        .collect();
    format!("is not a field; the fields are {}", known.join(", "))
}

fn path(at: &str, name: &str) -> String {
    if at.is_empty() {
        name.to_owned()
    } else {
        format!("{at}.{name}")
    }
}

/// Keeps only what the table names, in its order, with nulls for what is missing.
fn normalised(fields: &[Field], object: &Map<String, Value>) -> Map<String, Value> {
    let pick = |f: &Field| {
        (
            f.name.to_owned(),
            object.get(f.name).cloned().unwrap_or(Value::Null),
        )
    };
    fields.iter().map(pick).collect()
}

/// Reads a date.
pub fn is_date(text: &str) -> bool {
    clock::parse_date(text).is_some()
}
