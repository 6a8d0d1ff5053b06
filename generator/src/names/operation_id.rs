//! Names from operationIds: the verb comes first, wherever the document has it.

use super::resource::{Path, ends_in_verb, from_path, verb_of};
use super::tool::Named;
use super::verbs::{ALSO_NOUNS, GENERAL, VERBS, usual};
use super::words::{plural, singular, words};

/// Verbs that stand between a noun and its object: `tickets.delete_reply`. Those that are nouns as
/// often are not among them.
const BETWEEN: [&str; 10] = [
    "list", "get", "create", "update", "delete", "add", "remove", "change", "mark", "apply",
];

/// A name from the operationId, if it has a verb and something else.
pub(super) fn from_id(operation: &Named<'_>, path: &Path) -> Option<Vec<String>> {
    let mut id = words(operation.operation_id);
    strip_articles(&mut id);
    strip_framework_suffix(&mut id, operation);
    if strip_method(&mut id, operation.method) {
        return Some(after_method(id, operation.method));
    }
    if id.len() < 2 {
        return match id.as_slice() {
            // `login`, `search`: a verb alone says enough when no resource could be added.
            [verb]
                if known(verb) && !GENERAL.contains(&verb.as_str()) && path.literals.len() <= 1 =>
            {
                Some(id)
            }
            _ => None,
        };
    }
    if repeats_path(&id, operation.method, path) {
        return Some(from_path(operation.method, path, 2));
    }
    let last_known = id.last().is_some_and(|w| known(w));
    let noun_then_verb = id.first().is_some_and(|w| ALSO_NOUNS.contains(&w.as_str())) && last_known;
    // `invoiceProjectTimesheets` on `/projects/{id}/invoice-timesheets`: the path says that the first
    // word is what is done; in `payments_create` the last one is.
    let segment = path.literals.last().map(|(words, _)| words.as_slice());
    let collection = segment
        .and_then(<[String]>::last)
        .is_some_and(|w| plural(w));
    let general = id.last().is_some_and(|w| GENERAL.contains(&w.as_str()));
    let action = operation.method == "POST"
        && (!last_known || !(general || collection))
        && !path.ends_in_parameter
        && !path.parameters.is_empty()
        && segment.and_then(<[String]>::first) == id.first();
    let leads = id
        .first()
        .is_some_and(|w| known(w) && may_lead(w, operation.method));
    if !noun_then_verb && (action || leads) {
        if let Some(first) = id.first_mut() {
            *first = usual(first).to_owned();
        }
        return Some(id);
    }
    if let Some(name) = verb_between(&id, operation.method, path) {
        return Some(name);
    }
    // `leads_partial_update`, `leads.create`: the verb comes last.
    if id.ends_with(&["partial".to_owned(), "update".to_owned()]) {
        id.truncate(id.len().saturating_sub(2));
        return Some(verb_first("update", id));
    }
    if last_known {
        let verb = id.pop().unwrap_or_default();
        // `notifications_retrieve` beside `/notifications/{id}` gets several: drf-spectacular says `retrieve` of
        // whatever it cannot see into.
        let of_all =
            path.has_records && collection && segment.and_then(<[String]>::last) == id.last();
        return Some(match usual(&verb) {
            "get" if of_all => verb_first("list", id),
            usual => verb_first(usual, id),
        });
    }
    None
}

/// `retrieve-a-page`, `listTheLeads`: articles say nothing. A letter that names something (`plan_a`, `a_b_test`) is
/// none, and neither is what ends the name.
fn strip_articles(id: &mut Vec<String>) {
    let all = std::mem::take(id);
    let is_article = |at: usize, word: &str| {
        let after_verb = at
            .checked_sub(1)
            .and_then(|before| all.get(before))
            .is_some_and(|before| known(before));
        let before_noun = all
            .get(at.saturating_add(1))
            .is_some_and(|next| next.len() > 1);
        before_noun && (word == "the" || after_verb && matches!(word, "a" | "an"))
    };
    let kept = all.iter().enumerate();
    let kept = kept.filter(|(at, word)| !is_article(*at, word));
    *id = kept.map(|(_, word)| word.clone()).collect();
}

/// In a GET, `post` and the like are nouns (`postReplies`), or not what happens.
fn may_lead(verb: &str, method: &str) -> bool {
    let reads = matches!(method, "GET" | "HEAD");
    !(reads
        && matches!(
            verb,
            "post" | "put" | "patch" | "create" | "update" | "change" | "purchase"
        ))
}

