//! The caller's own credential of the service, in the fields in which the document has the service take it; a key
//! that the service takes elsewhere has a field of its own here: `X-Credential-` and its name. It goes with this one
//! request to the service, and nowhere else.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName};

use super::gate::{Fault, Refusal};
use crate::operation::{Api, ApiKeyLocation, SchemeKind, SecurityScheme};
use crate::upstream::{Credentials, Given};

/// Where callers put what they bring along.
#[derive(Debug)]
pub(crate) struct Passthrough {
    api: &'static Api,
    /// The fields that carry credentials.
    fields: Vec<HeaderName>,
}

impl Passthrough {
    /// The fields of an API's schemes.
    ///
    /// # Errors
    /// One sentence, if there are none.
    pub(super) fn new(api: &'static Api) -> Result<Self, String> {
        let mut fields: Vec<HeaderName> = Vec::new();
        for field in api
            .security_schemes
            .iter()
            .filter_map(|scheme| field(scheme))
        {
            if !fields.contains(&field) {
                fields.push(field);
            }
        }
        if fields.is_empty() {
            return Err(format!(
                "--auth passthrough needs a security scheme whose credential is a text (a key, a token, a user name and password), and the document of {} has none; use --auth keys",
                crate::text::clean(api.title)
            ));
        }
        Ok(Self { api, fields })
    }

    /// Takes the credentials out of a request's fields.
    pub(super) fn take(&self, fields: &mut HeaderMap) -> Result<Credentials, Refusal> {
        if let Some(twice) = self
            .fields
            .iter()
            .find(|name| fields.get_all(*name).iter().count() > 1)
        {
            return Err(self.refusal(&format!("{twice} occurs twice")));
        }
        let credentials = Credentials::given(self.api, &|scheme| given(scheme, fields));
        for name in &self.fields {
            fields.remove(name);
        }
        match credentials {
            Ok(credentials) if credentials.is_empty() => {
                let names: Vec<&str> = self.fields.iter().map(HeaderName::as_str).collect();
                Err(self.refusal(&format!(
                    "your credential of {} is needed, in {}",
                    crate::text::clean(self.api.title),
                    names.join(" or ")
                )))
            }
            Ok(credentials) => Ok(credentials),
            Err(why) => Err(self.refusal(&why)),
        }
    }

    /// RFC 9110 §11.6.1 asks for a challenge; keys in fields of their own have no scheme of a name there.
    fn refusal(&self, why: &str) -> Refusal {
        let mut kinds = self.api.security_schemes.iter().map(|scheme| scheme.kind);
        let basic = kinds.all(|kind| kind == SchemeKind::Basic);
        let scheme = if basic { "Basic" } else { "Bearer" };
        Refusal {
            challenge: format!("{scheme} realm=\"{}\"", self.api.name),
            ..Refusal::new(Fault::Missing, why)
        }
    }
}

/// The field in which a scheme's credential stands.
fn field(scheme: &SecurityScheme) -> Option<HeaderName> {
    match scheme.kind {
        SchemeKind::ApiKey {
            location: ApiKeyLocation::Header,
            name,
        } => name.to_ascii_lowercase().parse().ok(),
        SchemeKind::Basic
        | SchemeKind::Bearer
        | SchemeKind::OAuth2 { .. }
        | SchemeKind::OpenIdConnect { .. } => Some(AUTHORIZATION),
        // Not in the query of our own URL, which logs keep (MCP 2026-07-28, `basic/authorization`); nor as a cookie,
        // which browsers send unasked.
        SchemeKind::ApiKey {
            location: ApiKeyLocation::Query | ApiKeyLocation::Cookie | ApiKeyLocation::Body,
            name,
        } => own_field(name),
        SchemeKind::MutualTls | SchemeKind::Unsupported => None,
    }
}

/// A field for a key that has none at the service. Only letters, digits and `-`: proxies drop fields with others.
fn own_field(name: &str) -> Option<HeaderName> {
    let plain = |c: char| match c.to_ascii_lowercase() {
        c if c.is_ascii_alphanumeric() => c,
        _ => '-',
    };
    let name: String = name.chars().map(plain).collect();
    let name = name.trim_matches('-');
    let name = if name.is_empty() { "key" } else { name };
    format!("x-credential-{name}").parse().ok()
}

/// What a request has for a scheme.
fn given(scheme: &SecurityScheme, fields: &HeaderMap) -> Option<Given> {
    let value = fields.get(field(scheme)?)?.to_str().ok()?.trim();
    if let SchemeKind::ApiKey { .. } = scheme.kind {
        return Some(Given::token(value)).filter(|_| !value.is_empty());
    }
    let (kind, credential) = value.split_once(' ')?;
    let credential = credential.trim();
    let is = |name: &str| kind.eq_ignore_ascii_case(name) && !credential.is_empty();
    if scheme.kind != SchemeKind::Basic {
        return is("bearer").then(|| Given::token(credential));
    }
    let decoded = is("basic").then(|| STANDARD.decode(credential).ok())??;
    let decoded = String::from_utf8(decoded).ok()?;
    let (_, password) = decoded.split_once(':')?;
    Some(Given::basic(credential, password))
}

#[cfg(test)]
mod tests {
    use super::own_field;

    #[test]
    fn a_key_without_a_field_at_the_service_has_one_here() {
        for (name, field) in [
            ("api_key", "x-credential-api-key"),
            ("Session", "x-credential-session"),
            ("authentication[token]", "x-credential-authentication-token"),
            ("ключ", "x-credential-key"),
            ("", "x-credential-key"),
            ("a\r\nb: c", "x-credential-a--b--c"),
        ] {
            let made = own_field(name);
            assert_eq!(
                made.as_ref().map(|made| made.as_str()),
                Some(field),
                "{name:?}"
            );
        }
    }
}
