//! What the paths of an API show of the records behind them: what they are called, how they are listed, what
//! can be done with one, and what its fields are.

use std::collections::BTreeMap;

use serde_json::Value;

use super::facts;
use crate::ir::{Composite, Deed, Operation, OutputKind, Part, Risk};
use crate::names::{plural, singular, words};

/// Nouns that are not counted, each with what one of them is called.
const UNCOUNTED: [(&str, &str); 10] = [
    ("staff", "member"),
    ("personnel", "member"),
    ("news", "item"),
    ("equipment", "item"),
    ("inventory", "item"),
    ("stock", "item"),
    ("feedback", "entry"),
    ("history", "entry"),
    ("data", "record"),
    ("media", "file"),
];
/// Last segments of reads that find records of the collection before them.
const FINDS: [&str; 4] = ["search", "query", "find", "list"];
/// References that are followed in a row.
const HOPS: usize = 8;

/// A collection of records at a path without parameters.
#[derive(Debug, Default)]
pub(super) struct Entity<'a> {
    /// One of them, in words: `invoice`.
    pub(super) one: String,
    /// Several of them: `invoices`.
    pub(super) many: String,
    /// The word that ids name one by: `staff` of a staff member.
    pub(super) noun: String,
    pub(super) path: String,
    pub(super) list: Option<&'a Operation>,
    pub(super) get: Option<&'a Operation>,
    pub(super) create: Option<&'a Operation>,
    pub(super) update: Option<&'a Operation>,
    /// What is done with one record: the operations at `…/{id}/word`.
    pub(super) actions: Vec<&'a Operation>,
    /// The lists below one record.
    pub(super) children: Vec<&'a Operation>,
    /// What adds something below one record.
    pub(super) adds: Vec<&'a Operation>,
    /// The fields of a record and their schemas, as answers and arguments have them.
    pub(super) fields: BTreeMap<&'a str, &'a Value>,
    /// A tool that finds one by name.
    lookup: Option<&'a str>,
}

impl<'a> Entity<'a> {
    /// The tool that finds one of them: by name where there is such a tool, else the list.
    pub(super) fn finder(&self) -> Option<&'a str> {
        self.lookup.or(self.list.map(|list| list.tool.as_str()))
    }

    /// The first field of which something holds.
    pub(super) fn field(&self, holds: impl Fn(&str) -> bool) -> Option<&'a str> {
        let mut names = self.fields.keys().copied();
        names.find(|name| is_plain(name) && holds(name))
    }

    /// The field that says how a record stands. `state` beside a city or a country is a part of an address, unless it
    /// is a choice of few.
    pub(super) fn status(&self) -> Option<&'a str> {
        let is_address = self.fields.keys().any(|name| facts::is_address(name));
        let is_choice = |name: &str| self.fields.get(name).is_some_and(|one| facts::of_few(one));
        self.field(|name| name == "status")
            .or_else(|| self.field(facts::says_status))
            .or_else(|| {
                self.field(|name| facts::is_status(name) && (!is_address || is_choice(name)))
            })
    }

    /// The word of the records that a field with several ids names: `deal` of `dealIds`.
    pub(super) fn links(&self) -> impl Iterator<Item = String> {
        self.fields.iter().filter_map(|(name, schema)| {
            let mut named = words(name);
            let ids = named.pop_if(|last| last == "ids").is_some();
            let several = schema.get("items").is_some() || ids;
            let last = named.last_mut().filter(|_| several)?;
            *last = singular(last);
            Some(named.join(" "))
        })
    }

    /// The argument of the list of which something holds.
    pub(super) fn filter(&self, holds: impl Fn(&str) -> bool) -> Option<(&'a str, &'a Value)> {
        let arguments = self.list?.input_schema.get("properties")?.as_object()?;
        let mut arguments = arguments.iter();
        let found = arguments.find(|(name, _)| is_plain(name) && holds(name))?;
        Some((found.0.as_str(), found.1))
    }

    /// The argument of the list of which something holds with its schema.
    pub(super) fn filter_of(&self, holds: impl Fn(&str, &Value) -> bool) -> Option<&'a str> {
        let arguments = self.list?.input_schema.get("properties")?.as_object()?;
        let mut arguments = arguments.iter();
        let found = arguments.find(|(name, schema)| is_plain(name) && holds(name, schema))?;
        Some(found.0.as_str())
    }

    /// What is done with one record whose tool begins with one of these words.
    pub(super) fn action(&self, verbs: &[&str]) -> Option<&'a Operation> {
        let mut all = self.actions.iter();
        all.find(|operation| {
            let words = words(&operation.tool);
            words
                .first()
                .is_some_and(|verb| verbs.contains(&verb.as_str()))
        })
        .copied()
    }

    /// Names as they stand in names of prompts.
    pub(super) fn slug(text: &str) -> String {
        text.replace(' ', "_")
    }
}

/// What one is called of what is not counted.
fn countable(word: &str) -> Option<&'static str> {
    let found = UNCOUNTED.iter().find(|(noun, _)| *noun == word);
    found.map(|(_, counted)| *counted)
}

/// Names and values of a document stand in texts of ours: only those that are words.
pub(super) fn is_plain(name: &str) -> bool {
    name.bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
}

