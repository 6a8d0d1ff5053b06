//! `mcpwright` reads an OpenAPI document and writes a typed Rust crate: an MCP server with exactly
//! one tool per operation.
//!
//! [`Config`] is the entry: [`Config::generate`] is pure (text in, files out), [`Config::compile`] is
//! for build scripts, [`output`] writes and compares folders. See `ARCHITECTURE.md` for the stages.
#![forbid(unsafe_code)]

#[cfg(feature = "cli")]
pub mod bundle;
#[cfg(feature = "cli")]
mod calendar;
#[cfg(feature = "cli")]
pub mod cli;
mod config;
pub mod diagnostics;
pub mod diff;
mod embedded;
pub mod emit;
mod http;
pub mod ir;
mod library;
mod limits;
pub mod lock;
mod lower;
#[cfg(feature = "cli")]
pub mod mock;
mod model;
mod names;
pub mod normalize;
pub mod output;
mod overlay;
mod path_item;
mod pipeline;
mod reference;
mod repeated;
mod review;
pub mod settings;
mod similar;
pub mod source;
mod text;

pub use config::{Config, Error};
pub use emit::{Files, RuntimeSource};
#[cfg(feature = "cli")]
pub use pipeline::Described;
pub use pipeline::{Failed, Generated, Report, Stages};
pub use review::{Host, Review};
