//! Operations by tag, in the order of the document's tags.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;
use serde_json::Value;

use super::id_sources::IdSources;
use super::split::Planned;
use super::{describe, example, guidance};
use crate::diagnostics::{Code, Diagnostic, Sink};
use crate::ir;
use crate::model::{Node, RawOperation};
use crate::names::{Unique, module};
use crate::settings::Examples;
use crate::text;

/// What our own descriptions name: the members of a file.
const OWN: [&str; 4] = ["filename", "content_type", "data_base64", "text"];

/// Operations by tag.
pub struct Groups {
    groups: IndexMap<String, ir::Group>,
}

impl Groups {
    /// With the document's tags in their order.
    pub fn new(root: &Node<'_>) -> Self {
        let mut groups = IndexMap::new();
        let by_name: HashMap<&str, Node<'_>> = root
            .list("tags")
            .filter_map(|tag| Some((tag.str("name")?, tag)))
            .collect();
        for tag in root.list("tags") {
            let Some(name) = tag.str("name") else {
                continue;
            };
            groups.entry(name.to_owned()).or_insert_with(|| ir::Group {
                title: title(&by_name, &tag),
                module: String::new(),
                description: text::line(tag.str("description").unwrap_or_default(), 300),
                operations: Vec::new(),
            });
        }
        Self { groups }
    }

    /// Puts an operation into the group that was chosen for it, or that of its first tag.
    pub fn add(&mut self, raw: &RawOperation<'_>, chosen: Option<&str>, operation: ir::Operation) {
        let tag = chosen.map(str::to_owned).or_else(|| {
            raw.node
                .list("tags")
                .find_map(|t| t.value.as_str().map(str::to_owned))
        });
        let tag = tag
            .filter(|t| !t.trim().is_empty())
            .unwrap_or_else(|| resource(raw.path));
        let group = self.groups.entry(tag.clone()).or_insert_with(|| ir::Group {
            title: text::line(&tag, 80),
            module: String::new(),
            description: String::new(),
            operations: Vec::new(),
        });
        group.operations.push(operation);
    }

    /// Descriptions of tools and arguments that mention operationIds name the tools instead, and say what
    /// the document leaves unsaid.
    pub fn name_tools_in_text(
        &mut self,
        tools: &[Planned<'_>],
        examples: Examples,
        sink: &mut Sink,
    ) {
        // One that is split is no tool that could be named.
        let whole = tools.iter().filter(|planned| planned.variant.is_none());
        let names: HashMap<&str, &str> = whole
            .filter_map(|one| Some((one.raw.node.str("operationId")?, one.tool.as_str())))
            .collect();
        let sources = IdSources::of(self.groups.values().flat_map(|g| &g.operations));
        let mut refused = HashSet::new();
        for operation in self.groups.values_mut().flat_map(|g| &mut g.operations) {
            let mut own = OWN.map(str::to_owned).into();
            collect_names(&operation.input_schema, &mut own);
            let tool = |id: &str| names.get(id).filter(|_| !own.contains(id)).copied();
            let description = describe::with_tool_names(&operation.description, &tool);
            operation.description = text::cut(&description, describe::LONGEST);
            name_tools_in_schema(&mut operation.input_schema, &tool);
            if let Err(place) = example::settle(operation) {
                // One that is several tools has one example.
                let body = operation.pointer.child("requestBody");
                if refused.insert(body.clone()) {
                    sink.push(misfit(operation, &place).at_key(&body));
                }
            }
            guidance::complete(operation, &sources, examples);
        }
    }

    /// The groups that have operations, with their module names.
    pub fn finish(self) -> Vec<ir::Group> {
        let mut modules = Unique::default();
        modules.reserve("shared");
        let groups = self.groups.into_iter();
        groups
            .filter(|(_, group)| !group.operations.is_empty())
            .enumerate()
            .map(|(i, (tag, mut group))| {
                group.module = modules.take(&module(&text::line(&tag, 80), i), "_");
                group
            })
            .collect()
    }
}

/// That an example is not one that the tool accepts.
fn misfit(operation: &ir::Operation, place: &str) -> Diagnostic {
    let place = if place.is_empty() { "/" } else { place };
    let (method, path) = (&operation.method, text::line(&operation.path, 120));
    let message = format!("the example of the body of {method} {path} does not fit its schema");
    Diagnostic::new(Code::E0417, message)
        .note(format!(
            "at `{}`; it is not shown to models",
            text::line(place, 120)
        ))
        .help("correct the example or the schema")
}

/// Names of properties, and values: where a text speaks of one of them, it means that and no operation.
pub(super) fn collect_names(schema: &Value, found: &mut HashSet<String>) {
    match schema {
        Value::Object(object) => {
            for (key, value) in object {
                match (key.as_str(), value) {
                    ("properties", Value::Object(properties)) => {
                        found.extend(properties.keys().cloned());
                    }
                    ("enum", Value::Array(values)) => {
                        found.extend(values.iter().filter_map(Value::as_str).map(str::to_owned));
                    }
                    _ => {}
                }
                collect_names(value, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect_names(item, found)),
        _ => {}
    }
}

/// Only `description` keywords are text; a property may have that name too, and then holds a schema.
fn name_tools_in_schema<'a>(schema: &mut Value, tool: &impl Fn(&str) -> Option<&'a str>) {
    match schema {
        Value::Object(object) => {
            for (key, value) in object.iter_mut() {
                match value {
                    Value::String(text) if key == "description" && text.contains('`') => {
                        *text = describe::with_tool_names(text, tool);
                    }
                    _ if matches!(key.as_str(), "enum" | "default" | "examples" | "const") => {}
                    _ => name_tools_in_schema(value, tool),
                }
            }
        }
        Value::Array(items) => {
            items
                .iter_mut()
                .for_each(|item| name_tools_in_schema(item, tool));
        }
        _ => {}
    }
}

/// What people call a tag: its summary or name, behind those of the tags that it is nested in
/// (OpenAPI 3.2 §4.22), as in `Sales / Leads`.
fn title(by_name: &HashMap<&str, Node<'_>>, tag: &Node<'_>) -> String {
    // More levels say nothing.
    const LEVELS: usize = 4;
    let mut words = Vec::new();
    let mut names = Vec::new();
    let mut next = Some(tag);
    while let Some(tag) = next.take().filter(|_| names.len() < LEVELS) {
        let Some(name) = tag.str("name").filter(|name| !names.contains(name)) else {
            break;
        };
        names.push(name);
        words.push(text::line(tag.str("summary").unwrap_or(name), 80));
        next = tag.str("parent").and_then(|parent| by_name.get(parent));
    }
    words.reverse();
    text::line(&words.join(" / "), 120)
}

/// The group of an operation without a tag: the first word of its path that says something.
fn resource(path: &str) -> String {
    path.split('/')
        .find(|s| {
            !s.is_empty()
                && !s.starts_with('{')
                && !matches!(*s, "api" | "rest")
                && s.strip_prefix('v')
                    .is_none_or(|n| n.parse::<f32>().is_err())
        })
        .unwrap_or("general")
        .to_owned()
}
