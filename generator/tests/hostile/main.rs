//! Documents written by an attacker (rules G1 to G9): hostile text in every place where a document
//! has text, one at a time and all at once; arbitrary damage; and the source of the generator itself.

#![recursion_limit = "256"]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test may fail loudly"
)]

mod cases;
mod compiled;
mod damage;
mod laws;
mod payloads;
mod places;
mod source;
#[path = "../support/mod.rs"]
mod support;
