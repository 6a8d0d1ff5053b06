//! One Security Scheme Object (OpenAPI 3.2 §4.27): what it is, whether it can be sent, its variables.

use crate::diagnostics::{Code, Diagnostic};
use crate::http::is_credential_header;
use crate::ir::{Scheme, SchemeKind};
use crate::model::Node;
use crate::names::screaming;
use crate::similar::misspelt;
use crate::text;

/// Whether the credential is a bearer token (RFC 6750), wherever it comes from.
pub(super) fn is_token(kind: &SchemeKind) -> bool {
    matches!(
        kind,
        SchemeKind::Bearer | SchemeKind::OAuth2(_) | SchemeKind::OpenIdConnect(_)
    )
}

/// The scheme that a Security Scheme Object describes; its variables are named once all are known.
pub(super) fn scheme(name: &str, node: &Node<'_>) -> Scheme {
    Scheme {
        name: text::line(name, 80),
        static_name: String::new(),
        kind: kind(node),
        variables: Vec::new(),
    }
}

/// Why a scheme cannot be sent, if it cannot.
pub(super) fn unusable(name: &str, node: &Node<'_>) -> Option<Diagnostic> {
    if let Some(diagnostic) = unsendable(name, node) {
        return Some(diagnostic);
    }
    if kind(node) != SchemeKind::Unsupported {
        return None;
    }
    let what = node.str("type").unwrap_or("no type");
    let message = format!(
        "the security scheme `{}` ({}) cannot be sent yet",
        text::line(name, 60),
        text::line(what, 40)
    );
    Some(
        Diagnostic::new(Code::E0602, message)
            .at(&node.pointer)
            .note(
                "operations that accept another scheme still work; calls of the others are refused",
            )
            .help(remedy_of(node)),
    )
}

/// What to do about a scheme that cannot be sent: often it is misspelt or incomplete.
fn remedy_of(node: &Node<'_>) -> String {
    let near =
        |field: &str, known: &[&'static str]| misspelt(node.str(field)?, known.iter().copied(), 3);
    let types = ["apiKey", "http", "oauth2", "openIdConnect", "mutualTLS"];
    match node.str("type") {
        Some("apiKey") => match near("in", &["header", "query", "cookie"]) {
            Some(place) if node.str("in") != Some(place) => format!("did you mean `in: {place}`?"),
            _ => "give it a `name` that can be sent, and `in: header`, `query` or `cookie`"
                .to_owned(),
        },
        Some("http") => match near("scheme", &["basic", "bearer"]) {
            Some(scheme) => format!("did you mean `scheme: {scheme}`?"),
            None => "of `type: http`, the schemes `basic` and `bearer` can be sent".to_owned(),
        },
        _ => match near("type", &types) {
            Some(kind) => format!("did you mean `type: {kind}`?"),
            None => format!("the types are: {}", types.join(", ")),
        },
    }
}

/// What to say of a key in a header that must not be set.
fn unsendable(name: &str, node: &Node<'_>) -> Option<Diagnostic> {
    let header = forbidden_header(node)?;
    let help = if header.eq_ignore_ascii_case("cookie") {
        "write `in: cookie` and the name of the cookie"
    } else {
        "name the header that the service reads the key from; operations that accept another scheme still work"
    };
    Some(
        Diagnostic::new(
            Code::E0611,
            format!(
                "the security scheme `{}` would set the header `{}`",
                text::line(name, 60),
                text::line(header, 60)
            ),
        )
        .at(&node.pointer)
        .note("such a header frames the request, says where it goes or which answers are taken, carries cookies or is for proxies; calls that need the scheme are refused")
        .help(help),
    )
}

/// The header of a key that no credential can be sent in.
fn forbidden_header<'a>(node: &Node<'a>) -> Option<&'a str> {
    let is_key = node.str("type") == Some("apiKey") && node.str("in") == Some("header");
    let header = node.str("name").filter(|_| is_key)?;
    (!is_credential_header(header)).then_some(header)
}

