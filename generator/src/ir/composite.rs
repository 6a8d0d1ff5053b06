//! Tools beside the operations; the same as the runtime's `Composite`. Operations are named by their tools.

use serde::Serialize;
use serde_json::Value;

use super::{Hints, Risk};

/// A tool beside the operations.
#[derive(Debug, Clone, Serialize)]
pub struct Composite {
    /// Tool name.
    pub tool: String,
    /// Display name.
    pub title: String,
    /// What the model reads.
    pub description: String,
    /// The topic under which it is listed.
    pub group: String,
    /// Risk class: at least that of all that it calls.
    pub risk: Risk,
    /// Annotation hints.
    pub hints: Hints,
    /// Schema of the arguments.
    pub input_schema: Value,
    /// What it does.
    pub deed: Deed,
}

/// What a composite does. Places in arguments and answers are JSON Pointers.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// Asks several lists.
    Fanout(Vec<Source>),
    /// Reads totals: the name of the list, how it is asked, and where the number is.
    Count(Vec<(String, Source, String)>),
    /// Gets several records.
    MultiGet(Vec<Getter>),
    /// Finds a record by name.
    Lookup(Lookup),
    /// Adds or removes ids.
    Relation(Relation),
    /// Adds text.
    Append(Append),
}

/// A list, and how it is asked.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Source {
    /// Tool of the list.
    pub list: String,
    /// Place of the words; empty for none.
    pub words: String,
    /// Places of other arguments, and their values.
    pub set: Vec<(String, Value)>,
    /// How many records come at most; 0 where nothing says so.
    pub size: u32,
}

/// What gets a record.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Getter {
    /// Kind of the record; empty for the only one.
    pub name: String,
    /// Tool.
    pub get: String,
    /// Place of the argument for the id.
    pub id: String,
    /// Where in the answer the record is.
    pub record: String,
}

/// How a record is found by name.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Lookup {
    /// The list.
    pub source: Source,
    /// Place of the name in a record.
    pub matched: String,
    /// Place of the id in a record.
    pub id: String,
    /// What gets the record.
    pub get: Option<Getter>,
    /// What ids look like.
    pub form: IdForm,
}

/// What ids look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum IdForm {
    /// Any text.
    Text,
    /// Digits.
    Integer,
    /// UUIDs.
    Uuid,
}

/// What changes a record.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Updater {
    /// Tool.
    pub update: String,
    /// Place of the argument for the id.
    pub id: String,
    /// Arguments that it needs besides, and where the record has them.
    pub carry: Vec<(String, String)>,
    /// Place of the argument for `If-Match`; empty for none.
    pub if_match: String,
}

/// How ids are added or removed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Relation {
    /// What gets the record.
    pub get: Getter,
    /// What changes it.
    pub update: Updater,
    /// Whether ids are added.
    pub add: bool,
    /// The relations.
    pub relations: Vec<Related>,
}

/// A list of ids as it is read and written.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Related {
    /// Name of the relation.
    pub name: String,
    /// Where the record has the list.
    pub from: String,
    /// Property of its items that is the id.
    pub from_key: String,
    /// Place of the argument that replaces it.
    pub to: String,
    /// Property of that argument's items that is the id; empty where they are ids.
    pub to_key: String,
    /// Further properties of these.
    pub columns: Vec<String>,
}

/// How text is added.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Append {
    /// What gets the record.
    pub get: Getter,
    /// What changes it.
    pub update: Updater,
    /// Where the record has the text.
    pub from: String,
    /// Place of the argument that replaces it.
    pub to: String,
    /// What stands between.
    pub separator: String,
}

impl Composite {
    /// The tools that it calls.
    #[must_use]
    pub fn calls(&self) -> Vec<&str> {
        match &self.deed {
            Deed::Fanout(sources) => sources.iter().map(|source| source.list.as_str()).collect(),
            Deed::Count(lists) => lists.iter().map(|(_, s, _)| s.list.as_str()).collect(),
            Deed::MultiGet(gets) => gets.iter().map(|getter| getter.get.as_str()).collect(),
            Deed::Lookup(lookup) => std::iter::once(lookup.source.list.as_str())
                .chain(lookup.get.as_ref().map(|getter| getter.get.as_str()))
                .collect(),
            Deed::Relation(relation) => vec![&relation.get.get, &relation.update.update],
            Deed::Append(append) => vec![&append.get.get, &append.update.update],
        }
    }
}
