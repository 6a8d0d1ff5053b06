//! What happens often and is said seldom.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// Time between two times that it is said.
const PAUSE: Duration = Duration::from_secs(1);

/// Something that anybody can make happen.
#[derive(Debug, Default)]
pub(super) struct Seldom(Mutex<Said>);

#[derive(Debug, Default)]
struct Said {
    last: Option<Instant>,
    more: u64,
}

impl Seldom {
    /// It happened once more: whether it is said now, and how often it happened since it was said that is not.
    pub(super) fn due(&self) -> Option<u64> {
        let mut said = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let is_soon = |last: Instant| now.saturating_duration_since(last) < PAUSE;
        if said.last.is_some_and(is_soon) {
            said.more += 1;
            return None;
        }
        said.last = Some(now);
        Some(std::mem::take(&mut said.more))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn it_is_said_once_a_second_with_how_often_it_was_not() {
        let seldom = Seldom::default();
        assert_eq!(seldom.due(), Some(0));
        for _ in 0..1_000 {
            assert_eq!(seldom.due(), None);
        }
        tokio::time::sleep(PAUSE).await;
        assert_eq!(seldom.due(), Some(1_000));
        tokio::time::sleep(PAUSE).await;
        assert_eq!(seldom.due(), Some(0));
    }
}
