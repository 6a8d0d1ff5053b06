//! The effective view of a schema.

use std::ops::{Deref, DerefMut};
use std::rc::Rc;

use indexmap::IndexMap;
use serde_json::Value;

use super::super::media;
use super::conditions::Case;
use super::json_types::Types;
use super::labels::Label;
use crate::diagnostics::Pointer;
use crate::model::Node;

/// `additionalProperties`.
#[derive(Debug, Clone, Default)]
pub enum Additional<'a> {
    /// Nothing is said: more properties are allowed, none are expected.
    #[default]
    Unsaid,
    /// `false`
    No,
    /// `true` or `{}`
    Any,
    /// A schema for them.
    Schema(Node<'a>),
}

/// A union whose branches only say which names are required.
#[derive(Debug, Clone)]
pub struct Alternatives<'a> {
    /// Where it stands.
    pub at: Pointer,
    /// Whether one set has to be there and no other.
    pub exactly_one: bool,
    /// The names.
    pub sets: Vec<Vec<&'a str>>,
}

/// Properties in order. They may be very many, and copies of a shape share them until one is changed.
#[derive(Debug, Clone, Default)]
pub struct Properties<'a>(Rc<IndexMap<&'a str, Node<'a>>>);

impl<'a> Deref for Properties<'a> {
    type Target = IndexMap<&'a str, Node<'a>>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for Properties<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        Rc::make_mut(&mut self.0)
    }
}

impl<'s, 'a> IntoIterator for &'s Properties<'a> {
    type Item = (&'s &'a str, &'s Node<'a>);
    type IntoIter = indexmap::map::Iter<'s, &'a str, Node<'a>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

/// What a schema comes down to.
#[derive(Debug, Clone, Default)]
pub struct Shape<'a> {
    /// Name of the component that it refers to.
    pub name: Option<&'a str>,
    /// Where it is defined, after references.
    pub origin: Pointer,
    /// The component that it refers to, which has its own description.
    pub definition: Option<Node<'a>>,
    /// The JSON types other than null.
    pub types: Types,
    /// Whether null is allowed by an explicit word.
    pub nullable: bool,
    /// Whether a `type` names nothing but null.
    pub null_only: bool,
    /// Properties in order.
    pub properties: Properties<'a>,
    /// What a branch of `allOf` only says about a property that another one declares.
    pub notes: IndexMap<&'a str, &'a str>,
    /// The cases that are told apart, until their properties are taken in.
    pub(super) cases: Vec<Case<'a>>,
    /// Names of required properties.
    pub required: Vec<&'a str>,
    /// Names that are required where another one is given (`dependentRequired`).
    pub dependent: IndexMap<&'a str, Vec<&'a str>>,
    /// Sets of names of which one is required, whatever else is.
    pub alternatives: Vec<Alternatives<'a>>,
    /// Where the last of the required ones are named.
    pub required_at: Option<Pointer>,
    /// Further properties.
    pub additional: Additional<'a>,
    /// What the names of properties must be (`propertyNames`).
    pub names: Vec<Node<'a>>,
    /// Expressions one of which every further name matches: `patternProperties` of a closed object.
    pub patterns: Vec<&'a str>,
    /// Items of an array.
    pub items: Option<Node<'a>>,
    /// First items of an array (`prefixItems`).
    pub prefix_items: Vec<Node<'a>>,
    /// The values allowed, without null.
    pub values: Option<Vec<&'a Value>>,
    /// What is said of single ones.
    pub labels: Vec<Label<'a>>,
    /// The unions that could not be dissolved; a value fits one branch of each.
    pub unions: Vec<Vec<Node<'a>>>,
    /// The schemas that extend this one, where `discriminator` tells them apart. Answers are read by
    /// what they have in common; what is sent is one of them.
    pub subtypes: Vec<Node<'a>>,
    /// What says which branch of the first union, or which of these schemas, a value means.
    pub discriminator: Option<Node<'a>>,
    /// Other assertions that tool schemas carry, by keyword.
    pub keywords: IndexMap<&'static str, Node<'a>>,
    /// Assertions that several branches of `allOf` make with different values, which all hold.
    pub further: Vec<(&'static str, Node<'a>)>,
    /// `description`
    pub description: Option<&'a str>,
    /// `title`
    pub title: Option<&'a str>,
    /// First of `examples`.
    pub example: Option<&'a Value>,
    /// `default`
    pub default: Option<Node<'a>>,
    /// `deprecated`
    pub deprecated: bool,
    /// `readOnly`
    pub read_only: bool,
    /// `writeOnly`
    pub write_only: bool,
}

