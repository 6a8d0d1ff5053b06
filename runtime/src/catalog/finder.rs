//! Tools found by what they are for: BM25 over the fields of a tool (Robertson and Zaragoza, "The
//! Probabilistic Relevance Framework: BM25 and Beyond", 2009, §3.6, BM25F), with what is known of APIs
//! besides: the method says whether a tool lists, shows, creates, changes or deletes, and a tool whose
//! name says more than was asked for is about something else.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::question::Question;
use super::words::{is_plural, stem, words};
use crate::operation::Risk;

/// What is searched of a tool.
#[derive(Debug, Clone, Copy)]
pub(super) struct Document<'a> {
    pub(super) name: &'a str,
    pub(super) title: &'a str,
    pub(super) description: &'a str,
    pub(super) group: &'a str,
    /// What the document says of its group.
    pub(super) topic: &'a str,
    /// HTTP method; empty for a tool that is no operation.
    pub(super) method: &'a str,
    pub(super) path: &'a str,
    pub(super) risk: Risk,
}

/// Fields of a tool, with their weight and how much their length counts against them.
#[derive(Debug, Clone, Copy)]
enum Field {
    Name,
    Title,
    Path,
    Group,
    Purpose,
    Text,
    Arguments,
}

impl Field {
    const ALL: [(Self, f64, f64); 7] = [
        (Self::Name, 3.0, 0.6),
        (Self::Title, 2.5, 0.5),
        (Self::Path, 1.5, 0.5),
        (Self::Group, 1.0, 0.3),
        (Self::Purpose, 1.5, 0.5),
        (Self::Text, 0.5, 0.7),
        (Self::Arguments, 0.3, 0.8),
    ];
}

/// What a word counts that only the text about a group has.
const TOPIC: f64 = 1.0;
/// Saturation of repeated words.
const K1: f64 = 1.4;

/// What a tool does to records, as its method and path say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    List,
    Get,
    Create,
    Update,
    Delete,
    Other,
}

impl Deed {
    fn of(method: &str, path: &str) -> Self {
        let mut segments = path.split('/').filter(|segment| !segment.is_empty());
        let last = segments.next_back().unwrap_or_default();
        let at_item = last.contains('{');
        let below_item = segments.any(|segment| segment.contains('{'));
        match (method, at_item) {
            ("GET", false) => Self::List,
            ("GET", true) => Self::Get,
            ("POST", false) if !below_item || is_plural(last) => Self::Create,
            ("PUT" | "PATCH", true) => Self::Update,
            ("DELETE", _) => Self::Delete,
            _ => Self::Other,
        }
    }

    /// The word for it.
    const fn word(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Get => "get",
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Other => "",
        }
    }
}

/// A tool in the index.
#[derive(Debug)]
struct Indexed {
    risk: Risk,
    deed: Deed,
    /// Stem of the first word of its name.
    verb: String,
    /// Stems of its name.
    name: Vec<String>,
}

/// An index over tools.
#[derive(Debug)]
pub(super) struct Finder {
    tools: Vec<Indexed>,
    /// Weighted occurrences of a stem, by tool.
    postings: BTreeMap<String, Vec<(usize, f64)>>,
}

/// A tool that was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Found {
    /// Place in the list that the index was made from.
    pub(super) index: usize,
    pub(super) score: f64,
}

