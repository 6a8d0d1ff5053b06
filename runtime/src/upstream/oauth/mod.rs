//! Access tokens that this server obtains itself (RFC 6749), from an endpoint that its operator names.
//!
//! The document's `tokenUrl` is a suggestion in messages and never asked: whoever writes the document
//! would receive the client's secret.

mod answer;
mod discovery;
#[cfg(feature = "http")]
mod issuers;
mod settings;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Mutex;
use tokio::time::Instant;
use url::Url;

#[cfg(feature = "http")]
pub(crate) use answer::Granted;
#[cfg(feature = "http")]
pub(crate) use issuers::{Issuers, endpoint, is_trustworthy};
pub use settings::OAuth;
#[cfg(feature = "http")]
pub(crate) use settings::{ClientAuth, ClientIdentity};
pub(super) use settings::{is_oauth, variables};

use super::coding::Body;
use super::error::Failure;
use super::mask;
#[cfg(not(feature = "http"))]
use answer::Granted;
#[cfg(not(feature = "http"))]
use settings::ClientAuth;
use settings::{Endpoint, Grant};

/// Time for one exchange with the issuer.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Largest answer of an issuer.
const MAX_ANSWER: usize = 64 << 10;
/// How long before its end a token is no longer used, at most.
const MARGIN: Duration = Duration::from_secs(30);

/// The source of access tokens: one renewal at a time, whoever asks.
pub(super) struct Tokens {
    settings: Arc<OAuth>,
    state: Mutex<State>,
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tokens({:?})", self.settings)
    }
}

#[derive(Default)]
struct State {
    /// How many tokens there were.
    count: u64,
    current: Option<Token>,
    /// The last refresh token, where the issuer replaced the configured one (RFC 6749 §6).
    refresh: Option<SecretString>,
    /// The token endpoint, once discovered.
    endpoint: Option<Url>,
    /// When the last exchange ended without a token, and why.
    refused: Option<(Instant, Failure)>,
}

/// An access token.
#[derive(Clone)]
pub(super) struct Token {
    pub(super) value: SecretString,
    /// Which one it is, to tell a refused one from its successor.
    number: u64,
    usable_until: Option<Instant>,
    obtained: Instant,
}

impl State {
    /// The current token, if it can be used and is not the refused one.
    fn usable(&self, refused: Option<u64>) -> Option<&Token> {
        self.current.as_ref().filter(|token| {
            refused.is_none_or(|number| token.number > number)
                && token.usable_until.is_none_or(|end| Instant::now() < end)
        })
    }
}

impl Tokens {
    pub(super) fn new(settings: Arc<OAuth>) -> Self {
        Self {
            settings,
            state: Mutex::default(),
        }
    }

    /// A token, obtained if there is none that can be used. `refused` is one that the service did not
    /// accept.
    pub(super) async fn token(
        self: &Arc<Self>,
        client: &reqwest::Client,
        refused: Option<&Token>,
    ) -> Result<Token, Failure> {
        let asked = Instant::now();
        let refused = refused.map(|token| token.number);
        if let Some(token) = self.state.lock().await.usable(refused) {
            return Ok(token.clone());
        }
        // A task of its own: an exchange goes on when its caller is gone, since an issuer that replaces
        // refresh tokens has spent the old one by then.
        let (this, client) = (Arc::clone(self), client.clone());
        tokio::spawn(async move { this.renew(&client, refused, asked).await })
            .await
            .unwrap_or_else(|_| Err(Failure::NoToken("the exchange was broken off".to_owned())))
    }

    /// Whether a token was obtained for a call that began then: another one would fare no better.
    pub(super) fn is_new(token: &Token, since: Instant) -> bool {
        token.obtained >= since
    }

    async fn renew(
        &self,
        client: &reqwest::Client,
        refused: Option<u64>,
        asked: Instant,
    ) -> Result<Token, Failure> {
        let mut state = self.state.lock().await;
        if let Some(token) = state.usable(refused) {
            return Ok(token.clone());
        }
        // Calls that waited for the same exchange share its outcome.
        if let Some((at, failure)) = &state.refused
            && *at >= asked
        {
            return Err(failure.clone());
        }
        let exchanged = tokio::time::timeout(TIMEOUT, self.exchange(client, &mut state)).await;
        let exchanged = exchanged.unwrap_or_else(|_| {
            Err(Failure::NoToken(format!(
                "the issuer of tokens did not answer within {} s",
                TIMEOUT.as_secs()
            )))
        });
        match exchanged {
            Ok(granted) => {
                let now = Instant::now();
                state.count += 1;
                let token = Token {
                    value: granted.access_token,
                    number: state.count,
                    usable_until: granted.lifetime.and_then(|lifetime| {
                        now.checked_add(lifetime.saturating_sub(MARGIN.min(lifetime / 10)))
                    }),
                    obtained: now,
                };
                if granted.refresh_token.is_some()
                    && matches!(self.settings.grant, Grant::RefreshToken(_))
                {
                    state.refresh = granted.refresh_token;
                }
                state.current = Some(token.clone());
                state.refused = None;
                tracing::debug!("an access token was obtained");
                Ok(token)
            }
            Err(failure) => {
                tracing::warn!(%failure, "no access token");
                state.refused = Some((Instant::now(), failure.clone()));
                Err(failure)
            }
        }
    }

