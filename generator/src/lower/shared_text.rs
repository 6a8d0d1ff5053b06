//! A text that a framework puts at every method of a path: "Retrieve, update, and delete an estimate". Of one
//! tool it says too much, so that it is said with the verb of this method alone.

use std::borrow::Cow;

use super::brief::without_address;
use crate::model::RawOperation;
use crate::text;

/// What the methods do, in the words of such texts.
const VERBS: [(&[&str], &[&str]); 4] = [
    (
        &["GET"],
        &["list", "retrieve", "get", "read", "view", "show", "fetch"],
    ),
    (&["POST"], &["create", "add"]),
    (
        &["PUT", "PATCH"],
        &["update", "edit", "modify", "change", "replace"],
    ),
    (&["DELETE"], &["delete", "remove", "destroy"]),
];
/// Methods beside which a text may stand too.
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// What stands between the verbs, or the methods, of such texts.
const JOINTS: [&str; 2] = ["and", "or"];

/// `summary` or `description` of an operation, without its own address before it. Where it begins with several methods, or
/// the same text stands at another method of the path and begins with several verbs, it has the one of this method. Of a
/// text that is nothing but an address nothing is left.
pub(super) fn said<'a>(raw: &RawOperation<'a>, key: &str) -> Option<Cow<'a, str>> {
    let text = raw.node.str(key)?;
    let others = METHODS
        .iter()
        .filter(|method| !method.eq_ignore_ascii_case(&raw.method));
    let mut others = others.filter_map(|method| raw.path_item.get(method));
    let is_shared = others.any(|other| other.str(key) == Some(text));
    let own = with_own_method(text, &raw.method).or_else(|| {
        is_shared
            .then(|| with_own_verb(text, &raw.method))
            .flatten()
    });
    Some(match own {
        Some(own) => Cow::Owned(without_address(&own, &raw.method, raw.path).into_owned()),
        None => without_address(text, &raw.method, raw.path),
    })
}

/// The word that a text begins with, and what stands behind it. Of `read-only` none is a word.
fn first_word(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric())?;
    let (word, rest) = text.split_at_checked(end).filter(|_| end > 0)?;
    let is_whole = rest.starts_with(|c: char| c.is_whitespace() || ",;:/&|+(".contains(c));
    is_whole.then_some((word, rest))
}

/// A text behind what joins two words; as it is where nothing does.
fn behind_joint(text: &str) -> &str {
    let rest = text.trim_start_matches([' ', ',', ';', '&', '|', '/', '+']);
    match first_word(rest) {
        Some((word, behind)) if JOINTS.contains(&word) => behind.trim_start(),
        _ => rest,
    }
}

/// A text of several methods in the words of one: `GET / PUT / DELETE one rule.`, `GET lists rules; POST adds one.`
fn with_own_method(text: &str, method: &str) -> Option<String> {
    let is_method = |word: &str| METHODS.iter().any(|known| known.to_uppercase() == word);
    let mut found: Vec<(&str, &str)> = Vec::new();
    let mut rest = text.trim_start_matches(['`', '*', ' ', '\n']);
    let mut last = rest;
    while let Some((word, behind)) = first_word(rest).filter(|(word, _)| is_method(word)) {
        // Who may: `GET (everyone) / PUT (admin)`.
        let (note, behind) = match behind.trim_start().strip_prefix('(') {
            Some(open) => open.split_once(')')?,
            None => ("", behind),
        };
        found.push((word, note));
        last = behind;
        rest = behind_joint(behind);
    }
    if let [_] = found.as_slice() {
        return own_clause(text, method, is_method);
    }
    let (_, note) = found.iter().find(|(word, _)| *word == method)?;
    let rest = last.trim_start_matches([' ', ',', ':']);
    if rest.starts_with('/') {
        return Some(format!("{method} {rest}"));
    }
    let verb = match method {
        "GET" => "Get",
        "POST" => "Create",
        "PUT" | "PATCH" => "Update",
        "DELETE" => "Delete",
        _ => return None,
    };
    let rest = rest
        .strip_prefix("for ")
        .or_else(|| rest.strip_prefix("of "));
    let rest = rest.unwrap_or_else(|| last.trim_start_matches([' ', ',', ':']));
    let note = match *note {
        "" => String::new(),
        note => format!(" ({note})"),
    };
    // What is said of the others: `DELETE is soft.`
    let of_another = |sentence: &&str| {
        let word = first_word(sentence.trim_start()).map(|(word, _)| word);
        word.is_some_and(|word| is_method(word) && word != method)
    };
    let own: Vec<&str> = rest
        .split_inclusive(". ")
        .filter(|sentence| !of_another(sentence))
        .collect();
    let own = own.concat();
    let own = own.trim();
    (!own.is_empty()).then(|| format!("{verb}{note} {own}"))
}

