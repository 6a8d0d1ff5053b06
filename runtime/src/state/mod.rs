//! What replicas of a server have to know of each other, behind one small trait: which confirmations are
//! spent, which writes are on their way or were carried out a moment ago, and how many requests the service
//! takes.

mod bucket;
mod configured;
#[cfg(test)]
pub(crate) mod gone;
#[cfg(test)]
mod laws;
mod memory;
#[cfg(feature = "redis")]
mod redis;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

pub(crate) use configured::configured;
pub(crate) use memory::Memory;

/// A key: a digest, so that no argument and no name is kept.
pub(crate) type Key = [u8; 32];

/// What an operation of the state gives, some time.
pub(crate) type Later<'a, T> = Pin<Box<dyn Future<Output = Result<T, Unavailable>> + Send + 'a>>;

/// The state cannot be asked or written; one sentence. Writes are refused then, since nobody can say
/// whether they were made before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unavailable(pub(crate) String);

impl fmt::Display for Unavailable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A key that somebody holds already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Held {
    /// What was noted with it.
    pub(crate) note: String,
    /// How long ago it was taken.
    pub(crate) age: Duration,
}

/// A rate of requests.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Rate {
    /// Requests in a second, above 0.
    pub(crate) per_second: f64,
    /// Requests at once, at least 1.
    pub(crate) burst: f64,
}

/// Notes under keys, which pass with time, and budgets of requests. Every operation is atomic over all replicas.
pub(crate) trait State: Send + Sync + fmt::Debug {
    /// Takes a key for a time, with a note, unless somebody holds it: then that one stays.
    fn claim<'a>(&'a self, key: &'a Key, note: &'a str, time: Duration) -> Later<'a, Option<Held>>;

    /// Replaces the note under a key, if there is one and it is `was`, where that is said, and holds it for a time
    /// from now on; its age goes on.
    fn note<'a>(
        &'a self,
        key: &'a Key,
        was: Option<&'a str>,
        note: &'a str,
        time: Duration,
    ) -> Later<'a, ()>;

    /// Notes something under a key for a time from now on, whether or not there is a note by now: in place of `was`,
    /// or of whatever there is where that is not said. What somebody else has noted stays, and no less long.
    fn put<'a>(
        &'a self,
        key: &'a Key,
        was: Option<&'a str>,
        note: &'a str,
        time: Duration,
    ) -> Later<'a, ()>;

    /// Gives a key back, if this is noted under it: it is not somebody else's by now.
    fn release<'a>(&'a self, key: &'a Key, was: &'a str) -> Later<'a, ()>;

    /// Takes a request out of a budget, which is full at first, refills at a rate if there is one, and holds no
    /// more than was said to be left of it. Nothing is waited for: zero if it was taken, and else how long it
    /// takes until it is worth asking again.
    fn take<'a>(&'a self, budget: &'a Key, rate: Option<Rate>) -> Later<'a, Duration>;

    /// Says that no more than this is left of a budget for a time from now on; none is a pause. A pause is
    /// never shortened, and of several limits that end at the same time the strictest holds.
    fn limit<'a>(&'a self, budget: &'a Key, requests: u64, time: Duration) -> Later<'a, ()>;
}
