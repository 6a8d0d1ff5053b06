//! Tasks in every view: which can be done, and what they cost.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::play::{Played, TODAY, play};
use super::session::{Cost, Session};
use super::task::{self, Task};
use super::tokens::Counter;
use super::way::{Deed, Lean, Way, deeds};
use crate::crm::Crm;
use crate::failure::{Context as _, Result};
use crate::table;

/// Views, and the least share of the tasks that has to be within reach, in hundredths.
const VIEWS: [(&str, usize); 4] = [("all", 100), ("core", 97), ("lean", 97), ("records", 97)];

/// What a view lists.
struct View {
    name: &'static str,
    tools: BTreeSet<String>,
    tokens: usize,
}

/// Plays the tasks whose name contains `only`; false when too few can be done.
///
/// # Errors
/// When nothing could be tried.
pub fn run(only: Option<&str>, counter: &Counter) -> Result<bool> {
    let wanted = |task: &Task| only.is_none_or(|part| task.name.contains(part));
    let tasks: Vec<Task> = task::all()?.into_iter().filter(wanted).collect();
    let crm = Crm::start(Some(TODAY))?;
    let deeds = deeds(&mut Session::open(&crm.url, "records", counter)?)?;
    let mut rows = Vec::new();
    let mut passes = true;
    for (name, floor) in VIEWS {
        let view = view(name, &crm, counter)?;
        let mut total = Cost::default();
        let mut reached: usize = 0;
        for task in &tasks {
            let played = one(task, &view, &deeds, counter)?;
            match played.fault {
                None => {
                    reached += 1;
                    total.calls += played.cost.calls;
                    total.tokens += played.cost.tokens;
                }
                Some(fault) => println!("{name}: {}: {fault}", task.name),
            }
        }
        passes &= reached * 100 >= floor * tasks.len();
        rows.push(row(&view, tasks.len(), reached, total));
    }
    println!();
    let head = [
        "view",
        "tools",
        "listed",
        "tasks",
        "done",
        "calls each",
        "tokens each",
        "with the list",
    ];
    table::print(&head, &rows);
    Ok(passes)
}

fn one(
    task: &Task,
    view: &View,
    deeds: &BTreeMap<String, Deed>,
    counter: &Counter,
) -> Result<Played> {
    let way = match view.name {
        "lean" => Way::Lean(Lean::new(&task.say)),
        "core" => Way::Core(&view.tools, Lean::new(&task.say)),
        "records" => Way::Records {
            deeds,
            described: BTreeSet::new(),
        },
        _ => Way::Listed(&view.tools),
    };
    play(task, view.name, way, counter).context(&task.name)
}

fn view(name: &'static str, crm: &Crm, counter: &Counter) -> Result<View> {
    let tools = Session::open(&crm.url, name, counter)?.tools()?;
    let names = tools.iter().filter_map(|tool| tool.get("name"));
    Ok(View {
        name,
        tokens: counter.tools(&tools),
        tools: names.filter_map(Value::as_str).map(str::to_owned).collect(),
    })
}

/// Tokens and calls are those of a task that was done, in the mean.
fn row(view: &View, tasks: usize, reached: usize, total: Cost) -> Vec<String> {
    let tenths = (total.calls * 10).checked_div(reached).unwrap_or_default();
    let each = total.tokens.checked_div(reached).unwrap_or_default();
    vec![
        view.name.to_owned(),
        view.tools.len().to_string(),
        view.tokens.to_string(),
        tasks.to_string(),
        reached.to_string(),
        format!("{}.{}", tenths / 10, tenths % 10),
        each.to_string(),
        (each + view.tokens).to_string(),
    ]
}
