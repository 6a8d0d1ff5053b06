//! Which operation a request is for, and what each does with records: what paths and methods of a document say.

use std::collections::HashSet;

use crate::diagnostics::{Pointer, Sink};
use crate::ir::{self, Part};
use crate::lower::path::segments;
use crate::model::{Node, RawOperation, Resolver, operations};
use crate::names::{VERBS, plural, singular, without_format, words};

/// Words of paths that say what is done with what stands beside them: `/delete/leads/{id}`.
const DEEDS: [&str; 8] = [
    "delete", "update", "create", "edit", "get", "add", "remove", "list",
];
/// Last words of paths that search what stands before.
const SEARCHES: [&str; 5] = ["search", "query", "find", "filter", "lookup"];
/// Last words of paths that are about several records at once.
const SEVERAL: [&str; 4] = ["many", "bulk", "batch", "multiple"];

/// A step of a path as people read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// A word.
    Word(String),
    /// A parameter, with its name.
    Parameter(String),
}

/// What an operation does with records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Role {
    /// Lists them.
    List,
    /// Adds one.
    Create,
    /// Gives one.
    Read,
    /// Puts what is sent in the place of what is known of one.
    Replace,
    /// Changes what is sent.
    Change,
    /// Takes one out.
    Delete,
    /// Adds, changes or deletes several.
    Several,
    /// Does something with one: the words of the path behind it.
    Act(Vec<String>),
    /// Is about the only thing that its path names.
    Single,
}

/// An operation of the document.
#[derive(Debug)]
pub(super) struct Route {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) segments: Vec<Vec<Part>>,
    node: Pointer,
    path_item: Pointer,
    path_items: Vec<Pointer>,
    /// Index of the tool that it is.
    pub(super) operation: Option<usize>,
    pub(super) tokens: Vec<Token>,
    pub(super) role: Role,
    /// How many of its tokens name the collection that it is about.
    pub(super) within: usize,
}

impl Route {
    /// The operation in the document.
    pub(super) fn raw<'a>(&'a self, root: &'a serde_json::Value) -> Option<RawOperation<'a>> {
        let node = |pointer: &Pointer| {
            let value = root.pointer(pointer.as_str())?;
            Some(Node {
                value,
                pointer: pointer.clone(),
            })
        };
        Some(RawOperation {
            method: self.method.clone(),
            path: &self.path,
            node: node(&self.node)?,
            path_item: node(&self.path_item)?,
            path_items: self.path_items.iter().filter_map(node).collect(),
        })
    }

    /// Its template, where it does not matter what parameters are called.
    pub(super) fn template(&self) -> String {
        template(&self.tokens)
    }

    /// The template of the collection that it is about.
    pub(super) fn collection(&self) -> String {
        template(&bare(self.tokens.get(..self.within).unwrap_or_default()))
    }
}

/// Tokens with a name for all parameters.
pub(super) fn template(tokens: &[Token]) -> String {
    let one = |token: &Token| match token {
        Token::Word(word) => format!("/{word}"),
        Token::Parameter(_) => "/{}".to_owned(),
    };
    tokens.iter().map(one).collect()
}

/// Tokens without words that only say what is done.
pub(super) fn bare(tokens: &[Token]) -> Vec<Token> {
    let is_deed =
        |token: &Token| matches!(token, Token::Word(word) if DEEDS.contains(&word.as_str()));
    let kept: Vec<Token> = tokens
        .iter()
        .filter(|token| !is_deed(token))
        .cloned()
        .collect();
    if kept.iter().any(|token| matches!(token, Token::Word(_))) {
        kept
    } else {
        tokens.to_vec()
    }
}

