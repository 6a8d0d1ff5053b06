//! Keys of the state that are ours, or may be: an answer of the store can be lost, and whoever waits for one can
//! leave. What is to become of a key then is not forgotten.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::FutureExt as _;
use tokio::time::{Instant, sleep};

use crate::state::{Held, Key, State, Unavailable};

/// Pauses before each attempt to say what became of a key.
const ATTEMPTS: [Duration; 5] = [
    Duration::ZERO,
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
    Duration::from_secs(8),
];

/// What becomes of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Change {
    /// It stays as it is.
    Stay,
    /// It is given back, if this is still noted.
    Release(String),
    /// It is noted, if the former is still noted; without one, whatever is.
    Note(Option<String>, String, Duration),
    /// It is noted, also if nothing is by now; what somebody else has noted is held no less long.
    Put(Option<String>, String, Duration),
}

impl Change {
    pub(super) async fn apply(&self, state: &dyn State, key: &Key) -> Result<(), Unavailable> {
        match self {
            Self::Stay => Ok(()),
            Self::Release(was) => state.release(key, was).await,
            Self::Note(was, note, time) => state.note(key, was.as_deref(), note, *time).await,
            Self::Put(was, note, time) => state.put(key, was.as_deref(), note, *time).await,
        }
    }
}

/// What is being said of keys with nobody waiting for it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Errands(Arc<AtomicUsize>);

/// One of them.
struct Errand(Errands);

impl Drop for Errand {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Errands {
    pub(super) fn run(&self, state: &Arc<dyn State>, key: Key, change: Change) {
        self.0.fetch_add(1, Ordering::AcqRel);
        let (state, errand) = (Arc::clone(state), Errand(self.clone()));
        let mut work = Box::pin(async move {
            for pause in ATTEMPTS {
                if !pause.is_zero() {
                    sleep(pause).await;
                }
                match change.apply(&*state, &key).await {
                    Ok(()) => break,
                    Err(error) => tracing::warn!(%error, "what became of a write was not noted"),
                }
            }
            drop(errand);
        });
        // What is kept in this process is changed when this returns.
        if (&mut work).now_or_never().is_none()
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            runtime.spawn(work);
        }
    }

    /// Waits until all was said, at most for a time.
    pub(crate) async fn done(&self, patience: Duration) {
        let until = Instant::now() + patience;
        while self.0.load(Ordering::Acquire) > 0 && Instant::now() < until {
            sleep(Duration::from_millis(5)).await;
        }
    }
}

/// A key that is ours, or may be. One that is dropped is given back.
#[derive(Debug)]
pub(super) struct Claim {
    pub(super) state: Arc<dyn State>,
    pub(super) key: Key,
    errands: Errands,
    /// What becomes of it when this is dropped.
    pub(super) then: Change,
}

impl Claim {
    /// Takes a key with a note that no other has; or what is noted there already.
    pub(super) async fn take(
        state: &Arc<dyn State>,
        errands: &Errands,
        key: Key,
        note: &str,
        time: Duration,
    ) -> Result<(Self, Option<Held>), Unavailable> {
        // Before the question, so that it is given back when the answer does not come.
        let mut claim = Self {
            state: Arc::clone(state),
            key,
            errands: errands.clone(),
            then: Change::Release(note.to_owned()),
        };
        let held = state.claim(&key, note, time).await?;
        if held.is_some() {
            claim.then = Change::Stay;
        }
        Ok((claim, held))
    }

