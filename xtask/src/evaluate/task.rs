//! Tasks, read from `tests/evaluation/tasks`.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::failure::{Context as _, Failure, Result};
use crate::paths;

/// What a person says, what a good agent then does, and how to see that it is done.
#[derive(Debug)]
pub struct Task {
    /// Its name; no other task has it.
    pub name: String,
    /// What the person says.
    pub say: String,
    /// The calls.
    pub calls: Vec<Step>,
    /// What has to be in the answers as a model reads them: it can say no more than it has read.
    pub answer: Vec<String>,
    /// The CRM afterwards.
    pub state: Vec<State>,
}

/// A call.
#[derive(Debug)]
pub struct Step {
    /// What it is for, in words that an agent would look for a tool with.
    pub ask: String,
    /// The tool.
    pub tool: String,
    /// Its arguments; `{name}` stands for what an earlier answer gave.
    pub arguments: Value,
    /// What is kept of the answer: a name and a place.
    pub save: Vec<(String, String)>,
    /// What the answer says: a place and a value.
    pub expect: Vec<(String, Value)>,
    /// The call is refused, with this in the reason.
    pub refused: Option<String>,
}

/// A look into the CRM.
#[derive(Debug)]
pub struct State {
    /// The path of what is looked at.
    pub at: String,
    /// What it says: a place and a value.
    pub expect: Vec<(String, Value)>,
    /// There is nothing at this path any more.
    pub gone: bool,
}

/// All tasks, by file and in the order in which they stand there.
///
/// # Errors
/// When a file is no list of tasks, or two tasks have one name.
pub fn all() -> Result<Vec<Task>> {
    let folder = paths::root().join("tests/evaluation/tasks");
    let mut files = Vec::new();
    for entry in std::fs::read_dir(&folder).context(folder.display())? {
        files.push(entry?.path());
    }
    files.sort();
    let mut tasks = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).context(file.display())?;
        tasks.extend(read(&text).context(file.display())?);
    }
    let mut names = BTreeSet::new();
    match tasks.iter().find(|task| !names.insert(task.name.as_str())) {
        Some(twice) => Err(format!("two tasks are called {}", twice.name).into()),
        None => Ok(tasks),
    }
}

fn read(text: &str) -> Result<Vec<Task>> {
    let list: Vec<Map<String, Value>> = serde_yaml::from_str(text)?;
    list.into_iter().map(task).collect()
}

fn task(mut given: Map<String, Value>) -> Result<Task> {
    let name = word(&mut given, "task").context("a task without a name")?;
    let made = || -> Result<Task> {
        let say = word(&mut given, "say")?;
        let calls = list(&mut given, "calls")?;
        let state = list(&mut given, "state")?;
        let task = Task {
            name: name.clone(),
            say,
            calls: calls.into_iter().map(step).collect::<Result<_>>()?,
            answer: words(&mut given, "answer")?,
            state: state.into_iter().map(self::state).collect::<Result<_>>()?,
        };
        nothing_left(&given)?;
        let checked = |step: &Step| !step.expect.is_empty() || step.refused.is_some();
        if task.answer.is_empty() && task.state.is_empty() && !task.calls.iter().any(checked) {
            return Err("checks nothing".into());
        }
        Ok(task)
    }();
    made.context(&name)
}

fn step(mut given: Map<String, Value>) -> Result<Step> {
    let made = Step {
        ask: word(&mut given, "ask")?,
        tool: word(&mut given, "tool")?,
        arguments: given.remove("with").unwrap_or_else(|| Map::new().into()),
        save: pairs(&mut given, "save")?
            .into_iter()
            .map(|(name, place)| Ok((name, place.as_str().context("no place")?.to_owned())))
            .collect::<Result<_>>()?,
        expect: pairs(&mut given, "expect")?,
        refused: given
            .contains_key("refused")
            .then(|| word(&mut given, "refused"))
            .transpose()?,
    };
    nothing_left(&given)?;
    Ok(made)
}

fn state(mut given: Map<String, Value>) -> Result<State> {
    let made = State {
        at: word(&mut given, "at")?,
        expect: pairs(&mut given, "expect")?,
        gone: given.remove("gone") == Some(Value::Bool(true)),
    };
    nothing_left(&given)?;
    if made.expect.is_empty() == made.gone {
        return Ok(made);
    }
    Err(format!(
        "{}: says neither what is there nor that it is gone",
        made.at
    )
    .into())
}

fn word(given: &mut Map<String, Value>, key: &str) -> Result<String> {
    match given.remove(key) {
        Some(Value::String(text)) => Ok(text),
        _ => Err(format!("`{key}` is no text").into()),
    }
}

fn words(given: &mut Map<String, Value>, key: &str) -> Result<Vec<String>> {
    let Some(value) = given.remove(key) else {
        return Ok(Vec::new());
    };
    let texts = value.as_array().context(format!("`{key}` is no list"))?;
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let texts: Option<Vec<String>> = texts.iter().map(text).collect();
    texts.ok_or_else(|| Failure::from(format!("`{key}` holds more than texts")))
}

fn list(given: &mut Map<String, Value>, key: &str) -> Result<Vec<Map<String, Value>>> {
    match given.remove(key) {
        None => Ok(Vec::new()),
        Some(value) => serde_json::from_value(value).context(key),
    }
}

fn pairs(given: &mut Map<String, Value>, key: &str) -> Result<Vec<(String, Value)>> {
    match given.remove(key) {
        None => Ok(Vec::new()),
        Some(Value::Object(object)) => Ok(object.into_iter().collect()),
        Some(_) => Err(format!("`{key}` is no object").into()),
    }
}

/// A key that nothing reads would be a check that checks nothing.
fn nothing_left(given: &Map<String, Value>) -> Result<()> {
    match given.keys().next() {
        Some(key) => Err(format!("`{key}` is no key here").into()),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_that_checks_nothing_or_says_what_nobody_reads_is_refused() {
        let call = "calls: [{ask: b, tool: c";
        for (text, fault) in [
            (format!("{call}, expect: {{/d: 1}}}}]"), None),
            (format!("{call}}}]"), Some("checks nothing")),
            (format!("{call}, expcet: {{/d: 1}}}}]"), Some("expcet")),
            (
                format!("{call}}}]\n  state: [{{at: /x}}]"),
                Some("neither what is there"),
            ),
        ] {
            let read = read(&format!("- task: a\n  say: b\n  {text}"));
            match (read, fault) {
                (Ok(_), None) => {}
                (Err(said), Some(fault)) => assert!(said.to_string().contains(fault), "{said}"),
                (read, _) => panic!("{text}: {read:?}"),
            }
        }
    }

    #[test]
    fn there_are_enough_tasks_and_they_can_be_read() {
        assert!(all().unwrap().len() >= 60);
    }
}
