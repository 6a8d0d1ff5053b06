//! Where the ids that a tool needs come from: the tool that lists the records.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::configured::is_version;
use crate::ir::{Operation, Part, Risk};
use crate::names::{singular, words};

/// How many ids are explained in one description.
const NAMED: usize = 4;
/// Last segments of paths that find records of the collection before them.
const FINDS: [&str; 5] = ["search", "list", "find", "query", "all"];
/// Lists within lists whose ids are explained.
const LEVELS: usize = 2;
/// What stands for a parameter in the key of a path.
const ANY: &str = "{}";

/// The tools that list records, by what they list.
#[derive(Debug, Default)]
pub struct IdSources {
    /// By the path of the collection; parameters have no names.
    by_path: HashMap<String, String>,
    /// By the singular words of a collection that needs no id itself. `None` where several have them.
    by_entity: HashMap<String, Option<String>>,
    /// By what is alike in paths that list the same ([`alike`]). `None` where several are.
    alike: HashMap<String, Option<String>>,
}

impl IdSources {
    /// Those of all operations.
    pub fn of<'a>(operations: impl Iterator<Item = &'a Operation>) -> Self {
        let operations: Vec<&Operation> = operations.collect();
        let records: HashSet<String> = operations.iter().flat_map(|o| collections(o)).collect();
        let mut sources = Self::default();
        for operation in operations.iter().filter(|o| o.risk == Risk::Read) {
            let own = literal_path(operation);
            let found = own.filter(|path| {
                operation.method == "GET"
                    && (records.contains(path)
                        || operation.answer.as_ref().is_some_and(|answer| answer.list))
            });
            if let Some(path) = found {
                sources.add_entity(&path, &operation.tool);
                sources.by_path.insert(path, operation.tool.clone());
            }
        }
        // A collection that cannot be listed may have a search.
        for operation in operations.iter().filter(|o| o.risk == Risk::Read) {
            let Some(path) = literal_path(operation) else {
                continue;
            };
            if let Some((collection, last)) = path.rsplit_once('/')
                && FINDS.contains(&last)
                && records.contains(collection)
                && !sources.by_path.contains_key(collection)
            {
                sources.add_entity(collection, &operation.tool);
                sources
                    .by_path
                    .insert(collection.to_owned(), operation.tool.clone());
            }
        }
        for (path, tool) in &sources.by_path {
            let Some(key) = alike(path) else { continue };
            let known = sources.alike.entry(key);
            known
                .and_modify(|tools| *tools = None)
                .or_insert_with(|| Some(tool.clone()));
        }
        sources
    }

    fn add_entity(&mut self, path: &str, tool: &str) {
        if path.contains(ANY) {
            return;
        }
        let last = path.rsplit('/').next().unwrap_or_default();
        let known = self.by_entity.entry(entity(&words(last)));
        known
            .and_modify(|tools| *tools = None)
            .or_insert_with(|| Some(tool.to_owned()));
    }

    /// One line about the ids that a tool needs and whose tools its own texts do not name; empty if there
    /// is nothing to say.
    pub fn line(&self, operation: &Operation) -> String {
        let named = |text: &str, source: &str| words_of(text).any(|word| word == source);
        let mut said: Vec<String> = Vec::new();
        for id in self.needed(operation) {
            let told = id.schema.get("description").and_then(Value::as_str);
            if id.source == operation.tool
                || !may_be_id(id.schema)
                || named(&operation.description, id.source)
                || told.is_some_and(|told| named(told, id.source))
            {
                continue;
            }
            said.push(format!("{} from {}", id.place, id.source));
        }
        said.truncate(NAMED);
        if said.is_empty() {
            return String::new();
        }
        format!("\nIds: {}.", said.join(", "))
    }

    /// Arguments that stand for records, and the tools that list those: what the path and the body need, and what
    /// the objects of lists need.
    fn needed<'a>(&'a self, operation: &'a Operation) -> Vec<Needed<'a>> {
        let properties = operation.input_schema.get("properties");
        let Some(properties) = properties.and_then(Value::as_object) else {
            return Vec::new();
        };
        let mut found: Vec<(&str, &str)> = Vec::new();
        let mut path = String::new();
        // The source of the record before, which a second one of its kind has too. What a `match_id` of duplicates
        // is merged into is no duplicate.
        let mut before: Option<&str> = None;
        for segment in &operation.segments {
            if let [Part::Parameter(name)] = segment.as_slice() {
                let parameter = operation
                    .parameters
                    .iter()
                    .find(|p| p.location == "path" && p.name == *name);
                let source = self.by_path.get(&path).map(String::as_str);
                let source = parameter.and_then(|parameter| {
                    source
                        .or_else(|| self.by_name(&parameter.argument))
                        .or_else(|| self.of_other_number(&path, &parameter.argument))
                        .or(before.filter(|_| is_second(&parameter.argument)))
                });
                if let Some((parameter, source)) = parameter.zip(source) {
                    found.push((&parameter.argument, source));
                }
                let is_own = parameter.is_some_and(|p| is_id_of(&p.argument, &path));
                before = source.filter(|_| is_own);
            }
            add(&mut path, segment);
        }
        for argument in required(&operation.input_schema) {
            let known = found.iter().any(|(name, _)| *name == argument);
            let source = self.by_name(argument);
            let source = source.or(before.filter(|_| is_second(argument)));
            if let Some(source) = source.filter(|_| !known) {
                found.push((argument, source));
            }
        }
        let direct = found.into_iter().filter_map(|(argument, source)| {
            Some(Needed {
                place: argument.to_owned(),
                schema: properties.get(argument)?,
                source,
            })
        });
        let mut all: Vec<Needed<'a>> = direct.collect();
        self.within(&operation.input_schema, "", LEVELS, &mut all);
        all
    }

    /// The ids that objects of lists need: `services[].serviceId`, and `contacts[].id` of what is changed together.
    fn within<'a>(
        &'a self,
        object: &'a Value,
        place: &str,
        levels: usize,
        found: &mut Vec<Needed<'a>>,
    ) {
        let properties = object.get("properties").and_then(Value::as_object);
        for (name, schema) in properties.into_iter().flatten() {
            let Some(items) = schema.get("items").filter(|_| levels > 0) else {
                continue;
            };
            let place = format!("{place}{name}[].");
            for form in forms(items) {
                for needed in required(form) {
                    let of_list = || self.of_list(name).filter(|_| needed == "id");
                    let schema = property(items, form, needed);
                    if let Some(source) = self.by_name(needed).or_else(of_list)
                        && let Some(schema) = schema
                        && !found.iter().any(|known| known.source == source)
                    {
                        found.push(Needed {
                            place: format!("{place}{needed}"),
                            schema,
                            source,
                        });
                    }
                }
            }
            self.within(items, &place, levels.saturating_sub(1), found);
        }
    }

    /// The tool of a collection that lists have the name of: `contacts` of `contacts: [{id}]`.
    fn of_list(&self, list: &str) -> Option<&str> {
        self.by_entity.get(&entity(&words(list)))?.as_deref()
    }

    /// The tool that lists what a path has in the other number, or in another version: `/user/{id}` beside `/users`,
    /// `/v13/users/{id}` beside `/v6/users`. Both stand below the same path, since `/boards/tasks` are others than
    /// `/tasks`; the parameter has to be an id of no other name.
    fn of_other_number(&self, path: &str, argument: &str) -> Option<&str> {
        let is_plain = matches!(argument, "id" | "pk" | "uuid");
        self.alike
            .get(&alike(path).filter(|_| is_plain)?)?
            .as_deref()
    }

    /// `customer_id`, `customerId` and `customer_ids` are of customers.
    pub(super) fn by_name(&self, argument: &str) -> Option<&str> {
        let mut words = words(argument);
        let last = words.pop()?;
        if !matches!(last.as_str(), "id" | "ids" | "uuid" | "uuids") || words.is_empty() {
            return None;
        }
        self.by_entity.get(&entity(&words))?.as_deref()
    }
}

