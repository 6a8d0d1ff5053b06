//! Whose turn it is: who makes a call, and its place among the calls that are worked on. A call that waits,
//! for the service to recover or for its share of requests, gives its place to others meanwhile. ADR 0048.
//!
//! | file | subject |
//! |---|---|
//! | `places.rs` | places, and the share of a caller |
//! | `queue.rs` | who waits, callers in turn |

mod places;
mod queue;

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

pub(crate) use places::{Full, Places, Taken};
pub(crate) use queue::Queue;
#[cfg(feature = "http")]
pub(crate) use queue::{SHARE, may_have_more};

tokio::task_local! {
    static TURN: Turn;
}

/// The turn of a call.
#[derive(Debug, Clone)]
pub(crate) struct Turn {
    caller: Arc<str>,
    place: Arc<Place>,
}

#[derive(Debug)]
struct Place {
    caller: Arc<str>,
    places: Arc<Places>,
    taken: Mutex<Option<Taken>>,
    /// Of a step: the place of the call that it belongs to.
    call: Option<Working>,
    /// Of a call: what its steps do.
    steps: Mutex<Steps>,
}

/// How many steps of a call work, and how many wait.
#[derive(Debug, Default)]
struct Steps {
    working: usize,
    waiting: usize,
}

impl Turn {
    /// The turn of a caller who has a place.
    pub(crate) fn new(caller: Arc<str>, places: &Arc<Places>, place: Taken) -> Self {
        let place = Place::new(Arc::clone(&caller), places, place, None);
        Self {
            caller,
            place: Arc::new(place),
        }
    }

    /// The turn of one of several requests of the call that is worked on, when there is a place among
    /// requests.
    pub(crate) async fn of_step(places: &Arc<Places>) -> Option<Self> {
        let call = TURN.try_with(|turn| Arc::clone(&turn.place)).ok();
        let call = call.map(Working::begin);
        if let Some(call) = &call {
            call.0.regain_if_free().await;
        }
        let caller = caller();
        let place = places.wait(&caller).await?;
        let place = Place::new(Arc::clone(&caller), places, place, call);
        Some(Self {
            caller,
            place: Arc::new(place),
        })
    }

    /// Works on a call in this turn.
    pub(crate) async fn take<F: Future>(self, work: F) -> F::Output {
        TURN.scope(self, work).await
    }
}

impl Place {
    fn new(caller: Arc<str>, places: &Arc<Places>, place: Taken, call: Option<Working>) -> Self {
        Self {
            caller,
            places: Arc::clone(places),
            taken: Mutex::new(Some(place)),
            call,
            steps: Mutex::default(),
        }
    }

    fn put(&self, place: Option<Taken>) -> Option<Taken> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *taken, place)
    }

    fn steps(&self) -> MutexGuard<'_, Steps> {
        self.steps.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn regain(&self) {
        let taken = self.places.wait(&self.caller).await;
        drop(self.put(taken));
    }

    /// Takes the place of a call again that one of its steps needs.
    async fn regain_if_free(&self) {
        let is_free = {
            let taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
            taken.is_none()
        };
        if is_free {
            self.regain().await;
        }
    }

    /// Gives the place up if all that goes on in the call waits.
    fn leave_if_idle(&self) {
        let steps = self.steps();
        let is_idle = steps.working == 0 && steps.waiting > 0;
        drop(steps);
        if is_idle {
            self.put(None);
        }
    }
}

/// A step of a call, from when it is wanted to its end.
#[derive(Debug)]
struct Working(Arc<Place>);

impl Working {
    fn begin(call: Arc<Place>) -> Self {
        call.steps().working += 1;
        Self(call)
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        let mut steps = self.0.steps();
        steps.working = steps.working.saturating_sub(1);
        drop(steps);
        self.0.leave_if_idle();
    }
}

/// A step that waits; it works again when this is dropped, however that comes about.
struct Waiting(Arc<Place>);

