//! What the objects of OpenAPI hold (OpenAPI 3.2 §4, 2.0), as far as references can stand there.
//!
//! References are followed only where a document can have them: an `example` that happens to hold
//! a `$ref` is data.

use crate::path_item::METHODS;

/// What stands somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    Document,
    Components,
    PathItem,
    Operation,
    Parameter,
    Header,
    RequestBody,
    Response,
    MediaType,
    Encoding,
    Schema,
    SecurityScheme,
    Link,
    Callback,
    /// A path item in a callback. Those in `paths` cannot contain themselves; these can.
    Called,
    /// Several of a kind by name.
    Named(&'static Kind),
    /// Several of a kind in a list.
    List(&'static Kind),
}

use Kind::{
    Callback, Called, Components, Document, Encoding, Header, Link, MediaType, Operation,
    Parameter, PathItem, RequestBody, Response, Schema, SecurityScheme,
};

impl Kind {
    /// The section of `components` in which one of these can be kept. Those without one are copied
    /// to where they are referred to; they cannot contain themselves.
    pub(super) const fn section(self) -> Option<&'static str> {
        Some(match self {
            Schema => "schemas",
            Parameter => "parameters",
            Header => "headers",
            RequestBody => "requestBodies",
            Response => "responses",
            SecurityScheme => "securitySchemes",
            Link => "links",
            Callback => "callbacks",
            Called => "pathItems",
            _ => return None,
        })
    }

    /// What the member `key` holds, if references can stand there.
    pub(super) fn member(self, key: &str) -> Option<Self> {
        Some(match (self, key) {
            (Self::Named(kind), _) => *kind,
            (Document, "components") => Components,
            (Document, "paths" | "webhooks") => Self::Named(&PathItem),
            (Document, "definitions") | (Components, "schemas") => Self::Named(&Schema),
            (Document | Components, "parameters") => Self::Named(&Parameter),
            (Document | Components, "responses") | (Operation, "responses") => {
                Self::Named(&Response)
            }
            (Components, "headers") => Self::Named(&Header),
            (Components, "requestBodies") => Self::Named(&RequestBody),
            (Components, "pathItems") => Self::Named(&PathItem),
            (Components, "mediaTypes") => Self::Named(&MediaType),
            (Components, "securitySchemes") => Self::Named(&SecurityScheme),
            (Components | Response, "links") => Self::Named(&Link),
            (Components | Operation, "callbacks") => Self::Named(&Callback),
            (Callback, expression) if !expression.starts_with("x-") => Called,
            (PathItem | Called | Operation, "parameters") => Self::List(&Parameter),
            (PathItem | Called, method) if METHODS.contains(&method) => Operation,
            (PathItem | Called, "additionalOperations") => Self::Named(&Operation),
            (Operation, "requestBody") => RequestBody,
            (Parameter | Header | Response | MediaType, "schema") => Schema,
            (Parameter | Header | RequestBody | Response, "content") => Self::Named(&MediaType),
            (Response | Encoding, "headers") => Self::Named(&Header),
            (MediaType, "itemSchema") => Schema,
            (MediaType, "encoding") => Self::Named(&Encoding),
            (
                Schema,
                "items"
                | "additionalProperties"
                | "not"
                | "if"
                | "then"
                | "else"
                | "contains"
                | "propertyNames"
                | "additionalItems"
                | "unevaluatedItems"
                | "unevaluatedProperties"
                | "contentSchema",
            ) => Schema,
            (Schema, "allOf" | "anyOf" | "oneOf" | "prefixItems") => Self::List(&Schema),
            (
                Schema,
                "properties" | "patternProperties" | "dependentSchemas" | "$defs" | "definitions"
                | "dependencies",
            ) => Self::Named(&Schema),
            _ => return None,
        })
    }

    /// What the elements of a list hold.
    pub(super) const fn element(self) -> Option<Self> {
        match self {
            Self::List(kind) => Some(*kind),
            // `items` of older drafts may be a list.
            Schema => Some(Schema),
            _ => None,
        }
    }

    /// Whether a `$ref` among other members refers to the whole. Beside named members it may be a
    /// member itself: a property that is called `$ref`.
    pub(super) const fn is_container(self) -> bool {
        matches!(self, Self::Named(_) | Self::List(_))
    }
}
