//! How many requests the service gets: one budget for each service and credential, shared by all callers,
//! so that none of them uses up what all of them have (ADR 0040).
//!
//! | file | subject |
//! |---|---|
//! | `learn.rs` | what answers say about it |
//! | `line.rs` | who is next, callers in turn |
//! | `pass.rs` | waiting for a request of the budget, and noting what answers say |
//! | `settings.rs` | what the operator says |

mod learn;
mod line;
mod pass;
mod settings;

pub(crate) use line::Line;
pub(crate) use pass::{Asking, PAUSE, note, pass};
pub(crate) use settings::read;
#[cfg(feature = "http")]
pub(crate) use settings::{of_a_caller, of_callers};
