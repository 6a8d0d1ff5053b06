//! How a tool is called in a view: by its name, through the five tools of the lean view, or through the
//! tools over records.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::session::{Session, data, is_refused};
use super::task::Step;
use super::tokens::read;
use crate::failure::Result;

/// What a call came to: a result, or why the view does not lead to the tool.
pub type Reached = std::result::Result<Value, String>;

/// A way to tools.
pub enum Way<'w> {
    /// Those that are listed.
    Listed(&'w BTreeSet<String>),
    /// `find_tools`, `describe_tool` and the runners.
    Lean(Lean<'w>),
    /// Those that are listed, and the lean view's for all others.
    Core(&'w BTreeSet<String>, Lean<'w>),
    /// `crm_search` and the others.
    Records {
        /// What does what each tool does.
        deeds: &'w BTreeMap<String, Deed>,
        /// Entities that this conversation has looked at.
        described: BTreeSet<String>,
    },
}

impl Way<'_> {
    /// Does what a step says.
    ///
    /// # Errors
    /// When the server does not answer.
    pub fn run(
        &mut self,
        session: &mut Session<'_>,
        step: &Step,
        arguments: Value,
    ) -> Result<Reached> {
        match self {
            Self::Listed(tools) if tools.contains(&step.tool) => {
                session.call(&step.tool, &arguments).map(Ok)
            }
            Self::Listed(_) => Ok(Err(format!("{} is not listed", step.tool))),
            Self::Core(tools, _) if tools.contains(&step.tool) => {
                session.call(&step.tool, &arguments).map(Ok)
            }
            Self::Lean(lean) | Self::Core(_, lean) => lean.run(session, step, arguments),
            Self::Records { deeds, described } => {
                let Some(deed) = deeds.get(&step.tool) else {
                    return Ok(Err(format!("no entity leads to {}", step.tool)));
                };
                // Fields and actions are guessed by nobody.
                if described.insert(deed.entity.clone()) {
                    session.call("crm_describe", &json!({"entity": deed.entity}))?;
                }
                let (tool, arguments) = deed.call(arguments);
                session.call(&tool, &arguments).map(Ok)
            }
        }
    }
}

/// The lean view, and what a conversation has seen of its tools.
pub struct Lean<'w> {
    say: &'w str,
    asked: bool,
    runners: BTreeMap<String, String>,
    described: BTreeSet<String>,
}

impl<'w> Lean<'w> {
    /// At the beginning of a conversation, in which a person has said something.
    pub fn new(say: &'w str) -> Self {
        Self {
            say,
            asked: false,
            runners: BTreeMap::new(),
            described: BTreeSet::new(),
        }
    }

    /// First in the person's words, then in those of the step.
    fn run(&mut self, session: &mut Session<'_>, step: &Step, arguments: Value) -> Result<Reached> {
        if !self.asked {
            self.asked = true;
            self.find(session, self.say)?;
        }
        if !self.runners.contains_key(&step.tool) {
            self.find(session, &step.ask)?;
        }
        let Some(runner) = self.runners.get(&step.tool).cloned() else {
            return Ok(Err(format!(
                "find_tools does not find {} for `{}`",
                step.tool, step.ask
            )));
        };
        let has_any = arguments.as_object().is_some_and(|given| !given.is_empty());
        if has_any && self.described.insert(step.tool.clone()) {
            session.call("describe_tool", &json!({"name": step.tool}))?;
        }
        let run = json!({"name": step.tool, "arguments": arguments});
        session.call(&runner, &run).map(Ok)
    }

    fn find(&mut self, session: &mut Session<'_>, query: &str) -> Result<()> {
        let found = session.call("find_tools", &json!({"query": query}))?;
        let tools = data(&found).get("tools").and_then(Value::as_array);
        for tool in tools.into_iter().flatten() {
            let text = |key: &str| tool.get(key).and_then(Value::as_str).map(str::to_owned);
            if let (Some(name), Some(runner)) = (text("name"), text("run_with")) {
                self.runners.insert(name, runner);
            }
        }
        Ok(())
    }
}

/// What the records view does for a tool.
#[derive(Debug)]
pub struct Deed {
    entity: String,
    /// `search`, `get`, `create`, `update`, `delete`, or none for an action.
    verb: Option<&'static str>,
    action: String,
    /// Arguments that are no id of the record.
    fields: BTreeSet<String>,
}

impl Deed {
    /// The call for a tool's arguments.
    fn call(&self, arguments: Value) -> (String, Value) {
        let arguments = match arguments {
            Value::Object(arguments) => arguments,
            _ => Map::new(),
        };
        let (fields, ids): (Map<_, _>, Map<_, _>) = arguments
            .into_iter()
            .partition(|(name, _)| self.fields.contains(name));
        let mut given = Map::new();
        given.insert("entity".to_owned(), self.entity.as_str().into());
        if let Some((_, id)) = ids.into_iter().next() {
            given.insert("id".to_owned(), id);
        }
        let part = match self.verb {
            Some("search") => "filters",
            Some("create" | "update") => "data",
            Some(_) => "within",
            None => {
                given.insert("action".to_owned(), self.action.as_str().into());
                "params"
            }
        };
        if !fields.is_empty() || matches!(self.verb, Some("create" | "update")) {
            given.insert(part.to_owned(), fields.into());
        }
        (
            format!("crm_{}", self.verb.unwrap_or("action")),
            given.into(),
        )
    }
}

/// What the records view does for each tool, as `crm_describe` says it.
///
/// # Errors
/// When the view does not describe its entities.
pub fn deeds(session: &mut Session<'_>) -> Result<BTreeMap<String, Deed>> {
    let all = session.call("crm_describe", &json!({}))?;
    let entities = data(&all).get("entities").and_then(Value::as_object);
    let entities: Vec<String> = entities.into_iter().flat_map(Map::keys).cloned().collect();
    let mut deeds = BTreeMap::new();
    for entity in entities {
        let shown = session.call("crm_describe", &json!({"entity": entity}))?;
        if is_refused(&shown) {
            return Err(format!("{entity}: {}", read(&shown)).into());
        }
        let shown = data(&shown);
        let mut add = |verb, slot: &Value| {
            let text = |key: &str| slot.get(key).and_then(Value::as_str).unwrap_or_default();
            let fields = slot.get("fields").and_then(Value::as_object);
            let deed = Deed {
                entity: entity.clone(),
                verb,
                action: text("action").to_owned(),
                fields: fields.into_iter().flat_map(Map::keys).cloned().collect(),
            };
            // The first way is as good as another.
            deeds.entry(text("tool").to_owned()).or_insert(deed);
        };
        for verb in ["search", "get", "create", "update", "delete"] {
            if let Some(slot) = shown.get(verb) {
                add(Some(verb), slot);
            }
        }
        let actions = shown.get("actions").and_then(Value::as_array);
        for slot in actions.into_iter().flatten() {
            add(None, slot);
        }
    }
    Ok(deeds)
}
