//! Yours: written once, never overwritten. Hooks and further tools live here.
//! For example, with the type of an operation and one of its fields (yours are in `crate::operations`):
//!
//! ```text
//! server
//!     .before::<crate::operations::CreateInvoice>(|mut call, _info| {
//!         call.currency = Some("EUR".to_owned());
//!         Ok(call)
//!     })
//! ```

use ::mcpwright_runtime::Extensions;

/// Adds what is yours to the server.
#[must_use]
pub fn extend(server: Extensions) -> Extensions {
    server
}
