//! What an operation may do, from method and words (rule G8, R13; `agents.md` hint semantics).
//!
//! The document cannot lower what the method and the words say; it is untrusted text.

use crate::ir::{Hints, Risk};
use crate::names::{plural, singular, without_format, words};

mod vocabulary;

use self::vocabulary::{
    ABOUT, CREDENTIALS, DESTRUCTIVE, ISSUES, MAKES, OUTWARD, OVERWRITES, READS, RENEWS, SENT,
    STATES, UNDOES, UNMISTAKABLE, WEBHOOK,
};

mod switches;

pub use self::switches::with_switches;

#[cfg(test)]
mod tests;

/// The class, the hints, and the reason in one phrase. The tool's name counts as well: it starts with
/// the verb wherever the operationId has it.
pub fn classify(method: &str, path: &str, operation_id: &str, tool: &str) -> (Risk, Hints, String) {
    let segments: Vec<&str> = path.split('/').filter(|s| !s.is_empty()).collect();
    let literals: Vec<Vec<String>> = segments
        .iter()
        .filter(|s| !s.starts_with('{'))
        .map(|s| words(without_format(s)))
        .collect();
    let last = literals.last().map(Vec::as_slice).unwrap_or_default();
    // Before a parameter most words name a resource: `/refunds/{id}`.
    let action: &[String] = match last {
        words if !segments.last().is_some_and(|s| s.starts_with('{')) => words,
        [word] if method == "POST" && UNMISTAKABLE.contains(&word.as_str()) => last,
        _ => &[],
    };
    let id = words(operation_id);
    let verb = words(tool);
    let spoken = |list: &[&str]| {
        action
            .iter()
            .enumerate()
            .filter(|(i, _)| !is_order(action, *i))
            .map(|(_, word)| word)
            .chain(id.first())
            .chain(object(&id))
            .chain(verb.first())
            .find(|w| list.contains(&w.as_str()))
            .cloned()
    };
    let is_about = |w: &String| w == "add" || ABOUT.contains(&w.as_str());
    let sent = || {
        let words = if action.first().is_some_and(is_about) {
            &[]
        } else {
            action
        };
        // `emailInvoice` sends; `email_create` makes a record.
        let emailed = id
            .first()
            .filter(|_| !id.last().is_some_and(|w| is_about(w) || w == "create"));
        let mut words = words.iter().chain(emailed).filter(|_| method == "POST");
        words.find(|w| SENT.contains(&w.as_str())).cloned()
    };
    match method {
        "GET" | "HEAD" | "OPTIONS" | "TRACE" | "QUERY" => {
            let done = done(&verb)
                .or_else(|| done(&id))
                .or_else(|| literals.last().and_then(|words| done_too(words)));
            match done {
                None => return (Risk::Read, READ, format!("{method} reads")),
                Some(word) if OUTWARD.contains(&word.as_str()) => {
                    let hints = Hints {
                        open_world: true,
                        ..changes(true, false)
                    };
                    return (Risk::Outward, hints, format!("`{word}` leaves the service"));
                }
                Some(word) => {
                    return (
                        Risk::Destructive,
                        changes(true, false),
                        format!("`{word}` cannot be undone"),
                    );
                }
            }
        }
        "POST"
            if spoken(&DESTRUCTIVE).is_none()
                && spoken(&OUTWARD).is_none()
                && let Some(word) = read_by_post(path, action, &segments) =>
        {
            return (
                Risk::Read,
                READ,
                format!("POST whose path ends in `{word}` reads"),
            );
        }
        _ => {}
    }
    if let Some(word) = spoken(&OUTWARD).or_else(sent) {
        let hints = Hints {
            open_world: true,
            ..changes(true, false)
        };
        return (Risk::Outward, hints, format!("`{word}` leaves the service"));
    }
    if let Some(word) = spoken(&DESTRUCTIVE) {
        return (
            Risk::Destructive,
            changes(true, method == "DELETE" || method == "PUT"),
            format!("`{word}` cannot be undone"),
        );
    }
    let undone = undone(last, &id, &verb);
    if let Some(word) = undone.filter(|word| RENEWS.contains(&word.as_str()))
        && let Some(credential) = credential(&id, &verb, last)
        && method != "DELETE"
    {
        return (
            Risk::Destructive,
            changes(true, false),
            format!("`{word}` ends the {credential} before"),
        );
    }
    if matches!(method, "POST" | "PUT" | "PATCH") && (is_webhook(&verb) || is_webhook(&id)) {
        let hints = Hints {
            open_world: true,
            ..changes(true, false)
        };
        let reason = "a webhook sends to an address that the caller names";
        return (Risk::Outward, hints, reason.to_owned());
    }
    if let Some(word) = overwrites(method, action, &literals).or_else(|| spoken(&OVERWRITES))
        && matches!(method, "POST" | "PUT" | "PATCH")
        && !verb.first().is_some_and(is_about)
        && !action.iter().any(is_about)
    {
        return (
            Risk::Write,
            changes(true, false),
            format!("`{word}` changes records that are there"),
        );
    }
    if method == "POST"
        && let Some(word) = undone
            .cloned()
            .or_else(|| state(action, &segments, &id, &verb))
    {
        return (
            Risk::Write,
            changes(true, false),
            format!("`{word}` changes a record that is there"),
        );
    }
    if method == "POST"
        && verb
            .first()
            .is_some_and(|word| ISSUES.contains(&word.as_str()))
        && let Some(word) = action.last().filter(|word| is_one_of_a_kind(word))
    {
        return (
            Risk::Write,
            changes(true, false),
            format!("a new {word} takes the place of the one before"),
        );
    }
    by_method(method)
}