impl Finder {
    /// An index. `arguments` are the names of a tool's arguments.
    pub(super) fn new<'a>(documents: impl Iterator<Item = (Document<'a>, Vec<String>)>) -> Self {
        let mut tools = Vec::new();
        let mut counted: Vec<[HashMap<String, f64>; 7]> = Vec::new();
        let mut topics: Vec<HashMap<String, f64>> = Vec::new();
        for (document, arguments) in documents {
            topics.push(counts(document.topic));
            let deed = Deed::of(document.method, document.path);
            let fields = Field::ALL.map(|(field, ..)| text_of(field, &document, &arguments));
            counted.push(fields.map(|text| counts(&text)));
            let mut name: Vec<String> = words(document.name).into_iter().map(|w| w.stem).collect();
            name.dedup();
            let verb = name.first().cloned().unwrap_or_default();
            // What is done to records is judged by itself.
            name.retain(|part| *part != stem(deed.word()));
            tools.push(Indexed {
                risk: document.risk,
                deed,
                verb,
                name,
            });
        }
        let number = tools.len().max(1) as f64;
        let average: Vec<f64> = (0..Field::ALL.len())
            .map(|field| {
                let total: f64 = counted
                    .iter()
                    .filter_map(|c| c.get(field))
                    .map(length)
                    .sum();
                (total / number).max(1.0)
            })
            .collect();
        let mut postings: BTreeMap<String, Vec<(usize, f64)>> = BTreeMap::new();
        for (index, fields) in counted.iter().enumerate() {
            let mut weights: BTreeMap<&str, f64> = BTreeMap::new();
            for ((counts, average), (_, weight, b)) in fields.iter().zip(&average).zip(Field::ALL) {
                let norm = 1.0 - b + b * length(counts) / average;
                for (stem, count) in counts {
                    *weights.entry(stem).or_default() += weight * count / norm;
                }
            }
            for (stem, weight) in weights {
                postings
                    .entry(stem.to_owned())
                    .or_default()
                    .push((index, weight));
            }
        }
        // Of a word that no tool has, the groups say which it belongs to; of others they would say it of all
        // their tools.
        let mut of_groups: BTreeMap<String, Vec<(usize, f64)>> = BTreeMap::new();
        for (index, words) in topics.into_iter().enumerate() {
            for stem in words
                .into_keys()
                .filter(|stem| !postings.contains_key(stem))
            {
                of_groups.entry(stem).or_default().push((index, TOPIC));
            }
        }
        postings.extend(of_groups);
        Self { tools, postings }
    }

    /// The tools for a question, best first; equal ones in the order in which they are listed.
    pub(super) fn find(
        &self,
        question: &str,
        accepts: impl Fn(usize, Risk) -> bool,
        limit: usize,
    ) -> Vec<Found> {
        let asked = Question::of(question, self);
        let mut scores = vec![0.0_f64; self.tools.len()];
        let mut covered = vec![0.0_f64; self.tools.len()];
        let mut named: Vec<HashSet<&str>> = vec![HashSet::new(); self.tools.len()];
        let mut total = 0.0;
        for term in &asked.terms {
            let importance = term.weight * self.importance(&term.forms);
            total += importance;
            let mut best: HashMap<usize, f64> = HashMap::new();
            for (form, weight) in &term.forms {
                for (index, frequency) in self.postings.get(form).into_iter().flatten() {
                    let gain = weight * frequency / (K1 + frequency);
                    let known = best.entry(*index).or_default();
                    *known = known.max(gain);
                    if let Some(named) = named.get_mut(*index) {
                        named.insert(form);
                    }
                }
            }
            for (index, gain) in best {
                if let (Some(score), Some(cover)) = (scores.get_mut(index), covered.get_mut(index))
                {
                    *score += importance * gain;
                    *cover += importance * gain.min(1.0);
                }
            }
        }
        let mut found: Vec<Found> = Vec::new();
        for (index, tool) in self.tools.iter().enumerate() {
            let (Some(score), Some(cover), Some(named)) =
                (scores.get(index), covered.get(index), named.get(index))
            else {
                continue;
            };
            if *score <= 0.0 || !accepts(index, tool.risk) {
                continue;
            }
            let answered = if total > 0.0 { cover / total } else { 0.0 };
            let meant = self.name_share(tool, named);
            let fits = fits(&asked, tool);
            found.push(Found {
                index,
                score: score * (0.4 + 0.6 * answered) * (0.45 + 0.55 * meant) * fits,
            });
        }
        found.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.index.cmp(&b.index)));
        found.truncate(limit);
        found
    }

    /// How telling a word is: the rarer, the more (the probabilistic inverse document frequency).
    fn importance(&self, forms: &[(String, f64)]) -> f64 {
        let main = forms.first().map(|(form, _)| form);
        let tools = main.and_then(|form| self.postings.get(form)).map_or_else(
            || {
                let others = forms.iter().filter_map(|(form, _)| self.postings.get(form));
                others.map(Vec::len).max().unwrap_or_default()
            },
            Vec::len,
        );
        self.rarity(tools)
    }

    fn rarity(&self, tools: usize) -> f64 {
        let (all, tools) = (self.tools.len() as f64, tools as f64);
        (1.0 + (all - tools + 0.5) / (tools + 0.5)).ln().max(0.1)
    }

    /// The share of a tool's name that the question has words for, by how telling they are.
    fn name_share(&self, tool: &Indexed, named: &HashSet<&str>) -> f64 {
        let (mut all, mut met) = (0.0, 0.0);
        for stem in &tool.name {
            let weight = self.rarity(self.postings.get(stem).map_or(0, Vec::len));
            all += weight;
            if named.contains(stem.as_str()) {
                met += weight;
            }
        }
        if all > 0.0 { met / all } else { 0.0 }
    }
}

