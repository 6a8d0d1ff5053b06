//! The Model Context Protocol, both eras, with `rmcp` behind our own types: nothing outside this module
//! names it.

mod convert;
mod handler;
mod message;
pub(crate) mod stdio;

#[cfg(feature = "http")]
pub(crate) mod http;

pub(crate) use handler::Handler;

/// Bytes of requests that are being worked on at a time; parsed they are many times as much.
const MAX_IN_FLIGHT_BYTES: usize = 16 << 20;
