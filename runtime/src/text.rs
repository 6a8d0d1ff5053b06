//! Text from elsewhere on its way to a model: invisible characters out, lengths bounded.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::json::{Object, Value};

/// Whether a character can hide text or change how text around it reads: C0 and C1 controls (but not
/// tab and line feed), bidirectional controls, zero-width characters, tag characters, fillers, and
/// variation selectors but for the two that choose how an emoji looks.
#[must_use]
pub fn is_invisible(c: char) -> bool {
    match c {
        '\t' | '\n' => false,
        '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}'
        | '\u{061C}'
        | '\u{180E}'
        | '\u{FEFF}'
        | '\u{00AD}'
        | '\u{034F}'
        | '\u{115F}'..='\u{1160}'
        | '\u{17B4}'..='\u{17B5}'
        | '\u{3164}'
        | '\u{FE00}'..='\u{FE0D}'
        | '\u{FFA0}'
        | '\u{FFF9}'..='\u{FFFB}'
        | '\u{E0000}'..='\u{E0FFF}' => true,
        c => c.is_control(),
    }
}

/// A name without case and separators, as different APIs write the same: its letters and digits (ASCII) in lower case.
pub(crate) fn bare_name(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|c| c.to_ascii_lowercase()).collect()
}

/// The text without invisible characters; see [`is_invisible`].
#[must_use]
pub fn clean(text: &str) -> Cow<'_, str> {
    if text.chars().any(is_invisible) {
        Cow::Owned(
            text.replace("\r\n", "\n")
                .chars()
                .filter(|c| !is_invisible(*c))
                .collect(),
        )
    } else {
        Cow::Borrowed(text)
    }
}

/// The value with every string and every key cleaned. Keys that differ in invisible characters alone
/// stay apart: one that another has taken shows what it hid, such as `a\u{200b}`.
#[must_use]
pub fn clean_value(mut value: Value) -> Value {
    clean_within(&mut value);
    value
}

