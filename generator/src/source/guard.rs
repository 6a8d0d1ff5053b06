//! What a YAML text would cost, found before the reader sees it.
//!
//! The reader loads all events of a text before anyone can stop it. Three constructs make a small
//! text expensive there: aliases inside aliased nodes stand for billions of nodes; nesting in flow
//! style (`{a: {a: …`) and `%TAG` directives cost the square of their number. So a text that could
//! hold them in any quantity is first run through a second parser, which streams, and whose work
//! grows with the text alone. Ordinary documents are spared that pass.

use std::collections::{HashMap, HashSet};

use saphyr_parser::{Event, Parser, ScanError};

use super::index::{CharOffsets, Shown};
use super::{Budget, Budgets, Position, yaml};
use crate::diagnostics::{Code, Diagnostic};

/// Bytes times opening brackets: a bound on the reader's work on nested flow style. This much
/// takes it a fraction of a second, and most documents stay below.
const FREE_WORK: usize = 400_000_000;
/// Directives that a document may have.
const MOST_DIRECTIVES: usize = 64;

/// What a node stands for once its aliases are expanded.
#[derive(Clone, Copy)]
struct Weight {
    nodes: usize,
    aliases: usize,
}

impl Weight {
    const ONE: Self = Self {
        nodes: 1,
        aliases: 0,
    };
    /// An anchor that is used inside itself: without end.
    const ENDLESS: Self = Self {
        nodes: usize::MAX,
        aliases: usize::MAX,
    };

    fn add(&mut self, other: Self) {
        self.nodes = self.nodes.saturating_add(other.nodes);
        self.aliases = self.aliases.saturating_add(other.aliases);
    }
}

/// Refuses text that the reader should not see.
pub(super) fn check(text: &str, budgets: &Budgets) -> Result<(), Diagnostic> {
    if text.match_indices("%TAG").nth(MOST_DIRECTIVES).is_some() {
        let message = format!("the YAML has more than {MOST_DIRECTIVES} `%TAG` directives");
        let finding = Diagnostic::new(Code::E0107, message);
        return Err(finding.help("remove the directives, and write what the tags stand for"));
    }
    let openers = text
        .bytes()
        .filter(|byte| matches!(byte, b'[' | b'{'))
        .count();
    let may_nest = text.len().saturating_mul(openers) > FREE_WORK;
    let may_alias = may_hold(text, b'&') && may_hold(text, b'*');
    if !may_nest && !may_alias {
        return Ok(());
    }
    match scan(text, budgets) {
        Ok(()) => Ok(()),
        Err(Refusal::Budget(diagnostic)) => Err(*diagnostic),
        // The reader says it better, where it can be let at the text.
        Err(Refusal::Syntax(_)) if !may_nest => Ok(()),
        Err(Refusal::Syntax(error)) => {
            let start = CharOffsets::new(text).byte(error.marker().index());
            let position = Position::of(text, start, start + 1);
            Err(yaml::malformed(text, error.info(), position))
        }
    }
}

/// Why a text was refused.
enum Refusal {
    Budget(Box<Diagnostic>),
    Syntax(ScanError),
}