    /// Does what becomes of it now. If that cannot be done, or nobody waits for it, it is tried again.
    pub(super) async fn settle(mut self, change: Change) {
        self.then = change;
        if self.then.apply(&*self.state, &self.key).await.is_ok() {
            self.then = Change::Stay;
        }
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        let change = std::mem::replace(&mut self.then, Change::Stay);
        if change != Change::Stay {
            self.errands.run(&self.state, self.key, change);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use super::*;
    use crate::state::{Later, Memory, Rate};

    const HOUR: Duration = Duration::from_secs(3_600);

    /// A store that does what it is told, and whose answers come late, or not.
    #[derive(Debug, Default)]
    struct Far {
        memory: Memory,
        loses: AtomicBool,
    }

    impl Far {
        async fn answer<T>(&self, answer: Result<T, Unavailable>) -> Result<T, Unavailable> {
            sleep(Duration::from_millis(10)).await;
            if self.loses.load(Ordering::Relaxed) {
                return Err(Unavailable("no answer".to_owned()));
            }
            answer
        }
    }

    impl State for Far {
        fn claim<'a>(
            &'a self,
            key: &'a Key,
            note: &'a str,
            time: Duration,
        ) -> Later<'a, Option<Held>> {
            Box::pin(async move { self.answer(self.memory.claim(key, note, time).await).await })
        }
        fn note<'a>(
            &'a self,
            key: &'a Key,
            was: Option<&'a str>,
            note: &'a str,
            time: Duration,
        ) -> Later<'a, ()> {
            Box::pin(async move {
                if self.loses.load(Ordering::Relaxed) {
                    return Err(Unavailable("it is gone".to_owned()));
                }
                self.answer(self.memory.note(key, was, note, time).await)
                    .await
            })
        }
        fn put<'a>(
            &'a self,
            key: &'a Key,
            was: Option<&'a str>,
            note: &'a str,
            time: Duration,
        ) -> Later<'a, ()> {
            Box::pin(async move {
                if self.loses.load(Ordering::Relaxed) {
                    return Err(Unavailable("it is gone".to_owned()));
                }
                self.answer(self.memory.put(key, was, note, time).await)
                    .await
            })
        }
        fn release<'a>(&'a self, key: &'a Key, was: &'a str) -> Later<'a, ()> {
            Box::pin(async move {
                if self.loses.load(Ordering::Relaxed) {
                    return Err(Unavailable("it is gone".to_owned()));
                }
                self.answer(self.memory.release(key, was).await).await
            })
        }
        fn take<'a>(&'a self, budget: &'a Key, rate: Option<Rate>) -> Later<'a, Duration> {
            self.memory.take(budget, rate)
        }
        fn limit<'a>(&'a self, budget: &'a Key, requests: u64, time: Duration) -> Later<'a, ()> {
            self.memory.limit(budget, requests, time)
        }
    }

    fn far() -> (Arc<Far>, Arc<dyn State>, Errands) {
        let far = Arc::new(Far::default());
        (Arc::clone(&far), far, Errands::default())
    }

    async fn noted(far: &Far, key: &Key) -> Option<String> {
        // With no time it takes nothing.
        let held = far.memory.claim(key, "", Duration::ZERO).await;
        held.ok().flatten().map(|held| held.note)
    }

    #[tokio::test(start_paused = true)]
    async fn a_key_whose_answer_was_lost_is_given_back_when_the_store_can_be_asked_again() {
        let (far, state, errands) = far();
        let key = [1; 32];
        far.loses.store(true, Ordering::Relaxed);
        assert!(
            Claim::take(&state, &errands, key, "mine", HOUR)
                .await
                .is_err()
        );
        assert_eq!(noted(&far, &key).await.as_deref(), Some("mine"));
        sleep(Duration::from_millis(500)).await;
        far.loses.store(false, Ordering::Relaxed);
        errands.done(HOUR).await;
        assert_eq!(noted(&far, &key).await, None);
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_leaves_while_a_key_is_claimed_or_settled_leaves_it_as_it_should_be() {
        let (far, state, errands) = far();
        let key = [2; 32];
        let left = Duration::from_millis(5);
        let claim = Claim::take(&state, &errands, key, "mine", HOUR);
        assert!(tokio::time::timeout(left, claim).await.is_err());
        errands.done(HOUR).await;
        assert_eq!(noted(&far, &key).await, None);
        let claim = Claim::take(&state, &errands, key, "mine", HOUR).await;
        let Ok((claim, None)) = claim else {
            unreachable!("{claim:?}");
        };
        let done = Change::Note(Some("mine".to_owned()), "done".to_owned(), HOUR);
        far.loses.store(true, Ordering::Relaxed);
        assert!(tokio::time::timeout(left, claim.settle(done)).await.is_ok());
        far.loses.store(false, Ordering::Relaxed);
        errands.done(HOUR).await;
        assert_eq!(noted(&far, &key).await.as_deref(), Some("done"));
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_given_back_is_ones_own() {
        let (far, state, errands) = far();
        let key = [3; 32];
        let first = Claim::take(&state, &errands, key, "first", HOUR).await;
        far.loses.store(true, Ordering::Relaxed);
        assert!(
            Claim::take(&state, &errands, key, "second", HOUR)
                .await
                .is_err()
        );
        far.loses.store(false, Ordering::Relaxed);
        errands.done(HOUR).await;
        assert_eq!(noted(&far, &key).await.as_deref(), Some("first"));
        drop(first);
        errands.done(HOUR).await;
        assert_eq!(noted(&far, &key).await, None);
    }
}
