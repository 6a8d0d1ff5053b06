//! Where the ids that a tool needs come from: the tool that lists the records.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::ir::{Operation, Part, Risk};
use crate::names::{singular, words};

/// How many ids are explained in one description.
const NAMED: usize = 4;
/// Last segments of paths that find records of the collection before them.
const FINDS: [&str; 5] = ["search", "list", "find", "query", "all"];
/// What stands for a parameter in the key of a path.
const ANY: &str = "{}";

/// The tools that list records, by what they list.
#[derive(Debug, Default)]
pub struct IdSources {
    /// By the path of the collection; parameters have no names.
    by_path: HashMap<String, String>,
    /// By the singular words of a collection that needs no id itself. `None` where several have them.
    by_entity: HashMap<String, Option<String>>,
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
        let mut said: Vec<String> = Vec::new();
        for (argument, source) in self.needed(operation) {
            let schema = operation
                .input_schema
                .get("properties")
                .and_then(|properties| properties.get(argument));
            let Some(schema) = schema else { continue };
            let named = |text: &str| words_of(text).any(|word| word == source);
            let told = schema.get("description").and_then(Value::as_str);
            if source == operation.tool
                || !may_be_id(schema)
                || named(&operation.description)
                || told.is_some_and(named)
            {
                continue;
            }
            said.push(format!("{argument} from {source}"));
        }
        said.truncate(NAMED);
        if said.is_empty() {
            return String::new();
        }
        format!("\nIds: {}.", said.join(", "))
    }

    /// Arguments that stand for records, and the tools that list those.
    fn needed<'a>(&'a self, operation: &'a Operation) -> Vec<(&'a str, &'a str)> {
        let mut found: Vec<(&str, &str)> = Vec::new();
        let mut path = String::new();
        for segment in &operation.segments {
            if let [Part::Parameter(name)] = segment.as_slice() {
                let parameter = operation
                    .parameters
                    .iter()
                    .find(|p| p.location == "path" && p.name == *name);
                let source = self.by_path.get(&path).map(String::as_str);
                if let Some(parameter) = parameter
                    && let Some(source) = source.or_else(|| self.by_name(&parameter.argument))
                {
                    found.push((&parameter.argument, source));
                }
            }
            add(&mut path, segment);
        }
        let required = operation.input_schema.get("required");
        let required = required.and_then(Value::as_array).into_iter().flatten();
        for argument in required.filter_map(Value::as_str) {
            let known = found.iter().any(|(name, _)| *name == argument);
            if let Some(source) = self.by_name(argument).filter(|_| !known) {
                found.push((argument, source));
            }
        }
        found
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
