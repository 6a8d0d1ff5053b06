//! What changes for agents from one API to another: which calls no longer work, which results lack something,
//! which tools need more care. Words that changed are told apart from what breaks.
//!
//! | file | subject |
//! |---|---|
//! | `schema.rs` | arguments |
//! | `results.rs` | results |
//! | `access.rs` | credentials |
//! | `settled.rs` | what is sent without being an argument, and what results do not show |
//! | `server.rs` | the server: its name, variables and prompts |
//! | `locks.rs` | the same from locks alone, which know names only |
//! | `advice.rs` | the version that follows from it |

mod access;
mod advice;
mod locks;
mod results;
mod schema;
mod server;
mod settled;

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use crate::diagnostics::Pointer;
use crate::ir::{Api, Composite, Operation, Risk};
use crate::text;

pub use advice::{Advice, advice};
pub use locks::between_locks;

/// What a change means, in rising order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Other words for the same.
    Text,
    /// Calls that worked still do.
    Compatible,
    /// A tool needs more care than before, or is given less.
    Risk,
    /// Calls or results that worked do so no longer.
    Breaking,
}

impl Level {
    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Compatible => "compatible",
            Self::Risk => "risk",
            Self::Breaking => "breaking",
        }
    }
}

/// What a change is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Subject {
    /// The tool is new.
    Added,
    /// There is no such tool any more.
    Removed,
    /// It has another name.
    Renamed,
    /// Its arguments.
    Arguments,
    /// Its results.
    Results,
    /// Its risk class, hints or confirmation.
    Risk,
    /// Its credential.
    Auth,
    /// Its words.
    Text,
    /// The server as a whole.
    Server,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// What it means.
    pub level: Level,
    /// What it is about.
    pub subject: Subject,
    /// The tool, by its name now; empty for the server.
    pub tool: String,
    /// Its operation, `METHOD /path`; empty for tools beside the operations.
    pub operation: String,
    /// One line; names and values of the document stand in backticks.
    pub says: String,
    /// Where the operation stands in the new document.
    #[serde(skip)]
    pub pointer: Option<Pointer>,
}

/// The changes between two APIs, what means most first.
#[must_use]
pub fn between(old: &Api, new: &Api) -> Vec<Change> {
    let mut changes = Vec::new();
    server::server(old, new, &mut changes);
    let pairs = pairs(old, new);
    let known: HashSet<*const Operation> = pairs
        .iter()
        .map(|(old, _)| std::ptr::from_ref(*old))
        .collect();
    for operation in old.operations() {
        if !known.contains(&std::ptr::from_ref(operation)) {
            removed(operation, new, &mut changes);
        }
    }
    let known: HashSet<*const Operation> = pairs
        .iter()
        .map(|(_, new)| std::ptr::from_ref(*new))
        .collect();
    for operation in new.operations() {
        if !known.contains(&std::ptr::from_ref(operation)) {
            let says = format!("new: {}", text::line(&operation.title, 80));
            changes.push(change(operation, Level::Compatible, Subject::Added, says));
        }
    }
    for (before, after) in pairs {
        operations(old, new, before, after, &mut changes);
    }
    composites(old, new, &mut changes);
    changes.sort_by(|a, b| {
        (b.level, &a.tool, a.subject, &a.says).cmp(&(a.level, &b.tool, b.subject, &b.says))
    });
    changes.dedup();
    changes
}

/// The most that changes mean.
#[must_use]
pub fn worst(changes: &[Change]) -> Option<Level> {
    changes.iter().map(|change| change.level).max()
}

/// A name or value of a document, on one line and inert in Markdown.
fn named(name: &str) -> String {
    format!("`{}`", text::line(name, 80).replace('`', "'"))
}

fn change(operation: &Operation, level: Level, subject: Subject, says: String) -> Change {
    Change {
        level,
        subject,
        tool: operation.tool.clone(),
        operation: place(operation),
        says,
        pointer: Some(operation.pointer.clone()),
    }
}

fn place(operation: &Operation) -> String {
    let path = text::line(&operation.path, 200);
    format!("{} {path}", operation.method)
}

/// Which old operation is which new one: by tool, then by method and path, then by operationId.
fn pairs<'a>(old: &'a Api, new: &'a Api) -> Vec<(&'a Operation, &'a Operation)> {
    type Key = (String, String, String);
    let keys: [fn(&Operation) -> Key; 3] = [
        |operation| (operation.tool.clone(), String::new(), String::new()),
        |operation| {
            (
                operation.method.clone(),
                crate::lock::without_names(&operation.path),
                operation
                    .variant
                    .as_ref()
                    .map(crate::ir::Variant::label)
                    .unwrap_or_default(),
            )
        },
        |operation| {
            (
                operation.operation_id.clone(),
                operation.method.clone(),
                operation
                    .variant
                    .as_ref()
                    .map(crate::ir::Variant::label)
                    .unwrap_or_default(),
            )
        },
    ];
    let mut pairs = Vec::new();
    let mut before: Vec<&Operation> = old.operations().collect();
    let mut after: Vec<&Operation> = new.operations().collect();
    for (round, key) in keys.into_iter().enumerate() {
        let mut by_key: HashMap<Key, &Operation> = HashMap::new();
        for operation in &after {
            let is_said = round < 2 || !operation.operation_id.is_empty();
            if is_said {
                by_key.entry(key(operation)).or_insert(operation);
            }
        }
        let mut rest = Vec::new();
        for operation in before {
            // A tool that stands for another method now does another thing.
            let found = by_key.remove(&key(operation));
            match found {
                Some(found) => pairs.push((operation, found)),
                None => rest.push(operation),
            }
        }
        let taken: HashSet<*const Operation> = pairs
            .iter()
            .map(|(_, new)| std::ptr::from_ref(*new))
            .collect();
        after.retain(|operation| !taken.contains(&std::ptr::from_ref(*operation)));
        before = rest;
    }
    pairs
}

