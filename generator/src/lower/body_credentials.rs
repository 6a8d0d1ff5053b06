//! Credentials that a document declares as properties of bodies (rule R2): an API without a security
//! scheme asks for its key in each body. The rules are strict, since a property of such a name may as
//! well be what the operation is about.

use indexmap::IndexMap;

use super::body::RawBody;
use super::media::{self, Family};
use super::schema::{Shape, Shapes};
use super::security::SecuritySchemes;
use crate::diagnostics::{Code, Diagnostic, Sink};
use crate::ir::{SchemeKind, Security};
use crate::model::{Node, RawOperation, Resolver};
use crate::names::words;
use crate::text;

/// Names of credentials, their words written together. No `password`: it is what a person gives.
const NAMES: [&str; 7] = [
    "key",
    "apikey",
    "apitoken",
    "accesstoken",
    "authtoken",
    "secretkey",
    "subscriptionkey",
];
/// Words that say that such a property is the caller's own credential.
const SAID: [&str; 7] = [
    "your api key",
    "a valid api key",
    "your api token",
    "your access token",
    "your auth token",
    "api key for authentication",
    "authentication token",
];

/// Whether a property can be a credential: required text of such a name, without values to choose from.
fn is_candidate(body: &Shape<'_>, name: &str, property: &Shape<'_>) -> bool {
    body.required.contains(&name)
        && NAMES.contains(&words(name).concat().as_str())
        && property.types.names() == ["string"]
        && property.values.is_none()
        && !property.read_only
}

/// Whether its description says that it is the caller's own.
fn is_said(property: &Shape<'_>) -> bool {
    let said = property
        .description
        .unwrap_or_default()
        .to_ascii_lowercase();
    SAID.iter().any(|words| said.contains(words))
}

/// The body of an operation, if its properties are arguments of JSON or of a form.
fn shape_of<'a>(
    raw: &RawOperation<'a>,
    resolver: Resolver<'a>,
    shapes: &Shapes<'a>,
) -> Option<Shape<'a>> {
    let node: Node<'a> = resolver.follow(raw.node.get("requestBody")?).ok()?;
    // What is wrong with the entries is said when the body is read.
    let mut media = media::entries(&node, resolver, &mut Sink::new());
    media.sort_by_key(|(name, _)| Family::of(name));
    let (name, entry) = media.into_iter().next()?;
    let fits = matches!(
        Family::of(name),
        Family::Json | Family::LikeJson | Family::Form
    );
    let shape = shapes.of(&entry.get("schema")?);
    (fits && shape.is_object() && !shape.has_forms() && !shape.nullable).then_some(shape)
}

impl<'a> SecuritySchemes<'a> {
    /// Makes up a scheme for each credential that bodies ask for: one that most bodies require, or one
    /// that is said to be the caller's own where no operation names a security scheme.
    pub fn adopt_from_bodies(
        &mut self,
        operations: &[RawOperation<'a>],
        resolver: Resolver<'a>,
        shapes: &Shapes<'a>,
        prefix: &str,
    ) {
        let mut found: IndexMap<&'a str, (usize, bool)> = IndexMap::new();
        let mut bodies = 0usize;
        for shape in operations
            .iter()
            .filter_map(|raw| shape_of(raw, resolver, shapes))
        {
            bodies = bodies.saturating_add(1);
            for (name, property) in &shape.properties {
                let property = shapes.of(property);
                if is_candidate(&shape, name, &property) {
                    let known = found.entry(name).or_default();
                    known.0 = known.0.saturating_add(1);
                    known.1 |= is_said(&property);
                }
            }
        }
        let none_declared = self.schemes.is_empty();
        for (name, (count, said)) in found {
            let common = count > 1 && count.saturating_mul(2) >= bodies;
            if none_declared && (common || said) {
                self.make_up(name, SchemeKind::BodyKey(name.to_owned(), common), prefix);
            }
        }
    }

    /// Takes the credentials out of a body, and adds them to what the operation requires.
    pub fn take_from_body(
        &self,
        body: &mut RawBody<'a>,
        shapes: &Shapes<'a>,
        security: Vec<Vec<Security>>,
        sink: &mut Sink,
    ) -> Vec<Vec<Security>> {
        if !body.lifted || !matches!(body.encoding, "json" | "form") {
            return security;
        }
        let mut security = security;
        for (scheme, one) in self.schemes.iter().enumerate() {
            let SchemeKind::BodyKey(name, common) = &one.kind else {
                continue;
            };
            let Some((&key, node)) = body.shape.properties.get_key_value(name.as_str()) else {
                continue;
            };
            let property = shapes.of(node);
            if !is_candidate(&body.shape, key, &property) || !(*common || is_said(&property)) {
                continue;
            }
            sink.push(
                Diagnostic::new(
                    Code::E0441,
                    format!(
                        "the property `{}` of the body is a credential",
                        text::line(key, 60)
                    ),
                )
                .at_key(&node.pointer)
                .note(format!(
                    "it is no argument: the server sends it from `{}`",
                    one.variables.join("` and `")
                ))
                .help("declare a security scheme, if the service takes the key in a header too"),
            );
            body.shape.properties.shift_remove(key);
            body.shape.required.retain(|required| *required != key);
            body.credentials.push(key);
            body.required = true;
            if security.is_empty() {
                security.push(Vec::new());
            }
            for alternative in &mut security {
                alternative.push(Security {
                    scheme,
                    scopes: Vec::new(),
                });
            }
        }
        security
    }
}
