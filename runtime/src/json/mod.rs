//! The JSON types that generated code names, so that it depends on this crate alone.

pub(crate) mod exact;
pub(crate) mod place;
pub(crate) mod places;
pub(crate) mod scan;

pub use serde_json::{Number, Value, json};

/// A JSON object; keys keep their order.
pub type Object = serde_json::Map<String, Value>;
