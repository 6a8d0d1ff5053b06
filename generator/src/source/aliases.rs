//! What YAML aliases would expand to, counted before anything is expanded.
//!
//! A few hundred bytes of nested aliases stand for billions of nodes. The reader expands them
//! while it reads, so the size is worked out first, from the bare events. Documents without
//! anchors, which is nearly all, are spared the extra pass.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser};

use super::index::CharOffsets;
use super::{Budgets, Position};
use crate::diagnostics::{Code, Diagnostic};

/// What a node stands for once its aliases are expanded.
#[derive(Clone, Copy, Default)]
struct Weight {
    nodes: usize,
    aliases: usize,
}

impl Weight {
    fn add(&mut self, other: Self) {
        self.nodes = self.nodes.saturating_add(other.nodes);
        self.aliases = self.aliases.saturating_add(other.aliases);
    }
}

/// Refuses text whose aliases expand beyond the budgets. Syntax errors are left to the reader.
pub(super) fn check(text: &str, budgets: &Budgets) -> Result<(), Diagnostic> {
    if !may_hold(text, b'&') || !may_hold(text, b'*') {
        return Ok(());
    }
    let mut weights: HashMap<usize, Weight> = HashMap::new();
    // Open containers: their anchor (0 for none) and what is in them so far.
    let mut open: Vec<(usize, Weight)> = Vec::new();
    for event in Parser::new_from_str(text) {
        let Ok((event, span)) = event else {
            return Ok(());
        };
        let (anchor, weight) = match event {
            Event::Scalar(_, _, anchor, _) => (
                anchor,
                Weight {
                    nodes: 1,
                    aliases: 0,
                },
            ),
            Event::SequenceStart(anchor, _) | Event::MappingStart(anchor, _) => {
                open.push((
                    anchor,
                    Weight {
                        nodes: 1,
                        aliases: 0,
                    },
                ));
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => match open.pop() {
                Some(closed) => closed,
                None => continue,
            },
            Event::Alias(anchor) => {
                // An anchor that is still open contains itself: without end.
                let endless = Weight {
                    nodes: usize::MAX,
                    aliases: usize::MAX,
                };
                let mut weight = weights.get(&anchor).copied().unwrap_or(endless);
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
        if total.aliases > budgets.aliases || total.nodes > budgets.nodes && total.aliases > 0 {
            let offsets = CharOffsets::new(text);
            let (start, end) = (
                offsets.byte(span.start.index()),
                offsets.byte(span.end.index()),
            );
            return Err(refused(budgets).position(Position::of(text, start, end)));
        }
    }
    Ok(())
}

/// The diagnostic for too many expansions.
pub(super) fn refused(budgets: &Budgets) -> Diagnostic {
    let message = format!(
        "the YAML aliases expand to more than {} copies",
        budgets.aliases
    );
    Diagnostic::new(Code::E0112, message)
        .note("aliases inside aliased nodes multiply; such documents are often attacks")
        .help("write `$ref` instead of aliases, or raise the budget `aliases`")
}

/// Whether `sign` (`&` or `*`) may start an anchor or alias somewhere: at a place where a YAML
/// token can start, with a name behind it. Text that only looks like it costs one more pass.
fn may_hold(text: &str, sign: u8) -> bool {
    let bytes = text.as_bytes();
    let mut from = 0;
    while let Some(at) = bytes
        .get(from..)
        .and_then(|rest| rest.iter().position(|b| *b == sign))
    {
        let at = from + at;
        let before = at
            .checked_sub(1)
            .and_then(|before| bytes.get(before))
            .copied();
        let behind = bytes.get(at + 1).copied().unwrap_or(b' ');
        let starts = before.is_none_or(|byte| {
            byte.is_ascii_whitespace() || matches!(byte, b'[' | b'{' | b',' | b':' | b'"' | b'\'')
        });
        if starts && !behind.is_ascii_whitespace() && behind != sign {
            return true;
        }
        from = at + 1;
    }
    false
}
