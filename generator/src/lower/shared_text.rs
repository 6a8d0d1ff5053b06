//! A text that a framework puts at every method of a path: "Retrieve, update, and delete an estimate". Of one
//! tool it says too much, so that it is said with the verb of this method alone.

use std::borrow::Cow;

use super::brief::without_address;
use crate::model::RawOperation;

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

/// `summary` or `description` of an operation, without its own address before it. Where the same text stands at another method of the path and begins
/// with several verbs, it has the one of this method.
pub(super) fn said<'a>(raw: &RawOperation<'a>, key: &str) -> Option<Cow<'a, str>> {
    let text = raw.node.str(key)?;
    let others = METHODS
        .iter()
        .filter(|method| !method.eq_ignore_ascii_case(&raw.method));
    let mut others = others.filter_map(|method| raw.path_item.get(method));
    let is_shared = others.any(|other| other.str(key) == Some(text));
    let own = is_shared
        .then(|| with_own_verb(text, &raw.method))
        .flatten();
    Some(match own {
        Some(own) => Cow::Owned(without_address(&own, &raw.method, raw.path).into_owned()),
        None => without_address(text, &raw.method, raw.path),
    })
}

fn with_own_verb(text: &str, method: &str) -> Option<String> {
    let of_method = |word: &str| {
        let mut verbs = VERBS.iter();
        verbs.position(|(_, verbs)| verbs.iter().any(|verb| verb.eq_ignore_ascii_case(word)))
    };
    let mut verbs: Vec<(usize, &str)> = Vec::new();
    let mut rest = text.trim_start();
    while let Some((token, behind)) = rest.split_once(' ') {
        let word = token.trim_end_matches(',');
        match of_method(word) {
            Some(index) => verbs.push((index, word)),
            None if !verbs.is_empty() && matches!(word, "and" | "&") => {}
            None => break,
        }
        rest = behind;
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
    use super::with_own_verb;

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
}
