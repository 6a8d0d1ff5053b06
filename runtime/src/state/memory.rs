//! The state of a server that runs alone.

use std::collections::HashMap;
use std::future::ready;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::bucket::Bucket;
use super::{Held, Key, Later, Rate, State, Unavailable};

/// Keys that are held at a time: 100,000 writes within ten minutes.
const MOST: usize = 100_000;

/// Budgets that are held at a time, one for each credential.
const MOST_BUDGETS: usize = 10_000;
/// How many there are once room was made: whoever makes credentials up has it made rarely.
const FEWER_BUDGETS: usize = MOST_BUDGETS / 10 * 9;
/// How long one is held that nobody asks.
const IDLE: Duration = Duration::from_secs(600);

/// Notes and budgets in this process.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    notes: Mutex<Notes>,
    budgets: Mutex<HashMap<Key, Bucket>>,
}

#[derive(Debug, Default)]
struct Notes {
    held: HashMap<Key, Note>,
    /// How many there may be before those whose time is over are looked for again.
    sweep_at: usize,
}

#[derive(Debug)]
struct Note {
    text: String,
    since: Instant,
    until: Instant,
}

impl Memory {
    fn notes(&self) -> MutexGuard<'_, Notes> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether anything is known of a budget.
    fn knows(&self, budget: &Key) -> bool {
        let budgets = self.budgets.lock().unwrap_or_else(PoisonError::into_inner);
        budgets.contains_key(budget)
    }

    /// Does something with a budget.
    fn with<T>(
        &self,
        budget: &Key,
        work: impl FnOnce(&mut Bucket, tokio::time::Instant) -> T,
    ) -> T {
        let now = tokio::time::Instant::now();
        let mut budgets = self.budgets.lock().unwrap_or_else(PoisonError::into_inner);
        if budgets.len() >= MOST_BUDGETS && !budgets.contains_key(budget) {
            make_room(&mut budgets, now);
        }
        let bucket = budgets.entry(*budget).or_insert_with(|| Bucket::new(now));
        work(bucket, now)
    }
}

/// Forgets budgets: those that nobody asks, and else those that were not asked for the longest time, of which
/// nothing was said if there are such. Whoever makes credentials up must not stop what others do.
fn make_room(budgets: &mut HashMap<Key, Bucket>, now: tokio::time::Instant) {
    budgets.retain(|_, bucket| !bucket.is_idle(now, IDLE));
    let too_many = budgets.len().saturating_sub(FEWER_BUDGETS);
    if too_many == 0 {
        return;
    }
    let mut oldest: Vec<_> = budgets
        .iter()
        .map(|(key, bucket)| (bucket.worth(now), *key))
        .collect();
    oldest.sort_unstable();
    for (_, key) in oldest.iter().take(too_many) {
        budgets.remove(key);
    }
}

impl Notes {
    /// Makes room for one more; whether there is any.
    fn has_room(&mut self, now: Instant) -> bool {
        if self.held.len() >= self.sweep_at {
            self.held.retain(|_, note| note.until > now);
            // As many again, so that the work is spread over those that come.
            self.sweep_at = (self.held.len() * 2).clamp(1_000, MOST);
        }
        self.held.len() < MOST
    }

    fn insert(
        &mut self,
        key: &Key,
        text: &str,
        now: Instant,
        time: Duration,
    ) -> Result<(), Unavailable> {
        if !self.has_room(now) {
            return Err(Unavailable(
                "this server keeps track of too many writes already".to_owned(),
            ));
        }
        let note = Note {
            text: text.to_owned(),
            since: now,
            until: now + time,
        };
        self.held.insert(*key, note);
        Ok(())
    }
}

