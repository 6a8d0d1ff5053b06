//! Whether a server has other tools than at its last start (ADR 0062): people agreed to those that they saw.
//!
//! The digests of the last start stand in a file beside the log, `audit.jsonl.tools`. To digest all tools means to
//! parse their schemas, which takes longer than the rest of a start; so a thread of its own does it once the first
//! answers are out.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, PoisonError};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use super::{Audit, LAST, Shared, ended_within};
use crate::json::{Value, json};
use crate::replaced::replace;

/// How long a start has to itself before its tools are compared.
const QUIET: Duration = Duration::from_secs(1);

/// Names of tools that are told; of further ones only the number.
const TOLD: usize = 50;

/// Digests of tools, as lists show them, by their names.
pub(crate) type Tools = BTreeMap<String, String>;

/// How tools differ from those of the last start.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Change<'a> {
    added: Vec<&'a str>,
    changed: Vec<&'a str>,
    gone: Vec<&'a str>,
}

impl<'a> Change<'a> {
    fn between(old: &'a Tools, new: &'a Tools) -> Self {
        let names = |all: &'a Tools, keep: &dyn Fn(&str, &str) -> bool| {
            let kept = all.iter().filter(|(name, digest)| keep(name, digest));
            kept.map(|(name, _)| name.as_str()).collect()
        };
        Self {
            added: names(new, &|name, _| !old.contains_key(name)),
            changed: names(new, &|name, digest| {
                old.get(name).is_some_and(|before| before != digest)
            }),
            gone: names(old, &|name, _| !new.contains_key(name)),
        }
    }

    const fn is_none(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty() && self.gone.is_empty()
    }

    /// For a record.
    fn facts(&self) -> Value {
        let mut facts = json!({});
        for (kind, names) in [
            ("added", &self.added),
            ("changed", &self.changed),
            ("gone", &self.gone),
        ] {
            if names.is_empty() {
                continue;
            }
            let told: Vec<&str> = names.iter().take(TOLD).copied().collect();
            if let Value::Object(facts) = &mut facts {
                facts.insert(kind.to_owned(), json!(told));
                if names.len() > TOLD {
                    facts.insert(format!("{kind}_in_all"), json!(names.len()));
                }
            }
        }
        facts
    }
}

/// The file beside a log.
pub(super) fn beside(log: &Path) -> PathBuf {
    let mut name = log.file_name().unwrap_or_default().to_owned();
    name.push(".tools");
    log.with_file_name(name)
}

impl Audit {
    /// Compares the tools of this start with those of the last one, a moment after the start or at its end; what
    /// differs is said in the log of the process, in a record, and where numbers are asked for. Without an audit log
    /// there is no place for it, and `tools` is not asked.
    pub(crate) fn compare_tools(&self, tools: impl FnOnce() -> Tools + Send + 'static) {
        let Some(shared) = &self.0 else { return };
        let (hurry, hurried) = channel::<()>();
        let of_thread = Arc::clone(shared);
        let thread = Builder::new().name("tools".to_owned()).spawn(move || {
            // Until then, or until the sender is dropped.
            let _ = hurried.recv_timeout(QUIET);
            of_thread.compare(&tools());
        });
        match thread {
            Ok(thread) => *shared.comparing() = Some(Comparing { hurry, thread }),
            Err(error) => {
                tracing::warn!(%error, "the tools are not compared with those of the last start")
            }
        }
    }

    /// Whether this start has other tools than the last one.
    #[cfg(feature = "http")]
    pub(crate) fn has_other_tools(&self) -> bool {
        let shared = self.0.as_ref();
        shared.is_some_and(|shared| shared.has_other_tools.load(Ordering::Relaxed))
    }
}

/// A comparison that is due or under way.
pub(super) struct Comparing {
    /// Dropped when it has to be made at once.
    hurry: Sender<()>,
    thread: JoinHandle<()>,
}

impl Shared {
    fn comparing(&self) -> std::sync::MutexGuard<'_, Option<Comparing>> {
        self.comparing
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes a comparison that is still due, so that its record comes before the last one.
    pub(super) fn end_comparing(&self) {
        let Some(Comparing { hurry, thread }) = self.comparing().take() else {
            return;
        };
        drop(hurry);
        ended_within(LAST, thread);
    }

    fn compare(&self, new: &Tools) {
        let old = match read(&self.tools) {
            Ok(Some(old)) => old,
            Ok(None) => Tools::new(),
            Err(error) => {
                let file = self.tools.display();
                tracing::warn!(%file, %error, "which tools the last start had cannot be read");
                Tools::new()
            }
        };
        let change = Change::between(&old, new);
        if change.is_none() {
            return;
        }
        // The first start has nothing to compare with.
        if !old.is_empty() {
            tracing::warn!(
                added = ?change.added,
                changed = ?change.changed,
                gone = ?change.gone,
                "the tools are not those of the last start; if nobody changed the server or its settings, find out why"
            );
            self.has_other_tools.store(true, Ordering::Relaxed);
            #[cfg(feature = "http")]
            crate::measure::other_tools(true);
            self.note("tools_changed", change.facts());
        }
        if let Err(error) = replace(&self.tools, &json!({"version": 1, "tools": new})) {
            let file = self.tools.display();
            tracing::warn!(%file, %error, "which tools this start has cannot be noted");
        }
    }
}

/// The tools of the last start; none if there was none.
fn read(path: &Path) -> io::Result<Option<Tools>> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let wrong = || io::Error::new(io::ErrorKind::InvalidData, "the file is no list of tools");
    let value: Value = serde_json::from_str(&text).map_err(|_| wrong())?;
    let tools = value.get("tools").and_then(Value::as_object);
    let digest =
        |(name, digest): (&String, &Value)| Some((name.clone(), digest.as_str()?.to_owned()));
    let tools = tools.ok_or_else(wrong)?.iter().map(digest);
    tools.collect::<Option<Tools>>().ok_or_else(wrong).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tools(all: &[(&str, &str)]) -> Tools {
        let all = all.iter();
        all.map(|(name, digest)| ((*name).to_owned(), (*digest).to_owned()))
            .collect()
    }

    #[test]
    fn a_change_names_what_came_what_went_and_what_is_another() {
        let old = tools(&[("a", "1"), ("b", "1"), ("c", "1")]);
        let new = tools(&[("a", "1"), ("c", "2"), ("d", "1")]);
        let facts = Change::between(&old, &new).facts();
        let expected = json!({"added": ["d"], "changed": ["c"], "gone": ["b"]});
        assert_eq!(facts, expected);
        assert!(Change::between(&old, &old).is_none());
        let many: Tools = (0..60)
            .map(|n| (format!("t{n:02}"), String::new()))
            .collect();
        let none = Tools::new();
        let facts = Change::between(&none, &many).facts();
        let told = facts.get("added").and_then(Value::as_array).map(Vec::len);
        assert_eq!(
            (told, facts.get("added_in_all")),
            (Some(TOLD), Some(&json!(60)))
        );
    }
}
