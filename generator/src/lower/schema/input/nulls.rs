//! Where null is a value that is sent, and not "not given".

use super::super::Shape;

/// What null means in a part of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nulls {
    /// Nothing: the value is written in a style that has no form for it (RFC 6570 §2.3).
    Undefined,
    /// A value, where the schema allows it.
    Declared,
    /// Beside that, the removal of any member of an object that need not be there (RFC 7396 §1).
    Remove,
}

impl Nulls {
    /// Whether null is a value of a schema at a place that `required` says has to be filled: a patch
    /// without a member that its schema requires is none, and one that removes it is refused.
    pub fn are_values(self, shape: &Shape<'_>, required: bool) -> bool {
        match self {
            Self::Undefined => false,
            Self::Declared => shape.nullable,
            Self::Remove => shape.nullable || !required,
        }
    }

    /// The same in an array, which a patch replaces as a whole (RFC 7396 §2).
    pub fn in_array(self) -> Self {
        match self {
            Self::Remove => Self::Declared,
            other => other,
        }
    }
}
