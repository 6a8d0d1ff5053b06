//! What values of settings may look like.

/// A kind of value.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shape {
    /// Text.
    Text,
    /// JSON Pointer (RFC 6901).
    Pointer,
    /// `true` or `false`.
    Flag,
    /// A whole number, not negative.
    Whole,
    /// Any value.
    Any,
    /// One of these texts.
    Words(&'static [&'static str]),
    /// A list.
    List(&'static Shape),
    /// A table with names of the operator's choice.
    Map(&'static Shape),
    /// A table with these keys.
    Table(&'static [Key]),
    /// A text, or a table with these keys.
    TextOr(&'static [Key]),
    /// One value or a list of such.
    OneOrMore(&'static Shape),
    /// One value or a table of such.
    OneOrMap(&'static Shape),
}

/// A key of a table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Key {
    /// Its name.
    pub name: &'static str,
    /// What it says, for editors and messages.
    pub about: &'static str,
    /// What its value looks like.
    pub shape: Shape,
    /// Whether the table is nothing without it.
    pub required: bool,
}

/// A key that may be there.
pub(super) const fn key(name: &'static str, shape: Shape, about: &'static str) -> Key {
    Key {
        name,
        about,
        shape,
        required: false,
    }
}

/// The same for a key that must be there.
pub(super) const fn needed(name: &'static str, shape: Shape, about: &'static str) -> Key {
    Key {
        required: true,
        ..key(name, shape, about)
    }
}

impl Shape {
    /// What is expected, in words.
    pub(super) fn expected(self) -> String {
        match self {
            Self::Text => "a text".to_owned(),
            Self::Pointer => "a JSON Pointer, a text such as `/data`".to_owned(),
            Self::Flag => "`true` or `false`".to_owned(),
            Self::Whole => "a whole number".to_owned(),
            Self::Any => "any value".to_owned(),
            Self::Words(words) => format!("one of `{}`", words.join("`, `")),
            Self::List(_) => "a list".to_owned(),
            Self::Map(_) | Self::Table(_) => "a table".to_owned(),
            Self::TextOr(keys) => format!("a text, or a table with {}", names(keys)),
            Self::OneOrMore(shape) => format!("{} or a list of such", shape.expected()),
            Self::OneOrMap(shape) => format!("{} or a table of such", shape.expected()),
        }
    }
}

/// The names of keys, for messages.
pub(super) fn names(keys: &[Key]) -> String {
    let names: Vec<&str> = keys.iter().map(|key| key.name).collect();
    format!("`{}`", names.join("`, `"))
}
