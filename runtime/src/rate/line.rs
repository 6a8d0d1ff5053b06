//! Who is next: callers take turns, so that one with a hundred calls does not keep out one with a single one.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::time::Instant;

use crate::turn::Queue;

/// Calls that wait in one line at most.
const MOST: usize = 1_024;

/// The line for one budget.
#[derive(Debug, Default)]
pub(crate) struct Line(Arc<Mutex<Inner>>);

#[derive(Debug)]
struct Inner {
    /// Whether somebody is at the front.
    is_taken: bool,
    waiting: Queue<Front>,
    /// When the one at the front goes on, as far as it knows.
    goes_on: Option<Instant>,
}

impl Default for Inner {
    fn default() -> Self {
        Self {
            is_taken: false,
            waiting: Queue::of_at_most(MOST),
            goes_on: None,
        }
    }
}

/// The place at the front of a line; whoever drops it lets the next one there.
#[derive(Debug)]
pub(super) struct Front {
    line: Arc<Mutex<Inner>>,
    /// Whether it is still to be passed on.
    is_held: bool,
}

fn lock(line: &Mutex<Inner>) -> MutexGuard<'_, Inner> {
    line.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Line {
    /// The front, if nobody is there.
    #[cfg(test)]
    pub(super) fn at_once(&self) -> Option<Front> {
        let mut inner = lock(&self.0);
        if inner.is_taken {
            return None;
        }
        inner.is_taken = true;
        Some(self.front())
    }

    /// The front, when it is this caller's turn; nothing if too many wait already.
    pub(super) async fn wait(&self, caller: &Arc<str>) -> Option<Front> {
        let receiver = {
            let mut inner = lock(&self.0);
            if !inner.is_taken {
                inner.is_taken = true;
                return Some(self.front());
            }
            inner.waiting.push(caller)?
        };
        receiver.await.ok()
    }

    /// Whether somebody waits.
    pub(super) fn is_taken(&self) -> bool {
        lock(&self.0).is_taken
    }

    /// How many go on before this caller's next call would, besides the one at the front.
    pub(super) fn before(&self, caller: &str) -> usize {
        lock(&self.0).waiting.before(caller)
    }

    /// Until when nobody goes on, as far as that is known.
    pub(super) fn goes_on(&self) -> Option<Instant> {
        lock(&self.0).goes_on
    }

    fn front(&self) -> Front {
        Front {
            line: Arc::clone(&self.0),
            is_held: true,
        }
    }
}

impl Front {
    /// Says when it goes on.
    pub(super) fn goes_on(&self, at: Instant) {
        lock(&self.line).goes_on = Some(at);
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        if !self.is_held {
            return;
        }
        let mut inner = lock(&self.line);
        while let Some((_, next)) = inner.waiting.next(|_| true) {
            let front = Self {
                line: Arc::clone(&self.line),
                is_held: true,
            };
            match next.send(front) {
                Ok(()) => return,
                // It waits no more.
                Err(mut front) => front.is_held = false,
            }
        }
        inner.is_taken = false;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    #[tokio::test]
    async fn callers_take_turns_and_the_calls_of_each_keep_their_order() {
        let line = Arc::new(Line::default());
        let order = Arc::new(Mutex::new(Vec::new()));
        let front = line.at_once();
        assert!(front.is_some() && line.at_once().is_none());
        let mut calls = Vec::new();
        for (caller, call) in [
            ("ann", 1),
            ("ann", 2),
            ("ann", 3),
            ("ann", 4),
            ("bob", 1),
            ("bob", 2),
            ("cy", 1),
        ] {
            let (line, order) = (Arc::clone(&line), Arc::clone(&order));
            calls.push(tokio::spawn(async move {
                let _front = line.wait(&Arc::from(caller)).await;
                if let Ok(mut order) = order.lock() {
                    order.push(format!("{caller}{call}"));
                }
            }));
            tokio::task::yield_now().await;
        }
        // One that gives up is passed over, whether its turn has come or not.
        calls.remove(1).abort();
        tokio::task::yield_now().await;
        drop(front);
        for call in calls {
            assert!(call.await.is_ok());
        }
        let order = order.lock().map(|order| order.join(" "));
        assert_eq!(order.ok().as_deref(), Some("ann1 bob1 cy1 bob2 ann3 ann4"));
        assert!(line.at_once().is_some(), "nobody is left");
    }

    #[tokio::test]
    async fn a_turn_that_came_to_one_who_gave_up_is_passed_on() {
        let line = Arc::new(Line::default());
        let front = line.at_once();
        let ann: Arc<str> = Arc::from("ann");
        let mut first = Box::pin(line.wait(&ann));
        assert!(futures_util::poll!(&mut first).is_pending());
        let mut second = Box::pin(line.wait(&ann));
        assert!(futures_util::poll!(&mut second).is_pending());
        drop(front);
        drop(first);
        assert!(second.await.is_some());
    }

    #[tokio::test]
    async fn a_line_has_an_end_and_nobody_takes_all_of_it() {
        let line = Line::default();
        let _front = line.at_once();
        let (ann, bob): (Arc<str>, Arc<str>) = (Arc::from("ann"), Arc::from("bob"));
        let mut waiting = Vec::new();
        let mut count = 0;
        loop {
            let mut call = Box::pin(line.wait(&ann));
            if futures_util::poll!(&mut call).is_ready() {
                break;
            }
            waiting.push(call);
            count += 1;
        }
        assert_eq!(count, MOST * 3 / 4);
        let mut other = Box::pin(line.wait(&bob));
        let is_waiting = futures_util::poll!(&mut other).is_pending();
        assert!(is_waiting, "there is room for others");
        // Who gave up does not count.
        drop(waiting);
        assert!(
            timeout(Duration::from_millis(1), line.wait(&ann))
                .await
                .is_err()
        );
    }
}
