//! What locks alone tell: names and operations, and that arguments are other ones.

use std::collections::HashMap;

use super::{Change, Level, Subject, named};
use crate::lock::{Held, Lock};

/// The changes between two locks. How arguments changed is not in them.
#[must_use]
pub fn between_locks(old: &Lock, new: &Lock) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut say = |held: &Held, level, subject, says: String| {
        changes.push(Change {
            level,
            subject,
            tool: held.tool.clone(),
            operation: held.operation.clone(),
            says,
            pointer: None,
        });
    };
    let after: Vec<Held> = new.held();
    let by_operation: HashMap<&str, &Held> = after
        .iter()
        .filter(|held| !held.operation.is_empty())
        .map(|held| (held.operation.as_str(), held))
        .collect();
    let by_tool: HashMap<&str, &Held> = after
        .iter()
        .map(|held| (held.tool.as_str(), held))
        .collect();
    let before = old.held();
    let mut known: Vec<&str> = Vec::new();
    for held in &before {
        let found = by_tool.get(held.tool.as_str());
        // A tool that still bears its name is no renamed one.
        let found = found.or_else(|| by_operation.get(held.operation.as_str()));
        let Some(found) = found else {
            say(held, Level::Breaking, Subject::Removed, "gone".to_owned());
            continue;
        };
        known.push(found.tool.as_str());
        if found.tool != held.tool {
            let says = format!("was called {}", named(&held.tool));
            say(found, Level::Breaking, Subject::Renamed, says);
        }
        if found.schema != held.schema {
            let says = "arguments changed; compare the documents to see whether calls break";
            say(
                found,
                Level::Compatible,
                Subject::Arguments,
                says.to_owned(),
            );
        }
    }
    for held in &after {
        if !known.contains(&held.tool.as_str()) {
            say(held, Level::Compatible, Subject::Added, "new".to_owned());
        }
    }
    changes.sort_by(|a, b| (b.level, &a.tool, &a.says).cmp(&(a.level, &b.tool, &b.says)));
    changes
}