/// In place, since in nearly every answer there is nothing to clean.
fn clean_within(value: &mut Value) {
    match value {
        Value::String(text) => {
            if text.chars().any(is_invisible) {
                *text = clean(text).into_owned();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(clean_within),
        Value::Object(object) => {
            object.values_mut().for_each(clean_within);
            if object.keys().any(|key| key.chars().any(is_invisible)) {
                *object = with_clean_keys(std::mem::take(object));
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn with_clean_keys(object: Object) -> Object {
    let plain: HashSet<String> = object
        .keys()
        .filter(|key| !key.chars().any(is_invisible))
        .cloned()
        .collect();
    let mut cleaned = Object::with_capacity(object.len());
    let mut tries = 1;
    for (key, value) in object {
        let is_taken =
            |name: &str, cleaned: &Object| plain.contains(name) || cleaned.contains_key(name);
        let name = match clean(&key) {
            Cow::Borrowed(_) => key,
            Cow::Owned(name) if !is_taken(&name, &cleaned) => name,
            Cow::Owned(_) => {
                let shown = shown(&key);
                let mut name = shown.clone();
                while is_taken(&name, &cleaned) {
                    tries += 1;
                    name = format!("{shown} ({tries})");
                }
                name
            }
        };
        cleaned.insert(name, value);
    }
    cleaned
}

/// The text with invisible characters written out.
fn shown(text: &str) -> String {
    let mut shown = String::new();
    for c in text.chars() {
        if is_invisible(c) {
            shown.extend(c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    shown
}

/// At most `limit` characters of the text, with an ellipsis where something is left out.
#[must_use]
pub fn cap(text: &str, limit: usize) -> Cow<'_, str> {
    match text.char_indices().nth(limit) {
        None => Cow::Borrowed(text),
        Some((at, _)) => Cow::Owned(format!("{}…", text.get(..at).unwrap_or_default())),
    }
}

/// Longest name, in bytes, that others are compared with: the cost grows with the product of both
/// lengths, and nobody mistypes more.
const LONGEST_NAME: usize = 256;

/// The one of `names` that is most like `name`, if any is like it at all.
#[must_use]
pub fn nearest<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if name.len() > LONGEST_NAME {
        return None;
    }
    let fold = |s: &str| s.to_lowercase().replace(['-', ' ', '.'], "_");
    let wanted = fold(name);
    let length = wanted.chars().count();
    let limit = (length / 3).max(2);
    names
        .into_iter()
        .filter(|candidate| candidate.len() <= LONGEST_NAME)
        .map(|candidate| (fold(candidate), candidate))
        // As many characters as the lengths differ by must be put in or taken out.
        .filter(|(folded, _)| folded.chars().count().abs_diff(length) <= limit)
        .map(|(folded, candidate)| (distance(&wanted, &folded), candidate))
        .filter(|(d, candidate)| *d <= limit && *d < candidate.chars().count().max(1))
        .filter(|(d, candidate)| {
            *d < 2 || length > SHORT || same_letters(&wanted, &fold(candidate))
        })
        .min_by_key(|(d, _)| *d)
        .map(|(_, candidate)| candidate)
}

/// The one of `values` that is meant by `given`, if one is like it. A code is none that is mistyped: `UK` and `CK` are
/// two countries, `en-GB` and `en-US` two languages, `net30` and `net60` two terms. One is named only if it is the same
/// but for case and separators, another value only if its digits are the same.
pub(crate) fn nearest_value<'a>(
    given: &str,
    values: impl Iterator<Item = &'a str> + Clone,
) -> Option<&'a str> {
    if given.len() > LONGEST_NAME {
        return None;
    }
    let plain = |text: &str| -> String {
        let kept = text.chars().filter(|c| c.is_alphanumeric());
        kept.flat_map(char::to_lowercase).collect()
    };
    let wanted = plain(given);
    let mut same = values
        .clone()
        .filter(|value| value.len() <= LONGEST_NAME && plain(value) == wanted);
    match (same.next(), same.next()) {
        (Some(value), None) if !wanted.is_empty() => return Some(value),
        _ => {}
    }
    let digits = |text: &str| -> String { text.chars().filter(char::is_ascii_digit).collect() };
    let number = digits(given);
    nearest(
        given,
        values.filter(|value| !is_code(value) && digits(value) == number),
    )
}

/// Whether a text has no word of more than [`SHORT`] letters.
fn is_code(text: &str) -> bool {
    let mut words = text.split(|c: char| !c.is_alphabetic());
    words.all(|word| word.chars().count() <= SHORT)
}

/// Characters up to which a name with two others is another word: `tag` is not meant by `to`. Two that stand in the
/// other order are.
const SHORT: usize = 3;

fn same_letters(a: &str, b: &str) -> bool {
    let sorted = |text: &str| {
        let mut letters: Vec<char> = text.chars().collect();
        letters.sort_unstable();
        letters
    };
    sorted(a) == sorted(b)
}

/// Whether two words differ by one character at most.
pub(crate) fn is_one_off(a: &str, b: &str) -> bool {
    a.len() <= LONGEST_NAME
        && b.len() <= LONGEST_NAME
        && a.chars().count().abs_diff(b.chars().count()) <= 1
        && distance(a, b) <= 1
}

/// Levenshtein distance, in characters.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, cb) in row.iter_mut().skip(1).zip(&b) {
            let next = (diagonal + usize::from(ca != *cb))
                .min(left + 1)
                .min(*cell + 1);
            diagonal = *cell;
            *cell = next;
            left = next;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_beyond_all_measure_are_not_compared() {
        let long = "x".repeat(4 << 20);
        let names: Vec<String> = (0..600).map(|i| format!("create_invoice_{i}")).collect();
        assert_eq!(nearest(&long, names.iter().map(String::as_str)), None);
        assert_eq!(nearest("x", [long.as_str()]), None);
    }

    #[test]
    fn invisible_characters_go() {
        assert_eq!(clean("a\u{202e}b\u{0}c\u{200b}\r\nd\te"), "abc\nd\te");
        assert_eq!(clean("a\u{ad}b\u{fe01}c\u{e0101}d\u{3164}"), "abcd");
        assert_eq!(clean("\u{2764}\u{fe0f} Zoë"), "\u{2764}\u{fe0f} Zoë");
        assert!(matches!(clean("plain\ntext"), Cow::Borrowed(_)));
    }

    #[test]
    fn keys_that_look_the_same_stay_apart() {
        use serde_json::json;
        for (given, expected) in [
            (
                json!({"a\u{200b}": 1, "b": [{"c\u{0}": "d\u{202e}"}]}),
                json!({"a": 1, "b": [{"c": "d"}]}),
            ),
            // The plain one keeps its name, wherever it stands.
            (
                json!({"a\u{200b}": 1, "a": 2, "a\u{0}": 3}),
                json!({"a\\u{200b}": 1, "a": 2, "a\\u{0}": 3}),
            ),
            (
                json!({"a\u{200b}": 1, "a\u{200c}": 2}),
                json!({"a": 1, "a\\u{200c}": 2}),
            ),
            (
                json!({"a": 1, "a\u{200b}": 2, "a\\u{200b}": 3, "a\\u{200b} (2)": 4}),
                json!({"a": 1, "a\\u{200b} (3)": 2, "a\\u{200b}": 3, "a\\u{200b} (2)": 4}),
            ),
        ] {
            assert_eq!(clean_value(given), expected);
        }
    }

    #[test]
    fn nearest_names() {
        let names = ["customer_id", "due_date", "currency"];
        assert_eq!(nearest("custmer_id", names), Some("customer_id"));
        assert_eq!(nearest("dueDate", names), Some("due_date"));
        assert_eq!(nearest("xyz", names), None);
        let short = ["to", "tag", "from", "city"];
        for (name, expected) in [
            ("tga", Some("tag")),
            ("form", Some("from")),
            ("tags", Some("tag")),
            ("tax", Some("tag")),
            ("tip", None),
            ("zip", None),
            ("cost", None),
        ] {
            assert_eq!(nearest(name, short), expected, "{name}");
        }
        assert_eq!(nearest("", names), None);
        let long = "a".repeat(100_000);
        assert_eq!(nearest(&format!("{long}b"), [long.as_str()]), None);
        assert_eq!(distance("kitten", "sitting"), 3);
    }

    #[test]
    fn a_code_is_no_misspelt_other_code() {
        let values = [
            "US",
            "SA",
            "CK",
            "GB",
            "en-US",
            "en-GB",
            "net30",
            "paid",
            "partly_paid",
            "Q1 2026",
            "plan 10",
        ];
        for (given, expected) in [
            ("USA", None),
            ("UK", None),
            ("AS", None),
            ("gb", Some("GB")),
            ("en_us", Some("en-US")),
            ("en-UK", None),
            ("net60", None),
            ("net 30", Some("net30")),
            ("payed", Some("paid")),
            ("partlypaid", Some("partly_paid")),
            ("partly payed", Some("partly_paid")),
            ("plan 11", None),
            ("plam 10", Some("plan 10")),
            ("Germany", None),
            ("", None),
            ("-", None),
        ] {
            assert_eq!(
                nearest_value(given, values.into_iter()),
                expected,
                "{given}"
            );
        }
    }

    #[test]
    fn caps_by_characters() {
        assert_eq!(cap("äöü", 2), "äö…");
        assert_eq!(cap("äöü", 3), "äöü");
    }
}
