//! Names from method and path: `POST /invoices/{id}/send` sends an invoice.

use std::collections::HashSet;

use super::tool::Named;
use super::verbs::{ALSO_NOUNS, GENERAL, REVERSIBLE, VERBS, WITH_OBJECT, usual};
use super::words::{plural, singular, words};

/// Words that start what is said about the resource: `/cases/{id}/close-with-children`.
const PREPOSITIONS: [&str; 8] = ["with", "from", "to", "into", "by", "for", "as", "in"];
/// Verbs of paths that are read and have more than one word; `reopen-policy` is a noun.
const READING: [&str; 8] = [
    "get", "list", "search", "find", "export", "download", "count", "check",
];

/// A path template, come apart.
#[derive(Debug)]
pub struct Path {
    /// Literal segments and whether a parameter follows each.
    pub literals: Vec<(Vec<String>, bool)>,
    /// Names of the path parameters.
    pub parameters: Vec<String>,
    /// Whether the template ends in a parameter.
    pub ends_in_parameter: bool,
    /// Whether there are paths of single records behind it.
    pub has_records: bool,
}

impl Path {
    /// Takes a template apart, less the first `skip` segments, but not less than its last resource.
    pub fn new(path: &str, skip: usize) -> Self {
        let segments: Vec<&str> = path.split('/').filter(|s| !s.is_empty()).collect();
        let is_resource = |s: &&str| !s.starts_with('{') && !is_noise(s);
        let last = segments.iter().rposition(is_resource).unwrap_or(skip);
        let skip = skip.min(last);
        let mut literals: Vec<(Vec<String>, bool)> = Vec::new();
        let mut parameters = Vec::new();
        for segment in segments.iter().skip(skip) {
            if segment.starts_with('{') {
                let name = segment.split(['{', '}']).nth(1).unwrap_or_default();
                parameters.push(name.to_owned());
                if let Some((_, followed)) = literals.last_mut() {
                    *followed = true;
                }
            } else {
                let words = words(without_format(segment));
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
            has_records: false,
        }
    }
}

/// What stands before a parameter in one of the paths, without slashes at its ends: collections.
pub fn collections<'a>(operations: &[Named<'a>]) -> HashSet<&'a str> {
    let before = |path: &'a str| {
        let open = path.match_indices("/{");
        open.filter_map(move |(at, _)| Some(path.get(..at)?.trim_matches('/')))
    };
    operations.iter().flat_map(|one| before(one.path)).collect()
}

/// A path segment without the format of the answer: `replies.json` is about replies.
pub fn without_format(segment: &str) -> &str {
    let bare = segment
        .strip_suffix(".json")
        .or_else(|| segment.strip_suffix(".xml"));
    bare.filter(|s| !s.is_empty()).unwrap_or(segment)
}

