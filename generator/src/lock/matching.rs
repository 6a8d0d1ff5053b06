//! Which entry is about which operation: first the same method and path, whatever its parameters are
//! called; then the same method and operationId, for a path that has changed.

use std::collections::{HashMap, HashSet};

use super::{Entry, Lock};
use crate::names::{Named, is_tool_name};

impl Lock {
    /// The name that each operation keeps, if it has one. No two are the same.
    pub(crate) fn names(&self, operations: &[Named<'_>]) -> Vec<Option<&str>> {
        let mut given = HashSet::new();
        self.matches(operations)
            .into_iter()
            .map(|entry| {
                entry
                    .map(|entry| entry.tool.as_str())
                    .filter(|tool| is_tool_name(tool, true) && given.insert(*tool))
            })
            .collect()
    }

    /// The entry of each operation. Each entry is that of one operation at most.
    pub(super) fn matches(&self, operations: &[Named<'_>]) -> Vec<Option<&Entry>> {
        let mut by_path: HashMap<(&str, String, &str), &Entry> = HashMap::new();
        for entry in &self.entries {
            let path = without_names(&entry.path);
            let key = (entry.method.as_str(), path, entry.part.as_str());
            by_path.entry(key).or_insert(entry);
        }
        let mut found: Vec<Option<&Entry>> = operations
            .iter()
            .map(|named| by_path.remove(&(named.method, without_names(named.path), named.part)))
            .collect();
        // An operationId that occurs twice identifies nothing.
        let mut by_id: HashMap<(&str, &str, &str), Option<&Entry>> = HashMap::new();
        for entry in by_path.into_values() {
            by_id
                .entry((&entry.method, &entry.operation_id, &entry.part))
                .and_modify(|known| *known = None)
                .or_insert(Some(entry));
        }
        let mut counts: HashMap<(&str, &str), usize> = HashMap::new();
        for named in operations {
            let count = counts.entry((named.operation_id, named.part)).or_default();
            *count = count.saturating_add(1);
        }
        for (named, slot) in operations.iter().zip(&mut found) {
            let id = named.operation_id;
            if slot.is_none() && !id.is_empty() && counts.get(&(id, named.part)) == Some(&1) {
                *slot = by_id.remove(&(named.method, id, named.part)).flatten();
            }
        }
        found
    }
}

/// A template whose parameters have no names: `/leads/{}`.
pub(crate) fn without_names(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut inside = false;
    for c in path.chars() {
        match c {
            '{' => {
                inside = true;
                out.push('{');
            }
            '}' => {
                inside = false;
                out.push('}');
            }
            c if !inside => out.push(c),
            _ => {}
        }
    }
    out
}
