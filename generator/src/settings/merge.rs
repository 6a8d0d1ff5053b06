//! Several entries about one operation become one set of facts: the document's own `x-mcp` first, then
//! the entries of `mcpwright.toml` in order.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::effect::Tried;
use super::facts::Facts;
use super::read::{Composite, Entry, Fact, Settings};
use super::select::{Selector, Target};
use super::tree::{Kind, Place, Tree, Trust};
use crate::diagnostics::{Code, Sink};
use crate::ir::{Dates, Format, Setting};
use crate::text;

/// Lists that grow from entry to entry.
const GROWING: [&str; 5] = ["prereq", "see_also", "hint", "redact", "add_param"];
/// Facts about risk: the document may only raise it, and lowering it takes a reason.
const RISK: [&str; 4] = ["class", "outward", "annotations", "confirm"];

/// What settings say about the operations of a document.
#[derive(Debug, Default)]
pub(crate) struct Configured {
    /// What they say about each operation, in the order of the targets.
    pub said: Vec<Said>,
    /// Entries and the number of operations that each is about.
    pub(super) entries: Vec<(Entry, usize)>,
    /// Tools beside the operations.
    pub(super) composites: Vec<Composite>,
    /// Method and path of the operations that their selectors select.
    pub(super) selected: HashMap<String, Vec<(String, String)>>,
    /// Findings that were made already: an entry is about many operations.
    pub(super) reported: HashSet<String>,
    /// Facts that may fit some operations of an entry only, by place.
    pub(super) tried: IndexMap<String, Tried>,
    /// `results.format`
    pub(super) format: Option<Format>,
    /// `results.dates`
    pub(super) dates: Option<Dates>,
    /// Prompts of the operator's own.
    pub(super) prompts: Vec<Tree>,
    /// `prompts.exclude`
    pub(super) prompts_off: Vec<(String, Place)>,
    /// `prompts.topics`
    pub(super) topic_prompts: bool,
    /// `server.headers`, each with its place.
    pub(super) headers: IndexMap<String, (String, Place)>,
}

/// What settings say about one operation.
#[derive(Clone, Debug, Default)]
pub(crate) struct Said {
    /// The facts.
    pub facts: Facts,
    /// What the document itself says about risk.
    pub(super) raised: Facts,
    /// Each fact as it was set, and where.
    pub(super) settings: IndexMap<String, (Setting, Place)>,
    /// Places of single names in a fact, by its key with those below it, and the name.
    parts: HashMap<(String, String), Place>,
}

/// Facts that name places in answers, or what is in them.
const OF_ANSWERS: [&str; 8] = [
    "columns",
    "echo",
    "hint",
    "paging",
    "project",
    "redact",
    "unwrap",
    "value_map",
];

impl Said {
    /// Whether something is said about places in answers.
    pub fn names_answers(&self) -> bool {
        self.settings
            .keys()
            .any(|key| OF_ANSWERS.contains(&key.as_str()))
    }

    /// Where a name in a fact stands: an element of a list, a key of a table, a value of one.
    pub(super) fn place_of(&self, key: &str, name: &str) -> Option<&Place> {
        let part = self.parts.get(&(key.to_owned(), name.to_owned()));
        part.or_else(|| self.place(key))
            .or_else(|| self.place(key.split('.').next().unwrap_or_default()))
    }

    /// The tool's name, and where it was set.
    pub fn name(&self) -> Option<(&str, &Place)> {
        let (_, place) = self.settings.get("name")?;
        Some((self.facts.name.as_deref()?, place))
    }

    /// Why it is no tool.
    pub fn off(&self) -> Option<String> {
        (self.facts.enabled == Some(false))
            .then(|| {
                let (setting, _) = self.settings.get("enabled")?;
                setting.reason.clone()
            })?
            .or_else(|| (self.facts.enabled == Some(false)).then(|| "turned off".to_owned()))
    }

    /// Where a fact was set.
    pub(crate) fn place(&self, key: &str) -> Option<&Place> {
        self.settings.get(key).map(|(_, place)| place)
    }

    /// Why it was set.
    pub(super) fn reason(&self, key: &str) -> Option<&str> {
        self.settings.get(key)?.0.reason.as_deref()
    }
}

impl Configured {
    /// Whether a tool beside the operations calls this one.
    pub fn is_of_composite(&self, method: &str, path: &str) -> bool {
        let mut all = self.selected.values().flatten();
        all.any(|(of, at)| of == method && at == path)
    }