impl Finder {
    /// Whether a stem stands in the index.
    pub(super) fn knows(&self, stem: &str) -> bool {
        self.postings.contains_key(stem)
    }

    /// Whether a stem stands in the name of a tool.
    pub(super) fn names(&self, stem: &str) -> bool {
        let mut names = self.tools.iter().flat_map(|tool| &tool.name);
        names.any(|known| known == stem)
    }

    /// Stems of the index that are nearly this one, or a part of it that could be a word.
    pub(super) fn similar(&self, stem: &str) -> Vec<String> {
        let length = stem.chars().count();
        if length < 4 {
            return Vec::new();
        }
        let near = |known: &&String| {
            let other = known.chars().count();
            let common = stem
                .chars()
                .zip(known.chars())
                .take_while(|(a, b)| a == b)
                .count();
            (common >= 4 && common.saturating_add(3) >= length.max(other))
                || (other >= 5 && crate::text::is_one_off(stem, known))
                || (other >= 3 && length >= other + 3 && stem.ends_with(known.as_str()))
        };
        self.postings.keys().filter(near).cloned().collect()
    }
}

/// How well what a tool does is what is wanted.
fn fits(asked: &Question, tool: &Indexed) -> f64 {
    let number = match (tool.deed, asked.several) {
        (Deed::List, Some(false)) | (Deed::Get, Some(true)) => 0.85,
        _ => 1.0,
    };
    let reads = matches!(tool.deed, Deed::List | Deed::Get);
    if asked.verb.as_ref() == Some(&tool.verb) {
        return 1.4 * number;
    }
    let wants_read = asked.deeds.is_empty()
        || asked
            .deeds
            .iter()
            .all(|deed| matches!(deed, Deed::List | Deed::Get));
    if wants_read {
        return match (reads, tool.risk) {
            (true, _) => 1.25 * number,
            (false, Risk::Read) => 1.1,
            _ if asked.deeds.is_empty() => 1.0,
            _ => 0.75,
        };
    }
    if asked.deeds.contains(&tool.deed) {
        return 1.25;
    }
    match (asked.deeds.as_slice(), tool.deed) {
        ([Deed::Other], Deed::List | Deed::Get) => 0.85,
        ([Deed::Other], Deed::Create) => 1.0,
        (_, Deed::Other) => 1.0,
        _ => 0.75,
    }
}

fn text_of(field: Field, document: &Document<'_>, arguments: &[String]) -> String {
    let (purpose, text) = document
        .description
        .split_once(['\n', '.'])
        .unwrap_or((document.description, ""));
    match field {
        Field::Name => {
            let deed = Deed::of(document.method, document.path).word();
            format!("{} {deed}", document.name)
        }
        Field::Title => document.title.to_owned(),
        Field::Path => {
            let literal = |segment: &&str| !segment.contains('{');
            let segments = document.path.split('/').filter(literal);
            segments.collect::<Vec<_>>().join(" ")
        }
        Field::Group => document.group.to_owned(),
        Field::Purpose => purpose.to_owned(),
        Field::Text => without_names(text),
        Field::Arguments => arguments.join(" "),
    }
}

/// What begins the lines that the generator adds: where ids come from, what is required and what is optional,
/// and a call.
const ADDED: [&str; 4] = ["Ids: ", "Required: ", "Optional: ", "Example: "];

/// A text without those lines, which speak of arguments and other tools, and without what stands in backticks: the names of other tools, whose
/// subject is not this one's, and of arguments, which count by themselves.
fn without_names(text: &str) -> String {
    let is_own = |line: &&str| !ADDED.iter().any(|added| line.starts_with(added));
    let lines: Vec<&str> = text.lines().filter(is_own).collect();
    let text = lines.join("\n");
    // A backtick without its other half encloses nothing.
    if text.matches('`').count() % 2 == 1 {
        return text;
    }
    text.split('`').step_by(2).collect::<Vec<_>>().join(" ")
}

