//! The lean view: five tools that find, describe and run all others, for clients that would have to
//! carry every tool along. A core lists them beside its own. There is one runner for each class of tools, so that a client can still
//! allow reads and ask for the rest; none takes tools of another class.

use serde_json::json;

use super::own::{Class, Deed, OwnTool, hints_of, schema};
use super::selection::Selection;
use super::{Catalog, toolsets};
use crate::arguments;
use crate::engine::Entry;
use crate::guard::{Caller, WORDS, with_token};
use crate::json::scan::Defects;
use crate::json::{Object, Value};
use crate::operation::{Hints, Risk};
use crate::result::{self, ErrorKind, ToolResult};
use crate::text::{cap, clean};

/// Tools that a search gives, if nothing else is asked for, and at most.
const FOUND: usize = 5;
const MOST_FOUND: usize = 20;
/// Characters of a tool's purpose in a list.
const PURPOSE: usize = 160;

/// The tools of the view.
pub(super) fn tools(catalog: &Catalog, selection: &Selection) -> Vec<OwnTool> {
    let title = clean(catalog.engine().api().title);
    let mut tools = vec![
        OwnTool {
            name: "find_tools".to_owned(),
            title: "Find tools",
            description: format!(
                "Find the tools of {title} for a purpose. Begin here: say what you want to do in a few words, then run what fits with the runner that is named beside it."
            ),
            hints: Hints::READ,
            input_schema: schema(
                json!({
                    "query": {"type": "string", "minLength": 1, "maxLength": 500, "description": "What you want to do.", "examples": ["list overdue invoices"]},
                    "risk": {"type": "string", "enum": ["read", "write", "destructive", "outward"], "description": "Only tools of this class."},
                    "limit": {"type": "integer", "minimum": 1, "maximum": MOST_FOUND, "default": FOUND},
                }),
                &["query"],
            ),
            deed: Deed::Find,
        },
        OwnTool {
            name: "describe_tool".to_owned(),
            title: "Describe a tool",
            description: "Show a tool's description, arguments as JSON Schema and an example. The name of a topic lists its tools.".to_owned(),
            hints: Hints::READ,
            input_schema: schema(
                json!({"name": {"type": "string", "description": "As find_tools names it."}}),
                &["name"],
            ),
            deed: Deed::Describe,
        },
    ];
    for class in [Class::Read, Class::Write, Class::Destructive] {
        if selection.read_only && class != Class::Read {
            continue;
        }
        tools.push(runner(catalog, class, &title));
    }
    tools
}

fn runner(catalog: &Catalog, class: Class, title: &str) -> OwnTool {
    let (heading, what) = match class {
        Class::Read => ("Run a tool that reads", "Run a tool of {} that only reads."),
        Class::Write => (
            "Run a tool that writes",
            "Run a tool of {} that creates or changes records.",
        ),
        Class::Destructive => (
            "Run a destructive tool",
            "Run a tool of {} that deletes, cannot be undone, or sends something to others. Ask the person first.",
        ),
    };
    // Of all tools: what the view hides can be run too.
    let entries = catalog.engine().entries().iter();
    let of_class = entries.filter(|entry| Class::of(entry.risk()) == class);
    let takes_token = of_class.clone().any(Entry::takes_token);
    let hints = match class {
        Class::Read => Hints::READ,
        Class::Write => Hints {
            read_only: false,
            ..hints_of(of_class.map(Entry::hints))
        },
        Class::Destructive => Hints {
            read_only: false,
            destructive: true,
            ..hints_of(of_class.map(Entry::hints))
        },
    };
    let listed = |properties, required: &[&str]| {
        let schema = schema(properties, required);
        if takes_token {
            with_token(schema)
        } else {
            schema
        }
    };
    OwnTool {
        name: class.runner().to_owned(),
        title: heading,
        description: what.replacen("{}", title, 1),
        hints,
        input_schema: listed(
            json!({
                "name": {"type": "string", "description": "Name of the tool."},
                "arguments": {"type": "object", "description": "Its arguments; see describe_tool."},
            }),
            &["name"],
        ),
        deed: Deed::Run(class),
    }
}

impl Catalog {
    pub(super) fn find_tools(&self, selection: &Selection, arguments: &Object) -> ToolResult {
        let query = text(arguments, "query");
        let risk = arguments.get("risk").and_then(Value::as_str);
        let limit = arguments
            .get("limit")
            .and_then(Value::as_u64)
            .and_then(|limit| usize::try_from(limit).ok())
            .unwrap_or(FOUND);
        let accepts = |index: usize, of: Risk| {
            selection.found.contains(&index) && risk.is_none_or(|risk| risk == of.as_str())
        };
        let found: Vec<&Entry> = self
            .finder()
            .find(query, accepts, limit)
            .into_iter()
            .filter_map(|found| self.engine().entries().get(found.index))
            .collect();
        if found.is_empty() {
            let topics = self.topics(selection);
            return answer(
                format!(
                    "No tool fits `{}`. Say it in other words, or look at a topic with describe_tool: {topics}.",
                    cap(&clean(query), 100)
                ),
                json!({"tools": []}),
            );
        }
        let lines: Vec<String> = found.iter().map(|entry| line(entry)).collect();
        let tools: Vec<Value> = found.iter().map(|entry| summary(entry)).collect();
        answer(lines.join("\n"), json!({"tools": tools}))
    }

