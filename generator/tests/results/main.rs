//! What is decided of answers from their schemas: where the records stand, which properties a list
//! shows, how pages are asked for. Rows C3, C10, C11 and D1 to D4 of the behaviours.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod columns;
mod envelopes;
mod lists;
mod paging;
mod sizes;
mod standards;
mod support;
