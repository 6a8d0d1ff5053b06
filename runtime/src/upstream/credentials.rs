//! Credentials for the service: from the environment, never from an argument and never from an inbound
//! request (MCP 2026-07-28, "token passthrough").

use std::fmt;

use base64::Engine as _;
use secrecy::{ExposeSecret as _, SecretString};

use super::error::{ConfigError, Failure};
use super::oauth::{is_oauth, variables};
use crate::arguments::pattern_for;
use crate::operation::{
    Api, ApiKeyLocation, OperationDef, SchemeKind, SecurityScheme, SecurityUse,
};
use crate::request::Request;

/// The value of one security scheme. It cannot be printed.
pub struct Credential {
    scheme: &'static str,
    /// Key, token, or `user:password` in base64.
    value: SecretString,
    /// The password alone, for `basic`; the user name if there is none.
    password: Option<SecretString>,
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Credential({}, …)", self.scheme)
    }
}

/// The credentials that the operator configured.
#[derive(Debug, Default)]
pub struct Credentials {
    known: Vec<Credential>,
    /// Whether this server obtains access tokens itself.
    pub(super) obtains_tokens: bool,
    /// Whether a caller brought them along.
    callers: bool,
    /// Why there are none, where they could not be had.
    refused: Option<String>,
}

/// What a caller brings along for a scheme.
#[cfg(feature = "http")]
pub(crate) struct Given {
    value: SecretString,
    password: Option<SecretString>,
}

#[cfg(feature = "http")]
impl Given {
    /// A key or token.
    pub(crate) fn token(value: &str) -> Self {
        Self {
            value: SecretString::from(value),
            password: None,
        }
    }

    /// User name and password in base64, and the password as it is.
    pub(crate) fn basic(value: &str, password: &str) -> Self {
        Self {
            value: SecretString::from(value),
            password: Some(SecretString::from(password)),
        }
    }
}

/// A key for the query string.
pub(super) struct QueryKey {
    pub(super) name: &'static str,
    pub(super) value: SecretString,
}

/// A key for the body.
pub(super) struct BodyKey {
    pub(super) name: &'static str,
    pub(super) value: SecretString,
}

/// What credentials add to a request.
#[derive(Default)]
pub(super) struct Applied {
    pub(super) headers: Vec<(&'static str, SecretString)>,
    pub(super) query: Vec<QueryKey>,
    pub(super) cookies: Vec<SecretString>,
    pub(super) body: Vec<BodyKey>,
    /// Whether an access token goes with it that this server obtains.
    pub(super) wants_token: bool,
    /// What must not be told when the service repeats it.
    pub(super) secrets: Vec<SecretString>,
}

impl Applied {
    /// All that is sent of them, user names too: who sends the same is the same to the service.
    pub(super) fn identity(&self) -> impl Iterator<Item = &SecretString> {
        let headers = self.headers.iter().map(|(_, value)| value);
        let query = self.query.iter().map(|key| &key.value);
        let body = self.body.iter().map(|key| &key.value);
        headers.chain(query).chain(&self.cookies).chain(body)
    }