    pub(super) fn describe_tool(&self, selection: &Selection, arguments: &Object) -> ToolResult {
        let name = text(arguments, "name");
        let Some(entry) = self.engine().find(name) else {
            if let Ok(toolset) = toolsets::find(self.toolsets(), name) {
                let entries = toolset
                    .tools
                    .iter()
                    .filter(|index| selection.found.contains(index))
                    .filter_map(|index| self.engine().entries().get(*index));
                let entries: Vec<&Entry> = entries.collect();
                let lines: Vec<String> = entries.iter().map(|entry| line(entry)).collect();
                let tools: Vec<Value> = entries.iter().map(|entry| summary(entry)).collect();
                return answer(lines.join("\n"), json!({"tools": tools}));
            }
            return refuse(&format!("{}; find_tools finds tools.", self.unknown(name)));
        };
        let input = entry.input();
        let mut shown = json!({
            "name": entry.name(),
            "title": entry.title(),
            "description": entry.description(),
            "risk": entry.risk().as_str(),
            "run_with": Class::of(entry.risk()).runner(),
            "arguments": input.as_ref(),
        });
        if let Some(example) = arguments::accepted(entry.operation(), input)
            && let Some(shown) = shown.as_object_mut()
        {
            let run = json!({"name": entry.name(), "arguments": example});
            shown.insert("example".to_owned(), run);
        }
        answer(shown.to_string(), shown)
    }

    pub(super) async fn run_tool(
        &self,
        selection: &Selection,
        class: Class,
        mut given: Object,
        defects: &Defects,
        caller: &Caller,
    ) -> ToolResult {
        let name = text(&given, "name").to_owned();
        let Some(entry) = self.engine().find(&name) else {
            let audit = self.engine().audit();
            audit.turned_away(&name, caller, "no such tool for this caller");
            return refuse(&format!("{}; find_tools finds tools.", self.unknown(&name)));
        };
        let needed = Class::of(entry.risk());
        if needed != class {
            return refuse(&format!(
                "{} is {}, which {} does not run. Call {} with the same name and arguments.",
                entry.name(),
                described(entry.risk()),
                class.runner(),
                needed.runner()
            ));
        }
        let mut arguments = match given.remove("arguments") {
            Some(Value::Object(arguments)) => arguments,
            _ => Object::new(),
        };
        for name in WORDS {
            if let Some(word) = given.remove(name) {
                arguments.insert(name.to_owned(), word);
            }
        }
        self.run(selection, entry, arguments, defects, caller).await
    }

    /// Names of the toolsets of a selection, separated by commas.
    fn topics(&self, selection: &Selection) -> String {
        let has = |toolset: &&toolsets::Toolset| {
            toolset.tools.iter().any(|i| selection.found.contains(i))
        };
        let slugs: Vec<&str> = self
            .toolsets()
            .iter()
            .filter(has)
            .map(|toolset| toolset.slug.as_str())
            .collect();
        cap(&slugs.join(", "), 1_000).into_owned()
    }
}

fn described(risk: Risk) -> &'static str {
    match risk {
        Risk::Read => "a tool that reads",
        Risk::Write => "a tool that writes",
        Risk::Destructive => "destructive",
        Risk::Outward => "a tool that reaches others",
    }
}

/// A tool in a list, as text.
fn line(entry: &Entry) -> String {
    let needs = required(entry);
    let needs = if needs.is_empty() {
        String::new()
    } else {
        format!(" Needs {}.", needs.join(", "))
    };
    format!(
        "{} ({}): {}{needs}",
        entry.name(),
        Class::of(entry.risk()).runner(),
        purpose(entry)
    )
}

/// The same as a value.
fn summary(entry: &Entry) -> Value {
    json!({
        "name": entry.name(),
        "run_with": Class::of(entry.risk()).runner(),
        "purpose": purpose(entry),
        "needs": required(entry),
    })
}

fn purpose(entry: &Entry) -> String {
    let first = entry.description().lines().next().unwrap_or_default();
    let sentence = first
        .split_once(". ")
        .map_or(first, |(sentence, _)| sentence);
    let sentence = sentence.trim_end_matches('.');
    let sentence = if sentence.is_empty() {
        entry.title()
    } else {
        sentence
    };
    format!("{}.", cap(sentence, PURPOSE))
}

fn required(entry: &Entry) -> Vec<String> {
    let names = entry.listed().0;
    let names = names.get("required").and_then(Value::as_array);
    let names = names.into_iter().flatten().filter_map(Value::as_str);
    names.map(str::to_owned).collect()
}

/// A text and the same data as a value.
pub(super) fn answer(text: String, structured: Value) -> ToolResult {
    ToolResult {
        structured: Some(structured),
        ..ToolResult::text(text)
    }
}

pub(super) fn refuse(message: &str) -> ToolResult {
    result::refused(ErrorKind::Validation, message)
}

pub(super) fn text<'a>(arguments: &'a Object, name: &str) -> &'a str {
    arguments
        .get(name)
        .and_then(Value::as_str)
        .unwrap_or_default()
}