    /// Finds the operations of each entry and adds up what is said about each. `own` is what the document
    /// says at its operations.
    pub fn resolve(
        settings: &Settings,
        of_document: Settings,
        own: Vec<Option<Entry>>,
        document: &Value,
        targets: &[Target],
        sink: &mut Sink,
    ) -> Self {
        let mut merged: Vec<Merged> = targets.iter().map(|_| Merged::default()).collect();
        let mut entries: Vec<(Entry, usize)> = Vec::new();
        for (entry, merged) in own.into_iter().zip(&mut merged) {
            if let Some(entry) = entry {
                merged.add(&entry);
                entries.push((entry, 1));
            }
        }
        let mut selector = Selector::new(document, targets);
        let composites: Vec<Composite> = of_document
            .composites
            .into_iter()
            .chain(settings.composites.iter().cloned())
            .collect();
        for entry in of_document
            .entries
            .into_iter()
            .chain(settings.entries.iter().cloned())
        {
            let mut found: Vec<usize> = Vec::new();
            for (text, place) in &entry.select {
                match selector.find(text, place) {
                    Ok(more) => found.extend(more),
                    Err(finding) => sink.push(*finding),
                }
            }
            found.sort_unstable();
            found.dedup();
            for index in &found {
                if let Some(merged) = merged.get_mut(*index) {
                    merged.add(&entry);
                }
            }
            entries.push((entry, found.len()));
        }
        let mut selected: HashMap<String, Vec<(String, String)>> = HashMap::new();
        for composite in &composites {
            for (text, place) in &composite.operations {
                match selector.find(text, place) {
                    Ok(found) => {
                        let found = found.into_iter().filter_map(|index| targets.get(index));
                        let found = found.map(|t| (t.method.clone(), t.path.clone()));
                        selected.insert(text.clone(), found.collect());
                    }
                    Err(finding) => sink.push(*finding),
                }
            }
        }
        let said = merged
            .into_iter()
            .map(|merged| merged.finish(sink))
            .collect();
        Self {
            said,
            entries,
            composites,
            selected,
            reported: HashSet::new(),
            tried: IndexMap::new(),
            format: settings.format.or(of_document.format),
            dates: settings.dates.or(of_document.dates),
            prompts: settings.prompts.clone(),
            prompts_off: settings.prompts_off.clone(),
            topic_prompts: settings.topic_prompts.unwrap_or(true),
            headers: settings.server.headers.clone(),
        }
    }
}

/// Facts on their way to being typed.
#[derive(Default)]
struct Merged {
    facts: Map<String, Value>,
    raised: Map<String, Value>,
    settings: IndexMap<String, (Setting, Place)>,
    parts: HashMap<(String, String), Place>,
}

impl Merged {
    fn add(&mut self, entry: &Entry) {
        for fact in &entry.facts {
            self.fact(fact, entry);
            parts(&fact.tree, &fact.key.join("."), &mut self.parts);
        }
    }

    fn fact(&mut self, fact: &Fact, entry: &Entry) {
        let [first, rest @ ..] = fact.key.as_slice() else {
            return;
        };
        let first = first.as_str();
        let trust = fact.tree.place.source.trust;
        let from_document = trust == Trust::Document;
        let is_risk = RISK.contains(&first);
        let map = if from_document && is_risk {
            &mut self.raised
        } else {
            &mut self.facts
        };
        let value = match fact.tree.value() {
            // One name is a list of one.
            Value::String(text) if GROWING.contains(&first) => Value::Array(vec![text.into()]),
            value => value,
        };
        let key = fact.key.join(".");
        if GROWING.contains(&first)
            && let (Some(Value::Array(known)), Value::Array(more)) = (map.get_mut(first), &value)
        {
            let new = more.iter().filter(|item| !known.contains(item));
            known.extend(new.cloned().collect::<Vec<_>>());
        } else {
            put(map, first, rest, value.clone());
        }
        let gives_reason = is_risk || first == "enabled";
        let setting = Setting {
            key: key.clone(),
            value,
            from: fact.tree.place.label(),
            // What the document says is no reason for what the operator does.
            reason: entry
                .reason
                .as_ref()
                .filter(|(_, who)| gives_reason && (from_document || *who == trust))
                .map(|(reason, _)| text::line(reason, 300)),
        };
        let key = if from_document && is_risk {
            format!("x-mcp:{key}")
        } else {
            key
        };
        self.settings
            .insert(key, (setting, fact.tree.place.clone()));
    }

    fn finish(self, sink: &mut Sink) -> Said {
        let mut typed = |map: Map<String, Value>| {
            serde_json::from_value(Value::Object(map)).unwrap_or_else(|error| {
                // The vocabulary was checked; this is a fault of ours, and still no reason to panic.
                if let Some((_, place)) = self.settings.values().next() {
                    sink.push(place.finding(Code::E0922, text::line(&error.to_string(), 300)));
                }
                Facts::default()
            })
        };
        Said {
            facts: typed(self.facts),
            raised: typed(self.raised),
            settings: self.settings,
            parts: self.parts,
        }
    }
}

/// Where the names in a fact stand.
fn parts(tree: &Tree, key: &str, found: &mut HashMap<(String, String), Place>) {
    match &tree.kind {
        Kind::Text(text) => {
            found.insert((key.to_owned(), text.clone()), tree.place.clone());
        }
        Kind::List(items) => items.iter().for_each(|item| parts(item, key, found)),
        Kind::Table(members) => {
            for (name, member) in members {
                found.insert((key.to_owned(), name.clone()), member.key.clone());
                parts(&member.tree, &format!("{key}.{name}"), found);
            }
        }
        Kind::Null | Kind::Flag(_) | Kind::Number(_) => {}
    }
}

fn put(map: &mut Map<String, Value>, first: &str, rest: &[String], value: Value) {
    match rest {
        [] => {
            map.insert(first.to_owned(), value);
        }
        [next, rest @ ..] => {
            let inner = map
                .entry(first)
                .or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(inner) = inner {
                put(inner, next, rest, value);
            }
        }
    }
}
