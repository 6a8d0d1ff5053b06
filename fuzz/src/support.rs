//! What the laws use of the generator's test support.

#[path = "../../generator/tests/support/tokens.rs"]
mod tokens;

pub use tokens::flat;
