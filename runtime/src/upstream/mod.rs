//! The one way out: requests to the service, with its credential, limits and deadlines.
//!
//! Everything that a client library does unasked is off: redirects (they would carry credentials to
//! another host), retries, cookies, `Referer`, proxies from the environment.

mod base;
mod budget;
mod charset;
mod coding;
mod credentials;
mod error;
mod payload;
mod reply;
mod settings;

use std::time::Duration;

use secrecy::ExposeSecret as _;
use tokio::sync::OnceCell;

pub use base::BaseUrl;
pub use credentials::{Credential, Credentials};
pub use error::{ConfigError, Failure};
pub use reply::Reply;
pub use settings::Settings;

use crate::operation::OperationDef;
use crate::request::Request;
use budget::Budget;
use credentials::Applied;

/// Time to open a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// The service that an API's operations are sent to.
#[derive(Debug)]
pub struct Upstream {
    settings: Settings,
    user_agent: String,
    client: OnceCell<reqwest::Client>,
    budget: Budget,
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
        Self {
            settings,
            user_agent,
            client: OnceCell::new(),
            budget,
        }
    }

    /// What the operator configured.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Sends a request once and reads the answer.
    ///
    /// # Errors
    /// When there is no credential, no answer in time, or an answer that cannot be used. An answer with
    /// an error status is no error here.
    pub async fn send(&self, operation: &OperationDef, request: Request) -> Result<Reply, Failure> {
        let applied = self.settings.credentials.choose(operation)?;
        applied.refuse_doubles(&request)?;
        let url = self
            .settings
            .base_url(operation)?
            .join(operation, &request, &applied.query)?;
        let deadline = self.settings.timeout;
        match tokio::time::timeout(deadline, self.exchange(operation, request, applied, url)).await
        {
            Ok(answer) => answer,
            Err(_) => Err(Failure::Timeout(deadline)),
        }
    }

    async fn exchange(
        &self,
        operation: &OperationDef,
        request: Request,
        applied: Applied,
        url: reqwest::Url,
    ) -> Result<Reply, Failure> {
        let client = self
            .client
            .get_or_try_init(|| async { self.build() })
            .await?;
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
        let response = builder.send().await.map_err(Failure::from_reqwest)?;
        Reply::read(response, self.settings.max_response_bytes, &self.budget).await
    }

    fn build(&self) -> Result<reqwest::Client, Failure> {
        // Another provider may be installed already; any that verifies certificates will do.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = reqwest::Client::builder()
            .user_agent(&self.user_agent)
            .connect_timeout(CONNECT_TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .retry(reqwest::retry::never())
            .no_proxy();
        if let Some(proxy) = &self.settings.proxy {
            builder = builder.proxy(
                reqwest::Proxy::all(proxy.expose_secret())
                    .map_err(|_| Failure::Unsendable("the proxy's URL is not valid".to_owned()))?,
            );
        }
        let bases = self.settings.other_base_urls.values();
        if !bases
            .chain([&self.settings.base_url])
            .any(BaseUrl::is_https)
        {
            // No certificate is ever needed, and none need be installed.
            builder = builder.tls_certs_only([]);
        }
        builder.build().map_err(|error| {
            Failure::Unsendable(format!("TLS cannot be set up: {}", error::chain(&error)))
        })
    }
}

fn sensitive(text: &str) -> Result<reqwest::header::HeaderValue, Failure> {
    let mut value = reqwest::header::HeaderValue::from_str(text).map_err(|_| {
        Failure::Unsendable("a credential holds characters that no header can carry".to_owned())
    })?;
    value.set_sensitive(true);
    Ok(value)
}
