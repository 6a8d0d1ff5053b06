//! What makes a tool hard to choose or to call, as far as it can be seen without asking a model.
//!
//! The kinds are those that a study of 856 tools found most (arXiv:2602.14878): no purpose, arguments that
//! nobody explains, answers that are not described, texts that are too long or the same as another's.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::tokens::Costs;
use crate::ir::{Api, Operation, OutputKind, Part, Risk};
use crate::names::words;
use crate::text;

/// Tokens above which a tool is long.
const LONG: usize = 500;
/// What begins the lines that the generator adds to descriptions.
const ADDED: [&str; 5] = [
    "Ids: ",
    "WARNING: REPLACES",
    "Required: ",
    "Optional: ",
    "Example: ",
];
/// Names that say nothing about what they hold.
const EMPTY_NAMES: [&str; 14] = [
    "data", "value", "values", "body", "payload", "params", "options", "object", "input", "info",
    "item", "type", "key", "content",
];

/// The smells of each tool that has some, in the order of tools; those with most first.
pub struct Smells<'a> {
    /// Tools with their smells.
    pub tools: Vec<(&'a str, Vec<String>)>,
    /// Tools without any.
    pub clean: usize,
}

impl<'a> Smells<'a> {
    /// Those of all operations.
    pub fn of(api: &'a Api, costs: &Costs) -> Self {
        let mut alike: HashMap<&str, Vec<&str>> = HashMap::new();
        for operation in api.operations() {
            let tools = alike.entry(operation.description.as_str()).or_default();
            tools.push(&operation.tool);
        }
        let mut tools: Vec<(&str, Vec<String>)> = api
            .operations()
            .map(|operation| {
                let mut found = of_operation(operation, costs.of(&operation.tool));
                let same = alike.get(operation.description.as_str());
                let other =
                    same.and_then(|tools| tools.iter().find(|tool| **tool != operation.tool));
                if let Some(other) = other {
                    found.push(format!("the same description as {other}"));
                }
                (operation.tool.as_str(), found)
            })
            .collect();
        let all = tools.len();
        tools.retain(|(_, smells)| !smells.is_empty());
        let clean = all.saturating_sub(tools.len());
        tools.sort_by_key(|(_, smells)| std::cmp::Reverse(smells.len()));
        Self { tools, clean }
    }

    /// Those of one tool.
    pub fn of_tool(&self, tool: &str) -> &[String] {
        let found = self.tools.iter().find(|(name, _)| *name == tool);
        found.map_or(&[], |(_, smells)| smells.as_slice())
    }

    /// One line about all.
    pub fn line(&self) -> String {
        let smells: usize = self.tools.iter().map(|(_, smells)| smells.len()).sum();
        if smells == 0 {
            return "no smells: purposes, arguments and answers are described".to_owned();
        }
        format!(
            "{} in {} ({} without any): `inspect --smells` lists them",
            text::counted(smells, "smell"),
            text::counted(self.tools.len(), "tool"),
            self.clean
        )
    }

    /// All of them, one tool a block.
    pub fn listed(&self) -> String {
        let block = |(tool, smells): &(&str, Vec<String>)| {
            let lines: Vec<String> = smells.iter().map(|smell| format!("  - {smell}")).collect();
            format!("{tool} ({})\n{}", smells.len(), lines.join("\n"))
        };
        self.tools.iter().map(block).collect::<Vec<_>>().join("\n")
    }
}

fn of_operation(operation: &Operation, tokens: usize) -> Vec<String> {
    let mut found = Vec::new();
    if !says_more_than_its_name(operation) {
        found.push("no purpose: the description has the words of the name only".to_owned());
    }
    if operation.description.ends_with('…') {
        found.push("the description is cut".to_owned());
    }
    let none = Map::new();
    let properties = operation.input_schema.get("properties");
    let properties = properties.and_then(Value::as_object).unwrap_or(&none);
    let mut unexplained = Vec::new();
    for (name, schema) in properties {
        if is_any(schema) {
            found.push(format!("`{name}` may be anything"));
        } else if !is_explained(name, schema, operation) {
            unexplained.push(format!("`{name}`"));
        }
    }
    if !unexplained.is_empty() {
        found.push(format!("nothing explains {}", unexplained.join(", ")));
    }
    let shows_call = operation.description.contains("\nExample: ");
    let mut nested = properties
        .iter()
        .filter(|(_, schema)| holds_objects(schema));
    if !shows_call && let Some((name, _)) = nested.next() {
        found.push(format!("no call shows the objects in `{name}`"));
    }
    if operation.risk == Risk::Read
        && !matches!(operation.output, OutputKind::Text | OutputKind::Binary)
        && operation.output_schema.is_none()
    {
        found.push("the answer is not described".to_owned());
    }
    if tokens > LONG {
        found.push(format!("long: {tokens} tokens"));
    }
    found
}