impl State for Memory {
    fn claim<'a>(&'a self, key: &'a Key, note: &'a str, time: Duration) -> Later<'a, Option<Held>> {
        let now = Instant::now();
        let mut notes = self.notes();
        if let Some(held) = notes.held.get(key).filter(|held| held.until > now) {
            let held = Held {
                note: held.text.clone(),
                age: now.saturating_duration_since(held.since),
            };
            return Box::pin(ready(Ok(Some(held))));
        }
        let outcome = notes.insert(key, note, now, time);
        Box::pin(ready(outcome.map(|()| None)))
    }

    fn note<'a>(
        &'a self,
        key: &'a Key,
        was: Option<&'a str>,
        note: &'a str,
        time: Duration,
    ) -> Later<'a, ()> {
        let now = Instant::now();
        let mut notes = self.notes();
        let held = notes.held.get_mut(key).filter(|held| held.until > now);
        if let Some(held) = held
            && was.is_none_or(|was| held.text == was)
        {
            note.clone_into(&mut held.text);
            held.until = now + time;
        }
        Box::pin(ready(Ok(())))
    }

    fn put<'a>(
        &'a self,
        key: &'a Key,
        was: Option<&'a str>,
        note: &'a str,
        time: Duration,
    ) -> Later<'a, ()> {
        let now = Instant::now();
        let mut notes = self.notes();
        let held = notes.held.get_mut(key).filter(|held| held.until > now);
        let outcome = match held {
            None => notes.insert(key, note, now, time),
            Some(held) if was.is_none_or(|was| held.text == was) => {
                note.clone_into(&mut held.text);
                held.until = now + time;
                Ok(())
            }
            Some(held) => {
                held.until = held.until.max(now + time);
                Ok(())
            }
        };
        Box::pin(ready(outcome))
    }

    fn release<'a>(&'a self, key: &'a Key, was: &'a str) -> Later<'a, ()> {
        let mut notes = self.notes();
        if notes.held.get(key).is_some_and(|held| held.text == was) {
            notes.held.remove(key);
        }
        Box::pin(ready(Ok(())))
    }

    fn take<'a>(&'a self, budget: &'a Key, rate: Option<Rate>) -> Later<'a, Duration> {
        // Of most credentials nothing is known, and whoever makes some up takes no room with them.
        if rate.is_none() && !self.knows(budget) {
            return Box::pin(ready(Ok(Duration::ZERO)));
        }
        let taken = self.with(budget, |bucket, now| bucket.take(now, rate));
        Box::pin(ready(Ok(taken)))
    }

    fn limit<'a>(&'a self, budget: &'a Key, requests: u64, time: Duration) -> Later<'a, ()> {
        self.with(budget, |bucket, now| bucket.limit(now, requests, time));
        Box::pin(ready(Ok(())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3_600);

    #[tokio::test]
    async fn a_key_is_held_until_its_time_is_over_or_it_is_given_back() {
        let state = Memory::default();
        let (a, b) = ([1; 32], [2; 32]);
        assert_eq!(state.claim(&a, "first", HOUR).await, Ok(None));
        let held = state.claim(&a, "second", HOUR).await;
        assert_eq!(
            held.map(|held| held.map(|held| held.note)),
            Ok(Some("first".to_owned()))
        );
        assert_eq!(state.claim(&b, "", Duration::ZERO).await, Ok(None));
        assert_eq!(
            state.claim(&b, "", HOUR).await,
            Ok(None),
            "its time was over"
        );
        assert_eq!(state.note(&a, None, "done", HOUR).await, Ok(()));
        let held = state.claim(&a, "", HOUR).await;
        assert_eq!(
            held.map(|held| held.map(|held| held.note)),
            Ok(Some("done".to_owned()))
        );
        assert_eq!(state.release(&a, "done").await, Ok(()));
        assert_eq!(state.claim(&a, "", HOUR).await, Ok(None));
    }

    #[tokio::test]
    async fn what_holds_of_every_state_holds_of_this_one() {
        super::super::laws::hold(&Memory::default()).await;
    }

    #[tokio::test]
    async fn what_is_over_makes_room_and_too_many_are_refused() {
        let state = Memory::default();
        let key = |number: usize| {
            let mut key = [0; 32];
            for (place, byte) in key.iter_mut().zip(number.to_le_bytes()) {
                *place = byte;
            }
            key
        };
        for number in 0..2 * MOST {
            assert_eq!(
                state.claim(&key(number), "", Duration::ZERO).await,
                Ok(None)
            );
        }
        assert!(state.notes().held.len() <= 2_000);
        for number in 0..MOST {
            assert_eq!(state.claim(&key(number), "", HOUR).await, Ok(None));
        }
        assert!(state.claim(&key(MOST), "", HOUR).await.is_err());
    }

    #[tokio::test]
    async fn budgets_are_kept_apart_and_credentials_that_are_made_up_push_out_none_that_matters() {
        let state = Memory::default();
        let (one, other) = ([1; 32], [2; 32]);
        let rate = Some(Rate {
            per_second: 1e-3,
            burst: 1.0,
        });
        assert_eq!(state.limit(&one, 0, HOUR).await, Ok(()));
        assert!(
            state
                .take(&one, None)
                .await
                .is_ok_and(|wait| !wait.is_zero())
        );
        assert_eq!(state.take(&other, None).await, Ok(Duration::ZERO));
        // Whoever makes credentials up stops nobody: neither those whose budget is known …
        for number in 0..3 * MOST_BUDGETS {
            let mut key = [3; 32];
            for (place, byte) in key.iter_mut().zip(number.to_le_bytes()) {
                *place = byte;
            }
            assert_eq!(state.take(&key, None).await, Ok(Duration::ZERO));
            assert_eq!(state.take(&key, rate).await, Ok(Duration::ZERO), "{number}");
            if number % 1_000 == 0 {
                // … and who are here, …
                let wait = state.take(&other, rate).await;
                assert_eq!(wait == Ok(Duration::ZERO), number == 0, "{wait:?}");
            }
        }
        let kept = state.budgets.lock().map_or(0, |budgets| budgets.len());
        assert!(kept <= MOST_BUDGETS, "{kept}");
        // … nor is a pause forgotten that the service asked for.
        let paused = state.take(&one, rate).await;
        assert!(paused.is_ok_and(|wait| !wait.is_zero()));
    }
}