impl<'a> Shape<'a> {
    /// Allows further properties, since not all that there are are known.
    pub(super) fn open(&mut self) {
        if !self.patterns.is_empty() || matches!(self.additional, Additional::No) {
            self.patterns.clear();
            self.additional = Additional::Unsaid;
        }
    }

    /// Names that are required and have no schema.
    pub fn undeclared(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.required
            .iter()
            .copied()
            .filter(|name| !self.properties.contains_key(name))
    }

    /// The forms of values: the branches of the first union, or the schemas that extend this one.
    pub fn forms(&self) -> &[Node<'a>] {
        self.unions.first().unwrap_or(&self.subtypes)
    }

    /// Whether values have several forms.
    pub fn has_forms(&self) -> bool {
        !self.forms().is_empty()
    }

    /// Whether values are objects.
    pub fn is_object(&self) -> bool {
        self.types == Types::OBJECT
            || (self.types.is_any()
                && (!self.properties.is_empty()
                    || matches!(self.additional, Additional::Schema(_))))
    }

    /// Whether values are arrays.
    pub fn is_array(&self) -> bool {
        self.types == Types::ARRAY
            || (self.types.is_any() && (self.items.is_some() || !self.prefix_items.is_empty()))
    }

    /// Whether null is the only value.
    pub fn is_null(&self) -> bool {
        self.null_only && self.types.is_any() && self.values.is_none() && self.unions.is_empty()
    }

    /// Whether values have no parts that could be listed.
    pub fn is_scalar(&self) -> bool {
        !self.is_object() && !self.is_array() && self.unions.is_empty()
    }

    /// Whether empty text is a value.
    pub fn takes_empty_text(&self) -> bool {
        let asserts = ["pattern", "format", "minLength"];
        (self.types.is_any() || self.types.has(Types::STRING))
            && self.values.is_none()
            && self.unions.is_empty()
            && !asserts
                .iter()
                .any(|keyword| self.keywords.contains_key(keyword))
    }

    /// Whether the schema allows everything.
    pub fn is_anything(&self) -> bool {
        self.types.is_any()
            && !self.null_only
            && self.properties.is_empty()
            && self.items.is_none()
            && self.values.is_none()
            && self.unions.is_empty()
            && matches!(self.additional, Additional::Unsaid | Additional::Any)
    }

    /// The text of the only value that the schema allows, or else of its default.
    pub fn only_value(&self) -> Option<String> {
        let only = match self.values.as_deref() {
            Some([only]) => Some(*only),
            _ => self.default.as_ref().map(|node| node.value),
        };
        match only? {
            Value::String(text) => Some(text.clone()),
            value @ Value::Number(_) => {
                let label = self.labels.iter().find(|label| label.value == value);
                let digits = label.and_then(|label| label.digits);
                Some(digits.map_or_else(|| value.to_string(), str::to_owned))
            }
            value @ Value::Bool(_) => Some(value.to_string()),
            _ => None,
        }
    }

    /// A file: `format: binary` or a string with a binary `contentMediaType`.
    pub fn is_binary(&self) -> bool {
        let keyword = |name| self.keywords.get(name).and_then(|n| n.value.as_str());
        keyword("format") == Some("binary")
            || keyword("contentMediaType").is_some_and(|media| {
                keyword("contentEncoding").is_none()
                    && !media::is_text(media)
                    && !media::is_json(media)
                    && media::sequence_of(media).is_none()
            })
    }
}