    /// Refuses a request whose arguments fill the place of a credential: services differ in which of
    /// two they believe.
    pub(super) fn refuse_doubles(&self, request: &Request) -> Result<(), Failure> {
        let header = self.headers.iter().map(|(name, _)| *name).find(|name| {
            let mut given = request.headers.iter();
            given.any(|(given, _)| given.eq_ignore_ascii_case(name))
        });
        let query = self.query.iter().map(|key| key.name).find(|name| {
            let mut given = url::form_urlencoded::parse(request.query.as_bytes());
            given.any(|(given, _)| given == *name)
        });
        let cookie = self.cookies.iter().find_map(|pair| {
            let name = pair.expose_secret().split('=').next()?;
            let mut given = request.cookies.iter();
            let given = given.find(|given| given.split('=').next() == Some(name))?;
            given.split('=').next()
        });
        match header.or(query).or(cookie) {
            None => Ok(()),
            Some(name) => Err(Failure::Unsendable(format!(
                "{name} carries this server's credential and cannot be set through an argument; leave it out"
            ))),
        }
    }
}

impl Credentials {
    /// Reads the credentials of an API's schemes. `variable` gives the value of an environment variable.
    ///
    /// # Errors
    /// When a value cannot be read or cannot be sent.
    pub fn read(api: &Api, variable: &dyn Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let mut known = Vec::new();
        for scheme in api.security_schemes {
            let mut values = Vec::new();
            for (index, name) in scheme.variables.iter().enumerate() {
                let value = match scheme.kind {
                    SchemeKind::Basic if index == 1 => read_password(name, variable)?,
                    // The names of files, which `Tls` reads.
                    SchemeKind::MutualTls => variable(name).filter(|path| !path.is_empty()),
                    _ => read(name, variable)?,
                };
                values.extend(value);
            }
            if let ([name, password], SchemeKind::Basic) = (scheme.variables, scheme.kind)
                && values.len() == 1
                && read_password(password, variable)?.is_none()
            {
                return Err(ConfigError(format!(
                    "{name} is set and {password} is not; set it too, to the empty text ({password}=) if the service takes no password"
                )));
            }
            let complete = values.len() == scheme.variables.len() && !values.is_empty();
            if !complete || scheme.kind == SchemeKind::Unsupported {
                continue;
            }
            for (index, value) in values.iter().enumerate() {
                if let Some(why) = unsendable(scheme.kind, index, value) {
                    let name = scheme.variables.get(index).copied().unwrap_or_default();
                    return Err(ConfigError(format!("{name} {why}")));
                }
            }
            let password = match (scheme.kind, values.as_slice()) {
                // Where there is no password, the user name is a key.
                (SchemeKind::Basic, [user, password]) if password.is_empty() => Some(user),
                (SchemeKind::Basic, [_, password]) => Some(password),
                _ => None,
            };
            let password = password.cloned().map(SecretString::from);
            let value = match scheme.kind {
                SchemeKind::Basic => {
                    let joined = values.join(":");
                    base64::engine::general_purpose::STANDARD.encode(joined)
                }
                _ => values.concat(),
            };
            known.push(Credential {
                scheme: scheme.name,
                value: value.into(),
                password,
            });
        }
        Ok(Self {
            known,
            ..Self::default()
        })
    }

    /// The credentials that a caller brings along.
    ///
    /// # Errors
    /// One sentence about one that cannot be sent.
    #[cfg(feature = "http")]
    pub(crate) fn given(
        api: &Api,
        given: &dyn Fn(&SecurityScheme) -> Option<Given>,
    ) -> Result<Self, String> {
        let mut known = Vec::new();
        for scheme in api.security_schemes {
            let Some(Given { value, password }) = given(scheme) else {
                continue;
            };
            if let Some(why) = unsendable(scheme.kind, 0, value.expose_secret())
                .filter(|_| scheme.kind != SchemeKind::Basic)
            {
                return Err(format!("the credential {why}"));
            }
            known.push(Credential {
                scheme: scheme.name,
                value,
                password,
            });
        }
        Ok(Self {
            known,
            callers: true,
            ..Self::default()
        })
    }

    /// Those of a caller that could not be had.
    #[cfg(feature = "http")]
    pub(crate) fn refused(why: String) -> Self {
        Self {
            callers: true,
            refused: Some(why),
            ..Self::default()
        }
    }

    /// Whether there are none.
    #[cfg(feature = "http")]
    pub(crate) fn is_empty(&self) -> bool {
        self.known.is_empty() && !self.obtains_tokens
    }

    /// What tells them from those of others.
    #[cfg(feature = "http")]
    pub(crate) fn secrets(&self) -> impl Iterator<Item = &SecretString> {
        self.known.iter().map(|known| &known.value)
    }

    /// Those that go with a request which has to have these; none if it goes without.
    #[cfg(feature = "http")]
    pub(crate) fn sent_with(
        &self,
        security: &'static [&'static [SecurityUse]],
    ) -> Vec<&SecretString> {
        let uses = self.alternative(security).unwrap_or_default().iter();
        let known = uses.filter_map(|one| self.find(one.scheme));
        known.map(|known| &known.value).collect()
    }

