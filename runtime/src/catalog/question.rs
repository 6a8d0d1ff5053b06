//! A question in the terms of an index: its words with everything that counts for them, what is to be
//! done, and whether with one record or several.

use std::collections::HashSet;

use super::finder::{Deed, Finder};
use super::synonyms::{is_verb, synonyms};
use super::words::{Word, asked, is_plural, is_stop, stem};

/// Words of a question that are looked at.
const MOST_WORDS: usize = 24;
/// What a word counts that stands in the index only in a similar form, or in a derived one.
const SIMILAR: f64 = 0.6;
const DERIVED: f64 = 0.75;
/// What the words after a preposition count: they say more closely what those before it name.
const AFTERTHOUGHT: f64 = 0.75;

/// Words behind which a question says more closely what it is about.
const PREPOSITIONS: &[&str] = &[
    "about", "at", "by", "for", "from", "in", "of", "on", "through", "to", "via", "with",
];

/// What a question asks for.
#[derive(Debug)]
pub(super) struct Question {
    pub(super) terms: Vec<Term>,
    /// What is to be done, as far as a word says so.
    pub(super) deeds: Vec<Deed>,
    /// Stem of that word.
    pub(super) verb: Option<String>,
    /// Whether it is about several records, one, or neither is clear.
    pub(super) several: Option<bool>,
}

/// A word of a question.
#[derive(Debug)]
pub(super) struct Term {
    /// Every form in which it may stand in the index, with what it counts; the word itself first.
    pub(super) forms: Vec<(String, f64)>,
    /// What the word counts among the others.
    pub(super) weight: f64,
}

impl Question {
    pub(super) fn of(text: &str, finder: &Finder) -> Self {
        let mut plain = asked(text);
        plain.truncate(MOST_WORDS);
        if finder.names("count") {
            plain = counted(plain);
        }
        let words: Vec<Word> = plain.iter().map(|word| Word::of(word)).collect();
        let several = several(&plain, &words, finder);
        let is_known = is_known(&plain);
        let mut terms: Vec<Term> = Vec::new();
        let mut seen = HashSet::new();
        let mut weight = 1.0;
        let mut joined = false;
        let undoes = plain.iter().any(|word| word == "undo");
        for (place, (of, word)) in words.iter().zip(&plain).enumerate() {
            if PREPOSITIONS.contains(&word.as_str()) && !terms.is_empty() {
                weight = AFTERTHOUGHT;
            }
            if std::mem::take(&mut joined) || is_stop(word) || is_number(word) {
                continue;
            }
            let mut forms = vec![(of.stem.clone(), 1.0)];
            // "time sheet" and "timesheet".
            if let Some(next) = words.get(place.saturating_add(1)) {
                let both = format!("{word}{}", next.stem);
                if finder.knows(&both) {
                    forms.insert(0, (both, 1.0));
                    // "payment modes" are two words where others say so too.
                    joined = !finder.knows(&next.stem);
                }
            }
            if !seen.insert(of.stem.clone()) {
                continue;
            }
            // "open tickets" are not to be opened, and neither is "open record 5" to be made.
            let describes = describes_several(&plain, place) || (word == "open" && is_known);
            if !describes {
                forms.extend(synonyms(&of.stem));
            }
            forms.extend(derived(&of.stem, undoes));
            if !forms.iter().any(|(form, _)| finder.knows(form)) {
                let similar = finder.similar(&of.stem).into_iter();
                forms.extend(similar.map(|form| (form, SIMILAR)));
            }
            terms.push(Term { forms, weight });
        }
        let (deeds, verb) = deeds(&plain);
        Self {
            terms,
            deeds,
            verb,
            several,
        }
    }
}

/// Words that ask for a number, in the word that tools have for it: "how many invoices", "the number of invoices".
fn counted(plain: Vec<String>) -> Vec<String> {
    let asks = |pair: &[String]| {
        matches!(pair, [first, second]
            if matches!((first.as_str(), second.as_str()), ("how", "many") | ("number", "of")))
    };
    let Some(place) = plain.windows(2).position(asks) else {
        return plain;
    };
    let (before, rest) = plain.split_at(place);
    let mut words = before.to_vec();
    words.push("count".to_owned());
    words.extend(rest.iter().skip(2).cloned());
    words
}

/// Whether a word says of which kind several records are: "open tickets", "new sales leads".
fn describes_several(plain: &[String], place: usize) -> bool {
    let mut words = plain.iter().skip(place);
    words
        .next()
        .is_some_and(|word| AMBIGUOUS.contains(&word.as_str()))
        && words
            .take_while(|word| !is_stop(word) && !PREPOSITIONS.contains(&word.as_str()))
            .last()
            .is_some_and(|word| is_plural(word))
}

/// Whether a record is meant that is there already, since it has a number.
fn is_known(plain: &[String]) -> bool {
    plain.iter().any(|word| word == "id" || is_number(word))
}

