//! Where the nodes of a document that was put together come from.

use std::collections::BTreeMap;

use crate::diagnostics::Pointer;

/// For subtrees that were moved or taken in: where they stood before.
///
/// `T` says in which file, where there are several.
#[derive(Clone, Debug)]
pub struct Origins<T>(BTreeMap<Pointer, (T, Pointer)>);

impl<T> Default for Origins<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T: Clone> Origins<T> {
    /// Notes that the subtree at `now` stood at `before`.
    pub(crate) fn insert(&mut self, now: Pointer, file: T, before: Pointer) {
        self.0.insert(now, (file, before));
    }

    /// Where a node stood: found by the nearest of its ancestors that was moved.
    #[must_use]
    pub fn find(&self, pointer: &Pointer) -> Option<(T, Pointer)> {
        if self.0.is_empty() {
            return None;
        }
        let mut ancestor = pointer.clone();
        loop {
            if let Some((file, before)) = self.0.get(&ancestor) {
                let rest = pointer.as_str().get(ancestor.as_str().len()..)?;
                let before = Pointer::parse(&format!("{}{rest}", before.as_str()))?;
                return Some((file.clone(), before));
            }
            ancestor = ancestor.parent()?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_ancestor_that_was_moved_decides() {
        let pointer = |text: &str| Pointer::parse(text).unwrap();
        let mut origins = Origins::default();
        origins.insert(pointer("/a"), 1, pointer("/x"));
        origins.insert(pointer("/a/b/c"), 2, pointer(""));
        for (now, expected) in [
            ("/a", Some((1, "/x"))),
            ("/a/b", Some((1, "/x/b"))),
            ("/a/b/c/d~1e", Some((2, "/d~1e"))),
            ("/ab", None),
            ("", None),
        ] {
            let found = origins.find(&pointer(now));
            let found = found
                .as_ref()
                .map(|(file, before)| (*file, before.as_str()));
            assert_eq!(found, expected, "{now}");
        }
    }
}
