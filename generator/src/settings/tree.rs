//! Settings as they were read: values that know where they stand, whatever they were written in.

use std::ops::Range;
use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::{Map, Number, Value};

use crate::diagnostics::{Code, Diagnostic, Pointer, Severity};
use crate::source::Position;

/// Whose word it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trust {
    /// The operator's: `mcpwright.toml`, or an overlay.
    Operator,
    /// The document's own: text of somebody else.
    Document,
}

/// A text that settings stand in.
#[derive(Debug, PartialEq)]
pub(crate) struct Source {
    /// What messages call it.
    pub name: Arc<str>,
    /// The text, if places are counted in it.
    pub text: Option<Arc<str>>,
    /// Whose word it is.
    pub trust: Trust,
}

/// Where something stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Place {
    /// The text.
    pub source: Arc<Source>,
    /// Bytes of the text.
    pub span: Option<Range<usize>>,
    /// The node, in a document.
    pub pointer: Option<Pointer>,
}

impl Place {
    /// A finding about it. What a document says of itself is left out when it is wrong, since a person
    /// cannot mend it there; what the operator says stops the run.
    pub fn finding(&self, code: Code, message: impl Into<String>) -> Diagnostic {
        let mut finding = Diagnostic::new(code, message);
        if let Some(pointer) = &self.pointer {
            finding = finding.at(pointer);
        } else {
            finding = finding.document(&self.source.name);
            finding.text.clone_from(&self.source.text);
            finding.position = self.position();
        }
        if self.source.trust == Trust::Document && finding.severity == Severity::Error {
            finding = finding
                .severity(Severity::Warning)
                .note("the document says so itself; it is left out");
        }
        finding
    }

    fn position(&self) -> Option<Position> {
        let (text, span) = (self.source.text.as_ref()?, self.span.as_ref()?);
        Some(Position::of(text, span.start, span.end))
    }

    /// `mcpwright.toml:12`, or the pointer in the document.
    pub fn label(&self) -> String {
        match (self.position(), &self.pointer) {
            (Some(position), _) => format!("{}:{}", file_name(&self.source.name), position.line),
            (None, Some(pointer)) => pointer.to_string(),
            (None, None) => self.source.name.to_string(),
        }
    }
}

fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// A value and its place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tree {
    /// Where it stands.
    pub place: Place,
    /// What it is.
    pub kind: Kind,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    /// JSON's null; TOML has none.
    Null,
    /// Text.
    Text(String),
    /// `true` or `false`.
    Flag(bool),
    /// A number.
    Number(Number),
    /// A list.
    List(Vec<Tree>),
    /// A table.
    Table(IndexMap<String, Member>),
}

/// An entry of a table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Member {
    /// Where its key stands.
    pub key: Place,
    /// Its value.
    pub tree: Tree,
}

impl Tree {
    /// The entry of a table.
    pub fn get(&self, key: &str) -> Option<&Tree> {
        self.members()?.get(key).map(|member| &member.tree)
    }

    /// The entries of a table.
    pub fn members(&self) -> Option<&IndexMap<String, Member>> {
        match &self.kind {
            Kind::Table(members) => Some(members),
            _ => None,
        }
    }

    /// The elements of a list; a value that is none is a list of itself.
    pub fn items(&self) -> &[Tree] {
        match &self.kind {
            Kind::List(items) => items,
            _ => std::slice::from_ref(self),
        }
    }

    /// The text.
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The same without places.
    pub fn value(&self) -> Value {
        match &self.kind {
            Kind::Null => Value::Null,
            Kind::Text(text) => Value::String(text.clone()),
            Kind::Flag(flag) => Value::Bool(*flag),
            Kind::Number(number) => Value::Number(number.clone()),
            Kind::List(items) => Value::Array(items.iter().map(Tree::value).collect()),
            Kind::Table(members) => Value::Object(
                members
                    .iter()
                    .map(|(key, member)| (key.clone(), member.tree.value()))
                    .collect::<Map<_, _>>(),
            ),
        }
    }

    /// What it is, in a word.
    pub fn what(&self) -> &'static str {
        match &self.kind {
            Kind::Null => "null",
            Kind::Text(_) => "a text",
            Kind::Flag(_) => "true or false",
            Kind::Number(_) => "a number",
            Kind::List(_) => "a list",
            Kind::Table(_) => "a table",
        }
    }

    /// A value of a document, below a node. `source` gives each node the text that it stands in.
    pub fn of_json(
        value: &Value,
        pointer: &Pointer,
        source: &dyn Fn(&Pointer) -> Arc<Source>,
    ) -> Self {
        let place = Place {
            source: source(pointer),
            span: None,
            pointer: Some(pointer.clone()),
        };
        let kind = match value {
            Value::Null => Kind::Null,
            Value::Bool(flag) => Kind::Flag(*flag),
            Value::Number(number) => Kind::Number(number.clone()),
            Value::String(text) => Kind::Text(text.clone()),
            Value::Array(items) => Kind::List(
                items
                    .iter()
                    .enumerate()
                    .map(|(index, item)| Self::of_json(item, &pointer.index(index), source))
                    .collect(),
            ),
            Value::Object(members) => Kind::Table(
                members
                    .iter()
                    .map(|(key, value)| {
                        let tree = Self::of_json(value, &pointer.child(key), source);
                        let key_place = tree.place.clone();
                        (
                            key.clone(),
                            Member {
                                key: key_place,
                                tree,
                            },
                        )
                    })
                    .collect(),
            ),
        };
        Self { place, kind }
    }
}
