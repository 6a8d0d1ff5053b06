//! What the operator configures for access tokens.

use std::fmt;

use base64::Engine as _;
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use super::super::base::is_loopback;
use super::super::credentials::read;
use super::super::error::ConfigError;
use crate::operation::{Api, SchemeKind};

/// How access tokens are obtained. It prints no secret.
pub struct OAuth {
    pub(super) endpoint: Endpoint,
    pub(super) grant: Grant,
    pub(super) client: Option<ClientIdentity>,
    pub(super) scopes: Option<String>,
}

impl OAuth {
    /// Who gets tokens, and where: what all of its tokens have in common.
    pub(in super::super) fn identity(&self) -> Vec<&str> {
        let (Endpoint::Token(url) | Endpoint::Issuer(Issuer { url, .. })) = &self.endpoint;
        let mut texts = vec![url.as_str()];
        texts.extend(self.client.as_ref().map(|client| client.id.as_str()));
        match &self.grant {
            Grant::ClientCredentials => {}
            Grant::RefreshToken(token) => texts.push(token.expose_secret()),
            Grant::Password { username, .. } => texts.push(username),
        }
        texts.extend(self.scopes.as_deref());
        texts
    }
}

impl fmt::Debug for OAuth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Endpoint::Token(url) | Endpoint::Issuer(Issuer { url, .. })) = &self.endpoint;
        write!(f, "OAuth({})", url.host_str().unwrap_or_default())
    }
}

/// Where tokens come from.
pub(super) enum Endpoint {
    Token(Url),
    Issuer(Issuer),
}

/// An OpenID Connect issuer.
pub(super) struct Issuer {
    pub(super) url: Url,
    pub(super) allowed_hosts: Vec<String>,
    /// Named in messages.
    pub(super) hosts_variable: String,
    pub(super) allow_http: bool,
}

/// Grants (RFC 6749 §4.4, §6, §4.3).
pub(super) enum Grant {
    ClientCredentials,
    RefreshToken(SecretString),
    Password {
        username: String,
        password: SecretString,
    },
}

/// The client, and how it proves itself.
#[derive(Clone)]
pub(crate) struct ClientIdentity {
    pub(crate) id: String,
    pub(crate) secret: Option<SecretString>,
    pub(crate) auth: ClientAuth,
}

impl fmt::Debug for ClientIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ClientIdentity({}, …)", self.id)
    }
}

/// RFC 6749 §2.3.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ClientAuth {
    Basic,
    Post,
}

impl ClientIdentity {
    /// What must not be told when the issuer repeats it.
    pub(crate) fn secrets(&self) -> Vec<SecretString> {
        let secret = self.secret.as_ref();
        let pair = secret.map(|secret| {
            let field = self.basic(secret);
            let pair = field.expose_secret().strip_prefix("Basic ");
            SecretString::from(pair.unwrap_or_default())
        });
        secret.cloned().into_iter().chain(pair).collect()
    }

    /// The `Authorization` field; identifier and secret are form-encoded first (RFC 6749 §2.3.1).
    pub(super) fn basic(&self, secret: &SecretString) -> SecretString {
        let encode = |text: &str| -> String {
            url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
        };
        let pair = format!("{}:{}", encode(&self.id), encode(secret.expose_secret()));
        let pair = base64::engine::general_purpose::STANDARD.encode(pair);
        format!("Basic {pair}").into()
    }
}

/// Whether tokens of a scheme can be obtained.
pub(in super::super) fn is_oauth(kind: SchemeKind) -> bool {
    matches!(
        kind,
        SchemeKind::OAuth2 { .. } | SchemeKind::OpenIdConnect { .. }
    )
}

/// The variables that obtain a token, in words, with what the document suggests.
pub(in super::super) fn variables(prefix: &str, kind: SchemeKind) -> String {
    let (endpoint, suggestion) = match kind {
        SchemeKind::OpenIdConnect { url } => (
            "ISSUER",
            url.strip_suffix("/.well-known/openid-configuration")
                .unwrap_or(url),
        ),
        SchemeKind::OAuth2 { token_url } => ("TOKEN_URL", token_url),
        _ => return String::new(),
    };
    let suggestion = if suggestion.is_empty() {
        String::new()
    } else {
        format!(
            ", for which the document suggests {}",
            crate::text::clean(suggestion)
        )
    };
    format!("{prefix}_CLIENT_ID, {prefix}_CLIENT_SECRET and {prefix}_{endpoint}{suggestion}")
}

