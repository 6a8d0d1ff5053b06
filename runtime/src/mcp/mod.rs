//! The Model Context Protocol, both eras, with `rmcp` behind our own types: nothing outside this module
//! names it.

mod ask;
mod convert;
mod handler;
mod message;
mod observed;
#[cfg(feature = "connect")]
mod remote;
mod source;
pub(crate) mod stdio;

#[cfg(feature = "http")]
pub(crate) mod http;

pub(crate) use handler::Handler;
use observed::Observed;
#[cfg(feature = "connect")]
pub(crate) use remote::{Era, Remote, Trouble};

use crate::audit::{Tools, sha256};
use crate::catalog::{Catalog, Selection};
use crate::json::Value;

/// The tools that a view lists, as MCP writes them.
pub(crate) fn listed(catalog: &Catalog, selection: &Selection) -> Vec<Value> {
    convert::tools(catalog, selection)
        .iter()
        .filter_map(|tool| serde_json::to_value(tool).ok())
        .collect()
}

/// Digests of all tools that are not switched off, as lists show them.
pub(crate) fn digests(catalog: &Catalog) -> Tools {
    let tools = catalog.open().map(|entry| {
        let listed = serde_json::to_vec(&convert::tool(entry)).unwrap_or_default();
        (entry.name().to_owned(), sha256(&listed))
    });
    tools.collect()
}

/// Bytes of requests that are being worked on at a time; parsed they are many times as much.
const MAX_IN_FLIGHT_BYTES: usize = 16 << 20;
