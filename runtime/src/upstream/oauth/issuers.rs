//! The way to issuers of what callers bring along, as the operator names them: with the rules of the way to the
//! service, and without its client certificate.

use std::time::Duration;

use secrecy::ExposeSecret as _;
use url::Url;

use super::super::addresses::Addresses;
use super::super::base::is_loopback;
use super::super::error::{ConfigError, Failure};
use super::super::settings::proxy;
use super::super::tls::Tls;
use super::settings::{ClientAuth, ClientIdentity};
use super::{TIMEOUT, read};
use crate::operation::Api;

/// Time to connect.
const CONNECT: Duration = Duration::from_secs(3);

/// What asks issuers.
#[derive(Debug, Clone)]
pub(crate) struct Issuers(reqwest::Client);

impl Issuers {
    /// Reads what of the configuration concerns all connections. `https`: whether there is any for which a
    /// certificate has to be checked.
    ///
    /// # Errors
    /// One line that names the variable.
    pub(crate) fn new(
        api: &Api,
        https: bool,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        let prefix = api.env_prefix;
        let name = |suffix: &str| format!("{prefix}_{suffix}");
        let get = |suffix: &str| variable(&name(suffix)).filter(|text| !text.trim().is_empty());
        let is_on = |suffix: &str| matches!(get(suffix).as_deref(), Some("1" | "true"));
        let proxy = proxy((get("PROXY"), name("PROXY")))?;
        let free = proxy.as_ref().map(|url| url.expose_secret());
        let addresses = Addresses::new(prefix, is_on("ALLOW_PRIVATE"), free);
        // Another provider may be installed already; any that verifies certificates will do.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = reqwest::Client::builder()
            .user_agent(format!(
                "{} mcpwright/{}",
                api.name,
                env!("CARGO_PKG_VERSION")
            ))
            .connect_timeout(CONNECT)
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .retry(reqwest::retry::never())
            .no_proxy()
            .dns_resolver(addresses);
        let wrong = |why: String| ConfigError(why);
        if let Some(proxy) = &proxy {
            let proxy = reqwest::Proxy::all(proxy.expose_secret());
            let unusable = |_| wrong(format!("{} is not the URL of a proxy", name("PROXY")));
            builder = builder.proxy(proxy.map_err(unusable)?);
        }
        if https {
            builder = Tls::read(prefix, variable)?
                .without_identity()
                .apply(builder);
        } else {
            builder = builder.tls_certs_only([]);
        }
        let client = builder.build().map_err(|error| {
            let why = super::super::error::chain(&error);
            wrong(format!("TLS cannot be set up: {why}"))
        })?;
        Ok(Self(client))
    }

    /// Status and body of what stands at an address.
    ///
    /// # Errors
    /// Why there is no answer.
    pub(crate) async fn get(&self, url: &Url) -> Result<(u16, Vec<u8>), String> {
        let request = self.0.get(url.clone());
        Self::answer(request, url).await
    }

    /// Status and body of the answer to a form, sent as a client of the issuer (RFC 6749 §2.3.1).
    ///
    /// # Errors
    /// Why there is no answer.
    pub(crate) async fn post(
        &self,
        url: &Url,
        client: &ClientIdentity,
        pairs: &[(&str, &str)],
    ) -> Result<(u16, Vec<u8>), String> {
        Self::answer(self.form(url, client, pairs)?, url).await
    }

    fn form(
        &self,
        url: &Url,
        client: &ClientIdentity,
        pairs: &[(&str, &str)],
    ) -> Result<reqwest::RequestBuilder, String> {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(pairs);
        let kind = "application/x-www-form-urlencoded";
        let mut request = self.0.post(url.clone());
        request = request.header(reqwest::header::CONTENT_TYPE, kind);
        match (&client.secret, client.auth) {
            (Some(secret), ClientAuth::Basic) => {
                let value = client.basic(secret);
                let value = super::super::sensitive(value.expose_secret());
                let value = value.map_err(|failure| failure.to_string())?;
                request = request.header(reqwest::header::AUTHORIZATION, value);
            }
            (Some(secret), ClientAuth::Post) => {
                form.append_pair("client_id", &client.id);
                form.append_pair("client_secret", secret.expose_secret());
            }
            (None, _) => {
                form.append_pair("client_id", &client.id);
            }
        }
        Ok(request.body(form.finish()))
    }

    async fn answer(request: reqwest::RequestBuilder, url: &Url) -> Result<(u16, Vec<u8>), String> {
        let request = request.header(reqwest::header::ACCEPT, "application/json");
        match tokio::time::timeout(TIMEOUT, read(request, url)).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(Failure::NoToken(why))) => Err(why),
            Ok(Err(failure)) => Err(failure.to_string()),
            Err(_) => Err(format!(
                "{} did not answer within {} s",
                url.host_str().unwrap_or_default(),
                TIMEOUT.as_secs()
            )),
        }
    }
}

/// Reads the URL of an issuer's endpoint, which may receive secrets or says what keys are believed.
///
/// # Errors
/// One line that names the variable.
pub(crate) fn endpoint(variable: &str, text: &str, allow_http: bool) -> Result<Url, ConfigError> {
    super::settings::url(variable, text, allow_http)
}

/// Whether what is read from an address can be believed: nobody else can have answered.
pub(crate) fn is_trustworthy(url: &Url, allow_http: bool) -> bool {
    url.scheme() == "https" || url.scheme() == "http" && (allow_http || is_loopback(url))
}