impl Waiting {
    fn begin(call: &Arc<Place>) -> Self {
        let mut steps = call.steps();
        steps.working = steps.working.saturating_sub(1);
        steps.waiting += 1;
        drop(steps);
        call.leave_if_idle();
        Self(Arc::clone(call))
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let mut steps = self.0.steps();
        steps.working += 1;
        steps.waiting = steps.waiting.saturating_sub(1);
    }
}

/// Who makes the call that is worked on; empty where there is one caller only.
pub(crate) fn caller() -> Arc<str> {
    TURN.try_with(|turn| Arc::clone(&turn.caller))
        .unwrap_or_else(|_| Arc::from(""))
}

/// Waits for something with its place for a moment, since it is mostly there at once, and then without.
pub(crate) async fn idle_after<F: Future>(moment: Duration, waiting: F) -> F::Output {
    let mut waiting = std::pin::pin!(waiting);
    match tokio::time::timeout(moment, waiting.as_mut()).await {
        Ok(output) => output,
        Err(_) => idle(waiting).await,
    }
}

/// Waits for something without a place, and takes one again before it goes on. A call whose requests all wait
/// has none either.
pub(crate) async fn idle<F: Future>(waiting: F) -> F::Output {
    let Ok(place) = TURN.try_with(|turn| Arc::clone(&turn.place)) else {
        return waiting.await;
    };
    let had_one = place.put(None).is_some();
    let step = place.call.as_ref().map(|call| Waiting::begin(&call.0));
    let output = waiting.await;
    drop(step);
    // That of the call first, in which order all take them.
    if let Some(call) = &place.call {
        call.0.regain_if_free().await;
    }
    if had_one {
        place.regain().await;
    }
    output
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_call_that_waits_has_no_place_and_takes_one_before_it_goes_on() {
        let places = Places::new(1);
        let place = places.at_once(&Arc::from("ann"));
        let turn = place.map(|place| Turn::new(Arc::from("ann"), &places, place));
        let Ok(turn) = turn else {
            panic!("there is a place");
        };
        let working = tokio::spawn(turn.take(async {
            idle(tokio::time::sleep(Duration::from_secs(1))).await;
            tokio::time::sleep(Duration::from_secs(1)).await;
            caller()
        }));
        tokio::time::sleep(Duration::from_millis(500)).await;
        assert_eq!(places.free(), 1, "it waits");
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(places.free(), 0, "it works");
        assert_eq!(working.await.ok().as_deref(), Some("ann"));
        assert_eq!(places.free(), 1, "it is done");
        // Without a turn nothing is given up.
        assert_eq!(idle(async { 7 }).await, 7);
        assert_eq!(&*caller(), "");
    }

    /// A step that works, waits, and works for a second.
    fn step(
        steps: &Arc<Places>,
        work: u64,
        wait: u64,
    ) -> impl Future<Output = ()> + Send + 'static {
        let steps = Arc::clone(steps);
        async move {
            let work = async {
                tokio::time::sleep(Duration::from_secs(work)).await;
                idle(tokio::time::sleep(Duration::from_secs(wait))).await;
                tokio::time::sleep(Duration::from_secs(1)).await;
            };
            if let Some(turn) = Turn::of_step(&steps).await {
                turn.take(work).await;
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_whose_steps_all_wait_has_no_place_and_one_of_them_that_works_keeps_it() {
        let second = Duration::from_secs(1);
        let (calls, steps) = (Places::new(1), Places::new(2));
        let (first, other) = (step(&steps, 0, 4), step(&steps, 1, 2));
        let Ok(place) = calls.at_once(&Arc::from("")) else {
            panic!("there is a place");
        };
        // The first waits from 0 to 4 s and works to 5 s, the second works to 1 s, waits to 3 s, works to 4 s.
        let call = async {
            tokio::join!(first, other);
        };
        let call = tokio::spawn(Turn::new(Arc::from(""), &calls, place).take(call));
        let mut free = Vec::new();
        for _ in 0..6 {
            tokio::time::sleep(second / 2).await;
            free.push((calls.free(), steps.free()));
            tokio::time::sleep(second / 2).await;
        }
        assert_eq!(free, [(0, 1), (1, 2), (1, 2), (0, 1), (0, 1), (1, 2)]);
        assert!(call.await.is_ok());
    }
}
