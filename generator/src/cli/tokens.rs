//! What the tools cost a model: o200k tokens of what clients put before it.

use std::collections::BTreeMap;

use serde_json::Value;
use tiktoken_rs::CoreBPE;

use crate::emit::{listed_operation, listed_schema};
use crate::ir::Api;

/// Most tools, and most tokens of them by the runtime's estimate, that a client is shown all at once where it asks for
/// no view (`runtime/src/catalog/selection.rs`).
const MOST_TOOLS: usize = 40;
const MOST_TOKENS: usize = 8_000;
/// Bytes that the runtime takes for a token (`runtime/src/catalog/cost.rs`).
const BYTES_PER_TOKEN: usize = 4;

/// A tool as it is listed: its name, its description and its schema.
type Listed<'a> = (&'a str, &'a str, Value);

fn listed(api: &Api) -> impl Iterator<Item = Listed<'_>> {
    let operations = api.operations();
    let operations =
        operations.map(|o| (o.tool.as_str(), o.description.as_str(), listed_operation(o)));
    let composites = api.composites.iter();
    operations.chain(composites.map(|c| {
        (
            c.tool.as_str(),
            c.description.as_str(),
            listed_schema(&c.input_schema),
        )
    }))
}

/// Whether a client that asks for no view is shown every tool, and not the core.
pub fn are_all_listed(api: &Api) -> bool {
    let tokens = |(name, description, schema): Listed<'_>| {
        (name.len() + description.len() + schema.to_string().len()).div_ceil(BYTES_PER_TOKEN)
    };
    listed(api).count() <= MOST_TOOLS && listed(api).map(tokens).sum::<usize>() <= MOST_TOKENS
}

/// Counts tokens.
pub struct Counter {
    vocabulary: CoreBPE,
}

/// The cost of each tool.
pub struct Costs {
    by_tool: BTreeMap<String, usize>,
}

impl Counter {
    /// With the vocabulary `o200k_base`, which this binary holds.
    ///
    /// # Errors
    /// When the vocabulary cannot be read, which is a fault of the build.
    pub fn new() -> Result<Self, String> {
        let vocabulary = tiktoken_rs::o200k_base();
        let vocabulary = vocabulary.map_err(|error| format!("no tokens are counted: {error}"))?;
        Ok(Self { vocabulary })
    }

    /// What a tool costs: its name, its description and its listed schema as compact JSON. Titles and
    /// hints are for clients; the wrapping differs from host to host.
    fn tool(&self, name: &str, description: &str, schema: &Value) -> usize {
        let schema = schema.to_string();
        [name, description, &schema]
            .into_iter()
            .map(|text| self.vocabulary.encode_ordinary(text).len())
            .sum()
    }

    /// What each tool costs.
    pub fn all(&self, api: &Api) -> Costs {
        Costs {
            by_tool: listed(api)
                .map(|(tool, said, schema)| (tool.to_owned(), self.tool(tool, said, &schema)))
                .collect(),
        }
    }
}

impl Costs {
    /// All of them.
    pub fn total(&self) -> usize {
        self.by_tool.values().sum()
    }

    /// The tools that were counted.
    pub fn tools(&self) -> impl Iterator<Item = &str> {
        self.by_tool.keys().map(String::as_str)
    }

    /// That of one tool.
    pub fn of(&self, tool: &str) -> usize {
        self.by_tool.get(tool).copied().unwrap_or_default()
    }

    /// The tools, dearest first.
    fn dearest(&self) -> Vec<(&str, usize)> {
        let mut all: Vec<_> = self.by_tool.iter().map(|(t, n)| (t.as_str(), *n)).collect();
        all.sort_by_key(|(_, cost)| std::cmp::Reverse(*cost));
        all
    }

    /// One line: all, the median, and the dearest tool.
    pub fn line(&self) -> String {
        let dearest = self.dearest();
        let median = dearest.get(dearest.len() / 2).map_or(0, |(_, cost)| *cost);
        let (tool, most) = dearest.first().copied().unwrap_or_default();
        format!(
            "{} tokens (o200k) of names, descriptions and argument schemas; {median} per tool in the \
             median, {most} at most ({tool})",
            self.total()
        )
    }

    /// Whether they keep within a budget.
    ///
    /// # Errors
    /// When they cost more: what to say.
    pub fn keep_within(&self, budget: Option<usize>) -> Result<(), String> {
        let total = self.total();
        let Some(budget) = budget.filter(|budget| total > *budget) else {
            return Ok(());
        };
        let dearest = self.dearest();
        let dearest: Vec<String> = dearest
            .iter()
            .take(5)
            .map(|(tool, cost)| format!("{tool} ({cost})"))
            .collect();
        Err(format!(
            "the tools cost {total} tokens and the budget is {budget}; dearest: {}. Leave operations out \
             (--exclude), shorten texts with an overlay, or raise --budget-tokens (`server.budget_tokens`)",
            dearest.join(", ")
        ))
    }
}
