//! What an operation may do, from method and words (rule G8, R13; `agents.md` hint semantics).
//!
//! The document cannot lower what the method and the words say; it is untrusted text.

use crate::ir::{Hints, Risk};
use crate::names::words;

/// A last path word that makes a POST a read.
const READS: [&str; 5] = ["search", "query", "find", "filter", "lookup"];
/// Words that make an operation destructive whatever its method.
const DESTRUCTIVE: [&str; 14] = [
    "delete", "remove", "purge", "destroy", "erase", "wipe", "refund", "cancel", "merge", "void",
    "revoke", "pay", "charge", "reset",
];
/// Words that make an operation leave the service.
const OUTWARD: [&str; 13] = [
    "send",
    "resend",
    "email",
    "mail",
    "sms",
    "invite",
    "publish",
    "notify",
    "broadcast",
    "charge",
    "pay",
    "refund",
    "webhook",
];

/// Words that are always what is done, never what it is done to: they count before a parameter
/// (`/invoices/send/{id}`), and in a GET.
const UNMISTAKABLE: [&str; 17] = [
    "delete",
    "remove",
    "purge",
    "destroy",
    "erase",
    "wipe",
    "cancel",
    "merge",
    "void",
    "revoke",
    "send",
    "resend",
    "pay",
    "refund",
    "invite",
    "notify",
    "broadcast",
];

/// The class, the hints, and the reason in one phrase. The tool's name counts as well: it starts with
/// the verb wherever the operationId has it.
pub fn classify(method: &str, path: &str, operation_id: &str, tool: &str) -> (Risk, Hints, String) {
    let last: Vec<String> = path
        .split('/')
        .rfind(|s| !s.is_empty() && !s.starts_with('{'))
        .map(words)
        .unwrap_or_default();
    // Before a parameter most words name a resource: `/refunds/{id}`.
    let action: &[String] = match last.as_slice() {
        words if !path.trim_end_matches('/').ends_with('}') => words,
        [word] if method == "POST" && UNMISTAKABLE.contains(&word.as_str()) => &last,
        _ => &[],
    };
    let id = words(operation_id);
    let verb = words(tool);
    let spoken = |list: &[&str]| {
        action
            .iter()
            .chain(id.first())
            .chain(verb.first())
            .find(|w| list.contains(&w.as_str()))
            .cloned()
    };
    let read = Hints {
        read_only: true,
        destructive: false,
        idempotent: true,
        open_world: false,
    };
    match method {
        "GET" | "HEAD" | "OPTIONS" | "TRACE" | "QUERY"
            if !verb
                .first()
                .is_some_and(|w| UNMISTAKABLE.contains(&w.as_str())) =>
        {
            return (Risk::Read, read, format!("{method} reads"));
        }
        "POST" => {
            let reads = action.last().is_some_and(|w| READS.contains(&w.as_str()))
                || action.ends_with(&["batch".to_owned(), "read".to_owned()])
                || path.ends_with("/batch/read");
            if reads && spoken(&DESTRUCTIVE).is_none() && spoken(&OUTWARD).is_none() {
                let word = action.last().cloned().unwrap_or_default();
                return (
                    Risk::Read,
                    read,
                    format!("POST whose path ends in `{word}` reads"),
                );
            }
        }
        _ => {}
    }
    if let Some(word) = spoken(&OUTWARD) {
        let hints = Hints {
            read_only: false,
            destructive: true,
            idempotent: false,
            open_world: true,
        };
        return (Risk::Outward, hints, format!("`{word}` leaves the service"));
    }
    if let Some(word) = spoken(&DESTRUCTIVE) {
        let hints = Hints {
            read_only: false,
            destructive: true,
            idempotent: method == "DELETE" || method == "PUT",
            open_world: false,
        };
        return (
            Risk::Destructive,
            hints,
            format!("`{word}` cannot be undone"),
        );
    }
    match method {
        "DELETE" => (
            Risk::Destructive,
            Hints {
                read_only: false,
                destructive: true,
                idempotent: true,
                open_world: false,
            },
            "DELETE deletes".to_owned(),
        ),
        "PUT" | "PATCH" => (
            Risk::Write,
            Hints {
                read_only: false,
                destructive: true,
                idempotent: true,
                open_world: false,
            },
            format!("{method} overwrites"),
        ),
        _ => (
            Risk::Write,
            Hints {
                read_only: false,
                destructive: false,
                idempotent: false,
                open_world: false,
            },
            format!("{method} creates or adds"),
        ),
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
            ("DELETE", "/webhook/{id}", "", "delete_webhook", Destructive),
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
        ] {
            assert_eq!(classify(method, path, id, "").0, risk, "{method} {path}");
        }
    }
}
