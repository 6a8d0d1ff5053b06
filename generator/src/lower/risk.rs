//! What an operation may do, from method and words (rule G8, R13; `agents.md` hint semantics).
//!
//! The document cannot lower what the method and the words say; it is untrusted text.

use crate::ir::{Hints, Risk};
use crate::names::{plural, without_format, words};

/// A last path word that makes a POST a read.
const READS: [&str; 5] = ["search", "query", "find", "filter", "lookup"];
/// Words that make an operation destructive whatever its method.
const DESTRUCTIVE: [&str; 19] = [
    "delete",
    "remove",
    "purge",
    "destroy",
    "erase",
    "wipe",
    "clear",
    "anonymize",
    "refund",
    "cancel",
    "abort",
    "merge",
    "void",
    "revoke",
    "pay",
    "buy",
    "purchase",
    "charge",
    "reset",
];
/// Words that make an operation leave the service.
const OUTWARD: [&str; 11] = [
    "send",
    "resend",
    "invite",
    "publish",
    "notify",
    "broadcast",
    "charge",
    "pay",
    "buy",
    "purchase",
    "refund",
];
/// What is sent: a POST to it sends one, unless something else is done to it (`list-sms`).
const SENT: [&str; 4] = ["email", "mail", "sms", "webhook"];
/// Words that are always what is done, never what it is done to: they count before a parameter
/// (`/invoices/send/{id}`), and in a GET.
const UNMISTAKABLE: [&str; 20] = [
    "delete",
    "remove",
    "purge",
    "destroy",
    "erase",
    "wipe",
    "anonymize",
    "cancel",
    "merge",
    "void",
    "revoke",
    "send",
    "resend",
    "pay",
    "buy",
    "purchase",
    "refund",
    "invite",
    "notify",
    "broadcast",
];
/// Verbs that make the word after them a record: `update_refund` refunds nothing.
const ABOUT: [&str; 24] = [
    "list", "get", "find", "search", "count", "fetch", "read", "show", "view", "retrieve", "check",
    "verify", "validate", "confirm", "preview", "render", "update", "change", "set", "delete",
    "remove", "cancel", "enable", "disable",
];

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
    by_method(method)
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

#[cfg(test)]
mod tests {
    use super::classify;
    use crate::ir::Risk::{Destructive, Outward, Read, Write};

    #[test]
    fn the_verb_of_the_tool_counts_wherever_it_stands() {
        for (method, path, id, tool, risk) in [
            (
                "POST",
                "/customers/{id}",
                "customers.delete",
                "delete_customer",
                Destructive,
            ),
            ("POST", "/invoices/send/{id}", "", "create_send", Outward),
            ("GET", "/leads/{id}/delete", "", "delete_lead", Destructive),
            ("GET", "/invoices/{id}/send", "", "send_invoice", Outward),
            ("GET", "/email", "getEmail", "get_email", Read),
            ("GET", "/refunds", "listRefunds", "list_refunds", Read),
            ("GET", "/logs/all", "purgeAll", "list_logs", Destructive),
            (
                "GET",
                "/logs",
                "get_and_purge_logs",
                "get_logs",
                Destructive,
            ),
            (
                "GET",
                "/accounts/closeAndDelete",
                "",
                "get_close",
                Destructive,
            ),
            ("GET", "/logs/purgeAndReturn", "", "get_purge", Destructive),
            (
                "GET",
                "/cancel-reasons",
                "cancel_reasons_list",
                "list_reasons",
                Read,
            ),
            (
                "GET",
                "/terms-and-conditions",
                "getTermsAndConditions",
                "get_terms",
                Read,
            ),
            (
                "GET",
                "/pulls/{id}/merge",
                "pulls/check-if-merged",
                "check_merge",
                Read,
            ),
            ("DELETE", "/webhook/{id}", "", "delete_webhook", Destructive),
            (
                "POST",
                "/v4/domains/buy",
                "buyDomain",
                "buy_domain",
                Outward,
            ),
            (
                "POST",
                "/credit-notes/{id}/refunds",
                "credit_notes.add_refund",
                "add_credit_note_refund",
                Outward,
            ),
            (
                "PUT",
                "/admin/users/{id}/anonymize.json",
                "anonymizeUser",
                "anonymize_user",
                Destructive,
            ),
        ] {
            assert_eq!(classify(method, path, id, tool).0, risk, "{method} {path}");
        }
    }

    #[test]
    fn method_and_words_decide_the_class() {
        for (method, path, id, risk) in [
            ("GET", "/customers", "listCustomers", Read),
            ("POST", "/customers/search", "", Read),
            ("POST", "/objects/batch/read", "", Read),
            ("QUERY", "/customers", "", Read),
            ("POST", "/customers", "createCustomer", Write),
            ("PUT", "/customers/{id}", "", Write),
            ("PATCH", "/customers/{id}", "", Write),
            ("DELETE", "/customers/{id}", "", Destructive),
            ("POST", "/leads/bulk-delete", "", Destructive),
            ("POST", "/x", "deleteEverything", Destructive),
            ("POST", "/invoices/{id}/send", "", Outward),
            ("POST", "/refunds/{id}", "updateRefund", Write),
            ("POST", "/invoices/{id}/refund", "", Outward),
            ("POST", "/refunds/{id}.json", "", Write),
            ("POST", "/search.json", "", Read),
            ("POST", "/tickets/purchase", "", Outward),
            ("POST", "/purchase-orders", "createPurchaseOrder", Write),
            (
                "POST",
                "/users/{id}/anonymise",
                "anonymizeUser",
                Destructive,
            ),
            ("POST", "/rejects/list-sms", "rejects/list-sms", Write),
            ("POST", "/rejects/add-sms", "", Write),
            ("POST", "/rejects/delete-sms", "", Destructive),
            ("POST", "/messages/send-sms", "", Outward),
            ("POST", "/messages/sms", "", Outward),
            ("POST", "/accounts/{id}/create_mail", "", Outward),
            ("PUT", "/me/email", "updateEmail", Write),
            ("POST", "/registration", "emailLogin", Outward),
            ("POST", "/messages", "email_create", Write),
            ("POST", "/invites", "createInvite", Outward),
            ("POST", "/templates/list", "", Read),
            ("POST", "/users/get-by-email", "", Read),
            ("POST", "/boards/{id}/list", "", Write),
            ("POST", "/v1/list", "", Write),
            ("POST", "/list-items", "", Write),
            ("PURGE", "/cache", "", Destructive),
            ("UNLINK", "/leads/{id}", "", Destructive),
            ("LINK", "/leads/{id}", "", Write),
        ] {
            assert_eq!(classify(method, path, id, "").0, risk, "{method} {path}");
        }
    }

    #[test]
    fn hints_promise_no_more_than_the_method_does() {
        for (method, destructive, idempotent) in [
            ("POST", false, false),
            ("PUT", true, true),
            ("PATCH", true, false),
            ("DELETE", true, true),
            ("PURGE", true, false),
            ("LINK", true, false),
            ("MOVE", true, false),
            ("lock", true, false),
        ] {
            let (_, hints, reason) = classify(method, "/leads/{id}", "", "");
            assert_eq!(
                (hints.read_only, hints.destructive, hints.idempotent),
                (false, destructive, idempotent),
                "{method}: {reason}"
            );
        }
        assert_eq!(
            classify("MOVE", "/x", "", "").2,
            "what MOVE does is not known"
        );
    }
}