/// Runs through the events and adds up what they stand for.
fn scan(text: &str, budgets: &Budgets) -> Result<(), Refusal> {
    let offsets = CharOffsets::new(text);
    let refuse = |diagnostic: Diagnostic, start: usize| {
        let start = offsets.byte(start);
        let position = Position::of(text, start, start + 1);
        Err(Refusal::Budget(Box::new(diagnostic.position(position))))
    };
    let mut weights: HashMap<usize, Weight> = HashMap::new();
    let mut names: HashSet<&str> = HashSet::new();
    // Open containers: their anchor (0 for none) and what is in them so far.
    let mut open: Vec<(usize, Weight)> = Vec::new();
    let shown = Shown::new(text);
    for event in Parser::new_from_str(shown.text()) {
        let (event, span) = match event {
            Ok(event) => event,
            // The parser has a limit of 255 levels of flow style of its own.
            Err(error) if error.info().contains("recursion") => {
                return refuse(yaml::too_deep(budgets), error.marker().index());
            }
            Err(error) => return Err(Refusal::Syntax(error)),
        };
        let start = span.start.index();
        if let Event::Scalar(_, _, anchor, _)
        | Event::SequenceStart(anchor, _)
        | Event::MappingStart(anchor, _) = event
            && anchor != 0
            && let Some(name) = anchor_name(text, offsets.byte(start))
            && !names.insert(name)
        {
            return refuse(twice(name), start);
        }
        let (anchor, weight) = match event {
            Event::Scalar(_, _, anchor, _) => (anchor, Weight::ONE),
            Event::SequenceStart(anchor, _) | Event::MappingStart(anchor, _) => {
                open.push((anchor, Weight::ONE));
                if open.len() > budgets.effective_depth() {
                    return refuse(yaml::too_deep(budgets), start);
                }
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => match open.pop() {
                Some(closed) => closed,
                None => continue,
            },
            Event::Alias(anchor) => {
                let mut weight = weights.get(&anchor).copied().unwrap_or(Weight::ENDLESS);
                weight.add(Weight {
                    nodes: 0,
                    aliases: 1,
                });
                (0, weight)
            }
            _ => continue,
        };
        if anchor != 0 {
            weights.insert(anchor, weight);
        }
        let mut total = weight;
        if let Some((_, parent)) = open.last_mut() {
            parent.add(weight);
            total = *parent;
        }
        if total.aliases > budgets.aliases || total.aliases > 0 && total.nodes > budgets.nodes {
            let endless = total.aliases == usize::MAX;
            return refuse(refused(budgets, endless), start);
        }
    }
    Ok(())
}

/// The name of the anchor of the node at `start`. The reader mixes up anchors of one name.
fn anchor_name(text: &str, start: usize) -> Option<&str> {
    // Depending on the node, its span starts before or behind the anchor.
    let ends = |character: char| character.is_whitespace() || "[]{},".contains(character);
    let behind = text.get(start..)?.split(ends).next();
    let before = text.get(..start)?.trim_end().rsplit(ends).take(2);
    behind
        .into_iter()
        .chain(before)
        .find_map(|word| word.strip_prefix('&'))
}

/// The diagnostic for an anchor that is defined twice.
fn twice(name: &str) -> Diagnostic {
    Diagnostic::new(
        Code::E0118,
        format!("the YAML anchor `&{name}` is defined twice"),
    )
    .help("give each anchor a name of its own")
}

/// The diagnostic for too many expansions. No budget is enough for those without end.
pub(super) fn refused(budgets: &Budgets, endless: bool) -> Diagnostic {
    if endless {
        return Diagnostic::new(Code::E0112, "the YAML aliases expand without end")
            .note("an anchor is used inside itself, or aliases inside aliased nodes multiply")
            .help("write `$ref` instead of aliases");
    }
    let message = format!(
        "the YAML aliases expand to more than {} copies",
        budgets.aliases
    );
    Diagnostic::new(Code::E0112, message)
        .note("aliases inside aliased nodes multiply; such documents are often attacks")
        .help(format!(
            "write `$ref` instead of aliases; {}",
            budgets.remedy(Budget::Aliases, None)
        ))
}

/// Whether `sign` (`&` or `*`) may start an anchor or alias somewhere: at a place where a YAML
/// token can start, with a name behind it. Text that only looks like it costs one more pass.
fn may_hold(text: &str, sign: u8) -> bool {
    let bytes = text.as_bytes();
    bytes.iter().enumerate().any(|(at, byte)| {
        if *byte != sign {
            return false;
        }
        let before = at.checked_sub(1).and_then(|before| bytes.get(before));
        let starts = before.is_none_or(|byte| {
            byte.is_ascii_whitespace() || matches!(byte, b'[' | b'{' | b',' | b':' | b'"' | b'\'')
        });
        let behind = bytes.get(at + 1).copied().unwrap_or(b' ');
        starts && !behind.is_ascii_whitespace() && behind != sign
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Option<Code> {
        check(text, &Budgets::default())
            .err()
            .map(|error| error.code)
    }

    #[test]
    fn ordinary_aliases_pass() {
        assert_eq!(code("a: &a {x: 1}\nb: *a\nc: [*a, *a]\n"), None);
        assert_eq!(code("a: R&D\nb: '*bold* &amp; more'\n"), None);
    }

    #[test]
    fn an_anchor_twice_is_refused() {
        for text in [
            "a: &a 1\nb: &b 2\nc: &a 3\nd: *a\n",
            "a: &a {x: 1}\nb: &a\n  y: 2\nd: *a\n",
            "[&a x, &a y, *a]",
        ] {
            assert_eq!(code(text), Some(Code::E0118), "{text}");
        }
    }

    #[test]
    fn costly_texts_are_refused_quickly() {
        let start = std::time::Instant::now();
        for (text, expected) in [
            ("[".repeat(1_000_000), Code::E0111),
            // Little text, well formed, and seconds of work for the reader.
            (
                format!("{}1{}", "[".repeat(20_000), "]".repeat(20_000)),
                Code::E0111,
            ),
            ("{a: ".repeat(1_000_000), Code::E0111),
            ("{a: \"}\", b: ".repeat(200_000), Code::E0111),
            (
                format!("{}---\na: b", "%TAG !a! b\n".repeat(100_000)),
                Code::E0107,
            ),
            (format!("a: &a [*a, {}]", "x,".repeat(100)), Code::E0112),
            // A byte order mark does not end the look.
            (
                format!("m: \u{feff}\na: &a [*a, {}]", "x,".repeat(100)),
                Code::E0112,
            ),
        ] {
            assert_eq!(code(&text), Some(expected));
        }
        let anchors: String = (0..20_000).map(|n| format!("a{n}: &a{n} x\n")).collect();
        assert_eq!(code(&format!("{anchors}z: *a1\n")), None);
        assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());
    }
}
