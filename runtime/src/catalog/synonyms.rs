//! Words of general English that stand for one another where an API is spoken of.

use super::words::stem;

/// What several words say together, in the words of an API.
pub(super) const PHRASES: &[(&str, &str)] = &[
    ("am i", "whoami"),
    ("bring back", "restore"),
    ("came in", "received"),
    ("come in", "received"),
    ("get me", "get"),
    ("get rid", "delete"),
    ("give me", "list"),
    ("log in", "login"),
    ("log out", "logout"),
    ("look for", "search"),
    ("look up", "get"),
    ("put another", "add"),
    ("run out", "expire"),
    ("running out", "expire"),
    ("runs out", "expire"),
    ("send me", "send"),
    ("set up", "create"),
    ("show me", "show"),
    ("sign in", "login"),
    ("sign out", "logout"),
    ("take back", "delete"),
    ("take off", "remove"),
    ("tell me", "show"),
    ("throw away", "delete"),
    ("try out", "test"),
    ("turn off", "disable"),
    ("turn on", "enable"),
    ("write up", "create"),
];

/// What a word does in a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Verb,
    Noun,
}

/// Words that mean much the same in any API, and how much one counts for another. None of them belongs
/// to a trade: what a "deal" is called is for the document to say.
const SYNONYMS: &[(Role, f64, &[&str])] = &[
    (
        Role::Verb,
        0.8,
        &[
            "create", "add", "new", "make", "insert", "register", "post", "open", "start", "set",
            "enter", "record", "save", "leave", "write", "define", "upload", "another", "submit",
            "book", "log", "draft",
        ],
    ),
    (
        Role::Verb,
        0.8,
        &[
            "get", "show", "see", "view", "fetch", "read", "retrieve", "display", "look", "open",
            "detail", "describe", "check", "find",
        ],
    ),
    (
        Role::Verb,
        0.8,
        &[
            "list", "all", "every", "browse", "overview", "show", "see", "view", "find", "which",
            "give", "fetch", "get", "read", "check",
        ],
    ),
    (
        Role::Verb,
        0.8,
        &[
            "search", "find", "look", "lookup", "query", "match", "mention",
        ],
    ),
    (
        Role::Verb,
        0.8,
        &[
            "update", "change", "edit", "modify", "alter", "adjust", "correct", "fix", "rename",
            "patch", "set", "amend", "put", "move", "revise", "raise", "lower", "increase",
            "decrease", "extend", "assign",
        ],
    ),
    (Role::Verb, 0.8, &["replace", "overwrite", "swap", "put"]),
    (
        Role::Verb,
        0.8,
        &[
            "delete", "remove", "destroy", "erase", "drop", "discard", "clear", "purge", "trash",
            "undo", "reverse",
        ],
    ),
    (
        Role::Verb,
        0.8,
        &["send", "mail", "email", "deliver", "dispatch"],
    ),
    (Role::Verb, 0.7, &["download", "export", "fetch", "save"]),
    (Role::Verb, 0.7, &["upload", "attach", "import"]),
    (
        Role::Verb,
        0.7,
        &["cancel", "void", "abort", "revoke", "withdraw"],
    ),
    (
        Role::Verb,
        0.7,
        &["close", "finish", "complete", "done", "resolve", "end"],
    ),
    (Role::Verb, 0.7, &["archive", "delete", "retire"]),
    (
        Role::Verb,
        0.7,
        &["restore", "undelete", "recover", "unarchive"],
    ),
    (Role::Verb, 0.7, &["copy", "duplicate", "clone"]),
    (Role::Verb, 0.7, &["merge", "combine", "join", "unite"]),
    (Role::Verb, 0.7, &["link", "connect", "relate", "associate"]),
    (Role::Verb, 0.7, &["enable", "activate", "unlock", "allow"]),
    (
        Role::Verb,
        0.7,
        &["disable", "deactivate", "lock", "suspend", "block"],
    ),
    (Role::Verb, 0.7, &["unpublish", "offline", "hide"]),
    (Role::Verb, 0.7, &["approve", "accept", "confirm"]),
    (Role::Verb, 0.7, &["reject", "decline", "refuse", "deny"]),
    (Role::Verb, 0.7, &["reply", "answer", "respond", "response"]),
    (
        Role::Verb,
        0.7,
        &["convert", "turn", "transform", "promote"],
    ),
    (Role::Verb, 0.7, &["rotate", "regenerate", "renew"]),
    (Role::Verb, 0.7, &["mark", "set", "flag"]),
    (Role::Verb, 0.7, &["pause", "resume", "toggle"]),
    (Role::Verb, 0.7, &["reorder", "sort", "rearrange"]),
    (Role::Verb, 0.7, &["follow", "watch", "subscribe"]),
    (Role::Verb, 0.7, &["logout", "signout"]),
    (
        Role::Verb,
        0.7,
        &["login", "signin", "authenticate", "auth"],
    ),
    (Role::Verb, 0.7, &["request", "ask"]),
    (
        Role::Noun,
        0.7,
        &["bulk", "batch", "several", "many", "multiple", "mass"],
    ),
    (Role::Noun, 0.6, &["file", "attachment", "document"]),
    (Role::Noun, 0.6, &["picture", "image", "photo"]),
    (
        Role::Noun,
        0.7,
        &["config", "setting", "configuration", "preference", "option"],
    ),
    (
        Role::Noun,
        0.8,
        &["org", "organization", "organisation", "company", "firm"],
    ),
    (
        Role::Noun,
        0.7,
        &["me", "myself", "whoami", "profile", "current"],
    ),
    (
        Role::Noun,
        0.6,
        &["user", "member", "people", "person", "account", "contact"],
    ),
    (
        Role::Noun,
        0.6,
        &[
            "report",
            "statistic",
            "stat",
            "analytic",
            "metric",
            "figure",
            "dashboard",
            "summary",
        ],
    ),
    (
        Role::Noun,
        0.6,
        &[
            "history", "timeline", "activity", "audit", "log", "event", "happen",
        ],
    ),
    (
        Role::Noun,
        0.6,
        &["everything", "anything", "record", "all"],
    ),
    (Role::Noun, 0.6, &["comment", "remark", "note"]),
    (Role::Noun, 0.6, &["hour", "time"]),
    (Role::Noun, 0.6, &["key", "token", "credential"]),
    (Role::Noun, 0.7, &["price", "rate", "cost", "charge", "fee"]),
    (Role::Noun, 0.6, &["late", "overdue", "unpaid"]),
    (Role::Noun, 0.6, &["money", "payment", "paid"]),
    (
        Role::Noun,
        0.6,
        &["urgent", "urgency", "priority", "important"],
    ),
    (Role::Noun, 0.6, &["health", "status", "alive", "running"]),
    (Role::Noun, 0.6, &["category", "type", "kind"]),
    (Role::Noun, 0.6, &["child", "tree", "hierarchy", "nested"]),
    (Role::Noun, 0.6, &["article", "knowledge", "faq"]),
    (Role::Noun, 0.6, &["expire", "end", "expiry"]),
    (Role::Noun, 0.6, &["age", "aging", "old"]),
];

/// Whether a word can say what is to be done.
pub(super) fn is_verb(stem_of: &str) -> bool {
    SYNONYMS
        .iter()
        .filter(|(role, ..)| *role == Role::Verb)
        .any(|(_, _, group)| group.iter().any(|word| stem(word) == stem_of))
}

/// Stems that count for a stem, with how much.
pub(super) fn synonyms(stem_of: &str) -> Vec<(String, f64)> {
    let mut found: Vec<(String, f64)> = Vec::new();
    for (_, weight, group) in SYNONYMS {
        let stems: Vec<String> = group.iter().map(|word| stem(word)).collect();
        if !stems.iter().any(|known| known == stem_of) {
            continue;
        }
        for known in stems {
            if known != stem_of && !found.iter().any(|(other, _)| *other == known) {
                found.push((known, *weight));
            }
        }
    }
    found
}