/// The word that takes back what is there: where the path ends, or where a name begins or ends.
fn undone<'w>(path: &'w [String], id: &'w [String], verb: &'w [String]) -> Option<&'w String> {
    let is_about = |words: &[String]| words.first().is_some_and(|w| ABOUT.contains(&w.as_str()));
    let named = [path, id, verb]
        .into_iter()
        .filter(|words| !is_about(words));
    let mut ends = named.flat_map(|words| words.first().into_iter().chain(words.last()));
    ends.find(|word| UNDOES.contains(&word.as_str()))
}

/// The credential that names or the end of a path speak of.
fn credential(id: &[String], verb: &[String], path: &[String]) -> Option<String> {
    let mut words = id.iter().chain(verb).chain(path);
    let word = words.find(|word| CREDENTIALS.contains(&singular(word).as_str()))?;
    Some(singular(word))
}

/// Whether a word names a credential of which there is one, in use elsewhere. A token is made at each log in.
fn is_one_of_a_kind(word: &str) -> bool {
    matches!(word, "key" | "secret")
}

/// The word by which a POST changes how a record stands: the verb of the tool or of the operationId, or the last
/// word of the path behind a record (`/deals/{id}/close`). Elsewhere it is part of a name: `/close-reasons`.
fn state(action: &[String], segments: &[&str], id: &[String], verb: &[String]) -> Option<String> {
    let behind = match segments {
        [.., record, _] if record.starts_with('{') => Some(action),
        _ => None,
    };
    let alone = behind.filter(|action| action.len() == 1);
    let mut words = alone
        .into_iter()
        .flatten()
        .chain(id.first())
        .chain(verb.first());
    words.find(|word| STATES.contains(&word.as_str())).cloned()
}

/// Whether a name says that a webhook is made or changed.
fn is_webhook(name: &[String]) -> bool {
    matches!(name, [first, .., last]
        if MAKES.contains(&first.as_str()) && WEBHOOK.contains(&last.as_str()))
}