/// Whether the description has a word that the name has not: of the text before what the generator adds.
fn says_more_than_its_name(operation: &Operation) -> bool {
    // The words of the path are those of the name.
    let name: Vec<String> = [words(&operation.tool), words(&operation.path)].concat();
    let known = |word: &String| {
        let stem: String = word.chars().take(4).collect();
        matches!(
            word.as_str(),
            "a" | "an"
                | "the"
                | "of"
                | "by"
                | "for"
                | "to"
                | "in"
                | "and"
                | "id"
                | "irreversible"
                | "deprecated"
        ) || name.iter().any(|other| other.starts_with(&stem))
    };
    let said = operation.description.lines();
    said.filter(|line| !ADDED.iter().any(|added| line.starts_with(added)))
        .any(|line| words(line).iter().any(|word| !known(word)))
}

/// Whether an argument is an object with properties or a list of such, which no example of its own shows. What
/// a file is, models know.
fn holds_objects(schema: &Value) -> bool {
    let object = schema.get("items").unwrap_or(schema);
    let properties = object.get("properties").and_then(Value::as_object);
    let is_nested = properties.is_some_and(|known| !known.contains_key("data_base64"));
    is_nested && schema.get("examples").is_none()
}

fn has(schema: &Value, keywords: &[&str]) -> bool {
    keywords.iter().any(|keyword| schema.get(keyword).is_some())
}

fn is_any(schema: &Value) -> bool {
    !has(
        schema,
        &[
            "type",
            "enum",
            "const",
            "$ref",
            "anyOf",
            "oneOf",
            "allOf",
            "properties",
        ],
    ) && !has(schema, &["description"])
}

/// An argument explains itself by its own text, by what it accepts, or by a name of which the words say
/// enough; one that stands for a record needs a source.
fn is_explained(name: &str, schema: &Value, operation: &Operation) -> bool {
    let accepts = [
        "description",
        "title",
        "enum",
        "const",
        "format",
        "examples",
        "pattern",
        "$ref",
        "properties",
        "anyOf",
        "oneOf",
    ];
    let sources = operation.description.lines();
    let mut sources = sources.filter_map(|line| line.strip_prefix("Ids: "));
    let from = format!("{name} from ");
    let has_source = sources.any(|line| line.split(", ").any(|one| one.starts_with(&from)));
    if has_source || has(schema, &accepts) || operation.description.contains(&format!("`{name}`")) {
        return true;
    }
    let in_path = operation.segments.iter().flatten().any(|part| {
        let of = |wire: &str| {
            let found = operation
                .parameters
                .iter()
                .find(|p| p.location == "path" && p.name == wire);
            found.is_some_and(|parameter| parameter.argument == name)
        };
        matches!(part, Part::Parameter(wire) if of(wire))
    });
    let flag = schema.get("type").and_then(Value::as_str) == Some("boolean");
    !in_path && (flag || !EMPTY_NAMES.contains(&name) && name.len() > 2)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::tokens::Counter;
    use super::Smells;
    use crate::Config;

    /// The smells of `GET /leads/{id}` with these further fields.
    fn smells(fields: Value) -> Vec<String> {
        let mut operation = json!({
            "summary": "Get a lead with its history",
            "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}, "description": "Number of the lead."}],
            "responses": {"200": {"description": "ok", "content": {"application/json": {"schema": {"type": "object", "properties": {"name": {"type": "string"}}}}}}},
        });
        for (key, value) in fields.as_object().unwrap() {
            operation[key] = value.clone();
        }
        let document = json!({
            "openapi": "3.1.0", "info": {"title": "Leads", "version": "1"},
            "paths": {"/leads/{id}": {"get": operation}},
        });
        let config = Config::new().spec_str("leads.json", &document.to_string());
        let api = config.generate_embedded().unwrap().api;
        let costs = Counter::new().unwrap().all(&api);
        let smells = Smells::of(&api, &costs);
        smells.of_tool("get_lead").to_vec()
    }

    #[test]
    fn each_kind_of_smell_is_told_and_what_is_described_has_none() {
        let id = |more: Value| {
            let mut id =
                json!({"name": "id", "in": "path", "required": true, "schema": {"type": "string"}});
            for (key, value) in more.as_object().unwrap() {
                id[key] = value.clone();
            }
            json!([id])
        };
        let said = json!({"description": "Number of the lead."});
        let query = |schema: Value| {
            let mut all = id(said.clone());
            let more = json!({"name": "data", "in": "query", "schema": schema});
            all.as_array_mut().unwrap().push(more);
            json!({"parameters": all})
        };
        let words = "word ".repeat(600);
        for (fields, expected) in [
            (json!({}), vec![]),
            (
                json!({"summary": "Get lead by id"}),
                vec!["no purpose: the description has the words of the name only"],
            ),
            (
                json!({"parameters": id(json!({}))}),
                vec!["nothing explains `id`"],
            ),
            (query(json!({})), vec!["`data` may be anything"]),
            (
                query(json!({"type": "string"})),
                vec!["nothing explains `data`"],
            ),
            (query(json!({"type": "string", "enum": ["a", "b"]})), vec![]),
            (query(json!({"type": "boolean"})), vec![]),
            (
                query(json!({"type": "object", "properties": {"a": {"type": "string"}}})),
                vec!["no call shows the objects in `data`"],
            ),
            (
                json!({"responses": {"200": {"description": "ok"}}}),
                vec!["the answer is not described"],
            ),
            (
                json!({"description": words}),
                vec!["the description is cut"],
            ),
        ] {
            assert_eq!(smells(fields.clone()), expected, "{fields}");
        }
    }
}
