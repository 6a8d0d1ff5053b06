//! Rust types of the generated crate.

use serde::Serialize;

use super::Field;

/// A type where it is used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum TypeRef {
    /// Nothing.
    Unit,
    /// Text.
    String,
    /// True or false.
    Bool,
    /// A whole number that fits 64 bits.
    Integer,
    /// A number.
    Float,
    /// Any JSON value.
    Json,
    /// Bytes of an answer.
    File,
    /// A sequence.
    List(Box<TypeRef>),
    /// Text to value.
    Map(Box<TypeRef>),
    /// A value that may be null.
    Nullable(Box<TypeRef>),
    /// The type with this index in [`super::Api::types`].
    Named(usize),
    /// The same behind a `Box`: the type contains itself.
    Boxed(usize),
}

impl TypeRef {
    /// Indices of the named types in it.
    pub fn named(&self) -> Option<usize> {
        match self {
            Self::Named(index) | Self::Boxed(index) => Some(*index),
            Self::List(inner) | Self::Map(inner) | Self::Nullable(inner) => inner.named(),
            _ => None,
        }
    }
}

/// A type definition.
#[derive(Debug, Clone, Serialize)]
pub struct TypeDef {
    /// Name, unique in the crate.
    pub name: String,
    /// Module that holds it: that of the only group that uses it, or `shared`.
    pub module: String,
    /// What it is.
    pub doc: String,
    /// Whether requests carry it; others are only read.
    pub sent: bool,
    /// What it is made of.
    pub shape: TypeShape,
}

/// What a type is made of.
#[derive(Debug, Clone, Serialize)]
pub enum TypeShape {
    /// An object.
    Struct {
        /// Its properties.
        fields: Vec<Field>,
        /// Type of further properties, with the name of the field that holds them.
        additional: Option<(String, TypeRef)>,
    },
    /// One of several texts; others are kept.
    Enum {
        /// The texts.
        variants: Vec<EnumVariant>,
    },
}

/// A value of an enumeration.
#[derive(Debug, Clone, Serialize)]
pub struct EnumVariant {
    /// Identifier.
    pub ident: String,
    /// Text on the wire.
    pub wire: String,
}
