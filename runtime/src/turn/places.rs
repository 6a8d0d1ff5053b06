//! Places for what is worked on at a time, of which no caller has more than a share while others may want some.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::queue::{Queue, may_have_more};

/// A number of places.
#[derive(Debug)]
pub(crate) struct Places(Mutex<Inner>);

#[derive(Debug)]
struct Inner {
    free: usize,
    /// How many each caller has, if any.
    held: HashMap<Arc<str>, usize>,
    waiting: Queue<Taken>,
}

/// A place that somebody has; whoever drops it gives it back.
#[derive(Debug)]
pub(crate) struct Taken {
    places: Arc<Places>,
    caller: Arc<str>,
    /// Whether it is still to be given back.
    is_held: bool,
}

/// Why there is no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Full {
    /// All are taken.
    All,
    /// The caller has a share of them already.
    Share(usize),
}

impl Places {
    /// So many places, all of them free.
    pub(crate) fn new(number: usize) -> Arc<Self> {
        Arc::new(Self(Mutex::new(Inner {
            free: number,
            held: HashMap::new(),
            waiting: Queue::of_at_most(usize::MAX),
        })))
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for one more of a caller's calls, if there is one now.
    ///
    /// # Errors
    /// Why there is none.
    pub(crate) fn at_once(self: &Arc<Self>, caller: &Arc<str>) -> Result<Taken, Full> {
        let mut inner = self.lock();
        let held = inner.held(caller);
        if inner.free == 0 {
            Err(Full::All)
        } else if may_have_more(caller, held, inner.free) {
            Ok(inner.take(self, caller))
        } else {
            Err(Full::Share(held))
        }
    }

    /// A place, when there is one and it is this caller's turn.
    pub(crate) async fn wait(self: &Arc<Self>, caller: &Arc<str>) -> Option<Taken> {
        let receiver = {
            let mut inner = self.lock();
            if may_have_more(caller, inner.held(caller), inner.free) {
                return Some(inner.take(self, caller));
            }
            inner.waiting.push(caller)?
        };
        receiver.await.ok()
    }

    #[cfg(test)]
    pub(super) fn free(&self) -> usize {
        self.lock().free
    }
}

impl Inner {
    fn held(&self, caller: &Arc<str>) -> usize {
        self.held.get(caller).copied().unwrap_or_default()
    }

    fn take(&mut self, places: &Arc<Places>, caller: &Arc<str>) -> Taken {
        self.free = self.free.saturating_sub(1);
        *self.held.entry(Arc::clone(caller)).or_default() += 1;
        Taken {
            places: Arc::clone(places),
            caller: Arc::clone(caller),
            is_held: true,
        }
    }

    fn give_back(&mut self, caller: &Arc<str>) {
        self.free += 1;
        if let Some(held) = self.held.get_mut(caller) {
            *held = held.saturating_sub(1);
            if *held == 0 {
                self.held.remove(caller);
            }
        }
    }

    /// Lets those go on who wait, as far as there are places.
    fn pass_on(&mut self, places: &Arc<Places>) {
        loop {
            let (free, held) = (self.free, &self.held);
            let may = |caller: &str| {
                let held = held.get(caller).copied().unwrap_or_default();
                may_have_more(caller, held, free)
            };
            let Some((caller, next)) = self.waiting.next(may) else {
                return;
            };
            let taken = self.take(places, &caller);
            if let Err(mut taken) = next.send(taken) {
                // It waits no more.
                taken.is_held = false;
                self.give_back(&caller);
            }
        }
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        if self.is_held {
            let mut inner = self.places.lock();
            inner.give_back(&self.caller);
            inner.pass_on(&self.places);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::poll;

    fn all(places: &Arc<Places>, caller: &Arc<str>) -> (Vec<Taken>, Option<Full>) {
        let mut taken = Vec::new();
        loop {
            match places.at_once(caller) {
                Ok(one) => taken.push(one),
                Err(full) => return (taken, Some(full)),
            }
        }
    }

    #[test]
    fn no_caller_has_all_places_and_one_who_is_alone_on_their_server_has() {
        let places = Places::new(64);
        let (ann, bob, nobody) = (Arc::from("ann"), Arc::from("bob"), Arc::from(""));
        let (anns, full) = all(&places, &ann);
        assert_eq!((anns.len(), full), (48, Some(Full::Share(48))));
        let (bobs, _) = all(&places, &bob);
        assert_eq!(bobs.len(), 12);
        // What Ann gives back is not for her while Bob has less.
        drop(anns);
        let (anns, _) = all(&places, &ann);
        assert_eq!(anns.len(), 39);
        drop((anns, bobs));
        let (of_all, full) = all(&places, &nobody);
        assert_eq!((of_all.len(), full), (64, Some(Full::All)));
        drop(of_all);
        assert!(places.lock().held.is_empty());
    }

    #[tokio::test]
    async fn those_who_wait_take_turns_and_whoever_gives_up_is_passed_over() {
        let places = Places::new(4);
        let (ann, bob): (Arc<str>, Arc<str>) = (Arc::from("ann"), Arc::from("bob"));
        let (mut anns, _) = all(&places, &ann);
        assert_eq!(anns.len(), 3);
        let mut second = Box::pin(places.wait(&ann));
        let mut third = Box::pin(places.wait(&ann));
        assert!(poll!(&mut second).is_pending() && poll!(&mut third).is_pending());
        // Bob needs not wait for what Ann waits for.
        let bobs = places.wait(&bob).await;
        assert!(bobs.is_some());
        drop(second);
        anns.pop();
        assert!(third.await.is_some(), "two of hers, and one is free");
        drop((anns, bobs));
        assert_eq!(places.free(), 4);
    }

    #[tokio::test]
    async fn a_place_that_came_to_one_who_gave_up_is_passed_on() {
        let places = Places::new(1);
        let nobody: Arc<str> = Arc::from("");
        let first = places.at_once(&nobody);
        let mut second = Box::pin(places.wait(&nobody));
        let mut third = Box::pin(places.wait(&nobody));
        assert!(poll!(&mut second).is_pending() && poll!(&mut third).is_pending());
        drop(first);
        drop(second);
        assert!(third.await.is_some());
        assert_eq!(places.free(), 1);
    }
}
