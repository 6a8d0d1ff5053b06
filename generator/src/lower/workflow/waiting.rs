//! Prompts for what waits: the day's reminders, and records that are there twice.

use super::{Api, argument, step};
use crate::ir::{Operation, Prompt, Risk};
use crate::names::words;

/// Words of reads that say what waits for somebody.
const WAITS: [&str; 16] = [
    "overdue",
    "upcoming",
    "today",
    "birthdays",
    "anniversaries",
    "reminders",
    "notification",
    "notifications",
    "unread",
    "suggestions",
    "agenda",
    "inbox",
    "dashboard",
    "expiring",
    "pending",
    "followups",
];
/// Words of reads that only say how it is shown.
const SETTINGS: [&str; 5] = [
    "settings",
    "preferences",
    "prefs",
    "config",
    "configuration",
];
/// Reads without which there is no day to plan.
const LEAST: usize = 3;
/// Reads that such a prompt names.
const NAMED: usize = 6;
/// Words of a list of records that are there twice.
const TWICE: [&str; 3] = ["duplicates", "duplicate", "matches"];
/// Words of what says that two records are not the same.
const APART: [&str; 4] = ["dismiss", "reject", "ignore", "keep"];
/// Lists of them that are worked on.
const PAIRS: usize = 3;

impl<'a> Api<'a> {
    /// What waits today, from all that reminds.
    pub(super) fn day(&self) -> Option<Prompt> {
        let waits = |operation: &&&'a Operation| {
            let named = words(&operation.tool);
            let has = |list: &[&str]| named.iter().any(|word| list.contains(&word.as_str()));
            is_free(operation) && has(&WAITS) && !has(&SETTINGS)
        };
        let reads: Vec<&str> = self
            .operations
            .iter()
            .filter(waits)
            .take(NAMED)
            .map(|operation| operation.tool.as_str())
            .collect();
        if reads.len() < LEAST {
            return None;
        }
        // One after the other, so that a view without one of them keeps the others.
        let mut steps: Vec<_> = reads
            .iter()
            .map(|read| step(format!("Look at `{read}`.")))
            .collect();
        steps.push(step(
            "Show one table of what waits, most pressing first, at most {limit} rows: what, whose, since when or until \
             when, and the next step. Leave out what is done."
                .to_owned(),
        ));
        steps.push(step(
            "End with the three things that I should do first. Change nothing.".to_owned(),
        ));
        Some(Prompt {
            name: "plan_my_day".to_owned(),
            title: "Plan my day".to_owned(),
            description: "What waits today, most pressing first, and what to do first.".to_owned(),
            arguments: vec![argument("limit", "How many rows at most", Some("10"))],
            opening: format!("What waits for me in {} today?", self.title),
            steps,
            needs: reads
                .first()
                .map(|read| (*read).to_owned())
                .into_iter()
                .collect(),
        })
    }

    /// Records that are there twice: each pair merged or left, as the person says.
    pub(super) fn duplicates(&self) -> Option<Prompt> {
        let twice = |operation: &&&'a Operation| {
            let named = words(operation.path.rsplit('/').next().unwrap_or_default());
            is_free(operation) && named.iter().any(|word| TWICE.contains(&word.as_str()))
        };
        let mut lists: Vec<&str> = Vec::new();
        let mut steps = Vec::new();
        for list in self.operations.iter().filter(twice).take(PAIRS) {
            let Some(merge) = self.below(list, |words| words.contains(&"merge".to_owned())) else {
                continue;
            };
            lists.push(&list.tool);
            steps.push(step(format!(
                "List the pairs of `{}`. Show of each why it may be one, and what differs.",
                list.tool
            )));
            steps.push(step(format!(
                "Merge with `{}` only the pairs that I name, one after the other: it cannot be undone.",
                merge.tool
            )));
            let is_apart = |words: &[String]| words.iter().any(|w| APART.contains(&w.as_str()));
            if let Some(apart) = self.below(list, is_apart) {
                steps.push(step(format!(
                    "Put aside with `{}` those that I say are two.",
                    apart.tool
                )));
            }
        }
        let first = lists.first()?;
        Some(Prompt {
            name: "clean_up_duplicates".to_owned(),
            title: "Clean up duplicates".to_owned(),
            description: "Shows the records that are there twice, and merges those that you name."
                .to_owned(),
            arguments: Vec::new(),
            opening: format!("Which records in {} are there twice?", self.title),
            needs: vec![(*first).to_owned()],
            steps,
        })
    }

    /// The change below the path of a list whose last path word is of that kind.
    fn below(
        &self,
        list: &Operation,
        of_kind: impl Fn(&[String]) -> bool,
    ) -> Option<&'a Operation> {
        let base = list.path.trim_end_matches('/');
        let mut all = self.operations.iter().copied();
        all.find(|operation| {
            let path = operation.path.trim_end_matches('/');
            let rest = path.strip_prefix(base).unwrap_or_default();
            operation.risk != Risk::Read
                && rest.starts_with('/')
                && of_kind(&words(rest.rsplit('/').next().unwrap_or_default()))
        })
    }
}

/// Whether it reads and needs no argument.
fn is_free(operation: &Operation) -> bool {
    let required = operation.input_schema.get("required");
    let needs = required
        .and_then(serde_json::Value::as_array)
        .is_some_and(|names| !names.is_empty());
    operation.risk == Risk::Read && !operation.path.contains('{') && !needs
}
