//! Quota, breaker and line for each service and credential: what one tenant meets is no matter of another.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::breaker::Breaker;
use super::quota::Quota;
use crate::rate::Line;
use crate::state::Key;

/// Accounts that are kept. Callers may bring credentials of their own, as many as they like.
const MOST: usize = 10_000;

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
}

/// All of them.
#[derive(Debug, Default)]
pub(crate) struct Accounts(Mutex<HashMap<Key, Arc<Account>>>);

impl Accounts {
    /// The account of a key; a new one has a full quota.
    pub(crate) fn of(&self, key: &Key) -> Arc<Account> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = all.get(key) {
            return Arc::clone(known);
        }
        if all.len() >= MOST {
            // Those that nobody uses now; what is forgotten with them was worth seconds.
            all.retain(|_, account| Arc::strong_count(account) > 1);
        }
        let account = Arc::<Account>::default();
        if all.len() < MOST {
            all.insert(*key, Arc::clone(&account));
        }
        account
    }
}

#[cfg(test)]
mod tests {
    use super::super::class::Class;
    use super::*;

    #[test]
    fn credentials_have_accounts_of_their_own_and_few_of_them_are_kept() {
        let accounts = Accounts::default();
        let (one, other) = (accounts.of(&[1; 32]), accounts.of(&[2; 32]));
        while one.quota().pay(Class::Ambiguous) {}
        assert!(!accounts.of(&[1; 32]).quota().pay(Class::Ambiguous));
        assert!(other.quota().pay(Class::Ambiguous));
        for number in 0..3 * MOST {
            let mut key = [3; 32];
            for (place, byte) in key.iter_mut().zip(number.to_le_bytes()) {
                *place = byte;
            }
            accounts.of(&key);
        }
        let kept = accounts.0.lock().unwrap_or_else(PoisonError::into_inner);
        assert!(kept.len() <= MOST && kept.contains_key(&[1; 32]));
    }
}