fn counts(text: &str) -> HashMap<String, f64> {
    let mut counts = HashMap::new();
    for word in words(text) {
        *counts.entry(word.stem).or_default() += 1.0;
    }
    counts
}

fn length(counts: &HashMap<String, f64>) -> f64 {
    counts.values().sum()
}

#[cfg(test)]
mod tests {
    use super::{Document, Finder, without_names};
    use crate::operation::Risk;

    #[test]
    fn what_only_the_text_about_a_group_says_finds_its_tools() {
        let tool = |name, group, topic| Document {
            name,
            title: name,
            description: "",
            group,
            topic,
            method: "GET",
            path: "/",
            risk: Risk::Read,
        };
        let items = "Products and services of each customer.";
        let documents = [
            tool("list_customers", "Customers", ""),
            tool("list_items", "Items", items),
        ];
        let finder = Finder::new(documents.into_iter().map(|one| (one, Vec::new())));
        let first = |question| {
            finder
                .find(question, |_, _| true, 5)
                .first()
                .map(|one| one.index)
        };
        assert_eq!(first("products and services"), Some(1));
        // A word that a tool has itself is that tool's.
        let found = finder.find("customers", |_, _| true, 5);
        assert_eq!(found.iter().map(|one| one.index).collect::<Vec<_>>(), [0]);
    }

    /// Tools that a person asks for in other words than a document's.
    #[test]
    fn what_people_say_finds_what_the_document_calls_otherwise() {
        let tool = |name, method, path| Document {
            name,
            title: "",
            description: "",
            group: "",
            topic: "",
            method,
            path,
            risk: if method == "GET" {
                Risk::Read
            } else {
                Risk::Write
            },
        };
        let documents = [
            tool("list_invoices", "GET", "/invoices"),
            tool("count_invoices", "GET", "/invoices/count"),
            tool("create_invoice", "POST", "/invoices"),
            tool("update_task", "PUT", "/tasks/{id}"),
            tool("create_task", "POST", "/tasks"),
            tool("change_task_priority", "PUT", "/tasks/{id}/priority"),
            tool("list_contracts", "GET", "/contracts"),
            tool("list_expiring_contracts", "GET", "/contracts/expiring"),
            tool("create_payment", "POST", "/payments"),
            tool("list_customer_contacts", "GET", "/customers/{id}/contacts"),
        ];
        let index = |without: &str| {
            let kept = documents.iter().filter(|one| one.name != without);
            let kept: Vec<Document<'_>> = kept.copied().collect();
            let names: Vec<&str> = kept.iter().map(|one| one.name).collect();
            (
                Finder::new(kept.into_iter().map(|one| (one, Vec::new()))),
                names,
            )
        };
        let first = |question, without| {
            let (finder, names) = index(without);
            let found = finder.find(question, |_, _| true, 5);
            found.first().and_then(|one| names.get(one.index)).copied()
        };
        for (question, expected) in [
            ("how many invoices are overdue", "count_invoices"),
            ("the number of invoices", "count_invoices"),
            ("set the task urgent", "change_task_priority"),
            (
                "contracts that run out next month",
                "list_expiring_contracts",
            ),
            ("money came in for it", "create_payment"),
            ("people at a company", "list_customer_contacts"),
        ] {
            assert_eq!(first(question, ""), Some(expected), "{question}");
        }
        // Where nothing counts, a list tells how many there are.
        assert_eq!(
            first("how many invoices are overdue", "count_invoices"),
            Some("list_invoices")
        );
    }

    #[test]
    fn a_tool_is_not_found_by_the_names_of_others_that_its_text_tells() {
        for (text, expected) in [
            ("Get it.\nIds: task_id from list_tasks.", "Get it."),
            (
                "Make it.\nRequired: title.\nExample: {\"lines\":[{\"item\":1}]}",
                "Make it.",
            ),
            ("See `list_tasks` first.", "See   first."),
            ("A `lone backtick", "A `lone backtick"),
            ("plain", "plain"),
        ] {
            assert_eq!(without_names(text), expected);
        }
    }
}