/// The operations of a document.
pub(super) fn routes(
    root: &serde_json::Value,
    resolver: Resolver<'_>,
    api: &ir::Api,
) -> Vec<Route> {
    let node = Node::root(root);
    let (found, _) = operations(&node, resolver, &mut Sink::default());
    let tools: Vec<&ir::Operation> = api.operations().collect();
    let mut routes: Vec<Route> = found
        .into_iter()
        .filter_map(|raw| {
            let segments = segments(raw.path).ok()?;
            Some(Route {
                tokens: tokens(&segments),
                operation: tools
                    .iter()
                    .position(|tool| tool.method == raw.method && tool.pointer == raw.node.pointer),
                path: raw.path.to_owned(),
                segments,
                node: raw.node.pointer.clone(),
                path_item: raw.path_item.pointer.clone(),
                path_items: raw
                    .path_items
                    .iter()
                    .map(|item| item.pointer.clone())
                    .collect(),
                method: raw.method,
                role: Role::Single,
                within: 0,
            })
        })
        .collect();
    let lists = |route: &Route| {
        let answer = route
            .operation
            .and_then(|index| tools.get(index)?.answer.as_ref());
        answer.is_some_and(|answer| answer.list || answer.open)
    };
    let items: HashSet<String> = routes
        .iter()
        .filter_map(|route| {
            let (last, before) = route.tokens.split_last()?;
            matches!(
                (last, before.last()),
                (Token::Parameter(_), Some(Token::Word(_)))
            )
            .then(|| template(&bare(before)))
        })
        .collect();
    let listed: HashSet<String> = routes
        .iter()
        .filter(|route| route.method == "GET" && lists(route))
        .map(Route::template)
        .collect();
    let single: HashSet<String> = routes
        .iter()
        .filter(|route| route.method == "GET" && !lists(route))
        .map(Route::template)
        .collect();
    for route in &mut routes {
        let known = Known {
            lists: lists(route),
            has_items: items.contains(&template(&bare(&route.tokens))),
            is_listed: listed.contains(&route.template()),
            is_read: single.contains(&route.template()),
        };
        (route.role, route.within) = role(&route.method, &route.tokens, known);
    }
    routes
}

/// What the other operations of a path say about it.
#[derive(Debug, Clone, Copy)]
struct Known {
    /// It answers with a list.
    lists: bool,
    /// Records have paths below this one.
    has_items: bool,
    /// GET lists here.
    is_listed: bool,
    /// GET gives one thing here.
    is_read: bool,
}

/// What an operation does, and how many tokens name its collection.
fn role(method: &str, tokens: &[Token], known: Known) -> (Role, usize) {
    let all = tokens.len();
    let (before, last) = (all.saturating_sub(1), tokens.last());
    let word_at = |index: usize| match tokens.get(index) {
        Some(Token::Word(word)) => Some(word.as_str()),
        _ => None,
    };
    let reads = matches!(method, "GET" | "HEAD" | "QUERY");
    match last {
        None => (Role::Single, 0),
        Some(Token::Parameter(_)) => {
            let named = all.checked_sub(2).and_then(word_at);
            let is_deed = named.is_some_and(|word| SEARCHES.contains(&word));
            if known.lists && (reads || is_deed) {
                return (
                    Role::List,
                    if is_deed {
                        all.saturating_sub(2)
                    } else {
                        before
                    },
                );
            }
            match (method, named) {
                (_, None) => (Role::Single, 0),
                ("GET" | "HEAD" | "QUERY", _) => (Role::Read, before),
                ("PUT", _) => (Role::Replace, before),
                ("PATCH", _) => (Role::Change, before),
                ("DELETE", _) => (Role::Delete, before),
                // `POST /cases/{id}/merge/{into_id}`
                (_, Some(word)) => match item_before(tokens, before) {
                    Some(item) if VERBS.contains(&word) => (Role::Act(acts(tokens, item)), item),
                    _ => (Role::Act(Vec::new()), before),
                },
            }
        }
        Some(Token::Word(word)) => {
            let item = item_before(tokens, all);
            let held_by = all.checked_sub(2).and_then(word_at);
            if SEVERAL.contains(&word.as_str()) && held_by.is_some() && !reads {
                return (Role::Several, before);
            }
            // `/cases/bulk/delete`
            if held_by.is_some_and(|held| SEVERAL.contains(&held)) && !reads && all > 2 {
                return (Role::Several, all.saturating_sub(2));
            }
            if SEARCHES.contains(&word.as_str()) && all > 1 && (known.lists || method == "POST") {
                return (Role::List, before);
            }
            if reads && (known.lists || known.has_items) {
                return (Role::List, all);
            }
            if method == "POST" && (known.is_listed || known.has_items) {
                return (Role::Create, all);
            }
            if known.is_read || reads {
                return (Role::Single, all);
            }
            match (method, item) {
                ("POST", Some(at))
                    if at.saturating_add(2) == all
                        && plural(word)
                        && !VERBS.contains(&word.as_str()) =>
                {
                    (Role::Create, all)
                }
                (_, Some(at)) => (Role::Act(acts(tokens, at)), at),
                ("POST", None) if known.lists => (Role::List, all),
                ("POST", None) if plural(word) && !VERBS.contains(&word.as_str()) => {
                    (Role::Create, all)
                }
                _ => (Role::Single, all),
            }
        }
    }
}

