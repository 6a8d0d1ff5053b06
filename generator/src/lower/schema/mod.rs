//! Schemas: from JSON Schema 2020-12 as the document has it (normalized) to what a tool lists.
//!
//! [`Shapes`] gives the effective view of a schema (references followed, `allOf` merged, null taken
//! out of unions); [`input`] and [`output`] rebuild tool schemas from it, never copying (rule G9);
//! the Rust types are built from the same view, so that both always agree.

mod annotations;
mod chain;
mod conditions;
mod cycles;
mod declared;
mod discriminator;
pub mod input;
mod joined;
mod json_types;
mod known;
mod labels;
mod objects;
pub mod output;
mod shape;
mod shapes;
mod subtypes;
mod unions;
mod values;

pub use cycles::ReadWriteSplit;
pub use declared::declared;
pub use discriminator::{Called, names as called, property};
pub use joined::Store;
pub use json_types::Types;
pub use shape::{Additional, Shape};
pub use shapes::Shapes;
pub use values::{
    broken_limit, default_fits, has_format, is_told_pattern, is_usable_pattern, lengths_of,
    matches_nothing, pattern_fault,
};
