//! Sets of JSON types.

use serde_json::Value;

/// A set of JSON types; empty means any.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Types(u8);

impl Types {
    /// `object`
    pub const OBJECT: Self = Self(1);
    /// `array`
    pub const ARRAY: Self = Self(2);
    /// `string`
    pub const STRING: Self = Self(4);
    /// `number`
    pub const NUMBER: Self = Self(8);
    /// `integer`
    pub const INTEGER: Self = Self(16);
    /// `boolean`
    pub const BOOLEAN: Self = Self(32);

    const NAMES: [(&'static str, Self); 6] = [
        ("object", Self::OBJECT),
        ("array", Self::ARRAY),
        ("string", Self::STRING),
        ("number", Self::NUMBER),
        ("integer", Self::INTEGER),
        ("boolean", Self::BOOLEAN),
    ];

    /// Whether nothing is said.
    pub fn is_any(self) -> bool {
        self.0 == 0
    }

    /// Whether `other` is in the set.
    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The names in the set; `integer` is left out beside `number`, which contains it.
    pub fn names(self) -> Vec<&'static str> {
        Self::NAMES
            .iter()
            .filter(|(_, bit)| self.has(*bit))
            .filter(|(_, bit)| *bit != Self::INTEGER || !self.has(Self::NUMBER))
            .map(|(name, _)| *name)
            .collect()
    }

    /// Both sets together.
    pub fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The set of one name; `null` has none.
    pub fn named(name: &str) -> Option<Self> {
        Self::NAMES
            .iter()
            .find(|(n, _)| *n == name)
            .map(|(_, bit)| *bit)
    }

    /// The type of a value; null has none.
    pub fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::default(),
            Value::Object(_) => Self::OBJECT,
            Value::Array(_) => Self::ARRAY,
            Value::String(_) => Self::STRING,
            Value::Bool(_) => Self::BOOLEAN,
            Value::Number(n) if n.is_f64() && n.as_f64().is_some_and(|f| f.fract() != 0.0) => {
                Self::NUMBER
            }
            Value::Number(_) => Self::INTEGER,
        }
    }

    /// The one type that all values have (an integer is a number); any if there is none.
    pub fn of_all(values: &[&Value]) -> Self {
        let all = values
            .iter()
            .fold(Self::default(), |all, value| all.with(Self::of(value)));
        match all.names().as_slice() {
            [name] => Self::named(name).unwrap_or_default(),
            _ => Self::default(),
        }
    }

    /// Narrows the set, as `allOf` does. Sets that exclude each other leave the first; that is false.
    pub fn narrow(&mut self, other: Self) -> bool {
        if other.is_any() {
            return true;
        }
        let mut both = self.0 & other.0;
        // An integer is a number.
        if self.has(Self::NUMBER) && other.has(Self::INTEGER)
            || self.has(Self::INTEGER) && other.has(Self::NUMBER)
        {
            both |= Self::INTEGER.0;
        }
        if self.is_any() {
            *self = other;
        } else if both != 0 {
            *self = Self(both);
        } else {
            return false;
        }
        true
    }
}
