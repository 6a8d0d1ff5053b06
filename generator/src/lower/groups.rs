//! Operations by tag, in the order of the document's tags.

use std::collections::HashMap;

use indexmap::IndexMap;

use super::describe;
use crate::ir;
use crate::model::{Node, RawOperation};
use crate::names::{Unique, module};
use crate::text;

/// Operations by tag.
pub struct Groups {
    groups: IndexMap<String, ir::Group>,
}

impl Groups {
    /// With the document's tags in their order.
    pub fn new(root: &Node<'_>) -> Self {
        let mut groups = IndexMap::new();
        for tag in root.list("tags") {
            let Some(name) = tag.str("name") else {
                continue;
            };
            groups.entry(name.to_owned()).or_insert_with(|| ir::Group {
                title: text::line(name, 80),
                module: String::new(),
                description: text::line(tag.str("description").unwrap_or_default(), 300),
                operations: Vec::new(),
            });
        }
        Self { groups }
    }

    /// Puts an operation into the group of its first tag.
    pub fn add(&mut self, raw: &RawOperation<'_>, operation: ir::Operation) {
        let tag = raw
            .node
            .list("tags")
            .find_map(|t| t.value.as_str().map(str::to_owned));
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

    /// Descriptions of tools and arguments that mention operationIds name the tools instead.
    pub fn name_tools_in_text(&mut self, operations: &[RawOperation<'_>], tools: &[String]) {
        let names: HashMap<&str, &str> = operations
            .iter()
            .zip(tools)
            .filter_map(|(raw, tool)| Some((raw.node.str("operationId")?, tool.as_str())))
            .collect();
        for operation in self.groups.values_mut().flat_map(|g| &mut g.operations) {
            let description = describe::with_tool_names(&operation.description, &names);
            operation.description = text::cut(&description, describe::LONGEST);
            name_tools_in_schema(&mut operation.input_schema, &names);
        }
    }

    /// The groups that have operations, with their module names.
    pub fn finish(self) -> Vec<ir::Group> {
        let mut modules = Unique::default();
        modules.reserve("shared");
        let mut groups: Vec<ir::Group> = self
            .groups
            .into_values()
            .filter(|g| !g.operations.is_empty())
            .collect();
        for (i, group) in groups.iter_mut().enumerate() {
            group.module = modules.take(&module(&group.title, i), "_");
        }
        groups
    }
}

/// Only `description` keywords are text; a property may have that name too, and then holds a schema.
fn name_tools_in_schema(schema: &mut serde_json::Value, names: &HashMap<&str, &str>) {
    match schema {
        serde_json::Value::Object(object) => {
            for (key, value) in object.iter_mut() {
                match value {
                    serde_json::Value::String(text)
                        if key == "description" && text.contains('`') =>
                    {
                        *text = describe::with_tool_names(text, names);
                    }
                    _ if matches!(key.as_str(), "enum" | "default" | "examples" | "const") => {}
                    _ => name_tools_in_schema(value, names),
                }
            }
        }
        serde_json::Value::Array(items) => {
            items
                .iter_mut()
                .for_each(|item| name_tools_in_schema(item, names));
        }
        _ => {}
    }
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
