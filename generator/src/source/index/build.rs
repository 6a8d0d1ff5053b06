//! Builds the tree of spans from a stream of events.

/// Byte offsets of the first byte and behind the last one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Span {
    pub start: usize,
    pub end: usize,
}

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// An object.
    Object,
    /// An array.
    Array,
    /// A scalar that is written without quotes.
    Plain,
    /// A scalar in quotes, or a YAML block scalar.
    Quoted,
    /// A YAML alias of the node with this number.
    Alias(usize),
}

/// One node of the text. Children are linked as first child and next sibling.
#[derive(Debug)]
pub(super) struct Node {
    pub kind: Kind,
    /// The decoded key and its place, when the parent is an object.
    pub key: Option<(Box<str>, Span)>,
    pub span: Span,
    pub parent: Option<usize>,
    pub first_child: Option<usize>,
    pub next_sibling: Option<usize>,
}

/// A container that is not closed yet.
struct Open {
    node: usize,
    last_child: Option<usize>,
}

/// Takes events in the order of the text. Nesting is kept in a list, so that depth costs no stack.
#[derive(Default)]
pub(super) struct Builder {
    nodes: Vec<Node>,
    open: Vec<Open>,
    key: Option<(Box<str>, Span)>,
}

impl Builder {
    /// The key of the next node.
    pub(super) fn key(&mut self, key: &str, span: Span) {
        self.key = Some((key.into(), span));
    }

    /// Whether the next scalar is a key: directly in an object, and no key is waiting.
    pub(super) fn wants_key(&self) -> bool {
        self.key.is_none() && self.container() == Some(Kind::Object)
    }

    /// The kind of the innermost open container.
    pub(super) fn container(&self) -> Option<Kind> {
        self.nodes.get(self.open.last()?.node).map(|node| node.kind)
    }

    /// A scalar, an alias, or the start of a container; returns its number.
    pub(super) fn node(&mut self, kind: Kind, span: Span) -> usize {
        let number = self.nodes.len();
        let parent = self.open.last().map(|open| open.node);
        self.nodes.push(Node {
            kind,
            key: self.key.take(),
            span,
            parent,
            first_child: None,
            next_sibling: None,
        });
        if let Some(open) = self.open.last_mut() {
            let link = match open.last_child.replace(number) {
                Some(sibling) => self
                    .nodes
                    .get_mut(sibling)
                    .map(|node| &mut node.next_sibling),
                None => self
                    .nodes
                    .get_mut(open.node)
                    .map(|node| &mut node.first_child),
            };
            if let Some(link) = link {
                *link = Some(number);
            }
        }
        if matches!(kind, Kind::Object | Kind::Array) {
            self.open.push(Open {
                node: number,
                last_child: None,
            });
        }
        number
    }

    /// The end of the innermost container.
    pub(super) fn close(&mut self, end: usize) {
        self.key = None;
        let open = self.open.pop();
        if let Some(node) = open.and_then(|open| self.nodes.get_mut(open.node)) {
            node.span.end = end.max(node.span.start);
        }
    }

    /// The nodes; containers that are still open end where the text was found malformed.
    pub(super) fn finish(mut self, end: usize) -> Vec<Node> {
        while !self.open.is_empty() {
            self.close(end);
        }
        self.nodes
    }
}
