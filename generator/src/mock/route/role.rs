//! What an operation does with which records: what its method and its path say.

use super::{Role, Token};
use crate::names::{VERBS, plural, words};

/// Last words of paths that search what stands before.
const SEARCHES: [&str; 5] = ["search", "query", "find", "filter", "lookup"];
/// Last words of paths that are about several records at once.
const SEVERAL: [&str; 4] = ["many", "bulk", "batch", "multiple"];

/// What the other operations of a path say about it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    /// It answers with a list.
    pub(super) lists: bool,
    /// Records have paths below this one.
    pub(super) has_items: bool,
    /// GET lists here.
    pub(super) is_listed: bool,
    /// GET gives one thing here.
    pub(super) is_read: bool,
}

/// What an operation does, and how many tokens name its collection.
pub(super) fn role(method: &str, tokens: &[Token], known: Known) -> (Role, usize) {
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

#[cfg(test)]
mod tests {
    use super::super::{bare, template, tokens};
    use super::*;
    use crate::lower::path::segments;

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
