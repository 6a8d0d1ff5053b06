//! Whose turn it is: who makes a call, and its place among the calls that are worked on. A call that waits,
//! for the service to recover or for its share of requests, gives its place to others meanwhile.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

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
    places: Arc<Semaphore>,
    taken: Mutex<Option<OwnedSemaphorePermit>>,
}

impl Turn {
    /// The turn of a caller who has a place.
    pub(crate) fn new(
        caller: Arc<str>,
        places: &Arc<Semaphore>,
        place: OwnedSemaphorePermit,
    ) -> Self {
        Self {
            caller,
            place: Arc::new(Place {
                places: Arc::clone(places),
                taken: Mutex::new(Some(place)),
            }),
        }
    }

    /// Works on a call in this turn.
    pub(crate) async fn take<F: Future>(self, work: F) -> F::Output {
        TURN.scope(self, work).await
    }
}

impl Place {
    fn put(&self, place: Option<OwnedSemaphorePermit>) -> Option<OwnedSemaphorePermit> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *taken, place)
    }
}

/// Who makes the call that is worked on; empty where there is one caller only.
pub(crate) fn caller() -> Arc<str> {
    TURN.try_with(|turn| Arc::clone(&turn.caller))
        .unwrap_or_else(|_| Arc::from(""))
}

/// Waits for something without a place, and takes one again before it goes on.
pub(crate) async fn idle<F: Future>(waiting: F) -> F::Output {
    let Ok(place) = TURN.try_with(|turn| Arc::clone(&turn.place)) else {
        return waiting.await;
    };
    let given_up = place.put(None);
    let had_one = given_up.is_some();
    drop(given_up);
    let output = waiting.await;
    if had_one && let Ok(taken) = Arc::clone(&place.places).acquire_owned().await {
        place.put(Some(taken));
    }
    output
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[tokio::test(start_paused = true)]
    async fn a_call_that_waits_has_no_place_and_takes_one_before_it_goes_on() {
        let places = Arc::new(Semaphore::new(1));
        let place = Arc::clone(&places).try_acquire_owned();
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
        assert_eq!(places.available_permits(), 1, "it waits");
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(places.available_permits(), 0, "it works");
        assert_eq!(working.await.ok().as_deref(), Some("ann"));
        assert_eq!(places.available_permits(), 1, "it is done");
        // Without a turn nothing is given up.
        assert_eq!(idle(async { 7 }).await, 7);
        assert_eq!(&*caller(), "");
    }
}