    /// One request to the token endpoint (RFC 6749 §3.2).
    async fn exchange(
        &self,
        client: &reqwest::Client,
        state: &mut State,
    ) -> Result<Granted, Failure> {
        let settings = &self.settings;
        let endpoint = match (&settings.endpoint, &state.endpoint) {
            (Endpoint::Token(url), _) | (_, Some(url)) => url.clone(),
            (Endpoint::Issuer(issuer), None) => {
                let url = discovery::token_endpoint(client, issuer).await?;
                state.endpoint = Some(url.clone());
                url
            }
        };
        let (request, secrets) = self.request(client, &endpoint, state.refresh.as_ref())?;
        let (status, body) = read(request, &endpoint).await?;
        Granted::read(status, &body).map_err(|why| {
            let host = endpoint.host_str().unwrap_or_default();
            let why = crate::text::clean(&mask::text(&why, &secrets)).into_owned();
            Failure::NoToken(format!(
                "{host} gave no access token (HTTP {status}): {}",
                crate::text::cap(&why, 300)
            ))
        })
    }

    /// The request for a token, and the secrets in it.
    fn request(
        &self,
        client: &reqwest::Client,
        endpoint: &Url,
        renewed: Option<&SecretString>,
    ) -> Result<(reqwest::RequestBuilder, Vec<SecretString>), Failure> {
        let settings = &self.settings;
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        let mut secrets = Vec::new();
        match &settings.grant {
            Grant::ClientCredentials => {
                form.append_pair("grant_type", "client_credentials");
            }
            Grant::RefreshToken(configured) => {
                let token = renewed.unwrap_or(configured);
                form.append_pair("grant_type", "refresh_token")
                    .append_pair("refresh_token", token.expose_secret());
                secrets.push(token.clone());
            }
            Grant::Password { username, password } => {
                form.append_pair("grant_type", "password")
                    .append_pair("username", username)
                    .append_pair("password", password.expose_secret());
                secrets.push(password.clone());
            }
        }
        if let Some(scopes) = &settings.scopes {
            form.append_pair("scope", scopes);
        }
        let mut request = client
            .post(endpoint.clone())
            .header(reqwest::header::ACCEPT, "application/json")
            .header(
                reqwest::header::CONTENT_TYPE,
                "application/x-www-form-urlencoded",
            );
        if let Some(identity) = &settings.client {
            secrets.extend(identity.secrets());
            match (&identity.secret, identity.auth) {
                (Some(secret), ClientAuth::Basic) => {
                    let value = identity.basic(secret);
                    request = request.header(
                        reqwest::header::AUTHORIZATION,
                        super::sensitive(value.expose_secret())?,
                    );
                }
                (Some(secret), ClientAuth::Post) => {
                    form.append_pair("client_id", &identity.id)
                        .append_pair("client_secret", secret.expose_secret());
                }
                (None, _) => {
                    form.append_pair("client_id", &identity.id);
                }
            }
        }
        Ok((request.body(form.finish()), secrets))
    }
}

/// Status and body of an issuer's answer.
async fn read(request: reqwest::RequestBuilder, url: &Url) -> Result<(u16, Vec<u8>), Failure> {
    let host = url.host_str().unwrap_or_default().to_owned();
    let unusable = |why: &dyn fmt::Display| Failure::NoToken(format!("{host}: {why}"));
    let mut response = request
        .send()
        .await
        .map_err(|error| unusable(&Failure::from_reqwest(error)))?;
    let status = response.status().as_u16();
    if (300..400).contains(&status) {
        return Err(unusable(&format!(
            "it answered with a redirect ({status}), which is not followed"
        )));
    }
    let codings: Vec<String> = response
        .headers()
        .get_all(reqwest::header::CONTENT_ENCODING)
        .iter()
        .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
        .collect();
    let mut body = Body::new(status, MAX_ANSWER, codings.iter().map(String::as_str));
    loop {
        match response.chunk().await {
            Ok(None) => break,
            Ok(Some(chunk)) => body.push(&chunk).map_err(|failure| unusable(&failure))?,
            Err(_) => return Err(unusable(&Failure::Truncated { status })),
        }
    }
    Ok((status, body.finish().map_err(|failure| unusable(&failure))?))
}
