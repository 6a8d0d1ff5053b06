//! The caller's own credential of the service, in the fields in which the document has the service take it; a key
//! that the service takes elsewhere has a field of its own here: `X-Credential-` and its name. It goes with this one
//! request to the service, and nowhere else.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName};
use secrecy::SecretString;

use super::gate::{Fault, Refusal};
use crate::operation::{Api, ApiKeyLocation, SchemeKind, SecurityScheme, SecurityUse};
use crate::upstream::{Credentials, Given};

/// Where callers put what they bring along.
#[derive(Debug)]
pub(crate) struct Passthrough {
    api: &'static Api,
    /// The fields that carry credentials, by scheme.
    fields: Vec<(&'static SecurityScheme, HeaderName)>,
    /// What operations ask for, each once.
    asked: Vec<Security>,
}

/// The alternatives of an operation.
type Security = &'static [&'static [SecurityUse]];

impl Passthrough {
    /// The fields of an API's schemes.
    ///
    /// # Errors
    /// One sentence, if there are none.
    pub(super) fn new(api: &'static Api) -> Result<Self, String> {
        let fields = fields(api.security_schemes);
        if fields.is_empty() {
            return Err(format!(
                "--auth passthrough needs a security scheme whose credential is a text (a key, a token, a user name and password), and the document of {} has none; use --auth keys",
                crate::text::clean(api.title)
            ));
        }
        let mut asked: Vec<Security> = Vec::new();
        for operation in api.operations {
            if !asked.iter().any(|known| is_same(known, operation.security)) {
                asked.push(operation.security);
            }
        }
        Ok(Self { api, fields, asked })
    }

    /// Takes the credentials out of a request's fields.
    pub(super) fn take(&self, fields: &mut HeaderMap) -> Result<Credentials, Refusal> {
        let mut names = self.fields.iter().map(|(_, name)| name);
        if let Some(twice) = names.find(|name| fields.get_all(*name).iter().count() > 1) {
            return Err(self.refusal(&format!("{twice} occurs twice")));
        }
        let credentials = Credentials::given(self.api, &|scheme| {
            let mut known = self.fields.iter();
            let (_, name) = known.find(|(known, _)| known.name == scheme.name)?;
            given(scheme, fields.get(name)?.to_str().ok()?)
        });
        for (_, name) in &self.fields {
            fields.remove(name);
        }
        match credentials {
            Ok(credentials) if credentials.is_empty() => {
                let mut names: Vec<&str> = Vec::new();
                for (_, name) in &self.fields {
                    if !names.contains(&name.as_str()) {
                        names.push(name.as_str());
                    }
                }
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

    /// What of a caller's credentials goes to the service together, in the order of the document.
    /// Whatever else somebody brings along makes nobody else of them. Where none of it goes anywhere: all of it.
    pub(crate) fn sent<'c>(&self, credentials: &'c Credentials) -> Vec<Vec<&'c SecretString>> {
        let sets = self.asked.iter().map(|asked| credentials.sent_with(asked));
        let sent: Vec<_> = sets.filter(|set| !set.is_empty()).collect();
        if sent.is_empty() {
            return vec![credentials.secrets().collect()];
        }
        sent
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

/// Whether two operations ask for the same.
fn is_same(one: Security, other: Security) -> bool {
    let names = |security: Security| {
        let sets = security.iter();
        let sets = sets.map(|uses| uses.iter().map(|one| one.scheme.name).collect::<Vec<_>>());
        sets.collect::<Vec<_>>()
    };
    std::ptr::eq(one, other) || names(one) == names(other)
}

/// The fields in which credentials stand. First those that the service has too, whose names are given; then those of
/// our own, of which no two schemes that are not the same have one.
fn fields(schemes: &[&'static SecurityScheme]) -> Vec<(&'static SecurityScheme, HeaderName)> {
    let mut fields: Vec<(&'static SecurityScheme, HeaderName)> = Vec::new();
    for scheme in schemes {
        if let Some(name) = field(scheme) {
            fields.push((scheme, name));
        }
    }
    for scheme in schemes {
        let SchemeKind::ApiKey {
            location: ApiKeyLocation::Query | ApiKeyLocation::Cookie | ApiKeyLocation::Body,
            name,
        } = scheme.kind
        else {
            continue;
        };
        let is_free = |name: &HeaderName| {
            let mut taken = fields.iter();
            !taken.any(|(other, taken)| taken == name && other.kind != scheme.kind)
        };
        let names = (1..=schemes.len() + 1).filter_map(|number| own_field(name, number));
        if let Some(name) = names.into_iter().find(is_free) {
            fields.push((scheme, name));
        }
    }
    fields
}

/// The field in which a scheme's credential stands at the service.
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
            ..
        }
        | SchemeKind::MutualTls
        | SchemeKind::Unsupported => None,
    }
}

/// A field for a key that has none at the service, the first of that name or a further one. Only letters, digits and
/// `-`: proxies drop fields with others.
fn own_field(name: &str, number: usize) -> Option<HeaderName> {
    let plain = |c: char| match c.to_ascii_lowercase() {
        c if c.is_ascii_alphanumeric() => c,
        _ => '-',
    };
    let name: String = name.chars().map(plain).collect();
    let name = name.trim_matches('-');
    let name = if name.is_empty() { "key" } else { name };
    match number {
        1 => format!("x-credential-{name}").parse().ok(),
        _ => format!("x-credential-{name}-{number}").parse().ok(),
    }
}

/// What a field has for a scheme.
fn given(scheme: &SecurityScheme, value: &str) -> Option<Given> {
    let value = value.trim();
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
    use super::*;

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
            let made = own_field(name, 1);
            assert_eq!(
                made.as_ref().map(|made| made.as_str()),
                Some(field),
                "{name:?}"
            );
        }
    }

    const fn key(
        name: &'static str,
        location: ApiKeyLocation,
        field: &'static str,
    ) -> SecurityScheme {
        SecurityScheme {
            name,
            kind: SchemeKind::ApiKey {
                location,
                name: field,
            },
            variables: &[],
        }
    }

    static UNDERLINE: SecurityScheme = key("a", ApiKeyLocation::Query, "api_key");
    static HYPHEN: SecurityScheme = key("b", ApiKeyLocation::Query, "api-key");
    static COOKIE: SecurityScheme = key("c", ApiKeyLocation::Cookie, "api_key");
    static TWIN: SecurityScheme = key("d", ApiKeyLocation::Query, "api_key");
    static HEADER: SecurityScheme = key("e", ApiKeyLocation::Header, "X-Credential-Api-Key-2");

    #[test]
    fn keys_that_are_not_the_same_have_fields_of_their_own() {
        let found = fields(&[&UNDERLINE, &HYPHEN, &COOKIE, &TWIN, &HEADER]);
        let found: Vec<(&str, &str)> = found
            .iter()
            .map(|(scheme, field)| (scheme.name, field.as_str()))
            .collect();
        assert_eq!(
            found,
            [
                ("e", "x-credential-api-key-2"),
                ("a", "x-credential-api-key"),
                ("b", "x-credential-api-key-3"),
                ("c", "x-credential-api-key-4"),
                ("d", "x-credential-api-key"),
            ]
        );
    }
}