/// How many tokens name the collection of the last record that stands before a place.
fn item_before(tokens: &[Token], end: usize) -> Option<usize> {
    let before = tokens.get(..end)?;
    let at = before
        .iter()
        .rposition(|token| matches!(token, Token::Parameter(_)))?;
    let held_by_word = matches!(tokens.get(at.checked_sub(1)?), Some(Token::Word(_)));
    held_by_word.then_some(at)
}

/// The words behind a record.
fn acts(tokens: &[Token], item: usize) -> Vec<String> {
    let rest = tokens.iter().skip(item.saturating_add(1));
    rest.filter_map(|token| match token {
        Token::Word(word) => Some(words(word)),
        Token::Parameter(_) => None,
    })
    .flatten()
    .collect()
}

fn tokens(segments: &[Vec<Part>]) -> Vec<Token> {
    let one = |parts: &Vec<Part>| {
        let parameter = parts.iter().find_map(|part| match part {
            Part::Parameter(name) => Some(name.clone()),
            Part::Literal(_) => None,
        });
        let literal: String = parts
            .iter()
            .filter_map(|part| match part {
                Part::Literal(text) => Some(text.as_str()),
                Part::Parameter(_) => None,
            })
            .collect();
        match parameter {
            Some(name) => Some(Token::Parameter(name)),
            None if literal.is_empty() => None,
            None => Some(Token::Word(without_format(&literal).to_ascii_lowercase())),
        }
    };
    segments.iter().filter_map(one).collect()
}

/// The kind of record that a collection holds, in the singular.
pub(super) fn noun(template: &str) -> String {
    let named = template
        .split('/')
        .rfind(|step| !step.is_empty() && *step != "{}");
    let last = named.and_then(|name| words(name).pop());
    last.map_or_else(|| "record".to_owned(), |word| singular(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(method: &str, path: &str, known: Known) -> (Role, String) {
        let segments = segments(path).unwrap_or_default();
        let tokens = tokens(&segments);
        let (role, within) = role(method, &tokens, known);
        let collection = template(&bare(tokens.get(..within).unwrap_or_default()));
        (role, collection)
    }

    #[test]
    fn paths_and_methods_say_what_is_done() {
        let nothing = Known {
            lists: false,
            has_items: false,
            is_listed: false,
            is_read: false,
        };
        let lists = Known {
            lists: true,
            ..nothing
        };
        let has_items = Known {
            has_items: true,
            ..nothing
        };
        let act = |words: &[&str]| Role::Act(words.iter().map(|word| (*word).to_owned()).collect());
        for (method, path, known, role, collection) in [
            ("GET", "/leads", lists, Role::List, "/leads"),
            ("POST", "/leads", has_items, Role::Create, "/leads"),
            ("GET", "/leads/{id}", nothing, Role::Read, "/leads"),
            (
                "PATCH",
                "/api/leads/{id}/",
                nothing,
                Role::Change,
                "/api/leads",
            ),
            (
                "DELETE",
                "/api/delete/leads/{id}",
                nothing,
                Role::Delete,
                "/api/leads",
            ),
            ("GET", "/leads/search/{q}", lists, Role::List, "/leads"),
            ("POST", "/contacts/search", nothing, Role::List, "/contacts"),
            ("PUT", "/contacts/many", nothing, Role::Several, "/contacts"),
            (
                "POST",
                "/cases/bulk/delete",
                nothing,
                Role::Several,
                "/cases",
            ),
            (
                "POST",
                "/invoices/{id}/send",
                nothing,
                act(&["send"]),
                "/invoices",
            ),
            (
                "POST",
                "/tasks/{id}/mark-complete",
                nothing,
                act(&["mark", "complete"]),
                "/tasks",
            ),
            (
                "POST",
                "/cases/{id}/merge/{into}",
                nothing,
                act(&["merge"]),
                "/cases",
            ),
            (
                "POST",
                "/tickets/{id}/replies",
                nothing,
                Role::Create,
                "/tickets/{}/replies",
            ),
            (
                "GET",
                "/invoices/{id}/pdf",
                nothing,
                Role::Single,
                "/invoices/{}/pdf",
            ),
            (
                "PUT",
                "/settings/sync",
                Known {
                    is_read: true,
                    ..nothing
                },
                Role::Single,
                "/settings/sync",
            ),
            ("GET", "/", nothing, Role::Single, ""),
        ] {
            assert_eq!(
                of(method, path, known),
                (role, collection.to_owned()),
                "{method} {path}"
            );
        }
    }
}
