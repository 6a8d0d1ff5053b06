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
/// Letters behind which no word goes on: keys and codes, of which a token has two.
const LONGEST: usize = 14;
/// The same of capitals.
const LONGEST_UPPER: usize = 9;

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
    /// One of a script that has no tokens of its own, but for those of its bytes.
    Rare,
    /// One beyond the first plane: an emoji, or worse.
    Far,
    Digit,
    Space,
    Line,
    Mark,
}

fn class(c: char) -> Class {
    match c {
        'a'..='z' => Class::Lower,
        'A'..='Z' => Class::Upper,
        '0'..='9' => Class::Digit,
        '\n' | '\r' => Class::Line,
        c if c.is_whitespace() => Class::Space,
        c if c.is_ascii() => Class::Mark,
        '\u{370}'..='\u{10ff}' if c.is_alphanumeric() => Class::Other,
        '\u{1100}'..='\u{1dff}' => Class::Rare,
        '\u{10000}'.. => Class::Far,
        _ => Class::Single,
    }
}

/// Tokens of a text.
pub(super) fn words(text: &str) -> usize {
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
        Class::Lower => {
            let word = length.min(LONGEST).saturating_sub(FIRST);
            1 + word.div_ceil(OF_WORDS) + length.saturating_sub(LONGEST).div_ceil(2)
        }
        Class::Upper => {
            length.min(LONGEST_UPPER).div_ceil(3) + length.saturating_sub(LONGEST_UPPER).div_ceil(2)
        }
        Class::Single | Class::Line => length,
        Class::Other => length.div_ceil(2),
        Class::Rare => length * 2,
        Class::Far => length * 3,
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

    /// Texts of every kind are bounded by it, so none may cost much more than it says. Words of no language
    /// and rare signs of Chinese in a row are no texts.
    #[test]
    fn no_kind_of_text_costs_much_more_than_the_estimate() {
        let vocabulary = tiktoken_rs::o200k_base().unwrap_or_else(|error| panic!("{error}"));
        // A generator of its own (PCG), so that texts are the same on every machine.
        let mut state = 7_u64;
        let mut random = |below: u32| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            u32::try_from(state >> 33).unwrap_or_default() % below
        };
        let mut of = |letters: &str, length: usize| -> String {
            let letters: Vec<char> = letters.chars().collect();
            let count = u32::try_from(letters.len()).unwrap_or(1);
            (0..length)
                .filter_map(|_| letters.get(random(count) as usize))
                .collect()
        };
        let lower = "abcdefghijklmnopqrstuvwxyz";
        let upper = lower.to_uppercase();
        let all = format!("{lower}{upper}0123456789+/");
        for (kind, text) in [
            ("base64", of(&all, 4_000)),
            ("hexadecimal", of("0123456789abcdef", 3_000)),
            ("small letters", of(lower, 3_000)),
            ("capitals", of(&upper, 3_000)),
            ("digits", of("0123456789", 3_000)),
            ("marks", of("!$%&/()=?#*+~", 1_000)),
            ("short lines", "a b\n".repeat(500)),
            (
                "prose",
                "Please pay within fourteen days. The renewal was agreed on the phone. ".repeat(40),
            ),
            (
                "code",
                include_str!("cost.rs").chars().take(4_000).collect(),
            ),
            ("emoji", "😀🎉👨‍👩‍👧‍👦🇩🇪✅🔥".repeat(60)),
            ("Ethiopic", "እባክዎን ደረሰኙን ያረጋግጡ እና በወሩ መጨረሻ ይክፈሉ ".repeat(30)),
            (
                "Japanese",
                "株式会社山田製作所の請求書を確認してください。".repeat(30),
            ),
            (
                "Finnish",
                "Tarkistakaa laskutusasiakirjojen yhteydenottopyyntölomakkeet. ".repeat(30),
            ),
            ("Thai", "กรุณาตรวจสอบใบแจ้งหนี้และชำระเงินภายในสิ้นเดือน".repeat(30)),
        ] {
            let real = vocabulary.encode_ordinary(&text).len();
            let about = words(&text);
            assert!(about * 4 >= real * 3, "{kind}: {about} for {real}");
            assert!(about <= real * 2, "{kind}: {about} for {real}");
        }
    }

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