fn removed(operation: &Operation, new: &Api, changes: &mut Vec<Change>) {
    let excluded = new
        .exclusions
        .iter()
        .find(|excluded| excluded.method == operation.method && excluded.path == operation.path);
    let says = match excluded {
        Some(excluded) => format!("gone: {}", text::line(&excluded.reason, 120)),
        None => "gone: the document has no such operation".to_owned(),
    };
    let mut gone = change(operation, Level::Breaking, Subject::Removed, says);
    gone.pointer = None;
    changes.push(gone);
}

fn operations(
    old: &Api,
    new: &Api,
    before: &Operation,
    after: &Operation,
    changes: &mut Vec<Change>,
) {
    let mut say = |level, subject, says| changes.push(change(after, level, subject, says));
    if before.tool != after.tool {
        let says = format!("was called `{}`", before.tool);
        say(Level::Breaking, Subject::Renamed, says);
    }
    if before.method != after.method || before.path != after.path {
        let says = format!(
            "sends {} now, before {}",
            named(&place(after)),
            named(&place(before))
        );
        let level = if before.method == after.method {
            Level::Compatible
        } else {
            Level::Risk
        };
        say(level, Subject::Text, says);
    }
    for (level, says) in schema::arguments(&before.input_schema, &after.input_schema) {
        say(level, Subject::Arguments, says);
    }
    for (level, says) in schema::nulls(
        (&before.input_schema, &before.nullable),
        (&after.input_schema, &after.nullable),
    ) {
        say(level, Subject::Arguments, says);
    }
    for (level, says) in results::results(before, after) {
        say(level, Subject::Results, says);
    }
    for says in risk(
        (before.risk, before.hints.idempotent),
        (after.risk, after.hints.idempotent),
    ) {
        say(Level::Risk, Subject::Risk, says);
    }
    if before.settled.confirm != after.settled.confirm {
        let says = "is confirmed in another way (`confirm` of the settings)".to_owned();
        say(Level::Risk, Subject::Risk, says);
    }
    if let Some((level, says)) = access::changed((old, before), (new, after)) {
        say(level, Subject::Auth, says);
    }
    for (level, subject, says) in settled::changed((old, before), (new, after)) {
        say(level, subject, says);
    }
    if (&before.title, &before.description) != (&after.title, &after.description) {
        let says = "described in other words".to_owned();
        say(Level::Text, Subject::Text, says);
    }
}

fn risk(before: (Risk, bool), after: (Risk, bool)) -> Vec<String> {
    let mut says = Vec::new();
    if before.0 != after.0 {
        let way = if after.0 > before.0 {
            "raised"
        } else {
            "lowered"
        };
        says.push(format!(
            "risk {way} from {} to {}",
            before.0.as_str(),
            after.0.as_str()
        ));
    } else if before.1 != after.1 {
        says.push(if after.1 {
            "may be repeated now (idempotent)".to_owned()
        } else {
            "may no longer be repeated (not idempotent)".to_owned()
        });
    }
    says
}

/// Tools beside the operations, known by their names.
fn composites(old: &Api, new: &Api, changes: &mut Vec<Change>) {
    let mut say = |tool: &str, level, subject, says| {
        changes.push(Change {
            level,
            subject,
            tool: tool.to_owned(),
            operation: String::new(),
            says,
            pointer: None,
        });
    };
    let find = |api: &'_ Api, tool: &str| -> Option<Composite> {
        api.composites.iter().find(|one| one.tool == tool).cloned()
    };
    for before in &old.composites {
        let tool = &before.tool;
        let Some(after) = find(new, tool) else {
            let says = "gone: the settings no longer make it".to_owned();
            say(tool, Level::Breaking, Subject::Removed, says);
            continue;
        };
        for (level, says) in schema::arguments(&before.input_schema, &after.input_schema) {
            say(tool, level, Subject::Arguments, says);
        }
        for says in risk(
            (before.risk, before.hints.idempotent),
            (after.risk, after.hints.idempotent),
        ) {
            say(tool, Level::Risk, Subject::Risk, says);
        }
        if before.description != after.description {
            let says = "described in other words".to_owned();
            say(tool, Level::Text, Subject::Text, says);
        }
    }
    for after in &new.composites {
        if find(old, &after.tool).is_none() {
            let says = format!("new: {}", text::line(&after.title, 80));
            say(&after.tool, Level::Compatible, Subject::Added, says);
        }
    }
}
