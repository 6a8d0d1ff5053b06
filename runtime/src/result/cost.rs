//! What a JSON value costs in tokens, about, from above: a tokenizer with its vocabulary would be most of
//! a server. Runs of letters, of digits (three to a token) and of marks are apart in the tokenizers in
//! use (o200k, and those of other models, which differ less from it than this estimate does).

use crate::json::Value;

/// Letters of a word in the name of a property that make a token: mostly whole words of English.
const OF_NAMES: usize = 8;
/// Letters of a word in a value that are its first token.
const FIRST: usize = 6;
/// Letters of further tokens of it.
const OF_WORDS: usize = 4;

/// Tokens of the value's JSON text.
pub(super) fn tokens(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) => 1,
        Value::Number(number) => words(&number.to_string()),
        // Its quotes run together with the marks around them.
        Value::String(text) => words(text),
        Value::Array(items) => 2 + items.iter().map(|item| tokens(item) + 1).sum::<usize>(),
        Value::Object(object) => {
            let members = object.iter().map(|(name, value)| {
                let named = self::name(name);
                // `":"` before a text, `":` before others; `","` between members.
                named + 1 + tokens(value) + 1
            });
            1 + members.sum::<usize>()
        }
    }
}

fn name(text: &str) -> usize {
    let words = text.split(|c: char| !c.is_alphanumeric());
    words
        .map(|word| word.chars().count().div_ceil(OF_NAMES))
        .sum()
}

/// What a character counts as.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Lower,
    Upper,
    /// A letter of Latin with a sign, or of a script whose letters are words.
    Single,
    /// A letter of another script, of which a token has two or more.
    Other,
    Digit,
    Space,
    Mark,
}

fn class(c: char) -> Class {
    match c {
        'a'..='z' => Class::Lower,
        'A'..='Z' => Class::Upper,
        '0'..='9' => Class::Digit,
        c if c.is_whitespace() => Class::Space,
        c if c.is_ascii() => Class::Mark,
        '\u{370}'..='\u{1fff}' if c.is_alphanumeric() => Class::Other,
        _ => Class::Single,
    }
}

fn words(text: &str) -> usize {
    let mut all = 0;
    let mut before = None;
    let mut run = 0;
    for c in text.chars() {
        let now = class(c);
        // A capital begins the word that follows it.
        let goes_on =
            before == Some(now) || now == Class::Lower && before == Some(Class::Upper) && run == 1;
        // Digits leave the space before them alone.
        all += usize::from(now == Class::Digit && before == Some(Class::Space));
        if !goes_on {
            all += before.map_or(0, |before| of_run(before, run));
            run = 0;
        }
        before = Some(now);
        run += 1;
    }
    all + before.map_or(0, |before| of_run(before, run))
}

fn of_run(class: Class, length: usize) -> usize {
    match class {
        Class::Lower => 1 + length.saturating_sub(FIRST).div_ceil(OF_WORDS),
        Class::Upper => length.div_ceil(3),
        Class::Single => length,
        Class::Other => length.div_ceil(2),
        Class::Digit => length.div_ceil(3),
        // One space is part of the word behind it.
        Class::Space => usize::from(length > 1),
        Class::Mark => length.div_ceil(2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// A record of a list, as CRMs have them.
    const RECORD: &str = r#"{"id":1001,"number":"INV-001001","status":"overdue","total":117.5,
        "currency":"EUR","due_date":"2026-10-14","customer_name":"Customer Number 1 GmbH"}"#;

    #[test]
    fn the_estimate_is_near_what_a_tokenizer_counts() {
        let vocabulary = tiktoken_rs::o200k_base().unwrap_or_else(|error| panic!("{error}"));
        let record: Value = serde_json::from_str(RECORD).unwrap_or_default();
        for value in [
            record,
            json!("Müller Maschinenbau und Anlagentechnik GmbH & Co. KG"),
            json!("Contoso Health International Holdings"),
            json!("Société Générale de Construction et de Rénovation du Languedoc"),
            json!("Przedsiębiorstwo Handlowo-Usługowe Kowalski"),
            json!("株式会社山田製作所"),
            json!("ООО Северный Ветер"),
            json!("anna.schmidt@mueller-maschinenbau.de"),
            json!("2026-10-14T09:30:00.123456+02:00"),
            json!("b3f9c1de-7a44-4b1e-9d2c-5f0e8a61c3b7"),
            json!("+49 431 1234567"),
            json!("Annual renewal of the maintenance contract"),
            json!([true, null, 1, "a"]),
        ] {
            let text = value.to_string();
            let real = vocabulary.encode_ordinary(&text).len();
            let about = tokens(&value);
            assert!(about * 4 >= real * 3, "{text}: {about} for {real}");
            assert!(about <= real * 2 + 2, "{text}: {about} for {real}");
        }
    }
}
