//! Security schemes and requirements (OpenAPI 3.2 §4.27, §4.30).

mod scheme;

use std::cell::Cell;
use std::collections::HashMap;

use indexmap::IndexMap;
use serde_json::Value;

use self::scheme::{is_token, name_variables, scheme, unusable};
use super::named_schemes::{self, named_by_uri};
use super::operation::Given;
use crate::diagnostics::{Code, Diagnostic, Pointer, Sink};
use crate::ir::{Group, Scheme, SchemeKind, Security};
use crate::model::{Node, RawOperation, Resolver};
use crate::similar::most_alike;
use crate::text;

/// The schemes of a document, and what operations need of them.
#[derive(Debug)]
pub struct SecuritySchemes<'a> {
    root: Node<'a>,
    pub(super) resolver: Resolver<'a>,
    /// The schemes, in document order.
    pub schemes: Vec<Scheme>,
    index: IndexMap<&'a str, usize>,
    /// Schemes that cannot be sent, and what to say if an operation names them.
    unsupported: Vec<(usize, Diagnostic)>,
    /// How many of them the document declares; those that are made up follow.
    declared: usize,
    /// Schemes that were made up for parameters that are credentials only where it is said.
    pub(super) said: Vec<usize>,
    /// Names of query parameters that most operations have.
    pub(super) common: Vec<String>,
    /// Whether it was said what is wrong with the requirements of the document.
    said_of_document: Cell<bool>,
}

