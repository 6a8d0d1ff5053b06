//! `recall`: does `find_tools` find what a person means?
//!
//! Intents in words of people, with the operations that serve them, stand in `xtask/recall`, one file
//! for each document. An intent is found when one of its operations is among the first tools. What each view
//! costs is counted besides; a core has a bound.

use std::path::{Path, PathBuf};

use mcpwright::Config;
use mcpwright_runtime::catalog::{self, Search};
use mcpwright_runtime::operation::Api;

use crate::contract::table as tables;
use crate::evaluate::tokens::Counter;
use crate::failure::{Context as _, Result};
use crate::{paths, table};

/// Share of intents whose tool has to be first, and among the first [`TOP`], in hundredths.
const FIRST: usize = 85;
const AMONG: usize = 97;
/// Tools that a search gives.
const TOP: usize = 5;
/// Tokens that a core may take, with the tools that find the others.
const CORE: usize = 3_000;
/// Views whose size is shown.
const VIEWS: [&str; 5] = ["all", "default", "core", "lean", "records"];

/// Options of the task.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Only the documents whose name contains this.
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
    /// Show every intent that is not first.
    #[arg(long)]
    misses: bool,
    /// Look for this instead.
    #[arg(long, value_name = "INTENT")]
    ask: Option<String>,
    /// Write what each view lists, as JSON, into this folder.
    #[arg(long, value_name = "DIR")]
    views: Option<PathBuf>,
}

/// What a person wants, and what does it.
#[derive(Debug)]
struct Intent {
    text: String,
    operations: Vec<String>,
}

/// Found intents of a document.
#[derive(Debug, Default)]
pub struct Figures {
    intents: usize,
    first: usize,
    among: usize,
    misses: Vec<String>,
}

impl Figures {
    fn reach(&self) -> bool {
        self.intents > 0
            && self.first.saturating_mul(100) >= FIRST.saturating_mul(self.intents)
            && self.among.saturating_mul(100) >= AMONG.saturating_mul(self.intents)
    }
}

/// Runs the task; false when less is found than should be.
///
/// # Errors
/// When nothing could be tried.
pub fn run(options: &Options) -> Result<bool> {
    let mut rows = Vec::new();
    let mut sizes = Vec::new();
    let mut passes = true;
    let counter = Counter::new()?;
    for Subject {
        name,
        document,
        settings,
    } in subjects()
    {
        let wanted = options
            .only
            .as_deref()
            .is_none_or(|part| name.contains(part));
        if !wanted {
            continue;
        }
        if !document.is_file() {
            println!("recall: {name} skipped, the document is not beside the repository");
            continue;
        }
        let api = read(&document, settings.as_deref())?;
        if let Some(intent) = &options.ask {
            println!("{name}: {}", Search::new(api).find(intent, 10).join(", "));
            continue;
        }
        let figures = measure(api, name)?;
        // Of a document without intents, only the views are measured.
        passes &= figures.intents == 0 || figures.reach();
        let share = |found: usize| {
            let hundredths = found.saturating_mul(10_000).checked_div(figures.intents);
            let hundredths = hundredths.unwrap_or_default();
            format!("{}.{:02} %", hundredths / 100, hundredths % 100)
        };
        rows.push(vec![
            name.to_owned(),
            api.operations.len().to_string(),
            figures.intents.to_string(),
            share(figures.first),
            share(figures.among),
        ]);
        if options.misses {
            for miss in &figures.misses {
                println!("{name}: {miss}");
            }
        }
        for view in VIEWS {
            let (instructions, tools) = catalog::listed(api, view)?;
            if let Some(folder) = &options.views {
                std::fs::create_dir_all(folder)?;
                let listed = serde_json::json!({"instructions": instructions, "tools": tools});
                let path = folder.join(format!("{name}-{view}.json"));
                std::fs::write(&path, listed.to_string()).context(path.display())?;
            }
            let tokens = counter.tools(&tools);
            passes &= view != "core" || tokens <= CORE;
            sizes.push(vec![
                format!("{name} {view}"),
                tools.len().to_string(),
                tokens.to_string(),
                instructions.len().to_string(),
            ]);
        }
    }
    if options.ask.is_some() {
        return Ok(true);
    }
    table::print(&["document", "tools", "intents", "first", "among 5"], &rows);
    println!();
    table::print(&["view", "tools", "tokens", "instructions"], &sizes);
    Ok(passes)
}

