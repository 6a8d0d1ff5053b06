//! Parameters that are the operator's and not the model's (rule R2): credentials that a document
//! declares as ordinary parameters become security schemes, headers and versions with one value are
//! constants.

use std::collections::HashSet;

use indexmap::{IndexMap, IndexSet};

use super::credential_names::is_credential;
use super::parameters::RawParameter;
use super::said_credential::{is_done_to, says_credential, says_value};
use super::schema::Shapes;
use super::security::SecuritySchemes;
use crate::diagnostics::{Code, Diagnostic, Sink, remedy};
use crate::http::is_credential_header;
use crate::ir::{Scheme, SchemeKind, Security};
use crate::model::{Node, RawOperation, Resolver};
use crate::names::{screaming, words};
use crate::text;

/// How the credential of a parameter is sent.
fn kind(location: &str, name: &str, node: &Node<'_>) -> SchemeKind {
    if location == "header" && name.eq_ignore_ascii_case("authorization") {
        let said = [
            node.get("description"),
            node.get("example"),
            node.get("schema"),
        ];
        let said: String = said
            .iter()
            .flatten()
            .map(|node| node.value.to_string().to_ascii_lowercase())
            .collect();
        if said.contains("bearer") {
            return SchemeKind::Bearer;
        }
        if said.contains("basic ") {
            return SchemeKind::Basic;
        }
    }
    match location {
        "query" => SchemeKind::QueryKey(name.to_owned()),
        "cookie" => SchemeKind::CookieKey(name.to_owned()),
        _ => SchemeKind::HeaderKey(name.to_owned()),
    }
}

/// A parameter that may be a credential, in all operations that have it.
struct Found<'a> {
    node: Node<'a>,
    /// The number of operations.
    count: usize,
    /// Whether one of them says that it is a credential.
    said: bool,
    /// Whether one of them does not say that it is a value.
    plain: bool,
    /// Whether one of them requires it and does not name the scheme that sends it: it needs a
    /// credential of its own, since the scheme's is meant for other operations.
    apart: bool,
}

/// What an operation requires, its own or the document's.
#[derive(Clone, Copy)]
struct Named<'s> {
    security: &'s [Vec<Security>],
    /// Whether the document says anything about what the operation requires.
    stated: bool,
}

impl<'s> Named<'s> {
    fn new(raw: &RawOperation<'_>, security: &'s [Vec<Security>]) -> Self {
        Self {
            security,
            stated: !security.is_empty() || raw.node.get("security").is_some(),
        }
    }

    /// Whether the operation is declared to need nothing.
    fn is_public(self) -> bool {
        self.stated && self.security.is_empty()
    }
}

