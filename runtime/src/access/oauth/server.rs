//! A request's token, and who it is.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use http::HeaderMap;
use http::header::AUTHORIZATION;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::{ExposeSecret as _, SecretString};

use super::super::gate::{Fault, Refusal};
use super::super::scope::Scope;
use super::claims::{Claims, Expected, check, ended};
use super::exchange::Exchanged;
use super::introspection::Introspection;
use super::jws::{self, MAX_TOKEN};
use super::keys::{Keys, Trouble};
use super::offered::{Needed, Offered};
use super::settings::{Check, Settings};
use crate::clock::Clock;
use crate::json::Value;
use crate::operation::{Api, SchemeKind};
use crate::upstream::{Credentials, Given};

/// Keys that are tried where a token names none, or several of its issuer have the name.
const MOST_TRIED: usize = 4;
/// For how long a token may be exchanged that does not say when it ends, in seconds.
const UNSAID: u64 = 300;
/// What stands as it is in names of callers.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'@');

/// This server, to an issuer of tokens.
#[derive(Debug)]
pub(crate) struct ResourceServer {
    api: &'static Api,
    settings: Settings,
    checks: Checks,
    exchanged: Option<Arc<Exchanged>>,
    offered: OnceLock<Offered>,
    clock: Clock,
}

#[derive(Debug)]
enum Checks {
    Keys(Arc<Keys>),
    Asked(Arc<Introspection>),
}

/// What a token grants.
#[derive(Debug, Clone)]
pub(crate) struct Granted {
    /// Its scopes that count here.
    pub(crate) names: Vec<String>,
    /// The view that it is for, by what follows `/mcp` in its path, if it is for no more than that.
    pub(crate) within: Option<String>,
    /// The token itself, where it is exchanged for one of the service, and when it ends.
    subject: Option<(SecretString, u64)>,
}

impl ResourceServer {
    pub(crate) fn new(api: &'static Api, settings: Settings, clock: Clock) -> Self {
        let checks = match &settings.check {
            Check::Keys(place) => Checks::Keys(Keys::new(
                settings.issuer.clone(),
                place.clone(),
                settings.allow_http,
                settings.issuers.clone(),
            )),
            Check::Asked { url, seconds } => Checks::Asked(Introspection::new(
                url.clone(),
                *seconds,
                settings.issuers.clone(),
                settings.client.clone(),
            )),
        };
        let exchange = settings.exchange.clone().zip(settings.client.clone());
        let exchanged = exchange
            .map(|(exchange, client)| Exchanged::new(exchange, settings.issuers.clone(), client));
        Self {
            api,
            settings,
            checks,
            exchanged,
            offered: OnceLock::new(),
            clock,
        }
    }

