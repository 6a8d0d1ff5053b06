//! Names from method and path: `POST /invoices/{id}/send` sends an invoice.

use super::tool::Named;
use super::verbs::{ALSO_NOUNS, VERBS, usual};
use super::words::{plural, singular, words};

/// A path template, come apart.
#[derive(Debug)]
pub struct Path {
    /// Literal segments and whether a parameter follows each.
    pub literals: Vec<(Vec<String>, bool)>,
    /// Names of the path parameters.
    pub parameters: Vec<String>,
    /// Whether the template ends in a parameter.
    pub ends_in_parameter: bool,
}

impl Path {
    /// Takes a template apart, less the first `skip` segments.
    pub fn new(path: &str, skip: usize) -> Self {
        let segments: Vec<&str> = path.split('/').filter(|s| !s.is_empty()).collect();
        let mut literals: Vec<(Vec<String>, bool)> = Vec::new();
        let mut parameters = Vec::new();
        for segment in segments.iter().skip(skip) {
            if segment.starts_with('{') {
                parameters.push(segment.trim_matches(['{', '}']).to_owned());
                if let Some((_, followed)) = literals.last_mut() {
                    *followed = true;
                }
            } else {
                let words = words(segment);
                if !words.is_empty() {
                    literals.push((words, false));
                }
            }
        }
        let ends_in_parameter = segments.last().is_some_and(|s| s.starts_with('{'));
        Self {
            literals,
            parameters,
            ends_in_parameter,
        }
    }
}

/// A name from method and path: the last `keep` resources before the last one stay in it.
pub fn from_path(method: &str, path: &Path, keep: usize) -> Vec<String> {
    let Some(((last, _), parents)) = path.literals.split_last() else {
        let verb = verb_of(method, false);
        return vec![verb.to_owned(), "root".to_owned()];
    };
    let parents: Vec<String> = parents
        .iter()
        .skip(parents.len().saturating_sub(keep))
        .flat_map(|(words, followed)| one_of(words, *followed))
        .collect();
    let last_verb = last.first().is_some_and(|w| VERBS.contains(&w.as_str()));
    // `/invoices/{id}/send`: the last word is what is done. So it is in `POST /invoices/send/{id}`.
    let before_parameter = matches!(last.as_slice(), [word] if method == "POST" && !ALSO_NOUNS.contains(&word.as_str()));
    if last_verb && (!path.ends_in_parameter || before_parameter) && !parents.is_empty() {
        let mut words: Vec<String> = last.iter().map(|w| usual(w).to_owned()).collect();
        let one = path.ends_in_parameter;
        words.extend(one_of(&parents, one));
        return words;
    }
    let many = last.last().is_some_and(|w| plural(w));
    let collection = !path.ends_in_parameter && many;
    let verb = verb_of(method, collection);
    let mut words = vec![verb.to_owned()];
    words.extend(parents);
    let one = path.ends_in_parameter || (verb == "create" && many);
    words.extend(one_of(last, one));
    words
}

fn one_of(words: &[String], one: bool) -> Vec<String> {
    let mut words = words.to_vec();
    if one && let Some(last) = words.last_mut() {
        *last = singular(last);
    }
    words
}

fn verb_of(method: &str, collection: bool) -> &'static str {
    match method {
        "GET" if collection => "list",
        "GET" => "get",
        "POST" => "create",
        "PUT" => "update",
        "PATCH" => "patch",
        "DELETE" => "delete",
        "HEAD" => "head",
        "OPTIONS" => "options",
        "TRACE" => "trace",
        "QUERY" => "query",
        _ => "call",
    }
}

/// How many leading segments say nothing: those that all paths share, and versions (`api`, `v1`).
pub fn common_prefix(operations: &[Named<'_>]) -> usize {
    let mut paths = operations.iter().map(|o| {
        o.path
            .split('/')
            .filter(|s| !s.is_empty())
            .collect::<Vec<_>>()
    });
    let Some(first) = paths.next() else { return 0 };
    let mut shared = first.len().saturating_sub(1);
    for path in paths {
        let same = first.iter().zip(&path).take_while(|(a, b)| a == b).count();
        shared = shared.min(same).min(path.len().saturating_sub(1));
    }
    let noise = first
        .iter()
        .take_while(|s| {
            matches!(**s, "api" | "rest")
                || s.strip_prefix('v')
                    .is_some_and(|n| n.parse::<f32>().is_ok())
        })
        .count();
    // A shared resource (`/crm/…` alone) may be all that a name could use; only noise is dropped then.
    if operations.len() < 3 {
        noise.min(shared)
    } else {
        shared
    }
}
