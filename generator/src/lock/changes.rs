//! What a run added, removed and renamed.

use super::Lock;
use crate::names::Named;
use crate::text::counted;

/// How many names one line lists.
const LISTED: usize = 8;

/// What differs between two locks, each in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Tools of operations that were not there.
    pub added: Vec<String>,
    /// Tools of operations that are no longer there.
    pub removed: Vec<String>,
    /// Tools that have another name now: before, and now.
    pub renamed: Vec<(String, String)>,
    /// Tools whose argument schema has changed.
    pub reshaped: Vec<String>,
}

impl Lock {
    /// What has changed since `before`.
    #[must_use]
    pub fn since(&self, before: &Self) -> Changes {
        let now: Vec<Named<'_>> = self
            .entries
            .iter()
            .map(|entry| Named {
                method: &entry.method,
                path: &entry.path,
                operation_id: &entry.operation_id,
                part: &entry.part,
                given: None,
            })
            .collect();
        let mut changes = Changes::default();
        let matches = before.matches(&now);
        for (entry, known) in self.entries.iter().zip(&matches) {
            match known {
                None => changes.added.push(entry.tool.clone()),
                Some(known) => {
                    if known.tool != entry.tool {
                        let names = (known.tool.clone(), entry.tool.clone());
                        changes.renamed.push(names);
                    }
                    if known.schema != entry.schema {
                        changes.reshaped.push(entry.tool.clone());
                    }
                }
            }
        }
        for (tool, schema) in &self.composites {
            match before.composites.get(tool) {
                None => changes.added.push(tool.clone()),
                Some(known) if known != schema => changes.reshaped.push(tool.clone()),
                Some(_) => {}
            }
        }
        let gone = before.entries.iter().filter(|entry| {
            let mut kept = matches.iter().flatten();
            !kept.any(|known| std::ptr::eq(*known, *entry))
        });
        changes.removed = gone.map(|entry| entry.tool.clone()).collect();
        let beside = before.composites.keys();
        let beside = beside.filter(|tool| !self.composites.contains_key(*tool));
        changes.removed.extend(beside.cloned());
        changes
    }
}

impl Changes {
    /// A line for each kind of change, for people.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let renamed: Vec<String> = self
            .renamed
            .iter()
            .map(|(before, now)| format!("{before} -> {now}"))
            .collect();
        [
            ("renamed", &renamed),
            ("removed", &self.removed),
            ("added", &self.added),
            ("with other arguments", &self.reshaped),
        ]
        .into_iter()
        .filter(|(_, names)| !names.is_empty())
        .map(|(what, names)| {
            let shown: Vec<&str> = names.iter().take(LISTED).map(String::as_str).collect();
            let more = match names.len().saturating_sub(LISTED) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            let count = counted(names.len(), "tool");
            format!("{count} {what}: {}{more}", shown.join(", "))
        })
        .collect()
    }
}
