//! Operations of a composite, places in their arguments and in their answers.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::schemas::{There, in_answer, in_item, walk};
use crate::diagnostics::{Code, Diagnostic};
use crate::ir::{Getter, Group, Operation, Risk, Source, Updater};
use crate::settings::effect::place::{Spot, find, parts};
use crate::settings::tree::{Place, Tree};
use crate::similar::most_alike;
use crate::text;
use crate::text::pointer::{escaped, unescaped};

/// One entry on its way to a tool.
pub(super) struct Maker<'a> {
    pub(super) tree: &'a Tree,
    groups: &'a [Group],
    selected: &'a HashMap<String, Vec<(String, String)>>,
    pub(super) findings: Vec<Diagnostic>,
    /// Whether a finding leaves no tool.
    pub(super) failed: bool,
    /// The operations that it calls, with their topics.
    pub(super) called: Vec<(&'a Group, &'a Operation)>,
}

impl<'a> Maker<'a> {
    pub(super) fn new(
        tree: &'a Tree,
        groups: &'a [Group],
        selected: &'a HashMap<String, Vec<(String, String)>>,
    ) -> Self {
        Self {
            tree,
            groups,
            selected,
            findings: Vec::new(),
            failed: false,
            called: Vec::new(),
        }
    }

    /// The kind; the vocabulary holds that there is one.
    pub(super) fn kind(&self) -> &'a str {
        self.text("kind")
    }

    pub(super) fn text(&self, key: &str) -> &'a str {
        let value = self.tree.get(key).and_then(Tree::text);
        value.unwrap_or_default()
    }

    pub(super) fn whole(&self, key: &str) -> Option<u32> {
        let value = self.tree.get(key)?.value();
        u32::try_from(value.as_u64()?).ok()
    }

    pub(super) fn wrong(&mut self, place: &Place, code: Code, message: String, help: String) {
        self.failed = true;
        self.findings.push(place.finding(code, message).help(help));
    }

    /// The operation that a selector names.
    pub(super) fn operation(&mut self, tree: &Tree) -> Option<&'a Operation> {
        let selector = tree.text()?;
        let shown = text::line(selector, 100);
        // A selector that selects nothing was told of.
        let found = self.selected.get(selector)?;
        let [(method, path)] = found.as_slice() else {
            let message = format!("`{shown}` selects {} operations", found.len());
            let help = "a composite names each operation that it calls".to_owned();
            self.wrong(&tree.place, Code::E0941, message, help);
            return None;
        };
        let groups = self.groups;
        let called = groups.iter().find_map(|group| {
            let mut operations = group.operations.iter();
            let operation = operations.find(|o| o.method == *method && o.path == *path)?;
            Some((group, operation))
        });
        match called {
            Some((_, operation)) if operation.variant.is_some() => {
                let message = format!("`{shown}` is split, so that it is no tool of its own");
                let help = "a composite calls whole operations; take out `split`".to_owned();
                self.wrong(&tree.place, Code::E0941, message, help);
                None
            }
            Some(called) => {
                self.called.push(called);
                Some(called.1)
            }
            None => {
                let message = format!("`{shown}` is no tool, so that a composite cannot call it");
                let help = "it is left out or turned off; name another operation".to_owned();
                self.wrong(&tree.place, Code::E0941, message, help);
                None
            }
        }
    }

    /// An operation that only reads.
    pub(super) fn reader(&mut self, tree: &Tree) -> Option<&'a Operation> {
        let operation = self.operation(tree)?;
        if operation.risk != Risk::Read || !operation.hints.read_only {
            let message = format!("`{}` does not only read", operation.tool);
            let kind = self.kind();
            let help = format!("a composite of the kind `{kind}` calls tools of the class `read`");
            self.wrong(&tree.place, Code::E0941, message, help);
            return None;
        }
        Some(operation)
    }

    /// An argument of an operation.
    pub(super) fn spot(&mut self, operation: &Operation, name: &str, at: &Place) -> Option<Spot> {
        match find(operation, name) {
            Ok(spot) if !spot.place.contains('*') => Some(spot),
            Ok(_) => {
                let message = format!("`{}` is in a list", text::line(name, 60));
                let help = "name an argument, or a property of one".to_owned();
                self.wrong(at, Code::E0942, message, help);
                None
            }
            Err(names) => {
                let shown = text::line(name, 60);
                let message = format!("`{}` has no argument `{shown}`", operation.tool);
                let help = suggestion(name, &names, "its arguments are");
                self.wrong(at, Code::E0942, message, help);
                None
            }
        }
    }

    /// That a place is in the answers of an operation, as far as the document says.
    pub(super) fn told(&mut self, operation: &Operation, there: There, pointer: &str, at: &Place) {
        if let There::No(names) = there {
            let shown = text::line(pointer, 80);
            let message = format!(
                "the document does not know of `{shown}` in answers of `{}`",
                operation.tool
            );
            let last = pointer.rsplit('/').next().unwrap_or_default();
            let finding = at.finding(Code::E0943, message);
            let help = suggestion(last, &names, "there are");
            self.findings.push(finding.help(help));
        }
    }

    /// That an operation needs no arguments but those that it gets.
    pub(super) fn enough(&mut self, operation: &Operation, given: &[&str], at: &Place) -> bool {
        let missing = required(operation)
            .find(|name| !given.iter().any(|place| first_step(place) == *name))
            .map(str::to_owned);
        if let Some(name) = &missing {
            let message = format!("`{}` needs `{name}`, which is not given", operation.tool);
            let help = "give it a fixed value with `fields`, or name another operation".to_owned();
            self.wrong(at, Code::E0941, message, help);
        }
        missing.is_none()
    }

    /// A list, how it is asked for words, and how many records come.
    pub(super) fn source(
        &mut self,
        tree: &Tree,
        words: Option<&Tree>,
        size: Option<(u32, &Place)>,
    ) -> Option<(&'a Operation, Source)> {
        let operation = self.reader(tree)?;
        let mut source = Source {
            list: operation.tool.clone(),
            ..Source::default()
        };
        if let Some(words) = words {
            let spot = self.spot(operation, words.text()?, &words.place)?;
            source.words = spot.place;
        }
        if let Some((size, at)) = size {
            match size_place(operation) {
                Some(place) => {
                    self.fits(operation, &place, size, at)?;
                    source.set.extend(companions(operation, &place));
                    source.set.push((place, json!(size)));
                    source.size = size;
                }
                None => {
                    let tool = &operation.tool;
                    let message = format!("`{tool}` has no argument for the number of records");
                    let help = "say which it is: `limit = { param = \"…\" }` of the operation";
                    self.wrong(at, Code::E0942, message, help.to_owned());
                    return None;
                }
            }
        }
        Some((operation, source))
    }

    /// That a number of records is one that the list takes.
    fn fits(&mut self, operation: &Operation, place: &str, size: u32, at: &Place) -> Option<()> {
        let schema = find(operation, &place.trim_start_matches('/').replace('/', "."));
        let schema = schema.ok().and_then(|spot| spot.schema);
        let schema = schema.and_then(|at| operation.input_schema.pointer(&at))?;
        let bound = |name: &str| schema.get(name).and_then(Value::as_u64);
        let size = u64::from(size);
        let values = schema.get("enum").and_then(Value::as_array);
        let is_listed = values.is_none_or(|values| {
            let mut values = values.iter();
            values.any(|v| v.as_u64() == Some(size) || v.as_str() == Some(&size.to_string()))
        });
        let paging = operation.answer.as_ref().and_then(|a| a.paging.as_ref());
        let most = paging.and_then(|paging| paging.size.as_ref().map(|size| u64::from(size.max)));
        let most = most.filter(|most| *most > 0);
        let most = most.into_iter().chain(bound("maximum")).min();
        if is_listed
            && most.is_none_or(|most| size <= most)
            && bound("minimum").is_none_or(|least| size >= least)
        {
            return Some(());
        }
        let message = format!(
            "`{}` does not take {size} as number of records",
            operation.tool
        );
        let help = match values {
            Some(values) => format!("it takes {}", Value::Array(values.clone())),
            None => format!("it takes {} at most", most.unwrap_or_default()),
        };
        self.wrong(at, Code::E0942, message, help);
        None
    }

    /// What gets a record by its id.
    pub(super) fn getter(&mut self, tree: &Tree, name: &str) -> Option<(&'a Operation, Getter)> {
        let operation = self.reader(tree)?;
        let id = self.id(operation, &tree.place)?;
        if !self.enough(operation, &[&id], &tree.place) {
            return None;
        }
        let plan = operation.answer.as_ref().filter(|answer| !answer.list);
        let record = match self.tree.get("record") {
            Some(record) => {
                let pointer = record.text().unwrap_or_default();
                let there = in_answer(operation, pointer);
                self.told(operation, there, pointer, &record.place);
                pointer.to_owned()
            }
            None => plan
                .map(|answer| answer.records.clone())
                .unwrap_or_default(),
        };
        let getter = Getter {
            name: name.to_owned(),
            get: operation.tool.clone(),
            id,
            record,
        };
        Some((operation, getter))
    }

    /// The argument for the id: the one in the path, or the only one that is required.
    fn id(&mut self, operation: &Operation, at: &Place) -> Option<String> {
        let in_path: Vec<&str> = operation
            .parameters
            .iter()
            .filter(|p| p.location == "path" && !p.argument.is_empty())
            .map(|p| p.argument.as_str())
            .collect();
        let needed: Vec<&str> = required(operation).collect();
        match (in_path.as_slice(), needed.as_slice()) {
            ([only], _) | ([], [only]) => Some(format!("/{}", escaped(only))),
            _ => {
                let message = format!("`{}` does not take one id", operation.tool);
                let help = "name an operation with one parameter in its path".to_owned();
                self.wrong(at, Code::E0941, message, help);
                None
            }
        }
    }

    /// What changes a record. `to` are the places of the arguments that change.
    pub(super) fn updater(
        &mut self,
        (get, getter): (&Operation, &Getter),
        (operation, tree): (&Operation, &Tree),
        to: &[&str],
    ) -> Option<Updater> {
        let id = self.id(operation, &tree.place)?;
        let mut carry = Vec::new();
        let needed: Vec<String> = required(operation).map(str::to_owned).collect();
        for name in needed {
            let place = format!("/{}", escaped(&name));
            if place == id || to.iter().any(|to| first_step(to) == name) {
                continue;
            }
            // What an update needs besides is what the record has.
            if let There::No(_) = in_answer(get, &format!("{}{place}", getter.record)) {
                let message = format!(
                    "`{}` needs `{name}`, and answers of `{}` do not have it",
                    operation.tool, get.tool
                );
                let help = "name an update that takes single fields".to_owned();
                self.wrong(&tree.place, Code::E0941, message, help);
                return None;
            }
            carry.push((place.clone(), place));
        }
        let if_match = operation.parameters.iter().find(|parameter| {
            parameter.location == "header" && parameter.name.eq_ignore_ascii_case("if-match")
        });
        let if_match = if_match.filter(|parameter| !parameter.argument.is_empty());
        Some(Updater {
            update: operation.tool.clone(),
            id,
            carry,
            if_match: if_match
                .map(|parameter| format!("/{}", escaped(&parameter.argument)))
                .unwrap_or_default(),
        })
    }

    /// That records of a list have a place.
    pub(super) fn in_records(&mut self, operation: &Operation, pointer: &str, at: &Place) {
        let records = operation
            .answer
            .as_ref()
            .map(|answer| answer.records.as_str());
        let there = in_item(operation, records.unwrap_or_default(), pointer);
        self.told(operation, there, pointer, at);
    }
}