    /// Variables whose values are no key or token as the operator's settings describe those of this
    /// service.
    #[must_use]
    pub fn unlike_tokens(&self, api: &Api) -> Vec<&'static str> {
        let Some(pattern) =
            pattern_for(api.token_pattern).filter(|_| !api.token_pattern.is_empty())
        else {
            return Vec::new();
        };
        let schemes = api.security_schemes.iter();
        schemes
            .filter(|scheme| !matches!(scheme.kind, SchemeKind::Basic | SchemeKind::MutualTls))
            .filter(|scheme| {
                let known = self.find(scheme);
                known.is_some_and(|known| !pattern.is_match(known.value.expose_secret()))
            })
            .filter_map(|scheme| scheme.variables.first().copied())
            .collect()
    }

    fn find(&self, scheme: &SecurityScheme) -> Option<&Credential> {
        self.known.iter().find(|known| known.scheme == scheme.name)
    }

    /// Whether a scheme's credential is there or can be obtained.
    fn has(&self, scheme: &SecurityScheme) -> bool {
        (self.obtains_tokens && is_oauth(scheme.kind)) || self.find(scheme).is_some()
    }

    /// Whether an operation can be sent with what is configured.
    #[must_use]
    pub fn satisfy(&self, operation: &OperationDef) -> bool {
        operation.security.is_empty() || self.alternative(operation.security).is_some()
    }

    /// The first alternative whose every scheme has a credential; one that needs none comes last, so
    /// that a configured credential is used where it may be.
    fn alternative(
        &self,
        security: &'static [&'static [SecurityUse]],
    ) -> Option<&'static [SecurityUse]> {
        let complete = |uses: &&&'static [SecurityUse]| {
            !uses.is_empty() && uses.iter().all(|one| self.has(one.scheme))
        };
        let alternatives = security.iter();
        alternatives
            .clone()
            .find(complete)
            .or_else(|| alternatives.clone().find(|uses| uses.is_empty()))
            .copied()
    }

    /// What an operation's request needs.
    pub(super) fn choose(&self, operation: &OperationDef) -> Result<Applied, Failure> {
        let mut applied = Applied::default();
        if operation.security.is_empty() {
            return Ok(applied);
        }
        let Some(uses) = self.alternative(operation.security) else {
            if let Some(why) = &self.refused {
                return Err(Failure::NoToken(why.clone()));
            }
            if self.callers {
                return Err(Failure::NoCredential(
                    "this operation needs a credential that you did not send along".to_owned(),
                ));
            }
            return Err(Failure::NoCredential(format!(
                "this operation needs a credential that is not configured; the operator of this server has to set {}",
                wanted(operation)
            )));
        };
        for SecurityUse { scheme, .. } in uses {
            if self.obtains_tokens && is_oauth(scheme.kind) {
                applied.wants_token = true;
                continue;
            }
            let Some(Credential {
                value, password, ..
            }) = self.find(scheme)
            else {
                continue;
            };
            applied.secrets.push(value.clone());
            applied.secrets.extend(password.clone());
            let prefixed =
                |prefix: &str| SecretString::from(format!("{prefix}{}", value.expose_secret()));
            match scheme.kind {
                SchemeKind::Basic => applied.headers.push(("authorization", prefixed("Basic "))),
                SchemeKind::Bearer
                | SchemeKind::OAuth2 { .. }
                | SchemeKind::OpenIdConnect { .. } => {
                    applied.headers.push(("authorization", prefixed("Bearer ")))
                }
                SchemeKind::ApiKey {
                    location: ApiKeyLocation::Header,
                    name,
                } => {
                    applied.headers.push((name, value.clone()));
                }
                SchemeKind::ApiKey {
                    location: ApiKeyLocation::Query,
                    name,
                } => {
                    applied.query.push(QueryKey {
                        name,
                        value: value.clone(),
                    });
                }
                SchemeKind::ApiKey {
                    location: ApiKeyLocation::Cookie,
                    name,
                } => {
                    applied.cookies.push(prefixed(&format!("{name}=")));
                }
                SchemeKind::ApiKey {
                    location: ApiKeyLocation::Body,
                    name,
                } => {
                    applied.body.push(BodyKey {
                        name,
                        value: value.clone(),
                    });
                }
                // The connection carries the certificate.
                SchemeKind::MutualTls | SchemeKind::Unsupported => {}
            }
        }
        Ok(applied)
    }
}

