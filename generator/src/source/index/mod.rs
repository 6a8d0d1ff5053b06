//! Where every node is in the text.
//!
//! Values carry no places, because nearly all of them are never pointed at. When a place is asked
//! for, the text is scanned once and a tree of spans is kept.

mod build;
mod json;
mod lines;
mod marks;
mod yaml;

use std::collections::HashMap;

use super::{Format, Position};
use crate::diagnostics::Pointer;

use build::{Kind, Node, Span};
pub(super) use lines::CharOffsets;
use lines::Lines;
pub(super) use marks::Shown;

/// A key that occurs twice.
#[derive(Debug)]
pub(super) struct Duplicate {
    pub pointer: Pointer,
    pub first: Position,
    pub second: Position,
}

/// The places of the nodes of a text; node 0 is the root.
#[derive(Debug)]
pub(super) struct Index {
    nodes: Vec<Node>,
    lines: Lines,
}

/// Aliases of aliases are followed this far; more is a loop.
const ALIAS_HOPS: usize = 8;

impl Index {
    /// Scans a text. A malformed text gives the nodes up to the fault.
    pub(super) fn build(text: &str, format: Format) -> Self {
        let nodes = match format {
            Format::Json => json::scan(text),
            Format::Yaml => yaml::scan(text),
        };
        Self {
            nodes,
            lines: Lines::new(text),
        }
    }

    /// Byte offset at which the second YAML document of a text starts.
    pub(super) fn second_document(text: &str) -> Option<usize> {
        yaml::second_document(text)
    }

    /// See [`super::Document::locate`].
    pub(super) fn locate(&self, pointer: &Pointer, key: bool) -> Option<Position> {
        let mut node = self.nodes.first()?;
        for token in pointer.tokens() {
            match self.child(node, &token, ALIAS_HOPS) {
                Some(child) => node = child,
                None => return Some(self.position(node, true)),
            }
        }
        Some(self.position(node, key))
    }

    /// The place of a node's key or value.
    fn position(&self, node: &Node, key: bool) -> Position {
        let span = match &node.key {
            Some((_, span)) if key => *span,
            _ => node.span,
        };
        self.lines.position(span.start, span.end)
    }

    /// The member or element of a node, through aliases and merge keys.
    fn child(&self, node: &Node, token: &str, hops: usize) -> Option<&Node> {
        let hops = hops.checked_sub(1)?;
        match node.kind {
            Kind::Alias(target) => self.child(self.nodes.get(target)?, token, hops),
            Kind::Array => self.children(node).nth(token.parse().ok()?),
            Kind::Object => self.member(node, token).or_else(|| {
                let merge = self.member(node, "<<")?;
                self.merged(merge, token, hops)
            }),
            Kind::Plain | Kind::Quoted => None,
        }
    }

    /// A key in the value of a merge key: a mapping, an alias of one, or a list of such.
    fn merged(&self, merge: &Node, token: &str, hops: usize) -> Option<&Node> {
        if merge.kind == Kind::Array {
            return self
                .children(merge)
                .find_map(|mapping| self.child(mapping, token, hops));
        }
        self.child(merge, token, hops)
    }

    fn member(&self, object: &Node, name: &str) -> Option<&Node> {
        self.children(object)
            .find(|child| child.key.as_ref().is_some_and(|(key, _)| &**key == name))
    }

    fn children(&self, node: &Node) -> impl Iterator<Item = &Node> {
        let mut next = node.first_child;
        std::iter::from_fn(move || {
            let child = self.nodes.get(next?)?;
            next = child.next_sibling;
            Some(child)
        })
    }

    /// The first key, in the order of the text, that its object holds already.
    pub(super) fn first_duplicate(&self) -> Option<Duplicate> {
        let mut found: Option<(usize, Span, Span)> = None;
        for (at, node) in self.nodes.iter().enumerate() {
            if node.kind != Kind::Object {
                continue;
            }
            let mut keys: HashMap<&str, Span> = HashMap::new();
            for child in self.children(node) {
                let Some((key, span)) = &child.key else {
                    continue;
                };
                if let Some(first) = keys.insert(key, *span) {
                    if found.is_none_or(|(_, _, second)| span.start < second.start) {
                        found = Some((at, first, *span));
                    }
                    break;
                }
            }
        }
        let (object, first, second) = found?;
        let key = self.children(self.nodes.get(object)?).find_map(|child| {
            child
                .key
                .as_ref()
                .filter(|(_, span)| *span == second)
                .map(|(key, _)| key)
        })?;
        Some(Duplicate {
            pointer: self.pointer_of(object)?.child(key),
            first: self.lines.position(first.start, first.end),
            second: self.lines.position(second.start, second.end),
        })
    }

