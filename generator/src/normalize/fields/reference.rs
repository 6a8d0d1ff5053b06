//! What stands at the place that a reference names (OpenAPI 3.2 §4.23): a reference to an object of
//! another kind says nothing that could be used.

use serde_json::{Value, json};

use super::super::schema::holds_named;
use super::{Kind, Object, Shape, has_extensions, table};
use crate::diagnostics::{Code, Diagnostic, Sink, Site};
use crate::text;
use crate::text::pointer::unescaped;

/// What stands at a place, as far as the standard says.
#[derive(Clone, Copy)]
pub(super) enum Target {
    /// An object of the standard.
    Object(&'static Shape),
    /// A schema.
    Schema,
    /// A value that is none of these, such as a list or a text.
    Value,
    /// What the standard says nothing about.
    Unknown,
}

/// What a reference has to lead to.
#[derive(Clone, Copy)]
pub(super) enum Referred {
    PathItem,
    Header,
    MediaType,
    RequestBody,
    Response,
}

impl Referred {
    const fn name(self) -> &'static str {
        match self {
            Self::PathItem => "a path item",
            Self::Header => "a header",
            Self::MediaType => "a media type",
            Self::RequestBody => "a request body",
            Self::Response => "a response",
        }
    }

    /// What is meant by a reference that leads to a schema.
    fn of_schema(self, reference: &str) -> Option<Value> {
        let media = json!({ "schema": { "$ref": reference } });
        match self {
            Self::PathItem | Self::Header => None,
            Self::MediaType => Some(media),
            Self::RequestBody | Self::Response => {
                Some(json!({"content": {"application/json": media}}))
            }
        }
    }

    /// Whether other stages say what a reference leads to instead.
    const fn is_said_elsewhere(self) -> bool {
        matches!(self, Self::RequestBody)
    }
}

impl Target {
    /// What the fragment of a reference within the document names.
    pub(super) fn of(reference: &str) -> Self {
        let Some(pointer) = reference.strip_prefix('#').and_then(text::percent_decode) else {
            return Self::Unknown;
        };
        if !pointer.is_empty() && !pointer.starts_with('/') {
            return Self::Unknown;
        }
        let mut target = Self::Object(&table::ROOT);
        let mut tokens = pointer.split('/').skip(1);
        while let Some(token) = tokens.next() {
            let token = unescaped(token);
            target = match target {
                Self::Object(shape) => {
                    let field = shape.fields.iter().find(|(name, _)| *name == token);
                    match field {
                        Some((name, kind)) => kind.holds((shape, name), &mut tokens),
                        None => return Self::Unknown,
                    }
                }
                Self::Schema => match holds_named(&token) {
                    Some(true) if tokens.next().is_some() => Self::Schema,
                    Some(true) => Self::Value,
                    Some(false) => Self::Schema,
                    None => return Self::Unknown,
                },
                Self::Value | Self::Unknown => return Self::Unknown,
            };
        }
        target
    }
}

impl Kind {
    /// What stands in a field; takes the name or number of an element from the tokens.
    fn holds<'t>(
        self,
        (owner, field): (&'static Shape, &str),
        tokens: &mut impl Iterator<Item = &'t str>,
    ) -> Target {
        let object = |shape: &'static Shape| match field {
            "schemas" => Target::Schema,
            _ if shape.open => Target::Unknown,
            _ => Target::Object(shape),
        };
        match self {
            Self::Any if matches!(field, "schema" | "itemSchema") => Target::Schema,
            Self::Any => Target::Unknown,
            Self::Text | Self::Flag | Self::Texts => Target::Value,
            Self::One(shape) | Self::Needed(shape) => object(shape),
            Self::List(shape)
            | Self::Parameters(shape)
            | Self::Map(shape)
            | Self::Filled(shape)
            | Self::Named(shape) => match tokens.next() {
                Some(name) if name.starts_with("x-") && has_extensions(owner, field) => {
                    Target::Unknown
                }
                Some(_) => object(shape),
                None => Target::Value,
            },
        }
    }
}

/// Whether a reference surely names no schema.
pub(in super::super) fn is_no_schema(reference: &str) -> bool {
    matches!(Target::of(reference), Target::Object(_) | Target::Value)
}

/// Whether the standard says nothing about what stands at the place that a reference names: no walk comes
/// to it.
pub(in super::super) fn is_unknown(reference: &str) -> bool {
    matches!(Target::of(reference), Target::Unknown)
}

/// Looks at the reference of an object. A schema in the place of a media type, a body or an answer is read
/// as its schema. What else references to parameters and request bodies lead to, other stages say.
pub(super) fn check(members: &mut Object, shape: &'static Shape, site: &Site<'_>, sink: &mut Sink) {
    let Some(Value::String(reference)) = members.get("$ref") else {
        return;
    };
    let target = Target::of(reference);
    let same = matches!(target, Target::Object(other) if std::ptr::eq(other, shape));
    let Some(referred) = shape
        .referred
        .filter(|_| !same && !matches!(target, Target::Unknown))
    else {
        return;
    };
    let meant = match target {
        Target::Schema => referred.of_schema(reference),
        _ => None,
    };
    if meant.is_none() && referred.is_said_elsewhere() {
        return;
    }
    let what = referred.name();
    let message = format!("`{}` is not {what}", text::line(reference, 120));
    let finding = Diagnostic::new(Code::E0304, message)
        .at(&site.member("$ref").pointer())
        .help(format!(
            "refer to {what} of `components`, or write it out here"
        ));
    sink.push(match meant {
        Some(Value::Object(meant)) => {
            *members = meant;
            finding.note("read as its schema, in JSON")
        }
        _ => finding.note("nothing of it is used"),
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_schemas_or_none_by_the_standard() {
        for (reference, none) in [
            ("#", true),
            ("#/info", true),
            ("#/info/title", true),
            ("#/paths", true),
            ("#/paths/~1a", true),
            ("#/paths/~1a/get", true),
            ("#/paths/~1a/get/responses/200", true),
            (
                "#/paths/~1a/get/responses/200/content/application~1json",
                true,
            ),
            ("#/paths/~1a/get/parameters/0", true),
            ("#/components", true),
            ("#/components/schemas", true),
            ("#/components/responses/A", true),
            ("#/components/parameters/A", true),
            ("#/components/schemas/A/properties", true),
            ("#/components/schemas/A/allOf", true),
            ("#/components/schemas/A", false),
            ("#/components/schemas/A/properties/b", false),
            ("#/components/schemas/A/properties/b/items", false),
            ("#/components/schemas/A/allOf/0", false),
            ("#/components/schemas/A/x-parts/0", false),
            ("#/components/parameters/A/schema", false),
            ("#/components/headers/A/schema/items", false),
            (
                "#/paths/~1a/get/responses/200/content/application~1json/schema",
                false,
            ),
            ("#/definitions/A", false),
            ("#/x-schemas/A", false),
            // A name of the author's own, unless it stands where extensions do.
            ("#/components/parameters/x-a", true),
            ("#/components/responses/x-a/headers/x-b", true),
            ("#/paths/x-a", false),
            ("#/paths/~1a/get/responses/x-a", false),
            ("#/webhooks/a", false),
            ("#anchor", false),
            ("other.yaml#/info", false),
        ] {
            assert_eq!(is_no_schema(reference), none, "{reference}");
        }
    }
}
