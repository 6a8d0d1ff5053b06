//! Parts that several test binaries use.
#![allow(
    dead_code,
    missing_docs,
    clippy::wildcard_imports,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

pub mod api;
pub mod http;
pub mod issuer;
pub mod process;
pub mod script;
pub mod upstream;
