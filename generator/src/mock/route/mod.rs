//! Which operation a request is for, and what each does with records: what paths and methods of a document say.

mod role;

use std::collections::HashSet;

use crate::diagnostics::{Pointer, Sink};
use crate::ir::{self, Part};
use crate::lower::path::segments;
use crate::model::{Node, RawOperation, Resolver, operations};
use crate::names::{singular, without_format, words};

use role::{Known, role};

/// Words of paths that say what is done with what stands beside them: `/delete/leads/{id}`.
const DEEDS: [&str; 8] = [
    "delete", "update", "create", "edit", "get", "add", "remove", "list",
];

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
