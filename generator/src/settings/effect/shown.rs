//! How answers are shown: where the records stand, what of them is shown, in which words and form.

use serde_json::Value;

use super::judged::{Arrays, Fit, There, at, has_value};
use super::{Effect, words};
use crate::diagnostics::Code;
use crate::ir::{Answer, Dates, Operation, OutputKind, Risk};
use crate::text;
use crate::text::pointer::{escaped, unescaped};

/// What the schema that tools list says of a place in the answer.
#[derive(Clone, Copy)]
pub(super) enum Listed<'a> {
    /// This.
    Schema(&'a Value),
    /// Nothing.
    Unknown,
    /// That it is not there.
    Missing,
}

impl Effect<'_> {
    pub(super) fn shown(&mut self) {
        let facts = &self.said.facts;
        let mut answer = self.operation.answer.clone().unwrap_or_default();
        // Documents leave answers out that there are.
        let of_json = !matches!(self.operation.output, OutputKind::Text | OutputKind::Binary);
        let mut unknown_list = self.operation.answer.is_none();
        if let Some(unwrap) = &facts.unwrap {
            let found = self.in_answer(unwrap, Arrays::Indexed);
            let judged = (found.fit(), found.names());
            if of_json && judged.0 != Fit::No && *unwrap != answer.records {
                match self.there(unwrap) {
                    Listed::Schema(schema) => answer.list = is_a(schema, "array"),
                    Listed::Unknown | Listed::Missing => unknown_list = true,
                }
                answer.records.clone_from(unwrap);
                // These were chosen for other records.
                answer.columns.clear();
                // Of an open answer what comes tells the columns, wherever its records stand.
                answer.selectable &= answer.open;
                answer.settled = false;
            }
            self.tried_name("unwrap", unwrap, judged);
        }
        let reads = self.operation.risk == Risk::Read;
        if reads
            && of_json
            && unknown_list
            && !matches!(self.there(&answer.records), Listed::Schema(_))
        {
            // Nothing else tells, and what is said of records in tables is said of lists.
            answer.list |= !facts.columns.is_empty() || facts.paging.is_some();
        }
        if reads && of_json {
            self.chosen(&mut answer);
        } else {
            self.tried("project", false);
            self.tried("columns", false);
        }
        if !facts.echo.is_empty() {
            let names = self.properties("echo", &facts.echo);
            if !reads && of_json {
                self.any_known("echo", &answer, &facts.echo);
                answer.echo = names;
            }
            self.tried("echo", !reads && of_json);
        }
        let named: Vec<String> = facts.value_map.keys().cloned().collect();
        if !named.is_empty() {
            self.tried("value_map", of_json);
            if of_json && self.any_known("value_map", &answer, &named) {
                answer.words.clone_from(&facts.value_map);
                self.words(&answer);
            }
        }
        if of_json {
            words::of_arguments(self.operation, &mut answer);
        }
        if facts.format.is_some() {
            self.tried("format", of_json);
        }
        if facts.dates.is_some() {
            self.tried("dates", of_json);
        }
        if let Some(format) = facts.format.or(self.format).filter(|_| of_json) {
            answer.format = Some(format);
        }
        let dates = facts.dates.or(self.dates).filter(|_| of_json);
        answer.human_dates = dates == Some(Dates::Human);
        if answer != self.operation.answer.clone().unwrap_or_default() {
            self.operation.answer = Some(answer);
        }
    }

    /// What of a record is shown, and what a table has.
    fn chosen(&mut self, answer: &mut Answer) {
        let facts = &self.said.facts;
        if !facts.project.is_empty() {
            let names = self.properties("project", &facts.project);
            self.tried("project", true);
            if self.any_known("project", answer, &facts.project) {
                answer.columns = names;
                answer.selectable = true;
                answer.settled = answer.list;
            }
        }
        if facts.columns.is_empty() {
            return;
        }
        // Of an open answer what comes tells where its list is.
        let lists = answer.list || answer.open;
        self.tried("columns", lists);
        if !lists || !self.any_known("columns", answer, &facts.columns) {
            return;
        }
        if facts.project.is_empty() {
            let with_id = !facts.columns.iter().any(|name| name == "id");
            let id = with_id.then(|| "id".to_owned());
            answer.columns = id.into_iter().chain(facts.columns.clone()).collect();
            answer.selectable = true;
            answer.settled = true;
        } else {
            answer.table.clone_from(&facts.columns);
        }
    }

    /// The properties that pointers name: only those of the record itself can be chosen.
    fn properties(&mut self, key: &str, pointers: &[String]) -> Vec<String> {
        let mut names = Vec::new();
        for pointer in pointers {
            let step = pointer.strip_prefix('/').unwrap_or(pointer);
            if step.is_empty() || step.contains('/') {
                let message = format!(
                    "`{}` in `{key}` is no property of a record: only those can be chosen, as `/name`",
                    text::line(pointer, 60)
                );
                let at = self.said.place(key).cloned();
                self.find(at.as_ref(), Code::E0931, message);
            } else {
                names.push(unescaped(step));
            }
        }
        names
    }

    /// Whether a record may have one of these properties: names, or pointers to them. Each is noted.
    fn any_known(&mut self, key: &str, answer: &Answer, names: &[String]) -> bool {
        let record = self.record(&answer.records);
        let judged: Vec<_> = names
            .iter()
            .map(|name| match &record {
                There::Yes(record) => {
                    let pointer = if name.starts_with('/') {
                        name.clone()
                    } else {
                        format!("/{}", escaped(name))
                    };
                    let there = at(record, &pointer, Arrays::Indexed);
                    (there.fit(), there.names())
                }
                other => (other.fit(), other.names()),
            })
            .collect();
        let known = judged.iter().any(|(fit, _)| *fit != Fit::No);
        for (name, there) in names.iter().zip(judged) {
            self.tried_name(key, name, there);
        }
        known
    }

    /// Whether the values that words stand for can come.
    fn words(&mut self, answer: &Answer) {
        let said = self.said;
        let mut judged = Vec::new();
        if let There::Yes(record) = self.record(&answer.records) {
            for (name, words) in &said.facts.value_map {
                let there = at(record, &format!("/{}", escaped(name)), Arrays::Indexed);
                let There::Yes(property) = there else {
                    continue;
                };
                for value in words.keys() {
                    judged.push((name, value, has_value(property, value)));
                }
            }
        }
        for (name, value, there) in judged {
            self.tried_name(&format!("value_map.{name}"), value, there);
        }
    }

    fn there(&self, pointer: &str) -> Listed<'_> {
        there(self.operation, pointer)
    }
}