/// The variables that would satisfy an operation, in words.
pub(crate) fn wanted(operation: &OperationDef) -> String {
    let mut ways: Vec<String> = Vec::new();
    // What asks for least comes first. One that asks for more than another adds optional credentials,
    // which are not what is missing.
    let mut alternatives: Vec<_> = operation
        .security
        .iter()
        .filter(|uses| !uses.is_empty())
        .filter(|uses| !operation.security.iter().any(|less| adds_to(less, uses)))
        .collect();
    alternatives.sort_by_key(|uses| uses.len());
    for uses in alternatives {
        if uses
            .iter()
            .any(|one| one.scheme.kind == SchemeKind::Unsupported)
        {
            continue;
        }
        let names: Vec<String> = uses
            .iter()
            .filter_map(|one| way(one.scheme, uses.len() > 1))
            .collect();
        let way = names.join(" and ");
        // Schemes may share a variable and differ in how else they are satisfied.
        let new = ways
            .iter()
            .find_map(|known| way.strip_prefix(&format!("{known}, or ")))
            .unwrap_or(&way)
            .to_owned();
        if !new.is_empty() && !ways.contains(&new) {
            ways.push(new);
        }
    }
    if ways.is_empty() {
        "up a security scheme that this version cannot send".to_owned()
    } else {
        ways.join(", or ")
    }
}

/// Whether an alternative names all schemes of a lesser one, which can be sent, and others too.
fn adds_to(less: &[SecurityUse], uses: &[SecurityUse]) -> bool {
    less.len() < uses.len()
        && less.iter().all(|wanted| {
            let mut named = uses.iter();
            wanted.scheme.kind != SchemeKind::Unsupported
                && named.any(|one| one.scheme.name == wanted.scheme.name)
        })
}

/// The variables of one scheme, in words.
fn way(scheme: &SecurityScheme, among_others: bool) -> Option<String> {
    let names = scheme.variables.join(" and ");
    let prefix = scheme.variables.first()?.strip_suffix("_TOKEN");
    Some(match prefix.filter(|_| is_oauth(scheme.kind)) {
        Some(prefix) if among_others => {
            format!("{names} (or {})", variables(prefix, scheme.kind))
        }
        Some(prefix) => format!("{names}, or {}", variables(prefix, scheme.kind)),
        None => names,
    })
}

/// Why a value cannot be sent, or would not arrive as it is.
fn unsendable(kind: SchemeKind, index: usize, value: &str) -> Option<&'static str> {
    const CHARACTERS: &str = "holds characters that an HTTP request cannot carry";
    // Paths are not sent.
    if kind == SchemeKind::MutualTls {
        return None;
    }
    if kind == SchemeKind::Basic {
        // RFC 7617 §2.
        return if value
            .chars()
            .any(|c| c.is_control() || c == char::REPLACEMENT_CHARACTER)
        {
            Some(CHARACTERS)
        } else if index == 0 && value.contains(':') {
            Some("must not hold a colon, which ends the user name")
        } else {
            None
        };
    }
    if !value.chars().all(|c| matches!(c, ' '..='~')) {
        Some(CHARACTERS)
    } else if value.trim() != value {
        Some("begins or ends with a blank")
    } else if matches!(
        kind,
        SchemeKind::ApiKey {
            location: ApiKeyLocation::Cookie,
            ..
        }
    ) && value.contains([' ', ';', ',', '"', '\\'])
    {
        Some("holds characters that a cookie cannot carry")
    } else {
        None
    }
}

/// Like [`read`], but a variable that is set to the empty text counts: some services take a key as user
/// name and no password (RFC 7617 §2 allows an empty one). A file must hold something, or else a secret
/// that was not delivered would go unnoticed.
fn read_password(
    name: &str,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Option<String>, ConfigError> {
    Ok(read(name, variable)?.or_else(|| variable(name)))
}

/// A variable, or the content of the file that `<NAME>_FILE` names less one line end.
pub(crate) fn read(
    name: &str,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Option<String>, ConfigError> {
    if let Some(value) = variable(name).filter(|value| !value.is_empty()) {
        return Ok(Some(value));
    }
    let file_name = format!("{name}_FILE");
    let Some(path) = variable(&file_name).filter(|path| !path.is_empty()) else {
        return Ok(None);
    };
    let text = std::fs::read_to_string(&path).map_err(|error| {
        ConfigError(format!(
            "{file_name} names a file that cannot be read: {error}"
        ))
    })?;
    let text = text.strip_suffix('\n').unwrap_or(&text);
    let text = text.strip_suffix('\r').unwrap_or(text);
    if text.is_empty() {
        return Err(ConfigError(format!("{file_name} names an empty file")));
    }
    Ok(Some(text.to_owned()))
}
