//! Sentences that say nothing new: documents describe an operation and its body apart, and both are read together.

use std::collections::HashSet;

use crate::names::{singular, words};

/// Words that say nothing by themselves.
const EMPTY: [&str; 30] = [
    "a", "an", "the", "of", "what", "is", "are", "be", "was", "from", "to", "that", "which", "it",
    "its", "and", "or", "in", "on", "with", "for", "this", "these", "one", "made", "make", "by",
    "as", "at", "can",
];
/// Words that turn what is said into something else: a sentence with one of them is kept.
const TURNS: [&str; 10] = [
    "not", "no", "never", "without", "unless", "except", "cannot", "but", "if", "must",
];

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
    use super::says_nothing_new;

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
