//! An errand that is run once for all who want it done: whoever comes while it is run waits for its outcome, with as
//! much patience as they have, and it goes on when they are gone.

use std::future::Future;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

/// Errands of a kind, one after the other.
#[derive(Debug)]
pub(super) struct Flight<T>(Mutex<Option<watch::Receiver<Option<T>>>>);

/// The outcome of an errand, some time.
#[derive(Debug)]
pub(super) struct Joined<T>(watch::Receiver<Option<T>>);

impl<T> Default for Flight<T> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

impl<T: Clone + Send + Sync + 'static> Flight<T> {
    /// Joins the errand that is run now; if there is none, `begin` says whether one is run, and which.
    pub(super) fn join<F>(&self, begin: impl FnOnce() -> Option<F>) -> Option<Joined<T>>
    where
        F: Future<Output = T> + Send + 'static,
    {
        let mut current = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let runs = |receiver: &watch::Receiver<Option<T>>| {
            // One whose task has ended without an outcome is none.
            receiver.borrow().is_none() && receiver.has_changed().is_ok()
        };
        if let Some(running) = current.as_ref().filter(|receiver| runs(receiver)) {
            return Some(Joined(running.clone()));
        }
        let errand = begin()?;
        let (sender, receiver) = watch::channel(None);
        tokio::spawn(async move {
            let outcome = errand.await;
            sender.send_replace(Some(outcome));
        });
        *current = Some(receiver.clone());
        Some(Joined(receiver))
    }
}

impl<T: Clone> Joined<T> {
    /// The outcome; none if the errand was broken off.
    pub(super) async fn outcome(mut self) -> Option<T> {
        let outcome = self.0.wait_for(Option::is_some).await;
        outcome.ok().and_then(|outcome| outcome.clone())
    }

    /// The outcome, if there is one within a time.
    pub(super) async fn within(self, patience: Duration) -> Option<T> {
        let outcome = tokio::time::timeout(patience, self.outcome()).await;
        outcome.ok().flatten()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn those_who_meet_share_an_errand_and_the_next_one_is_another() {
        let (flight, begun) = (Flight::default(), Arc::new(AtomicUsize::new(0)));
        let second = Duration::from_secs(1);
        let join = || {
            flight.join(|| {
                let number = begun.fetch_add(1, Ordering::Relaxed);
                Some(async move {
                    tokio::time::sleep(second).await;
                    number
                })
            })
        };
        let joined = [join(), join(), join()].map(Option::into_iter).into_iter();
        for (place, joined) in joined.flatten().enumerate() {
            // The first leaves before the end, which the others see.
            let patience = if place == 0 { second / 2 } else { second };
            let outcome = joined.within(patience).await;
            assert_eq!(outcome, (place > 0).then_some(0));
        }
        assert_eq!(join().map(|_| begun.load(Ordering::Relaxed)), Some(2));
        let other: Option<Joined<usize>> =
            Flight::default().join(|| None::<std::future::Ready<usize>>);
        assert!(other.is_none(), "nothing was begun");
    }

    #[tokio::test]
    async fn one_that_was_broken_off_is_run_again() {
        let flight: Flight<u8> = Flight::default();
        let broken = flight.join(|| Some(std::future::pending::<u8>()));
        // The task of an errand ends with its runtime only, or with a panic.
        drop(broken);
        let (sender, receiver) = watch::channel(None);
        drop(sender);
        *flight.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(receiver);
        let again = flight.join(|| Some(std::future::ready(7)));
        let outcome = match again {
            Some(again) => again.outcome().await,
            None => None,
        };
        assert_eq!(outcome, Some(7));
    }
}
