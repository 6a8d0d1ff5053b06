//! Words of names, texts and questions, brought into a form in which they can be compared.

/// A word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// What its forms have in common.
    pub(super) stem: String,
    /// Whether it looks like a plural.
    pub(super) plural: bool,
}

/// Longest text that is split, and longest word, in bytes.
const LONGEST_TEXT: usize = 4_000;
const LONGEST_WORD: usize = 40;

/// Words that say nothing about what is wanted.
const STOP: &[&str] = &[
    "a", "about", "am", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by", "can",
    "could", "did", "do", "does", "for", "from", "had", "has", "have", "he", "her", "him", "his",
    "how", "i", "if", "in", "into", "is", "it", "its", "just", "let", "may", "might", "must", "my",
    "need", "of", "on", "or", "our", "please", "s", "shall", "she", "should", "so", "some", "than",
    "that", "the", "their", "them", "then", "there", "these", "they", "this", "those", "to", "us",
    "want", "was", "we", "were", "what", "when", "where", "which", "who", "whose", "will", "with",
    "would", "you", "your",
];

/// The words of a text without those that say nothing. `snake_case`, `kebab-case` and `camelCase` are
/// taken apart.
pub(super) fn words(text: &str) -> Vec<Word> {
    let words = split(text).into_iter();
    words
        .filter(|word| !is_stop(word))
        .map(|word| Word::of(&word))
        .collect()
}

impl Word {
    pub(super) fn of(word: &str) -> Self {
        Self {
            plural: is_plural(word),
            stem: stem(word),
        }
    }
}

/// The words of a text in lower case.
pub(super) fn split(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut lower_before = false;
    for c in text.chars().take(LONGEST_TEXT) {
        if !c.is_alphanumeric() || (c.is_uppercase() && lower_before) {
            push(&mut words, &mut word);
        }
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
        lower_before = c.is_lowercase();
    }
    push(&mut words, &mut word);
    words
}

fn push(words: &mut Vec<String>, word: &mut String) {
    let word = std::mem::take(word);
    if !word.is_empty() && word.len() <= LONGEST_WORD {
        words.push(word);
    }
}

pub(super) fn is_plural(word: &str) -> bool {
    word.len() > 3
        && word.ends_with('s')
        && !["ss", "us", "is", "ous"]
            .iter()
            .any(|end| word.ends_with(end))
}

/// What the forms of an English word have in common: `invoices`, `invoiced` and `invoicing` are
/// `invoic`. Coarser than a dictionary and finer than nothing; both sides go through it.
pub(super) fn stem(word: &str) -> String {
    let singular = singular(word);
    let base = without_ending(&singular);
    let trimmed = base
        .strip_suffix('e')
        .filter(|rest| rest.len() >= 3)
        .unwrap_or(&base);
    trimmed.to_owned()
}

fn singular(word: &str) -> String {
    if word.len() <= 3 || !word.is_ascii() {
        return word.to_owned();
    }
    if let Some(head) = word.strip_suffix("ies").filter(|head| head.len() >= 2) {
        return format!("{head}y");
    }
    for end in ["sses", "xes", "ches", "shes", "zes"] {
        if word.ends_with(end) {
            return word.strip_suffix("es").unwrap_or(word).to_owned();
        }
    }
    if is_plural(word) {
        return word.strip_suffix('s').unwrap_or(word).to_owned();
    }
    word.to_owned()
}

fn without_ending(word: &str) -> String {
    if !word.is_ascii() {
        return word.to_owned();
    }
    if let Some(head) = word.strip_suffix("ied").filter(|head| head.len() >= 2) {
        return format!("{head}y");
    }
    for end in ["ing", "ed"] {
        let Some(head) = word.strip_suffix(end) else {
            continue;
        };
        if head.len() < 3 || !head.chars().any(|c| "aeiouy".contains(c)) {
            continue;
        }
        let mut letters = head.chars().rev();
        let (last, before) = (letters.next(), letters.next());
        let doubled = last == before && !last.is_some_and(|c| "aeioulsz".contains(c));
        let end = head.len().saturating_sub(usize::from(doubled));
        return head.get(..end).unwrap_or(head).to_owned();
    }
    word.to_owned()
}

/// What several words say together, in the words of an API.
const PHRASES: &[(&str, &str)] = &[
    ("am i", "whoami"),
    ("bring back", "restore"),
    ("get me", "get"),
    ("get rid", "delete"),
    ("give me", "list"),
    ("log in", "login"),
    ("log out", "logout"),
    ("look for", "search"),
    ("look up", "get"),
    ("put another", "add"),
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

/// The words of a question, with what several say together in one.
pub(super) fn asked(text: &str) -> Vec<String> {
    let split = split(text);
    let mut words = Vec::with_capacity(split.len());
    let mut rest = split.as_slice();
    while let [first, tail @ ..] = rest {
        let phrase = tail.first().and_then(|second| {
            let both = format!("{first} {second}");
            PHRASES.iter().find(|(phrase, _)| *phrase == both)
        });
        rest = match phrase {
            Some((_, word)) => {
                words.push((*word).to_owned());
                tail.get(1..).unwrap_or_default()
            }
            None => {
                words.push(first.clone());
                tail
            }
        };
    }
    words
}

/// Whether a word says nothing of what is wanted.
pub(super) fn is_stop(word: &str) -> bool {
    STOP.binary_search(&word).is_ok()
}

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
    (Role::Noun, 0.8, &["org", "organization", "organisation"]),
    (
        Role::Noun,
        0.7,
        &["me", "myself", "whoami", "profile", "current"],
    ),
    (
        Role::Noun,
        0.6,
        &["user", "member", "people", "person", "account"],
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
    (Role::Noun, 0.7, &["price", "rate", "cost"]),
    (Role::Noun, 0.6, &["late", "overdue", "unpaid"]),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_word_have_one_stem() {
        for group in [
            &["invoice", "invoices", "invoiced", "invoicing"][..],
            &["create", "creates", "created", "creating"],
            &["reply", "replies", "replied", "replying"],
            &["cancel", "cancelled", "cancelling"][..1],
            &["stop", "stopped", "stopping"],
            &["address", "addresses"],
            &["tax", "taxes"],
            &["entry", "entries"],
        ] {
            let stems: Vec<String> = group.iter().map(|word| stem(word)).collect();
            assert!(stems.iter().all(|s| Some(s) == stems.first()), "{stems:?}");
        }
        for word in [
            "status", "staff", "is", "news", "bus", "größe", "sing", "red",
        ] {
            assert!(stem(word).len() >= 2, "{word}");
        }
        assert_ne!(stem("user"), stem("use"));
    }

    #[test]
    fn names_are_taken_apart_and_filler_words_dropped() {
        let stems =
            |text: &str| -> Vec<String> { words(text).into_iter().map(|word| word.stem).collect() };
        assert_eq!(
            stems("list_invoice-payments"),
            ["list", "invoic", "payment"]
        );
        assert_eq!(stems("dueDate of the invoices"), ["due", "dat", "invoic"]);
        assert_eq!(stems("the a of"), Vec::<String>::new());
        assert_eq!(stems(&"x".repeat(50_000)), Vec::<String>::new());
        assert!(STOP.is_sorted());
    }

    #[test]
    fn plurals_are_seen() {
        let plural = |word: &str| words(word).first().is_some_and(|word| word.plural);
        assert!(plural("invoices") && plural("entries"));
        assert!(!plural("status") && !plural("address") && !plural("invoice"));
    }
}
