//! What becomes of one thing in a document: a rule, a small document, the tool.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod bodies;
mod credentials;
mod hints;
mod mentions;
mod places;
mod prompts;
mod properties;
mod support;
mod texts;
