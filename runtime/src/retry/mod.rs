//! Whether a request is sent again, and when: "the invoice was created twice" is decided here (ADR 0039).
//!
//! | file | subject |
//! |---|---|
//! | `class.rs` | what an answer, or its absence, says about the request |
//! | `decide.rs` | whether it goes out once more |
//! | `delay.rs` | how long before that, and where chance comes from |
//! | `wait.rs` | `Retry-After` |
//! | `quota.rs` | how many resends there are while nothing succeeds |
//! | `breaker.rs` | when nothing is sent any more |
//! | `accounts.rs` | the last two, for each credential |
//! | `settings.rs` | what the operator says about it |

mod accounts;
mod breaker;
mod class;
mod decide;
mod delay;
mod quota;
mod settings;
mod wait;

pub(crate) use accounts::{Account, Accounts};
pub(crate) use breaker::{Passage, Sample};
pub(crate) use class::{Asked, Class, class};
pub(crate) use decide::{Decision, Situation, decide, nature};
pub(crate) use delay::{Random, delay};
pub use settings::Retries;
pub(crate) use settings::keyed;
pub(crate) use wait::retry_after;