/// What is listed of a place in an answer.
pub(super) fn there<'o>(operation: &'o Operation, pointer: &str) -> Listed<'o> {
    let Some(mut schema) = operation.output_schema.as_ref() else {
        return Listed::Unknown;
    };
    if operation.output == OutputKind::Wrapped {
        let Some(inner) = schema.pointer("/properties/result") else {
            return Listed::Unknown;
        };
        schema = inner;
    }
    for step in pointer.split('/').skip(1) {
        let step = unescaped(step);
        let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
            let says = ["type", "items", "anyOf", "oneOf", "allOf"];
            let other = says.iter().any(|key| schema.get(key).is_some());
            return if other && !is_a(schema, "object") {
                Listed::Missing
            } else {
                Listed::Unknown
            };
        };
        match properties.get(&step) {
            Some(inner) => schema = inner,
            None => return Listed::Missing,
        }
    }
    if schema.as_object().is_none_or(serde_json::Map::is_empty) {
        Listed::Unknown
    } else {
        Listed::Schema(schema)
    }
}

pub(super) fn is_a(schema: &Value, kind: &str) -> bool {
    match schema.get("type") {
        Some(Value::String(one)) => one == kind,
        Some(Value::Array(several)) => several.iter().any(|one| one == kind),
        _ => false,
    }
}
