//! Who may call over HTTP, and what: one mode for a server, chosen at its start. ADR 0042.
//!
//! | file | subject |
//! |---|---|
//! | `key.rs` | our own keys: made, recognised, hashed |
//! | `scope.rs` | what a key may do |
//! | `store.rs` | the file of keys |
//! | `passthrough.rs` | callers' own credentials of the service |
//! | `gate.rs` | a request's credential, and who it is |

mod gate;
mod key;
mod passthrough;
mod scope;
mod store;

pub(crate) use gate::{Gate, Identity, Refusal};
pub(crate) use key::Peppers;
pub(crate) use scope::{Scope, allows};
pub(crate) use store::{Key, Wanted, create, list, revoke, rotate};
