//! What happens around every operation: routing, keys, limits, replay, bodies, answers.

pub mod access;
pub mod body;
pub mod call;
pub mod dispatch;
pub mod idempotency;
pub mod query;
pub mod rate;
pub mod reply;
pub mod route;
