//! What connections see that asked for the same before: every request over HTTP says its view anew.

use std::sync::{Arc, Mutex, PoisonError};

use super::{Catalog, Selection};
use crate::kept::Kept;

/// Views that are kept.
const KEPT: usize = 64;
/// Longest path that is kept, in bytes.
const LONGEST: usize = 200;

/// Selections by the paths of their views.
#[derive(Debug)]
pub(super) struct Seen(Mutex<Kept<String, Arc<Selection>>>);

impl Default for Seen {
    fn default() -> Self {
        Self(Mutex::new(Kept::of_at_most(KEPT)))
    }
}

impl Catalog {
    /// What a path shows, if that is known.
    pub(crate) fn seen_at(&self, path: &str) -> Option<Arc<Selection>> {
        let mut seen = self.seen.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.get(path).map(|selection| Arc::clone(selection))
    }

    /// Keeps what a path shows, whose request says nothing else of its view.
    pub(crate) fn keep_seen(&self, path: &str, selection: &Arc<Selection>) {
        if path.len() <= LONGEST {
            let mut seen = self.seen.0.lock().unwrap_or_else(PoisonError::into_inner);
            seen.insert(path.to_owned(), Arc::clone(selection));
        }
    }
}
