//! Texts that a regular expression matches: to show one in a message, and to try out requests with.

use regex_syntax::hir::{Class, Hir, HirKind};

use super::pattern_for;

/// Repetitions that are tried beyond what the expression asks for.
const EXTRA: [u32; 10] = [1, 2, 0, 3, 4, 6, 8, 16, 32, 64];
/// Longest text that is made.
const LONGEST: usize = 20_000;

/// Whether a text matches; `None` for an expression that cannot be compiled, which a server does not
/// check either.
pub(crate) fn is_match(rule: &str, text: &str) -> Option<bool> {
    pattern_for(rule).map(|rule| rule.is_match(text))
}

/// Texts that may match and have `least` characters; anchors within the expression are not looked at.
pub(crate) fn texts(rule: &str, marker: u64, least: usize) -> impl Iterator<Item = String> {
    let parsed = regex_syntax::parse(rule)
        .or_else(|_| regex_syntax::parse(&without_looks(rule)))
        .ok();
    let least = u32::try_from(least).unwrap_or(0);
    EXTRA.into_iter().chain([least]).flat_map(move |extra| {
        let parsed = parsed.clone();
        [marker, 0, 1, 2].into_iter().filter_map(move |marker| {
            let mut writer = Writer {
                extra,
                marker,
                out: String::new(),
            };
            writer.write(parsed.as_ref()?);
            Some(writer.out)
        })
    })
}

/// The expression without its look-arounds, which this engine does not know: `(?!-)[a-z-]+` asks for
/// little that a usual text of `[a-z-]+` does not do.
pub(crate) fn without_looks(rule: &str) -> String {
    let mut kept = String::new();
    let mut rest = rule;
    while let Some(next) = rest.chars().next() {
        let looks = ["(?=", "(?!", "(?<=", "(?<!"];
        let end = looks
            .iter()
            .any(|look| rest.starts_with(look))
            .then(|| group_end(rest))
            .flatten();
        // What is escaped begins nothing.
        let length = match next {
            '\\' => rest.chars().take(2).map(char::len_utf8).sum(),
            _ => next.len_utf8(),
        };
        let (own, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        match end.and_then(|end| rest.get(end..)) {
            Some(after) => rest = after,
            None => {
                kept.push_str(own);
                rest = after;
            }
        }
    }
    kept
}

/// Where the group that a text begins with ends.
pub(crate) fn group_end(text: &str) -> Option<usize> {
    let (mut open, mut escaped, mut class) = (0usize, false, false);
    for (index, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' => class = true,
            ']' => class = false,
            '(' if !class => open = open.saturating_add(1),
            ')' if !class => {
                open = open.saturating_sub(1);
                if open == 0 {
                    return Some(index.saturating_add(1));
                }
            }
            _ => {}
        }
    }
    None
}

struct Writer {
    extra: u32,
    marker: u64,
    out: String,
}

impl Writer {
    fn write(&mut self, hir: &Hir) {
        if self.out.len() > LONGEST {
            return;
        }
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => {}
            HirKind::Literal(literal) => {
                self.out.push_str(&String::from_utf8_lossy(&literal.0));
            }
            HirKind::Class(class) => {
                let chosen = self.choose(class);
                self.out.extend(chosen);
            }
            HirKind::Repetition(repetition) => {
                let most = repetition.max.unwrap_or(u32::MAX);
                for _ in 0..repetition.min.max(self.extra).min(most) {
                    self.write(&repetition.sub);
                }
            }
            HirKind::Capture(capture) => self.write(&capture.sub),
            HirKind::Concat(parts) => parts.iter().for_each(|part| self.write(part)),
            HirKind::Alternation(branches) => {
                let count = u64::try_from(branches.len()).unwrap_or(1).max(1);
                let chosen = usize::try_from(self.marker % count).unwrap_or(0);
                if let Some(branch) = branches.get(chosen) {
                    self.write(branch);
                }
            }
        }
    }

    /// A character of a class: a digit or letter if there is one, and not always the same.
    fn choose(&self, class: &Class) -> Option<char> {
        let allowed: Vec<(char, char)> = match class {
            Class::Unicode(class) => class.iter().map(|r| (r.start(), r.end())).collect(),
            Class::Bytes(class) => class
                .iter()
                .map(|r| (char::from(r.start()), char::from(r.end())))
                .collect(),
        };
        let digit = u64::try_from(self.out.len()).unwrap_or(0);
        let digit = 10u64
            .checked_pow(u32::try_from(digit % 18).unwrap_or(0))
            .unwrap_or(1);
        let turn = usize::try_from(self.marker.checked_div(digit).unwrap_or(0) % 62).unwrap_or(0);
        let usual = ('1'..='9').chain(['0']).chain('a'..='z').chain('A'..='Z');
        let fits = |c: &char| {
            allowed
                .iter()
                .any(|(first, last)| (first..=last).contains(&c))
        };
        let usual: Vec<char> = usual.filter(fits).collect();
        let turn = turn.checked_rem(usual.len()).unwrap_or(0);
        usual
            .get(turn)
            .copied()
            .or_else(|| ('!'..='~').find(fits))
            .or_else(|| allowed.first().map(|(first, _)| *first))
    }
}

#[cfg(test)]
mod tests {
    use super::{is_match, texts, without_looks};

    #[test]
    fn look_arounds_are_left_out() {
        for (rule, expected) in [
            ("^(?!-)[a-z]+$", "^[a-z]+$"),
            ("(?=(a|[)])b)c(?<!d)", "c"),
            (r"\(?!x", r"\(?!x"),
            ("(?:a)(?!", "(?:a)(?!"),
            ("ü(?!ä)ö", "üö"),
        ] {
            assert_eq!(without_looks(rule), expected);
        }
    }

    #[test]
    fn expressions_that_cannot_be_compiled_are_followed_as_far_as_they_are_understood() {
        for (rule, least, expected) in [
            (r"^((?!-)[A-Z]{3})\.(?!x)cc$", 0, "333.cc"),
            (".{16,1024}", 16, "1111111111111111"),
        ] {
            assert!(!is_match(rule, "x").unwrap_or(false));
            let made = texts(rule, 0, least).next().unwrap_or_default();
            assert_eq!(made.len(), expected.len(), "{made}");
        }
    }

    #[test]
    fn a_text_is_as_long_as_its_limit_asks_for() {
        let rule = "^[0-9a-f]+$";
        let fits = |text: &String| text.len() == 40 && is_match(rule, text) == Some(true);
        assert!(texts(rule, 7, 40).any(|text| fits(&text)));
    }
}