/// A path word that converts or imports: the segment before the last one too (`/contacts/import/csv`).
fn overwrites(method: &str, action: &[String], literals: &[Vec<String>]) -> Option<String> {
    let [.., before, last] = literals else {
        return None;
    };
    let is_about = last.iter().any(|word| ABOUT.contains(&word.as_str()));
    let [word] = before.as_slice() else {
        return None;
    };
    let stands = method == "POST" && !is_about && last == action;
    (stands && OVERWRITES.contains(&word.as_str())).then(|| word.clone())
}

/// What a name says is done: its first word, unless the last one says that it is about that
/// (`cancel_reasons_list`), or what is done besides.
fn done(words: &[String]) -> Option<String> {
    let unmistakable = |w: &&String| UNMISTAKABLE.contains(&w.as_str());
    let about = words.last().is_some_and(|w| ABOUT.contains(&w.as_str()));
    let first = words
        .first()
        .filter(|w| unmistakable(w) && (!about || words.len() == 1));
    first.cloned().or_else(|| done_too(words))
}

/// What is done besides: `closeAndDelete`, `purge_and_return`.
fn done_too(words: &[String]) -> Option<String> {
    let and = words.iter().position(|w| w == "and")?;
    let before = and.checked_sub(1).and_then(|at| words.get(at));
    let after = words.get(and.saturating_add(1));
    let mut beside = before.into_iter().chain(after);
    beside.find(|w| UNMISTAKABLE.contains(&w.as_str())).cloned()
}

const READ: Hints = Hints {
    read_only: true,
    destructive: false,
    idempotent: true,
    open_world: false,
};

fn changes(destructive: bool, idempotent: bool) -> Hints {
    Hints {
        read_only: false,
        destructive,
        idempotent,
        open_world: false,
    }
}

/// What the method alone says. PUT is idempotent, PATCH need not be (RFC 9110 §9.2.2, RFC 5789 §2).
fn by_method(method: &str) -> (Risk, Hints, String) {
    match method {
        "DELETE" => (
            Risk::Destructive,
            changes(true, true),
            "DELETE deletes".to_owned(),
        ),
        "PUT" | "PATCH" => (
            Risk::Write,
            changes(true, method == "PUT"),
            format!("{method} overwrites"),
        ),
        "POST" => (
            Risk::Write,
            changes(false, false),
            "POST creates or adds".to_owned(),
        ),
        "PURGE" | "UNLINK" => (
            Risk::Destructive,
            changes(true, false),
            format!("{method} removes"),
        ),
        _ => (
            Risk::Write,
            changes(true, false),
            format!("what {method} does is not known"),
        ),
    }
}

/// The last word of an operationId if it is what is done: `add_refund`, and not `update_refund`.
fn object(id: &[String]) -> Option<&String> {
    match id {
        [.., before, last] if !ABOUT.contains(&before.as_str()) => Some(last),
        _ => None,
    }
}

/// `purchase-orders` are records; nothing is bought.
fn is_order(action: &[String], at: usize) -> bool {
    action.get(at).is_some_and(|w| w == "purchase")
        && action
            .get(at.saturating_add(1))
            .is_some_and(|w| w.starts_with("order"))
}

/// The word that makes a POST a read: the last one of `/customers/search`, the first one of
/// `/users/get-by-email`, and `list` right after a collection (`/templates/list`).
fn read_by_post(path: &str, action: &[String], segments: &[&str]) -> Option<String> {
    let collection = match segments {
        [.., before, _] => {
            !before.starts_with('{') && words(before).last().is_some_and(|w| plural(w))
        }
        _ => false,
    };
    let batch =
        action.ends_with(&["batch".to_owned(), "read".to_owned()]) || path.ends_with("/batch/read");
    match action {
        [.., last] if READS.contains(&last.as_str()) || batch => Some(last.clone()),
        [first, ..] if first == "get" => Some(first.clone()),
        [only] if only == "list" && collection => Some(only.clone()),
        _ => None,
    }
}
