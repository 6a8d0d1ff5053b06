//! Texts that a regular expression matches.

use regex_syntax::hir::{Class, Hir, HirKind};

use crate::arguments::pattern_for;

/// Repetitions that are tried beyond what the expression asks for.
const EXTRA: [u32; 10] = [1, 2, 0, 3, 4, 6, 8, 16, 32, 64];
/// Longest text that is made.
const LONGEST: usize = 20_000;

/// Whether a text matches; what cannot be compiled is not checked by a server either.
pub(super) fn is_match(rule: &str, text: &str) -> bool {
    pattern_for(rule).is_none_or(|rule| rule.is_match(text))
}

/// Texts that may match; anchors within the expression are not looked at.
pub(super) fn texts(rule: &str, marker: u64) -> impl Iterator<Item = String> {
    let parsed = regex_syntax::parse(rule).ok();
    EXTRA.iter().flat_map(move |extra| {
        let parsed = parsed.clone();
        [marker, 0, 1, 2].into_iter().filter_map(move |marker| {
            let mut writer = Writer {
                extra: *extra,
                marker,
                out: String::new(),
            };
            writer.write(parsed.as_ref()?);
            Some(writer.out)
        })
    })
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
