//! Conversions between Rust values and JSON, and the helpers that generated code calls.

use std::collections::BTreeMap;
use std::fmt;

use super::{Field, Nullable};
use crate::json::{Number, Object, Value};

/// A value that has a JSON form.
pub trait ToJson {
    /// The JSON form.
    fn to_json(&self) -> Value;
}

/// A value that can be read from JSON.
pub trait FromJson: Sized {
    /// Reads a JSON value.
    ///
    /// # Errors
    /// When the value has another shape.
    fn from_json(value: &Value) -> Result<Self, DecodeError>;
}

/// A JSON value that does not have the expected shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodeError {
    /// Property names and indices from the root to the place, innermost last.
    pub path: Vec<String>,
    /// What was expected there.
    pub expected: String,
}

impl DecodeError {
    /// An error at the current place.
    #[must_use]
    pub fn expected(what: &str) -> Self {
        Self {
            path: Vec::new(),
            expected: what.to_owned(),
        }
    }

    /// The same error, seen from one level further out.
    #[must_use]
    pub fn inside(mut self, key: &str) -> Self {
        self.path.insert(0, key.to_owned());
        self
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {} at /{}", self.expected, self.path.join("/"))
    }
}

impl std::error::Error for DecodeError {}

/// Writes a required property.
pub fn put<T: ToJson>(object: &mut Object, name: &str, value: &T) {
    object.insert(name.to_owned(), value.to_json());
}

/// Writes a property unless it is absent.
pub fn put_optional<T: ToJson>(object: &mut Object, name: &str, value: &Option<T>) {
    if let Some(value) = value {
        put(object, name, value);
    }
}

/// Writes a property that may be absent, null or present.
pub fn put_field<T: ToJson>(object: &mut Object, name: &str, value: &Field<T>) {
    match value {
        Field::Absent => {}
        Field::Null => {
            object.insert(name.to_owned(), Value::Null);
        }
        Field::Value(value) => put(object, name, value),
    }
}

/// Adds the entries of a map as properties; those already there stay.
pub fn put_additional<T: ToJson>(object: &mut Object, entries: &BTreeMap<String, T>) {
    for (name, value) in entries {
        if !object.contains_key(name) {
            put(object, name, value);
        }
    }
}

/// Reads a required property.
///
/// # Errors
/// When it is missing or has another shape.
pub fn get<T: FromJson>(object: &Object, name: &str) -> Result<T, DecodeError> {
    T::from_json(object.get(name).unwrap_or(&Value::Null)).map_err(|e| e.inside(name))
}

/// Reads a property that may be absent; null counts as absent.
///
/// # Errors
/// When it has another shape.
pub fn get_optional<T: FromJson>(object: &Object, name: &str) -> Result<Option<T>, DecodeError> {
    match object.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => T::from_json(value).map(Some).map_err(|e| e.inside(name)),
    }
}

/// Reads a property that may be absent, null or present.
///
/// # Errors
/// When it has another shape.
pub fn get_field<T: FromJson>(object: &Object, name: &str) -> Result<Field<T>, DecodeError> {
    match object.get(name) {
        None => Ok(Field::Absent),
        Some(Value::Null) => Ok(Field::Null),
        Some(value) => T::from_json(value)
            .map(Field::Value)
            .map_err(|e| e.inside(name)),
    }
}

/// Reads the properties that are not among `known`.
///
/// # Errors
/// When one has another shape.
pub fn get_additional<T: FromJson>(
    object: &Object,
    known: &[&str],
) -> Result<BTreeMap<String, T>, DecodeError> {
    object
        .iter()
        .filter(|(name, _)| !known.contains(&name.as_str()))
        .map(|(name, value)| {
            Ok((
                name.clone(),
                T::from_json(value).map_err(|e| e.inside(name))?,
            ))
        })
        .collect()
}

/// The value as an object.
///
/// # Errors
/// When it is none.
pub fn object(value: &Value) -> Result<&Object, DecodeError> {
    value
        .as_object()
        .ok_or_else(|| DecodeError::expected("an object"))
}

