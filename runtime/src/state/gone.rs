//! A store that cannot be asked, for tests.

use std::time::Duration;

use super::{Held, Key, Later, Rate, State, Unavailable};

/// It answers nothing.
#[derive(Debug)]
pub(crate) struct Gone;

/// That it cannot be asked.
pub(crate) fn gone<T: Send + 'static>() -> Later<'static, T> {
    Box::pin(async { Err(Unavailable("it is gone".to_owned())) })
}

impl State for Gone {
    fn claim<'a>(&'a self, _: &'a Key, _: &'a str, _: Duration) -> Later<'a, Option<Held>> {
        gone()
    }
    fn note<'a>(
        &'a self,
        _: &'a Key,
        _: Option<&'a str>,
        _: &'a str,
        _: Duration,
    ) -> Later<'a, ()> {
        gone()
    }
    fn put<'a>(&'a self, _: &'a Key, _: Option<&'a str>, _: &'a str, _: Duration) -> Later<'a, ()> {
        gone()
    }
    fn release<'a>(&'a self, _: &'a Key, _: &'a str) -> Later<'a, ()> {
        gone()
    }
    fn take<'a>(&'a self, _: &'a Key, _: Option<Rate>) -> Later<'a, Duration> {
        gone()
    }
    fn limit<'a>(&'a self, _: &'a Key, _: u64, _: Duration) -> Later<'a, ()> {
        gone()
    }
}