/// The collections of an API, in the order of its tools. Each can be listed.
pub(super) fn entities<'a>(
    operations: &[&'a Operation],
    composites: &'a [Composite],
) -> Vec<Entity<'a>> {
    let mut found: Vec<Entity<'a>> = Vec::new();
    for operation in operations {
        let Some((path, rest)) = place(operation) else {
            continue;
        };
        let at = found.iter().position(|entity| entity.path == path);
        let at = at.unwrap_or_else(|| {
            found.push(named(path));
            found.len().saturating_sub(1)
        });
        if let Some(entity) = found.get_mut(at) {
            entity.take(operation, &rest);
        }
    }
    found.retain(|entity| entity.list.is_some() && !entity.one.is_empty());
    for entity in &mut found {
        entity.read_fields();
        let list = entity.list.map(|list| list.tool.as_str());
        entity.lookup = composites.iter().find_map(|composite| {
            let Deed::Lookup(lookup) = &composite.deed else {
                return None;
            };
            (Some(lookup.source.list.as_str()) == list).then_some(composite.tool.as_str())
        });
    }
    found
}

fn named<'a>(path: String) -> Entity<'a> {
    let last = words(path.rsplit('/').next().unwrap_or_default());
    let mut one = last.clone();
    if let Some(word) = one.last_mut() {
        *word = singular(word);
    }
    let (noun, mut many) = (one.join(" "), last.join(" "));
    let mut one = noun.clone();
    match last.last().and_then(|word| countable(word)) {
        // "Staff" has no plural, and one of them is called otherwise.
        Some(counted) => {
            one.push(' ');
            one.push_str(counted);
        }
        None if !last.last().is_some_and(|word| plural(word)) => many.push('s'),
        None => {}
    }
    Entity {
        one,
        many,
        noun,
        path,
        ..Entity::default()
    }
}

/// The collection that an operation is about, and what of its path stands behind that: `None` for a parameter.
fn place(operation: &Operation) -> Option<(String, Vec<Option<String>>)> {
    let mut path = String::new();
    let mut rest: Vec<Option<String>> = Vec::new();
    for segment in &operation.segments {
        let literal = match segment.as_slice() {
            [] => continue,
            [Part::Literal(text)] if text.is_empty() => continue,
            [Part::Literal(text)] => Some(text.clone()),
            _ => None,
        };
        match literal {
            Some(text) if rest.is_empty() => {
                path.push('/');
                path.push_str(&text);
            }
            other => rest.push(other),
        }
    }
    // The word that says that a collection is searched.
    if let Some((before, last)) = path.rsplit_once('/')
        && rest.is_empty()
        && operation.risk == Risk::Read
        && FINDS.contains(&last)
        && !before.is_empty()
    {
        rest.push(Some(last.to_owned()));
        path = before.to_owned();
    }
    (!path.is_empty()).then_some((path, rest))
}

impl<'a> Entity<'a> {
    fn take(&mut self, operation: &'a Operation, rest: &[Option<String>]) {
        let reads = operation.risk == Risk::Read;
        let is_list = operation.answer.as_ref().is_some_and(|answer| answer.list);
        let method = operation.method.as_str();
        match rest {
            [] if reads && method == "GET" => self.list = Some(operation),
            [] if method == "POST" && operation.risk == Risk::Write => {
                self.create.get_or_insert(operation);
            }
            // A list comes before a search of the same records.
            [Some(word)] if reads && FINDS.contains(&word.as_str()) => {
                self.list.get_or_insert(operation);
            }
            [None] if reads => {
                self.get.get_or_insert(operation);
            }
            [None] if method == "PATCH" => self.update = Some(operation),
            [None] if method == "PUT" => {
                self.update.get_or_insert(operation);
            }
            [None, Some(word)] => {
                let several = words(word).last().is_some_and(|word| plural(word));
                if reads && (is_list || several) {
                    self.children.push(operation);
                } else if !reads && method == "POST" && several {
                    self.adds.push(operation);
                } else if !reads {
                    self.actions.push(operation);
                }
            }
            _ => {}
        }
    }

    fn read_fields(&mut self) {
        let reads = [self.list, self.get];
        for operation in reads.into_iter().flatten() {
            self.fields.extend(record(operation).into_iter().flatten());
        }
        for operation in [self.create, self.update].into_iter().flatten() {
            let given = operation.input_schema.get("properties");
            let given = given.and_then(Value::as_object).into_iter().flatten();
            for (name, schema) in given {
                self.fields.entry(name).or_insert(schema);
            }
        }
    }
}

/// The properties of the record in an answer.
fn record(operation: &Operation) -> Option<impl Iterator<Item = (&str, &Value)>> {
    let root = operation.output_schema.as_ref()?;
    let place = operation
        .answer
        .as_ref()
        .map(|answer| answer.records.as_str());
    let mut at = followed(root, root)?;
    // A list is the one property of an object, as an answer has to be one; its place is that in what the service sends.
    if operation.output == OutputKind::Wrapped {
        at = followed(root, at.get("properties")?.get("result")?)?;
    }
    for step in place.unwrap_or_default().split('/').skip(1) {
        at = followed(root, at.get("properties")?.get(step)?)?;
    }
    if let Some(items) = at.get("items") {
        at = followed(root, items)?;
    }
    let properties = at.get("properties")?.as_object()?;
    Some(
        properties
            .iter()
            .map(|(name, schema)| (name.as_str(), schema)),
    )
}

/// A schema behind its references.
fn followed<'v>(root: &'v Value, mut schema: &'v Value) -> Option<&'v Value> {
    for _ in 0..HOPS {
        let Some(reference) = schema.get("$ref").and_then(Value::as_str) else {
            return Some(schema);
        };
        schema = root.pointer(reference.strip_prefix('#')?)?;
    }
    None
}
