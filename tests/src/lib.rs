//! What tests across crates share: the CRM in this process, and a generated server as a process of
//! its own that is spoken to as a client would.
#![forbid(unsafe_code)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod binary;
mod crm;
mod server;

pub use binary::{demo_crm, example, mcpwright};
pub use crm::{ADMIN, Crm, READONLY, STAFF};
pub use server::{Exit, Server, run, text};
