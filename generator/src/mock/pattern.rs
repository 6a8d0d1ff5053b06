//! A text that matches a regular expression.

use regex::{Regex, RegexBuilder};
use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, Hir, HirKind};

use super::seed::Seed;

/// Bytes of a pattern that is looked at, of its compiled form, and of the text that is made.
const LONGEST_PATTERN: usize = 1_000;
const LARGEST: usize = 100_000;
const LONGEST: usize = 2_000;
/// Times that a part is repeated where its number is open.
const USUAL: u32 = 6;

/// A pattern that can be read here.
#[derive(Debug)]
pub(super) struct Pattern {
    rule: Regex,
    tree: Hir,
}

impl Pattern {
    /// Nothing for one that is too large, or that other engines read.
    pub(super) fn read(pattern: &str) -> Option<Self> {
        if pattern.len() > LONGEST_PATTERN {
            return None;
        }
        let rule = RegexBuilder::new(pattern)
            .size_limit(LARGEST)
            .build()
            .ok()?;
        let tree = ParserBuilder::new()
            .nest_limit(50)
            .build()
            .parse(pattern)
            .ok()?;
        Some(Self { rule, tree })
    }

    /// Whether a text matches.
    pub(super) fn matches(&self, text: &str) -> bool {
        self.rule.is_match(text)
    }

    /// A text that matches and has a length within limits, in characters; nothing where none is found.
    pub(super) fn made(&self, least: usize, most: usize, seed: Seed) -> Option<String> {
        // Open repetitions as short as they may be, then as long as is wanted.
        (0..4).find_map(|more: u32| {
            let mut text = String::new();
            let times = if more == 0 {
                1
            } else {
                USUAL.saturating_mul(more)
            };
            write(&self.tree, times, seed.at(more as usize), &mut text)?;
            let length = text.chars().count();
            (length >= least && length <= most && self.matches(&text)).then_some(text)
        })
    }
}

fn write(hir: &Hir, times: u32, seed: Seed, text: &mut String) -> Option<()> {
    if text.len() > LONGEST {
        return None;
    }
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Some(()),
        HirKind::Literal(literal) => {
            text.push_str(std::str::from_utf8(&literal.0).ok()?);
            Some(())
        }
        HirKind::Class(class) => {
            text.push(of_class(class, seed)?);
            Some(())
        }
        HirKind::Repetition(repeated) => {
            let wanted = repeated.min.max(times.min(repeated.max.unwrap_or(times)));
            (0..wanted)
                .try_for_each(|index| write(&repeated.sub, times, seed.at(index as usize), text))
        }
        HirKind::Capture(group) => write(&group.sub, times, seed, text),
        HirKind::Concat(parts) => parts
            .iter()
            .enumerate()
            .try_for_each(|(index, part)| write(part, times, seed.at(index), text)),
        HirKind::Alternation(branches) => {
            let all: Vec<&Hir> = branches.iter().collect();
            write(seed.pick(&all)?, times, seed.of("|"), text)
        }
    }
}

/// A character of a class: one that people can read if it has any.
fn of_class(class: &Class, seed: Seed) -> Option<char> {
    let ranges: Vec<(u32, u32)> = match class {
        Class::Unicode(class) => {
            let all = class.ranges().iter();
            all.map(|range| (u32::from(range.start()), u32::from(range.end())))
                .collect()
        }
        Class::Bytes(class) => {
            let all = class.ranges().iter();
            all.map(|range| (u32::from(range.start()), u32::from(range.end())))
                .collect()
        }
    };
    let readable = |from: u32, to: u32| {
        let (from, to) = (from.max(0x21), to.min(0x7e));
        (from <= to).then_some((from, to))
    };
    // Letters and digits before signs.
    let plain: Vec<char> = ('0'..='9').chain('a'..='z').chain('A'..='Z').collect();
    let has = |c: &char| {
        ranges
            .iter()
            .any(|(from, to)| (*from..=*to).contains(&u32::from(*c)))
    };
    let plain: Vec<char> = plain.into_iter().filter(has).collect();
    if !plain.is_empty() {
        return plain.get(seed.below(plain.len())).copied();
    }
    let shown = ranges.iter().find_map(|(from, to)| readable(*from, *to));
    let (from, _) = shown.or_else(|| ranges.first().copied())?;
    char::from_u32(from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_match_their_patterns() {
        for (pattern, least, most) in [
            (r"^-?\d{1,12}\.\d{2}$", 0, 100),
            ("^[A-Z]{2}$", 2, 2),
            (r"^(\+|00)[1-9]\d{6,14}$", 0, 20),
            ("^INV-[0-9]{4}-[0-9]+$", 12, 40),
            ("[a-z]+", 10, 40),
            (r"^\S+@\S+$", 0, 100),
            ("é", 0, 9),
            ("", 0, 9),
        ] {
            for seed in 0..20 {
                let read = Pattern::read(pattern);
                let text = read.and_then(|pattern| pattern.made(least, most, Seed::new(seed)));
                assert!(text.is_some(), "{pattern}");
            }
        }
        for (pattern, least, most) in [
            ("^a$", 2, 5),
            ("(?=a)b", 0, 9),
            ("[", 0, 9),
            ("a{900}{900}", 0, 9),
        ] {
            let made = Pattern::read(pattern).and_then(|one| one.made(least, most, Seed::new(1)));
            assert_eq!(made, None, "{pattern}");
        }
    }
}