/// A name from method and path: the last `keep` resources before the last one stay in it.
pub fn from_path(method: &str, path: &Path, keep: usize) -> Vec<String> {
    let own_verb = own_verb(method);
    let Some(((last, _), parents)) = path.literals.split_last() else {
        let mut words = own_verb.unwrap_or_else(|| vec![verb_of(method, false).to_owned()]);
        words.push("root".to_owned());
        return words;
    };
    // `POST /cases/bulk/delete`: what is deleted stands before.
    if let Some(((before, _), above)) = parents.split_last()
        && let [bulk] = before.as_slice()
        && own_verb.is_none()
        && matches!(bulk.as_str(), "bulk" | "batch")
        && !path.ends_in_parameter
        && let Some((resource, _)) = above.last()
        && matches!(last.as_slice(), [verb] if VERBS.contains(&verb.as_str()))
    {
        let mut words = vec![bulk.clone()];
        words.extend(last.iter().chain(resource).cloned());
        return words;
    }
    let parents: Vec<String> = parents
        .iter()
        .skip(parents.len().saturating_sub(keep))
        .flat_map(|(words, followed)| one_of(words, *followed))
        .collect();
    if own_verb.is_none() && ends_in_verb(method, path) {
        let one = path.ends_in_parameter;
        // `POST /notifications/{id}/read` reads nothing: it marks one as read.
        if last.first().is_some_and(|w| w == "read")
            && matches!(method, "POST" | "PUT" | "PATCH")
            && parents.last().is_none_or(|w| w != "batch")
        {
            let mut words = vec!["mark".to_owned()];
            words.extend(parents);
            words.extend(last.iter().cloned());
            return words;
        }
        let mut words: Vec<String> = last.iter().map(|w| usual(w).to_owned()).collect();
        // `/inbound/add-domain` adds a domain to inbound mail; `/messages/send-raw` sends messages.
        let takes_object = match words.as_slice() {
            [_, with, ..] if PREPOSITIONS.contains(&with.as_str()) => true,
            [verb, ..] => WITH_OBJECT.contains(&verb.as_str()),
            [] => false,
        };
        let object = if takes_object {
            words.split_off(1)
        } else {
            Vec::new()
        };
        let searched = words.first().is_some_and(|w| w == "search");
        words.extend(one_of(&parents, (one && !searched) || !object.is_empty()));
        words.extend(object);
        return words;
    }
    // `POST /users/info`: nobody creates information.
    if method == "POST" && !path.ends_in_parameter && last.last().is_some_and(|w| w == "info") {
        let mut words = vec!["get".to_owned()];
        words.extend(one_of(&parents, true));
        words.extend(last.iter().cloned());
        return words;
    }
    let many = last.last().is_some_and(|w| plural(w));
    let collection = !path.ends_in_parameter && many;
    let verb = verb_of(method, collection);
    let mut words = own_verb.unwrap_or_else(|| vec![verb.to_owned()]);
    words.extend(parents);
    let one = path.ends_in_parameter || (verb == "create" && many);
    words.extend(one_of(last, one));
    words
}

/// Whether the last word of a path is what is done: `/invoices/{id}/send`, and so it is in
/// `POST /invoices/send/{id}`.
pub fn ends_in_verb(method: &str, path: &Path) -> bool {
    let Some(((last, _), parents)) = path.literals.split_last() else {
        return false;
    };
    let Some(verb) = last.first().map(String::as_str) else {
        return false;
    };
    let noun = ALSO_NOUNS.contains(&verb);
    let position = if path.ends_in_parameter {
        last.len() == 1 && (method == "POST" && !noun || verb == "search")
    } else {
        true
    };
    let fits = match method {
        "GET" | "HEAD" if last.len() > 1 => READING.contains(&verb),
        "PUT" | "PATCH" if last.len() > 1 => WITH_OBJECT.contains(&verb),
        "GET" | "HEAD" | "DELETE" => !noun && !REVERSIBLE.contains(&verb),
        _ => true,
    };
    let says_little = GENERAL.contains(&verb) || matches!(verb, "bulk" | "batch") || noun;
    let alone = parents.is_empty() && (says_little || last.len() > 1);
    VERBS.contains(&verb) && position && fits && !alone
}

fn one_of(words: &[String], one: bool) -> Vec<String> {
    let mut words = words.to_vec();
    if one && let Some(last) = words.last_mut() {
        *last = singular(last);
    }
    words
}

/// What a method usually does.
pub fn verb_of(method: &str, collection: bool) -> &'static str {
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

/// The words of a method that no field of a path item has (`additionalOperations` of OpenAPI 3.2): they say
/// what is done. `COPY` copies, `VERSION-CONTROL` is two words.
fn own_verb(method: &str) -> Option<Vec<String>> {
    let verb = words(&method.to_ascii_lowercase());
    (verb_of(method, false) == "call" && !verb.is_empty()).then_some(verb)
}

/// Whether a segment says nothing about what is done: `api`, and versions.
fn is_noise(segment: &str) -> bool {
    let version = segment.strip_prefix('v');
    matches!(segment, "api" | "rest") || version.is_some_and(|n| n.parse::<f32>().is_ok())
}

/// Whether a path that is not the root of the service has no word that a name could use.
pub fn is_wordless(path: &str) -> bool {
    let path = path.trim_matches('/');
    !path.is_empty() && Path::new(path, 0).literals.is_empty()
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
    let noise = first.iter().take_while(|s| is_noise(s)).count();
    // A shared resource (`/crm/…` alone) may be all that a name could use; only noise is dropped then.
    if operations.len() < 3 {
        noise.min(shared)
    } else {
        shared
    }
}
