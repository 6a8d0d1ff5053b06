//! How much one result may be: bytes, and tokens of a model (ADR 0049).

use super::TEXT_LIMIT;
use super::cost::{tokens, words};
use super::shrink::shrink;
use crate::json::Value;

/// How often a value that is still too much is cut to less.
const TRIES: usize = 6;
/// Of what a cut by tokens aims at: what is kept may be dearer than what is left out.
const AIM: (usize, usize) = (19, 20);
/// Bytes below which nothing is cut.
const LEAST: usize = 400;

/// A value within the limits of a result, with a note per place that was cut. `most` are tokens, by the
/// estimate of `cost.rs`.
pub(super) fn fit(value: Value, most: usize) -> (Value, Vec<String>) {
    let dear = tokens(&value);
    if dear <= most {
        // Few values of so few tokens have more bytes.
        return shrink(value, TEXT_LIMIT);
    }
    let mut bytes = value.to_string().len();
    let mut dear = dear;
    let mut cut = (Value::Null, Vec::new());
    for _ in 0..TRIES {
        let (aim, of) = AIM;
        let room = (share(bytes, most, dear) / of * aim).clamp(LEAST, TEXT_LIMIT);
        cut = shrink(value.clone(), room);
        bytes = cut.0.to_string().len();
        dear = tokens(&cut.0);
        if dear <= most || room == LEAST {
            break;
        }
    }
    cut
}

fn share(room: usize, most: usize, dear: usize) -> usize {
    room.saturating_mul(most) / dear.max(1)
}

/// A text within the limits of a result, and a sentence on what was cut.
pub(super) fn bounded(text: &str, most: usize) -> String {
    let total = text.chars().count();
    let mut keep = total.min(TEXT_LIMIT);
    let mut kept = first(text, keep);
    for _ in 0..TRIES {
        let dear = words(kept);
        if dear <= most {
            break;
        }
        let (aim, of) = AIM;
        keep = share(keep, most, dear) / of * aim;
        kept = first(text, keep);
    }
    if keep == total {
        return text.to_owned();
    }
    format!("{kept}\n[Shortened to fit: the first {keep} of {total} characters. Ask for less.]")
}

fn first(text: &str, characters: usize) -> &str {
    let end = text.char_indices().nth(characters);
    text.get(..end.map_or(text.len(), |(at, _)| at))
        .unwrap_or_default()
}

/// The tokens that an operator may set.
pub(crate) fn is_allowed(tokens: u64) -> bool {
    (1_000..=1_000_000).contains(&tokens)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn dear_values_are_cut_by_tokens_before_they_are_too_long() {
        let row = |id: u32| json!({"id": id, "uuid": format!("b3f9c1de-7a44-4b1e-9d2c-5f0e8a{id:06}"), "hash": "9f86d081884c7d659a2feaa0c55ad015"});
        let rows: Vec<Value> = (0..2_000).map(row).collect();
        let text = "9f86d081884c7d65".repeat(3_000);
        for value in [json!({"data": rows}), json!({"id": 1, "body": text})] {
            for most in [1_000, 5_000, 20_000] {
                let (cut, notes) = fit(value.clone(), most);
                let left = tokens(&cut);
                assert!(left <= most && left * 10 >= most * 7, "{left} of {most}");
                assert_eq!(notes.len(), 1, "{notes:?}");
            }
        }
        let small = json!({"id": 1, "body": "a"});
        assert_eq!(fit(small.clone(), 1_000), (small, Vec::new()));
    }

    #[test]
    fn texts_are_cut_by_tokens_too() {
        let text = "9f86d081884c7d65".repeat(3_000);
        let cut = bounded(&text, 2_000);
        assert!(words(&cut) <= 2_100, "{}", words(&cut));
        assert!(
            cut.ends_with("of 48000 characters. Ask for less.]"),
            "{cut}"
        );
        let long = "word ".repeat(20_000);
        assert!(bounded(&long, 1_000_000).contains("the first 60000 of 100000 characters"));
        assert_eq!(bounded("short", 1_000), "short");
    }
}
