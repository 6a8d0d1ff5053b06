//! A small, real CRM with an HTTP API: customers, leads, invoices, projects, tickets, contracts.
//!
//! It exists so that `mcpwright` can be shown and tested against something that behaves like a
//! vendor's product: it keeps its data in SQLite, checks what it is sent, limits rates, knows
//! roles, and answers errors as `application/problem+json` (RFC 9457).
//!
//! The binary is `demo-crm`; tests start the same server in process with [`serve`].

mod clock;
mod csv;
mod database;
mod decimal;
mod fields;
mod http;
mod options;
mod pdf;
mod problem;
mod resource;
mod resources;
mod server;

pub use options::{Options, USAGE};
pub use server::{Running, serve};
