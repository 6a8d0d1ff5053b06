//! Patterns of texts (JSON Schema 2020-12 validation §6.3.3).

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use regex::{Regex, RegexBuilder};

/// The compiled pattern; `None` for one that this engine cannot run (look-around, back-references),
/// which is then left to the service.
pub(crate) fn pattern_for(pattern: &str) -> Option<Regex> {
    static CACHE: OnceLock<Mutex<HashMap<String, Option<Regex>>>> = OnceLock::new();
    let mut cache = CACHE
        .get_or_init(Mutex::default)
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    if let Some(regex) = cache.get(pattern) {
        return regex.clone();
    }
    let regex = RegexBuilder::new(pattern)
        .size_limit(1 << 20)
        .dfa_size_limit(1 << 20)
        .build()
        .ok();
    cache.insert(pattern.to_owned(), regex.clone());
    regex
}
