//! The one way out: requests to the service, with its credential, limits and deadlines.
//!
//! Everything that a client library does unasked is off: redirects (they would carry credentials to
//! another host), retries, cookies, `Referer`, proxies from the environment.

mod addresses;
mod attempts;
mod base;
mod body_key;
mod budget;
mod call_key;
mod callers_own;
mod charset;
mod coding;
mod credentials;
mod disposition;
mod error;
mod files;
mod mask;
mod oauth;
mod payload;
mod reply;
mod settings;
mod sketch;
mod tls;

use std::sync::Arc;
use std::time::Duration;

use secrecy::ExposeSecret as _;
use tokio::sync::OnceCell;
use tokio::time::Instant;

pub(crate) use attempts::Sent;
pub use base::BaseUrl;
#[cfg(any(feature = "connect", feature = "otel"))]
pub(crate) use base::is_loopback;
pub(crate) use callers_own::{of_the_call as callers_own, with as with_callers_own};
#[cfg(feature = "http")]
pub(crate) use credentials::Given;
pub(crate) use credentials::read as read_secret;
pub use credentials::{Credential, Credentials};
pub use error::{ConfigError, Failure};
pub(crate) use error::{chain, seconds};
pub use files::Files;
pub(crate) use files::with_paths;
#[cfg(feature = "http")]
pub(crate) use mask::text as masked;
pub use oauth::OAuth;
#[cfg(feature = "http")]
pub(crate) use oauth::{
    ClientAuth, ClientIdentity, Granted, Issuers, endpoint as issuer_endpoint, is_trustworthy,
};
pub use reply::Reply;
pub(crate) use settings::MOST_SECONDS;
pub use settings::Settings;
pub use tls::Tls;

use crate::clock::Clock;
use crate::operation::OperationDef;
use crate::request::Request;
use crate::retry::{Accounts, Random};
use crate::state::{Memory, State};
use budget::Budget;
use credentials::Applied;
use mask::Masks;
use oauth::{Token, Tokens};

/// The service that an API's operations are sent to.
#[derive(Debug)]
pub struct Upstream {
    settings: Settings,
    user_agent: String,
    client: OnceCell<reqwest::Client>,
    budget: Budget,
    tokens: Option<Arc<Tokens>>,
    accounts: Accounts,
    random: Random,
    clock: Clock,
    state: Arc<dyn State>,
}

impl Upstream {
    /// A service as the operator configured it. Nothing is opened or read before the first request.
    #[must_use]
    pub fn new(settings: Settings, name: &str, version: &str) -> Self {
        let version: String = version
            .chars()
            .filter(|c| c.is_ascii_alphanumeric() || *c == '.')
            .collect();
        let user_agent = format!("{name}/{version} mcpwright/{}", env!("CARGO_PKG_VERSION"));
        let budget = Budget::of_at_least(settings.max_response_bytes);
        let tokens = settings
            .oauth
            .clone()
            .map(|oauth| Arc::new(Tokens::new(oauth)));
        Self {
            settings,
            tokens,
            user_agent,
            client: OnceCell::new(),
            budget,
            accounts: Accounts::default(),
            random: Random::of_this_process(),
            clock: Clock::default(),
            state: Arc::new(Memory::default()),
        }
    }

    /// The same with a state that others have, too.
    pub(crate) fn sharing(self, state: Arc<dyn State>) -> Self {
        Self { state, ..self }
    }

    /// What the operator configured.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Sends a request and reads the answer. It is sent again where that can do no harm (ADR 0039), and once
    /// more if the service refused an access token (401, so nothing was done) and another one could be
    /// obtained.
    ///
    /// # Errors
    /// When there is no credential, no answer in time, or an answer that cannot be used. An answer with
    /// an error status is no error here, unless an earlier attempt may have been carried out.
    pub async fn send(&self, operation: &OperationDef, request: Request) -> Result<Reply, Failure> {
        self.carry(operation, request, &mut || {}).await.answer
    }

    /// Gives a request the key that tells its call from others, where the operation has one, before it is
    /// announced and sent.
    ///
    /// # Errors
    /// When there are no random numbers.
    pub(crate) fn name(
        operation: &OperationDef,
        request: &mut Request,
    ) -> Result<Option<String>, Failure> {
        call_key::add(operation, request)
    }

    /// The request as it goes out, but for an access token.
    async fn assemble(
        &self,
        operation: &OperationDef,
        mut request: Request,
    ) -> Result<(Applied, reqwest::Request), Failure> {
        let own = callers_own();
        let credentials = own.as_deref().unwrap_or(&self.settings.credentials);
        let applied = credentials.choose(operation)?;
        applied.refuse_doubles(&request)?;
        call_key::add(operation, &mut request)?;
        body_key::add(operation.body.as_ref(), &mut request, &applied.body);
        let url = self
            .settings
            .base_url(operation)?
            .join(operation, &request, &applied.query)?;
        let request = self.prepare(operation, request, &applied, url).await?;
        Ok((applied, request))
    }

    /// What is left of the call's time.
    fn left(&self, begin: Instant) -> Duration {
        self.settings.timeout.saturating_sub(begin.elapsed())
    }

    async fn token(&self, begin: Instant, refused: Option<&Token>) -> Result<Token, Failure> {
        let Some(tokens) = &self.tokens else {
            return Err(Failure::NoToken("none is configured".to_owned()));
        };
        let client = self.client().await?;
        tokio::time::timeout(self.left(begin), tokens.token(client, refused))
            .await
            .unwrap_or_else(|_| {
                Err(Failure::NoToken(format!(
                    "none was issued within {} s",
                    self.settings.timeout.as_secs_f64()
                )))
            })
    }

