//! Sentences that say nothing new: documents describe an operation and its body apart, and both are read together.

use std::collections::HashSet;

use crate::names::{singular, words};

/// Words that say nothing by themselves.
const EMPTY: [&str; 32] = [
    "a", "an", "the", "of", "what", "is", "are", "be", "was", "from", "to", "that", "which", "it",
    "its", "and", "or", "in", "on", "with", "for", "this", "these", "one", "made", "make", "by",
    "as", "at", "can", "gets", "receives",
];
/// Words that turn what is said into something else: a sentence with one of them is kept.
const TURNS: [&str; 10] = [
    "not", "no", "never", "without", "unless", "except", "cannot", "but", "if", "must",
];

/// How a text begins that says what something is, not what happens.
const ARTICLES: [&str; 4] = ["a", "an", "somebody", "someone"];
/// Words that end the name of a thing: what follows tells which one.
const ENDS: [&str; 14] = [
    "that", "which", "who", "whose", "from", "to", "of", "for", "with", "in", "on", "by", "as",
    "and",
];
/// Words that make a sentence of a text.
const VERBS: [&str; 22] = [
    "is", "are", "was", "has", "have", "may", "can", "will", "does", "do", "needs", "takes",
    "gets", "stays", "becomes", "goes", "should", "counts", "keeps", "holds", "makes", "gives",
];
/// Most words of a name.
const NAME: usize = 5;

/// Whether a text is the name of a thing and no sentence: `A new reply`, `How to send an invoice`, `Somebody who works
/// here`. Of what a body is, the tool says enough by what it does.
pub fn names_a_thing(sentence: &str) -> bool {
    // Two halves, values and numbers say something.
    if sentence.contains(['`', '"', '\'', ':', ';', '(', '?', '!'])
        || sentence.chars().any(|c| c.is_ascii_digit())
    {
        return false;
    }
    let all: Vec<String> = sentence
        .split_whitespace()
        .map(|word| word.trim_matches([',', '.']).to_lowercase())
        .collect();
    let is = |word: &String, list: &[&str]| list.contains(&word.as_str());
    if all.iter().any(|word| is(word, &TURNS)) {
        return false;
    }
    match all.as_slice() {
        [how, to, _, ..] if how == "how" && to == "to" => true,
        // `What a new payment is made from`, and not `What is left out stays`.
        [what, a, _, ..] if what == "what" && matches!(a.as_str(), "a" | "an" | "the") => true,
        [first, rest @ ..] if is(first, &ARTICLES) => {
            let name = rest.iter().take_while(|word| !is(word, &ENDS));
            let name: Vec<&String> = name.collect();
            // `A draft stays`: the last of several words may be the verb.
            let may_act =
                |last: &&&String| name.len() > 1 && last.ends_with('s') && !last.ends_with("ss");
            name.len() <= NAME
                && !name.iter().any(|word| is(word, &VERBS))
                && name.last().filter(may_act).is_none()
                // What stands behind `that` has a verb of its own; a second one would be the sentence's.
                && rest.iter().filter(|word| is(word, &VERBS)).count() < 2
        }
        _ => false,
    }
}

/// Whether every word of a sentence that says something stands in what is known already.
pub fn says_nothing_new(sentence: &str, known: &str) -> bool {
    let told = content(sentence);
    if told.is_empty() || sentence.contains(['`', '"', '{', '<', '%']) {
        return false;
    }
    let known: HashSet<String> = content(known).into_iter().collect();
    let is_known = |word: &String| {
        known.contains(word)
            || word == "only" && (known.contains("alone") || known.contains("other"))
    };
    !told.iter().any(|word| TURNS.contains(&word.as_str())) && told.iter().all(is_known)
}

fn content(text: &str) -> Vec<String> {
    // Letters of other scripts would be others in ASCII.
    let all = words(&text.replace('\'', ""));
    let telling = all
        .into_iter()
        .filter(|word| !EMPTY.contains(&word.as_str()));
    telling.map(|word| singular(&word)).collect()
}

#[cfg(test)]
mod tests {
    use super::{names_a_thing, says_nothing_new};

    #[test]
    fn names_of_things_are_no_sentences() {
        for (text, expected) in [
            ("A new reply", true),
            ("A line of an invoice", true),
            ("How to send an invoice", true),
            ("Somebody who works here", true),
            ("What a new payment is made from", true),
            ("An address", true),
            ("A reply that is sent to the customer", true),
            ("A draft stays", false),
            ("A draft has no number", false),
            ("A customer can have several", false),
            ("A ticket that is closed is opened again", false),
            ("A reply by staff reopens it: the customer waits", false),
            ("A list of at most 50 ids", false),
            ("A task without a project", false),
            ("What is left out stays as it is", false),
            ("How is what it is for", false),
            ("The customer gets a mail", false),
            ("Only what is given changes", false),
            ("A", true),
            ("", false),
        ] {
            assert_eq!(names_a_thing(text), expected, "{text}");
        }
    }

    #[test]
    fn a_sentence_is_left_out_only_if_all_its_words_were_said() {
        let known = "Change a lead. Changes the fields that are sent and leaves the others alone. Null clears a field that can be empty.";
        for (sentence, expected) in [
            ("Changes of a lead", true),
            (
                "Only the fields that are sent change; null clears a field that can be empty",
                true,
            ),
            ("Null clears no field", false),
            ("Null does not clear a field", false),
            ("Fields that are sent change if the lead is empty", false),
            ("Changes of a contact", false),
            ("At most 5 fields", false),
            ("Fields of `lead`", false),
            ("", false),
        ] {
            assert_eq!(says_nothing_new(sentence, known), expected, "{sentence}");
        }
        let known = "Administrators change fields.";
        assert!(!says_nothing_new(
            "Only administrators change fields",
            known
        ));
        assert!(says_nothing_new(
            "What a new task is made from",
            "Makes a new task."
        ));
    }
}
