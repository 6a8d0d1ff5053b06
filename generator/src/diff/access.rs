//! Credentials: what an operation needs, before and after.

use std::collections::BTreeSet;

use super::{Level, named};
use crate::ir::{Api, Operation, SchemeKind, Security};

/// Schemes that are needed together.
type Way = BTreeSet<String>;

/// What became of the credential of an operation.
pub(super) fn changed(
    (old_api, old): (&Api, &Operation),
    (new_api, new): (&Api, &Operation),
) -> Option<(Level, String)> {
    let before = ways(old_api, old);
    let after = ways(new_api, new);
    if before == after {
        return None;
    }
    let shown = |ways: &BTreeSet<Way>| {
        if ways.is_empty() {
            return "nothing".to_owned();
        }
        let each = ways.iter().map(|way| {
            if way.is_empty() {
                return "nothing".to_owned();
            }
            way.iter().cloned().collect::<Vec<_>>().join(" with ")
        });
        each.collect::<Vec<_>>().join(", or ")
    };
    let is_open = after.is_empty() || after.contains(&Way::new());
    let level = if is_open {
        // What asked for a credential lets everybody in.
        Level::Risk
    } else if before.iter().all(|way| after.contains(way)) && !before.is_empty() {
        Level::Compatible
    } else {
        Level::Breaking
    };
    Some((
        level,
        format!("needs {} now, before {}", shown(&after), shown(&before)),
    ))
}

fn ways(api: &Api, operation: &Operation) -> BTreeSet<Way> {
    let ways = operation.security.iter();
    ways.map(|way| way.iter().map(|one| scheme(api, one)).collect())
        .collect()
}

/// A scheme in words: what has to be sent, whatever the document calls it.
fn scheme(api: &Api, security: &Security) -> String {
    let Some(scheme) = api.schemes.get(security.scheme) else {
        return "a credential".to_owned();
    };
    let mut said = match &scheme.kind {
        SchemeKind::HeaderKey(name) => format!("the header {}", named(name)),
        SchemeKind::QueryKey(name) => format!("the query parameter {}", named(name)),
        SchemeKind::CookieKey(name) => format!("the cookie {}", named(name)),
        SchemeKind::BodyKey(name, _) => format!("{} in the body", named(name)),
        SchemeKind::Basic => "user name and password".to_owned(),
        SchemeKind::Bearer => "a bearer token".to_owned(),
        SchemeKind::OAuth2(_) => "an access token (OAuth 2)".to_owned(),
        SchemeKind::OpenIdConnect(_) => "an access token (OpenID Connect)".to_owned(),
        SchemeKind::MutualTls => "a client certificate".to_owned(),
        SchemeKind::Unsupported => format!("{} (not supported)", named(&scheme.name)),
    };
    if !security.scopes.is_empty() {
        let mut scopes: Vec<String> = security.scopes.iter().map(|scope| named(scope)).collect();
        scopes.sort();
        said.push_str(&format!(" with {}", scopes.join(" ")));
    }
    said
}