/// The clause of one method: `Creates one (admin).` of `GET lists rules; POST creates one (admin).`
fn own_clause(text: &str, method: &str, is_method: impl Fn(&str) -> bool) -> Option<String> {
    let (first, more) = match text.split_once('\n') {
        Some((first, more)) => (first, Some(more)),
        None => (text, None),
    };
    let clauses: Vec<(&str, &str)> = first
        .split(';')
        .map(|clause| first_word(clause.trim()).filter(|(word, _)| is_method(word)))
        .collect::<Option<_>>()?;
    if clauses.len() < 2 {
        return None;
    }
    let (_, said) = clauses.iter().find(|(word, _)| *word == method)?;
    let said = said.trim_start_matches([' ', ':']);
    // A query of its own: `GET ?page=2 lists`.
    let said = match said.strip_prefix('?') {
        Some(query) => query.split_once(' ')?.1.trim_start(),
        None => said,
    };
    let (head, tail) = said.split_at_checked(1)?;
    let more = more.map_or_else(String::new, |more| format!("\n{more}"));
    Some(text::with_stop(&format!("{}{tail}", head.to_uppercase())) + &more)
}

fn with_own_verb(text: &str, method: &str) -> Option<String> {
    let of_method = |word: &str| {
        let mut verbs = VERBS.iter();
        verbs.position(|(_, verbs)| verbs.iter().any(|verb| verb.eq_ignore_ascii_case(word)))
    };
    let mut verbs: Vec<(usize, &str)> = Vec::new();
    let mut rest = text.trim_start();
    while let Some((word, behind)) = first_word(rest) {
        let Some(index) = of_method(word) else {
            break;
        };
        verbs.push((index, word));
        rest = behind_joint(behind);
    }
    let own = VERBS
        .iter()
        .position(|(methods, _)| methods.contains(&method))?;
    let (_, verb) = verbs.iter().find(|(index, _)| *index == own)?;
    if verbs.len() < 2 {
        return None;
    }
    let (head, tail) = verb.split_at_checked(1)?;
    Some(format!(
        "{}{} {rest}",
        head.to_uppercase(),
        tail.to_lowercase()
    ))
}

#[cfg(test)]
mod tests {
    use super::{with_own_method, with_own_verb};

    #[test]
    fn a_text_of_several_methods_has_the_verb_of_one() {
        for (text, method, expected) in [
            (
                "Retrieve, update, delete a pipeline.",
                "PUT",
                Some("Update a pipeline."),
            ),
            (
                "Retrieve, update, and delete an estimate",
                "DELETE",
                Some("Delete an estimate"),
            ),
            ("List and create invoices", "GET", Some("List invoices")),
            ("List and create invoices", "POST", Some("Create invoices")),
            (
                "Retrieve and update a single invoice",
                "PATCH",
                Some("Update a single invoice"),
            ),
            (
                "Update or delete a stage.",
                "DELETE",
                Some("Delete a stage."),
            ),
            ("List / create replies", "GET", Some("List replies")),
            ("List/create replies", "POST", Some("Create replies")),
            (
                "Get; update; delete a reply",
                "PATCH",
                Some("Update a reply"),
            ),
            // None of them is this method's.
            ("List and create invoices", "DELETE", None),
            ("Create an invoice and send it", "POST", None),
            ("Generate and download a file", "GET", None),
            ("Create", "POST", None),
            ("", "GET", None),
        ] {
            assert_eq!(
                with_own_verb(text, method).as_deref(),
                expected,
                "{method} {text}"
            );
        }
    }

    #[test]
    fn a_text_that_names_several_methods_has_the_words_of_one() {
        let rules = "GET lists rules; POST creates one (admin).";
        let soft = "GET / PUT / DELETE one rule. DELETE is soft. Rules are ordered.";
        for (text, method, expected) in [
            (soft, "GET", Some("Get one rule. Rules are ordered.")),
            (
                soft,
                "DELETE",
                Some("Delete one rule. DELETE is soft. Rules are ordered."),
            ),
            (soft, "POST", None),
            (
                "PUT/DELETE for a specific entry. Owner only.",
                "PUT",
                Some("Update a specific entry. Owner only."),
            ),
            (
                "GET (everyone) / PUT (admin) the calendar.",
                "PUT",
                Some("Update (admin) the calendar."),
            ),
            (
                "POST/DELETE /cases/<pk>/watch/.",
                "DELETE",
                Some("DELETE /cases/<pk>/watch/."),
            ),
            (rules, "GET", Some("Lists rules.")),
            (rules, "POST", Some("Creates one (admin).")),
            (rules, "PUT", None),
            (
                "GET ?of=case lists rules; POST creates one.\nMore.",
                "GET",
                Some("Lists rules.\nMore."),
            ),
            ("POST a holiday (admin-only).", "POST", None),
            ("GET the list; it is long.", "GET", None),
            ("GET /leads", "GET", None),
            ("GET / PUT", "GET", None),
            ("GET (all", "GET", None),
            ("", "GET", None),
        ] {
            let said = with_own_method(text, method);
            assert_eq!(said.as_deref(), expected, "{method} {text}");
        }
    }
}
