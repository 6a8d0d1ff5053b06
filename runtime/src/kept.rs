//! What is kept to be asked for again: so many entries and no more. Of too many, those go that nobody has asked for for
//! the longest time, a few at once; whoever makes entries up makes none forgotten that others use.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;

/// Entries by their keys.
#[derive(Debug)]
pub(crate) struct Kept<K, V> {
    all: HashMap<K, (u64, V)>,
    most: usize,
    /// How often anything was asked for or put here.
    count: u64,
}

impl<K: Eq + Hash, V> Kept<K, V> {
    /// Room for so many.
    pub(crate) fn of_at_most(most: usize) -> Self {
        Self {
            all: HashMap::new(),
            most,
            count: 0,
        }
    }

    /// What stands under a key.
    pub(crate) fn get<Q>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.count += 1;
        let (used, value) = self.all.get_mut(key)?;
        *used = self.count;
        Some(value)
    }

    /// Puts something under a key.
    pub(crate) fn insert(&mut self, key: K, value: V) {
        self.count += 1;
        if self.all.len() >= self.most && !self.all.contains_key(&key) {
            self.make_room();
        }
        self.all.insert(key, (self.count, value));
    }

    /// Forgets what stands under a key.
    pub(crate) fn remove(&mut self, key: &K) {
        self.all.remove(key);
    }

    /// Forgets an eighth, at least one: the work is spread over those that come.
    fn make_room(&mut self) {
        let mut used: Vec<u64> = self.all.values().map(|(used, _)| *used).collect();
        let last = (self.most / 8).min(used.len().saturating_sub(1));
        let (_, last, _) = used.select_nth_unstable(last);
        let last = *last;
        self.all.retain(|_, (used, _)| *used > last);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_stays_whatever_else_comes() {
        for most in [1, 2, 7, 64] {
            let mut kept = Kept::of_at_most(most);
            kept.insert(0, "used");
            for key in 1..1_000 {
                kept.insert(key, "made up");
                assert!(kept.all.len() <= most, "{most}: {}", kept.all.len());
                let used = kept.get(&0).map(|found| *found);
                assert_eq!(used, (most > 1).then_some("used"), "{most} {key}");
            }
            kept.insert(999, "once more");
            assert_eq!(kept.get(&999).map(|found| *found), Some("once more"));
            kept.remove(&999);
            assert_eq!(kept.get(&999), None);
        }
    }
}