    pub(crate) const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Learns what tools there are, and so what scopes mean. Before that, no token allows anything.
    ///
    /// # Errors
    /// One line about what the operator says of scopes.
    pub(crate) fn offer(&self, tools: &[Needed<'_>]) -> Result<(), String> {
        let variable = format!("{}_OAUTH_SCOPES", self.api.env_prefix);
        let text = self.settings.scopes.as_deref();
        let _ = self.offered.set(Offered::read(&variable, text, tools)?);
        Ok(())
    }

    /// Asks the issuer once before anybody calls, so that a mistake in the configuration is seen at the start.
    ///
    /// # Errors
    /// One line, if something is wrong that does not go by itself.
    pub(crate) async fn look(&self) -> Result<(), String> {
        let trouble = match &self.checks {
            Checks::Keys(keys) => {
                keys.refresh().await;
                keys.trouble()
            }
            Checks::Asked(introspection) => {
                // A token that there is not: whoever may ask is told that it is not active.
                let none = SecretString::from("mcpwright-start");
                introspection.claims(&none, &Arc::from("")).await.err()
            }
        };
        let issuer = &self.settings.issuer;
        match trouble {
            None => {
                tracing::info!(
                    issuer,
                    resource = self.settings.place.url(),
                    "asking callers for access tokens"
                );
                Ok(())
            }
            Some(Trouble::Away(why)) => {
                tracing::warn!(
                    issuer,
                    why,
                    "the issuer cannot be asked; until it can, nobody is let in"
                );
                Ok(())
            }
            Some(Trouble::Wrong(why)) => {
                let prefix = self.api.env_prefix;
                Err(format!(
                    "the issuer {issuer} cannot be used: {why}; mend {prefix}_OAUTH_ISSUER or what else is set for it"
                ))
            }
        }
    }

    /// Who makes a request: `rest` is what follows `/mcp` in its path, and `network` where it comes from.
    ///
    /// # Errors
    /// Why it may not go on.
    pub(in super::super) async fn identify(
        &self,
        fields: &mut HeaderMap,
        (rest, network): (&str, &Arc<str>),
    ) -> Result<(Arc<str>, Vec<Scope>, Granted), Refusal> {
        let field = fields.remove(AUTHORIZATION);
        let Some(field) = field else {
            let why = "an access token is needed: Authorization: Bearer TOKEN";
            return Err(Refusal::new(Fault::Missing, why));
        };
        let invalid = |why: &str| Refusal::new(Fault::Invalid, why);
        let text = field.to_str().unwrap_or_default();
        let (scheme, token) = text.split_once(' ').unwrap_or((text, ""));
        if !scheme.eq_ignore_ascii_case("bearer") {
            // RFC 6750 §3.1: who knows nothing of tokens is told no error.
            let why = "an access token is needed: Authorization: Bearer TOKEN";
            return Err(Refusal::new(Fault::Missing, why));
        }
        let token = SecretString::from(token.trim());
        // RFC 6750 §2.1, `b64token`.
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
        let bytes = token.expose_secret().as_bytes();
        if bytes.is_empty() || bytes.len() > MAX_TOKEN || !bytes.iter().all(|byte| fits(*byte)) {
            return Err(invalid("Authorization has no bearer token"));
        }
        let claims = self.claims(&token, (rest, network)).await?;
        let principal = self.name(&claims);
        let (rights, names) = match self.offered.get() {
            Some(offered) => offered.rights(&claims.scopes),
            None => (Vec::new(), Vec::new()),
        };
        let now = self.clock.seconds();
        let end = claims.expires.unwrap_or_else(|| now.saturating_add(UNSAID));
        let subject = self.settings.exchange.is_some().then_some((token, end));
        let within = claims.only_view.then(|| rest.to_owned());
        let granted = Granted {
            names,
            within,
            subject,
        };
        Ok((principal, rights, granted))
    }

    async fn claims(
        &self,
        token: &SecretString,
        (rest, network): (&str, &Arc<str>),
    ) -> Result<Claims, Refusal> {
        let invalid = |why: &str| Refusal::new(Fault::Invalid, why);
        let away = |trouble: Trouble| {
            tracing::warn!(issuer = self.settings.issuer, %trouble, "a token could not be checked");
            let why = "the issuer of tokens cannot be asked; try again later";
            Refusal::new(Fault::Unavailable, why)
        };
        let place = &self.settings.place;
        let (whole, view) = (place.url(), place.own_view(rest));
        let mut audiences = vec![whole.as_str()];
        audiences.extend(self.settings.audiences.iter().map(String::as_str));
        let expected = |from_issuer| Expected {
            issuer: &self.settings.issuer,
            audiences: &audiences,
            view: view.as_deref(),
            now: self.clock.seconds(),
            from_issuer,
        };
        match &self.checks {
            Checks::Keys(keys) => {
                let token = jws::read(token.expose_secret()).map_err(invalid)?;
                // Before the keys: a token of somebody else is no reason to ask for them.
                if token.claims.get("iss").and_then(Value::as_str)
                    != Some(self.settings.issuer.as_str())
                {
                    return Err(invalid("the token is of another issuer"));
                }
                let fitting = keys.fitting(&token).await.map_err(away)?;
                if fitting.is_empty() {
                    return Err(invalid(
                        "the token is signed with a key that its issuer does not have",
                    ));
                }
                if fitting.len() > MOST_TRIED {
                    return Err(invalid(
                        "the token does not say which of its issuer's keys signed it (kid)",
                    ));
                }
                if !fitting.iter().any(|key| key.signed(&token)) {
                    return Err(invalid("the signature of the token does not hold"));
                }
                check(&token.claims, expected(false)).map_err(invalid)
            }
            Checks::Asked(introspection) => {
                // What can be seen to be of no use is no reason to ask.
                if let Ok(read) = jws::read(token.expose_secret()) {
                    ended(&read.claims, expected(true)).map_err(invalid)?;
                }
                let claims = introspection.claims(token, network);
                match claims.await.map_err(away)? {
                    Some(claims) => check(&claims, expected(true)).map_err(invalid),
                    None => Err(invalid("the issuer says that the token does not hold")),
                }
            }
        }
    }

    /// Issuer, subject and client, each told from the next whatever stands in it.
    fn name(&self, claims: &Claims) -> Arc<str> {
        let plain = |name: &Option<String>| {
            let name = name.as_deref().unwrap_or_default();
            utf8_percent_encode(name, PLAIN).to_string()
        };
        let (subject, client) = (plain(&claims.subject), plain(&claims.client));
        Arc::from(format!("oauth:{}|{subject}|{client}", self.settings.issuer))
    }

    /// The credential of the service for a call, where tokens are exchanged for it. One that could not be had is
    /// said to whoever calls something that needs it.
    pub(crate) async fn credentials(
        &self,
        caller: &Arc<str>,
        granted: &Granted,
    ) -> Option<Arc<Credentials>> {
        let exchanged = self.exchanged.as_ref()?;
        let (subject, end) = granted.subject.as_ref()?;
        let left = Duration::from_secs(end.saturating_sub(self.clock.seconds()));
        let token = exchanged.token(caller, (subject, left));
        let credentials = match token.await {
            Ok(token) => Credentials::given(self.api, &|scheme| {
                let takes = matches!(
                    scheme.kind,
                    SchemeKind::Bearer
                        | SchemeKind::OAuth2 { .. }
                        | SchemeKind::OpenIdConnect { .. }
                );
                takes.then(|| Given::token(token.expose_secret()))
            }),
            Err(why) => Err(why),
        };
        Some(Arc::new(credentials.unwrap_or_else(|why| {
            tracing::warn!(why, "no token of the service for a caller");
            Credentials::refused(why)
        })))
    }

    /// Scopes that allow some tools, of all that there are.
    pub(crate) fn cover(&self, needed: &[Needed<'_>], all: &[Needed<'_>]) -> Vec<String> {
        let offered = self.offered.get();
        offered.map_or_else(Vec::new, |offered| offered.cover(needed, all))
    }

    /// What a client is told that may not go on, about the view whose path is `/mcp` and `rest`.
    pub(crate) fn challenge(&self, rest: &str, refused: &Refusal, scopes: &[String]) -> String {
        let error = refused
            .fault
            .error()
            .map(|error| (error, refused.why.as_str()));
        self.settings
            .place
            .challenge(rest, self.api.name, scopes, error)
    }

    /// The view whose metadata a path asks for.
    pub(crate) fn asked<'p>(&self, path: &'p str) -> Option<&'p str> {
        self.settings.place.asked(path)
    }

    /// The metadata of a view.
    pub(crate) fn metadata(&self, rest: &str, scopes: &[String]) -> Value {
        let issuer = &self.settings.issuer;
        self.settings
            .place
            .metadata(rest, issuer, scopes, self.api.title)
    }
}