/// The value as a string.
///
/// # Errors
/// When it is none.
pub fn string(value: &Value) -> Result<&str, DecodeError> {
    value
        .as_str()
        .ok_or_else(|| DecodeError::expected("a string"))
}

impl ToJson for Value {
    fn to_json(&self) -> Value {
        self.clone()
    }
}

impl FromJson for Value {
    fn from_json(value: &Value) -> Result<Self, DecodeError> {
        Ok(value.clone())
    }
}

impl ToJson for Object {
    fn to_json(&self) -> Value {
        Value::Object(self.clone())
    }
}

impl FromJson for Object {
    fn from_json(value: &Value) -> Result<Self, DecodeError> {
        object(value).cloned()
    }
}

impl ToJson for String {
    fn to_json(&self) -> Value {
        Value::String(self.clone())
    }
}

impl FromJson for String {
    fn from_json(value: &Value) -> Result<Self, DecodeError> {
        string(value).map(str::to_owned)
    }
}

impl ToJson for bool {
    fn to_json(&self) -> Value {
        Value::Bool(*self)
    }
}

impl FromJson for bool {
    fn from_json(value: &Value) -> Result<Self, DecodeError> {
        value
            .as_bool()
            .ok_or_else(|| DecodeError::expected("a boolean"))
    }
}

impl ToJson for i64 {
    fn to_json(&self) -> Value {
        Value::Number(Number::from(*self))
    }
}

impl FromJson for i64 {
    fn from_json(value: &Value) -> Result<Self, DecodeError> {
        value
            .as_i64()
            .ok_or_else(|| DecodeError::expected("an integer"))
    }
}

impl ToJson for f64 {
    fn to_json(&self) -> Value {
        Number::from_f64(*self).map_or(Value::Null, Value::Number)
    }
}

impl FromJson for f64 {
    fn from_json(value: &Value) -> Result<Self, DecodeError> {
        value
            .as_f64()
            .ok_or_else(|| DecodeError::expected("a number"))
    }
}

impl ToJson for Number {
    fn to_json(&self) -> Value {
        Value::Number(self.clone())
    }
}

impl FromJson for Number {
    fn from_json(value: &Value) -> Result<Self, DecodeError> {
        match value {
            Value::Number(number) => Ok(number.clone()),
            _ => Err(DecodeError::expected("a number")),
        }
    }
}

impl FromJson for () {
    fn from_json(_: &Value) -> Result<Self, DecodeError> {
        Ok(())
    }
}

impl<T: ToJson> ToJson for Vec<T> {
    fn to_json(&self) -> Value {
        Value::Array(self.iter().map(ToJson::to_json).collect())
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(value: &Value) -> Result<Self, DecodeError> {
        value
            .as_array()
            .ok_or_else(|| DecodeError::expected("an array"))?
            .iter()
            .enumerate()
            .map(|(i, item)| T::from_json(item).map_err(|e| e.inside(&i.to_string())))
            .collect()
    }
}

impl<T: ToJson> ToJson for BTreeMap<String, T> {
    fn to_json(&self) -> Value {
        Value::Object(self.iter().map(|(k, v)| (k.clone(), v.to_json())).collect())
    }
}

impl<T: FromJson> FromJson for BTreeMap<String, T> {
    fn from_json(value: &Value) -> Result<Self, DecodeError> {
        get_additional(object(value)?, &[])
    }
}

impl<T: ToJson> ToJson for Box<T> {
    fn to_json(&self) -> Value {
        self.as_ref().to_json()
    }
}

impl<T: FromJson> FromJson for Box<T> {
    fn from_json(value: &Value) -> Result<Self, DecodeError> {
        T::from_json(value).map(Self::new)
    }
}

impl<T: ToJson> ToJson for Nullable<T> {
    fn to_json(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Value(value) => value.to_json(),
        }
    }
}

impl<T: FromJson> FromJson for Nullable<T> {
    fn from_json(value: &Value) -> Result<Self, DecodeError> {
        match value {
            Value::Null => Ok(Self::Null),
            value => T::from_json(value).map(Self::Value),
        }
    }
}