impl OAuth {
    /// Reads the variables of an API with an OAuth 2 or OpenID Connect scheme; `None` where no endpoint
    /// is configured.
    pub(in super::super) fn read(
        api: &Api,
        allow_http: bool,
        has_certificate: bool,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Option<Self>, ConfigError> {
        let schemes = || api.security_schemes.iter();
        let Some(scheme) = schemes().find(|scheme| is_oauth(scheme.kind)) else {
            return Ok(None);
        };
        let prefix = api.env_prefix;
        let name = |suffix: &str| format!("{prefix}_{suffix}");
        let plain = |suffix: &str| {
            variable(&name(suffix))
                .map(|value| value.trim().to_owned())
                .filter(|v| !v.is_empty())
        };
        let secret = |suffix: &str| read(&name(suffix), variable);
        let id = secret("CLIENT_ID")?;
        let endpoint = match (plain("TOKEN_URL"), plain("ISSUER")) {
            (Some(_), Some(_)) => {
                return Err(ConfigError(format!(
                    "{} and {} are both set; set one",
                    name("TOKEN_URL"),
                    name("ISSUER")
                )));
            }
            (Some(text), None) => Endpoint::Token(url(&name("TOKEN_URL"), &text, allow_http)?),
            (None, Some(text)) => {
                let hosts = plain("ALLOWED_TOKEN_HOSTS").unwrap_or_default();
                let url = url(&name("ISSUER"), &text, allow_http)?;
                if url.query().is_some() {
                    return Err(ConfigError(format!(
                        "{} must not have a query",
                        name("ISSUER")
                    )));
                }
                Endpoint::Issuer(Issuer {
                    url,
                    allowed_hosts: hosts
                        .split([',', ' '])
                        .filter(|host| !host.is_empty())
                        .map(str::to_ascii_lowercase)
                        .collect(),
                    hosts_variable: name("ALLOWED_TOKEN_HOSTS"),
                    allow_http,
                })
            }
            (None, None) if id.is_some() => {
                return Err(ConfigError(format!(
                    "{} is set, but not where to get a token: {}",
                    name("CLIENT_ID"),
                    variables(prefix, scheme.kind)
                )));
            }
            (None, None) => return Ok(None),
        };
        let auth = match plain("CLIENT_AUTH").as_deref() {
            None | Some("basic") => ClientAuth::Basic,
            Some("post") => ClientAuth::Post,
            Some(_) => {
                return Err(ConfigError(format!(
                    "{} must be basic or post",
                    name("CLIENT_AUTH")
                )));
            }
        };
        let client = match (id, secret("CLIENT_SECRET")?) {
            (None, None) => None,
            (Some(id), secret) => Some(ClientIdentity {
                id,
                secret: secret.map(SecretString::from),
                auth,
            }),
            (None, Some(_)) => {
                return Err(ConfigError(format!(
                    "{} needs {}",
                    name("CLIENT_SECRET"),
                    name("CLIENT_ID")
                )));
            }
        };
        // A scheme of its own may use the same user name and password.
        let shared = schemes().any(|scheme| scheme.variables.contains(&name("PASSWORD").as_str()));
        let user = secret("USERNAME")?.zip(secret("PASSWORD")?);
        let refresh = secret("REFRESH_TOKEN")?;
        let missing =
            |grant: &str, what: &str| ConfigError(format!("the grant {grant} needs {what}"));
        let chosen = plain("GRANT");
        let grant = match (chosen.as_deref(), refresh, user) {
            (None | Some("refresh_token"), Some(token), _) => Grant::RefreshToken(token.into()),
            (Some("refresh_token"), None, _) => {
                return Err(missing("refresh_token", &name("REFRESH_TOKEN")));
            }
            (Some("password"), _, None) => {
                let what = format!("{} and {}", name("USERNAME"), name("PASSWORD"));
                return Err(missing("password", &what));
            }
            (chosen, _, Some((username, password)))
                if chosen == Some("password") || (chosen.is_none() && !shared) =>
            {
                Grant::Password {
                    username,
                    password: password.into(),
                }
            }
            (None | Some("client_credentials"), ..) => Grant::ClientCredentials,
            (Some(_), ..) => {
                return Err(ConfigError(format!(
                    "{} must be client_credentials, refresh_token or password",
                    name("GRANT")
                )));
            }
        };
        let proven = client
            .as_ref()
            .is_some_and(|c| c.secret.is_some() || has_certificate);
        if matches!(grant, Grant::ClientCredentials) && !proven {
            let what = format!("{} and {}", name("CLIENT_ID"), name("CLIENT_SECRET"));
            return Err(missing("client_credentials", &what));
        }
        Ok(Some(Self {
            endpoint,
            grant,
            client,
            scopes: plain("SCOPES").map(|scopes| {
                let scopes: Vec<&str> = scopes.split_whitespace().collect();
                scopes.join(" ")
            }),
        }))
    }

    /// Whether a certificate may have to be checked.
    pub(in super::super) fn is_https(&self) -> bool {
        match &self.endpoint {
            Endpoint::Token(url) => url.scheme() == "https",
            Endpoint::Issuer(_) => true,
        }
    }
}

/// A URL that may receive a secret.
pub(super) fn url(variable: &str, text: &str, allow_http: bool) -> Result<Url, ConfigError> {
    let wrong = |why: &str| ConfigError(format!("{variable} {why}"));
    let url = Url::parse(text)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.host().is_some())
        .ok_or_else(|| wrong("is not an absolute URL such as https://id.example.com/token"))?;
    if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
        return Err(wrong("must not hold a user name, a password or a fragment"));
    }
    if url.scheme() == "http" && !is_loopback(&url) && !allow_http {
        return Err(wrong(
            "is plain http, which would show the client's secret to the network; use https",
        ));
    }
    Ok(url)
}