/// What stands beside a number of records in an object that needs it, such as the number of the page.
pub(super) fn companions(operation: &Operation, place: &str) -> Vec<(String, Value)> {
    let Some((parent, own)) = place.rsplit_once('/').filter(|(p, _)| !p.is_empty()) else {
        return Vec::new();
    };
    let root = &operation.input_schema;
    let There::Yes(at) = walk(root, String::new(), parent) else {
        return Vec::new();
    };
    let needed = parts(root, &at).into_iter().filter_map(|(part, _)| {
        let names = root.pointer(&part)?.get("required")?.as_array()?.clone();
        Some(names)
    });
    let mut set = Vec::new();
    for name in needed.flatten() {
        let Some(name) = name.as_str().filter(|name| escaped(name) != own) else {
            continue;
        };
        let sibling = format!("{parent}/{}", escaped(name));
        let schema = match walk(root, String::new(), &sibling) {
            There::Yes(at) => root.pointer(&at),
            _ => None,
        };
        let is_number = schema.is_none_or(|schema| {
            let word = schema.get("type").and_then(Value::as_str);
            matches!(word, None | Some("integer" | "number"))
        });
        if !is_number {
            continue;
        }
        let said = |keyword: &str| schema.and_then(|schema| schema.get(keyword)).cloned();
        // The first page: what the document says of it, else what it is nearly everywhere.
        let first = said("default")
            .or_else(|| said("minimum"))
            .or_else(|| name.to_ascii_lowercase().contains("page").then(|| json!(1)))
            .unwrap_or_else(|| json!(0));
        set.push((sibling, first));
    }
    set
}

/// Where an operation is told how many records to give.
pub(super) fn size_place(operation: &Operation) -> Option<String> {
    let paging = operation.answer.as_ref()?.paging.as_ref()?;
    Some(place_of(&paging.size.as_ref()?.argument))
}

/// The place of what paging names: an argument, or a place in one.
pub(super) fn place_of(name: &str) -> String {
    if name.starts_with('/') {
        name.to_owned()
    } else {
        format!("/{}", escaped(name))
    }
}

/// Names of the arguments that an operation needs.
pub(super) fn required(operation: &Operation) -> impl Iterator<Item = &str> {
    let names = operation.input_schema.get("required");
    let names = names.and_then(Value::as_array);
    names.into_iter().flatten().filter_map(Value::as_str)
}

/// The argument that a place is in.
pub(super) fn first_step(place: &str) -> String {
    let first = place.split('/').nth(1).unwrap_or_default();
    unescaped(first)
}

pub(super) fn suggestion(name: &str, names: &[String], intro: &str) -> String {
    match most_alike(name, names.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => {
            let names: Vec<&str> = names.iter().take(20).map(String::as_str).collect();
            format!("{intro} `{}`", text::line(&names.join("`, `"), 600))
        }
    }
}
