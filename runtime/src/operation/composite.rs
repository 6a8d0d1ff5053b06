//! Tools beside the operations: several calls of operations under one name (ADR 0027). Plain data, as the
//! operations are; the generator has checked it against their schemas.

use super::{Hints, OperationDef, Risk};

/// A tool beside the operations.
#[derive(Debug)]
pub struct Composite {
    /// Name of the tool, `^[a-z][a-z0-9_]{0,39}$`.
    pub tool: &'static str,
    /// Display name of the tool.
    pub title: &'static str,
    /// What the model reads, at most 1,024 characters.
    pub description: &'static str,
    /// The topic under which it is listed.
    pub group: &'static str,
    /// At least that of every operation that it calls.
    pub risk: Risk,
    /// The four MCP annotation hints.
    pub hints: Hints,
    /// JSON Schema 2020-12 of the arguments, as JSON text.
    pub input_schema: &'static str,
    /// What it does.
    pub deed: Deed,
}

/// What a composite does. Places in arguments are JSON Pointers (RFC 6901).
#[derive(Debug)]
pub enum Deed {
    /// Asks several lists for the same words; the argument is `query`.
    Fanout(&'static [Source]),
    /// Reads how many records there are.
    Count(Count),
    /// Gets several records by id.
    MultiGet(MultiGet),
    /// Finds one record by its name.
    Lookup(Lookup),
    /// Adds or removes ids in a list that an update replaces as a whole.
    Relation(Relation),
    /// Adds text behind the text of a field.
    Append(Append),
}

/// A list, and how it is asked.
#[derive(Debug)]
pub struct Source {
    /// The operation.
    pub list: &'static OperationDef,
    /// Place of the argument that takes the words; empty for none.
    pub words: &'static str,
    /// Places of other arguments, and their values as JSON text.
    pub set: &'static [(&'static str, &'static str)],
    /// How many records come at most; 0 where nothing says so.
    pub size: u32,
}

/// `count`
#[derive(Debug)]
pub struct Count {
    /// The lists by the value of `entity`; the only one has no name, and its filters are arguments.
    pub lists: &'static [Counted],
}

/// A list that is counted.
#[derive(Debug)]
pub struct Counted {
    /// Value of `entity`.
    pub name: &'static str,
    /// How it is asked.
    pub source: Source,
    /// JSON Pointer of the number in the answer; empty where the document tells none, and header fields, other
    /// places or the records of some pages have to.
    pub total: &'static str,
}

/// `multi_get`
#[derive(Debug)]
pub struct MultiGet {
    /// The operations by `kind`; the only one has no name, and the argument is `ids` instead of `records`.
    pub gets: &'static [Getter],
}

/// An operation that gets a record.
#[derive(Debug)]
pub struct Getter {
    /// Value of `kind`.
    pub name: &'static str,
    /// The operation.
    pub get: &'static OperationDef,
    /// Place of the argument for the id.
    pub id: &'static str,
    /// JSON Pointer of the record in the answer.
    pub record: &'static str,
}

/// `lookup`
#[derive(Debug)]
pub struct Lookup {
    /// The list that is searched.
    pub source: Source,
    /// JSON Pointer of the name in a record.
    pub matched: &'static str,
    /// JSON Pointer of the id in a record.
    pub id: &'static str,
    /// What gets the record that was found; without it, it is shown as the list has it.
    pub get: Option<Getter>,
    /// What ids look like, so that one is not looked for as a name.
    pub form: IdForm,
}

/// What ids look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdForm {
    /// Like any text.
    Text,
    /// Digits.
    Integer,
    /// A UUID.
    Uuid,
}

/// An operation that changes a record.
#[derive(Debug)]
pub struct Updater {
    /// The operation.
    pub update: &'static OperationDef,
    /// Place of the argument for the id.
    pub id: &'static str,
    /// Arguments that it needs besides: the place, and the JSON Pointer of the value in the record.
    pub carry: &'static [(&'static str, &'static str)],
    /// Place of the argument for `If-Match`; empty for none.
    pub if_match: &'static str,
}

/// `relation`
#[derive(Debug)]
pub struct Relation {
    /// What gets the record.
    pub get: Getter,
    /// What changes it.
    pub update: Updater,
    /// Whether ids are added; else they are removed.
    pub add: bool,
    /// The relations by the value of `relation`.
    pub relations: &'static [Related],
}

/// A list of ids, as it is read and as it is written.
#[derive(Debug)]
pub struct Related {
    /// Value of `relation`.
    pub name: &'static str,
    /// JSON Pointer of the list in the record.
    pub from: &'static str,
    /// Property of an item of that list that is its id, where items are objects.
    pub from_key: &'static str,
    /// Place of the argument that replaces the list.
    pub to: &'static str,
    /// Property of an item of that argument that is the id; empty where items are ids.
    pub to_key: &'static str,
    /// Further properties of such an item.
    pub columns: &'static [&'static str],
}

/// `append`
#[derive(Debug)]
pub struct Append {
    /// What gets the record.
    pub get: Getter,
    /// What changes it.
    pub update: Updater,
    /// JSON Pointer of the text in the record.
    pub from: &'static str,
    /// Place of the argument that replaces it.
    pub to: &'static str,
    /// What stands between the old text and the new.
    pub separator: &'static str,
}

impl Composite {
    /// Every operation that it may call.
    #[must_use]
    pub fn operations(&self) -> Vec<&'static OperationDef> {
        match &self.deed {
            Deed::Fanout(sources) => sources.iter().map(|source| source.list).collect(),
            Deed::Count(count) => count.lists.iter().map(|list| list.source.list).collect(),
            Deed::MultiGet(gets) => gets.gets.iter().map(|getter| getter.get).collect(),
            Deed::Lookup(lookup) => std::iter::once(lookup.source.list)
                .chain(lookup.get.as_ref().map(|getter| getter.get))
                .collect(),
            Deed::Relation(relation) => vec![relation.get.get, relation.update.update],
            Deed::Append(append) => vec![append.get.get, append.update.update],
        }
    }
}
