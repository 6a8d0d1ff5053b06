//! Security Scheme Objects that requirements name by URI (OpenAPI 3.2 §4.30).

use indexmap::IndexMap;
use serde_json::{Value, json};

use crate::diagnostics::{Code, Diagnostic, remedy};
use crate::model::{Node, RawOperation, RefError, Resolver, is_uri_of_scheme};
use crate::text;

/// What stands at the URIs in the requirements of the document and its operations, each once and in their
/// order. Those of other files were brought into the document before.
pub(super) fn named_by_uri<'a>(
    root: &Node<'a>,
    operations: &[RawOperation<'a>],
    resolver: Resolver<'a>,
) -> IndexMap<&'a str, Node<'a>> {
    let owners = operations.iter().map(|raw| &raw.node).chain([root]);
    let mut found = IndexMap::new();
    for security in owners.filter_map(|owner| owner.get("security")) {
        let requirements: Vec<_> = match security.value {
            Value::Array(_) => security.items().collect(),
            _ => vec![security],
        };
        for (name, scopes) in requirements.iter().flat_map(Node::entries) {
            if is_uri_of_scheme(name)
                && !found.contains_key(name)
                && let Ok(node) = resolver.target(name, &scopes.pointer)
            {
                found.insert(name, node);
            }
        }
    }
    found
}

/// What to say of a name in a requirement that leads to no scheme.
pub(super) fn undeclared(name: &str, scopes: &Node<'_>, resolver: Resolver<'_>) -> Diagnostic {
    let message = format!("there is no security scheme `{}`", text::line(name, 60));
    let finding = Diagnostic::new(Code::E0601, message).at_key(&scopes.pointer);
    if !is_uri_of_scheme(name) {
        return finding
            .help("declare it under `components.securitySchemes`; if it is no bearer token, write the scheme that the service expects")
            .overlay(remedy::update(
                "$",
                &remedy::nested(
                    &["components", "securitySchemes", name],
                    json!({"type": "http", "scheme": "bearer"}),
                ),
            ));
    }
    let reason = match resolver.target(name, &scopes.pointer) {
        Err(RefError::External {
            reason: Some(reason),
            ..
        }) => reason.diagnostic().message,
        Err(_) => "nothing stands there".to_owned(),
        Ok(_) => "what stands there is no Security Scheme Object".to_owned(),
    };
    let finding = finding.note(format!("it is read as a URI; {reason}"));
    match resolver.nearest(name) {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None => finding
            .help("correct the URI, or write the name of a scheme in `components.securitySchemes`"),
    }
}