impl<'a> SecuritySchemes<'a> {
    /// Reads `components.securitySchemes`, and schemes elsewhere that requirements name by URI.
    pub fn read(
        root: &Node<'a>,
        operations: &[RawOperation<'a>],
        resolver: Resolver<'a>,
        prefix: &str,
        sink: &mut Sink,
    ) -> Self {
        let mut schemes = Vec::new();
        let mut index = IndexMap::new();
        let mut unsupported = Vec::new();
        // Where each scheme stands, by itself and behind references.
        let mut places = HashMap::new();
        for (name, declared) in root
            .at(&["components", "securitySchemes"])
            .iter()
            .flat_map(Node::entries)
        {
            let place = declared.pointer.clone();
            let node = match resolver.follow(declared) {
                Ok(node) => node,
                Err(error) => {
                    sink.push(error.diagnostic(resolver));
                    continue;
                }
            };
            index.insert(name, schemes.len());
            places.insert(place, schemes.len());
            places.entry(node.pointer.clone()).or_insert(schemes.len());
            unsupported.extend(unusable(name, &node).map(|finding| (schemes.len(), finding)));
            schemes.push(scheme(name, &node));
        }
        for (uri, target) in named_by_uri(root, operations, resolver) {
            // What is the name of a component is one.
            if index.contains_key(uri) {
                continue;
            }
            if let Some(known) = places.get(&target.pointer) {
                index.insert(uri, *known);
                continue;
            }
            let Ok(node) = resolver.follow(target) else {
                continue;
            };
            let known = places.get(&node.pointer).copied();
            if known.is_none() && node.str("type").is_none() {
                continue;
            }
            index.insert(uri, known.unwrap_or(schemes.len()));
            if known.is_none() {
                places.insert(node.pointer.clone(), schemes.len());
                let name = node.pointer.tokens().last().unwrap_or_default();
                unsupported.extend(unusable(&name, &node).map(|finding| (schemes.len(), finding)));
                schemes.push(scheme(&name, &node));
            }
        }
        name_variables(&mut schemes, prefix);
        Self {
            root: root.clone(),
            resolver,
            declared: schemes.len(),
            schemes,
            index,
            unsupported,
            said: Vec::new(),
            common: Vec::new(),
            said_of_document: Cell::new(false),
        }
    }

    /// The number of schemes that the document declares.
    pub(super) fn declared(&self) -> usize {
        self.declared
    }

    /// Reports the schemes that operations name and that cannot be sent.
    pub fn report_unsupported(&self, groups: &[Group], sink: &mut Sink) {
        for (scheme, diagnostic) in &self.unsupported {
            let named = groups
                .iter()
                .flat_map(|g| &g.operations)
                .flat_map(|o| o.security.iter().flatten())
                .any(|s| s.scheme == *scheme);
            if named {
                sink.push(diagnostic.clone());
            }
        }
    }

    /// Gives each bearer scheme a token of its own if no single one is accepted by all operations that
    /// name one: a user's and an administrator's token are not the same.
    pub fn separate_tokens(&mut self, operations: &[RawOperation<'a>], prefix: &str) {
        let mut common: Option<Vec<usize>> = None;
        for raw in operations {
            let named: Vec<usize> = self
                .of(&raw.node)
                .into_iter()
                .flatten()
                .map(|s| s.scheme)
                .filter(|&s| self.schemes.get(s).is_some_and(|s| is_token(&s.kind)))
                .collect();
            if named.is_empty() {
                continue;
            }
            match &mut common {
                None => common = Some(named),
                Some(common) => common.retain(|s| named.contains(s)),
            }
        }
        if !common.is_some_and(|c| c.is_empty()) {
            return;
        }
        for scheme in &mut self.schemes {
            if is_token(&scheme.kind) {
                scheme.variables = vec![format!("{prefix}_{}_TOKEN", scheme.static_name)];
            }
        }
    }

    /// Whether a scheme sends its credential as this parameter.
    pub fn sends(&self, scheme: usize, location: &str, name: &str) -> bool {
        self.field(scheme).is_some_and(|(own, key)| {
            own == location
                && match location {
                    "header" => key.eq_ignore_ascii_case(name),
                    _ => key == name,
                }
        })
    }

    /// Where a scheme sends its credential: location and name.
    fn field(&self, scheme: usize) -> Option<(&'static str, &str)> {
        match &self.schemes.get(scheme)?.kind {
            SchemeKind::HeaderKey(key) => Some(("header", key)),
            SchemeKind::QueryKey(key) => Some(("query", key)),
            SchemeKind::CookieKey(key) => Some(("cookie", key)),
            kind if *kind == SchemeKind::Basic || is_token(kind) => {
                Some(("header", "authorization"))
            }
            _ => None,
        }
    }

    /// The requirements of one alternative without those whose field an earlier one fills already, which
    /// are given apart.
    pub fn distinct(&self, all: Vec<Security>) -> (Vec<Security>, Vec<Security>) {
        let mut kept: Vec<Security> = Vec::new();
        let mut repeated = Vec::new();
        for one in all {
            let filled = self.field(one.scheme).is_some_and(|(location, name)| {
                let mut earlier = kept.iter();
                earlier.any(|earlier| self.sends(earlier.scheme, location, name))
            });
            if filled {
                repeated.push(one);
            } else {
                kept.push(one);
            }
        }
        (kept, repeated)
    }

    /// The requirements of an operation, its own or the document's. Alternatives that name a scheme
    /// that does not exist are dropped.
    pub fn of(&self, operation: &Node<'a>) -> Vec<Vec<Security>> {
        let mut unsaid = Sink::new();
        let own = self.own(operation, &mut unsaid);
        let requirements = own.or_else(|| self.of_document(&mut unsaid));
        self.alternatives(requirements.unwrap_or_default(), &mut unsaid)
    }

    /// The same, with diagnostics. What is wrong with the document's requirements is said at the first
    /// operation that they hold for.
    pub fn of_saying(&self, operation: &Node<'a>, sink: &mut Sink) -> Vec<Vec<Security>> {
        if let Some(own) = self.own(operation, sink) {
            return self.alternatives(own, sink);
        }
        let mut found = Sink::new();
        let requirements = self.of_document(&mut found).unwrap_or_default();
        let alternatives = self.alternatives(requirements, &mut found);
        if !self.said_of_document.replace(true) {
            sink.extend(found.into_vec());
        }
        alternatives
    }

    /// Alternatives with the schemes that settings ask for besides: each of them needs those too.
    pub fn with(
        &self,
        mut alternatives: Vec<Vec<Security>>,
        given: &Given<'_>,
        sink: &mut Sink,
    ) -> Vec<Vec<Security>> {
        if given.security.is_empty() {
            return alternatives;
        }
        if alternatives.is_empty() {
            alternatives.push(Vec::new());
        }
        for name in &given.security {
            let Some(&scheme) = self.index.get(name) else {
                let shown = text::line(name, 60);
                let message = format!("the document has no security scheme `{shown}`");
                let finding = match given.security_place {
                    Some(place) => place.finding(Code::E0934, message),
                    None => Diagnostic::new(Code::E0934, message),
                };
                let names: Vec<&str> = self.index.keys().copied().collect();
                sink.push(
                    finding.help(match most_alike(name, names.iter().copied()) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None if names.is_empty() => {
                            "it has none: add it to `components.securitySchemes` with an overlay"
                                .to_owned()
                        }
                        None => format!("it has: `{}`", text::line(&names.join("`, `"), 300)),
                    }),
                );
                continue;
            };
            for all in &mut alternatives {
                if !all.iter().any(|one| one.scheme == scheme) {
                    all.push(Security {
                        scheme,
                        scopes: Vec::new(),
                    });
                }
            }
        }
        alternatives
    }

    fn own(&self, operation: &Node<'a>, sink: &mut Sink) -> Option<Vec<Requirement<'a>>> {
        let node = operation.get("security")?;
        // Null is not there, as elsewhere. Beside what the document requires it may mean "nothing".
        let root = self.root.get("security");
        let is_open = || root.is_none_or(|root| is_nothing(root.value));
        if node.value.is_null() && is_open() {
            return None;
        }
        self.requirements(&node, sink)
    }

    fn of_document(&self, sink: &mut Sink) -> Option<Vec<Requirement<'a>>> {
        let node = self.root.get("security")?;
        if node.value.is_null() {
            return None;
        }
        self.requirements(&node, sink)
    }

    fn alternatives(
        &self,
        requirements: Vec<Requirement<'a>>,
        sink: &mut Sink,
    ) -> Vec<Vec<Security>> {
        let mut alternatives = Vec::new();
        let mut undeclared = Vec::new();
        'alternatives: for Requirement { of, schemes } in requirements {
            let mut all = Vec::new();
            for (name, scopes) in schemes {
                let Some(&scheme) = self.index.get(name) else {
                    undeclared.push(named_schemes::undeclared(name, &scopes, self.resolver));
                    continue 'alternatives;
                };
                let scopes = scopes
                    .items()
                    .filter_map(|s| Some(text::line(s.value.as_str()?, 120)))
                    .collect();
                all.push(Security { scheme, scopes });
            }
            let (all, repeated) = self.distinct(all);
            for one in repeated {
                let name = self.schemes.get(one.scheme).map(|s| s.name.as_str());
                let shown = name.unwrap_or_default();
                sink.push(
                    Diagnostic::new(
                        Code::E0490,
                        format!("another scheme already fills the field of `{shown}`"),
                    )
                    .at(&of)
                    .note("a field is sent once: the credential of the first scheme is used")
                    .help("if either scheme will do, write two alternatives; if both are the same, name one"),
                );
            }
            alternatives.push(all);
        }
        let consequence = if alternatives.is_empty() {
            "nothing else is required: requests are sent without credentials"
        } else {
            "the other alternatives are used"
        };
        for diagnostic in undeclared {
            sink.push(diagnostic.note(consequence));
        }
        alternatives
    }

