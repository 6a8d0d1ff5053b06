//! How much of all answers together is held at a time.

use tokio::sync::{Semaphore, SemaphorePermit};

/// Bytes of answers that are being read; many small ones, or a few of the largest.
const BYTES: usize = 64 << 20;
/// Bytes that are counted as one.
const UNIT: usize = 1 << 10;

/// Memory for answers, shared by all calls.
#[derive(Debug)]
pub(super) struct Budget(Semaphore);

/// What one answer has taken of it; given back when dropped.
pub(super) struct Share<'a> {
    budget: &'a Budget,
    permits: Option<SemaphorePermit<'a>>,
}

impl Budget {
    /// A budget in which one answer of `largest` bytes fits.
    pub(super) fn of_at_least(largest: usize) -> Self {
        let units = BYTES.max(largest).div_ceil(UNIT);
        Self(Semaphore::new(units.min(Semaphore::MAX_PERMITS)))
    }

    pub(super) fn share(&self) -> Share<'_> {
        Share {
            budget: self,
            permits: None,
        }
    }
}

impl Share<'_> {
    /// Takes what is missing for `bytes` in all, or nothing if so much is not left. It never waits:
    /// answers that each hold a part and wait for the rest would wait for ever.
    pub(super) fn grow(&mut self, bytes: usize) -> bool {
        let held = self
            .permits
            .as_ref()
            .map_or(0, SemaphorePermit::num_permits);
        let missing = bytes.div_ceil(UNIT).saturating_sub(held);
        if missing == 0 {
            return true;
        }
        let more = u32::try_from(missing)
            .ok()
            .and_then(|missing| self.budget.0.try_acquire_many(missing).ok());
        match (more, &mut self.permits) {
            (None, _) => return false,
            (Some(more), Some(permits)) => permits.merge(more),
            (more, none) => *none = more,
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::{BYTES, Budget, UNIT};

    #[test]
    fn what_is_taken_is_bounded_and_given_back() {
        let budget = Budget::of_at_least(1);
        let mut first = budget.share();
        assert!(first.grow(1) && first.grow(UNIT) && first.grow(BYTES - UNIT));
        let mut second = budget.share();
        assert!(second.grow(UNIT));
        assert!(!second.grow(UNIT + 1) && !first.grow(BYTES));
        drop(first);
        assert!(second.grow(BYTES));
        drop(second);
        assert!(budget.share().grow(BYTES));
        assert!(!budget.share().grow(BYTES + 1));
        // An operator's limit above it still means something.
        assert!(Budget::of_at_least(BYTES * 2).share().grow(BYTES * 2));
        assert!(!Budget::of_at_least(usize::MAX).share().grow(usize::MAX));
    }
}
