//! How many requests are taken of each caller: a budget for each, which replicas share (ADR 0048).

use std::sync::Arc;
use std::time::Duration;

use crate::access::Identity;
use crate::guard::digest;
use crate::json::Object;
use crate::state::{Memory, Rate, State};

/// The budgets of callers.
#[derive(Debug)]
pub(super) struct Inbound {
    /// What holds for callers of whom nothing else is said.
    rate: Option<Rate>,
    state: Arc<dyn State>,
    /// What holds while the other one cannot be asked.
    own: Memory,
}

impl Inbound {
    pub(super) fn new(rate: Option<Rate>, state: Arc<dyn State>) -> Self {
        Self {
            rate,
            state,
            own: Memory::default(),
        }
    }

    /// Takes a request of a caller's budget.
    ///
    /// # Errors
    /// How long it takes until there is one.
    pub(super) async fn take(&self, caller: &Identity) -> Result<(), Duration> {
        let Some(rate) = caller.rate.or(self.rate) else {
            return Ok(());
        };
        // Whatever else somebody brings along, what is theirs is used up.
        for name in std::iter::once(&caller.principal).chain(&caller.also) {
            self.take_of(name, rate).await?;
        }
        Ok(())
    }

    async fn take_of(&self, name: &str, rate: Rate) -> Result<(), Duration> {
        let budget = digest("requests", name, "", &Object::new());
        let taken = match self.state.take(&budget, Some(rate)).await {
            Ok(wait) => Ok(wait),
            // Each replica by itself: less exact, and better than none.
            Err(_) => self.own.take(&budget, Some(rate)).await,
        };
        match taken {
            Ok(Duration::ZERO) | Err(_) => Ok(()),
            Ok(wait) => Err(wait),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::gone::Gone;

    fn caller(principal: &str, rate: Option<Rate>) -> Identity {
        Identity {
            principal: Arc::from(principal),
            also: Vec::new(),
            scopes: None,
            rate,
            credentials: None,
            granted: None,
        }
    }

    const TWO: Rate = Rate {
        per_second: 1.0,
        burst: 2.0,
    };

    #[tokio::test(start_paused = true)]
    async fn each_caller_has_a_budget_of_their_own_which_replicas_share() {
        let state: Arc<dyn State> = Arc::new(Memory::default());
        let replica = || Inbound::new(Some(TWO), Arc::clone(&state));
        let (one, other) = (replica(), replica());
        let (ann, bob) = (caller("key:ann", None), caller("key:bob", None));
        assert_eq!(one.take(&ann).await, Ok(()));
        assert_eq!(other.take(&ann).await, Ok(()));
        let wait = one.take(&ann).await.err().unwrap_or_default();
        assert_eq!(wait.as_millis(), 1_000);
        assert_eq!(other.take(&bob).await, Ok(()));
        tokio::time::sleep(wait).await;
        assert_eq!(other.take(&ann).await, Ok(()));
        // What is said of a key alone comes first.
        let rate = Some(Rate { burst: 1.0, ..TWO });
        let cy = caller("key:cy", rate);
        assert_eq!(one.take(&cy).await, Ok(()));
        assert!(one.take(&cy).await.is_err());
        let free = Inbound::new(None, state);
        for _ in 0..100 {
            assert_eq!(free.take(&bob).await, Ok(()));
        }
    }

    #[tokio::test]
    async fn while_replicas_do_not_know_of_each_other_each_limits_callers_by_itself() {
        let alone = Inbound::new(Some(TWO), Arc::new(Gone));
        let ann = caller("key:ann", None);
        assert_eq!(alone.take(&ann).await, Ok(()));
        assert_eq!(alone.take(&ann).await, Ok(()));
        assert!(alone.take(&ann).await.is_err());
    }
}
