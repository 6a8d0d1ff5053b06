//! Who waits for something: callers take turns, and the calls of each keep their order, so that one with a
//! hundred calls does not keep out one with a single one.

use std::collections::VecDeque;
use std::sync::Arc;

use tokio::sync::oneshot;

/// How many times what is free a caller may have. Alone they have three quarters of all, two have three
/// sevenths each. Whoever comes as one more finds something free, or gets the next that is given back, since
/// those who have more than their share then get nothing (the dynamic thresholds of Choudhury and Hahne,
/// IEEE/ACM Transactions on Networking 6 (2), 1998).
pub(crate) const SHARE: usize = 3;

/// Whether a caller who has so much may have more while so much is free. Where nobody is told from another,
/// all are one, who may have everything.
pub(crate) fn may_have_more(caller: &str, held: usize, free: usize) -> bool {
    free > 0 && (caller.is_empty() || held < SHARE.saturating_mul(free))
}

/// Calls that wait, by caller; the caller whose turn is next first.
#[derive(Debug)]
pub(crate) struct Queue<T> {
    callers: VecDeque<(Arc<str>, VecDeque<oneshot::Sender<T>>)>,
    /// How many wait at most.
    most: usize,
}

impl<T> Queue<T> {
    pub(crate) const fn of_at_most(most: usize) -> Self {
        Self {
            callers: VecDeque::new(),
            most,
        }
    }

    /// The end of the line; nothing if too many wait already, of all callers or of this one.
    pub(crate) fn push(&mut self, caller: &Arc<str>) -> Option<oneshot::Receiver<T>> {
        let mut waits = self.waiting(caller);
        if !may_have_more(caller, waits.0, self.most.saturating_sub(waits.1)) {
            // Those who gave up wait no more.
            for (_, calls) in &mut self.callers {
                calls.retain(|call| !call.is_closed());
            }
            self.callers.retain(|(_, calls)| !calls.is_empty());
            waits = self.waiting(caller);
        }
        if !may_have_more(caller, waits.0, self.most.saturating_sub(waits.1)) {
            return None;
        }
        let (sender, receiver) = oneshot::channel();
        let mut callers = self.callers.iter_mut();
        match callers.find(|(known, _)| known == caller) {
            Some((_, calls)) => calls.push_back(sender),
            None => {
                let entry = (Arc::clone(caller), VecDeque::from([sender]));
                self.callers.push_back(entry);
            }
        }
        Some(receiver)
    }

    /// How many go on before the next call of a caller would.
    pub(crate) fn before(&self, caller: &str) -> usize {
        let (own, _) = self.waiting(caller);
        let others = self.callers.iter().filter(|(known, _)| **known != *caller);
        let turns = others.map(|(_, calls)| calls.len().min(own + 1));
        own + turns.sum::<usize>()
    }

    /// Calls of a caller, and of all.
    fn waiting(&self, caller: &str) -> (usize, usize) {
        let mut waits = (0, 0);
        for (known, calls) in &self.callers {
            waits.1 += calls.len();
            if **known == *caller {
                waits.0 = calls.len();
            }
        }
        waits
    }

    /// The call whose turn it is, of the callers who may go on.
    pub(crate) fn next(
        &mut self,
        may: impl Fn(&str) -> bool,
    ) -> Option<(Arc<str>, oneshot::Sender<T>)> {
        let mut passed = 0;
        while passed < self.callers.len() {
            let (caller, mut calls) = self.callers.pop_front()?;
            if !may(&caller) {
                // Their turn stays theirs, before all who come after them.
                self.callers.push_back((caller, calls));
                passed += 1;
                continue;
            }
            let next = calls.pop_front();
            if !calls.is_empty() {
                self.callers.push_back((Arc::clone(&caller), calls));
            }
            if let Some(next) = next.filter(|next| !next.is_closed()) {
                return Some((caller, next));
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_comes_as_one_more_finds_something_free() {
        for total in [64, 1_024] {
            let mut held = Vec::new();
            let free = |held: &[usize]| total - held.iter().sum::<usize>();
            for _ in 0..3 {
                let before = free(&held);
                let fits = |own: &usize| !may_have_more("ann", *own, before - own);
                held.extend((1..=before).find(fits));
            }
            assert_eq!(held.first(), Some(&(total * 3 / 4)));
            let left = free(&held);
            assert!(held.len() == 3 && left > 0, "{total}: {held:?}");
            // All that is left goes to those who come, and so does what the first ones give back.
            assert!(may_have_more("new", 0, 1), "{total}");
            let has_too_much = |own: &usize| !may_have_more("ann", own - 1, 1);
            assert!(held.iter().take(2).all(has_too_much), "{total}: {held:?}");
        }
        // Where there is one caller, they have all.
        assert!(may_have_more("", 63, 1) && !may_have_more("", 64, 0));
    }

    #[test]
    fn how_many_go_on_before_is_known() {
        let mut queue: Queue<usize> = Queue::of_at_most(100);
        let (ann, bob): (Arc<str>, Arc<str>) = (Arc::from("ann"), Arc::from("bob"));
        let mut waiting: Vec<_> = (0..5).filter_map(|_| queue.push(&ann)).collect();
        assert_eq!((queue.before("ann"), queue.before("bob")), (5, 1));
        waiting.extend(queue.push(&bob));
        assert_eq!((queue.before("ann"), queue.before("bob")), (6, 3));
        let mut order = String::new();
        while let Some((caller, _)) = queue.next(|_| true) {
            order.push_str(&caller);
        }
        assert_eq!(order, "annbobannannannann");
    }

    #[test]
    fn those_who_gave_up_make_room() {
        let mut queue: Queue<()> = Queue::of_at_most(8);
        let ann: Arc<str> = Arc::from("ann");
        let mut waiting: Vec<_> = std::iter::from_fn(|| queue.push(&ann)).collect();
        assert_eq!(waiting.len(), 6, "three quarters");
        assert!(queue.push(&Arc::from("bob")).is_some());
        waiting.truncate(1);
        assert!(queue.push(&ann).is_some());
        assert_eq!(queue.waiting("ann"), (2, 2));
    }
}
