//! Keys that were ended, as replicas tell each other: each may have a copy of the file of keys of its own, which
//! comes later.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::guard::digest;
use crate::json::Object;
use crate::kept::Kept;
use crate::state::{Key, State, Unavailable};

/// For how long it is told: whoever has no new file by then has other worries.
const TOLD: Duration = Duration::from_secs(400 * 24 * 3_600);
/// For how long an answer counts: a key that was ended is of no use a second later.
const COUNTS: Duration = Duration::from_millis(500);
/// Answers that are kept.
const KEPT: usize = 1_000;

/// What other replicas say of keys.
#[derive(Debug)]
pub(crate) struct Revoked {
    state: Arc<dyn State>,
    known: Mutex<Kept<Arc<str>, (Instant, bool)>>,
}

impl Revoked {
    pub(crate) fn new(state: Arc<dyn State>) -> Self {
        Self {
            state,
            known: Mutex::new(Kept::of_at_most(KEPT)),
        }
    }

    /// Whether somebody has ended the key of a principal (`key:ID`). Where nobody can be asked, the file alone
    /// counts, and writes are refused by what has to be asked for them.
    pub(crate) async fn has(&self, principal: &Arc<str>) -> bool {
        let lock = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        // What has ended stays so, also where nobody can be asked.
        if let Some((at, answer)) = lock().get(principal)
            && (*answer || at.elapsed() < COUNTS)
        {
            return *answer;
        }
        let asked = Instant::now();
        // To take a key for no time is to look at it.
        let key = key(principal);
        let look = self.state.claim(&key, "", Duration::ZERO);
        let Ok(held) = look.await else { return false };
        let answer = held.is_some();
        lock().insert(Arc::clone(principal), (asked, answer));
        answer
    }
}

/// Tells all replicas that a key has ended.
///
/// # Errors
/// When they cannot be told.
pub(crate) async fn tell(state: &dyn State, id: &str) -> Result<(), Unavailable> {
    let key = key(&format!("key:{id}"));
    let told = state.claim(&key, "revoked", TOLD);
    told.await.map(drop)
}

fn key(principal: &str) -> Key {
    digest("revoked", principal, "", &Object::new())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::Memory;
    use crate::state::gone::Gone;

    #[tokio::test(start_paused = true)]
    async fn what_one_replica_ends_has_ended_within_a_second_for_all() {
        let state: Arc<dyn State> = Arc::new(Memory::default());
        let replicas = [0, 1].map(|_| Revoked::new(Arc::clone(&state)));
        let (ann, bob): (Arc<str>, Arc<str>) = (Arc::from("key:ann"), Arc::from("key:bob"));
        for replica in &replicas {
            assert!(!replica.has(&ann).await);
        }
        for _twice in 0..2 {
            assert_eq!(tell(&*state, "ann").await, Ok(()));
        }
        tokio::time::sleep(Duration::from_millis(999)).await;
        for replica in &replicas {
            assert!(replica.has(&ann).await);
            assert!(!replica.has(&bob).await);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_has_ended_stays_so_while_nobody_can_be_asked() {
        let state: Arc<dyn State> = Arc::new(Memory::default());
        let mut replica = Revoked::new(Arc::clone(&state));
        let (ann, bob): (Arc<str>, Arc<str>) = (Arc::from("key:ann"), Arc::from("key:bob"));
        assert_eq!(tell(&*state, "ann").await, Ok(()));
        assert!(replica.has(&ann).await && !replica.has(&bob).await);
        replica.state = Arc::new(Gone);
        tokio::time::sleep(Duration::from_secs(60)).await;
        assert!(replica.has(&ann).await && !replica.has(&bob).await);
    }
}