impl<'a> SecuritySchemes<'a> {
    /// Makes up a scheme for each credential that is declared as a parameter and that no scheme sends.
    pub fn adopt(&mut self, operations: &[RawOperation<'a>], resolver: Resolver<'a>, prefix: &str) {
        let mut found: IndexMap<(&'static str, String), Found<'a>> = IndexMap::new();
        for raw in operations {
            let mut own = IndexSet::new();
            let security = self.of(&raw.node);
            let named = Named::new(raw, &security);
            let asked = self.required_in_query(raw);
            // The operation's own parameters take the place of those of its path (OpenAPI 3.2 §4.9).
            let owners = [&raw.node].into_iter().chain(&raw.path_items);
            for node in owners.flat_map(|owner| owner.list("parameters")) {
                let Ok(node) = resolver.follow(node) else {
                    continue;
                };
                let location = ["header", "query", "cookie"];
                let location = location.into_iter().find(|l| node.str("in") == Some(l));
                let (Some(location), Some(name)) = (location, node.str("name")) else {
                    continue;
                };
                if location == "header" && !is_credential_header(name) {
                    continue;
                }
                let key = match location {
                    "header" => name.to_ascii_lowercase(),
                    _ => name.to_owned(),
                };
                if own.insert((location, key.clone())) {
                    let said = location == "query" && says_credential(name, &node, raw.path);
                    let value = self.is_value((location, name), &node, raw, &asked);
                    let apart = node.bool("required") == Some(true)
                        && !value
                        && self.is_of_others(named, location, name);
                    let known = found.entry((location, key)).or_insert(Found {
                        node,
                        count: 0,
                        said: false,
                        plain: false,
                        apart: false,
                    });
                    known.count = known.count.saturating_add(1);
                    known.said |= said;
                    known.plain |= !value;
                    known.apart |= apart;
                }
            }
        }
        for ((location, _), found) in found {
            let name = found.node.str("name").unwrap_or_default();
            let common = found.count > 1 && found.count.saturating_mul(2) >= operations.len();
            if common && location == "query" {
                self.common.push(name.to_owned());
            }
            let known = found.plain && is_credential(location, name, common);
            let wanted = (known || found.said) && self.sender(location, name).is_none();
            if wanted || found.apart {
                if !known && !found.apart {
                    self.said.push(self.schemes.len());
                }
                let kind = kind(location, name, &found.node);
                self.make_up(name, kind, prefix);
            }
        }
    }

    /// Whether a parameter is a value, whatever its name: no credential is a list, and some are said to be
    /// what the operation is about. `asked`: see [`Self::required_in_query`].
    fn is_value(
        &self,
        (location, name): (&str, &str),
        parameter: &Node<'a>,
        raw: &RawOperation<'a>,
        asked: &HashSet<Option<&'a str>>,
    ) -> bool {
        let schema = parameter.get("schema");
        let schema = schema.and_then(|schema| self.resolver.follow(schema).ok());
        let is_list = schema.is_some_and(|schema| schema.str("type") == Some("array"));
        // What most operations are called with is a credential there too.
        let is_common = self.common.iter().any(|common| common == name);
        is_list
            || says_value((location, name), parameter, raw.path)
            || location == "query" && !is_common && is_subject(name, raw, asked)
    }

    /// The names of the parameters that an operation requires in the query, looked for once for all that is
    /// asked of each of them.
    fn required_in_query(&self, raw: &RawOperation<'a>) -> HashSet<Option<&'a str>> {
        let owners = [&raw.node].into_iter().chain(&raw.path_items);
        let all = owners.flat_map(|owner| owner.list("parameters"));
        all.filter_map(|node| self.resolver.follow(node).ok())
            .filter(|node| node.str("in") == Some("query") && node.bool("required") == Some(true))
            .map(|node| node.str("name"))
            .collect()
    }

    /// Whether a parameter carries a credential that the document declares for other operations: what
    /// this one requires does not name its scheme.
    fn is_of_others(&self, named: Named<'_>, location: &str, name: &str) -> bool {
        let declared = (0..self.declared()).any(|scheme| self.sends(scheme, location, name));
        let by_own = self.named(named.security, location, name).is_some();
        // A public operation may take a value of that name, such as the token of a link.
        let credential = !named.is_public() || is_credential(location, name, false);
        declared && named.stated && !by_own && credential
    }

    /// The scheme that is required and sends what a parameter carries.
    fn named(&self, security: &[Vec<Security>], location: &str, name: &str) -> Option<usize> {
        let mut required = security.iter().flatten().map(|one| one.scheme);
        required.find(|scheme| self.sends(*scheme, location, name))
    }

    /// A scheme for a credential that no scheme of the document sends.
    pub(super) fn make_up(&mut self, name: &str, kind: SchemeKind, prefix: &str) {
        let taken = |name: &str| self.schemes.iter().any(|s| s.name == name);
        let mut unique = text::line(name, 60);
        while taken(&unique) {
            unique.push_str(" (parameter)");
        }
        let own = screaming(name, self.schemes.len());
        let short = own.strip_prefix("X_").unwrap_or(&own);
        let short = short.strip_prefix(&format!("{prefix}_")).unwrap_or(short);
        let variables = |stem: &str| match kind {
            SchemeKind::Bearer => vec![format!("{stem}_TOKEN")],
            SchemeKind::Basic => vec![format!("{stem}_USERNAME"), format!("{stem}_PASSWORD")],
            _ => vec![stem.to_owned()],
        };
        let is_taken = |variables: &[String]| {
            let mut known = self.schemes.iter().flat_map(|s| &s.variables);
            known.any(|known| variables.contains(known))
        };
        let mut stem = format!("{prefix}_{short}");
        // A user and a token have names that say so, if no other scheme has them.
        let mut variables_of_it = match kind {
            SchemeKind::Bearer | SchemeKind::Basic => variables(prefix),
            _ => variables(&stem),
        };
        while is_taken(&variables_of_it) {
            variables_of_it = variables(&stem);
            stem.push_str("_PARAMETER");
        }
        let mut static_name = own;
        while self.schemes.iter().any(|s| s.static_name == static_name) {
            static_name.push('_');
        }
        self.schemes.push(Scheme {
            name: unique,
            static_name,
            kind,
            variables: variables_of_it,
        });
    }

    /// The scheme that sends what a parameter carries.
    fn sender(&self, location: &str, name: &str) -> Option<usize> {
        self.sender_from(0, location, name)
    }

    /// The same among the schemes from one on.
    fn sender_from(&self, first: usize, location: &str, name: &str) -> Option<usize> {
        (first..self.schemes.len()).find(|scheme| self.sends(*scheme, location, name))
    }

    /// Takes the credentials out of the parameters of an operation, and adds to its requirements those
    /// that it did not name.
    pub fn take_credentials(
        &self,
        parameters: &mut Vec<RawParameter<'a>>,
        security: Vec<Vec<Security>>,
        raw: &RawOperation<'a>,
        sink: &mut Sink,
    ) -> Vec<Vec<Security>> {
        let mut required = Vec::new();
        let mut optional = Vec::new();
        let asked = self.required_in_query(raw);
        parameters.retain(|parameter| {
            let (location, name) = (parameter.location, parameter.name.as_str());
            let shown = text::line(name, 60);
            let stated = Named::new(raw, &security);
            if let Some(scheme) = self.named(&security, location, name) {
                let code = if name.eq_ignore_ascii_case("authorization") {
                    Code::E0409
                } else {
                    Code::E0414
                };
                sink.push(
                    Diagnostic::new(
                        code,
                        format!("the {location} parameter `{shown}` is the credential of a security scheme"),
                    )
                    .at(&parameter.node.pointer)
                    .note("it is no argument: the server sends it from its environment")
                    .help("nothing has to be done; to leave it out of the document, remove it")
                    .overlay(remedy::remove(&own_element(parameter))),
                );
                // Some documents list as alternatives what every call needs. `Authorization` is not
                // asked for as a parameter (OpenAPI 3.2 §4.12.1).
                if parameter.required && code == Code::E0414 {
                    required.push(Security {
                        scheme,
                        scopes: Vec::new(),
                    });
                }
                return false;
            }
            if self.is_value((location, name), &parameter.node, raw, &asked) {
                return true;
            }
            let of_others = self.is_of_others(stated, location, name);
            if of_others && !parameter.required {
                sink.push(
                    Diagnostic::new(
                        Code::E0421,
                        format!("the {location} parameter `{shown}` is a credential of other operations"),
                    )
                    .at(&parameter.node.pointer)
                    .note("it is neither an argument nor sent: this operation's `security` does not name the scheme that sends it")
                    .help("if the operation takes that credential, name its scheme in the operation's `security`"),
                );
                return false;
            }
            let sender = if of_others {
                self.sender_from(self.declared(), location, name)
            } else {
                self.sender(location, name)
            };
            let named = is_credential(location, name, false);
            let Some(scheme) = sender
                .filter(|_| named || !stated.is_public())
                .filter(|scheme| {
                    !self.said.contains(scheme) || says_credential(name, &parameter.node, raw.path)
                })
            else {
                return true;
            };
            let variables = self.schemes.get(scheme).map(|s| s.variables.join("` and `"));
            sink.push(
                Diagnostic::new(
                    Code::E0421,
                    format!("the {location} parameter `{shown}` is a credential"),
                )
                .at(&parameter.node.pointer)
                .note(format!(
                    "it is no argument: the server sends it from `{}`",
                    variables.unwrap_or_default()
                ))
                .help("declare a security scheme instead"),
            );
            let list = if parameter.required {
                &mut required
            } else {
                &mut optional
            };
            list.push(Security {
                scheme,
                scopes: Vec::new(),
            });
            false
        });
        let mut alternatives: Vec<Vec<Security>> = Vec::new();
        for all in with(security, required, optional) {
            let (all, _) = self.distinct(all);
            if !alternatives.iter().any(|known| are_same(known, &all)) {
                alternatives.push(all);
            }
        }
        alternatives
    }
}

/// Whether a key or token in the query is what the operation is about, and not called with:
/// `DELETE /keys?api_key=`, where nothing else says which key is meant.
fn is_subject(name: &str, raw: &RawOperation<'_>, asked: &HashSet<Option<&str>>) -> bool {
    !asked.iter().any(|other| *other != Some(name))
        && raw.node.get("requestBody").is_none()
        && is_done_to(name, &raw.method, raw.path)
}

/// Whether two alternatives name the same schemes.
fn are_same(one: &[Security], other: &[Security]) -> bool {
    let has = |all: &[Security], wanted: &Security| all.iter().any(|s| s.scheme == wanted.scheme);
    one.len() == other.len() && one.iter().all(|wanted| has(other, wanted))
}

/// The alternatives with what parameters add: what is required always, what is optional first with and
/// then without.
fn with(
    security: Vec<Vec<Security>>,
    required: Vec<Security>,
    optional: Vec<Security>,
) -> Vec<Vec<Security>> {
    if required.is_empty() && optional.is_empty() {
        return security;
    }
    let stated = if security.is_empty() {
        vec![Vec::new()]
    } else {
        security
    };
    let mut alternatives: Vec<Vec<Security>> = Vec::new();
    for added in [[required.clone(), optional.clone()].concat(), required] {
        for alternative in &stated {
            let all = [alternative.clone(), added.clone()].concat();
            if !alternatives.contains(&all) {
                alternatives.push(all);
            }
        }
    }
    alternatives
}

/// The value of a parameter that leaves no choice: a version with one value or a default, or a header
/// that is required and can only be one text.
pub fn constant<'a>(
    parameter: &RawParameter<'a>,
    shapes: &Shapes<'a>,
    sink: &mut Sink,
) -> Option<String> {
    if !matches!(parameter.location, "header" | "query") {
        return None;
    }
    let shape = shapes.of(parameter.schema.as_ref()?);
    let words = words(&parameter.name);
    let is_version = words.last().is_some_and(|word| word == "version")
        && (parameter.location == "header" || words.iter().any(|word| word == "api"));
    let one = shape
        .values
        .as_ref()
        .is_some_and(|values| values.len() == 1);
    let forced = one && parameter.required && parameter.location == "header";
    if !is_version && !forced {
        return None;
    }
    let value = shape.only_value()?;
    let sendable = !value.is_empty() && value.chars().all(|c| matches!(c, '!'..='~'));
    if !sendable {
        return None;
    }
    sink.push(
        Diagnostic::new(
            Code::E0422,
            format!(
                "the {} parameter `{}` is always sent as `{}`",
                parameter.location,
                text::line(&parameter.name, 60),
                text::line(&value, 60)
            ),
        )
        .at(&parameter.node.pointer),
    );
    Some(value)
}

/// The JSONPath of a parameter in its list, by what it says.
fn own_element(parameter: &RawParameter<'_>) -> String {
    let entry = &parameter.entry;
    let list = entry.pointer.parent().unwrap_or_default();
    match entry.reference() {
        Some(target) => remedy::element(&list, &[("$ref", target)]),
        None => remedy::element(
            &list,
            &[("name", &parameter.name), ("in", parameter.location)],
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::with;
    use crate::ir::Security;

    #[test]
    fn credentials_of_parameters_join_every_alternative() {
        let list = |ids: &[usize]| -> Vec<Security> {
            let one = |&scheme| Security {
                scheme,
                scopes: Vec::new(),
            };
            ids.iter().map(one).collect()
        };
        for (security, required, optional, expected) in [
            (vec![], list(&[]), list(&[]), vec![]),
            (vec![], list(&[1, 2]), list(&[]), vec![list(&[1, 2])]),
            (vec![], list(&[]), list(&[1]), vec![list(&[1]), list(&[])]),
            (
                vec![],
                list(&[1]),
                list(&[2]),
                vec![list(&[1, 2]), list(&[1])],
            ),
            (
                vec![list(&[0]), list(&[])],
                list(&[1]),
                list(&[]),
                vec![list(&[0, 1]), list(&[1])],
            ),
        ] {
            assert_eq!(with(security, required, optional), expected);
        }
    }
}
