//! Words of names, texts and questions, brought into a form in which they can be compared.

use super::synonyms::PHRASES;

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
/// Words of a question that are looked at.
const LONGEST_QUESTION: usize = 500;

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

/// The words of a question, with what several say together in one.
pub(super) fn asked(text: &str) -> Vec<String> {
    let tokens: Vec<&str> = text.split_whitespace().take(LONGEST_QUESTION).collect();
    let alone = tokens.len() == 1;
    let split: Vec<String> = tokens
        .into_iter()
        .flat_map(|token| match name(token) {
            Some(name) if !alone => vec![name],
            _ => split(token),
        })
        .collect();
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

/// A word among others that is written like TechStart is somebody's name: it starts nothing.
fn name(token: &str) -> Option<String> {
    let token = token.strip_suffix("'s").unwrap_or(token);
    let token = token.trim_matches(|c: char| !c.is_alphanumeric());
    let mut pairs = token.chars().zip(token.chars().skip(1));
    let is_name = token.starts_with(char::is_uppercase)
        && token.chars().all(char::is_alphabetic)
        && pairs.any(|(before, c)| before.is_lowercase() && c.is_uppercase());
    (is_name && token.len() <= LONGEST_WORD).then(|| token.to_lowercase())
}

/// Whether a word says nothing of what is wanted.
pub(super) fn is_stop(word: &str) -> bool {
    STOP.binary_search(&word).is_ok()
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
    fn a_name_in_a_question_is_one_word() {
        for (question, expected) in [
            (
                "the customer TechStart",
                &["the", "customer", "techstart"][..],
            ),
            ("TechStart's dueDate", &["techstart", "due", "date"]),
            ("(ContosoHealth) paid", &["contosohealth", "paid"]),
            // Nobody speaks so: the name of an operation.
            ("CreateInvoice", &["create", "invoice"]),
            ("OAuth APIs", &["oauth", "apis"]),
        ] {
            assert_eq!(asked(question), expected, "{question}");
        }
    }

    #[test]
    fn plurals_are_seen() {
        let plural = |word: &str| words(word).first().is_some_and(|word| word.plural);
        assert!(plural("invoices") && plural("entries"));
        assert!(!plural("status") && !plural("address") && !plural("invoice"));
    }
}