fn is_number(word: &str) -> bool {
    word.chars().all(|c| c.is_ascii_digit())
}

/// Words that are made from a word, or that it is made from.
fn derived(stem: &str, undoes: bool) -> Vec<(String, f64)> {
    let mut forms = vec![(format!("{stem}er"), DERIVED)];
    if let Some(head) = stem.strip_suffix("er").filter(|head| head.len() >= 3) {
        forms.push((head.to_owned(), DERIVED));
    }
    if let Some(rest) = stem.strip_prefix("re").filter(|rest| rest.len() >= 4) {
        forms.push((rest.to_owned(), DERIVED));
    }
    if undoes {
        forms.push((format!("un{stem}"), 1.0));
    }
    forms
}

const VERBS: &[(Deed, &[&str])] = &[
    (
        Deed::Create,
        &[
            "create", "add", "new", "make", "insert", "register", "open", "set", "record", "enter",
            "write", "start", "draft", "leave", "define", "another", "book", "log", "save",
            "upload", "submit",
        ],
    ),
    (
        Deed::Update,
        &[
            "update",
            "change",
            "edit",
            "modify",
            "alter",
            "adjust",
            "correct",
            "fix",
            "rename",
            "set",
            "amend",
            "replace",
            "overwrite",
            "revise",
            "raise",
            "lower",
            "increase",
            "decrease",
            "reassign",
            "assign",
        ],
    ),
    (
        Deed::Delete,
        &[
            "delete", "remove", "destroy", "erase", "drop", "discard", "purge", "trash", "undo",
        ],
    ),
    (
        Deed::List,
        &[
            "list", "all", "every", "browse", "show", "see", "view", "find", "which", "give",
            "get", "fetch", "search", "look", "what", "who", "where", "how", "read", "check",
            "display", "any", "are", "my", "whoami", "count",
        ],
    ),
    (
        Deed::Get,
        &[
            "get", "show", "see", "view", "fetch", "read", "retrieve", "display", "look", "detail",
            "describe", "check", "what", "who", "how", "which", "open", "whoami",
        ],
    ),
];

/// Words that say what is to be done, or of which kind a record is: "open a ticket", "open tickets".
const AMBIGUOUS: &[&str] = &["open", "new", "draft"];

/// Words behind a command.
const ARTICLES: &[&str] = &["a", "all", "an", "on", "the", "this", "that"];

/// Words that ask for several records only where nothing that is to be done stands before them.
const CUES: &[&str] = &["all", "every", "any", "are", "my"];

/// What the first word that says so wants done, and the stem of that word.
fn deeds(plain: &[String]) -> (Vec<Deed>, Option<String>) {
    let mut follows = false;
    for (place, word) in plain.iter().enumerate() {
        let stemmed = stem(word);
        let is_cue = CUES.contains(&word.as_str());
        if is_cue && follows {
            continue;
        }
        follows |= !is_stop(word);
        let mut found: Vec<Deed> = VERBS
            .iter()
            .filter(|(_, verbs)| {
                verbs
                    .iter()
                    .any(|verb| verb == word || stem(verb) == stemmed)
            })
            .map(|(deed, _)| *deed)
            .collect();
        if word == "set" {
            let is_to = plain.iter().any(|word| word == "to");
            found.retain(|deed| (*deed == Deed::Update) == is_to);
        } else if describes_several(plain, place) {
            return (vec![Deed::List], None);
        } else if word == "open" {
            let is_known = is_known(plain);
            found.retain(|deed| (*deed == Deed::Get) == is_known);
        }
        if !found.is_empty() {
            return (found, Some(stemmed));
        }
        // "comment on a ticket": what stands before an article is to be done, noun or not.
        let commands = place == 0
            && !is_plural(word)
            && plain
                .get(1)
                .is_some_and(|next| ARTICLES.contains(&next.as_str()));
        if commands || is_verb(&stemmed) {
            return (vec![Deed::Other], Some(stemmed));
        }
    }
    (Vec::new(), None)
}

/// Whether a question is about several records: by words and numbers that tell one from the others, or
/// by its plurals among the words that the index knows.
fn several(plain: &[String], words: &[Word], finder: &Finder) -> Option<bool> {
    let says = |list: &[&str]| plain.iter().any(|word| list.contains(&word.as_str()));
    if says(&["all", "every", "list", "any"]) {
        return Some(true);
    }
    let singles = [
        "detail",
        "details",
        "single",
        "specific",
        "one",
        "particular",
        "id",
    ];
    if says(&singles) || plain.iter().any(|word| is_number(word)) {
        return Some(false);
    }
    let mut known = words
        .iter()
        .filter(|word| finder.knows(&word.stem))
        .peekable();
    known.peek()?;
    Some(known.any(|word| word.plural))
}
