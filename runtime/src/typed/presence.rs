//! Absent, null and present are three things on a write.

/// An optional property that may also be null: `Absent` leaves it as it is, `Null` clears it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Field<T> {
    /// The property is not sent.
    #[default]
    Absent,
    /// JSON `null` is sent.
    Null,
    /// The value is sent.
    Value(T),
}

impl<T> From<T> for Field<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

/// A required property that may be null.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Nullable<T> {
    /// JSON `null`.
    #[default]
    Null,
    /// A value.
    Value(T),
}

impl<T> From<T> for Nullable<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}
