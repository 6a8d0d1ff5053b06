//! Texts and numbers (JSON Schema 2020-12 validation §6.2, §6.3, §7).

use std::cmp::Ordering;

use crate::arguments::format::format;
use crate::arguments::number::{compare, is_integer, is_multiple};
use crate::arguments::problem::{Problem, show};
use crate::json::{Number, Object, Value};

use super::Check;
use super::containers::counted;
use super::pattern::pattern_for;

const CHARACTERS: [&str; 2] = ["character", "characters"];

impl Check<'_> {
    pub(super) fn string(&mut self, schema: &Object, part: &Object, text: &str) {
        let length = || text.chars().count() as u64;
        if let Some(least) = count(part, "minLength")
            && length() < least
        {
            let expected = counted(least, CHARACTERS);
            self.fail(|| format!("expected at least {expected}, got {}.", length()));
        }
        if let Some(most) = count(part, "maxLength")
            && length() > most
        {
            let expected = counted(most, CHARACTERS);
            self.fail(|| format!("expected at most {expected}, got {}.", length()));
        }
        let named = part.get("format").and_then(Value::as_str);
        let misses = named.and_then(format).filter(|named| !(named.fits)(text));
        // Of a text that is none of its format, the pattern has nothing to add.
        if misses.is_none()
            && let Some(pattern) = part.get("pattern").and_then(Value::as_str)
            && pattern_for(pattern).is_some_and(|regex| !regex.is_match(text))
        {
            let root = self.root;
            self.fail(|| {
                let example = Self::example(root, schema);
                format!(
                    "expected text that matches {pattern}, got {}.{example}",
                    show(&text.into())
                )
            });
        }
        if let Some(named) = misses {
            let (words, example) = (named.words, named.example);
            let (most, path) = (self.most(), &self.path);
            self.problems.add(most, || Problem {
                dated: named.dated,
                ..Problem::new(
                    path,
                    format!(
                        "expected {words}, got {}. Example: \"{example}\".",
                        show(&text.into())
                    ),
                )
            });
        }
    }

    pub(super) fn number(&mut self, part: &Object, number: &Number) {
        let bound = |keyword: &str| part.get(keyword).and_then(Value::as_number);
        let against = |bound| compare(number, bound);
        for (keyword, words, holds) in [
            (
                "minimum",
                "at least",
                Ordering::is_ge as fn(Ordering) -> bool,
            ),
            ("maximum", "at most", Ordering::is_le),
            ("exclusiveMinimum", "more than", Ordering::is_gt),
            ("exclusiveMaximum", "less than", Ordering::is_lt),
        ] {
            if let Some(bound) = bound(keyword)
                && !against(bound).is_some_and(holds)
            {
                self.fail(|| format!("expected {words} {bound}, got {number}."));
            }
        }
        if let Some(Value::Number(step)) = part.get("multipleOf")
            && !is_multiple(number, step)
        {
            self.fail(|| format!("expected a multiple of {step}, got {number}."));
        }
    }
}

/// A keyword whose value is a count.
pub(super) fn count(part: &Object, keyword: &str) -> Option<u64> {
    let number = part.get(keyword)?.as_number()?;
    number.as_u64().or_else(|| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a small whole number"
        )]
        number
            .as_f64()
            .filter(|f| is_integer(number) && (0.0..1e15).contains(f))
            .map(|f| f as u64)
    })
}