fn kind(node: &Node<'_>) -> SchemeKind {
    match node.str("type") {
        _ if forbidden_header(node).is_some() => SchemeKind::Unsupported,
        Some("apiKey") => {
            let name = node.str("name").unwrap_or_default().to_owned();
            let token = !name.is_empty()
                && name
                    .bytes()
                    .all(|b| b.is_ascii_graphic() && !b"()<>@,;:\\\"/[]?={}".contains(&b));
            match node.str("in") {
                Some("header") if token => SchemeKind::HeaderKey(name),
                Some("query") if !name.is_empty() => SchemeKind::QueryKey(name),
                Some("cookie") if token => SchemeKind::CookieKey(name),
                _ => SchemeKind::Unsupported,
            }
        }
        Some("http") => match node.str("scheme").map(str::to_ascii_lowercase).as_deref() {
            Some("basic") => SchemeKind::Basic,
            Some("bearer") => SchemeKind::Bearer,
            _ => SchemeKind::Unsupported,
        },
        Some("oauth2") => SchemeKind::OAuth2(token_url(node)),
        Some("openIdConnect") => SchemeKind::OpenIdConnect(url(node, "openIdConnectUrl")),
        Some("mutualTLS") => SchemeKind::MutualTls,
        _ => SchemeKind::Unsupported,
    }
}

/// The token endpoint that a flow names, those first that a server can use by itself.
fn token_url(node: &Node<'_>) -> String {
    let flows = [
        "clientCredentials",
        "password",
        "authorizationCode",
        "deviceAuthorization",
    ];
    flows
        .iter()
        .filter_map(|flow| node.at(&["flows", flow]))
        .map(|flow| url(&flow, "tokenUrl"))
        .find(|url| !url.is_empty())
        .unwrap_or_default()
}

/// A URL that is shown and never asked.
fn url(node: &Node<'_>, key: &str) -> String {
    text::line(node.str(key).unwrap_or_default(), 200)
}

/// `<PREFIX>_API_KEY`, `<PREFIX>_TOKEN`, `<PREFIX>_USERNAME` and `<PREFIX>_PASSWORD`; where a kind
/// occurs more than once, the scheme's name stands in between. Bearer schemes share one variable,
/// unless operations need different ones: whatever issued the token, it is sent in the same way.
pub(super) fn name_variables(schemes: &mut [Scheme], prefix: &str) {
    let class = |kind: &SchemeKind| match kind {
        SchemeKind::HeaderKey(_) | SchemeKind::QueryKey(_) | SchemeKind::CookieKey(_) => "API_KEY",
        SchemeKind::Basic => "PASSWORD",
        SchemeKind::Bearer | SchemeKind::OAuth2(_) | SchemeKind::OpenIdConnect(_) => "TOKEN",
        SchemeKind::MutualTls => "CLIENT_CERT",
        SchemeKind::BodyKey(..) | SchemeKind::Unsupported => "",
    };
    let classes: Vec<&str> = schemes.iter().map(|s| class(&s.kind)).collect();
    let mut statics = crate::names::Unique::default();
    for (i, scheme) in schemes.iter_mut().enumerate() {
        let own = statics.take(&screaming(&scheme.name, i), "_");
        let class = class(&scheme.kind);
        let several = !matches!(class, "TOKEN" | "CLIENT_CERT")
            && classes.iter().filter(|c| **c == class).count() > 1;
        let stem = if several {
            format!("{prefix}_{own}")
        } else {
            prefix.to_owned()
        };
        scheme.variables = match class {
            "" => Vec::new(),
            "PASSWORD" => vec![format!("{stem}_USERNAME"), format!("{stem}_PASSWORD")],
            // A connection has one certificate, whatever the schemes are called.
            "CLIENT_CERT" => vec![
                format!("{stem}_CLIENT_CERT_FILE"),
                format!("{stem}_CLIENT_KEY_FILE"),
            ],
            class => vec![format!("{stem}_{class}")],
        };
        scheme.static_name = own;
    }
}
