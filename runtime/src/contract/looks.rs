//! Look-aheads of expressions that this engine does not know, as far as texts can be tried out against them.

use crate::arguments::matching::{group_end, is_match, without_looks};

/// What an expression looks ahead for.
pub(super) struct Ahead {
    /// The expression with what it looks ahead for in its place.
    pub(super) spelt_out: String,
    /// Expressions that every text matches which the whole one matches.
    needed: Vec<String>,
}

impl Ahead {
    /// Reads those that stand in no group.
    pub(super) fn of(rule: &str) -> Self {
        let mut spelt_out = String::new();
        let mut needed = vec![without_looks(rule)];
        let mut rest = rule;
        let mut in_class = false;
        while let Some(next) = rest.chars().next() {
            let group = (next == '(' && !in_class)
                .then(|| group_end(rest))
                .flatten();
            let length = match next {
                '\\' => rest.chars().take(2).map(char::len_utf8).sum(),
                _ => group.unwrap_or(next.len_utf8()),
            };
            let Some((own, after)) = rest.split_at_checked(length) else {
                break;
            };
            match next {
                '[' => in_class = true,
                ']' => in_class = false,
                // What one branch asks for, another one does not.
                '|' if !in_class => needed.truncate(1),
                _ => {}
            }
            let looked = own.strip_prefix("(?=").filter(|_| group.is_some());
            if let Some(looked) = looked.and_then(|looked| looked.strip_suffix(')')) {
                let before = rule.get(..rule.len().saturating_sub(rest.len()));
                let before = without_looks(before.unwrap_or_default());
                needed.push(format!("{before}(?:{})", without_looks(looked)));
                spelt_out.push_str(&format!("(?:{looked})"));
            } else {
                spelt_out.push_str(own);
            }
            rest = after;
        }
        Self { spelt_out, needed }
    }

    /// Whether a text has all that is known to be needed.
    pub(super) fn may_match(&self, text: &str) -> bool {
        let fits = |rule: &String| is_match(rule, text).unwrap_or(true);
        self.needed.iter().all(fits)
    }
}

#[cfg(test)]
mod tests {
    use super::Ahead;

    #[test]
    fn a_text_has_what_is_looked_ahead_for() {
        for (rule, text, fits) in [
            (r"^(?=.*\d)(?=.*[A-Z]).{4,}$", "aaA1", true),
            (r"^(?=.*\d)(?=.*[A-Z]).{4,}$", "aaa1", false),
            (r"^arn:(?=[^:]+:fsx:)([^:]*:){2}$", "arn:1:fsx:", true),
            (r"^arn:(?=[^:]+:fsx:)([^:]*:){2}$", "arn:1:1:", false),
            ("^(?=.{3,5}$)[a-z]+$", "abc", true),
            ("^(?=.{3,5}$)[a-z]+$", "ab", false),
            // Which branch is meant is not known.
            ("^(?=a)b$|^c$", "c", true),
            // No look-ahead.
            (r"^[(?=a)]\(?=x$", "=(=x", true),
        ] {
            assert_eq!(Ahead::of(rule).may_match(text), fits, "{rule} {text}");
        }
        assert_eq!(Ahead::of(r"^x(?=a\)b)\d$").spelt_out, r"^x(?:a\)b)\d$");
    }
}