    /// The requirements that stand here. What is malformed is read as what was most likely meant, and
    /// never as "no credential": where nothing can be made of it, `None`, and what holds above it does.
    fn requirements(&self, node: &Node<'a>, sink: &mut Sink) -> Option<Vec<Requirement<'a>>> {
        let faulty = |node: &Node<'a>, note: &str| {
            Diagnostic::new(Code::E0605, "`security` is not a list of requirements")
                .at(&node.pointer)
                .note(note)
                .help("write `security: [{scheme: []}]`; for an operation without credentials `security: []`")
        };
        let of = |node: &Node<'a>| Requirement {
            of: node.pointer.clone(),
            schemes: node.entries().collect(),
        };
        match node.value {
            Value::Array(_) => {}
            Value::Object(_) => {
                sink.push(faulty(node, "it is read as one requirement"));
                return Some(vec![of(node)]);
            }
            Value::String(name) if self.index.contains_key(name.as_str()) => {
                sink.push(faulty(
                    node,
                    "it is read as the name of the scheme that is required",
                ));
                return Some(vec![Requirement::named(node, name)]);
            }
            _ => {
                sink.push(faulty(
                    node,
                    "it is ignored; what the whole document requires holds",
                ));
                return None;
            }
        }
        let mut requirements = Vec::new();
        for item in node.items() {
            match item.value {
                Value::Object(_) => requirements.push(of(&item)),
                Value::String(name) => {
                    sink.push(faulty(
                        &item,
                        "it is read as the name of the scheme that is required",
                    ));
                    requirements.push(Requirement::named(&item, name));
                }
                _ => sink.push(faulty(&item, "it is ignored")),
            }
        }
        let nothing_left = requirements.is_empty() && node.items().next().is_some();
        (!nothing_left).then_some(requirements)
    }
}

/// A Security Requirement Object (OpenAPI 3.2 §4.30).
struct Requirement<'a> {
    of: Pointer,
    /// Names of schemes with their scopes.
    schemes: Vec<(&'a str, Node<'a>)>,
}

impl<'a> Requirement<'a> {
    /// A name in place of an object; the node stands in for the scopes, of which there are none.
    fn named(node: &Node<'a>, name: &'a str) -> Self {
        Self {
            of: node.pointer.clone(),
            schemes: vec![(name, node.clone())],
        }
    }
}

/// Whether no requirement stands here.
fn is_nothing(security: &Value) -> bool {
    security.is_null() || security.as_array().is_some_and(Vec::is_empty)
}