/// Whether an argument is called as the records of a collection are, or has no name but that it is an id.
fn is_id_of(argument: &str, collection: &str) -> bool {
    let mut named = words(argument);
    let is_id = named.pop_if(|last| matches!(last.as_str(), "id" | "pk" | "uuid"));
    let last = collection.rsplit('/').next().unwrap_or_default();
    is_id.is_some() && (named.is_empty() || entity(&words(last)).ends_with(&entity(&named)))
}

/// A path without the segments that say a version, and with its last word in the singular.
fn alike(path: &str) -> Option<String> {
    let (parent, last) = path.rsplit_once('/')?;
    let parent: Vec<&str> = parent.split('/').filter(|one| !is_version(one)).collect();
    Some(format!("{}/{}", parent.join("/"), entity(&words(last))))
}

/// Whether an argument names a second record of the kind before it: `into_id` of a merge.
fn is_second(argument: &str) -> bool {
    let words = words(argument);
    matches!(words.as_slice(), [which, id]
        if matches!(which.as_str(), "other" | "into" | "target" | "source")
            && matches!(id.as_str(), "id" | "ids" | "uuid" | "pk"))
}

/// An id that a tool needs.
struct Needed<'a> {
    /// Where it is given: `customer_id`, `lines[].item_id`.
    place: String,
    /// What is said of it.
    schema: &'a Value,
    /// The tool that lists the records.
    source: &'a str,
}