/// What is measured.
struct Subject {
    /// The name of the file of intents, where there is one.
    name: &'static str,
    document: PathBuf,
    settings: Option<PathBuf>,
}

/// Documents with intents, and those of the four CRMs with their settings, whose views are measured.
fn subjects() -> Vec<Subject> {
    let own = |place: &str| paths::root().join("specs").join(place);
    let bare = [
        ("crm", own("crm.yaml")),
        ("perfex", own("perfex/openapi.yaml")),
        ("bottlecrm-31", paths::specs().join("bottlecrm-31.yaml")),
    ];
    let bare = bare.map(|(name, document)| Subject {
        name,
        document,
        settings: None,
    });
    let set = [
        ("perfex with settings", "perfex"),
        ("pingcrm with settings", "pingcrm"),
        ("customermates with settings", "customermates"),
        ("bottlecrm with settings", "bottlecrm"),
    ];
    let set = set.map(|(name, folder)| Subject {
        name,
        document: own(folder).join("openapi.yaml"),
        settings: Some(own(folder).join("mcpwright.toml")),
    });
    bare.into_iter().chain(set).collect()
}

fn read(document: &Path, settings: Option<&Path>) -> Result<&'static Api> {
    let config = Config::new().spec(document);
    let config = match settings {
        Some(settings) => config.settings_file(settings),
        None => config,
    };
    tables::listed(&config.generate()?.api)
}

/// Looks for every intent of a document.
fn measure(api: &'static Api, name: &str) -> Result<Figures> {
    let search = Search::new(api);
    let mut figures = Figures::default();
    for intent in intents(name)? {
        let mut tools = Vec::new();
        for label in &intent.operations {
            let found = api
                .operations
                .iter()
                .find(|operation| format!("{} {}", operation.method, operation.path) == *label);
            // An operation that is no tool cannot be found, and one that is misspelt is a mistake here.
            let is_excluded = |one: &mcpwright_runtime::operation::Exclusion| {
                format!("{} {}", one.method, one.path) == *label
            };
            match found {
                Some(operation) => tools.push(operation.tool),
                None if api.exclusions.iter().any(is_excluded) => {}
                None => return Err(format!("{name}: there is no operation {label}").into()),
            }
        }
        if tools.is_empty() {
            continue;
        }
        let found = search.find(&intent.text, TOP);
        figures.intents = figures.intents.saturating_add(1);
        let place = found.iter().position(|tool| tools.contains(tool));
        figures.among = figures.among.saturating_add(usize::from(place.is_some()));
        figures.first = figures.first.saturating_add(usize::from(place == Some(0)));
        if place != Some(0) {
            let place = place.map_or("not found".to_owned(), |place| {
                format!("place {}", place + 1)
            });
            let miss = format!("{}: {place} of {tools:?} in {found:?}", intent.text);
            figures.misses.push(miss);
        }
    }
    Ok(figures)
}

fn intents(name: &str) -> Result<Vec<Intent>> {
    let path = paths::root()
        .join("xtask/recall")
        .join(format!("{name}.yaml"));
    if !path.is_file() {
        return Ok(Vec::new());
    }
    let text = std::fs::read_to_string(&path).context(path.display())?;
    let list: Vec<serde_yaml::Value> = serde_yaml::from_str(&text).context(path.display())?;
    list.iter()
        .map(|entry| {
            let text = entry.get("intent").and_then(serde_yaml::Value::as_str);
            let operations = entry
                .get("operations")
                .and_then(serde_yaml::Value::as_sequence);
            let operations = operations.into_iter().flatten();
            Ok(Intent {
                text: text.context("an entry without an intent")?.to_owned(),
                operations: operations
                    .filter_map(serde_yaml::Value::as_str)
                    .map(str::to_owned)
                    .collect(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The document that is part of the repository; the others are where a developer has them.
    #[test]
    fn tools_of_the_demo_are_found_by_what_people_call_them() {
        let api = read(&paths::root().join("specs/crm.yaml"), None).unwrap();
        let figures = measure(api, "crm").unwrap();
        assert!(figures.intents >= 100);
        assert!(figures.reach(), "{figures:#?}");
    }
}