    /// The places and texts of scalars without quotes that `wanted` accepts, in order.
    pub(super) fn plain_scalars(
        &self,
        text: &str,
        wanted: impl Fn(&str) -> bool,
    ) -> Vec<(Pointer, String)> {
        let mut found = Vec::new();
        for (at, node) in self.nodes.iter().enumerate() {
            if node.kind != Kind::Plain {
                continue;
            }
            let Some(scalar) = text.get(node.span.start..node.span.end) else {
                continue;
            };
            if wanted(scalar) {
                found.extend(
                    self.pointer_of(at)
                        .map(|pointer| (pointer, scalar.to_owned())),
                );
            }
        }
        found
    }

    /// The pointer of a node, found by walking up.
    fn pointer_of(&self, node: usize) -> Option<Pointer> {
        let mut tokens = Vec::new();
        let mut node = self.nodes.get(node)?;
        while let Some(parent) = node.parent {
            let above = self.nodes.get(parent)?;
            let token = match &node.key {
                Some((key, _)) => key.to_string(),
                None => self
                    .children(above)
                    .position(|child| std::ptr::eq(child, node))?
                    .to_string(),
            };
            tokens.push(token);
            node = above;
        }
        Some(
            tokens
                .iter()
                .rev()
                .fold(Pointer::root(), |pointer, token| pointer.child(token)),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'t>(text: &'t str, format: Format, pointer: &str, key: bool) -> (&'t str, usize) {
        let index = Index::build(text, format);
        let pointer = Pointer::parse(pointer).unwrap();
        let position = index.locate(&pointer, key).unwrap();
        (&text[position.start..position.end], position.line)
    }

    #[test]
    fn json_nodes_are_found_by_value_and_key() {
        let text =
            "{\"a\": {\"b\\/c\": [1, \"zwei\",\n {\"\\ud83d\\ude00\": null}]}, \"d\": -1.5e3}";
        for (pointer, key, expected) in [
            ("/a/b~1c/0", false, ("1", 1)),
            ("/a/b~1c/1", false, ("\"zwei\"", 1)),
            ("/a/b~1c/2/😀", true, ("\"\\ud83d\\ude00\"", 2)),
            ("/a/b~1c/2/😀", false, ("null", 2)),
            ("/d", false, ("-1.5e3", 2)),
            ("/d/x/y", false, ("\"d\"", 2)),
            ("/a/b~1c/9", false, ("\"b\\/c\"", 1)),
        ] {
            assert_eq!(
                found(text, Format::Json, pointer, key),
                expected,
                "{pointer}"
            );
        }
    }

    /// `?` alone is a mapping to one reader of YAML and a fault to the other.
    #[test]
    fn what_cannot_be_scanned_stands_in_the_whole_text() {
        for text in ["?", "? ", ""] {
            assert_eq!(found(text, Format::Yaml, "", false), (text, 1));
        }
    }

    #[test]
    fn byte_order_marks_within_a_text_hide_no_place() {
        let text = "a: \u{feff}x\n\u{feff}b\u{feff}: [1, 'y\u{feff}']\nc: z\n";
        // Before a root at column 0, one that starts a line makes the rest stand deeper.
        let text = text.replace("a:", " a:").replace("c:", " c:");
        let document = crate::source::read("x.yaml", text.as_bytes(), &Default::default());
        assert_eq!(
            document.unwrap().value.to_string(),
            "{\"a\":\"\u{feff}x\",\"b\u{feff}\":[1,\"y\u{feff}\"],\"c\":\"z\"}"
        );
        for (pointer, key, expected) in [
            ("/a", false, ("\u{feff}x", 1)),
            ("/b\u{feff}", true, ("b\u{feff}", 2)),
            ("/b\u{feff}/1", false, ("'y\u{feff}'", 2)),
            ("/c", false, ("z", 3)),
        ] {
            assert_eq!(
                found(&text, Format::Yaml, pointer, key),
                expected,
                "{pointer}"
            );
        }
    }

    #[test]
    fn yaml_nodes_are_found_by_value_and_key() {
        let text = "ä: &x {y: eins}\nb:\n  - 'zwei'\n  - {c: d}\n200:\n  <<: *x\n  z: *x\n";
        for (pointer, key, expected) in [
            ("/ä/y", false, ("eins", 1)),
            ("/b/0", false, ("'zwei'", 3)),
            ("/b/1/c", true, ("c", 4)),
            ("/200", true, ("200", 5)),
            ("/200/y", false, ("eins", 1)),
            ("/200/z/y", false, ("eins", 1)),
            ("/b/1/nothing", false, ("{c: d}", 4)),
        ] {
            assert_eq!(
                found(text, Format::Yaml, pointer, key),
                expected,
                "{pointer}"
            );
        }
    }
}
