//! Quota, breaker and line for each service and credential: what one tenant meets is no matter of another.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::time::Instant;

use super::breaker::Breaker;
use super::quota::Quota;
use crate::rate::Line;
use crate::state::Key;

/// Accounts that are kept. Callers may bring credentials of their own, as many as they like.
const MOST: usize = 10_000;
/// How many there are once room was made: whoever makes credentials up has it made rarely.
const FEWER: usize = MOST / 10 * 9;

/// What one service is like for one credential.
#[derive(Debug, Default)]
pub(crate) struct Account {
    quota: Mutex<Quota>,
    breaker: Mutex<Breaker>,
    /// Who waits for a request of its budget.
    pub(crate) line: Line,
}

impl Account {
    pub(crate) fn quota(&self) -> MutexGuard<'_, Quota> {
        self.quota.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn breaker(&self) -> MutexGuard<'_, Breaker> {
        self.breaker.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether nothing is lost with it.
    fn is_as_new(&self) -> bool {
        self.quota().is_full() && self.breaker().is_sound()
    }
}

/// All of them, with when they were used last.
#[derive(Debug, Default)]
pub(crate) struct Accounts(Mutex<HashMap<Key, (Arc<Account>, Instant)>>);

impl Accounts {
    /// The account of a key; a new one has a full quota.
    pub(crate) fn of(&self, key: &Key) -> Arc<Account> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        if let Some((known, used)) = all.get_mut(key) {
            *used = now;
            return Arc::clone(known);
        }
        if all.len() >= MOST {
            make_room(&mut all);
        }
        let account = Arc::<Account>::default();
        if all.len() < MOST {
            all.insert(*key, (Arc::clone(&account), now));
        }
        account
    }
}

/// Forgets accounts that nobody uses now: those that are as new ones, and else those that were not used for the
/// longest time. What others have met must not be forgotten because somebody makes credentials up.
fn make_room(all: &mut HashMap<Key, (Arc<Account>, Instant)>) {
    let is_idle = |account: &Arc<Account>| Arc::strong_count(account) == 1;
    let mut oldest: Vec<(bool, Instant, Key)> = all
        .iter()
        .filter(|(_, (account, _))| is_idle(account))
        .map(|(key, (account, used))| (!account.is_as_new(), *used, *key))
        .collect();
    oldest.sort_unstable();
    let too_many = all.len().saturating_sub(FEWER);
    for (_, _, key) in oldest.iter().take(too_many) {
        all.remove(key);
    }
}

#[cfg(test)]
mod tests {
    use super::super::breaker::Sample;
    use super::super::class::Class;
    use super::*;

    #[test]
    fn credentials_have_accounts_of_their_own_and_few_of_them_are_kept() {
        let accounts = Accounts::default();
        let (one, other) = (accounts.of(&[1; 32]), accounts.of(&[2; 32]));
        while one.quota().pay(Class::Ambiguous) {}
        assert!(!accounts.of(&[1; 32]).quota().pay(Class::Ambiguous));
        assert!(other.quota().pay(Class::Ambiguous));
        // Whoever makes credentials up, which the service refuses, makes none of that forgotten.
        drop(one);
        other.breaker().note(Instant::now(), Sample::Answered);
        for number in 0..3 * MOST {
            let mut key = [3; 32];
            for (place, byte) in key.iter_mut().zip(number.to_le_bytes()) {
                *place = byte;
            }
            let made_up = accounts.of(&key);
            made_up.breaker().note(Instant::now(), Sample::Answered);
        }
        assert!(!accounts.of(&[1; 32]).quota().pay(Class::Ambiguous));
        assert!(Arc::ptr_eq(&other, &accounts.of(&[2; 32])), "it is in use");
        let kept = accounts.0.lock().unwrap_or_else(PoisonError::into_inner);
        assert!(kept.len() <= MOST);
    }
}