    /// One request on the wire, within the time of an attempt and what is left of the call's.
    async fn exchange(
        &self,
        begin: Instant,
        request: reqwest::Request,
        applied: &Applied,
    ) -> Result<Reply, Failure> {
        let client = self.client().await?;
        let (left, try_time) = (self.left(begin), self.settings.retries.try_time);
        let (limit, shown) = if left < try_time {
            (left, self.settings.timeout)
        } else {
            (try_time, try_time)
        };
        let exchanged = tokio::time::timeout(limit, async {
            let response = client
                .execute(request)
                .await
                .map_err(Failure::from_reqwest)?;
            Reply::read(response, self.settings.max_response_bytes, &self.budget).await
        });
        let mut reply = exchanged.await.unwrap_or(Err(Failure::Timeout(shown)))?;
        let proxy = self.settings.proxy_secrets();
        let secrets = applied.secrets.iter().chain(&proxy);
        let masks = if reply.is_success() {
            Masks::of_records(secrets)
        } else {
            Masks::of_errors(secrets)
        };
        masks.payload(&mut reply.payload);
        Ok(reply)
    }

    /// The request with all fields but an access token's.
    async fn prepare(
        &self,
        operation: &OperationDef,
        request: Request,
        applied: &Applied,
        url: reqwest::Url,
    ) -> Result<reqwest::Request, Failure> {
        let client = self.client().await?;
        let method = reqwest::Method::from_bytes(request.method.as_bytes())
            .map_err(|_| Failure::Unsendable("the HTTP method is not valid".to_owned()))?;
        let accept = if operation.accept.is_empty() {
            "*/*".to_owned()
        } else {
            operation.accept.join(", ")
        };
        let mut builder = client
            .request(method, url)
            .header(reqwest::header::ACCEPT, accept)
            .header(reqwest::header::ACCEPT_ENCODING, coding::ACCEPTED);
        for (name, value) in &request.headers {
            builder = builder.header(name, value);
        }
        if says_that_nothing_follows(&request) {
            builder = builder.header(reqwest::header::CONTENT_LENGTH, 0);
        }
        let mut cookies = request.cookies;
        cookies.extend(
            applied
                .cookies
                .iter()
                .map(|pair| pair.expose_secret().to_owned()),
        );
        if !cookies.is_empty() {
            builder = builder.header(reqwest::header::COOKIE, sensitive(&cookies.join("; "))?);
        }
        for (name, value) in &applied.headers {
            builder = builder.header(*name, sensitive(value.expose_secret())?);
        }
        if let Some(body) = request.body {
            builder = builder
                .header(reqwest::header::CONTENT_TYPE, body.content_type)
                .body(body.bytes);
        }
        builder.build().map_err(Failure::from_reqwest)
    }

    async fn client(&self) -> Result<&reqwest::Client, Failure> {
        self.client.get_or_try_init(|| async { self.build() }).await
    }

    fn build(&self) -> Result<reqwest::Client, Failure> {
        // Another provider may be installed already; any that verifies certificates will do.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = reqwest::Client::builder()
            .user_agent(&self.user_agent)
            .connect_timeout(self.settings.retries.connect_time)
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .retry(reqwest::retry::never())
            .no_proxy()
            .dns_resolver(self.settings.addresses());
        if let Some(proxy) = &self.settings.proxy {
            builder = builder.proxy(
                reqwest::Proxy::all(proxy.expose_secret())
                    .map_err(|_| Failure::Unsendable("the proxy's URL is not valid".to_owned()))?,
            );
        }
        let oauth = self.settings.oauth.as_ref();
        let mut bases = self.settings.other_base_urls.values();
        let proxy = self.settings.proxy.as_ref();
        if self.settings.base_url.is_https()
            || proxy.is_some_and(|proxy| is_https(proxy.expose_secret()))
            || bases.any(BaseUrl::is_https)
            || oauth.is_some_and(|oauth| oauth.is_https())
        {
            builder = self.settings.tls.apply(builder);
        } else {
            // No certificate is ever needed, and none need be installed.
            builder = builder.tls_certs_only([]);
        }
        builder.build().map_err(|error| {
            Failure::Unsendable(format!("TLS cannot be set up: {}", chain(&error)))
        })
    }
}

fn is_https(url: &str) -> bool {
    reqwest::Url::parse(url).is_ok_and(|url| url.scheme() == "https")
}

/// Whether a request without content has to say so, which the client library does not: where the method
/// anticipates content (RFC 9110 §8.6), since some front ends answer 411 (Length Required) or wait, and
/// where a media type announces content that has no bytes.
fn says_that_nothing_follows(request: &Request) -> bool {
    match &request.body {
        Some(body) => body.bytes.is_empty(),
        None => matches!(request.method, "POST" | "PUT" | "PATCH" | "QUERY"),
    }
}

fn authorize(request: &mut reqwest::Request, token: &Token) -> Result<(), Failure> {
    let value = sensitive(&format!("Bearer {}", token.value.expose_secret()))?;
    request
        .headers_mut()
        .insert(reqwest::header::AUTHORIZATION, value);
    Ok(())
}

fn sensitive(text: &str) -> Result<reqwest::header::HeaderValue, Failure> {
    let mut value = reqwest::header::HeaderValue::from_str(text).map_err(|_| {
        Failure::Unsendable("a credential holds characters that no header can carry".to_owned())
    })?;
    value.set_sensitive(true);
    Ok(value)
}
