//! The caller's own credential of the service, in the fields in which the document has the service take it.
//! It goes with this one request to the service, and nowhere else.

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
    /// One sentence, if none of them is a field.
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
                "--auth passthrough needs a security scheme whose credential stands in a header field, and the document of {} has none; use --auth keys",
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
        SchemeKind::ApiKey { .. } | SchemeKind::MutualTls | SchemeKind::Unsupported => None,
    }
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