/// `post-search`: the method is no verb of its own. Whether it was one.
fn strip_method(id: &mut Vec<String>, method: &str) -> bool {
    let named = matches!(method, "POST" | "PUT" | "PATCH")
        && id.len() > 1
        && id.first().is_some_and(|w| w.eq_ignore_ascii_case(method));
    if named {
        id.remove(0);
    }
    named
}

/// What follows the method is a verb alone (`post-search`), verb and object, or what the method is
/// used on (`post-page`, `patch-block-children`).
fn after_method(mut id: Vec<String>, method: &str) -> Vec<String> {
    let verb = id
        .first()
        .is_some_and(|w| known(w) && !GENERAL.contains(&w.as_str()));
    let noun = id.first().is_some_and(|w| ALSO_NOUNS.contains(&w.as_str()));
    if verb && (id.len() == 1 || (method == "POST" && !noun)) {
        return id;
    }
    if method == "POST"
        && let Some(last) = id.last_mut()
    {
        *last = singular(last);
    }
    id.insert(0, verb_of(method, false).to_owned());
    id
}

fn known(word: &str) -> bool {
    VERBS.contains(&word) || usual(word) != word
}

/// `leads_upload_create` is the path `/leads/upload` and what a POST usually does (drf-spectacular):
/// the path says it better.
fn repeats_path(id: &[String], method: &str, path: &Path) -> bool {
    let Some((verb, resource)) = id.split_last() else {
        return false;
    };
    let all: Vec<&String> = path.literals.iter().flat_map(|(words, _)| words).collect();
    matches!(
        verb.as_str(),
        "create" | "list" | "retrieve" | "update" | "destroy"
    ) && all.into_iter().eq(resource)
        && ends_in_verb(method, path)
}

/// `tickets.delete_reply` deletes the reply of a ticket. The noun is dropped if it is not in the path:
/// then it is a module's name.
fn verb_between(id: &[String], method: &str, path: &Path) -> Option<Vec<String>> {
    let at = id
        .iter()
        .position(|w| BETWEEN.contains(&w.as_str()))
        .filter(|&at| at > 0)?;
    let (nouns, rest) = id.split_at_checked(at)?;
    let (verb, object) = rest.split_first()?;
    let fits = match verb.as_str() {
        "list" | "get" => matches!(method, "GET" | "HEAD" | "QUERY"),
        "delete" | "remove" => matches!(method, "DELETE" | "POST"),
        _ => matches!(method, "POST" | "PUT" | "PATCH"),
    };
    // A verb at the end is the verb, but for `mark_read` and `get_department_list`.
    let ends_in_noun = match (verb.as_str(), object.last()?.as_str()) {
        ("mark", _) => true,
        ("get", last) => last == "list" || !GENERAL.contains(&last),
        (_, last) => !GENERAL.contains(&last),
    };
    // `cases_solutions_create_2` only tells apart.
    let number = object.last()?.bytes().all(|b| b.is_ascii_digit());
    if !fits || !ends_in_noun || number {
        return None;
    }
    let in_path = |noun: &String| {
        let all = path.literals.iter().flat_map(|(words, _)| words);
        all.into_iter().any(|w| singular(w) == singular(noun))
    };
    let many = object.last().is_some_and(|w| plural(w));
    let verb = if verb == "get" && many { "list" } else { verb };
    let mut name = vec![verb.to_owned()];
    if method != "GET" || nouns.iter().any(in_path) {
        name.extend(nouns.iter().cloned());
        // `contracts.get_expired` gets several.
        let one = method != "GET" || many || !path.parameters.is_empty();
        if one && let Some(last) = name.last_mut() {
            *last = singular(last);
        }
    }
    name.extend(object.iter().cloned());
    Some(name)
}

/// Moves the verb to the front; one record is named in the singular.
fn verb_first(verb: &str, resource: Vec<String>) -> Vec<String> {
    let mut words = vec![verb.to_owned()];
    words.extend(resource);
    let many = matches!(
        verb,
        "list" | "search" | "count" | "export" | "import" | "batch" | "bulk" | "find" | "query"
    );
    if !many && let Some(last) = words.last_mut() {
        *last = singular(last);
    }
    words
}

/// FastAPI appends path and method to the function name: `list_contacts_api_v1_contacts_get`.
fn strip_framework_suffix(id: &mut Vec<String>, operation: &Named<'_>) {
    let mut suffix = words(operation.path);
    suffix.push(operation.method.to_ascii_lowercase());
    if id.len() > suffix.len() && id.ends_with(&suffix) {
        id.truncate(id.len().saturating_sub(suffix.len()));
    }
}
