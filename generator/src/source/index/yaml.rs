//! Spans of YAML text.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle};

use super::build::{Builder, Kind, Node, Span};
use super::lines::CharOffsets;
use super::marks::Shown;

/// The nodes of the first document of a YAML text.
pub(super) fn scan(text: &str) -> Vec<Node> {
    let offsets = CharOffsets::new(text);
    let mut builder = Builder::default();
    let mut anchors: HashMap<usize, usize> = HashMap::new();
    // Depth inside a key that is an object or array; such keys are refused elsewhere.
    let mut in_key = 0usize;
    let mut end = 0;
    let shown = Shown::new(text);
    for event in Parser::new_from_str(shown.text()) {
        let Ok((event, span)) = event else { break };
        let span = Span {
            start: offsets.byte(span.start.index()),
            end: offsets.byte(span.end.index()),
        };
        end = span.end.max(end);
        let (kind, anchor) = match event {
            Event::DocumentEnd | Event::StreamEnd => break,
            Event::Scalar(value, style, anchor, _) => {
                if in_key > 0 {
                    continue;
                }
                if builder.wants_key() {
                    builder.key(&shown.restore(&value), span);
                    continue;
                }
                let plain = style == ScalarStyle::Plain;
                (if plain { Kind::Plain } else { Kind::Quoted }, anchor)
            }
            Event::SequenceStart(anchor, _) | Event::MappingStart(anchor, _) => {
                if in_key > 0 || builder.wants_key() {
                    in_key += 1;
                    continue;
                }
                let is_object = matches!(event, Event::MappingStart(..));
                (if is_object { Kind::Object } else { Kind::Array }, anchor)
            }
            Event::SequenceEnd | Event::MappingEnd => {
                if in_key > 0 {
                    in_key -= 1;
                    if in_key == 0 {
                        builder.key("", span);
                    }
                } else {
                    builder.close(span.end);
                }
                continue;
            }
            Event::Alias(anchor) => {
                if in_key > 0 {
                    continue;
                }
                if builder.wants_key() {
                    builder.key("", span);
                    continue;
                }
                (
                    anchors
                        .get(&anchor)
                        .map_or(Kind::Plain, |node| Kind::Alias(*node)),
                    0,
                )
            }
            _ => continue,
        };
        let node = builder.node(kind, span);
        if anchor != 0 {
            anchors.insert(anchor, node);
        }
    }
    let nodes = builder.finish(end);
    if !nodes.is_empty() {
        return nodes;
    }
    // What this parser refuses at once, and the reader of values takes: the whole text is the root.
    let mut whole = Builder::default();
    let end = text.len();
    whole.node(Kind::Plain, Span { start: 0, end });
    whole.finish(end)
}

/// Byte offset of the second document's start.
pub(super) fn second_document(text: &str) -> Option<usize> {
    let offsets = CharOffsets::new(text);
    let shown = Shown::new(text);
    let mut starts = Parser::new_from_str(shown.text())
        .map_while(Result::ok)
        .filter_map(|(event, span)| {
            matches!(event, Event::DocumentStart(_)).then(|| offsets.byte(span.start.index()))
        });
    starts.nth(1)
}