fn required(schema: &Value) -> impl Iterator<Item = &str> {
    let names = schema.get("required").and_then(Value::as_array);
    names.into_iter().flatten().filter_map(Value::as_str)
}

/// A schema and the forms that its values may have.
fn forms(schema: &Value) -> impl Iterator<Item = &Value> {
    let branches = ["anyOf", "oneOf"].into_iter();
    let branches = branches.filter_map(|keyword| schema.get(keyword)?.as_array());
    std::iter::once(schema).chain(branches.flatten())
}

/// What is said of a property, in a form or beside the forms, where most is said.
fn property<'a>(around: &'a Value, form: &'a Value, name: &str) -> Option<&'a Value> {
    let of = |schema: &'a Value| schema.get("properties")?.get(name);
    of(around).or_else(|| of(form))
}

/// Words that may be names of tools.
fn words_of(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
}

/// A choice of values, a date or a flag names no record.
fn may_be_id(schema: &Value) -> bool {
    let is = |name: &str| schema.get(name).is_some();
    let ty = schema.get("type");
    let of = |wanted: &str| match ty {
        Some(Value::Array(types)) => types.iter().any(|ty| ty == wanted),
        Some(ty) => ty == wanted,
        None => false,
    };
    let format = schema.get("format").and_then(Value::as_str);
    !is("enum")
        && !is("const")
        && (of("string") || of("integer") || of("array"))
        && !format.is_some_and(|format| matches!(format, "date" | "date-time" | "email" | "uri"))
}

fn entity(words: &[String]) -> String {
    let mut words = words.to_vec();
    if let Some(last) = words.last_mut() {
        *last = singular(last);
    }
    words.join("_")
}

fn add(path: &mut String, segment: &[Part]) {
    path.push('/');
    for part in segment {
        match part {
            Part::Literal(text) => path.push_str(text),
            Part::Parameter(_) => path.push_str(ANY),
        }
    }
}

/// The path of an operation on a whole collection: one that does not end with a parameter. A slash at the
/// end does not count.
fn literal_path(operation: &Operation) -> Option<String> {
    let mut path = String::new();
    let segments = operation.segments.as_slice();
    let segments = match segments.split_last() {
        Some((last, before)) if last.is_empty() => before,
        _ => segments,
    };
    segments.iter().for_each(|segment| add(&mut path, segment));
    let last = segments.last()?;
    last.iter()
        .all(|part| matches!(part, Part::Literal(_)))
        .then_some(path)
}

/// The collections whose records an operation is about: what stands before each parameter of its path.
fn collections(operation: &Operation) -> Vec<String> {
    let mut found = Vec::new();
    let mut path = String::new();
    for segment in &operation.segments {
        if matches!(segment.as_slice(), [Part::Parameter(_)]) && !path.is_empty() {
            found.push(path.clone());
        }
        add(&mut path, segment);
    }
    found
}
